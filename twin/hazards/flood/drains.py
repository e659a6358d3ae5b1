"""From the drains of a city to a network under the water: pipes, inlets and outfalls laid on the grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.hazards.flood.works import INTAKE, around
from twin.model.finding import Finding

if TYPE_CHECKING:
    from twin.hazards._places import Cells
    from twin.model.asset import Asset
    from twin.model.field import Grid
    from twin.physics.drains.laying import Laid, Pipe
    from twin.physics.drains.network import Inlets, Network
    from twin.physics.shallow_water.engine import ShallowWater
    from twin.physics.shallow_water.structures.drains import Drains

INLETS = {"inlet", "gully", "grate", "catchbasin", "빗물받이", "우수받이", "집수정", "유입구"}
OUTFALLS = {"outfall", "outlet", "토구", "방류구", "토출구"}
"""Words of the attribute `class` of a point of kind `drain`; other points (manholes) are closed covers."""

GULLY, SPACING = 0.16, 15.0
"""m2 and m, opening of a gully that states none (a grate of 0.4 m x 0.4 m), and the pipe that one serves where the
city has no inlets at all: one every 30 m on both sides of a street."""

REACH, ASIDE = 50.0, 10.0
"""m: an inlet belongs to the nearest shaft within REACH; one in a wall takes the water of a free cell within ASIDE."""

BURIED = 1.0
"""m under the ground at its mouth from which an outfall is worth a word."""

NAMED, TELLING = 10, 0.01
"""Ids that a finding names; error of the network's routing, over what entered it, that is worth telling."""


def join(
    engine: ShallowWater, grid: Grid, assets: Mapping[str, Sequence[Asset]], params: Mapping[str, object]
) -> list[Finding]:
    """Put the city's drains under the water, as the structure `drains`; return what was found and assumed.

    assets  kind -> things, as `Setting.assets`; those of kind `drain` count
    params  of the flood: `drains` ("swmm" or "none")

    Raises MissingError when SWMM is not installed, BusyError when this process calculates another network.
    """
    things = assets.get("drain", ())
    if params.get("drains", "none") == "none":
        if not things:
            return []
        return [Finding("info", "drains", f"the city has {len(things)} drains; they are not modelled (drains = none)")]
    if not things:
        return [Finding("warning", "drains", "drains = swmm, but the city has no feature of kind 'drain' in the area")]
    from twin.physics.drains.laying import lay
    from twin.physics.shallow_water.structures.drains import Drains

    ground = _Ground.of(engine, grid)
    points = [(a, str(a.params.get("class", "")).strip().lower()) for a in things if len(a.points) == 1]
    mouths = np.array([a.points[0] for a, word in points if word in OUTFALLS]).reshape(-1, 2)
    network, laid = lay([_pipe(a) for a in things if len(a.points) > 1], ground.at, mouths)
    findings = _told(laid)
    if network is None:
        message = "no pipe of the drains leads to an outfall; drains are not modelled"
        return [*findings, Finding("warning", "drains", message)]
    inlets, more = _inlets(network, [a for a, word in points if word in INLETS])
    cells, inside = ground.cells(inlets.xy)
    inlets, cells = _some(inlets, inside), (cells[0][inside], cells[1][inside])
    findings += more
    if not inside.all():
        message = f"{np.count_nonzero(~inside)} inlets lie outside the area or under buildings; they take no water"
        findings.append(Finding("info", "drains", message))
    if not len(inlets.node):
        message = "no inlet of the drains lies in the area; drains are not modelled"
        return [*findings, Finding("warning", "drains", message)]
    outlets, more = _mouths(engine, grid, network)
    engine.put(Drains(network, inlets, cells, outlets, engine.time))
    message = (
        f"drains: {len(network.start)} pipes, {len(network.invert)} shafts, {len(inlets.node)} inlets, {laid.outfalls} "
        "outfalls with flap gates, in SWMM"
    )
    return [*findings, *more, Finding("info", "drains", message)]


def afterwards(engine: ShallowWater) -> list[Finding]:
    """Return what is to be said of the drains after a run: that SWMM lost or made more than 1 % of their water."""
    drains = found(engine)
    if drains is None:
        return []
    books = drains.books()
    share = books["error"] / max(books["drained"], 1e-9)
    if abs(share) <= TELLING or abs(books["error"]) < 1.0:
        return []
    message = (
        f"the routing in the drains {'made' if share > 0 else 'lost'} {abs(books['error']):.0f} m3, {abs(share):.1%} "
        f"of the {books['drained']:.0f} m3 that entered them; the water on the ground is not affected"
    )
    return [Finding("warning", "drains", message)]


def found(engine: ShallowWater) -> Drains | None:
    """Return the drains under an engine, None where there are none."""
    from twin.physics.shallow_water.structures.drains import NAME, Drains

    structure = engine.structures.get(NAME)
    return structure if isinstance(structure, Drains) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """Free cells of a grid: the height of each (NaN: a wall), the nearest free one, and how far that is in m."""

    grid: Grid
    height: NDArray[np.float64]
    nearest: NDArray[np.int64]
    away: NDArray[np.float64]

    @classmethod
    def of(cls, engine: ShallowWater, grid: Grid) -> _Ground:
        import scipy.ndimage

        ndimage: Any = scipy.ndimage
        height = engine.bed
        away, nearest = ndimage.distance_transform_edt(np.isnan(height), grid.cell, return_indices=True)
        return cls(grid, height, nearest, away)

    def _place(self, xy: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
        """Return row and column of the cell of each point, or of the nearest in the grid, and whether it lies in it."""
        grid = self.grid
        column = np.floor((xy[:, 0] - grid.west) / grid.cell).astype(np.intp)
        row = np.floor((xy[:, 1] - grid.south) / grid.cell).astype(np.intp)
        inside = (column >= 0) & (column < grid.nx) & (row >= 0) & (row < grid.ny)
        return np.clip(row, 0, grid.ny - 1), np.clip(column, 0, grid.nx - 1), inside

    def at(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n,) m, the ground at points (n, 2), or that of the nearest free cell."""
        row, column, _ = self._place(xy)
        near = self.nearest[:, row, column]
        return np.asarray(self.height[near[0], near[1]])

    def cells(self, xy: NDArray[np.float64]) -> tuple[Cells, NDArray[np.bool_]]:
        """Return the free cell of each point and whether there is one: in the grid, no farther than `ASIDE`."""
        row, column, inside = self._place(xy)
        near = self.nearest[:, row, column]
        return (near[0].astype(np.intp), near[1].astype(np.intp)), inside & (self.away[row, column] <= ASIDE)


def _pipe(asset: Asset) -> Pipe:
    from twin.physics.drains.laying import Pipe

    def known(name: str) -> float:
        value = asset.params.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else np.nan

    return Pipe(
        asset.id,
        np.array(asset.points, dtype=float),
        known("diameter"),
        first=known("level_up"),
        last=known("level_down"),
        lower=known("level"),
        depth=known("depth"),
        roughness=known("roughness"),
    )


def _inlets(network: Network, known: Sequence[Asset]) -> tuple[Inlets, list[Finding]]:
    """Return the inlets: those the city knows, each at its nearest shaft; where it knows none, one over every shaft."""
    from scipy.spatial import cKDTree

    from twin.physics.drains.network import Inlets

    shafts = np.flatnonzero(~network.outfall)
    if not known:
        length = np.bincount(
            np.concatenate([network.start, network.end]), np.tile(network.length / 2, 2), len(network.invert)
        )
        area = GULLY * np.maximum(length[shafts] / SPACING, 1.0)
        message = f"the city knows no inlets; each shaft has gullies of {GULLY:g} m2, one for {SPACING:g} m of pipe"
        return Inlets(shafts, network.xy[shafts], area, ("",) * len(shafts)), [Finding("warning", "drains", message)]
    xy = np.array([a.points[0] for a in known])
    far, which = cKDTree(network.xy[shafts]).query(xy)
    area = np.array([float(a.params.get("inlet_area", GULLY)) for a in known])
    findings = []
    unsized = sum("inlet_area" not in a.params for a in known)
    if unsized:
        findings.append(Finding("info", "drains", f"{unsized} inlets state no area; taken as {GULLY:g} m2"))
    near = far <= REACH
    if not near.all():
        lost = _few([a.id for a, n in zip(known, near, strict=True) if not n])
        findings.append(
            Finding("warning", "drains", f"inlets farther than {REACH:g} m from a shaft take no water: {lost}")
        )
    return _some(Inlets(shafts[which], xy, area, tuple(a.id for a in known)), near), findings


def _some(inlets: Inlets, which: NDArray[np.bool_]) -> Inlets:
    from twin.physics.drains.network import Inlets

    ids = tuple(i for i, w in zip(inlets.ids, which.tolist(), strict=True) if w)
    return Inlets(inlets.node[which], inlets.xy[which], inlets.area[which], ids)


def _mouths(engine: ShallowWater, grid: Grid, network: Network) -> tuple[list[Cells | None], list[Finding]]:
    """Return the cells into which each outfall runs, None where its water leaves the area."""
    west, south, east, north = grid.bounds
    cells: list[Cells | None] = []
    walled = 0
    for x, y in network.xy[network.outfall].tolist():
        try:
            inside = west <= x < east and south <= y < north
            cells.append(around(engine, grid, (x, y), INTAKE, "outfall") if inside else None)
        except InputError:
            walled += 1
            cells.append(None)
    away = sum(c is None for c in cells)
    if not away:
        return cells, []
    message = (
        f"{away} of {len(cells)} outfalls lie outside the area or under buildings ({walled}); their water leaves it"
    )
    return cells, [Finding("info", "drains", message)]


def _told(laid: Laid) -> list[Finding]:
    """Return what was made of the pipes, in words."""
    said = (
        (laid.no_diameter, "pipes without a diameter were left out: {}"),
        (laid.guessed, "pipes without a level or a depth were laid 1 m under the ground: {}"),
        (laid.loose, "{} ends of pipes lie within 2 m of another pipe and do not meet it"),
        (laid.traps, "{} shafts are lower than all pipes around them and have no outlet"),
        (laid.closed, f"{{}} parts of the network have no outfall; their {laid.lost} pipes were left out"),
        (laid.above, "{} shafts have their bottom above the ground"),
    )
    return [
        Finding("warning", "drains", "drains: " + text.format(_few(value) if isinstance(value, tuple) else value))
        for value, text in said
        if value
    ]


def _few(ids: Sequence[str]) -> str:
    tail = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return f"{len(ids)} ({', '.join(ids[:NAMED])}{tail})"
