"""Underpasses and basements of a city as storages: their shape, their entrances, and what had to be assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from twin.hazards._places import along, inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin.model.asset import Asset
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater
    from twin.physics.shallow_water.structures.vessel import Vessel

UNDERPASS_DEPTH = 5.0
"""m below the street where none is stated: assumed, the clearance of 4.5 m that Korean roads keep and the deck."""

LANE = 3.5
"""m, width of a lane; an underpass that states neither width nor lanes is assumed to have two."""

RAMP = 0.06
"""Slope of the ramps of an underpass, assumed."""

TOUCH, NAMESAKE = 1.0, 50.0
"""m between outlines up to which underpasses are pieces of one, and up to which those of one name are."""

HALF_SILL = 0.2
"""m from the ground to the window or door sill of a half-basement, assumed; 0.1 to 0.3 are seen."""

STAIR_SILL = 0.15
"""m from the ground to the head of the stairs of a basement where no first floor is stated: assumed, one step."""

HALF_FLOOR, HALF_HEIGHT = 1.5, 2.4
"""m from the ground down to the floor of a half-basement, and from there to its ceiling, assumed."""

STOREY = 3.0
"""m, height of a storey below the ground, assumed."""

HALF_DOOR, STAIR_DOOR = 2.0, 1.2
"""m, width of the openings of a half-basement (a door and two windows' leaks) and of basement stairs, assumed."""

PLAN = 100.0
"""m2, plan of a building of which only the place is known, assumed."""

Missing = dict[str, list[str]]
"""What had to be assumed, or why something was left out -> ids."""


def together(assets: Sequence[Asset]) -> list[list[Asset]]:
    """Return the underpasses as groups: those that touch, or have one name and lie near, are pieces of one.

    The deepest piece comes first.
    """
    import shapely

    shapes = np.array([shapely.LineString(a.points) if len(a.points) > 1 else shapely.Point(a.points) for a in assets])
    group = list(range(len(assets)))
    for i, one in enumerate(assets):
        for j in range(i):
            same = one.params.get("name") and one.params.get("name") == assets[j].params.get("name")
            if shapely.dwithin(shapes[i], shapes[j], NAMESAKE if same else TOUCH):
                old, new = group[i], group[j]
                group = [new if g == old else g for g in group]
    pieces = [[a for a, g in zip(assets, group, strict=True) if g == number] for number in sorted(set(group))]
    return [sorted(some, key=lambda a: (-_numbers(a).get("depth", 0.0), a.id)) for some in pieces]


def underpass(engine: ShallowWater, grid: Grid, pieces: Sequence[Asset], missing: Missing) -> Vessel | None:
    """Return an underpass: ramps from both ends of its long axis, at the level of the street there.

    pieces  of one underpass, the deepest first: between that one and the ends lie the ramps

    None, with the reason in `missing`, when it has no length, no depth, or no end on free ground in the area. Of an
    underpass that reaches beyond the area only the end inside counts.
    """
    from twin.physics.shallow_water.structures.vessel import Vessel

    lines = [a for a in pieces if len(a.points) > 1]
    params = _numbers(pieces[0])
    if not lines:
        missing.setdefault("point", []).append(pieces[0].id)
        return None
    axis, length, width, deepest = _axis(lines, params, missing)
    depth = params.get("depth", UNDERPASS_DEPTH)
    if length <= 0 or depth <= 0 or width <= 0:
        missing.setdefault("size", []).append(pieces[0].id)
        return None
    if "depth" not in params:
        missing.setdefault("depth", []).append(pieces[0].id)
    rows, columns, widths = [], [], []
    for end, beside in ((axis[0], axis[1]), (axis[-1], axis[-2])):
        cells = _across(engine, grid, end, end - beside, width)
        rows.append(cells[0])
        columns.append(cells[1])
        widths.append(np.full(len(cells[0]), width / max(1, len(cells[0]))))
    entrances = np.concatenate(rows), np.concatenate(columns)
    if not len(entrances[0]):
        missing.setdefault("no_entrance", []).append(pieces[0].id)
        return None
    sill = np.maximum(engine.water.bed_at(entrances), params.get("level", -np.inf))
    stepped = len({_numbers(a).get("depth") for a in lines}) > 1
    ramps = length - deepest if stepped and deepest < length else min(length, 2 * depth / RAMP)
    covered = np.zeros(grid.shape, bool)
    for piece in lines:
        covered |= inside(grid, piece.points) if _area(piece.points) else along(grid, piece.points, width / 2)
    caught = np.nonzero(covered & ~engine.solid)
    street = float(sill.min())
    return Vessel(
        id=pieces[0].id,
        floor=street - depth,
        rim=depth,
        top=depth + float(sill.max()) - street,
        flat=width * (length - ramps),
        wide=width * length,
        entrances=entrances,
        sill=sill,
        width=np.concatenate(widths),
        catch=(caught[0], caught[1]),
        parts=tuple((a.id, street - _numbers(a).get("depth", depth)) for a in pieces),
    )


def basements(engine: ShallowWater, grid: Grid, assets: Sequence[Asset], missing: Missing) -> list[Vessel]:
    """Return the basements of buildings, each with one entrance: at the lowest free cell beside its walls.

    Nobody knows where doors are; the lowest place is where water comes first. Left out, with the reason in `missing`,
    are buildings without free ground beside them.
    """
    from twin.physics.shallow_water.structures.vessel import Vessel

    rows, columns = _beside(engine, grid, assets)
    found = []
    for asset, row, column in zip(assets, rows, columns, strict=True):
        if row < 0:
            missing.setdefault("no_entrance", []).append(asset.id)
            continue
        params = _numbers(asset)
        half = bool(asset.params.get("half_basement", False))
        storeys = max(1.0, params.get("basements", 1.0))
        cell = np.array([row]), np.array([column])
        ground = float(engine.water.bed_at(cell)[0])
        if half:
            below, top = HALF_FLOOR + STOREY * (storeys - 1), HALF_HEIGHT + STOREY * (storeys - 1)
            sill, door = HALF_SILL, HALF_DOOR
            missing.setdefault("half_sill", []).append(asset.id)
        else:
            below = top = STOREY * storeys
            sill, door = max(params.get("first_floor", STAIR_SILL), 0.0), STAIR_DOOR
            if "first_floor" not in params:
                missing.setdefault("first_floor", []).append(asset.id)
        plan = _area(asset.points) or params.get("floor_area", 0.0) / max(1.0, params.get("storeys", 1.0))
        if plan <= 0:
            plan = PLAN
            missing.setdefault("plan", []).append(asset.id)
        found.append(
            Vessel(asset.id, ground - below, top, top, plan, plan, cell, np.array([ground + sill]), np.array([door]))
        )
    return found


def _numbers(asset: Asset) -> dict[str, float]:
    """Return those attributes of an asset that are numbers."""
    return {k: float(v) for k, v in asset.params.items() if isinstance(v, int | float) and not isinstance(v, bool)}


def _area(points: Sequence[tuple[float, float]]) -> float:
    """Return the m2 within a ring by the shoelace formula; 0 for a point or a line."""
    if len(points) < 4 or points[0] != points[-1]:
        return 0.0
    x, y = (np.array(points) - np.array(points[0])).T
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def _axis(
    lines: Sequence[Asset], params: dict[str, float], missing: Missing
) -> tuple[NDArray[np.float64], float, float, float]:
    """Return the middle line (n, 2) of an underpass, length and width, and the length of the deepest piece, in m."""
    if all(_area(a.points) for a in lines):
        axis, long, short = _long_axis([p for a in lines for p in a.points])
        _, deepest, _ = _long_axis(lines[0].points)
        width = (
            _area(lines[0].points) / max(deepest, 1e-9) if len(lines) > 1 else _area(lines[0].points) / max(long, 1e-9)
        )
        return axis, long, min(width, short), deepest
    width = params.get("width", LANE * params.get("lanes", 2.0))
    if "width" not in params and "lanes" not in params:
        missing.setdefault("width", []).append(lines[0].id)
    lengths = [float(np.hypot(*np.diff(np.array(a.points), axis=0).T).sum()) for a in lines]
    if len(lines) == 1:
        return np.array(lines[0].points), lengths[0], width, lengths[0]
    ends = np.array([p for a in lines for p in (a.points[0], a.points[-1])])
    apart = np.hypot(*(ends[:, None] - ends[None]).T)
    first, last = np.unravel_index(int(np.argmax(apart)), apart.shape)
    return ends[[first, last]], sum(lengths), width, lengths[0]


def _long_axis(points: Sequence[tuple[float, float]]) -> tuple[NDArray[np.float64], float, float]:
    """Return the middle line (2, 2) of the least rectangle round some points, and its length and width, in m."""
    import shapely

    corners = shapely.get_coordinates(shapely.oriented_envelope(shapely.MultiPoint(points)))[:4]
    if len(corners) < 4:
        return np.zeros((2, 2)), 0.0, 0.0
    sides = np.hypot(*(corners[1:3] - corners[:2]).T)
    if sides[0] >= sides[1]:
        corners = np.roll(corners, -1, axis=0)
    axis = np.array([(corners[0] + corners[1]) / 2, (corners[2] + corners[3]) / 2])
    return axis, float(sides.max()), float(sides.min())


def _across(engine: ShallowWater, grid: Grid, end: Any, ahead: Any, width: float) -> tuple[Any, Any]:
    """Return the free cells along the width of an entrance; none when its middle is outside the area."""
    west, south, east, north = grid.bounds
    if not (west <= end[0] < east and south <= end[1] < north):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    side = np.array([-ahead[1], ahead[0]]) / max(float(np.hypot(*ahead)), 1e-9) * width / 2
    mask = along(grid, [tuple(end - side), tuple(end + side)]) & ~engine.solid
    rows, columns = np.nonzero(mask)
    return rows, columns


def _beside(engine: ShallowWater, grid: Grid, assets: Sequence[Asset]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return row and column (n,) of the lowest free cell beside each building; -1 where there is none."""
    import shapely

    rows, columns = np.full(len(assets), -1), np.full(len(assets), -1)
    shapes = np.array([shapely.Polygon(a.points) if _area(a.points) else shapely.Point(a.points[0]) for a in assets])
    bed = engine.bed
    for reach in (0.75, 2.0):
        todo = np.flatnonzero(rows < 0)
        if not len(todo):
            break
        rings = shapely.get_exterior_ring(shapely.buffer(shapes[todo], reach * grid.cell, quad_segs=2))
        with np.errstate(invalid="ignore"):  # GEOS now and then leaves this flag set; what it returns is whole
            points, of = shapely.get_coordinates(shapely.segmentize(rings, grid.cell / 2), return_index=True)
        column = np.floor((points[:, 0] - grid.west) / grid.cell).astype(np.intp)
        row = np.floor((points[:, 1] - grid.south) / grid.cell).astype(np.intp)
        there = (row >= 0) & (row < grid.ny) & (column >= 0) & (column < grid.nx)
        row, column, of = row[there], column[there], of[there]
        free = ~np.isnan(bed[row, column])
        row, column, of = row[free], column[free], of[free]
        order = np.lexsort((column, row, bed[row, column], of))
        which, first = np.unique(of[order], return_index=True)
        rows[todo[which]], columns[todo[which]] = row[order][first], column[order][first]
    return rows, columns
