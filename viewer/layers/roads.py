"""Roads and railways of the city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.layers import address
from viewer.layers._shapes import FLAT, geojson, kinds_of, text_of
from viewer.memo import remember

if TYPE_CHECKING:
    import pydeck

    from twin.model.feature import Features
    from twin.store import City
    from viewer.layers import At

KINDS = ("road", "railway", "bridge", "underpass")

#: words by which registers and OpenStreetMap call roads that lead through the city
MAIN = ("motorway", "trunk", "primary", "secondary", "arterial", "major")

#: m, width of a line that says none, by group: local road, main road, railway; and of a way for people on foot
WIDTHS = (6.0, 16.0, 4.0)
FOOT, FOOT_WIDTH = ("footway", "path", "steps", "cycleway", "pedestrian"), 2.0


def group(batch: Features, row: int) -> int:
    """Return 0 for a local road, 1 for a main road, 2 for a railway."""
    if batch.kind == "railway":
        return 2
    word = text_of(batch, "class", row).lower()
    return int(any(m in word for m in MAIN))


def width(batch: Features, row: int) -> float:
    """Return the width of a road in m: as given, else three metres a lane, else what is usual for its group."""
    given, lanes = float(batch.numbers("width")[row]), float(batch.numbers("lanes")[row])
    if given > 0:
        return given
    if lanes > 0:
        return 3.0 * lanes
    return FOOT_WIDTH if text_of(batch, "class", row) in FOOT else WIDTHS[group(batch, row)]


@remember(size=4)
def _records(city: City, language: str) -> bytes:
    return geojson(city, KINDS, language, width=width, group=group)


class Roads:
    """Roads as lines of their width on the ground, main roads in another colour."""

    shows = KINDS
    order = 20

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a GeoJsonLayer, None where no road is known."""
        import pydeck

        if not set(KINDS) & kinds_of(city):
            return None
        colour = palette.expression(
            (palette.base("road"), palette.base("road_main"), palette.base("railway")),
            "properties.g",
            palette.base("road"),
        )
        return pydeck.Layer(
            "GeoJsonLayer",
            id="roads",
            data=address("roads", city, at),
            get_line_color=colour,
            get_fill_color=colour,
            get_line_width="properties.w",
            line_width_min_pixels=1,
            line_cap_rounded=True,
            line_joint_rounded=True,
            get_point_radius=3,
            parameters=FLAT,
        )

    def records(self, city: City, at: At) -> bytes:
        """Return GeoJSON."""
        return _records(city, at.language)


layer = Roads()
