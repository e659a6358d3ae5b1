"""Twins of earlier versions of the tables are opened and given what came since."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.store.kit import CRS, boxes, writing
from twin import store
from twin.store import schema
from twin.store.database import FILE
from twin.store.journal import Actor, Entry

NEW = {"journal", *(f"board_{kind}" for kind in schema.BOARD)}


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A twin as version 1 wrote it, with a building in it."""
    path = tmp_path / "old.twin"
    monkeypatch.setattr(schema, "TABLES", {name: c for name, c in schema.TABLES.items() if name not in NEW})
    monkeypatch.setattr(schema, "VERSION", 1)
    with store.create(path, CRS) as city, writing(city) as tx:
        tx.features(boxes(["b1"]))
    monkeypatch.undo()
    with duckdb.connect(str(path / FILE)) as connection:
        assert schema.read_meta(connection)["schema"] == "1"
        assert not NEW & tables(connection)
    return path


def tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def test_a_twin_of_version_1_opens_keeps_what_it_holds_and_takes_a_journal(first: Path) -> None:
    with store.open_city(first) as city:
        assert city.features.count("building") == 1
        city.journal.append(Entry("x", Actor("system", "test")))
        city.board.post("event", "run1", 0, 0.0, "e1", {})
    with duckdb.connect(str(first / FILE)) as connection:
        assert schema.read_meta(connection)["schema"] == str(schema.VERSION)
        assert tables(connection) >= NEW
    with store.open_city(first) as city:
        assert city.journal.verify().rows == 1


def test_lifting_that_fails_leaves_the_twin_as_it_was(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schema.TABLES, "board_outcome", "no column of this type NONSENSE")
    with pytest.raises(duckdb.Error):
        store.open_city(first)
    monkeypatch.undo()
    with duckdb.connect(str(first / FILE)) as connection:
        assert schema.read_meta(connection)["schema"] == "1"
        assert not NEW & tables(connection)
    with store.open_city(first) as city:
        assert city.features.count("building") == 1


def test_a_lifted_twin_has_the_tables_of_a_new_one(first: Path, tmp_path: Path) -> None:
    store.open_city(first).close()
    store.create(tmp_path / "new.twin", CRS).close()
    columns = "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() ORDER BY ALL"
    found = []
    for path in (first, tmp_path / "new.twin"):
        with duckdb.connect(str(path / FILE)) as connection:
            found.append(connection.execute(columns).fetchall())
    assert found[0] == found[1]
