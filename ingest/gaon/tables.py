"""Registers as tables with a place: Shapefile in CP949, GeoPackage, GeoParquet, CSV in CP949."""

from __future__ import annotations

import csv
import io
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from ingest.gaon import drains, people, plan, roads, sites, terrain, utilities, water
from ingest.gaon.city import district
from ingest.gaon.people import Entry

USE_WORDS = {
    "residential": "단독주택", "apartment": "공동주택", "commercial": "제2종근린생활시설", "office": "업무시설",
    "industrial": "공장", "agricultural": "동물및식물관련시설", "religious": "종교시설", "school": "교육연구시설",
    "hospital": "의료시설", "public": "공공용시설",
}  # fmt: skip
STRUCTURE_WORDS = {"timber": "목구조", "masonry": "벽돌구조", "concrete": "철근콘크리트구조", "steel": "일반철골구조"}
#: of GeoPackages: place and height, because crests, inverts and water levels are in them
SYSTEM = f"{plan.CRS}+{plan.VERTICAL[5:]}"
#: stands in every GeoPackage instead of the time of writing
STAMP = "2026-08-01T00:00:00.000Z"


def placed(shapes: list[Any]) -> Any:
    """Return local shapes in EPSG:5186, on whole centimetres."""
    moved = shapely.transform(np.asarray(shapes, dtype=object), lambda xy: xy + np.array([plan.WEST, plan.SOUTH]))
    return shapely.set_precision(moved, 0.01)


def write_shapefile(file: Path, entries: list[Entry]) -> None:
    """Write the building register (건물) as a Shapefile in CP949 with Korean column names of at most ten bytes."""
    import geopandas

    villas = {"villa": "다세대주택", "slab": "아파트", "hanok": "단독주택"}
    table = geopandas.GeoDataFrame(
        {
            "bd_mgt_sn": [e.register_id for e in entries],
            "pnu": [e.parcel_id for e in entries],
            "address_id": [e.address_id for e in entries],
            "건물명": [e.house.name or None for e in entries],
            "주용도": [villas.get(e.house.group, USE_WORDS[e.house.use]) for e in entries],
            "주구조": [STRUCTURE_WORDS[e.house.structure] for e in entries],
            "지상층수": np.array([e.house.storeys for e in entries], dtype=np.int32),
            "지하층수": np.array([e.house.basements for e in entries], dtype=np.int32),
            "반지하": ["Y" if e.house.half_basement else "N" for e in entries],
            "필로티": ["Y" if e.house.piloti else "N" for e in entries],
            "건물높이": [e.house.height for e in entries],
            "지반고": [e.ground for e in entries],
            "준공연도": np.array([e.house.year for e in entries], dtype=np.int32),
            "연면적": [e.house.floor_area for e in entries],
            "거주인구": np.array([e.residents for e in entries], dtype=np.int32),
            "도로명주소": [e.address for e in entries],
        },
        geometry=placed([e.house.area for e in entries]),
        crs=plan.CRS,
    )
    table.to_file(file, engine="pyogrio", encoding="CP949", layer_options={"DBF_DATE_LAST_UPDATE": STAMP[:10]})


def write_geopackage(file: Path, layers: list[tuple[str, dict[str, list[Any]], list[Any]]]) -> None:
    """Write layers (name, columns, local shapes) into one GeoPackage whose bytes do not tell when it was written."""
    import geopandas
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": STAMP})
    try:
        for number, (name, columns, shapes) in enumerate(layers):
            table = geopandas.GeoDataFrame(columns, geometry=placed(shapes), crs=SYSTEM)
            table.to_file(file, layer=name, driver="GPKG", engine="pyogrio", append=number > 0)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    with sqlite3.connect(file) as base:
        base.execute("update gpkg_contents set description = ?", (plan.FICTION,))
    base.close()


def land_layers() -> list[tuple[str, dict[str, list[Any]], list[Any]]]:
    """Return land use, forest stands, water, dike crests, underpasses, bridges over the railway and wards."""
    ground = [(name, shape) for name, shape in district().open if name != "forest"]
    woods = [part for name, shape in district().open if name == "forest" for part in stands(shape)]
    wet, dikes, dives = water.reaches(), water.dikes(), terrain.dives()
    spans = [r for r in roads.main() if r.level > 0]
    return [
        ("landuse", {
            "id": ids("LU", ground), "class": [n for n, _ in ground], "분류": [LAND_WORDS[n] for n, _ in ground],
        }, [s for _, s in ground]),
        ("forest_vegetation", {
            "id": ids("FR", woods), "class": ["forest" for _ in woods], "임상": [k for k, _, _ in woods],
            "fuel_model": [m for _, m, _ in woods],
        }, [s for *_, s in woods]),
        ("water", {
            "id": ids("WA", wet), "name": [n for n, *_ in wet], "class": [k for _, k, *_ in wet],
            "level": [z for _, _, z, _ in wet],
        }, [s for *_, s in wet]),
        ("levee", {
            "id": ids("LV", dikes), "name": [n for n, *_ in dikes], "구분": [b for _, b, *_ in dikes],
            "level": [min(v) for *_, v in dikes],
        }, [line for _, _, line, _ in dikes]),
        ("underpass", {
            "id": ids("UP", dives), "name": [n for n, *_ in dives], "depth": [d for _, d, _ in dives],
            "width": [2 * terrain.TRENCH_HALF for _ in dives],
        }, [shape for *_, shape in dives]),
        ("bridge", {
            "id": ids("BR", spans), "name": [f"{r.name} 과선교" for r in spans], "width": [r.width for r in spans],
        }, [r.area for r in spans]),
        ("boundary_읍면동", ward_columns(), wards()),
    ]  # fmt: skip


#: how the land use map calls a class
LAND_WORDS = {
    "pitch": "운동장", "park": "공원", "parking": "주차장", "farmland": "밭", "apartment": "공동주택지",
    "residential": "주택지", "commercial": "상업지", "industrial": "공업지", "grass": "하천부지",
}  # fmt: skip


#: kind of wood and its standard fuel model
STANDS = (("소나무림", 188), ("활엽수림", 182), ("혼효림", 165), ("소나무림", 188), ("리기다소나무림", 188))


def stands(forest: Any) -> list[tuple[str, int, Any]]:
    """Return the forest cut into stands: kind of wood, fuel model, area."""
    found = []
    for x in range(0, int(plan.WIDTH), 200):
        for y in range(0, int(plan.HEIGHT), 200):
            for part in shapely.get_parts(forest.intersection(shapely.box(x, y, x + 200, y + 200))):
                if part.geom_type == "Polygon" and part.area > 50:
                    wood, model = STANDS[(x // 200 * 7 + y // 200 * 11) % len(STANDS)]
                    found.append((wood, model, part))
    return found


def wards() -> list[Any]:
    """Return the areas of the wards: what is nearest to each one's centre."""
    centres = shapely.MultiPoint([w[2:] for w in people.WARDS])
    cells = shapely.get_parts(
        shapely.voronoi_polygons(centres, extend_to=shapely.box(0, 0, plan.WIDTH, plan.HEIGHT).buffer(10))
    )
    whole = shapely.box(0, 0, plan.WIDTH, plan.HEIGHT)
    return [next(c for c in cells if c.contains(p)).intersection(whole) for p in centres.geoms]


def ward_columns() -> dict[str, list[Any]]:
    """Return code and name of the wards."""
    return {
        "adm_cd": [f"{plan.DISTRICT}{w[0]}00" for w in people.WARDS],
        "name": [f"{plan.CITY} {w[1]}" for w in people.WARDS],
    }


def utility_layers() -> list[tuple[str, dict[str, list[Any]], list[Any]]]:
    """Return hydrants, pumps, the pipes of the storm drains, and their outfalls, manholes and inlets."""
    hydrants, pumps = utilities.hydrants(), utilities.pumps()
    (pipes, _), points = drains.network(), drains.points()
    return [
        ("hydrant", {"id": ids("HY", hydrants), "형식": [k for k, _ in hydrants]}, [p for _, p in hydrants]),
        ("pump", {
            "id": ids("PU", pumps), "name": [n for n, *_ in pumps], "rate": [r for _, r, _ in pumps],
        }, [p for *_, p in pumps]),
        ("drain", {
            "id": ids("DR", pipes), "관경": [p.diameter for p in pipes], "level_up": [p.top for p in pipes],
            "level_down": [p.foot for p in pipes],
        }, [p.line for p in pipes]),
        ("drain_point", {
            "id": ids("DP", points), "class": [c for c, *_ in points], "inlet_area": [a for _, a, *_ in points],
            "level": [z for *_, z, _ in points],
        }, [p for *_, p in points]),
    ]  # fmt: skip


def ids(prefix: str, rows: Any) -> list[str]:
    """Return an id for every row."""
    return [f"GAON-{prefix}-{k + 1:05d}" for k in range(len(rows))]


def write_population(file: Path) -> None:
    """Write the 100 m population grid as GeoParquet."""
    import geopandas

    cells = people.population()
    table = geopandas.GeoDataFrame(
        {"id": [c[0] for c in cells], "인구": [c[2] for c in cells], "세대수": [c[3] for c in cells]},
        geometry=placed([c[1] for c in cells]), crs=plan.CRS,
    )  # fmt: skip
    table.to_parquet(file, index=False, compression="zstd")


def write_shelters(file: Path) -> None:
    """Write the shelters (이재민 임시주거시설) as CSV in CP949, longitude and latitude, with its declaration."""
    from pyproj import Transformer

    turn = Transformer.from_crs(plan.CRS, "EPSG:4326", always_xy=True)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(["대피소번호", "대피소명", "시설구분", "수용가능인원", "경도", "위도", "비고"])
    for number, place in enumerate((p for p in sites.places() if p.site.shelter), 1):
        x, y = place.ground.centroid.coords[0]
        lon, lat = turn.transform(x + plan.WEST, y + plan.SOUTH)
        table.writerow(
            [
                f"{number:03d}",
                place.site.name,
                "이재민 임시주거시설",
                place.site.shelter,
                f"{lon:.7f}",
                f"{lat:.7f}",
                "가상",
            ]
        )
    file.write_bytes(text.getvalue().encode("cp949"))
    file.with_name(file.name + ".toml").write_text(
        f"# {plan.FICTION}\n"
        'content = "points"\nencoding = "cp949"\nid = "대피소번호"\nkind = "shelter"\nlayer = "shelter"\n'
        'x = "경도"\ny = "위도"\ncrs = "EPSG:4326"\ntexts = ["대피소번호"]\n'
        '[attributes]\n"대피소명" = "name"\n"시설구분" = "class"\n"수용가능인원" = "capacity"\n',
        "utf-8",
    )
