"""The fires of the scenarios over Gaon, in coarse cells and short: each closes its books, and what it is about matters."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ingest
from tests.journeys.session import ROOT
from twin import runs, store
from twin.model.run import Run
from twin.model.scenario import Scenario
from twin.store import City

SCENARIOS = ROOT / "scenarios"
#: what a fire takes from the city; the rest of the demo's files are other people's
FILES = (
    "terrain.tif",
    "fuel_model.tif",
    "canopy_cover.tif",
    "canopy_height.tif",
    "canopy_base_height.tif",
    "canopy_bulk_density.tif",
    "buildings_3d.city.json",
    "building.shp",
    "roads_water.osm",
    "land.gpkg",
    "utilities.gpkg",
)
#: the house in the timber quarter with which both fires of the street begin
HOUSE = "9911010100100390011003858"
FIRES = ("hillside_fire", "street_fire", "fire_flood", "indoor_fire")


@pytest.fixture(scope="module")
def gaon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("gaon")
    files = [f for f in ingest.demo.write(folder / "files") if f.name.endswith(FILES)]
    assert len(files) == len(FILES)
    with store.create(folder / "gaon.twin", crs="EPSG:5186", vertical="EPSG:5193") as city:
        ingest.load.load(city, files)
        yield city


def of(name: str, *, cell: float, minutes: float, every: float = 10.0) -> Scenario:
    """Return a scenario of the repository in coarse cells, no longer than some minutes, with few frames."""
    whole = runs.read_scenario(SCENARIOS / f"gaon_{name}.toml")
    kept = tuple(m for m in whole.measures if m.at <= 60 * minutes)
    return replace(whole, cell=cell, duration=60 * minutes, frame_every=60 * every, measures=kept)


def lit(name: str) -> float:
    """Return the minute at which a scenario of the repository begins to burn."""
    return min(i.at for i in runs.read_scenario(SCENARIOS / f"gaon_{name}.toml").ignitions) / 60


def without(scenario: Scenario, *kinds: str) -> Scenario:
    return replace(scenario, measures=tuple(m for m in scenario.measures if m.kind not in kinds))


def closed(city: City, scenario: Scenario, **how: Any) -> Run:
    """Return the run of a scenario, whose books must close in every unit."""
    run = runs.simulate(city, scenario, threads=1, **how)
    assert run.status == "done"
    books = {book.unit: book for book in (run.budget, *run.budget.also)}
    assert "MJ" in books
    for book in books.values():
        assert abs(book.error_relative) <= 1e-6
    fire = books["MJ"]
    assert fire.outflow + fire.stored == pytest.approx(fire.parts["fuel_at_start"], rel=1e-9)
    burnt = fire.parts["buildings_burnt"] + fire.parts["vegetation_burnt"]
    assert fire.outflow == pytest.approx(burnt, rel=1e-9)
    assert 0 < burnt < 0.5 * fire.parts["fuel_at_start"]
    return run


def facts(city: City, run: Run) -> dict[str, Any]:
    """Return the impact of a run, of a joined one that of its fire."""
    said = runs.assess(city, run.id).as_dict()
    return dict(said.get("fire", said))


def told(city: City, run: Run, code: str) -> list[str]:
    """Return what a run's findings of a code say."""
    return [f["message"] for f in runs.findings_of(city, run.id) if f["code"] == code]


def everything(city: City, run: Run) -> dict[str, np.ndarray]:
    """Return all fields that the frames of a run hold."""
    frames = runs.open_frames(city, run.id)
    held = {f"{q} {i}": frames.read(q, i) for q in frames.quantities for i in range(len(frames.times))}
    return held | {name: frames.summary(name) for name in frames.summaries}


def test_the_fires_are_there_and_are_read() -> None:
    for name in FIRES:
        text = (SCENARIOS / f"gaon_{name}.toml").read_text()
        assert re.search(r"^title = .*[가-힣]", text, re.MULTILINE), name
        assert "지어낸 도시" in text
        scenario = runs.read_scenario(SCENARIOS / f"gaon_{name}.toml")
        assert scenario.title_en
        assert "fire" in scenario.hazard
        assert scenario.ignitions


def test_hillside_fire_comes_down_to_the_houses(gaon: City) -> None:
    run = closed(gaon, of("hillside_fire", cell=10.0, minutes=120))
    burnt = facts(gaon, run)
    assert burnt["burnt_vegetation_ha"] > 2
    assert burnt["buildings_affected"] >= 5
    # buildings stand apart at the foot of the hill: it is the vegetation that lights the first of them
    assert burnt["by_cause"]["vegetation"]["buildings"] == max(c["buildings"] for c in burnt["by_cause"].values())
    first = burnt["buildings"][0]
    assert first["cause"] == "vegetation"
    assert first["ignited_s"] > 1800
    # who was told to leave when the fire was seen has left before it comes to the houses
    assert burnt["people_evacuated"] > 0
    assert {f for f in told(gaon, run, "moisture_assumed") if "1h" in f}
    # brands land down wind, in the south-east of where it began; no house west of it burns
    (began,) = runs.read_scenario(SCENARIOS / "gaon_hillside_fire.toml").ignitions
    frames = runs.open_frames(gaon, run.id)
    _, columns = np.nonzero(np.isfinite(frames.summary("fire_arrival")))
    east = frames.grid.west + (columns + 0.5) * frames.grid.cell - began.points[0][0]
    assert east.max() > 4 * -east.min()


def test_wind_and_wet_fuel_matter_to_the_hillside(gaon: City) -> None:
    scenario = of("hillside_fire", cell=20.0, minutes=90)
    weather = scenario.weather
    assert weather is not None
    calm = replace(weather, wind_speed=replace(weather.wind_speed, values=(2.0,) * len(weather.wind_speed.values)))
    assert weather.humidity is not None
    wet = replace(weather, humidity=replace(weather.humidity, values=(0.9,) * len(weather.humidity.values)))
    as_is, slow, damp = (
        facts(gaon, closed(gaon, replace(scenario, weather=w)))["burnt_vegetation_ha"] for w in (weather, calm, wet)
    )
    assert as_is > 2 * slow
    assert as_is > 2 * damp


def test_street_fire_runs_from_house_to_house_in_the_timber_quarter(gaon: City) -> None:
    scenario = of("street_fire", cell=10.0, minutes=40)
    run = closed(gaon, scenario)
    burnt = facts(gaon, run)
    causes = burnt["by_cause"]
    assert causes["given"]["buildings"] == 1
    assert burnt["buildings"][0]["id"] == HOUSE
    assert {"contact", "radiation"} <= causes.keys()
    assert "vegetation" not in causes
    assert burnt["buildings_affected"] > 20
    record = runs.record(gaon, run.id)
    known = {row["id"]: row for row in record["buildings"]}
    for row in known.values():
        if row["cause"] in {"radiation", "contact", "brand"}:
            assert known[row["by"]]["ignited_s"] < row["ignited_s"], "set on fire by a building that did not burn yet"
    # a house of timber gives off some ten MW, not kW and not GW
    peaks = np.array([row["peak_kw"] for row in known.values() if row["state"] == "burning"])
    assert 2e3 < np.median(peaks) < 2e5
    engines = record["engines"]
    assert len(engines) == 6
    assert sum(e["water_m3"] for e in engines) > 1
    assert all(e["arrived_s"] is None or e["arrived_s"] > e["called_s"] + 90 for e in engines)


def test_a_fire_among_concrete_spreads_far_less(gaon: City) -> None:
    scenario = without(of("street_fire", cell=10.0, minutes=40), "engine")
    features = gaon.features.read("building", bounds=scenario.area)
    structure, storeys = np.array(features.column("structure"), dtype=object), features.numbers("storeys")
    concrete = np.flatnonzero((structure == "concrete") & (storeys <= 5))
    (began,) = scenario.ignitions
    target = replace(began, target=features.ids[int(concrete[len(concrete) // 2])])
    burnt = [closed(gaon, replace(scenario, ignitions=(one,))) for one in (began, target)]
    timber, other = (facts(gaon, run)["buildings_affected"] for run in burnt)
    (row,) = [r for r in runs.record(gaon, burnt[1].id)["buildings"] if r["id"] == target.target]
    assert 5e3 < row["peak_kw"] < 1e5, "a storey of a house of concrete gives off some ten MW"
    assert timber > 100
    assert 1 <= other <= 3, "storeys between slabs do not set the street on fire within half an hour"


def test_water_holds_up_the_engines(gaon: City) -> None:
    both = of("fire_flood", cell=25.0, minutes=lit("fire_flood") + 35)
    low, high = (replace(both, params={**both.params, "fire": {"ford_m": ford}}) for ford in (0.2, 3.0))
    run, driven = closed(gaon, low), closed(gaon, high)
    assert {book.unit for book in (run.budget, *run.budget.also)} == {"m3", "MJ"}
    (said,) = told(gaon, run, "engines_held_up")
    assert re.fullmatch(r"water on the way held up \d engines, the longest by \d+ min", said)
    assert not told(gaon, driven, "engines_held_up")
    late, there = (runs.record(gaon, r.id)["engines"] for r in (run, driven))
    assert sum(e["held_up_s"] > 300 for e in late) >= 1
    assert sum(e["water_m3"] for e in late) < sum(e["water_m3"] for e in there)
    drowned, wetted = (facts(gaon, r)["by_state"]["extinguished"]["buildings"] for r in (run, driven))
    assert drowned <= wetted > 0
    impact = runs.assess(gaon, run.id).as_dict()
    assert set(impact["alone"]) == {"flood", "fire"}
    alone = [part["damage_krw"] for part in impact["alone"].values()]
    assert max(alone) <= impact["damage_krw"] <= sum(alone)


def test_what_comes_out_of_a_fire(gaon: City, tmp_path: Path) -> None:
    import rasterio
    import xarray
    from PIL import Image

    import twin

    run = closed(gaon, of("street_fire", cell=10.0, minutes=40))
    dry = closed(gaon, without(of("street_fire", cell=10.0, minutes=40), "engine"))
    said = runs.compare(gaon, dry.id, run.id).as_dict()
    assert said["burnt_ha_difference"] <= 0
    assert said["buildings_extinguished_difference"] > 0, "engines do not help"
    assert len(said["states_changed"]) >= said["buildings_extinguished_difference"]
    arrival = runs.open_frames(gaon, run.id).summary("fire_arrival")
    with rasterio.open(runs.export(gaon, run.id, "fire_arrival", tmp_path / "arrival.tif")) as data:
        assert data.crs.to_epsg() == 5186
        np.testing.assert_array_equal(data.read(1, masked=True).filled(np.nan)[::-1], arrival)
    with xarray.open_dataset(runs.export(gaon, run.id, "all", tmp_path / "all.nc"), engine="h5netcdf") as data:
        assert data["fire_state"].shape == (run.frames, *arrival.shape)
        assert data.attrs["validated"] == run.validated
    with runs.export(gaon, run.id, "buildings", tmp_path / "b.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    burnt = [r for r in rows if r["state"] in {"burning", "burnt_out", "extinguished"}]
    assert len(burnt) == facts(gaon, run)["buildings_affected"]
    assert {r["cause"] for r in burnt} >= {"given", "contact", "radiation"}
    shapes = json.loads(runs.export(gaon, run.id, "perimeters", tmp_path / "p.geojson").read_text())["features"]
    sizes = [f["properties"]["area_ha"] for f in shapes]
    assert sizes == sorted(sizes)
    assert sizes[-1] == pytest.approx(np.isfinite(arrival).sum() * 1e-2)
    twin.picture(gaon, run.id, tmp_path / "fire.png")
    with Image.open(tmp_path / "fire.png") as image:
        colours = image.convert("RGB").getcolors(maxcolors=2**24)
    assert colours is not None
    assert len(colours) > 500, "the picture is nearly empty"


@pytest.mark.parametrize(
    ("name", "cell", "minutes"),
    [("hillside_fire", 20.0, 90), ("street_fire", 20.0, 30), ("fire_flood", 40.0, lit("fire_flood") + 20)],
)
def test_a_fire_goes_on_to_the_same_bytes(gaon: City, name: str, cell: float, minutes: float) -> None:
    scenario = of(name, cell=cell, minutes=minutes)
    asked = iter(range(10**9))
    whole = closed(gaon, scenario, cancel=lambda: next(asked) < 0)
    kept, record = everything(gaon, whole), runs.record(gaon, whole.id)
    shutil.rmtree(gaon.runs.folder(whole.id))
    left = iter(range(2 * next(asked) // 3, -1, -1))
    part = runs.simulate(gaon, scenario, threads=1, cancel=lambda: next(left) == 0)
    assert part.status == "partial"
    assert 0 < part.frames < whole.frames
    again = closed(gaon, scenario, resume=True)
    assert (again.id, again.budget) == (whole.id, whole.budget)
    for quantity, values in everything(gaon, again).items():
        np.testing.assert_array_equal(values, kept[quantity], err_msg=quantity)
    for table in ("buildings", "engines", "spread", "evacuated"):
        assert runs.record(gaon, again.id)[table] == record[table], table


def test_four_fires_give_the_odds(gaon: City) -> None:
    scenario = of("hillside_fire", cell=20.0, minutes=90)
    run = runs.ensemble(gaon, scenario, members=4, workers=1)
    assert (run.status, run.members) == ("done", 4)
    odds = runs.open_frames(gaon, run.id).summary("burn_probability")
    assert set(np.unique(np.round(odds[np.isfinite(odds)] * 4, 6))) <= {0.0, 1.0, 2.0, 3.0, 4.0}
    assert (odds == 1).any(), "where it begins it burns in every member"
    assert ((odds > 0) & (odds < 1)).any(), "the members are all alike"
    assert runs.assess(gaon, run.id).as_dict()["hazard"] == "fire"
