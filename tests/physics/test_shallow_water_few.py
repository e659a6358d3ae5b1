"""The loops over few cells against the same in plain NumPy, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from twin.physics.shallow_water import few, reference
from twin.physics.shallow_water.edges import SIDES
from twin.physics.shallow_water.flux import SOLID
from twin.physics.shallow_water.state import WALL

NY, NX = 9, 13
KINDS = pytest.mark.parametrize("kind", [np.float32, np.float64])


def state(rng: np.random.Generator, kind: type[np.floating]) -> list[np.ndarray]:
    depth = np.where(rng.random((NY + 4, NX + 4)) < 0.3, 0.0, rng.random((NY + 4, NX + 4)))
    return [depth.astype(kind), *(rng.normal(0, 1, depth.shape).astype(kind) for _ in range(2))]


@KINDS
def test_what_is_put_into_cells_and_taken_out_is_what_the_plain_form_says(kind: type[np.floating]) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        here, lost = state(rng, kind), (rng.normal(0, 1e-9, (NY + 4, NX + 4))).astype(kind)
        there, kept = [array.copy() for array in here], lost.copy()
        flat = rng.permutation(NY * NX)[: rng.integers(0, 30)]
        cells = np.divmod(flat, NX)
        volume, area = rng.normal(0, 2, len(flat)), rng.uniform(1, 4, len(flat))
        gained = np.full(len(flat), np.nan)
        few.put(tuple(here), lost, cells, volume, area, gained)
        assert float(gained.sum()) == reference.put(tuple(there), kept, cells, volume, area)
        for one, other in zip([*here, lost], [*there, kept], strict=True):
            np.testing.assert_array_equal(one, other)


@KINDS
@pytest.mark.parametrize("side", SIDES)
def test_the_ghosts_of_an_open_side_are_what_the_plain_form_says(side: str, kind: type[np.floating]) -> None:
    upright, far = side in ("west", "east"), side in ("east", "north")
    for seed in range(10):
        rng = np.random.default_rng(seed)
        here, bed = state(rng, kind), rng.random((NY + 4, NX + 4)).astype(kind)
        outside = np.where(rng.random((2, NY + 4 if upright else NX + 4)) < 0.2, WALL, 1.0).astype(kind)
        there, ground = [array.copy() for array in here], bed.copy()
        few.open_side(tuple(here), bed, outside, upright, far, (WALL, SOLID))
        reference.open_side(tuple(there), ground, outside, side, WALL)
        assert (bed == WALL).any()
        assert not np.array_equal(there[1], state(np.random.default_rng(seed), kind)[1])
        for one, other in zip([*here, bed], [*there, ground], strict=True):
            np.testing.assert_array_equal(one, other)
