"""The nodes of the network: a building, or a storey where slabs hold a fire. What is assumed is named and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import InputError
from twin.physics.urban_fire import tables
from twin.physics.urban_fire.burning import Curve, curve, growth_coefficient, peak_heat_release
from twin.physics.urban_fire.dose import BEHIND_GLASS
from twin.physics.urban_fire.outlines import Outlines, outlines

Array = NDArray[np.float64]
Attributes = Mapping[str, float | str | bool]

NONE, WALL, OPENINGS = 0, 1, 2
"""What of a building radiation can ignite: nothing (shutters are closed), the wall itself, what is behind openings."""


@dataclass(frozen=True, slots=True, eq=False)
class Buildings:
    """n nodes. A storey has the outline of its building, and its own base and top.

    outlines      n rings, m          building  (n,) 1  which of the given buildings
    base, top     (n,) m   elevation  ground    (n,) m  elevation at the building's foot
    above         (n,) 1   node of the storey above, -1: none
    floor_area    (n,) m2             facade, opening_area  (n,) m2   of all sides
    structure     (n,) 1   code, see `tables.STRUCTURES`
    combustible   (n,)     whether the cladding burns
    sprinklers    (n,)                receiver  (n,) 1  NONE, WALL or OPENINGS
    fires         what n fires release, kW and s; fires.energy is the fuel in kJ
    parts         (n,) 1   fire compartments, of which one burns at a time; opening area and emitting are of one
    draughty      (n,) 1   share of the energy that burns in 1200 s where wind blows through; 0: the shell stands
    climbs        (n,) s   that a node burns until the fire goes up inside or along its cladding, infinite: it does not
    emitting, roof, throws, catches   (n,) 1   see `tables.Structure`
    assumed       attribute -> what was assumed -> for how many buildings
    """

    outlines: Outlines
    building: NDArray[np.int64]
    base: Array
    top: Array
    ground: Array
    above: NDArray[np.int64]
    floor_area: Array
    facade: Array
    opening_area: Array
    structure: NDArray[np.int8]
    combustible: NDArray[np.bool_]
    sprinklers: NDArray[np.bool_]
    receiver: NDArray[np.int8]
    fires: Curve
    parts: Array
    draughty: Array
    climbs: Array
    emitting: Array
    roof: Array
    throws: Array
    catches: Array
    assumed: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of nodes."""
        return len(self.building)

    @property
    def receives(self) -> Array:
        """(n,) 1, share of the flux on the facade that reaches what can ignite."""
        return np.choose(self.receiver, [0.0, 1.0, BEHIND_GLASS])

    def nodes(self, building: int) -> NDArray[np.int64]:
        """Return the nodes of one of the given buildings, the lowest first."""
        return np.flatnonzero(self.building == building)


class _Known:
    """What is known of the buildings, with the tally of what had to be assumed."""

    def __init__(self, rows: Sequence[Attributes], names: Sequence[str]) -> None:
        self.rows, self.names = rows, names
        self.assumed: dict[str, Counter[str]] = {}
        self.strange: dict[tuple[str, int], str] = {}

    def assume(self, attribute: str, what: str, count: int = 1) -> None:
        """Count an assumption."""
        if count:
            self.assumed.setdefault(attribute, Counter())[what] += count

    def missing(self, attribute: str, i: int, what: str) -> None:
        """Count what is assumed of a building, with the word it has instead where that is none of the known ones."""
        word = self.strange.get((attribute, i))
        self.assume(attribute, what if word is None else f"{what}, as {word!r} is not a known word")

    def numbers(self, attribute: str, least: float, most: float) -> Array:
        """Return an attribute of all buildings, NaN where it is not known. Raises InputError for what cannot be."""
        found = np.full(len(self.rows), np.nan)
        for i, row in enumerate(self.rows):
            value = row.get(attribute)
            if value is None or value == "":
                continue
            try:
                found[i] = float(value)
            except ValueError:
                raise InputError(
                    f"building {self.names[i]!r}: {attribute} is {value!r}, not a number; correct it or leave it out"
                ) from None
            if np.isnan(found[i]):
                continue
            if not least <= found[i] <= most:
                raise InputError(
                    f"building {self.names[i]!r}: {attribute} is {found[i]:g}, a number from {least:g} to {most:,.0f} "
                    "was expected; correct it or leave it out"
                )
        return found

    def words(self, attribute: str, known: Sequence[str]) -> list[str]:
        """Return an attribute of all buildings, "" where it is not known or not a known word, which `missing` tells."""
        found = []
        for i, row in enumerate(self.rows):
            value = str(row.get(attribute) or "")
            if value and value not in known:
                if value != "other":
                    self.strange[attribute, i] = value
                value = ""
            found.append(value)
        return found

    def flags(self, attribute: str) -> NDArray[np.bool_]:
        """Return an attribute that is yes or no; not known is counted as no."""
        found = [row.get(attribute) for row in self.rows]
        self.assume(attribute, "none", sum(value is None for value in found))
        return np.array([value in {True, "true", "yes"} for value in found], bool)


def buildings(rings: Sequence[ArrayLike], rows: Sequence[Attributes], names: Sequence[str] | None = None) -> Buildings:
    """Return the nodes of buildings with the attributes of `names.ATTRIBUTES` that are known.

    rings  (k, 2)  m   x, y of each outline
    rows   height m, storeys, ground m, floor_area m2, use, structure, cladding, sprinklers, shutters; may be missing
    names  ids for errors; None: their numbers

    Raises InputError for outlines that are none and for numbers that cannot be.
    """
    names = [str(i) for i in range(len(rings))] if names is None else names
    shapes = outlines(rings, names)
    known = _Known(rows, names)
    ground = _ground(known)
    height, storeys = _heights(known)
    area = known.numbers("floor_area", 1.0, tables.LARGEST)
    known.assume("floor_area", "footprint times storeys", int(np.isnan(area).sum()))
    area = np.where(np.isnan(area), shapes.area * storeys, area)
    structure = _structures(known, storeys)
    cladding = known.words("cladding", ("combustible", "non_combustible"))
    for i, word in enumerate(cladding):
        if not word:
            cladding[i] = "combustible" if structure[i] == "timber" else "non_combustible"
            known.missing("cladding", i, f"{cladding[i]} of {structure[i]}")
    uses = known.words("use", tuple(tables.USES))
    for i in (i for i, use in enumerate(uses) if not use):
        known.missing("use", i, "residential")
    uses = [use or "residential" for use in uses]
    sprinklers, shutters = known.flags("sprinklers"), known.flags("shutters")
    classes = [tables.CLASSES[s, c == "combustible"] for s, c in zip(structure, cladding, strict=True)]

    floors_from = np.array([tables.FLOORS_FROM.get(s, np.inf) for s in structure])
    split = np.where(storeys >= floors_from, storeys, 1)
    node = np.repeat(np.arange(len(rings)), split)
    floor = np.arange(len(node)) - np.repeat(np.cumsum(split) - split, split)
    rise = (height / split)[node]
    last = floor == split[node] - 1
    of_use, of_class = [tables.USES[uses[i]] for i in node], [classes[i] for i in node]
    facade = shapes.perimeter[node] * rise
    openings = facade * np.array([u.openings for u in of_use])
    stands = np.array([structure[i] != "timber" for i in node], bool)
    floor_area = (area / split)[node]
    parts = np.ceil(
        floor_area / np.where(stands, [tables.DWELLINGS.get(uses[i], tables.DIVIDED) for i in node], tables.DIVIDED)
    )
    burning_area = floor_area / parts
    emitting = np.array(
        [u.openings if c.emitting is None else c.emitting for u, c in zip(of_use, of_class, strict=True)]
    )
    time = np.array([c.time_to_1mw or u.time_to_1mw for u, c in zip(of_use, of_class, strict=True)])
    inside = np.array([u.load for u in of_use])
    load = inside + np.array([c.load for c in of_class])
    fires = curve(
        growth_coefficient(time),
        peak_heat_release(
            np.array([u.hrrpua for u in of_use]),
            burning_area,
            np.maximum(openings, facade * emitting) / parts,
            tables.OPENING_HEIGHT,
        ),
        tables.FACTOR * 1e3 * load * floor_area,
    )
    combustible = np.array([cladding[i] == "combustible" for i in node], bool)
    stairs = np.where((storeys < tables.ENCLOSED_FROM)[node], tables.STAIRS, np.inf)
    walls = np.array([c.wall for c in of_class], bool)
    base = (ground[node]) + floor * rise
    return Buildings(
        outlines=shapes.take(node),
        building=node,
        base=base,
        top=base + rise,
        ground=ground[node],
        above=np.where(last, -1, np.arange(len(node)) + 1),
        floor_area=floor_area,
        facade=facade,
        opening_area=openings / parts,
        structure=np.array([tables.STRUCTURES.index(structure[i]) for i in node], np.int8),
        combustible=combustible,
        sprinklers=sprinklers[node],
        receiver=np.where(walls, WALL, np.where(shutters[node], NONE, OPENINGS)).astype(np.int8),
        fires=fires,
        parts=parts,
        draughty=np.where(stands, 0.0, inside / load / parts),
        climbs=np.where(combustible, 0.0, stairs),
        emitting=emitting / parts,
        roof=np.where(last, [c.roof for c in of_class], 0.0),
        throws=np.where(last, [c.throws for c in of_class], 0.0),
        catches=np.where(last, [c.catches for c in of_class], 0.0),
        assumed={name: dict(count) for name, count in sorted(known.assumed.items())},
    )


def _ground(known: _Known) -> Array:
    """Return the elevation at the foot, in m; where it is not known the median of the others."""
    found = known.numbers("ground", -500.0, 9000.0)
    missing = np.isnan(found)
    middle = float(np.median(found[~missing])) if not missing.all() else 0.0
    known.assume("ground", f"{middle:g} m, the median of the others", int(missing.sum()))
    return np.where(missing, middle, found)


def _heights(known: _Known) -> tuple[Array, NDArray[np.int64]]:
    """Return height in m and storeys, the one from the other where one is missing."""
    height, storeys = known.numbers("height", 0.5, tables.HIGHEST), known.numbers("storeys", 0.0, tables.MOST_STOREYS)
    no_height, no_storeys = np.isnan(height), np.isnan(storeys) | (storeys < 1)
    each = tables.STOREY_HEIGHT
    known.assume("height", f"{each:g} m per storey", int((no_height & ~no_storeys).sum()))
    known.assume("storeys", f"one per {each:g} m of height", int((no_storeys & ~no_height).sum()))
    known.assume("height", f"two storeys of {each:g} m", int((no_height & no_storeys).sum()))
    storeys = np.where(no_storeys, np.where(no_height, 2.0, np.maximum(1.0, np.round(height / each))), storeys)
    return np.where(no_height, storeys * each, height), np.round(storeys).astype(np.int64)


def _structures(known: _Known, storeys: NDArray[np.int64]) -> list[str]:
    """Return the structure of each building; where it is not known, masonry up to two storeys and concrete above."""
    found = known.words("structure", tables.STRUCTURES)
    for i, word in enumerate(found):
        if not word:
            low = storeys[i] <= 2
            found[i] = "masonry" if low else "concrete"
            known.missing("structure", i, "masonry up to 2 storeys" if low else "concrete from 3 storeys on")
    return found
