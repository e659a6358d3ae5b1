"""Looking a twin over: each fault that is put in is found, and a sound city has nothing to say."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.check import check
from tests.ingest.test_heights import grounded, terrain
from twin.model.finding import Counted, Quarantined
from twin.model.observation import Datastream, Observations, Thing


def codes(city):
    return {f.code for f in check(city)}


def series(name, hours, value=1.0, quantity="water_level", unit="m", location=(127.0, 37.5)):
    n = len(hours)
    time = np.datetime64("2026-07-01", "us") + (np.asarray(hours, float) * 3600e6).astype("timedelta64[us]")
    return Observations(
        [Thing(name, name, location, "EPSG:4326" if location else None)],
        [Datastream(f"{name}/{quantity}", name, quantity, unit)],
        np.zeros(n, np.int32), time, np.broadcast_to(np.asarray(value, float), n).copy(), np.arange(1, n + 1),
    )  # fmt: skip


def test_an_empty_twin_says_so(city):
    assert codes(city) == {"empty"}


def test_a_sound_city_has_nothing_to_say(tell, squares, city):
    tell(terrain(), Counted(1, "raster"))
    full = grounded(squares, vertical="EPSG:5193")
    full.attributes["height"] = [5.0] * 40
    tell(full, Counted(40, "features"), name="b.told")
    tell(series("g1", np.arange(0, 48, 1 / 6)), Counted(288, "rows"), name="c.told")
    assert check(city) == []


def test_buildings_without_heights_or_terrain(tell, squares, city):
    tell(squares(3), Counted(3, "features"))
    found = {f.code: f for f in check(city)}
    assert set(found) == {"no-terrain", "no-height", "no-ground"}
    assert found["no-height"].message == "3 of 3 buildings have no height"


def test_buildings_off_the_terrain_and_off_its_height(tell, squares, city):
    tell(terrain(vertical=None), Counted(1, "raster"))
    odd = grounded(squares, shift=9.0, noise=0.0)
    tell(odd, Counted(40, "features"), name="b.told")
    tell(squares(2, y=546_000.0, ids=["x", "y"]), Counted(2, "features"), name="c.told")
    found = {f.code: f.message for f in check(city)}
    assert found["off-terrain"].startswith("2 of 42 buildings stand where there is no terrain (")
    assert found["ground-differs"].startswith("the ground of 40 of 42 buildings is more than 5 m off")
    assert "vertical-unstated" in found


def test_shapeless_buildings_and_same_ids(tell, squares, city):
    tell(squares(2), squares(2, layer="old"), Counted(4, "features"))
    nowhere = squares(1, geometry=np.array([None], dtype=object), ids=["n"])
    tell(nowhere, Counted(1, "features"), name="b.told")
    found = {f.code: f.message for f in check(city)}
    assert found["same-id"] == "2 ids stand in more than one of the layers building, old (b0, b1)"
    assert found["no-place"] == "1 of 5 buildings have no shape"


def test_gaps_and_lost_files_of_rasters(tell, city):
    raster = terrain()
    values = raster.values.copy()
    values[:30] = np.nan
    tell(type(raster)("elevation", values, raster.transform, raster.crs, raster.vertical), Counted(1, "raster"))
    found = {f.code: f for f in check(city)}
    assert found["raster-gaps"].severity == "warning"
    assert "50.0%" in found["raster-gaps"].message
    city.rasters.list()[0].path.unlink()
    assert check(city)[0].code == "missing-file"
    assert check(city)[0].severity == "error"


def test_sensors(tell, city):
    tell(series("fresh", np.arange(0, 100, 1.0)), Counted(100, "rows"))
    tell(series("silent", np.arange(0, 50, 1.0), location=None), Counted(50, "rows"), name="b.told")
    tell(series("gap", [0, 1, 2, 3, 40, 41, 99]), Counted(7, "rows"), name="c.told")
    tell(series("mad", [98, 99], [0.5, 40.0], "humidity", "1"), Counted(2, "rows"), name="d.told")
    found = {(f.code, f.where): f.message for f in check(city)}
    assert found["sensor-silent", "silent/water_level"].startswith("'silent/water_level' has been silent for 50 h")
    assert "gap of 58.0 h" in found["sensor-gap", "gap/water_level"]
    assert found["sensor-range", "mad/humidity"] == "1 readings of 'mad/humidity' cannot be true (40 1)"
    assert found["no-place", "sensor"] == "1 sensors have no place (silent)"
    assert len([k for k in found if k[0].startswith("sensor")]) == 3


def test_quarantine_and_files_that_do_not_belong(tell, squares, city):
    tell(squares(1), Quarantined(2, "bad", "x"), Counted(2, "rows"))
    tell(Quarantined(1, "bad", "x"), Counted(1, "rows"), name="b.told")
    (city.path / "notes.txt").write_text("x")
    (city.path / "rasters" / "mine.tif").write_text("x")
    (city.path / "runs" / "lost").mkdir()
    found = check(city)
    messages = [f.message for f in found if f.code == "quarantine"]
    assert len(messages) == 2
    assert messages[0].startswith("1 of 2 records of")
    assert [f.where for f in found if f.code == "foreign-file"] == ["notes.txt", "mine.tif", "lost"]
    assert sum(f.code == "nothing-stored" for f in found) == 1


def test_older_versions_of_a_raster_belong_to_it(tell, city):
    tell(terrain(), Counted(1, "raster"))
    tell(terrain(shift=1.0), Counted(1, "raster"), name="b.told")
    assert len(list((city.path / "rasters").iterdir())) == 2
    assert "foreign-file" not in codes(city)


@pytest.mark.parametrize("order", [("error", "warning", "info")])
def test_the_worst_comes_first(tell, squares, city, order):
    tell(squares(3), Counted(3, "features"))
    tell(terrain(), Counted(1, "raster"), name="b.told")
    city.rasters.list()[0].path.unlink()
    severities = [f.severity for f in check(city)]
    assert severities == sorted(severities, key=order.index)
    assert severities[0] == "error"
