from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import xarray

from twin.errors import InputError, MissingError
from twin.model.field import Grid
from twin.model.scenario import Gauge, Scenario, Series
from twin.runs.inputs.gauges import between_gauges, gauges_of
from twin.runs.inputs.rain_maps import rain_maps

GRID = Grid("EPSG:5186", 200_000.0, 450_000.0, 10.0, 30, 20)
START = datetime(2026, 8, 7, 8, 0, tzinfo=UTC)
MM_H = 1e-3 / 3600


def scenario(**changes) -> Scenario:
    return replace(Scenario("비", "flood", START, 3600.0, 600.0, 10.0), **changes)


def gauge(name: str, x: float, *rates: float) -> Gauge:
    return Gauge(name, 200_000.0 + x, 450_100.0, Series(tuple(600.0 * i for i in range(len(rates))), rates, step=True))


def test_each_cell_takes_the_nearest_gauge() -> None:
    field = between_gauges((gauge("W", 50, 1.0, 3.0, 0.0), gauge("E", 250, 2.0, 4.0, 0.0)), GRID, 1800.0)
    assert field.times == (0.0, 600.0, 1200.0)
    for i, (west, east) in enumerate([(1.0, 2.0), (3.0, 4.0), (0.0, 0.0)]):
        values = field.read(i)
        assert values.shape == GRID.shape
        assert (values[:, :15] == west).all()
        assert (values[:, 15:] == east).all()


def test_a_silent_gauge_leaves_its_cells_to_the_next() -> None:
    field = between_gauges((gauge("W", 50, 1.0, np.nan, 1.0), gauge("E", 250, 2.0, 4.0, 0.0)), GRID, 1800.0)
    assert (field.read(1) == 4.0).all()
    assert (field.read(2)[:, :15] == 1.0).all()


def test_a_time_without_any_reading_is_an_error_with_the_names() -> None:
    with pytest.raises(InputError, match=r"at 600 s none of the 2 gauges \(W, E\)"):
        between_gauges((gauge("W", 50, 1.0, np.nan), gauge("E", 250, 2.0, np.nan)), GRID, 1800.0)


class Sensors:
    def __init__(self, streams: dict[str, tuple[str, str, list[float], list[float]]]) -> None:
        self._streams = streams

    def things(self):
        from twin.model.observation import Thing

        return [Thing(s, s, (200_050.0 + 200 * i, 450_100.0), "EPSG:5186") for i, s in enumerate(self._streams)]

    def datastreams(self):
        from twin.model.observation import Datastream

        return [Datastream(s, s, p, u) for s, (p, u, *_) in self._streams.items()]

    def series(self, stream: str, since, until):
        _, _, minutes, values = self._streams[stream]
        moments = [START + timedelta(minutes=m) for m in minutes]
        kept = [(m.replace(tzinfo=None), v) for m, v in zip(moments, values, strict=True) if since <= m < until]
        return np.array([m for m, _ in kept], "datetime64[us]"), np.array([v for _, v in kept])


class Town:
    path = Path("town.twin")

    def __init__(self, **streams) -> None:
        self.sensors = Sensors(streams)


def test_readings_of_rainfall_are_what_fell_since_the_last_one() -> None:
    minutes = [-10.0, 0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]
    town = Town(a=("rainfall", "m", minutes, [9.0, 9.0, 0.006, 0.003, 0.0, 0.0, 0.012, 0.0]))
    (found,), _ = gauges_of(town, scenario())
    assert found.rate.times[0] == 0
    for minute, mm_h in ((0, 36), (9.9, 36), (10, 18), (25, 0), (45, 72), (55, 0)):
        assert found.rate.at(60 * minute) == pytest.approx(mm_h * MM_H), minute


def test_a_hole_in_the_readings_is_silence_and_is_told() -> None:
    minutes = [0.0, 10.0, 20.0, 60.0, 70.0]
    town = Town(
        a=("rainfall", "mm", minutes, [1.0] * 5),
        b=("rain_rate", "m s-1", [0.0, 30.0, 61.0, 90.0], [1e-6, 2e-6, 3e-6, 4e-6]),
    )
    found, findings = gauges_of(town, scenario())
    rates = {g.name: g.rate for g in found}
    assert np.isnan(rates["a"].at(60 * 30))
    assert rates["a"].at(60 * 55) == pytest.approx(6 * MM_H)
    assert rates["b"].at(60 * 45) == 2e-6
    assert [f.code for f in findings] == ["gauge_silent", "gauges_used"]


def test_what_gauges_do_after_the_run_does_not_matter() -> None:
    readings = ("rainfall", "mm", [0.0, 10.0, 20.0, 30.0, 40.0], [1.0] * 5)
    found, _ = gauges_of(Town(a=readings), scenario(duration=1800.0))
    field = between_gauges(found, GRID, 1800.0)
    assert all(np.isfinite(field.read(i)).all() for i in range(len(field.times)))
    with pytest.raises(InputError, match="at 2400 s none of the 1 gauges"):
        between_gauges(found, GRID, 3600.0)


@pytest.mark.parametrize("wrong", [-999.0, 9000.0])
def test_a_reading_that_is_no_rain_is_told_and_the_next_gauge_holds(wrong: float) -> None:
    minutes = [0.0, 10.0, 20.0, 30.0, 40.0]
    town = Town(a=("rainfall", "mm", minutes, [1.0, 1.0, wrong, 1.0, 1.0]), b=("rainfall", "mm", minutes, [2.0] * 5))
    found, findings = gauges_of(town, scenario(duration=1800.0))
    assert [f.where for f in findings if f.code == "gauge_impossible"] == ["a"]
    field = between_gauges(found, GRID, 1800.0)
    assert field.read(field.times.index(600.0)) == pytest.approx(np.full(GRID.shape, 12 * MM_H))


def test_no_readings_during_the_run_is_an_error() -> None:
    with pytest.raises(MissingError, match="no rain gauge has readings between 2026-08-07"):
        gauges_of(Town(a=("water_level", "m", [0.0, 10.0], [1.0, 1.0])), scenario())


def radar(folder: Path, values: np.ndarray, units: str = "mm h-1", name: str = "rain_rate", minutes=(0, 10)) -> Path:
    file = folder / "radar.zarr"
    times = np.array([(START + timedelta(minutes=m)).replace(tzinfo=None) for m in minutes], "datetime64[ns]")
    x, y = 200_050.0 + 100 * np.arange(3), 450_150.0 - 100 * np.arange(2)
    data = xarray.Dataset({name: (("time", "y", "x"), values, {"units": units})}, {"time": times, "y": y, "x": x})
    data.to_zarr(file, zarr_format=3, consolidated=False, mode="w")
    return file


MAPS = np.arange(12.0).reshape(2, 2, 3)


def test_maps_lie_north_up_on_the_grid_and_end(tmp_path: Path) -> None:
    field = rain_maps(scenario(rain_from=str(radar(tmp_path, MAPS))), GRID)
    assert field.times == (0.0, 600.0, 1200.0)
    first = field.read(0) / MM_H
    assert first[0, 0] == pytest.approx(3)
    assert first[-1, 0] == pytest.approx(0)
    assert first[-1, -1] == pytest.approx(2)
    np.testing.assert_allclose(field.read(1).mean() / MM_H, MAPS[1].mean())
    assert not field.read(2).any()


@pytest.mark.parametrize(
    ("values", "changes", "words"),
    [
        (MAPS, {"units": "dBZ"}, "'rain_rate' is in 'dBZ'; known: m s-1"),
        (MAPS, {"name": "reflectivity"}, "no variable over time, y and x is a rain rate"),
        (MAPS, {"minutes": (10, 0)}, "its times do not rise"),
        (MAPS, {"minutes": (600, 610)}, "no map lies within the run"),
        (MAPS - 1, {}, "map 0: .* the first -1 mm h-1"),
        (np.where(MAPS == 4, np.nan, MAPS), {}, "map 0: 100 of 600 cells"),
        (MAPS + 4e6, {}, "above 3,000 mm/h"),
    ],
)
def test_what_is_wrong_with_maps_is_said_with_the_file(tmp_path: Path, values, changes, words: str) -> None:
    file = radar(tmp_path, values, **changes)
    with pytest.raises(InputError, match=f"radar.zarr.*{words}"):
        rain_maps(scenario(rain_from=str(file)), GRID).read(0)


def test_maps_that_do_not_cover_the_run_are_refused(tmp_path: Path) -> None:
    wide = replace(GRID, nx=60)
    with pytest.raises(InputError, match="maps cover x 200050 to 200250; 600 of 1200 cells"):
        rain_maps(scenario(rain_from=str(radar(tmp_path, MAPS))), wide)


def test_a_file_that_is_not_there_or_no_maps(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no such file of rain maps"):
        rain_maps(scenario(rain_from=str(tmp_path / "nothing.nc")), GRID)
    (tmp_path / "odd.nc").write_bytes(b"not a NetCDF file")
    with pytest.raises(InputError, match=r"odd\.nc: not a NetCDF file or Zarr folder"):
        rain_maps(scenario(rain_from=str(tmp_path / "odd.nc")), GRID)
