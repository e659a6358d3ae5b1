"""The flow knows no compass: mirrored and turned water moves as the water it was made from.

Not to the last bit: a cell adds what its four sides bring in a fixed order, and the compiler may reorder sums.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from twin.model.scenario import Series
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.engine import ShallowWater

Grid = NDArray[np.float64]

TURN = {"west": "south", "south": "east", "east": "north", "north": "west"}
"""Side -> the side it is after a quarter turn to the left of an array whose row 0 is south."""

MIRROR_X = {"west": "east", "east": "west", "south": "south", "north": "north"}
MIRROR_Y = {"west": "west", "east": "east", "south": "north", "north": "south"}

TOLERANCE = {"float32": (1e-5, 4e-5), "float64": (1e-13, 1e-13)}
"""m of depth, m s-1 of velocity; some twenty units in the last place of what flows here."""


def place() -> dict[str, Grid]:
    """Return ground with a hill, a hollow, walls and moving water, none of it symmetric."""
    ny, nx = 48, 70
    rng = np.random.default_rng(11)
    y, x = np.mgrid[:ny, :nx] * 2.0
    bed = 0.01 * x + 2 * np.exp(-((x - 60) ** 2 + (y - 30) ** 2) / 300) + 0.05 * rng.random((ny, nx))
    depth = np.where(x + 0.5 * y < 60, 1.5, 0.0)
    solid = np.zeros((ny, nx), bool)
    solid[10:16, 20:29] = True
    return {
        "bed": bed,
        "depth": np.where(solid, 0.0, depth),
        "east": np.where(depth > 0, 0.3, 0.0) * ~solid,
        "north": np.where(depth > 0, -0.2, 0.0) * ~solid,
        "solid": solid,
        "roughness": rng.uniform(0.02, 0.06, (ny, nx)),
    }


def run(fields: dict[str, Grid], sides: dict[str, str], order: int, precision: str) -> tuple[Grid, Grid, Grid]:
    """Return depth and velocity after 20 s of flow and rain; `sides` says where each side of the place lies now."""
    edges = {
        "west": Edge("discharge", Series((0.0, 20.0), (0.1, 1.0))),
        "east": Edge("open"),
        "south": Edge("level", Series((0.0, 20.0), (1.0, 2.0))),
        "north": Edge(),
    }
    water = ShallowWater(
        fields["bed"],
        2.0,
        roughness=fields["roughness"],
        depth=fields["depth"],
        velocity=(fields["east"], fields["north"]),
        solid=fields["solid"].astype(bool),
        edges={sides[side]: edge for side, edge in edges.items()},
        order=order,
        precision=precision,
    )
    water.rain = Series((0.0,), (2e-5,))
    water.advance(20.0)
    inner = np.s_[2:-2, 2:-2]
    h, u, v = (a[inner].astype(np.float64) for a in water.water.now)
    return h, u, v


def mirrored_x(f: dict[str, Grid]) -> dict[str, Grid]:
    out = {name: a[:, ::-1].copy() for name, a in f.items()}
    return out | {"east": -out["east"]}


def mirrored_y(f: dict[str, Grid]) -> dict[str, Grid]:
    out = {name: a[::-1].copy() for name, a in f.items()}
    return out | {"north": -out["north"]}


def turned(f: dict[str, Grid]) -> dict[str, Grid]:
    """A quarter turn to the left: what lay east lies north, what moved east moves north."""
    out = {name: a.T[:, ::-1].copy() for name, a in f.items()}
    return out | {"east": -out["north"], "north": out["east"]}


CASES = {
    "mirrored in x": (mirrored_x, MIRROR_X),
    "mirrored in y": (mirrored_y, MIRROR_Y),
    "turned by 90 degrees": (turned, TURN),
    "turned by 180 degrees": (lambda f: turned(turned(f)), {side: TURN[TURN[side]] for side in TURN}),
}


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("case", CASES)
def test_water_moves_alike(case: str, order: int, precision: str) -> None:
    change, sides = CASES[case]
    names = ("depth", "east", "north")
    plain = dict(zip(names, run(place(), {side: side for side in TURN}, order, precision), strict=True))
    assert plain["depth"].std() > 0.2  # it has not run out
    assert np.abs(plain["north"]).max() > 0.5
    found = dict(zip(names, run(change(place()), sides, order, precision), strict=True))
    wanted = change(plain)
    for name, allowed in zip(names, (0, 1, 1), strict=True):
        np.testing.assert_allclose(found[name], wanted[name], rtol=0, atol=TOLERANCE[precision][allowed])
