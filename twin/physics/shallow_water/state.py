"""From what the caller gives to what the kernels take: checked, shifted, with ghost cells around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError

WALL = 1e6
"""m, bed of a solid cell; more than `flux.SOLID`."""

LEAST_OPEN = 0.01
"""1, porosity of a cell that is built up altogether and yet no wall: rain on its roofs needs some ground."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """What the kernels work on, (ny + 4, nx + 4): see `kernels_first.step`. `datum` m was taken off the bed."""

    datum: float
    bed: NDArray[np.floating]
    gn2: NDArray[np.floating]
    rain_share: NDArray[np.floating]
    porosity: NDArray[np.floating] | None
    state: tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]


def refuse(name: str, values: NDArray[np.floating], bad: NDArray[np.bool_], must: str) -> None:
    """Raise InputError when any value is bad, with how many there are and where the first one is."""
    if bad.any():
        row, column = (int(i) for i in np.argwhere(bad)[0])
        raise InputError(
            f"{name}: {np.count_nonzero(bad)} of {bad.size} values must be {must} and are not; "
            f"the first is {values[row, column]:g} at row {row} from the south, column {column} from the west"
        )


def padded(values: NDArray[Any], fill: float, kind: type[np.generic]) -> NDArray[Any]:
    """Return (ny, nx) values with two rings of `fill` around them, in the precision `kind`."""
    out = np.full((values.shape[0] + 4, values.shape[1] + 4), fill, kind)
    out[2:-2, 2:-2] = values
    return out


def spread(values: NDArray[np.floating] | float, fill: float, kind: type[np.floating]) -> NDArray[np.floating]:
    """Return (ny, nx) values with two rings around them; one row (1, nx + 4) when they are the same everywhere."""
    array = np.asarray(values)
    if array.size and (array == array.flat[0]).all():
        return np.full((1, (array.shape[1] if array.ndim == 2 else 0) + 4), array.flat[0], kind)
    return padded(array, fill, kind)


def prepare(
    bed: NDArray[np.floating],
    roughness: NDArray[np.floating],
    depth: NDArray[np.floating],
    velocity: tuple[NDArray[np.floating], NDArray[np.floating]],
    solid: NDArray[np.bool_],
    rain_share: NDArray[np.floating],
    porosity: NDArray[np.floating] | None,
    gravity: float,
    kind: type[np.floating],
) -> Arrays:
    """Return the arrays of the kernels, from (ny, nx) arrays as `engine.ShallowWater` describes them.

    Raises InputError for values that no kernel may see; what lies on a solid cell does not matter.
    """
    solid = solid | np.isnan(bed)
    free = ~solid
    if not free.any():
        raise InputError("bed: no cell is free; all are solid or without a value")
    refuse("bed", bed, free & ~(np.abs(bed) < WALL / 100), f"between -{WALL / 100:g} and {WALL / 100:g} m")
    refuse("roughness", roughness, free & ~((roughness >= 0) & (roughness < 10)), "between 0 and 10 s m-1/3")
    refuse("depth", depth, free & ~((depth >= 0) & (depth < WALL / 100)), f"between 0 and {WALL / 100:g} m")
    refuse("rain share", rain_share, free & ~((rain_share >= 0) & np.isfinite(rain_share)), "finite and not below 0")
    if porosity is not None:
        refuse("porosity", porosity, free & ~((porosity >= 0) & (porosity <= 1)), "between 0 and 1")
        least = np.where(free, np.maximum(porosity, LEAST_OPEN), 1.0)
        porosity = np.pad(least, 2, mode="edge").astype(kind)
    for name, speed in zip(("velocity east", "velocity north"), velocity, strict=True):
        refuse(name, speed, free & ~(np.abs(speed) < 1e3), "between -1000 and 1000 m s-1")
    datum = float(np.floor(bed[free].min()))
    wet = free & (depth > 0)
    return Arrays(
        datum=datum,
        bed=padded(np.where(solid, WALL, bed - datum), WALL, kind),
        gn2=spread(np.where(solid, roughness[free][0], roughness) ** 2 * gravity, 0.0, kind),
        rain_share=spread(np.where(solid, 0.0, rain_share), 0.0, kind),
        porosity=porosity,
        state=(
            padded(np.where(free, depth, 0.0), 0.0, kind),
            padded(np.where(wet, velocity[0], 0.0), 0.0, kind),
            padded(np.where(wet, velocity[1], 0.0), 0.0, kind),
        ),
    )
