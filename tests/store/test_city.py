from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.store.kit import CRS, boxes, writing
from twin import store
from twin.errors import BusyError, InputError, MissingError, TwinError, UnitsError, UsageError
from twin.settings import Settings
from twin.store import database, schema
from twin.store.database import FILE


def test_a_new_twin_is_a_folder_and_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "가온's city.twin"
    with store.create(path, "epsg:5186", vertical="5193") as city:
        assert (city.crs, city.vertical, city.zone, city.snapshot) == ("EPSG:5186", "EPSG:5193", "Asia/Seoul", 0)
        with writing(city) as tx:
            tx.features(boxes(["a", "b"]))
    assert {p.name for p in path.iterdir()} == {FILE, "rasters", "runs", "meshes"}
    with store.open_city(path) as city:
        assert (city.crs, city.vertical, city.snapshot) == ("EPSG:5186", "EPSG:5193", 2)
        assert city.path == path.resolve()


def test_a_system_without_code_is_kept_as_wkt(tmp_path: Path) -> None:
    import pyproj

    local = "+proj=tmerc +lat_0=37 +lon_0=127.3 +k=1 +x_0=1000 +y_0=2000 +ellps=GRS80 +units=m"
    with store.create(tmp_path / "c.twin", local) as city:
        assert pyproj.CRS(city.crs).equals(pyproj.CRS(local))


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"crs": "EPSG:4326"}, UnitsError, "not in metres"),
        ({"crs": "EPSG:99999"}, InputError, "is not known"),
        ({"crs": ""}, MissingError, "write one"),
        ({"crs": CRS, "zone": "Asia/Gaon"}, UsageError, "IANA name"),
        ({"crs": CRS, "zone": "../../etc/passwd"}, UsageError, "IANA name"),
        ({"crs": CRS, "vertical": "EPSG:5186"}, InputError, "height datum"),
    ],
)
def test_create_refuses_and_leaves_nothing(tmp_path: Path, options: dict, error: type, says: str) -> None:
    with pytest.raises(error, match=says):
        store.create(tmp_path / "c.twin", **options)
    assert not list(tmp_path.iterdir())


def test_create_takes_back_what_it_made_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schema.TABLES, "meta", "no column of this type NONSENSE")
    empty = tmp_path / "there"
    empty.mkdir()
    for path in (empty, tmp_path / "new"):
        with pytest.raises(duckdb.Error):
            store.create(path, CRS)
    assert [p.name for p in tmp_path.rglob("*")] == ["there"]


def test_create_wants_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(UsageError, match="already there and not empty"):
        store.create(tmp_path, CRS)
    with pytest.raises(UsageError, match="already there"):
        store.create(tmp_path / "kept.txt", CRS)
    assert (tmp_path / "kept.txt").read_text() == "mine"


def foreign(path: Path, *statements: str) -> Path:
    path.mkdir()
    with duckdb.connect(str(path / FILE)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def test_what_is_not_a_twin_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="make one with 'twin new"):
        store.open_city(tmp_path / "none.twin")
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="this is a file"):
        store.open_city(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=f"holds no {FILE}"):
        store.open_city(tmp_path / "empty")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / FILE).write_text("hello " * 5000)
    with pytest.raises(InputError, match="not a DuckDB file"):
        store.open_city(tmp_path / "text")
    for name, statement in (("bare", "SELECT 1"), ("other", "CREATE TABLE meta (name VARCHAR, value VARCHAR)"),
                            ("shape", "CREATE TABLE meta (a INTEGER)")):  # fmt: skip
        with pytest.raises(InputError, match="not of a twin"):
            store.open_city(foreign(tmp_path / name, statement))
    assert not list((tmp_path / "empty").iterdir())


@pytest.mark.parametrize(("version", "says"), [(0, "older.*into a new twin"), (99, "newer.*update the program")])
def test_another_version_of_the_tables_is_refused(tmp_path: Path, version: int, says: str) -> None:
    path = tmp_path / "c.twin"
    store.create(path, CRS).close()
    with duckdb.connect(str(path / FILE)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", [str(version)])
    with pytest.raises(InputError, match=says):
        store.open_city(path)
    with duckdb.connect(str(path / FILE)):
        pass  # the refused opening holds nothing


def test_a_damaged_database_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "c.twin"
    with store.create(path, CRS) as city, writing(city) as tx:
        tx.features(boxes([f"b{i}" for i in range(3000)]))
    data = (path / FILE).read_bytes()
    (path / FILE).write_bytes(data[: len(data) // 10])
    with pytest.raises(InputError, match="restore the twin from a copy"):
        store.open_city(path)


def elsewhere(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_second_process_hears_who_holds_the_twin(city: store.City) -> None:
    code = f"""
from twin import store
from twin.errors import BusyError
try:
    store.open_city({str(city.path)!r})
except BusyError as error:
    print(error)
"""
    said = elsewhere(code)
    assert f"process {os.getpid()} (" in said
    assert "end it and try again" in said
    city.close()
    assert elsewhere(code) == ""


def test_we_hear_who_holds_the_twin(city: store.City) -> None:
    path = city.path
    city.close()
    code = f"from twin import store; c = store.open_city({str(path)!r}); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match=rf"process {other.pid} \("):
            store.open_city(path)
        other.communicate("\n")
    store.open_city(path).close()


def test_one_process_may_open_it_twice(city: store.City) -> None:
    with store.open_city(city.path) as again:
        with writing(again) as tx:
            tx.features(boxes(["a"]))
        assert city.snapshot == again.snapshot == 1
    assert city.features.count("building") == 1
    city.close()
    city.close()
    with pytest.raises(UsageError, match="is closed"):
        city.features.layers()


def test_height_datum_is_stated_once(city: store.City) -> None:
    assert city.vertical is None
    city.set_vertical("5193")
    city.set_vertical("EPSG:5193")
    with pytest.raises(UnitsError, match="above EPSG:5193, not ellipsoidal"):
        city.set_vertical("ellipsoidal")
    assert city.vertical == "EPSG:5193"


def test_height_datum_goes_with_the_transaction_it_was_stated_in(city: store.City) -> None:
    with pytest.raises(KeyError), writing(city):
        city.set_vertical("EPSG:5193")
        assert city.vertical == "EPSG:5193"
        raise KeyError
    assert city.vertical is None


def test_nothing_outside_the_twin_can_be_reached(city: store.City, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    secret, here = tmp_path / "secret.csv", city.path / "rasters" / "out.parquet"
    with city.database.cursor() as cursor:
        for query in (
            f"SELECT * FROM read_csv('{secret}')",
            f"SELECT * FROM '{secret}'",
            f"COPY meta TO '{tmp_path / 'out.csv'}'",
            f"ATTACH '{tmp_path / 'x.duckdb'}'",
            "INSTALL httpfs",
            "SET enable_external_access = true",
            "SET threads = 1",
        ):
            with pytest.raises(duckdb.Error):
                cursor.execute(query)
        local = [1, 2]  # a Python name must not turn into a table
        with pytest.raises(duckdb.CatalogException):
            cursor.execute("SELECT * FROM local")
        assert local
        cursor.execute(f"COPY meta TO '{here}'")
    assert here.is_file()


def test_opening_loads_no_heavy_library_before_it_is_needed() -> None:
    code = "import sys, twin.store; print(*sorted({'duckdb', 'pyarrow', 'shapely', 'rasterio', 'trimesh', 'pyproj'} & set(sys.modules)))"
    assert elsewhere(code) == ""


def test_a_full_memory_is_a_clear_error(city: store.City) -> None:
    with pytest.raises(TwinError, match="make room on the disk or raise TWIN_MEMORY_LIMIT"), writing(city) as tx:
        raise_it = "SELECT error('disk')"
        with pytest.raises(duckdb.InvalidInputException):
            tx.cursor.execute(raise_it)
        raise duckdb.OutOfMemoryException("could not allocate block")
    with writing(city) as tx:
        assert list(tx.features(boxes(["a"]))) == [0]


@pytest.mark.parametrize("settings", [Settings(memory_limit="much"), Settings(threads=0)])
def test_settings_the_database_does_not_take_are_named(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(UsageError, match=r"threads and '.*' of memory: .* set TWIN_THREADS"):
        store.create(tmp_path / "c.twin", CRS, settings=settings)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_may_not_be_written_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    said = database._translated(tmp_path, 'IO Error: Cannot open file "x": Permission denied')
    assert isinstance(said, InputError)
    assert "may not be written" in str(said)
    assert isinstance(
        database._translated(tmp_path, "IO Error: Could not set lock on file: no holder named"), BusyError
    )
