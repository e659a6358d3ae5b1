"""Buildings in three dimensions, coloured by the water that reaches them, by how likely harm is, or by their height.

Where the run is a fire they are plain: what burns has a layer of its own over them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from viewer import palette
from viewer.chances import Chance, chances
from viewer.damage import depths
from viewer.ground import lon_lat
from viewer.hazards import floods, indoors
from viewer.layers import address
from viewer.layers._shapes import kinds_of, text_of
from viewer.memo import remember
from viewer.plain import plain
from viewer.words import kind_label, known_label, say

if TYPE_CHECKING:
    import pydeck

    from twin.model.feature import Features
    from twin.store import City
    from viewer.layers import At

#: m, height of a storey where only their number is known, and of a building of which nothing is known
STOREY, UNKNOWN = 3.0, 3.0


def whole_buildings(city: City) -> Features:
    """Return the buildings that are no part of another, as they are counted by the assessment."""
    batch = city.features.read("building")
    if batch.parents is None:
        return batch
    return batch.take(np.array([parent is None for parent in batch.parents], dtype=bool))


def heights(batch: Features) -> tuple[np.ndarray, np.ndarray]:
    """Return heights (n,) m, from storeys where no height is known, and a mask of those that are not measured."""
    height, storeys = batch.numbers("height"), batch.numbers("storeys")
    guessed = ~(height > 0)
    drawn = np.where(guessed, np.where(storeys > 0, STOREY * storeys, UNKNOWN), height)
    return drawn, guessed


@remember(size=8)
def _records(city: City, run: str, language: str) -> bytes:
    import shapely

    batch = whole_buildings(city)
    height, guessed = heights(batch)
    wet = depths(city, run)
    depth = np.asarray([wet.get(i, np.nan) for i in batch.ids])
    of_depth, of_height = palette.scale("depth").classify(depth), palette.scale("height").classify(height)
    label = palette.scale("depth").labels
    likely, share, water = chances(city, run), palette.scale("probability"), floods(city, run)
    percent = np.asarray([likely[i].share * 100 if i in likely else np.nan for i in batch.ids])
    of_share = share.classify(percent)
    rows = np.flatnonzero(~shapely.is_missing(batch.geometry) & ~shapely.is_empty(batch.geometry))
    records = []
    for row, geometry in zip(rows.tolist(), lon_lat(batch.geometry[rows], batch.crs), strict=True):
        lines = [plain(text_of(batch, "name", row)) or kind_label("building", language)]
        lines.append(plain(known_label("use", text_of(batch, "use", row), language)))
        key = "tip_height_guessed" if guessed[row] else "tip_height"
        lines.append(say(key, language, height=f"{height[row]:.1f}"))
        if water:
            dry = say("tip_dry", language)
            lines.append(
                dry
                if of_depth[row] < 0
                else say("tip_depth", language, depth=f"{depth[row]:.2f}", label=label[of_depth[row]])
            )
        if batch.ids[row] in likely:
            lines.append(_chance(likely[batch.ids[row]], language, water=water))
        for part in shapely.get_parts(geometry):
            rings = [part.exterior, *part.interiors]
            records.append(
                {
                    "p": [shapely.get_coordinates(ring).tolist() for ring in rings],
                    "h": round(float(height[row]), 1),
                    "d": int(of_depth[row]),
                    "k": int(of_height[row]),
                    "tip": "\n".join(filter(None, lines)),
                }
                | ({"q": int(of_share[row])} if likely else {})
            )
    return json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode()


def _chance(here: Chance, language: str, *, water: bool) -> str:
    percent = f"{100 * here.share:.0f}"
    if not water:
        return say("tip_burn_chance", language, percent=percent)
    depths_ = {name: f"{depth or 0.0:.2f}" for name, depth in here.quantiles.items()}
    return say("tip_chance", language, percent=percent, **depths_)


#: what colours the buildings -> its palette, and the field of a record that holds the class
COLOURS = {"depth": ("depth", "d"), "height": ("height", "k"), "probability": ("probability", "q")}


class Buildings:
    """Footprints drawn up to the height of the roof."""

    shows = ("building",)
    order = 40

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a PolygonLayer, None where no building is known, or where the run looks into one."""
        import pydeck

        if "building" not in kinds_of(city) or indoors(city, at.run):
            return None
        colour: str | list[int] = list(palette.base("dry_building"))
        if at.colour in COLOURS or not at.run:
            name, key = COLOURS[at.colour if at.run else "height"]
            colour = palette.expression(palette.scale(name).colours, key, palette.base("dry_building"))
        return pydeck.Layer(
            "PolygonLayer",
            id="buildings",
            data=address("buildings", city, at, run=True),
            get_polygon="p",
            get_elevation="h",
            get_fill_color=colour,
            update_triggers={"getFillColor": at.colour},
            extruded=True,
            pickable=True,
            auto_highlight=True,
            highlight_color=[11, 93, 87, 160],
            material={"ambient": 0.55, "diffuse": 0.55, "shininess": 24, "specularColor": [50, 50, 50]},
        )

    def records(self, city: City, at: At) -> bytes:
        """Return one record per body: `p` rings, `h` m, `tip`; `d`, `k`, `q`: classes of depth, height, probability."""
        return _records(city, at.run, at.language)


layer = Buildings()
