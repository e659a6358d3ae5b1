"""The six floods of the scenarios over Gaon, in coarse cells: each closes its books, and what it is about matters."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import ingest
from tests.journeys.session import ROOT
from twin import runs, store
from twin.model.run import Run
from twin.model.scenario import Scenario
from twin.store import City

SCENARIOS = ROOT / "scenarios"
CELL = 25.0
#: what a flood takes from the city; the rest of the demo's files are other people's
FILES = ("terrain.tif", "building.shp", "land.gpkg", "roads_water.osm", "utilities.gpkg")
#: min, how much of each is run: what it is about has begun by then, and come to an end where it has one
UNTIL = {"cloudburst_100yr": 70, "typhoon": 240, "levee_breach": 100, "pump_failure": 130, "drain_blockage": 45}


@pytest.fixture(scope="module")
def gaon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("gaon")
    files = [f for f in ingest.demo.write(folder / "files") if f.name.endswith(FILES)]
    assert len(files) == len(FILES)
    with store.create(folder / "gaon.twin", crs="EPSG:5186", vertical="EPSG:5193") as city:
        ingest.load.load(city, files)
        yield city


def coarse(name: str) -> Scenario:
    """Return a scenario of the repository in coarse cells, with few frames, no longer than `UNTIL`."""
    scenario = runs.read_scenario(SCENARIOS / f"gaon_{name}.toml")
    cell = CELL if scenario.area is None else 8.0
    return replace(scenario, cell=cell, frame_every=600.0, duration=60.0 * UNTIL.get(name, scenario.duration / 60))


def closed(city: City, scenario: Scenario) -> Run:
    """Return the run of a scenario, whose books must close."""
    run = runs.simulate(city, scenario, threads=1)
    assert run.status == "done"
    assert abs(run.budget.error_relative) <= 1e-6
    terms = run.budget.stored - run.budget.parts["stored_at_start"] - run.budget.inflow + run.budget.outflow
    assert abs(terms) <= 1e-6 * max(run.budget.inflow, run.budget.stored)
    return run


def deepest(city: City, run: Run) -> np.ndarray:
    return runs.open_frames(city, run.id).summary("max_depth")


def things(city: City, run: Run, quantity: str) -> dict[str, np.ndarray]:
    """Return the values of things of the city over the frames, by id."""
    ids, values = runs.open_frames(city, run.id).assets(quantity)
    return dict(zip(ids, values.T, strict=True))


def flooded(depth: np.ndarray) -> float:
    """Return the m2 under more than 0.3 m of water, in cells of `CELL`."""
    return float((depth > 0.3).sum()) * CELL**2


def without(scenario: Scenario, *kinds: str) -> Scenario:
    return replace(scenario, measures=tuple(m for m in scenario.measures if m.kind not in kinds))


def test_the_six_scenarios_are_there_and_are_read() -> None:
    for name in ("cloudburst_100yr", "typhoon", "levee_breach", "pump_failure", "underpass", "drain_blockage"):
        text = (SCENARIOS / f"gaon_{name}.toml").read_text()
        assert re.search(r"^title = .*[가-힣]", text, re.MULTILINE), name
        assert "지어낸 도시" in text
        assert runs.read_scenario(SCENARIOS / f"gaon_{name}.toml").title_en


def test_cloudburst_of_a_hundred_years(gaon: City) -> None:
    scenario = coarse("cloudburst_100yr")
    run = closed(gaon, scenario)
    parts = run.budget.parts
    area = run.cells * CELL**2
    assert parts["rain"] == pytest.approx(0.110 * area, rel=1e-6)
    assert 0.02 < parts["infiltrated"] / parts["rain"] < 0.5
    sealed = closed(gaon, replace(scenario, params={"order": 1}))
    assert sealed.budget.parts["infiltrated"] == 0
    assert flooded(deepest(gaon, sealed)) > flooded(deepest(gaon, run)) > 0


def test_typhoon_with_rising_river(gaon: City) -> None:
    scenario = replace(coarse("typhoon"), cell=40.0)
    run = closed(gaon, scenario)
    low = closed(gaon, replace(scenario, inflows=()))
    assert run.budget.parts["inflow"] > run.budget.parts["rain"] > 0
    assert (deepest(gaon, run) > 0.3).sum() > 1.2 * (deepest(gaon, low) > 0.3).sum() > 0


def test_levee_breach_floods_the_quarter_behind(gaon: City) -> None:
    scenario = coarse("levee_breach")
    with_, without_ = closed(gaon, scenario), closed(gaon, without(scenario, "breach"))
    more = deepest(gaon, with_) - deepest(gaon, without_)
    assert (more > 0.3).sum() * CELL**2 > 50_000
    before = runs.open_frames(gaon, with_.id)
    same = runs.open_frames(gaon, without_.id)
    at = before.times.index(scenario.measures[0].at)
    for i in range(at + 1):  # until the dike gives way the two are one
        np.testing.assert_array_equal(before.read("depth", i), same.read("depth", i))
    assert (before.read("depth", at + 3) != same.read("depth", at + 3)).any()


def test_pump_failure_leaves_water_standing(gaon: City) -> None:
    scenario = coarse("pump_failure")
    with_, without_ = closed(gaon, scenario), closed(gaon, without(scenario, "pump"))
    assert with_.budget.parts["pumped"] < 0.8 * without_.budget.parts["pumped"]
    more = deepest(gaon, with_) - deepest(gaon, without_)
    assert (more > 0.05).sum() > 3 * (more < -0.05).sum()
    assert flooded(deepest(gaon, with_)) > flooded(deepest(gaon, without_))
    rates = things(gaon, with_, "pump_rate")
    failed = [m.target for m in scenario.measures if m.params["mode"] == "off"]
    assert {"GAON-PU-00001", "GAON-PU-00002", "GAON-PU-00003"} == set(failed)
    assert rates["GAON-PU-00002"][3:].max() == rates["GAON-PU-00003"][3:].max() == 0
    assert rates["GAON-PU-00001"][3:10].max() == 0 < rates["GAON-PU-00001"][10:].max()


def test_underpass_fills_faster_without_its_pump(gaon: City) -> None:
    scenario = coarse("underpass")
    with_, without_ = closed(gaon, scenario), closed(gaon, without(scenario, "pump", "underpass"))
    drowned, pumped = (things(gaon, r, "underpass_depth")["GAON-UP-00001"] for r in (with_, without_))
    assert drowned[-1] > 1.0, "too shallow to tell a story"
    assert (drowned >= pumped - 1e-6).all()
    assert drowned[-1] > 1.2 * pumped[-1]
    assert without_.budget.parts["pumped"] > 0 == with_.budget.parts["pumped"]
    impact = runs.assess(gaon, with_.id).as_dict()
    (underpass,) = [u for u in impact["underpasses"] if u["id"] == "GAON-UP-00001"]
    car = underpass["closed"]["small_car"]
    assert 600 < car["from_s"] < 2400, "closing it after half an hour is near the moment at which cars cannot pass"


def test_drains_matter_and_so_do_leaves_on_their_inlets(gaon: City) -> None:
    blocked = coarse("drain_blockage")
    free = without(blocked, "drain")
    none = replace(free, params={**free.params, "drains": "none"})
    leaves, clear, bare = (closed(gaon, s) for s in (blocked, free, none))
    assert 0 == bare.budget.parts["drained"] < leaves.budget.parts["drained"] < clear.budget.parts["drained"]
    wet = [flooded(deepest(gaon, r)) for r in (clear, leaves, bare)]
    assert wet == sorted(wet)
    assert wet[2] > 1.1 * wet[0]


@pytest.mark.parametrize("name", ["pump_failure", "drain_blockage"])
def test_the_same_run_twice_differs_nowhere(gaon: City, name: str) -> None:
    scenario = coarse(name)
    scenario = replace(scenario, duration=1200.0, measures=tuple(m for m in scenario.measures if m.at <= 1200))
    first = closed(gaon, scenario)
    kept = everything(gaon, first)
    shutil.rmtree(gaon.runs.folder(first.id))
    again = runs.simulate(gaon, scenario, threads=2)
    assert again.started > first.started, "it was not simulated again"
    assert again.budget == first.budget
    for quantity, values in everything(gaon, again).items():
        np.testing.assert_array_equal(values, kept[quantity], err_msg=quantity)


def everything(city: City, run: Run) -> dict[str, np.ndarray]:
    """Return all that the frames of a run hold."""
    frames = runs.open_frames(city, run.id)
    held = {f"{q} {i}": frames.read(q, i) for q in frames.quantities for i in range(len(frames.times))}
    return held | {name: frames.summary(name) for name in frames.summaries}
