from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from tests.store.kit import CRS, readings, writing
from twin.errors import InputError, MissingError, UnitsError, UsageError
from twin.model.observation import Datastream, Observations, Thing
from twin.store import City

T0, T1, T2, T3 = (f"2026-01-01T00:{m:02d}" for m in (0, 10, 20, 30))


def put(city: City, observations: Observations, file: str = "a.csv") -> list[int]:
    with writing(city, file) as tx:
        return list(tx.observations(observations))


def latest(city: City) -> list[tuple[str, str, float]]:
    return [(row.datastream, row.time.strftime("%H:%M"), row.value) for row in city.sensors.current()]


def test_things_and_datastreams_come_back(city: City) -> None:
    things = [Thing("b", "빗물", None, None, {"owner": "시", "n": 1}), Thing("a\ud800", "\0", (3.0, 4.0), CRS)]
    streams = [Datastream("b:rain", "b", "rainfall", "m", "시간 강우"), Datastream("a:x", "a\ud800", "own word", "?")]
    none = np.zeros(0)
    put(city, Observations(things, streams, none.astype("i4"), none.astype("M8[us]"), none, none.astype("i8")))
    assert sorted(city.sensors.things(), key=lambda t: t.id) == sorted(things, key=lambda t: t.id)
    assert city.sensors.datastreams() == [streams[1], streams[0]]
    assert city.sensors.current() == []
    assert city.features.layers() == []  # a sensor is no feature, too
    assert city.snapshot == 0
    times, values = city.sensors.series("b:rain")
    assert (times.dtype, values.dtype, len(times)) == (np.dtype("M8[us]"), np.dtype("f8"), 0)


def test_what_a_file_does_not_say_about_a_thing_stays(city: City) -> None:
    put(city, readings([T0], [1.0]))
    with writing(city, "b") as tx:
        batch = readings([T1], [1.0])
        tx.observations(
            Observations(
                [Thing("gauge", "", None, None, {"a": 1})],
                batch.datastreams,
                batch.stream,
                batch.time,
                batch.value,
                batch.lines,
            )
        )
    assert city.sensors.things() == [Thing("gauge", "수위계", (100.0, 200.0), CRS, {"a": 1})]


def test_the_same_again_is_a_duplicate_and_another_value_a_correction(city: City) -> None:
    assert put(city, readings([T0, T1, T2], [1.0, 2.0, float("nan")])) == [0, 0, 0]
    assert put(city, readings([T0, T1, T2], [1.0, 2.5, float("nan")]), "b") == [1, 0, 1]
    assert city.snapshot == 4
    before = city.sources.list()[0].recorded_at
    times, values = city.sensors.series("gauge:level")
    assert times.astype("M8[m]").astype(str).tolist() == [T0, T1, T2]
    assert values[:2].tolist() == [1.0, 2.5]
    assert np.isnan(values[2])
    assert city.sensors.series("gauge:level", known_at=before)[1][:2].tolist() == [1.0, 2.0]
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert len(city.sensors.series("gauge:level", known_at=long_ago)[0]) == 0


def test_a_file_that_contradicts_itself_keeps_its_last_word_and_loads_twice_as_nothing(city: City) -> None:
    batch = readings([T0, T1, T0, T1, T0], [1.0, 5.0, 2.0, 5.0, 3.0])
    assert put(city, batch) == [0, 0, 0, 1, 0]
    assert put(city, batch, "again") == [1] * 5
    assert city.sensors.series("gauge:level")[1].tolist() == [3.0, 5.0]
    assert city.snapshot == 4


def test_the_newest_reading_wins_not_the_first_or_the_last_to_come(city: City) -> None:
    put(city, readings([T1, T2, T0], [1.0, 4.0, 2.0]))  # several of one datastream in a batch
    assert latest(city) == [("gauge:level", "00:20", 4.0)]
    put(city, readings([T1], [9.0]), "late")
    assert latest(city) == [("gauge:level", "00:20", 4.0)]
    put(city, readings([T2], [4.5]), "correction")
    assert latest(city) == [("gauge:level", "00:20", 4.5)]
    with writing(city, "three batches") as tx:
        for time, value in ((T3, 1.0), (T3, 2.0), (T0, 7.0)):
            tx.observations(readings([time], [value]))
        tx.observations(readings([T0], [7.0], stream="other"))
    assert latest(city) == [("gauge:level", "00:30", 2.0), ("other", "00:00", 7.0)]
    row = city.sensors.current()[0]
    assert (row.thing, row.property, row.unit, row.time.tzinfo) == ("gauge", "water_level", "m", UTC)


def test_current_is_what_the_log_says(city: City) -> None:
    rng = np.random.default_rng(3)
    things = [Thing(f"t{i}", f"t{i}") for i in range(20)]
    streams = [Datastream(f"d{i:02d}", f"t{i}", "pm10", "ug m-3") for i in range(20)]
    for batch in range(8):
        n = 400
        times = np.datetime64("2026-01-01", "us") + rng.integers(0, 60, n) * np.timedelta64(1, "m")
        put(
            city,
            Observations(
                things,
                streams,
                rng.integers(0, 20, n).astype("i4"),
                times,
                rng.integers(0, 5, n).astype(float),
                np.arange(n),
            ),
            f"{batch}",
        )
    for row in city.sensors.current():
        times, values = city.sensors.series(row.datastream)
        assert (times[-1].item(), values[-1]) == (row.time.replace(tzinfo=None), row.value)
    assert len(city.sensors.current()) == 20


def test_a_series_is_cut_half_open(city: City) -> None:
    put(city, readings([T2, T0, T3, T1], [2.0, 0.0, 3.0, 1.0]))
    since, until = (datetime.fromisoformat(f"2026-01-01T09:{m}+09:00") for m in (10, 30))
    assert city.sensors.series("gauge:level", since, until)[1].tolist() == [1.0, 2.0]
    assert city.sensors.series("gauge:level", since=until)[1].tolist() == [3.0]
    assert city.sensors.series("gauge:level", until=since)[1].tolist() == [0.0]
    with pytest.raises(UsageError, match="has no zone"):
        city.sensors.series("gauge:level", datetime(2026, 1, 1))
    with pytest.raises(MissingError, match="Did you mean 'gauge:level'"):
        city.sensors.series("gauge:levl")


def test_a_datastream_does_not_change_what_it_measures(city: City) -> None:
    put(city, readings([T0], [1.0]))
    with pytest.raises(UnitsError, match="holds water_level in m of thing 'gauge', the file has water_level in cm"):
        put(city, readings([T1], [100.0], unit="cm"))
    with pytest.raises(UnitsError, match="of thing 'other'; give it an id of its own"):
        put(city, readings([T1], [100.0], thing="other"))
    assert [thing.id for thing in city.sensors.things()] == ["gauge"]


def test_a_reading_without_time_is_refused(city: City) -> None:
    with pytest.raises(InputError, match="line 2: a reading without a time"):
        put(city, readings([T0, "NaT"], [1.0, 2.0]))


def test_a_thing_in_another_system_is_refused(city: City) -> None:
    batch = readings([T0], [1.0])
    with pytest.raises(UnitsError, match="location of thing 'x': in EPSG:4326, the city is in EPSG:5186"):
        put(
            city,
            Observations(
                [Thing("x", "x", (127.0, 37.0), "EPSG:4326")],
                batch.datastreams,
                batch.stream,
                batch.time,
                batch.value,
                batch.lines,
            ),
        )
