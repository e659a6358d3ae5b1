"""What is wrong with a fire is said in one line before the first step, with the file and the value; what is odd, in its findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tests.journeys.session import answer, command
from tests.runs.town import CRS, TERRAIN, batch, ground
from twin import runs, store
from twin.errors import TwinError
from twin.model.feature import Features
from twin.model.field import Field
from twin.store import City

HEAD = """
title = "풀밭 화재"
title_en = "Grass fire"
hazard = "fire"
start = 2026-04-11T11:00:00+09:00
duration_min = 10
frame_every_min = 5
cell_m = 5
"""
WEATHER = """
[weather]
wind_m_per_s = 8
wind_from_deg = 270
temperature_c = 18
humidity_percent = 30
"""
GRASS = '[[ignition]]\nname = "풀밭"\nx = 200100.0\ny = 450100.0\n'
HOUSE = '[[ignition]]\nname = "집"\ntarget = "H-0"\n'
FIRE = HEAD + WEATHER + GRASS
MEASURE = FIRE + "[[measure]]\nat_min = 2\n"
ENSEMBLE = FIRE + "[ensemble]\nmembers = 3\n"
FROM = "from = [200010.0, 450100.0]\n"


def fuel() -> np.ndarray:
    """Return grass in the west, built ground in the east, a pond in the south-west corner."""
    models = np.full(TERRAIN.shape, 91.0)
    models[:, :38] = 102
    models[:10, :10] = 98
    return models


def houses(shapes: list[object] | None = None, **attributes: list[Any]) -> Features:
    """Return houses of timber 4 m apart, or other shapes, with other attributes."""
    boxes = [shapely.box(u, v, u + 10, v + 10) for v in (90, 104) for u in (202, 216, 230)]
    shapes = boxes if shapes is None else shapes
    count = len(shapes)
    usual: dict[str, list[Any]] = {
        "use": ["residential"] * count,
        "structure": ["timber"] * count,
        "height": [6.0] * count,
        "storeys": [2] * count,
        "residents": [3] * count,
    }
    return batch("building", [f"H-{i}" for i in range(count)], shapes, **(usual | attributes))


def city_of(
    folder: Path,
    *things: Features,
    terrain: np.ndarray | None = None,
    models: np.ndarray | None = None,
    bare: bool = False,
) -> City:
    """Return an open twin of grass and six houses; `things` instead of the houses, `bare`: no map of fuel."""
    city = store.create(folder / "town.twin", crs=CRS, vertical="EPSG:5193")
    with city.writing(file="dem.tif", sha256="0" * 64, reader="test") as tx:
        tx.raster(Field("elevation", ground() if terrain is None else terrain, TERRAIN, "EPSG:5193"), "ground")
        if not bare:
            tx.raster(Field("fuel_model", fuel() if models is None else models, TERRAIN, ""), "fuel")
        for features in things or (houses(),):
            tx.features(features)
        tx.finish({})
    return city


def document(folder: Path, text: str = FIRE) -> Path:
    path = folder / "fire.toml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with city_of(tmp_path_factory.mktemp("town")) as city:
        yield city


def refused(city: City, file: Path, run: Callable[..., object] = runs.simulate, **options: object) -> str:
    """Return what a scenario is refused with: one line that names its file, before any step, and nothing is kept."""
    begun: list[float] = []
    with pytest.raises(TwinError) as caught:
        run(city, file, progress=lambda share, _left: begun.append(share), **options)
    said = str(caught.value)
    assert begun == []
    assert "\n" not in said
    assert "np." not in said
    assert city.runs.list() == []
    return said


def told(city: City, file: Path) -> dict[str, str]:
    """Return what the findings of a run say, by their codes; it goes to its end and its energy adds up."""
    run = runs.simulate(city, file, threads=1)
    assert run.status == "done"
    assert abs(run.budget.error_relative) <= 1e-6
    out: dict[str, str] = {}
    for finding in runs.findings_of(city, run.id):
        out[finding["code"]] = f"{out.get(finding['code'], '')} {finding['message']}".strip()
    return out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FIRE.replace("= 30", "= 130"), r"humidity_percent\[0\] .*found 130\)"),
        (FIRE.replace("= 30\n", "= 30\nmoisture_percent = {1h = 6000}\n"), r"moisture_percent\.1h\[0\] .*found 6000\)"),
        (FIRE.replace("= 30\n", "= 30\nmoisture_percent = {herb = -5}\n"), r"moisture_percent\.herb\[0\] .*found -5\)"),
        (FIRE.replace("= 30\n", "= 30\nmoisture_percent = {2h = 6}\n"), r"\.2h is not a known key, known: 100h, 10h, 1h, herb, woody$"),
        (FIRE.replace("= 30\n", "= 30\nmoisture_percent = {1h = 0.06}\n"), r"1h\[0\] .*equal to 1 \(found 0\.06\)"),
        (FIRE.replace("= 30", "= 0.3"), r"humidity_percent\[0\] .*equal to 1 \(found 0\.3\)"),
        (FIRE.replace("= 8", "= 400"), r"wind_m_per_s\[0\] .*100 \(found 400\)"),
        (FIRE.replace("= 8", "= -1"), r"wind_m_per_s\[0\] .*found -1\)"),
        (FIRE.replace("= 270", "= 999"), r"wind_from_deg\[0\] .*360 \(found 999\)"),
        (FIRE.replace("= 18", "= 291"), r"temperature_c\[0\] .*60 \(found 291\)"),
        (FIRE.replace("wind_m_per_s = 8", "times_min = [0, 9, 5]\nwind_m_per_s = [8, 9, 1]"), "must begin at 0 and rise"),
        (FIRE.replace("wind_m_per_s = 8", "times_min = [5, 9]\nwind_m_per_s = [8, 9]"), "must begin at 0 and rise"),
        (FIRE.replace("wind_m_per_s = 8", "times_min = [0, 5]\nwind_m_per_s = [8, 9, 1]"), "3 values, .*has 2 entries"),
        (HEAD + '[weather]\nsource = "city"\n' + GRASS, "no sensor has wind_speed or wind_direction between .*load a"),
        (FIRE.replace("200100", "100020"), r"'풀밭' at 100020\.0, 450100\.0 is outside the area, which reaches from"),
        (FIRE.replace("200100", "200010").replace("450100", "450010"), "the ground there is under water"),
        (FIRE.replace("200100", "200290"), "of fuel model 91, which does not burn .*, and no building stands there; move"),
        (HEAD + WEATHER + HOUSE.replace("H-0", "H-99"), r"ignition\[0\].*'H-99'.*of kind 'building' there are 6"),
        (HEAD + WEATHER + '[[ignition]]\nname = "?"\n', "takes either x with y, or line, or target .found nothing"),
        (FIRE + 'target = "H-1"\n', r"takes either .*\(found target, x, y\)"),
        (FIRE + "at_min = 30\n", "at_min 30 is after the end of the run at 10 min"),
        (FIRE + GRASS, "ignition '풀밭' stands 2 times"),
        (MEASURE + 'kind = "engin"\n', r"measure\[0\]\.kind 'engin' is not known.*Did you mean 'engine'"),
        (MEASURE + 'kind = "pump"\ntarget = "H-1"\n', r"measure\[0\]\.kind 'pump' is not known"),
        (MEASURE + 'kind = "engine"\ntarget = "H-1"\nnumer = 2\n' + FROM, "'numer' is not known.*Did you mean 'number'"),
        (MEASURE + 'kind = "engine"\ntarget = "H-77"\n' + FROM, r"measure\[0\] at 2 min: engine: .*'H-77' is not known"),
        (MEASURE + 'kind = "engine"\ntarget = "H-1"\n', "no fire station .*; say from where it comes"),
        (MEASURE + 'kind = "engine"\ntarget = "H-1"\nnumber = -2\n' + FROM, "'number' is -2; it must be a number from 1"),
        (MEASURE + 'kind = "clear"\nline = [[100000, 450000], [100100, 450100]]\n', "no cell of the area lies on the line"),
        (MEASURE + 'kind = "evacuate"\nbox = [200000, 450000, 200050, 450050]\n', "evacuate: no building stands in"),
        (FIRE.replace('"fire"', '"fire+fire"'), "names 'fire' 2 times; name each one once"),
        (FIRE.replace('"fire"', '"flod+fire"'), "'flod' is not known.*Did you mean 'flood'"),
        (FIRE + "[flood]\norder = 1\n", "flood is not a known key|flood is for hazard flood"),
        (FIRE + '[fire]\nspoting = "on"\n', "'spoting' is not known.*Did you mean 'spotting'"),
        (FIRE + "[fire]\nspread_rate_factor = 1000\n", "is 1000; it must be a number from 0.001 to 100"),
        (FIRE.replace("cell_m = 5", "cell_m = 1000"), "cells of 1000 m are larger than the terrain; choose a smaller"),
        (FIRE.replace("cell_m = 5", "cell_m = 0.05"), "6000 x 4000 cells of 0.05 m are more than 20,000,000"),
        (FIRE.replace("cell_m = 5", "cell_m = 5\narea = [1e5, 45e4, 100100, 450100]"), "lies outside the terrain"),
        (FIRE.replace("cell_m = 5", 'cell_m = 5\nedges = "open"'), "edges is for hazard flood, and this run is of 'fire'"),
    ],
)  # fmt: skip
def test_a_scenario_that_cannot_be(town: City, tmp_path: Path, text: str, says: str) -> None:
    said = refused(town, document(tmp_path, text))
    assert said.startswith(f"{tmp_path / 'fire.toml'}: ")
    assert re.search(says, said), said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENSEMBLE + "rain_cv = 0.2\n", "members of hazard 'fire' cannot differ in rain_cv; known: wind_cv"),
        (ENSEMBLE, "nothing differs between its 3 members; say in its table"),
        (ENSEMBLE.replace(WEATHER, "") + "wind_cv = 0.2\n", "the scenario has wind_cv and no wind"),
        (ENSEMBLE + "wind_cv = 5\n", r"ensemble\.wind_cv .*found 5\)"),
    ],
)
def test_an_ensemble_that_cannot_be(town: City, tmp_path: Path, text: str, says: str) -> None:
    said = refused(town, document(tmp_path, text), runs.ensemble)
    assert re.search(says, said), said


def burnt_paper(value: float) -> np.ndarray:
    models = fuel()
    models[5, 15] = value
    return models


@pytest.mark.parametrize("value", [77.0, 0.0, -9999.0, 101.5])
def test_a_fuel_that_no_table_knows(tmp_path: Path, value: float) -> None:
    with city_of(tmp_path, models=burnt_paper(value)) as city:
        said = refused(city, document(tmp_path))
    assert (
        f"raster 'fuel_model': {value:g} is no standard fuel model; 1 of 2400 cells have it, the first at x 200077.5"
        in said
    )
    assert "declare the number for missing data" in said


@pytest.mark.parametrize(
    ("attributes", "says"),
    [
        ({"height": [3000.0] * 6}, "6 buildings state a height above 1,000: taken as unknown"),
        ({"storeys": [1_000_000] * 6}, "6 buildings state a storeys above 200: taken as unknown"),
        ({"floor_area": [1e12] * 6}, "6 buildings state a floor_area above 5,000,000: taken as unknown"),
    ],
)
def test_buildings_larger_than_any(tmp_path: Path, attributes: dict[str, list[Any]], says: str) -> None:
    with city_of(tmp_path, houses(**attributes)) as city:
        assert told(city, document(tmp_path, HEAD + WEATHER + HOUSE))["building_too_large"].startswith(says)


@pytest.mark.parametrize(
    ("attributes", "code", "says"),
    [
        (
            {"structure": [None] * 6},
            "building_assumed",
            r"'structure' of 6 of 6 buildings is not known; taken as masonry",
        ),
        (
            {"structure": ["mud", "timber", "목조", "", None, "steel"]},
            "building_assumed",
            r"'structure' of 4 of 6 .*masonry up to 2 storeys, as 'mud' is not a known word \(1\)",
        ),
        ({"height": [0.0] * 6}, "building_too_small", "6 buildings state a height below 0.5: taken as unknown"),
        ({"storeys": [-3] * 6}, "building_too_small", "below 1: taken as unknown"),
        ({"use": [None] * 6}, "building_assumed", "'use' of 6 of 6 buildings is not known; taken as residential"),
    ],
)
def test_buildings_that_say_little(tmp_path: Path, attributes: dict[str, list[Any]], code: str, says: str) -> None:
    with city_of(tmp_path, houses(**attributes)) as city:
        said = told(city, document(tmp_path, HEAD + WEATHER + HOUSE))
    assert re.search(says, said[code]), said[code]


def ring(corners: int) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    away = 12 + np.sin(200 * angle)
    return shapely.Polygon(np.c_[215 + away * np.cos(angle), 100 + away * np.sin(angle)])


BOX, NEXT = shapely.box(202, 90, 212, 100), shapely.box(216, 90, 226, 100)


@pytest.mark.parametrize(
    "shapes",
    [
        [BOX, shapely.box(205, 93, 215, 103), BOX],
        [shapely.box(200, 80, 240, 120), shapely.box(210, 90, 220, 100)],
        [shapely.MultiPolygon([BOX, shapely.box(230, 90, 240, 100)]), NEXT],
        [BOX.union(shapely.box(195, 85, 220, 110)).difference(shapely.box(204, 92, 210, 98)), shapely.box(205, 93, 209, 97)],
        [ring(10_000), shapely.box(240, 90, 250, 100)],
        [shapely.box(295, 90, 305, 100), shapely.box(280, 90, 292, 100)],
    ],
    ids=["overlapping", "inside", "two parts", "a court", "10000 corners", "over the edge"],
)  # fmt: skip
def test_shapes_that_cities_have(tmp_path: Path, shapes: list[object]) -> None:
    with city_of(tmp_path, houses(shapes)) as city:
        told(city, document(tmp_path, HEAD + WEATHER + HOUSE))
        (run,) = city.runs.list()
        assert {row["id"] for row in runs.record(city, run.id)["buildings"]} >= {"H-0"}


def test_a_building_without_an_outline_is_named_and_left_out(tmp_path: Path) -> None:
    with city_of(tmp_path, houses([shapely.Point(205, 95), NEXT])) as city:
        said = told(city, document(tmp_path))
        assert said["building_left_out"].startswith("1 buildings have no outline")
        assert "no building stands there" in refused_after(city, document(tmp_path, HEAD + WEATHER + HOUSE))


def refused_after(city: City, file: Path) -> str:
    with pytest.raises(TwinError) as caught:
        runs.simulate(city, file)
    return str(caught.value)


def test_cities_that_lack_something(tmp_path: Path) -> None:
    for name in ("bare", "lone", "flat"):
        (tmp_path / name).mkdir()
    with city_of(tmp_path / "bare", bare=True) as city:
        assert "which does not burn" in refused(city, document(tmp_path))
        said = told(city, document(tmp_path, HEAD + WEATHER + HOUSE))
        assert said["fuel_unknown"].startswith("nothing says what grows in 2400 of 2400 cells; fuel model 91 is taken")
    with city_of(tmp_path / "lone", batch("hydrant", ["HY-1"], [shapely.Point(150, 100)])) as city:
        assert "the twin has nothing of kind 'building'" in refused(city, document(tmp_path, HEAD + WEATHER + HOUSE))
        assert "building_assumed" not in told(city, document(tmp_path))
    with store.create(tmp_path / "flat" / "town.twin", crs=CRS, vertical="EPSG:5193") as city:
        assert "the twin has no elevation; load a terrain" in refused(city, document(tmp_path))


def test_terrain_with_a_hole_under_the_fire_is_closed_and_told(tmp_path: Path) -> None:
    terrain = ground()
    terrain[18:22, 18:22] = np.nan
    with city_of(tmp_path, terrain=terrain) as city:
        said = told(city, document(tmp_path))
    assert said["elevation_gap"].startswith("16 of 2400 cells in 1 gap of the terrain have no elevation")


def test_what_is_left_out_of_a_scenario_is_told(town: City, tmp_path: Path) -> None:
    said = told(town, document(tmp_path, HEAD))
    assert said["no_weather"] == "the scenario states no weather: no wind is assumed"
    assert said["no_ignition"] == "the scenario has no ignition: nothing will burn"


def test_on_the_command_line(tmp_path: Path) -> None:
    city_of(tmp_path).close()
    twin = tmp_path / "town.twin"
    done = command("run", twin, document(tmp_path, FIRE.replace("= 270", "= 999")))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.strip().splitlines()[-1].startswith(f"twin: {tmp_path / 'fire.toml'}: weather.wind_from_deg")
    assert answer("runs", twin)["runs"] == []
    away = FIRE.replace("200100", "200002")
    told_ = command("run", twin, document(tmp_path, away))
    assert told_.returncode == 0
    assert "the fire reached the west edge of the area at 0.0 min (서쪽 경계에 도달)" in told_.stderr
    assert command("run", twin, tmp_path / "none.toml").returncode == 1
