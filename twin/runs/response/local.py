"""A member of a forecast run again around what is done to the hazard, with it and without it.

Only a window around the places of the actions is run, twice, between waters that are those of the member's own
forecast; what differs in it is put onto the forecast. Where something still differs at the rim the window was too
small: it is doubled, up to the whole grid, which is then run once. Things outside keep the member's values exactly.

Not seen: what an underpass with one entrance inside and one outside carries over the rim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.hazards import Confined, make
from twin.model.run import Frame
from twin.runs.response.ahead import KEPT, look_ahead, looks
from twin.runs.response.courses import Layout, Moment, moment_of

if TYPE_CHECKING:
    from twin.hazards import Hazard
    from twin.model.action import Action
    from twin.model.field import Bounds, Grid
    from twin.runs.response.forecast import Branch

Box = tuple[int, int, int, int]
"""Rows from .. to, columns from .. to, the second of each excluded."""

REACH = 400.0
"""m from the places of the actions to the rim of the first window (design)."""
CALM = 0.01
"""m of water by which the two runs may differ at the rim (design)."""
RIM = 3
"""Cells along the rim that are looked at: the water around them is given, so that they differ less than they should."""
MOST = 0.25
"""Share of the grid from which on two runs of a window are hardly less work than one of the whole."""
BELOW = "underpass_depth"


@dataclass(frozen=True, slots=True, eq=False)
class Again:
    """A member that was run again.

    moments  at the looks;   frames  of it, from which a part can be run again once more; see `forecast.Branch`
    refused  what the hazard says of actions that it does not take
    area     west, south, east, north in m of what was run
    """

    moments: list[Moment]
    frames: tuple[Frame, ...]
    refused: list[str]
    area: Bounds


def again(
    branch: Branch,
    frames: tuple[Frame, ...],
    layout: Layout,
    acts: tuple[Sequence[Action], Sequence[Action]],
    now: float,
    until: float,
) -> Again:
    """Return a member run anew from `now` to `until` s with other actions on the hazard.

    frames  of the member with the actions it has
    acts    the actions it has, and those that it is to have
    """
    grid, reach = layout.grid, REACH
    places = places_of([act for one, other in (acts, acts[::-1]) for act in one if act not in other])
    refused: list[str] = []
    while frames and places is not None:
        box = box_around(grid, places, reach)
        if box is None or (box[1] - box[0]) * (box[3] - box[2]) > MOST * grid.nx * grid.ny:
            break
        pair = _begun(branch), _begun(branch)
        if not all(isinstance(hazard, Confined) and hazard.confine(box, frames) for hazard in pair):
            break
        found = _run_within(pair, branch, frames, acts, box, wholly_inside(layout, box), refused)
        if refused:
            return Again([], (), refused, bounds_of(grid, box))
        if found is not None:
            return Again(_moments(layout, found), tuple(found), [], bounds_of(grid, box))
        reach *= 2
    ahead = look_ahead(
        _begun(branch), now, until, [*branch.coming, *acts[1]], kept=KEPT if frames else 1, refused=refused
    )
    found = list(ahead)
    return Again(_moments(layout, found), tuple(found) if frames else (), refused, grid.bounds)


def _run_within(
    pair: Sequence[Hazard],
    branch: Branch,
    frames: Sequence[Frame],
    acts: tuple[Sequence[Action], Sequence[Action]],
    box: Box,
    below: frozenset[str],
    refused: list[str],
) -> list[Frame] | None:
    """Return the frames with what differs between two runs of a window, side by side; None once its rim is not calm.

    Time steps end at all actions in both: what does nothing changes nothing.
    """
    had, wanted = acts
    stops = [act.at for act in (*had, *wanted)]
    now, until = frames[0].time, frames[-1].time
    ways = (
        look_ahead(pair[0], now, until, [*branch.coming, *had], kept=KEPT, stops=stops),
        look_ahead(pair[1], now, until, [*branch.coming, *wanted], kept=KEPT, stops=stops, refused=refused),
    )
    found = []
    for whole, before, after in zip(frames, *ways, strict=True):
        if refused or not calm(before, after, box):
            return None
        found.append(put(whole, before, after, box, below))
    return found


def _moments(layout: Layout, frames: Sequence[Frame]) -> list[Moment]:
    return [moment_of(layout, frame) for frame in looks(frames)]


def _begun(branch: Branch) -> Hazard:
    """Return the hazard of a member where it stands now."""
    hazard = make(branch.setting.scenario.hazard)
    hazard.start(branch.setting)
    hazard.load(branch.saved, branch.done)
    return hazard


def places_of(acts: Sequence[Action]) -> NDArray[np.float64] | None:
    """Return (n, 2) m, where actions are done; None where one does not say it."""
    found = []
    for action in acts:
        params = action.params
        given: list[object] = [params[key] for key in ("line", "points") if key in params]
        if "x" in params and "y" in params:
            given.append([[params["x"], params["y"]]])
        if "box" in params:
            given.append(params["box"])
        if "outlet" in params and params["outlet"] != "outside":
            given.append(params["outlet"])
        try:
            here = [np.asarray(value, np.float64).reshape(-1, 2) for value in given]
        except (TypeError, ValueError):
            return None
        if not here:
            return None
        found += here
    places = np.concatenate(found) if found else np.zeros((0, 2))
    return places if len(places) and np.isfinite(places).all() else None


def box_around(grid: Grid, places: NDArray[np.float64], reach: float) -> Box | None:
    """Return the cells within `reach` m of (n, 2) places, as a box; None where none of the grid are."""
    columns = np.floor((places[:, 0] - grid.west) / grid.cell)
    rows = np.floor((places[:, 1] - grid.south) / grid.cell)
    far = int(np.ceil(reach / grid.cell))
    r0, r1 = max(int(rows.min()) - far, 0), min(int(rows.max()) + far + 1, grid.ny)
    c0, c1 = max(int(columns.min()) - far, 0), min(int(columns.max()) + far + 1, grid.nx)
    return (r0, r1, c0, c1) if r0 < r1 and c0 < c1 else None


def bounds_of(grid: Grid, box: Box) -> Bounds:
    """Return west, south, east, north of a box in m."""
    r0, r1, c0, c1 = box
    west, south = grid.west + c0 * grid.cell, grid.south + r0 * grid.cell
    return west, south, west + (c1 - c0) * grid.cell, south + (r1 - r0) * grid.cell


def calm(before: Frame, after: Frame, box: Box) -> bool:
    """Return whether two runs of a window are the same along its rim, but for `CALM`.

    Where the window ends with the grid nothing lies beyond that could differ.
    """
    r0, r1, c0, c1 = box
    one, other = before.fields["depth"], after.fields["depth"]
    ny, nx = one.shape
    rim = np.zeros((ny, nx), bool)
    rim[r0:r1, c0:c1] = True
    rim[r0 + RIM * (r0 > 0) : r1 - RIM * (r1 < ny), c0 + RIM * (c0 > 0) : c1 - RIM * (c1 < nx)] = False
    return not bool((np.abs(other[rim] - one[rim]) > CALM).any())


def put(whole: Frame, before: Frame, after: Frame, box: Box, below: frozenset[str]) -> Frame:
    """Return a frame of the whole grid with what differs between two runs of a window put onto it.

    below  ids of the underpasses that lie in the window
    """
    inside = np.s_[box[0] : box[1], box[2] : box[3]]
    fields = {}
    for name, values in whole.fields.items():
        fields[name] = found = values.copy()
        found[inside] += after.fields[name][inside] - before.fields[name][inside]
    fields["depth"][inside] = np.maximum(fields["depth"][inside], 0.0)
    assets = dict(whole.assets)
    if BELOW in assets:
        gain = {id_: after.assets[BELOW][id_] - before.assets[BELOW][id_] for id_ in below if id_ in assets[BELOW]}
        assets[BELOW] = {id_: max(depth + gain.get(id_, 0.0), 0.0) for id_, depth in assets[BELOW].items()}
    return Frame(whole.time, fields, assets)


def wholly_inside(layout: Layout, box: Box) -> frozenset[str]:
    """Return the ids of the underpasses that lie in a window, with all their edges."""
    cells = np.zeros(layout.grid.shape, bool)
    cells[box[0] : box[1], box[2] : box[3]] = True
    inside = cells.ravel()
    out = np.zeros(len(layout.underpasses), bool)
    for spots, below in ((layout.sites, layout.sites_below), (layout.edges, layout.edges_below)):
        beyond = below[spots.owner[~inside[spots.cell]]]
        out[beyond[beyond >= 0]] = True
    return frozenset(id_ for id_, beyond in zip(layout.underpasses, out, strict=True) if not beyond)
