"""A hazard as the things of the city feel it: fields and things of a frame become values at homes, sites and edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.geometry.burn import around, coverage, share_of_group
from twin.model.response.view import Course, Outlook

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.model.response.city import Facts, Network
    from twin.model.run import Frame
    from twin.store import City

BURNS = (1.0, 3.0)
"""States of `fire_state` in which a cell, or what stands on it, burns."""
REACH = 10.0
"""m around what burns within which nobody stays: of the order in which 1.7 kW/m2 are felt from a burning house's window
(design; `impact.fire.HEAT_LIMIT`), and at least one cell."""
MOST_BUILT = 0.5
"""Share of a cell under buildings from which water on it is no water in the street."""
LIT = 2.0
"""State of a building's fire from which it has been on fire."""


Felt = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]
"""(n,) depth m, product m2 s-1, fire."""


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """The cells of n things.

    ids    of the things
    owner  (k,) int64  position of the thing, sorted;   cell  (k,) int64  row * nx + col
    most   True: the greatest value of the cells counts (a road is as deep as its deepest place); False: the value that
           half of them reach (one puddle at a corner is no flooded building)
    dry    (n,) bool   water on the ground does not reach it (a bridge)
    """

    ids: tuple[str, ...]
    owner: NDArray[np.int64]
    cell: NDArray[np.int64]
    most: bool
    dry: NDArray[np.bool_]

    def of(self, values: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return (n,) the values at the things from (cells,) those of the cells; 0 outside the grid."""
        here = values[self.cell]
        if self.most:
            out = np.zeros(len(self.ids), np.float32)
            np.maximum.at(out, self.owner, here.astype(np.float32))
            return out
        return np.nan_to_num(share_of_group(self.owner, here.astype(np.float32), len(self.ids), 0.5)).astype(np.float32)

    def any(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return (n,) whether a cell of the thing is in (cells,) `mask`."""
        out = np.zeros(len(self.ids), bool)
        out[self.owner[mask[self.cell]]] = True
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where homes, sites and edges lie on a grid.

    below  (sites,) and (edges,) int64: position in `underpasses` of the underpass a thing is in, -1: in none
    """

    grid: Grid
    homes: Spots
    sites: Spots
    edges: Spots
    underpasses: tuple[str, ...]
    sites_below: NDArray[np.int64]
    edges_below: NDArray[np.int64]


def layout_of(city: City, facts: Facts, grid: Grid) -> Layout:
    """Return where the things of a city lie on a grid. Homes are taken by their outlines, edges by their lines."""
    import shapely

    blocked, shapes = np.zeros(grid.shape, bool), np.empty(len(facts.homes), object)
    if city.features.count("building"):
        buildings = city.features.read("building")
        blocked = np.asarray(coverage(buildings.geometry, grid) >= MOST_BUILT)
        known = zip(buildings.ids, buildings.geometry, strict=True)
        outline = {id_: shape for id_, shape in known if shape is not None}
        for i, home in enumerate(facts.homes):
            shapes[i] = outline.get(home.id, shapely.Point(home.x, home.y))
    points = np.array([shapely.Point(site.x, site.y) for site in facts.sites], object)
    passes = [site for site in facts.sites if site.kind == "underpass"]
    of_edge = np.full(len(facts.roads.start), -1, np.int64)
    of_site = np.full(len(facts.sites), -1, np.int64)
    for number, site in enumerate(passes):
        of_edge[list(site.edges)] = number
        of_site[facts.sites.index(site)] = number
    homes, sites = around(shapes, grid, blocked), around(points, grid, blocked)
    edges = _edges(facts.roads, grid)
    return Layout(
        grid,
        Spots(tuple(h.id for h in facts.homes), *homes, most=False, dry=np.zeros(len(facts.homes), bool)),
        Spots(tuple(s.id for s in facts.sites), *sites, most=False, dry=np.zeros(len(facts.sites), bool)),
        Spots(tuple(str(k) for k in range(len(of_edge))), *edges, most=True, dry=facts.roads.over.copy()),
        tuple(site.id for site in passes),
        of_site,
        of_edge,
    )


def _edges(roads: Network, grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (edge, cell) of what lies on the grid, looked at every half cell, sorted by edge and cell."""
    steps = np.ceil(roads.length / (grid.cell / 2)).astype(np.int64) + 1
    owner = np.repeat(np.arange(len(steps)), steps)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(steps) - steps, steps)
    share = step / np.maximum(np.repeat(steps, steps) - 1, 1)
    a, b = roads.start[owner], roads.end[owner]
    column = np.floor((roads.x[a] + share * (roads.x[b] - roads.x[a]) - grid.west) / grid.cell).astype(np.int64)
    row = np.floor((roads.y[a] + share * (roads.y[b] - roads.y[a]) - grid.south) / grid.cell).astype(np.int64)
    here = (row >= 0) & (row < grid.ny) & (column >= 0) & (column < grid.nx)
    key = np.unique(owner[here] * (grid.nx * grid.ny) + row[here] * grid.nx + column[here])
    return key // (grid.nx * grid.ny), key % (grid.nx * grid.ny)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A hazard at one time, in s, at homes, sites and edges; `lit`: ids of buildings that have been on fire."""

    time: float
    homes: Felt
    sites: Felt
    edges: Felt
    lit: frozenset[str] = frozenset()


def moment_of(layout: Layout, frame: Frame) -> Moment:
    """Return what a frame is at the things."""
    fields = frame.fields
    cells = layout.grid.nx * layout.grid.ny
    depth = np.nan_to_num(fields["depth"]).ravel() if "depth" in fields else np.zeros(cells, np.float32)
    product = depth
    if "velocity_x" in fields:
        speed = np.hypot(np.nan_to_num(fields["velocity_x"]), np.nan_to_num(fields["velocity_y"])).ravel()
        product = depth * speed
    elif "depth" in fields:
        product = np.zeros_like(depth)
    fire = np.zeros(cells, bool)
    if "fire_state" in fields:
        fire = _within_reach(np.isin(fields["fire_state"], BURNS), layout.grid.cell).ravel()
    states = frame.assets.get("building_fire", {})
    lit = frozenset(id_ for id_, state in states.items() if state >= LIT)
    below = frame.assets.get("underpass_depth", {})
    standing = np.array([below.get(id_, 0.0) for id_ in layout.underpasses], np.float32)

    def felt(spots: Spots, under: NDArray[np.int64] | None) -> Felt:
        d, p = _at(spots, depth, product)
        if under is not None and len(standing):
            inside = under >= 0
            d[inside] = np.maximum(d[inside], standing[under[inside]])
        return d, p, spots.any(fire)

    return Moment(
        frame.time,
        felt(layout.homes, None),
        felt(layout.sites, layout.sites_below),
        felt(layout.edges, layout.edges_below),
        lit,
    )


def _at(
    spots: Spots, depth: NDArray[np.float32], product: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return depth and product at things; bridges stay dry."""
    d, p = spots.of(depth), spots.of(product)
    d[spots.dry], p[spots.dry] = 0.0, 0.0
    return d, p


def _within_reach(burns: NDArray[np.bool_], cell: float) -> NDArray[np.bool_]:
    """Return (ny, nx) the cells within `REACH` of what burns, and at least the eight around it."""
    from scipy.ndimage import binary_dilation

    if not burns.any():
        return burns
    far = max(1, int(np.ceil(REACH / cell)))
    return np.asarray(binary_dilation(burns, np.ones((2 * far + 1, 2 * far + 1), bool)))


def outlook_of(
    layout: Layout, members: Sequence[Sequence[Moment]], made: float, horizon: float, identity: str
) -> Outlook:
    """Return the outlook of members that were looked at at the same times."""
    times = np.array([moment.time for moment in members[0]], np.float64)

    def course(name: str, ids: tuple[str, ...]) -> Course:
        parts: Mapping[int, NDArray[np.floating]] = {
            k: np.stack([np.stack([getattr(moment, name)[k] for moment in member]) for member in members])
            for k in range(3)
        }
        arrays = (parts[0].astype(np.float32), parts[1].astype(np.float32), parts[2].astype(bool))
        for array in (times, *arrays):
            array.setflags(write=False)
        return Course(ids, times, *arrays)

    return Outlook(
        identity,
        made,
        horizon,
        course("homes", layout.homes.ids),
        course("sites", layout.sites.ids),
        course("edges", layout.edges.ids),
    )
