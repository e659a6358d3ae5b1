from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.store.kit import boxes, model, plane, readings, writing
from twin.errors import UnitsError, UsageError
from twin.model.finding import Quarantined
from twin.store import City
from twin.store.database import Database


def everything(city: City) -> tuple[object, ...]:
    return (
        city.snapshot, city.features.layers(), city.sensors.things(), city.sensors.current(), city.rasters.list(),
        city.models.list(), city.sources.list(), city.quarantine.read(),
        sorted(p.name for p in city.path.rglob("*") if p.is_file() and "duckdb" not in p.name),
    )  # fmt: skip


def fill(city: City, tag: str) -> None:
    with writing(city, f"{tag}.gpkg") as tx:
        tx.features(boxes([f"{tag}1", f"{tag}2"]))
        tx.observations(readings(["2026-01-01T00:00", "2026-01-01T00:10"], [1.0, 2.0], stream=tag))
        tx.raster(plane(0, 0, 10, 4, 4), tag)
        tx.model(model(tag))
        tx.quarantine([Quarantined(3, "bad", "raw")])
        tx.finish({"stored": 4})
        if tag == "bad":
            raise RuntimeError("the reader broke")


def test_a_transaction_leaves_all_or_nothing(city: City) -> None:
    fill(city, "good")
    before = everything(city)
    assert before[0] == 6
    with pytest.raises(RuntimeError, match="the reader broke"):
        fill(city, "bad")
    assert everything(city) == before
    fill(city, "next")
    assert city.snapshot == 12
    assert [s.id for s in city.sources.list()] == [1, 2]


def test_an_interrupt_rolls_back_too(city: City) -> None:
    with pytest.raises(KeyboardInterrupt), writing(city) as tx:
        tx.raster(plane(0, 0, 10, 4, 4), "dtm")
        raise KeyboardInterrupt
    assert everything(city)[1:] == ([],) * 8


def test_nobody_sees_it_before_the_commit(city: City) -> None:
    with writing(city) as tx:
        tx.features(boxes(["a"]))
        assert city.features.count() == 0
        assert city.snapshot == 0
    assert city.features.count() == 1


def test_a_failed_commit_keeps_its_files_until_the_next_opening(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __init__(self, cursor: object) -> None:
            self.cursor = cursor

        def execute(self, query: str, *rest: object) -> object:
            if query == "COMMIT":
                raise ConnectionError("pulled the plug")
            return self.cursor.execute(query, *rest)

        def __getattr__(self, name: str) -> object:
            return getattr(self.cursor, name)

    whole = Database.cursor.__wrapped__

    def cursor(database: Database):
        for real in whole(database):
            yield Broken(real)

    from contextlib import contextmanager

    with monkeypatch.context() as patch:
        patch.setattr(Database, "cursor", contextmanager(cursor))
        with pytest.raises(ConnectionError), writing(city) as tx:
            tx.raster(plane(0, 0, 10, 4, 4), "dtm")
    assert [p.name for p in (city.path / "rasters").iterdir()] == ["000000000001-dtm.tif"]
    assert city.rasters.list() == []
    path = city.path
    city.close()
    from twin import store

    with store.open_city(path) as again:
        assert not list((path / "rasters").iterdir())
        assert again.snapshot == 0


def test_writing_inside_writing_is_refused_not_a_deadlock(city: City) -> None:
    with writing(city) as tx:
        tx.features(boxes(["a"]))
        with pytest.raises(UsageError, match="already writes"), writing(city):
            pass
    assert city.features.count() == 1


def test_a_second_thread_waits_its_turn(city: City) -> None:
    inside, order = threading.Event(), []

    def second() -> None:
        inside.wait(10)
        with writing(city, "second") as tx:
            order.append("second")
            tx.features(boxes(["b"]))

    thread = threading.Thread(target=second)
    thread.start()
    with writing(city, "first") as tx:
        inside.set()
        tx.features(boxes(["a"]))
        thread.join(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert [s.file for s in city.sources.list()] == ["first", "second"]
    assert city.snapshot == 2


def test_readers_beside_a_writer_see_whole_transactions(city: City) -> None:
    seen, stop = set(), threading.Event()

    def look() -> None:
        while not stop.is_set():
            seen.add(city.features.count("building"))

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for batch in range(10):
        with writing(city, f"{batch}") as tx:
            tx.features(boxes([f"{batch}-{i}" for i in range(50)]))
            tx.features(boxes([f"{batch}+{i}" for i in range(50)]))
    stop.set()
    for thread in threads:
        thread.join(10)
    assert {count % 100 for count in seen} == {0}
    assert city.features.count() == 1000


@pytest.mark.parametrize("crs", [None, "EPSG:5181", "EPSG:4326"])
def test_another_system_is_refused(city: City, crs: str | None) -> None:
    says = "without a coordinate system" if crs is None else f"in {crs}, the city is in EPSG:5186"
    with writing(city) as tx:
        with pytest.raises(UnitsError, match=says):
            tx.features(boxes(["a"], crs=crs))
        table = boxes(["row"], crs=crs)
        table.geometry[:] = None
        assert list(tx.features(table)) == [0]


def test_the_same_system_in_other_words_is_not(city: City) -> None:
    import pyproj

    with writing(city) as tx:
        assert list(tx.features(boxes(["a"], crs=pyproj.CRS("EPSG:5186").to_wkt()))) == [0]


def test_valid_from_is_a_moment_with_a_zone_and_not_to_come(city: City) -> None:
    with pytest.raises(UsageError, match="has no zone"), writing(city, valid_from=datetime(2026, 1, 1)):
        pass
    with (
        pytest.raises(UsageError, match="still to come"),
        writing(city, valid_from=datetime.now(UTC) + timedelta(hours=1)),
    ):
        pass


def test_a_clock_set_back_does_not_turn_time_around(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from twin.store import writing as room

    class Back(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2020, 1, 1, tzinfo=tz)

    with writing(city, "1") as tx:
        tx.features(boxes(["a"], height=[3.0]))
    monkeypatch.setattr(room, "datetime", Back)
    with writing(city, "2") as tx:
        tx.features(boxes(["a"], height=[4.0]))
    first, second = (source.recorded_at for source in city.sources.list())
    assert second > first
    assert city.features.read("building").attributes["height"] == [4.0]
