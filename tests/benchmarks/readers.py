"""How fast readers turn files into features, without a store: footprints of a GeoPackage, solids in JSON and in XML."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ingest.readers import citygml, cityjson, vector
from ingest.reading import Reader, ReadOptions
from tests.measures import Measure
from twin.model.feature import Features

WEST, SOUTH = 200_000.0, 450_000.0


def corners(i: int) -> list[tuple[float, float, float]]:
    """Return the eight corners of the i-th box, m: the floor, then the roof."""
    x, y, top = WEST + i % 200 * 20, SOUTH + i // 200 * 20, 53.0 + i % 27
    return [(px, py, z) for z in (50.0, top) for px, py in ((x, y), (x + 10, y), (x + 10, y + 12), (x, y + 12))]


FACES = [[3, 2, 1, 0], [4, 5, 6, 7], *([k, (k + 1) % 4, 4 + (k + 1) % 4, 4 + k] for k in range(4))]


def footprints(path: Path, n: int) -> None:
    """Write n rectangles with the attributes of a building register."""
    import shapely
    from pyogrio import raw

    rng = np.random.default_rng(1)
    x, y = WEST + rng.random(n) * 30_000, SOUTH + rng.random(n) * 30_000
    columns = {
        "bd_mgt_sn": np.array([f"{i:025d}" for i in range(n)], dtype=object),
        "건물명": np.array([f"건물{i % 500}" for i in range(n)], dtype=object),
        "주용도": rng.choice(np.array(["단독주택", "아파트", "공장"], dtype=object), n),
        "높이": rng.random(n) * 30,
        "지상층수": rng.integers(1, 20, n),
    }
    wkb = shapely.to_wkb(shapely.box(x, y, x + 10, y + 12))
    raw.write(
        path, wkb, list(columns.values()), list(columns), layer="building", crs="EPSG:5186", geometry_type="Polygon"
    )


def solids_json(path: Path, n: int) -> None:
    """Write n boxes as CityJSON solids."""
    objects, vertices = {}, []
    for i in range(n):
        faces = [[[8 * i + k for k in face]] for face in FACES]
        vertices += [
            [round((px - WEST) * 1000), round((py - SOUTH) * 1000), round(pz * 1000)] for px, py, pz in corners(i)
        ]
        objects[f"B{i:06d}"] = {
            "type": "Building",
            "attributes": {"measuredHeight": 3.0 + i % 27, "storeysAboveGround": 1 + i % 9, "name": f"건물 {i}"},
            "geometry": [{"type": "Solid", "lod": "1", "boundaries": [faces]}],
        }
    head = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [0.001] * 3, "translate": [WEST, SOUTH, 0]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/5186"},
    }
    path.write_text(json.dumps({**head, "CityObjects": objects, "vertices": vertices}, ensure_ascii=False))


def solids_xml(path: Path, n: int) -> None:
    """Write n boxes as CityGML solids."""
    ring = "<gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>"
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" '
            'xmlns:bldg="http://www.opengis.net/citygml/building/2.0" xmlns:gml="http://www.opengis.net/gml">'
            '<gml:boundedBy><gml:Envelope srsName="EPSG:5186"/></gml:boundedBy>\n'
        )
        for i in range(n):
            box = [f"{x:.3f} {y:.3f} {z:.3f}" for x, y, z in corners(i)]
            rings = "".join(ring.format(" ".join(box[k] for k in (*face, face[0]))) for face in FACES)
            file.write(
                f'<core:cityObjectMember><bldg:Building gml:id="B{i}"><gml:name>건물 {i}</gml:name><bldg:measuredHeight uom="m">{3 + i % 27}'
                f"</bldg:measuredHeight><bldg:lod1Solid><gml:Solid><gml:exterior><gml:CompositeSurface>{rings}</gml:CompositeSurface>"
                "</gml:exterior></gml:Solid></bldg:lod1Solid></bldg:Building></core:cityObjectMember>\n"
            )
        file.write("</core:CityModel>")


def rate(reader: Reader, path: Path, n: int) -> float:
    """Return features per second of the better of two runs: the first also loads the libraries."""
    best = np.inf
    for _ in range(2):
        begin = time.perf_counter()
        found = sum(len(item) for item in reader.read(path, ReadOptions()) if isinstance(item, Features))
        best = min(best, time.perf_counter() - begin)
        if found != n:
            raise AssertionError(f"{reader.name}: {found} of {n} came back")
    return n / best


def measure(short: bool) -> Iterator[Measure]:
    """Yield footprints and buildings per second through the readers alone."""
    many, few = (4_000, 1_000) if short else (200_000, 20_000)
    cases = (
        ("reader.vector_footprints_per_s", vector.reader, "building.gpkg", footprints, many),
        ("reader.cityjson_buildings_per_s", cityjson.reader, "city.city.json", solids_json, few),
        ("reader.citygml_buildings_per_s", citygml.reader, "city.gml", solids_xml, few),
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, reader, file, write, n in cases:
            path = Path(folder) / file
            write(path, n)
            yield Measure(name, rate(reader, path, n), "s-1")
