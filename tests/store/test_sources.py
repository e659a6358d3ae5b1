from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.store.kit import boxes
from twin.store import City


def test_a_source_says_where_it_came_from(city: City) -> None:
    start = datetime.now(UTC)
    with city.writing(file="건물.shp", sha256="ab" * 32, reader="vector", licence="KOGL 1", size=2**40) as tx:
        tx.features(boxes(["a"]))
        tx.finish({"stored": 1, "findings": [{"code": "x", "message": "\ud800"}]})
        assert tx.source == 1
    with city.writing(file="b", sha256="cd" * 32, reader="csv"):
        pass
    first, second = city.sources.list()
    assert (first.id, first.file, first.sha256, first.reader, first.licence, first.size) == (
        1,
        "건물.shp",
        "ab" * 32,
        "vector",
        "KOGL 1",
        2**40,
    )
    assert first.report == {"stored": 1, "findings": [{"code": "x", "message": "\ud800"}]}
    assert start - timedelta(seconds=1) < first.recorded_at <= second.recorded_at
    assert (second.id, dict(second.report), second.licence) == (2, {}, "")


def test_a_source_is_found_by_its_bytes(city: City) -> None:
    assert city.sources.find("ab") is None
    for name in ("old", "new"):
        with city.writing(file=name, sha256="ab", reader="csv"):
            pass
    found = city.sources.find("ab")
    assert found is not None
    assert found.file == "new"
