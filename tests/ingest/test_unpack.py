"""Archives: one file or one shapefile comes out; whatever is odd about an archive is refused by name."""

from __future__ import annotations

import gzip
import stat
import zipfile
from pathlib import Path

import pytest

from ingest import unpack
from ingest.unpack import companions, unpacked
from twin.errors import InputError, RefusedError


@pytest.fixture
def twin(tmp_path: Path) -> Path:
    (tmp_path / "city.twin").mkdir()
    return tmp_path / "city.twin"


def zipped(folder: Path, **entries: bytes) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_a_plain_file_stays_where_it_is(tmp_path, twin):
    path = tmp_path / "a.csv"
    path.write_text("x")
    with unpacked(path, twin) as found:
        assert found == path
    assert list(twin.iterdir()) == []


def test_gzip_gives_its_file_and_takes_it_away_again(tmp_path, twin):
    path = tmp_path / "grid.asc.gz"
    path.write_bytes(gzip.compress(b"ncols 1\n"))
    with unpacked(path, twin) as found:
        assert (found.name, found.read_bytes()) == ("grid.asc", b"ncols 1\n")
        assert twin in found.parents
    assert list(twin.iterdir()) == []


def test_a_zip_with_one_file_and_its_litter(tmp_path, twin):
    path = zipped(
        tmp_path, **{"in/a.csv": b"1", "in/a.csv.toml": b"2", "__MACOSX/in/a.csv": b"3", "readme.txt": b"4", "in/": b""}
    )
    with unpacked(path, twin) as found:
        assert found.read_bytes() == b"1"
        assert sorted(p.name for p in found.parent.iterdir()) == ["a.csv", "a.csv.toml"]
        assert companions(found) == [found.with_name("a.csv.toml")]


def test_a_note_alone_is_the_file(tmp_path, twin):
    with unpacked(zipped(tmp_path, **{"a.txt": b"1"}), twin) as found:
        assert found.name == "a.txt"


def test_a_shapefile_comes_whole(tmp_path, twin):
    parts = {f"강/건물.{s}": s.encode() for s in ("shp", "shx", "dbf", "prj", "cpg", "shp.xml")}
    with unpacked(zipped(tmp_path, **parts), twin) as found:
        assert found.name == "건물.shp"
        assert [p.suffix for p in companions(found)] == [".cpg", ".dbf", ".prj", ".shx"]


def test_names_in_cp949_are_read(tmp_path, twin):
    path = tmp_path / "a.zip"
    raw = "건물.shp".encode("cp949")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x" * len(raw), b"1")
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    with unpacked(path, twin) as found:
        assert found.name == "건물.shp"


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ({"../a.csv": b""}, "'../a.csv' points outside"),
        ({"/etc/a.csv": b""}, "'/etc/a.csv' points outside"),
        ({"c:/a.csv": b""}, "'c:/a.csv' points outside"),
        ({"a\\b.csv": b""}, "points outside"),
        ({"a.zip": b""}, "'a.zip' is an archive in an archive"),
        ({"a.csv.gz": b""}, "is an archive in an archive"),
    ],
)
def test_refused(tmp_path, twin, entries, says):
    with pytest.raises(RefusedError, match=says.replace("\\", "\\\\")), unpacked(zipped(tmp_path, **entries), twin):
        pass
    assert list(twin.iterdir()) == []


def test_links_are_refused(tmp_path, twin):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("a.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hosts")
    with pytest.raises(RefusedError, match="csv' is a link"), unpacked(path, twin):
        pass


def test_a_name_that_comes_twice_is_refused(tmp_path, twin):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "1")
        archive.writestr("b.csv", "2")
    path.write_bytes(path.read_bytes().replace(b"b.csv", b"a.csv"))
    with pytest.raises(RefusedError, match=r"'a\.csv' comes twice"), unpacked(path, twin):
        pass


def test_an_encrypted_entry_is_refused(tmp_path, twin):
    path = zipped(tmp_path, **{"a.csv": b"1"})
    data = bytearray(path.read_bytes())
    central = data.rfind(b"PK\x01\x02")
    data[central + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(RefusedError, match="is encrypted"), unpacked(path, twin):
        pass


def test_several_or_no_files_are_an_error(tmp_path, twin):
    with (
        pytest.raises(InputError, match=r"holds 2 data files \(a\.csv, b\.csv\)"),
        unpacked(zipped(tmp_path, **{"a.csv": b"", "b.csv": b""}), twin),
    ):
        pass
    with pytest.raises(InputError, match="it is empty"), unpacked(zipped(tmp_path), twin):
        pass


def test_a_broken_archive_is_named(tmp_path, twin):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"x" * 10_000)[:-12])
    with pytest.raises(InputError, match=r"a\.csv\.gz: the archive is broken"), unpacked(path, twin):
        pass
    path.write_bytes(b"no gzip")
    with pytest.raises(InputError, match="the archive is broken"), unpacked(path, twin):
        pass


def test_the_sizes_a_zip_declares_are_not_believed(tmp_path, twin, monkeypatch):
    monkeypatch.setattr(unpack, "SMALL", 1000)
    path = zipped(tmp_path, **{"a.csv": b"0" * 2_000_000})
    data = bytearray(path.read_bytes())
    central = data.rfind(b"PK\x01\x02")
    data[central + 24 : central + 28] = (500).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises((InputError, RefusedError), match=r"a\.zip: "), unpacked(path, twin):
        pass
    assert list(twin.iterdir()) == []


def test_limits(tmp_path, twin, monkeypatch):
    path = zipped(tmp_path, **{"a.csv": b"0" * 100_000})
    monkeypatch.setattr(unpack, "MOST_BYTES", 99_999)
    with pytest.raises(RefusedError, match="unpacks to more than"), unpacked(path, twin):
        pass
    monkeypatch.undo()
    monkeypatch.setattr(unpack, "RESERVE", 10**18)
    with pytest.raises(RefusedError, match="does not fit on the disk"), unpacked(path, twin):
        pass


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gen_slip.zip", "points outside"),
        ("gen_backslash.zip", "points outside"),
        ("gen_symlink.zip", "is a link"),
        ("gen_bomb.zip", "archive bomb"),
        ("gen_bomb_nested.zip", "archive in an archive"),
        ("gen_many.zip", "12000 entries"),
        ("gen_gz_bomb.csv.gz", "archive bomb"),
        ("gen_truncated.zip", "the archive is broken"),
    ],
)
def test_every_hostile_archive_is_refused_and_leaves_nothing(shared, twin, name, says):
    with pytest.raises((RefusedError, InputError), match=says), unpacked(shared / "hostile" / "archive" / name, twin):
        pass
    assert list(twin.iterdir()) == []
