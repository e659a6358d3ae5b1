"""Two runs side by side: what changes from the first to the second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import UnitsError, UsageError
from twin.impact import DEFAULT
from twin.model.field import Grid
from twin.runs.consequences.assess import AFFECTED, assess
from twin.runs.consequences.fire_compare import fates_differ, fire_differences
from twin.runs.frames.store import Frames, open_frames

if TYPE_CHECKING:
    from twin.store import City

PARTS = ("max_depth", "fire_arrival")
"""Summaries by which runs are compared, those that both have."""
FIGURES = ("buildings_affected", "damage_krw", "people_exposed", "half_basements_wet")
"""Sums of an assessment that are laid side by side."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What changes from the first run to the second.

    grid        cells both runs have
    difference  (ny, nx) what the second has more than the first, row 0 south: of floods the greatest depth in m, of
                fires the time in s at which the fire arrives, where it never does the end of the longer run; of runs
                with both the depth
    facts       the figures, as `as_dict` returns them
    of          what `difference` is of: "max_depth" or "fire_arrival"
    """

    grid: Grid
    difference: NDArray[np.float32]
    facts: Mapping[str, Any] = field(repr=False)
    of: str = "max_depth"

    def as_dict(self) -> dict[str, Any]:
        """Return all figures as JSON can hold them."""
        return dict(self.facts)


def compare(city: City, first: str, second: str, curve: str = DEFAULT) -> Comparison:
    """Return what changes from one run to another; two times the same run is exactly 0 everywhere.

    first, second  ids of runs, or unique beginnings
    curve          a name of `impact.CURVES`, for floods

    Raises MissingError (no such run), UnitsError (the grids do not lie on each other) and UsageError (no overlap, or
    one is of a flood and the other of a fire).
    """
    a, b = (city.runs.get(i) for i in (first, second))
    one, two = open_frames(city, a.id), open_frames(city, b.id)
    common = [name for name in PARTS if all(name in frames.summaries for frames in (one, two))]
    if not common:
        raise UsageError(
            f"run {a.id} ({a.hazard}, {a.status}) and run {b.id} ({b.hazard}, {b.status}) have nothing to compare: "
            f"neither {' nor '.join(PARTS)} in both"
        )
    grid, rows_one, rows_two = _common(one, two)
    impacts = [assess(city, run.id, curve).as_dict() for run in (a, b)]
    facts: dict[str, Any] = {
        "first": a.id,
        "second": b.id,
        "first_title": a.title,
        "second_title": b.title,
        "same_city": a.snapshot == b.snapshot,
        "cells": grid.nx * grid.ny,
        "compared": common,
        "curve": impacts[0]["curve"],
    }
    fields: list[NDArray[np.float32]] = []
    for name in common:
        end = max(one.times[-1], two.times[-1]) if one.times and two.times else 0.0
        values = one.summary(name)[rows_one], two.summary(name)[rows_two]
        made, found = _depths(*values, grid) if name == "max_depth" else fire_differences(*values, grid, end)
        fields.append(made)
        facts |= found
    facts |= _figures(impacts)
    if "max_depth" in common:
        affected = [{x["id"] for x in impact["buildings"]} for impact in impacts]
        facts["buildings_spared"] = sorted(affected[0] - affected[1])
        facts["buildings_newly_affected"] = sorted(affected[1] - affected[0])
    if "fire_arrival" in common:
        facts |= fates_differ(*(impact.get("fire", impact) for impact in impacts))
    return Comparison(grid, fields[0], facts, common[0])


def _figures(impacts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the sums of both runs and their differences, those that both have."""
    facts: dict[str, Any] = {}
    for name in FIGURES:
        if all(name in impact for impact in impacts):
            facts |= {f"{name}_first": impacts[0][name], f"{name}_second": impacts[1][name]}
            facts[f"{name}_difference"] = impacts[1][name] - impacts[0][name]
    return facts


def _depths(
    deep_one: NDArray[np.float32], deep_two: NDArray[np.float32], grid: Grid
) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """Return the greatest depth of the second less that of the first, (ny, nx) m, and figures of it."""
    difference = (deep_two - deep_one).astype(np.float32)
    area = grid.cell**2
    wet = [float(np.count_nonzero(d >= AFFECTED)) * area for d in (deep_one, deep_two)]
    return difference, {
        "max_depth_difference_m": float(np.abs(difference).max()),
        "mean_depth_difference_m": float(difference.mean(dtype=np.float64)),
        "deepest_rise_m": max(0.0, float(difference.max())),
        "deepest_fall_m": max(0.0, -float(difference.min())),
        "flooded_from_m": AFFECTED,
        "flooded_m2_first": wet[0],
        "flooded_m2_second": wet[1],
        "flooded_m2_difference": wet[1] - wet[0],
        "volume_m3_difference": float(difference.sum(dtype=np.float64)) * area,
    }


def _common(one: Frames, two: Frames) -> tuple[Grid, tuple[slice, slice], tuple[slice, slice]]:
    """Return the grid both share and where it lies in each."""
    a, b = one.grid, two.grid
    shift = np.array([(b.west - a.west) / a.cell, (b.south - a.south) / a.cell])
    if a.crs != b.crs or a.cell != b.cell or np.abs(shift - np.round(shift)).max() > 1e-6:
        raise UnitsError(
            f"the runs lie on different grids (cells of {a.cell:g} and {b.cell:g} m); "
            "simulate both with the same cell_m and area"
        )
    west, south = np.maximum(np.round(shift), 0).astype(int)
    col, row = np.round(shift).astype(int)
    nx, ny = min(a.nx, col + b.nx) - west, min(a.ny, row + b.ny) - south
    if nx < 1 or ny < 1:
        raise UsageError("the areas of the two runs do not overlap")
    grid = Grid(a.crs, a.west + west * a.cell, a.south + south * a.cell, a.cell, int(nx), int(ny))
    in_one = slice(south, south + ny), slice(west, west + nx)
    in_two = slice(south - row, south - row + ny), slice(west - col, west - col + nx)
    return grid, in_one, in_two
