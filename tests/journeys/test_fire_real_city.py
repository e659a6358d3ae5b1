"""Fires in real cities whose files were made for other ends: what they do not say of a building is assumed and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ingest
from twin import runs, store
from twin.model.field import Field, Grid
from twin.model.run import Run
from twin.model.scenario import Ignition, Scenario, Series, Weather
from twin.store import City

GRASS = 102


def still(value: float) -> Series:
    return Series((0.0,), (value,), step=True)


def fire(ignition: Ignition, *, cell: float, minutes: float) -> Scenario:
    """Return a fire on a dry day with 6 m/s of wind from the south-west."""
    weather = Weather(still(6.0), still(240.0), still(18.0), still(0.3))
    start = datetime(2026, 4, 11, 2, tzinfo=UTC)
    return Scenario(
        "집 한 채", "fire", start, 60 * minutes, 600.0, cell, weather=weather, ignitions=(ignition,), seed=1
    )


def carried_out(city: City, scenario: Scenario) -> tuple[Run, dict[str, Any], dict[str, Any]]:
    """Return a run with its record and its impact; its energy must add up."""
    run = runs.simulate(city, scenario, threads=1)
    assert run.status == "done"
    assert abs(run.budget.error_relative) <= 1e-6
    assert run.budget.outflow + run.budget.stored == pytest.approx(run.budget.parts["fuel_at_start"], rel=1e-9)
    return run, runs.record(city, run.id), runs.assess(city, run.id).as_dict()


def said(record: dict[str, Any], code: str) -> list[str]:
    return [f["message"] for f in record["findings"] if f["code"] == code]


def house(city: City) -> tuple[str, int]:
    """Return the id of the house of middling size that stands nearest to the middle of the city, and how many are."""
    import shapely

    features = city.features.read("building")
    area = shapely.area(features.geometry)
    middle = shapely.centroid(shapely.multipoints(shapely.centroid(features.geometry)))
    away = shapely.distance(features.geometry, middle)
    low, high = np.percentile(area, [40, 80])
    away[(area < low) | (area > high)] = np.inf
    return features.ids[int(np.argmin(away))], len(features)


def plausible(record: dict[str, Any], megawatts: float = np.inf) -> None:
    """Hold what any house fire holds: it takes a while to its peak, and each building gives what it has.

    megawatts  that no building exceeds
    """
    rows = [row for row in record["buildings"] if row["ignited_s"] is not None]
    assert rows
    done = [row for row in rows if row["state"] == "burnt_out"]
    for row in done:
        assert 600 < row["ended_s"] - row["ignited_s"] < 6 * 3600
        assert 100 < row["peak_kw"] < 1000 * megawatts
        # by the plateau of its peak alone a building cannot have given off more than it did
        assert row["energy_mj"] <= row["peak_kw"] * (row["ended_s"] - row["ignited_s"]) / 1000
    known = {row["id"]: row for row in rows}
    assert all(known[r["by"]]["ignited_s"] < r["ignited_s"] for r in rows if r["cause"] in {"radiation", "contact"})


@pytest.fixture(scope="module")
def delft(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("delft")
    place = shared / "data" / "places" / "delft" / "derived" / "delft_ahn3_dtm_0.5m.tif"
    with store.create(folder / "delft.twin", crs="EPSG:28992", vertical="EPSG:5709") as city:
        ingest.load.load(city, [place, shared / "data" / "citymodel" / "cityjson" / "delft.city.json"])
        yield city


def test_a_house_of_delft(delft: City) -> None:
    target, count = house(delft)
    _, record, impact = carried_out(delft, fire(Ignition("huis", target=target), cell=4.0, minutes=90))
    assert count == 160
    (structure,) = [s for s in said(record, "building_assumed") if s.startswith("'structure'")]
    assert "160 of 160" in structure
    assert "masonry up to 2 storeys" in structure
    assert "groenvoorziening" in " ".join(said(record, "fuel_class_unknown"))
    assert "fuel model 91 is taken, which does not burn" in said(record, "fuel_unknown")[0]
    assert impact["burnt_vegetation_ha"] == 0
    assert impact["by_cause"]["given"]["buildings"] == 1
    assert impact["homes_without_residents"] == 160
    plausible(record, 100.0)
    (first,) = [row for row in record["buildings"] if row["id"] == target]
    assert 1e3 < first["peak_kw"] < 1e5, "a row house gives off some MW to tens of MW"


def test_grass_between_the_houses_of_delft(delft: City) -> None:
    """A map of fuel that somebody makes from the city's own greens goes before words that no table knows."""
    import shapely
    from rasterio.features import rasterize
    from rasterio.transform import Affine

    (terrain,) = [r for r in delft.rasters.list() if r.quantity == "elevation"]
    west, south, east, north = (4.0 * np.round(np.array(terrain.bounds) / 4.0)).tolist()
    grid = Grid(delft.crs, west, south, 4.0, int((east - west) / 4), int((north - south) / 4))
    greens = delft.features.read("vegetation").geometry
    to_city = Affine(4.0, 0.0, west, 0.0, 4.0, south)
    fuel = rasterize([(g, GRASS) for g in greens], grid.shape, fill=91, transform=to_city).astype(np.float64)
    with delft.writing(file="fuel.tif", sha256="2" * 64, reader="test") as tx:
        tx.raster(Field("fuel_model", fuel, grid, ""), "fuel")
        tx.finish({})
    largest = greens[int(np.argmax(shapely.area(greens)))].representative_point()
    begun = Ignition("gras", points=((largest.x, largest.y),), radius=6.0)
    run, record, impact = carried_out(delft, fire(begun, cell=4.0, minutes=30))
    assert not said(record, "fuel_class_unknown")
    assert impact["burnt_vegetation_ha"] > 0
    frames = runs.open_frames(delft, run.id)
    reached = np.isfinite(frames.summary("fire_arrival"))
    speed = frames.summary("spread_rate")[reached]
    assert 0 < np.nanmax(speed) < 1.0, "grass at 6 m/s runs at a few tens of metres a minute, not faster than people"
    assert 0 < np.nanmax(frames.summary("flame_length")[reached]) < 6.0


def test_a_house_of_den_haag(shared: Path, tmp_path: Path) -> None:
    with store.create(tmp_path / "denhaag.twin", crs="EPSG:28992", vertical="EPSG:5709") as city:
        ingest.load.load(city, [shared / "data" / "citymodel" / "cityjson" / "denhaag_01.city.json.zip"])
        target, count = house(city)
        _, record, impact = carried_out(city, fire(Ignition("huis", target=target), cell=5.0, minutes=60))
    assert (count, impact["buildings_total"]) == (844, 844)
    assert any(s.startswith("'structure' of 844 of 844") for s in said(record, "building_assumed"))
    assert 1 <= impact["buildings_affected"] < 10
    plausible(record, 100.0)


def test_footprints_of_namyangju_on_a_made_hillside(shared: Path, tmp_path: Path) -> None:
    """Korean footprints that say their height alone; their ground and their grass are made, for the city has none."""
    file = shared / "data" / "korea" / "buildings" / "footprint_namyangju_with_height.geojson"
    with store.create(tmp_path / "namyangju.twin", crs="EPSG:5186", vertical="EPSG:5193") as city:
        (report,) = ingest.load.load(city, [file])
        assert report.lines_in == report.stored + report.quarantined + report.duplicate
        extent = city.features.extent("building")
        assert extent is not None
        west, south, east, north = extent
        grid = Grid.over(city.crs, (west - 200, south - 100, east + 100, north + 100), 10.0)
        x = np.arange(grid.nx) * grid.cell * np.ones((grid.ny, 1))
        with city.writing(file="made.tif", sha256="3" * 64, reader="test") as tx:
            tx.raster(Field("elevation", 120 - 0.1 * x, grid, "EPSG:5193"), "ground")
            tx.raster(Field("fuel_model", np.full(grid.shape, float(GRASS)), grid, ""), "fuel")
            tx.finish({})
        # the wind blows along the west side towards the houses
        begun = Ignition("산비탈", points=((west - 150, (south + north) / 2),))
        run, record, impact = carried_out(city, fire(begun, cell=5.0, minutes=90))
        kept = json.loads((city.runs.folder(run.id) / "run.json").read_text())
    assert impact["buildings_total"] == report.stored
    assert any(s.startswith("'storeys'") and "one per 3 m" in s for s in said(record, "building_assumed"))
    assert {f["where"] for f in kept["findings"] if f["code"] == "fire_at_edge"}, "a meadow to all sides: it leaves"
    assert impact["by_cause"]["vegetation"]["buildings"] >= 1
    assert impact["burnt_vegetation_ha"] > 1
    plausible(record, 500.0)


def test_a_house_that_is_not_of_this_city(delft: City) -> None:
    scenario = fire(Ignition("huis", target="NL.IMBAG.Pand.0"), cell=4.0, minutes=10)
    from twin.errors import TwinError

    with pytest.raises(TwinError, match=r"'NL\.IMBAG\.Pand\.0'.*160") as caught:
        runs.simulate(delft, replace(scenario, title="없는 집"))
    assert "\n" not in str(caught.value)
