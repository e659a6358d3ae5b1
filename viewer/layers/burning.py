"""Buildings that a fire heats, burns or has burnt, in the colour of their state at the moment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from viewer import palette
from viewer.blaze import STATES, Fate, fates
from viewer.ground import lon_lat
from viewer.layers import address
from viewer.layers._shapes import text_of
from viewer.layers.buildings import heights, whole_buildings
from viewer.memo import remember
from viewer.moments import short
from viewer.plain import plain
from viewer.words import kind_label, known_label, say

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At

#: m, how far the coloured shell stands off the walls and the roof of its building
SHELL = 0.25

#: characters of an id that tell a building without a name from its neighbours
DIGITS = 6

#: metres on a side of a mitre, as a multiple of the shell
MITRE = 2.0


@remember(size=8)
def names(city: City, language: str) -> dict[str, str]:
    """Return building id -> its name, or its use and the last digits of its id."""
    batch, called = whole_buildings(city), {}
    for row, (id_, name) in enumerate(zip(batch.ids, batch.column("name"), strict=True)):
        use = known_label("use", text_of(batch, "use", row), language) or kind_label("building", language)
        called[id_] = plain(name or f"{use} #{id_[-DIGITS:]}")
    return called


def history(city: City, run: str, fate: Fate, language: str) -> list[str]:
    """Return what became of a building as lines: when and by what it began to burn, when it ended and how."""
    if fate.ignited is None:
        return [say("tip_heated", language)]
    lines = [say("tip_ignited", language, clock=short(city, run, fate.ignited), cause=origin(city, fate, language))]
    last = fate.state(-1)
    if fate.ended is not None and last > STATES.index("burning") + 1:
        lines.append(say(f"tip_{STATES[last - 1]}", language, clock=short(city, run, fate.ended)))
    return lines


def origin(city: City, fate: Fate, language: str) -> str:
    """Return what set a building on fire, and which building that was."""
    cause = plain(known_label("cause", fate.cause or "unknown", language))
    called = names(city, language)
    if fate.by not in called:  # burning vegetation is told by its place, which says nothing to people
        return cause
    return say("cause_by", language, cause=cause, building=called[fate.by])


@remember(size=4)
def _records(city: City, run: str, language: str) -> bytes:
    import shapely

    of = {fate.id: fate for fate in fates(city, run)}
    batch = whole_buildings(city)
    here = np.isin(batch.ids, list(of)) & ~shapely.is_missing(batch.geometry) & ~shapely.is_empty(batch.geometry)
    batch = batch.take(here)
    height, _ = heights(batch)
    grown = shapely.buffer(batch.geometry, SHELL, join_style="mitre", mitre_limit=MITRE)
    records, called = [], names(city, language)
    for row, geometry in enumerate(lon_lat(grown, batch.crs)):
        fate = of[batch.ids[row]]
        structure = known_label("structure", text_of(batch, "structure", row), language)
        lines = [called[batch.ids[row]], plain(structure), *history(city, run, fate, language)]
        for part in shapely.get_parts(geometry):
            rings = [part.exterior, *part.interiors]
            records.append(
                {
                    "p": [shapely.get_coordinates(ring).tolist() for ring in rings],
                    "h": round(float(height[row]) + SHELL, 2),
                    "s": fate.states.tolist(),
                    "tip": "\n".join(filter(None, lines)),
                }
            )
    return json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode()


def colours(index: int) -> str:
    """Return a deck.gl expression: the colour of a record's state in frame `index`, clear where it is untouched."""
    text = "[0, 0, 0, 0]"
    for number, colour in enumerate(palette.scale("building_fire").colours, 1):
        text = f"s[{index}] == {number} ? {[*colour, 255]} : {text}"
    return text


class Burning:
    """A shell around each building that the fire touches. All moments travel once; the clock picks the colour."""

    shows = ("building_fire",)
    order = 41

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a PolygonLayer; None where no building burns, or where buildings show something else."""
        import pydeck

        if not at.run or at.colour != "fire" or not fates(city, at.run):
            return None
        index = at.index if at.time is not None else len(fates(city, at.run)[0].states) - 1
        return pydeck.Layer(
            "PolygonLayer",
            id="burning",
            data=address("burning", city, at, run=True),
            get_polygon="p",
            get_elevation="h",
            get_fill_color=colours(index),
            update_triggers={"getFillColor": index},
            extruded=True,
            pickable=True,
            auto_highlight=True,
            highlight_color=[11, 93, 87, 160],
            material={"ambient": 0.7, "diffuse": 0.45, "shininess": 24, "specularColor": [50, 50, 50]},
        )

    def records(self, city: City, at: At) -> bytes:
        """Return one record per body: `p` rings, `h` m, `s` the state in each frame, `tip`."""
        return _records(city, at.run, at.language) if at.run else b"[]"


layer = Burning()
