"""Roads, railway and water as an OpenStreetMap XML file, junctions shared, bridges and underpasses tagged."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from ingest.gaon import plan, roads, sites, terrain, water
from ingest.gaon.city import district
from ingest.gaon.gates import cornered, gates_of
from ingest.gaon.roads import Road
from ingest.gaon.shapes import DOMAIN, beside, lines

STAMP = "2026-08-01T00:00:00Z"


@dataclass(slots=True)
class Map:
    """Nodes by their local centimetres, ways as node numbers with tags."""

    nodes: dict[tuple[int, int], int] = field(default_factory=dict)
    tags: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)

    def way(self, line: BaseGeometry, tags: dict[str, str]) -> None:
        """Add a way along `line`; a ring is closed."""
        numbers: list[int] = []
        for x, y in np.round(shapely.get_coordinates(line) * 100).astype(int).tolist():
            number = self.nodes.setdefault((x, y), len(self.nodes) + 1)
            if not numbers or numbers[-1] != number:
                numbers.append(number)
        if len(numbers) > 1:
            self.ways.append((numbers, tags))


def write(file: Path) -> None:
    """Write the map; geographic coordinates to 1e-7 degree."""
    from pyproj import Transformer

    made = Map()
    streets = pieces()
    gates = gates_of(streets)
    meet = np.round([c for line, _ in gates for c in line.coords], 2).reshape(-1, 2)
    flat = iter(cornered([line for line, road in streets if not road.level], meet))
    for line, road in streets:
        made.way(line if road.level else next(flat), road_tags(road))
    for line, road in gates:
        made.way(line, road_tags(road))
    track = {"railway": "rail", "name": "가온선", "gauge": "1435", "electrified": "contact_line", "embankment": "yes"}
    for side in ("left", "right"):
        for line in lines(beside(terrain.railway(), 2.1, side).simplify(0.1).intersection(DOMAIN)):
            made.way(line, track)
    for (name, kind, _), axis in zip(water.surface(), (terrain.river(), terrain.stream()), strict=True):
        width = (plan.RIVER_HALF if kind == "river" else plan.STREAM_HALF)[1] * 2
        made.way(axis.intersection(DOMAIN).simplify(0.2), {"waterway": kind, "name": name, "width": f"{width:g}"})
    for place in sites.places():
        if place.site.use == "station":
            x, y = np.round(np.array(place.ground.centroid.coords[0]) * 100).astype(int).tolist()
            made.tags[made.nodes.setdefault((x, y), len(made.nodes) + 1)] = {
                "railway": "station", "name": place.site.name, "name:en": place.site.name_en,
            }  # fmt: skip
    keys = np.array(list(made.nodes), dtype=float) / 100
    lon, lat = Transformer.from_crs(plan.CRS, "EPSG:4326", always_xy=True).transform(
        keys[:, 0] + plan.WEST, keys[:, 1] + plan.SOUTH
    )
    text = [
        "<?xml version='1.0' encoding='UTF-8'?>",
        '<osm version="0.6" generator="gaon (fictional data)">',
        f"<!-- {plan.FICTION} -->",
    ]
    common = f'version="1" timestamp="{STAMP}" changeset="1" uid="1" user="gaon" visible="true"'
    for number, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), 1):
        head = f'<node id="{number}" {common} lat="{y:.7f}" lon="{x:.7f}"'
        text.append(f"{head}>{_tags(made.tags[number])}</node>" if number in made.tags else f"{head}/>")
    for number, (refs, tags) in enumerate(made.ways, 1):
        body = "".join(f'<nd ref="{r}"/>' for r in refs)
        text.append(f'<way id="{number}" {common}>{body}{_tags(tags)}</way>')
    file.write_text("\n".join([*text, "</osm>", ""]), "utf-8")


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items() if v)


def road_tags(road: Road) -> dict[str, str]:
    """Return the tags of a piece of road."""
    tags = {"highway": road.grade, "name": road.name, "name:en": road.name_en}
    if road.grade not in ("service", "footway", "living_street"):
        tags |= {"lanes": str(road.lanes)}
    tags |= {"width": f"{road.width:g}"}
    if road.level > 0:
        tags |= {"bridge": "yes", "layer": "1"}
    if road.level < 0:
        tags |= {"tunnel": "yes", "layer": "-1", "description": f"{road.name} 지하차도"}
    return tags


def pieces() -> list[tuple[LineString, Road]]:
    """Return pieces of road between junctions; a road over water is a bridge, and meets nothing there."""
    spans = roads.bridges()
    flat: list[Road] = []
    found: list[tuple[LineString, Road]] = []
    for road in district().roads:
        inside = road.line.intersection(DOMAIN)
        if road.level:
            found += [(line, road) for line in lines(inside, 0.5)]
            continue
        flat += [replace(road, line=line) for line in lines(inside.difference(spans), 0.5)]
        found += [(line, replace(road, level=1)) for line in lines(inside.intersection(spans), 0.5)]
    noded = shapely.node(shapely.set_precision(shapely.MultiLineString([r.line for r in flat]), 0.01))
    parts = np.asarray([p for p in shapely.get_parts(noded) if p.length > 0.3], dtype=object)
    parent = shapely.STRtree([r.line for r in flat]).nearest(
        shapely.line_interpolate_point(parts, 0.5, normalized=True)
    )
    found += [(part, flat[i]) for part, i in zip(parts, parent.tolist(), strict=True)]
    return sorted(found, key=lambda f: (f[1].name, f[1].grade, *f[0].coords[0], *f[0].coords[-1]))
