"""Where roads lie on the grid: sections along every road that water can close, and what is left out and why.

A section is looked at in the middle of the road and at a third of its width to either side; it counts as blocked where
two of these three are, so a puddle in the gutter closes nothing. A road that says it is a bridge is not closed by the
water below it, nor is a section over a body of water; a tunnel that no underpass describes is not on the ground.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.geometry.burn import crossed
from twin.runs.surface import LANE, LANES, areas

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.model.field import Grid
    from twin.store import City

#: places across a road, in widths from its middle
ACROSS = (-1 / 3, 0.0, 1 / 3)
#: classes of OpenStreetMap and of registers that carry no vehicles
ON_FOOT = frozenset({"footway", "path", "steps", "pedestrian", "cycleway", "bridleway", "corridor", "track_foot"})
#: m of a marked road inside a bridge or underpass from which this is known to carry it
CARRIES = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Sections:
    """Sections of n roads or underpasses, sorted by their owner.

    owner   (s,) int64    position in the list of features
    cells   (s, 3) int64  row * nx + col, across the section
    length  (s,) m        along the road
    """

    owner: NDArray[np.int64]
    cells: NDArray[np.int64]
    length: NDArray[np.float64]

    @classmethod
    def of(cls, owner: NDArray[np.int64], cells: NDArray[np.int64], length: NDArray[np.float64]) -> Sections:
        """Return sections in the order of their owners."""
        order = np.argsort(owner, kind="stable")
        return cls(owner[order], cells[order], length[order])


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """The roads of a city over a grid.

    features  roads that carry vehicles
    sections  what of them lies on the ground inside the grid
    length    (n,) m of the whole road
    left_out  why -> number of roads or length in km, of what is not in `sections`
    through   road -> ids of the underpasses it runs through
    """

    features: Features
    sections: Sections
    length: NDArray[np.float64]
    left_out: dict[str, float]
    through: dict[int, list[str]]


def roads_on(city: City, grid: Grid, blocked: NDArray[np.bool_], stored: Collection[str] = ()) -> Roads | None:
    """Return the roads of a city on a grid, None when it has none.

    blocked  (ny, nx) cells that are mostly building: no place of a section lies there
    stored   ids of underpasses that are no cells of the run but storages of their own: the ground over them is street
    """
    import shapely

    if not city.features.count("road"):
        return None
    everything = city.features.read("road")
    on_foot = np.array([str(c or "").lower() in ON_FOOT for c in everything.column("class")], dtype=bool)
    shaped = shapely.get_dimensions(everything.geometry) >= 1
    roads = everything.take(~on_foot & shaped)
    bridge, tunnel = _said(roads, "bridge", 1), _said(roads, "tunnel", -1)
    length = _lengths(roads)
    owner, points, side, each = _stations(roads, grid.cell)
    # a bridge or underpass with a marked road: the others there pass beneath, or above; without one, nobody knows
    bridges, (underpasses, names) = _shapes(city, "bridge")[0], _shapes(city, "underpass")
    kept = np.array([name in stored for name in names], dtype=bool)
    cut = underpasses[~kept]
    lowered, carries = _inside(points, cut), _carries(cut, roads.geometry[tunnel])
    above = ~tunnel[owner] & lowered & _inside(points, cut[carries])
    under = lowered & ~above
    on_bridge = _inside(points, bridges[~_carries(bridges, roads.geometry[bridge])]) & ~under
    over_water = _inside(points, _shapes(city, "water")[0]) & ~under
    in_tunnel = tunnel[owner] & ~under
    in_storage = in_tunnel & _inside(points, underpasses[kept])
    keep = ~(bridge[owner] | above | in_tunnel | over_water | on_bridge)
    cells, inside = _cells(points, side, grid, blocked)
    km = {
        "on_bridges_km": bridge[owner] | on_bridge,
        "over_underpasses_km": above & ~bridge[owner],
        "in_tunnels_km": in_tunnel & ~in_storage & ~bridge[owner],
        "over_water_km": over_water & ~(bridge[owner] | above | in_tunnel | on_bridge),
        "outside_km": keep & ~inside,
    }
    left_out: dict[str, float] = {
        "roads_for_walking": int((on_foot & shaped).sum()),
        "roads_without_shape": int((~shaped).sum()),
        **{name: round(float(each[rows].sum()) / 1000, 3) for name, rows in km.items()},
    }
    keep &= inside
    through = _through(points, np.where(bridge[owner], -1, owner), tunnel, underpasses, names)
    return Roads(roads, Sections.of(owner[keep], cells[keep], each[keep]), length, left_out, through)


def joined(features: Features, reach: float) -> NDArray[np.int64]:
    """Return (n,) a number from 0 per feature, one for the parts of a thing: same name, within `reach` m."""
    import shapely
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(features)
    names = np.array([str(name or "") for name in features.column("name")], dtype=object)
    a, b = shapely.STRtree(features.geometry).query(features.geometry, predicate="dwithin", distance=reach)
    same = (names[a] == names[b]) & ((names[a] != "") | (a == b))
    links = coo_array((np.ones(int(same.sum())), (a[same], b[same])), shape=(n, n))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def underpass_sections(
    underpasses: Features,
    number: NDArray[np.int64],
    grid: Grid,
    blocked: NDArray[np.bool_],
    stored: Collection[str] = (),
) -> Sections:
    """Return the cells of underpasses as sections: any of them closes it, since the water gathers at its bottom.

    number  (n,) of `joined`: the owner of the sections
    stored  ids of those that are storages of their own: no cell is inside them
    """
    shapes = areas(underpasses)
    kept = np.array([id_ in stored for id_ in underpasses.ids], dtype=bool)
    shapes[kept] = None
    owner, xy = _centres_within(shapes, grid)
    missing = np.setdiff1d(np.flatnonzero(~kept), owner)
    more, cell = crossed(np.asarray(underpasses.geometry, dtype=object)[missing], grid)
    cells = np.concatenate([_flat(xy, grid)[0], cell])
    owner = np.concatenate([owner, missing[more]])
    free = ~blocked.ravel()[cells]
    cells, owner = cells[free], number[owner[free]]
    return Sections.of(owner, np.repeat(cells[:, None], len(ACROSS), axis=1), np.full(len(owner), grid.cell))


def _said(roads: Features, name: str, layer: int) -> NDArray[np.bool_]:
    """Return (n,) which roads say they are a bridge or tunnel, by a column of that name or by their layer."""
    flags = [v is not None and str(v).lower() not in {"", "no", "false", "0"} for v in roads.column(name)]
    levels = roads.column("layer")
    said = [_number(level) * layer > 0 for level in levels]
    return np.asarray(np.array(flags, dtype=bool) | np.array(said, dtype=bool))


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0


def _lengths(roads: Features) -> NDArray[np.float64]:
    """Return (n,) m: of a line its length, of a surface half its outline, nearly: its area by its width."""
    import shapely

    solid = shapely.get_dimensions(roads.geometry) == 2
    length = np.asarray(shapely.length(roads.geometry), dtype=np.float64)
    return np.where(solid, length / 2, length)


def _widths(roads: Features) -> NDArray[np.float64]:
    """Return (n,) m across: stated, else by lanes, as the roughness takes them; of a surface by area and outline."""
    import shapely

    width, lanes = roads.numbers("width"), roads.numbers("lanes")
    width = np.where(np.isfinite(width), width, LANE * np.where(np.isfinite(lanes), lanes, LANES))
    solid = shapely.get_dimensions(roads.geometry) == 2
    around = np.asarray(shapely.length(roads.geometry), dtype=np.float64)
    return np.where(solid, 2 * shapely.area(roads.geometry) / np.maximum(around, 1e-9), width)


def _stations(
    roads: Features, step: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return sections no longer than `step`: (s,) owner, (s, 2) middle m, (s, 2) one width across m, (s,) length m."""
    import shapely

    width = _widths(roads)
    solid = shapely.get_dimensions(roads.geometry) == 2
    alone = np.array(roads.geometry, dtype=object)
    alone[solid] = None
    lines, owner = shapely.get_parts(alone, return_index=True)
    length = np.asarray(shapely.length(lines), dtype=np.float64)
    lines, owner, length = lines[length > 0], owner[length > 0], length[length > 0]
    count = np.ceil(length / step).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), count)
    number = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    each = (length / np.maximum(count, 1))[line]
    ends = [
        shapely.get_coordinates(shapely.line_interpolate_point(lines[line], (number + part) * each))
        for part in (0.0, 0.5, 1.0)
    ]
    along = ends[2] - ends[0]
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    side = np.stack([-along[:, 1], along[:, 0]], axis=1) * width[owner][line][:, None]
    mine, middle, share = _surface_stations(roads.geometry, np.flatnonzero(solid), width, step)
    return (
        np.concatenate([owner[line], mine]).astype(np.int64),
        np.concatenate([ends[1], middle]),
        np.concatenate([side, np.zeros_like(middle)]),
        np.concatenate([each, share]),
    )


def _surface_stations(
    shapes: NDArray[np.object_], which: NDArray[np.int64], width: NDArray[np.float64], step: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle strip of road surfaces, half their width, in points `step` apart: owner, place, length."""
    import shapely

    strips = shapely.buffer(shapes[which], -width[which] / 4)
    strips = np.where(shapely.is_empty(strips), shapely.point_on_surface(shapes[which]), strips)
    owners, places = [np.zeros(0, dtype=np.int64)], [np.zeros((0, 2))]
    for i, strip in zip(which.tolist(), strips.tolist(), strict=True):
        west, south, east, north = strip.bounds
        x, y = np.meshgrid(np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step))
        xy = np.stack([x.ravel(), y.ravel()], axis=1)
        xy = xy[shapely.contains_xy(strip, xy)] if len(xy) else xy
        xy = xy if len(xy) else shapely.get_coordinates(shapely.point_on_surface(strip))
        owners.append(np.full(len(xy), i))
        places.append(xy)
    owner = np.concatenate(owners)
    count = np.bincount(owner, minlength=len(shapes))
    half = np.asarray(shapely.length(shapes), dtype=np.float64) / 2
    return owner, np.concatenate(places), half[owner] / count[owner]


def _cells(
    points: NDArray[np.float64], side: NDArray[np.float64], grid: Grid, blocked: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return (s, 3) the cells across sections, and (s,) whether the section is inside the grid and not all building.

    A place outside the grid or in a building stands for the middle, or for another place where the middle is one.
    """
    if not len(points):
        return np.zeros((0, len(ACROSS)), dtype=np.int64), np.zeros(0, dtype=bool)
    cells, good = (
        np.stack(rows, axis=1) for rows in zip(*(_flat(points + a * side, grid) for a in ACROSS), strict=True)
    )
    good &= ~blocked.ravel()[cells]
    middle = len(ACROSS) // 2
    best = np.where(good[:, middle], middle, good.argmax(axis=1))
    spare = cells[np.arange(len(cells)), best]
    return np.where(good, cells, spare[:, None]), np.asarray(good.any(axis=1))


def _flat(xy: NDArray[np.float64], grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return (s,) the cell of each point, 0 outside the grid, and whether it is inside."""
    col = np.floor((xy[:, 0] - grid.west) / grid.cell).astype(np.int64)
    row = np.floor((xy[:, 1] - grid.south) / grid.cell).astype(np.int64)
    inside = (col >= 0) & (col < grid.nx) & (row >= 0) & (row < grid.ny)
    return np.where(inside, row * grid.nx + col, 0), inside


def _centres_within(shapes: NDArray[np.object_], grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the cell centres inside polygons: (s,) owner, (s, 2) m."""
    import shapely

    owners, places = [np.zeros(0, dtype=np.int64)], [np.zeros((0, 2))]
    for i, shape in enumerate(shapes.tolist()):
        if shape is None or shape.is_empty:
            continue
        box: Any = np.array(shape.bounds) - np.array([grid.west, grid.south] * 2)
        west, south, east, north = np.clip(np.floor(box / grid.cell), 0, [grid.nx, grid.ny] * 2).astype(int)
        col, row = np.meshgrid(np.arange(west, min(east + 1, grid.nx)), np.arange(south, min(north + 1, grid.ny)))
        xy = np.stack([col.ravel() + 0.5, row.ravel() + 0.5], axis=1) * grid.cell + np.array([grid.west, grid.south])
        xy = xy[shapely.contains_xy(shape, xy)] if len(xy) else xy
        owners.append(np.full(len(xy), i))
        places.append(xy)
    return np.concatenate(owners), np.concatenate(places)


def _shapes(city: City, kind: str) -> tuple[NDArray[np.object_], Sequence[str]]:
    """Return the ground that features of a kind take, and their ids; none without them."""
    if not city.features.count(kind):
        return np.empty(0, dtype=object), []
    found = city.features.read(kind)
    return areas(found), found.ids


def _through(
    points: NDArray[np.float64],
    owner: NDArray[np.int64],
    tunnel: NDArray[np.bool_],
    underpasses: NDArray[np.object_],
    names: Sequence[str],
) -> dict[int, list[str]]:
    """Return road -> ids of the underpasses it runs through: those marked as tunnels, else the one longest inside.

    owner  (s,) the road of each point, -1 for none that counts
    """
    out: dict[int, list[str]] = {}
    shape, point = _within(points, underpasses)
    for k in np.unique(shape).tolist():
        inside = owner[point[shape == k]]
        roads, counts = np.unique(inside[inside >= 0], return_counts=True)
        marked = roads[tunnel[roads]]
        for road in (marked if len(marked) else roads[counts == counts.max(initial=0)][:1]).tolist():
            out.setdefault(road, []).append(names[k])
    return out


def _carries(shapes: NDArray[np.object_], lines: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return (n,) which bridges or underpasses a marked road runs along."""
    import shapely

    out = np.zeros(len(shapes), dtype=bool)
    if len(shapes) and len(lines):
        shape, line = shapely.STRtree(lines).query(shapes, predicate="intersects")
        shared = shapely.length(shapely.intersection(lines[line], shapes[shape]))
        out[shape[shared >= CARRIES]] = True
    return out


def _inside(points: NDArray[np.float64], shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return (s,) which points lie in any of the shapes."""
    out = np.zeros(len(points), dtype=bool)
    out[_within(points, shapes)[1]] = True
    return out


def _within(points: NDArray[np.float64], shapes: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (shape, point) for every point that lies in a shape."""
    import shapely

    if not len(shapes) or not len(points):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    tree = shapely.STRtree(np.asarray(shapely.points(points), dtype=object))
    shape, point = tree.query(shapes, predicate="intersects")
    return shape, point
