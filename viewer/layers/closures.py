"""Roads and underpasses that water closes at the moment, or at any time of the run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from viewer import palette
from viewer.damage import impact
from viewer.ground import lon_lat
from viewer.hazards import floods
from viewer.layers import address
from viewer.layers._shapes import FLAT
from viewer.layers.roads import width
from viewer.memo import remember
from viewer.moments import span
from viewer.plain import plain
from viewer.words import kind_label, say

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At

#: class of vehicle -> fields of a record that hold from when until when it cannot pass, in s; -1 for never
VEHICLES = {"small_car": ("a0", "a1"), "large_vehicle": ("b0", "b1")}

#: s, until when a road is closed that does not open again
ALWAYS = 1e9


def closed(city: City, run: str) -> dict[str, dict[str, Any]]:
    """Return id of a road or underpass -> when it is closed to each class of vehicle; of the parts of a thing alike."""
    if not floods(city, run):
        return {}
    facts = impact(city, run)
    found = {str(road["id"]): road for road in facts["roads"]["closed"]}
    for underpass in facts["underpasses"]:
        if any(underpass["closed"].values()):
            found |= dict.fromkeys(map(str, underpass["parts"]), underpass)
    return found


@remember(size=4)
def _records(city: City, run: str, language: str) -> bytes:
    import shapely

    found, features = closed(city, run), []
    for kind in ("road", "underpass"):
        if not found or not city.features.count(kind):
            continue
        batch = city.features.read(kind)
        rows = np.flatnonzero(np.isin(batch.ids, list(found)) & ~shapely.is_missing(batch.geometry))
        for row, geometry in zip(rows.tolist(), lon_lat(batch.geometry[rows], batch.crs), strict=True):
            here = found[batch.ids[row]]
            properties: dict[str, Any] = {
                "w": round(width(batch, row), 1),
                "tip": _tip(city, run, kind, here, language),
            }
            for vehicle, (begin, end) in VEHICLES.items():
                when = here["closed"].get(vehicle)
                properties[begin] = when["from_s"] if when else -1
                properties[end] = -1 if not when else ALWAYS if when["until_s"] is None else when["until_s"]
            features.append({"type": "Feature", "geometry": geometry.__geo_interface__, "properties": properties})
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def _tip(city: City, run: str, kind: str, here: dict[str, Any], language: str) -> str:
    lines = [plain(here["name"] or kind_label(kind, language))]
    lines += [
        f"{say('closed_to_' + vehicle, language)} {span(city, run, here['closed'].get(vehicle), language)}"
        for vehicle in VEHICLES
    ]
    return "\n".join(lines)


def colours(time: float | None) -> str:
    """Return a deck.gl expression: dark where no vehicle passes at `time` s, lighter where large ones do, else clear.

    time  None: at any time of the run
    """
    every, some = [*palette.base("closed"), 255], [*palette.base("closed_some"), 255]
    if time is None:
        return f"properties.b1 > 0 ? {every} : {some}"
    large = f"properties.b0 <= {time:g} && {time:g} < properties.b1"
    small = f"properties.a0 <= {time:g} && {time:g} < properties.a1"
    return f"({large}) ? {every} : (({small}) ? {some} : [0, 0, 0, 0])"


class Closures:
    """Closed roads as lines along their middle, closed underpasses as areas."""

    shows = ("road", "underpass")
    order = 35

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a GeoJsonLayer, None without a run or where nothing is ever closed."""
        import pydeck

        if not at.run or not closed(city, at.run):
            return None
        colour = colours(at.time)
        return pydeck.Layer(
            "GeoJsonLayer",
            id="closures",
            data=address("closures", city, at, run=True),
            get_line_color=colour,
            get_fill_color=colour,
            update_triggers={"getLineColor": at.time, "getFillColor": at.time},
            get_line_width=3,
            line_width_min_pixels=3,
            line_width_max_pixels=5,
            pickable=True,
            parameters=FLAT,
        )

    def records(self, city: City, at: At) -> bytes:
        """Return GeoJSON with `a0`, `a1`, `b0`, `b1` s of `VEHICLES`."""
        return _records(city, at.run, at.language) if at.run else b'{"type":"FeatureCollection","features":[]}'


layer = Closures()
