"""Latest values and series in the clock of the city, gaps left open."""

from __future__ import annotations

import numpy as np

from viewer.readings import latest, series


def test_latest_values_in_order_of_place_with_local_time(city) -> None:
    readings = latest(city)
    assert [(r.thing, r.quantity) for r in readings] == [("T1", "water_level"), ("T2", "rain_rate")]
    assert readings[0].clock == "2026-07-16 08:50"  # the last reading is of 23:50 UTC
    assert readings[0].text.endswith(" m")
    assert readings[1].text.endswith(" mm/h")
    assert readings[1].name == "시청 <b>우량계</b>"


def test_series_is_local_and_breaks_where_the_record_does(city) -> None:
    time, value = series(city, latest(city)[0])
    assert time[0] == np.datetime64("2026-07-13T09:00")
    assert np.isnan(value).sum() == 1
    hole = int(np.flatnonzero(np.isnan(value))[0])
    assert time[hole - 1] < time[hole] < time[hole + 1]
    assert time[hole + 1] - time[hole - 1] > np.timedelta64(4, "h")


def test_long_series_are_thinned_and_rain_is_in_mm_per_hour(city) -> None:
    time, value = series(city, latest(city)[1], points=100)
    assert len(time) < 120
    assert 40 < np.nanmax(value) < 61
