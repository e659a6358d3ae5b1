"""A village of three dozen homes round a basin, with an underpass, a shelter, a pump and a levee: what a response is tested on.

Rain gathers in the basin, a stream stands behind the levee in the east. 200 m by 200 m; a run with agents takes a
second or two.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from tests.runs.town import CRS, SOUTH, WEST, batch
from twin import store
from twin.model.feature import Features
from twin.model.field import Field, Grid
from twin.model.observation import Datastream, Observations, Thing
from twin.store import City

CELL = 5.0
GRID = Grid(CRS, WEST, SOUTH, CELL, 40, 40)
#: centre of the basin in m from the corner, its radius and depth
BASIN = (130.0, 100.0, 45.0, 3.0)
UNDER = "U-1"
#: a home in the deepest of the basin, and one on the hill
LOW, HIGH = "home-26", "home-00"

FLOOD = """
title = "마을에 비"
title_en = "Rain on a village"
hazard = "flood"
start = 2026-07-15T15:00:00+09:00
duration_min = 20
frame_every_min = 10
cell_m = 10
seed = 3
edges = "closed"
[rain]
times_min = [0, 10, 20]
mm_per_h = [150, 240, 0]
[[inflow]]
name = "개울"
x = 200192
y = 450100
radius_m = 6
times_min = [0, 20]
m3_per_s = [2, 2]
[flood]
order = 1
[ensemble]
rain_cv = 0.3
"""
FIRE = """
title = "마을에 불"
title_en = "A fire in the village"
hazard = "fire"
start = 2026-04-11T08:00:00+09:00
duration_min = 30
frame_every_min = 10
cell_m = 5
seed = 3
[weather]
wind_m_per_s = 8
wind_from_deg = 270
humidity_percent = 20
temperature_c = 20
moisture_percent = {1h = 5, 10h = 6, 100h = 7, herb = 40, woody = 70}
[[ignition]]
name = "부엌"
at_min = 2
target = "home-12"
[fire]
spotting = "off"
"""
RESPONSE = """
[response]
cycle_min = 10
horizon_min = 15
members = 2
forecast_cell_m = 20
proof_cell_m = 20
gauge_delay_min = 1
report_after_min = 1
[[response.force]]
kind = "crew"
number = 2
at = "S-1"
[[response.force]]
kind = "pump_crew"
at = "S-1"
[[response.force]]
kind = "police"
at = "S-1"
[[response.force]]
kind = "engine"
number = 2
at = "S-1"
seats = 4
"""
DRILL = FLOOD + RESPONSE
BREACH = """
[[measure]]
kind = "breach"
target = "L-1"
at_min = 6
width_m = 40
"""

#: three persons: an operator for level 2, and two who together carry level 3
POLICY = """
version = "test"
expiry_min = 20
[[role]]
id = "operator"
ko = "근무자"
en = "operator"
levels = [2]
kinds = ["*"]
[[role]]
id = "chief"
ko = "실장"
en = "chief"
levels = [2, 3]
kinds = ["*"]
[[role]]
id = "department"
ko = "부서"
en = "department"
levels = [3]
kinds = ["*"]
[[person]]
id = "park"
ko = "박일손"
en = "Park Ilson"
roles = ["operator"]
[[person]]
id = "kim"
ko = "김실장"
en = "Kim Siljang"
roles = ["chief"]
[[person]]
id = "lee"
ko = "이담당"
en = "Lee Damdang"
roles = ["department"]
[level3]
roles = ["chief", "department"]
"""
PLAYERS = """
[[player]]
person = "park"
role = "operator"
after_min = 1
approves = ["*"]
[[player]]
person = "kim"
role = "chief"
after_min = 1
approves = ["*"]
[[player]]
person = "lee"
role = "department"
after_min = 2
approves = ["*"]
"""
EXERCISE = POLICY.replace("expiry_min = 20", "expiry_min = 20\nexercise = true") + PLAYERS


def ground() -> np.ndarray:
    """Return (ny, nx) m: a plane falling 1 % to the east, with a parabolic basin in it."""
    x = (np.arange(GRID.nx) + 0.5) * CELL
    y = ((np.arange(GRID.ny) + 0.5) * CELL)[:, None]
    u, v, radius, depth = BASIN
    return 20 - 0.01 * x - depth * np.maximum(0, 1 - ((x - u) ** 2 + (y - v) ** 2) / radius**2)


PLACES = [(x, y) for x in (20, 46, 72, 110, 136, 162) for y in (20, 50, 80, 106, 136, 166)]
N = len(PLACES)
HOMES = batch(
    "building",
    [f"home-{i:02d}" for i in range(N)] + ["H-1"],
    [*(shapely.box(x, y, x + 8, y + 8) for x, y in PLACES), shapely.box(4, 180, 14, 190)],
    name=[None] * N + ["의원"],
    use=["residential"] * N + ["hospital"],
    structure=["wood"] * N + ["reinforced_concrete"],
    height=[6.0] * (N + 1),
    storeys=[2] * (N + 1),
    residents=[4] * N + [0],
    half_basement=[i % 2 == 0 for i in range(N)] + [False],
    first_floor=[0.2] * (N + 1),
)
STREETS = {f"R-{n}": (n, [(4, y), (176, y)]) for n, y in enumerate((36, 95, 152))}
STREETS |= {f"R-{n + 3}": (n, [(x, 4), (x, 190)]) for n, x in enumerate((36, 100, 150))}
ROADS = batch(
    "road",
    list(STREETS),
    [shapely.LineString(line) for _, line in STREETS.values()],
    name=[f"{id_}길" for id_ in STREETS],
    width=[6.0] * 6,
    lanes=[2] * 6,
    **{"class": ["residential"] * 6},
    bridge=[True, None, None, None, None, None],
    tunnel=[None, None, None, None, True, None],
)
MORE = (
    batch("shelter", ["S-1"], [shapely.Point(10, 30)], name=["학교"], capacity=[60]),
    batch("underpass", [UNDER], [shapely.box(96, 104, 104, 140)], name=["마을 지하차도"], depth=[3.0]),
    batch("pump", ["P-1"], [shapely.Point(128, 100)], name=["배수펌프"], rate=[0.4]),
    batch("levee", ["L-1"], [shapely.LineString([(182, 0), (182, 200)])], name=["둑"], level=[21.0]),
    batch(
        "boundary",
        ["west", "east"],
        [shapely.box(0, 0, 105, 200), shapely.box(105, 0, 200, 200)],
        name=["서동", "동동"],
    ),
)


def gauges() -> Observations:
    """Return a rain gauge and a level gauge at the stream, without readings of their own."""
    things = [
        Thing("rain", "우량계", (WEST + 30, SOUTH + 100), CRS),
        Thing("level", "수위계", (WEST + 192, SOUTH + 100), CRS),
    ]
    streams = [Datastream("rain/r", "rain", "rain_rate", "m s-1"), Datastream("level/l", "level", "water_level", "m")]
    none = np.zeros(0)
    return Observations(
        things, streams, none.astype(np.int32), none.astype("datetime64[us]"), none, none.astype(np.int64)
    )


def village(folder: Path, *more: Features) -> City:
    """Return an open twin of the village."""
    city = store.create(folder / "village.twin", crs=CRS, vertical="EPSG:5193")
    with city.writing(file="village", sha256="0" * 64, reader="test") as tx:
        tx.raster(Field("elevation", ground(), GRID, "EPSG:5193"), "ground")
        for features in (HOMES, ROADS, *MORE, *more):
            tx.features(features)
        tx.observations(gauges())
        tx.finish({})
    return city


def written(folder: Path, **files: str) -> dict[str, Path]:
    """Return the paths of documents with these texts."""
    found: dict[str, Path] = {}
    for name, text in files.items():
        found[name] = folder / f"{name}.toml"
        found[name].write_text(text, encoding="utf-8")
    return found
