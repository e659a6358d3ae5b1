"""Where roads lie on the grid: sections along every road that water can close, and what is left out and why.

A section is looked at in the middle of the road and at a third of its width to either side; it counts as blocked where
two of these three are, so a puddle in the gutter closes nothing. A road that says it is a bridge is not closed by the
water below it, nor is a section over a body of water; a tunnel that no underpass describes is not on the ground.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.geometry.burn import crossed
from twin.names.roads import ON_FOOT
from twin.runs.consequences.sections import ACROSS, Sections, cell_of, cells_across, centres_within, stations
from twin.runs.inputs.surface import areas

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.model.field import Grid
    from twin.store import City

#: m of a marked road inside a bridge or underpass from which this is known to carry it
CARRIES = 3.0


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
    owner, points, side, each = stations(roads, grid.cell)
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
    cells, inside = cells_across(points, side, grid, blocked)
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
    owner, xy = centres_within(shapes, grid)
    missing = np.setdiff1d(np.flatnonzero(~kept), owner)
    more, cell = crossed(np.asarray(underpasses.geometry, dtype=object)[missing], grid)
    cells = np.concatenate([cell_of(xy, grid)[0], cell])
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
