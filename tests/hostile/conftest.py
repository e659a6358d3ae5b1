"""What the hostile files are loaded into: a fresh city in a folder of its own, with every way out watched."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.load import load
from ingest.reading import ReadOptions
from ingest.report import LoadReport
from twin import store
from twin.errors import TwinError

#: coordinate system that a person would state for the files of a folder that state none on purpose
STATED = {"wkt": "EPSG:5186"}


@dataclass
class Outcome:
    """What became of a file: a report or an error, and the city it met."""

    city: store.City
    report: LoadReport | None
    error: TwinError | None

    @property
    def reasons(self) -> list[str]:
        return [row.reason for row in self.city.quarantine.read()]

    @property
    def codes(self) -> set[str]:
        return {f.code for f in self.report.findings} if self.report else set()


@pytest.fixture
def hostile(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Outcome]]:
    """Return a function that loads a file of the corpus into a new city of EPSG:5186.

    It fails on any exception but TwinError, on books that do not balance, on half a file, on a file outside the twin
    and on a connection.
    """

    def connect(*address: object) -> None:
        raise AssertionError(f"a connection is made to {address[1:]}")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.chdir(tmp_path)
    cities: list[store.City] = []

    def loaded(name: str | Path, **options: object) -> Outcome:
        path = shared / "hostile" / name
        said = ReadOptions(**{"crs": STATED.get(path.suffix[1:]), **options})
        before = {p for p in tmp_path.iterdir() if not p.name.endswith(".twin")}
        city = store.create(tmp_path / f"{len(cities)}.twin", crs="EPSG:5186")
        cities.append(city)
        report, error = None, None
        try:
            report = load(city, path, said)[0]
        except TwinError as raised:
            error = raised
        if report is not None:
            assert report.lines_in == report.stored + report.quarantined + report.duplicate
            kept = city.quarantine.read()
            assert sum(not row.part for row in kept) <= report.quarantined <= len(kept)
            assert [s.file for s in city.sources.list()] == [str(path)]
        else:
            assert path.name in str(error), f"the error does not name the file: {error}"
            assert city.sources.list() == []
            assert city.features.layers() == []
            assert city.sensors.things() == []
            assert city.rasters.list() == []
            assert city.quarantine.read() == []
        assert {p.name for p in city.path.iterdir()} <= {
            "twin.duckdb", "twin.duckdb.wal", "rasters", "meshes", "runs", "incoming",
        }  # fmt: skip
        assert {p for p in tmp_path.iterdir() if not p.name.endswith(".twin")} == before
        assert not Path("/tmp/slip_test.txt").exists()
        return Outcome(city, report, error)

    yield loaded
    for city in cities:
        city.close()
