"""Loading: books that balance, whole files or nothing, a second load that stores nothing, errors with a way out."""

from __future__ import annotations

import gzip
import hashlib
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.load import choose, fingerprint, load, mains
from ingest.reading import ReadOptions
from twin.errors import InputError, MissingError, RefusedError, UsageError
from twin.model.finding import Counted, Finding, Quarantined
from twin.model.mesh import Model, Part
from twin.model.observation import Datastream, Observations, Thing


def readings(n=3, lines=None, unit="m", value=None, start="2026-07-01"):
    time = np.datetime64(start, "us") + np.arange(n) * np.timedelta64(600, "s")
    return Observations(
        [Thing("g1", "수위계", (127.0, 37.5), "EPSG:4326")],
        [Datastream("g1/water_level", "g1", "water_level", unit)],
        np.zeros(n, np.int32),
        time,
        np.arange(n, dtype=float) if value is None else np.asarray(value, float),
        np.arange(1, n + 1) if lines is None else np.asarray(lines),
    )


def balanced(report):
    return report.lines_in == report.stored + report.quarantined + report.duplicate


def test_features_go_in_and_a_second_load_stores_nothing(tell, squares, city):
    first = tell(squares(3), Finding("info", "said", "a.told: all well"), Counted(3, "features"))
    assert (first.reader, first.lines_in, first.stored, first.quarantined, first.duplicate) == ("told", 3, 3, 0, 0)
    assert [f.code for f in first.findings] == ["said"]
    assert first.seconds > 0
    assert city.sources.list()[0].report == {**first.as_dict(), "seconds": city.sources.list()[0].report["seconds"]}
    other = tell(squares(3), Counted(3, "features"), name="b.told")
    assert (other.stored, other.duplicate) == (0, 3)
    assert city.features.count("building") == 3


def test_the_same_bytes_are_not_read_again(city, tmp_path):
    path = tmp_path / "a.wkt"
    path.write_text("POINT(200000 545000)\nPOINT(1 x)\n")
    first = load(city, path, ReadOptions(crs="EPSG:5186"))[0]
    copy = tmp_path / "copy.wkt"
    copy.write_bytes(path.read_bytes())
    again = load(city, [copy])[0]
    assert (first.lines_in, first.stored, first.quarantined) == (2, 1, 1)
    assert (again.lines_in, again.stored, again.quarantined, again.duplicate) == (2, 0, 0, 2)
    assert again.findings[0].code == "known-file"
    assert "a.wkt" in again.findings[0].message
    assert len(city.sources.list()) == 1
    assert len(city.quarantine.read()) == 1


def test_books_that_do_not_balance_roll_the_file_back(tell, squares, city):
    with pytest.raises(InputError, match="4 records were read, but 3 stored"):
        tell(squares(3), Counted(4, "features"))
    with pytest.raises(InputError, match="did not say how many records"):
        tell(squares(3), name="b.told")
    assert city.features.layers() == []
    assert city.sources.list() == []


def test_whatever_breaks_in_the_middle_leaves_nothing(tell, squares, city):
    before = city.snapshot
    with pytest.raises(ZeroDivisionError):
        tell(squares(3), readings(), ZeroDivisionError())
    assert city.features.count() == 0
    assert city.sensors.things() == []
    assert city.vertical is None
    assert city.snapshot == before
    report = tell(squares(3), Counted(3, "features"), name="b.told")
    assert report.stored == 3


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (RecursionError, RefusedError, "nested too deep"),
        (MemoryError, RefusedError, "more memory"),
        (lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), InputError, "state the encoding"),
        (lambda: OSError(5, "Input/output error"), InputError, "cannot be read: Input/output error"),
        (lambda: RefusedError("a.told: too large"), RefusedError, "^a.told: too large$"),
    ],
)
def test_what_the_system_says_is_put_into_words(tell, error, kind, says):
    with pytest.raises(kind, match=says):
        tell(error())


def test_a_line_with_several_readings_counts_once(tell, city):
    batch = readings(6, lines=[1, 1, 2, 2, 3, 3])
    bad = [Quarantined(2, "cell", "x", part=True), Quarantined(4, "row", "y")]
    report = tell(batch, *bad, Counted(4, "rows"))
    assert (report.stored, report.quarantined, report.duplicate) == (3, 1, 0)
    again = tell(batch, *bad, Counted(4, "rows"), name="b.told")
    assert (again.stored, again.quarantined, again.duplicate) == (0, 2, 2)
    more = tell(readings(7, lines=[1, 1, 2, 2, 3, 3, 4]), *bad[:1], Counted(4, "rows"), name="c.told")
    assert (more.stored, more.quarantined, more.duplicate) == (1, 1, 2)
    assert len(city.sensors.series("g1/water_level")[0]) == 7


def test_a_reading_that_is_no_number_is_quarantined(tell, city):
    report = tell(readings(3, value=[1.0, np.nan, np.inf]), Counted(3, "rows"))
    assert (report.stored, report.quarantined) == (1, 2)
    assert [q.line for q in city.quarantine.read()] == [2, 3]
    assert city.sensors.things()[0].location == pytest.approx((200000.0, 544504.12), abs=0.01)


def test_a_reading_of_a_clock_that_was_never_set_is_quarantined(tell, city):
    early, epoch, later = (
        readings(1, lines=[k], start=t) for k, t in enumerate(("1849-12-31", "1970-01-01", "2150-01-01"))
    )
    old = readings(1, lines=[9], start="1907-10-01")
    report = tell(early, epoch, later, old, Counted(4, "rows"))
    assert (report.stored, report.quarantined) == (1, 3)
    assert "a clock that was never set" in city.quarantine.read()[1].reason


def test_features_and_readings_of_one_file_add_up(tell, squares):
    report = tell(squares(2), readings(3), Quarantined(9, "r", "x"), Counted(6, "records"))
    assert (report.stored, report.quarantined) == (5, 1)


def test_many_quarantined_records_and_findings(tell, city):
    bad = [Quarantined(i, "no good", "x", f"i{i}") for i in range(1, 2502)]
    said = [Finding("warning", "odd", f"number {i}") for i in range(50)]
    report = tell(*bad, *said, Counted(2501, "rows"))
    assert report.quarantined == 2501
    assert len(city.quarantine.read()) == 2501
    assert len(report.findings) == 21
    assert report.findings[-1].message == "... and 30 more findings of 'odd'"
    assert balanced(report)


def test_models_go_in_beside_their_building(tell, squares, city):
    part = Part("w1", "wall", np.array([[0.0, 0, 0], [1, 0, 0], [0, 0, 1]]), np.array([[0, 1, 2]]))
    model = Model("b0", [part], (127.0, 37.5, 3.0), "EPSG:4326", "EPSG:5193")
    report = tell(squares(1), model, Counted(1, "elements"))
    assert report.stored == 1
    info = city.models.list()[0]
    assert info.origin == pytest.approx((200000.0, 544504.12, 3.0), abs=0.01)
    assert city.vertical == "EPSG:5193"


def test_progress_names_the_file(city, tmp_path):
    path = tmp_path / "a.wkt"
    path.write_text("POINT(200000 545000)\n")
    said = []
    load(city, [str(path)], ReadOptions(crs="EPSG:5186"), progress=lambda name, part: said.append((name, part)))
    assert said[0] == ("a.wkt", -1.0)
    assert said[-1] == ("a.wkt", 1.0)


def test_files_before_a_bad_one_stay(city, tmp_path):
    good, bad = tmp_path / "a.wkt", tmp_path / "b.wkt"
    good.write_text("POINT(200000 545000)\n")
    bad.write_text("")
    with pytest.raises(InputError, match=r"b\.wkt: the file is empty"):
        load(city, [good, bad], ReadOptions(crs="EPSG:5186"))
    assert len(city.sources.list()) == 1


def test_what_is_no_file(city, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.shp").write_text("")
    (tmp_path / "in" / "a.dbf").write_text("")
    with pytest.raises(UsageError, match=r"is a folder; name the files in it.*\(a\.shp\)"):
        load(city, tmp_path / "in")
    with pytest.raises(MissingError, match=r"absent\.tif: there is no such file"):
        load(city, tmp_path / "absent.tif")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(RefusedError, match="is not a plain file"):
        load(city, tmp_path / "pipe.csv")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (ReadOptions(kind="bilding"), "Did you mean 'building'"),
        (ReadOptions(encoding="klingon"), "encoding 'klingon' is not known"),
        (ReadOptions(zone="Asia/Soul"), "time zone 'Asia/Soul' is not known"),
    ],
)
def test_options_nobody_knows_are_wrong_usage(city, options, says):
    with pytest.raises(UsageError, match=says):
        load(city, [], options)


def test_the_reader_is_found_by_the_first_bytes(tmp_path):
    path = tmp_path / "a.wkt"
    path.write_text("POINT(1 1)")
    assert choose(path).name == "wkt"
    path.write_bytes(b"PNG not a shape")
    with pytest.raises(
        InputError, match=r"a\.wkt: is not what its name says \(wkt\); it begins with 'PNG not a shape'"
    ):
        choose(path)
    odd = tmp_path / "a.docx"
    odd.write_bytes(b"\x00\x01")
    with pytest.raises(InputError, match=r"a\.docx: format is not known \(known: .*\.wkt"):
        choose(odd)


def test_archives_are_read_and_leave_nothing_behind(city, tmp_path):
    (tmp_path / "a.wkt.gz").write_bytes(gzip.compress(b"POINT(200000 545000)\n"))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("b.wkt", "POINT(200100 545000)\n")
    reports = load(city, [tmp_path / "a.wkt.gz", tmp_path / "b.zip"], ReadOptions(crs="EPSG:5186"))
    assert [r.stored for r in reports] == [1, 1]
    assert [r.reader for r in reports] == ["wkt", "wkt"]
    assert not list((city.path / "incoming").glob("unpack-*"))
    assert {s.sha256 for s in city.sources.list()} == {
        hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("a.wkt.gz", "b.zip")
    }


def test_companions_count_in_the_fingerprint(tmp_path):
    shape, table = tmp_path / "a.shp", tmp_path / "a.dbf"
    shape.write_bytes(b"1")
    alone = fingerprint(shape, ReadOptions())
    assert alone == hashlib.sha256(b"1").hexdigest()
    table.write_bytes(b"2")
    both = fingerprint(shape, ReadOptions())
    table.write_bytes(b"3")
    assert len({alone, both, fingerprint(shape, ReadOptions())}) == 3
    csv, words = tmp_path / "b.csv", tmp_path / "words.toml"
    csv.write_bytes(b"x")
    words.write_bytes(b"y")
    assert fingerprint(csv, ReadOptions()) != fingerprint(csv, ReadOptions(declaration=words))
    with pytest.raises(MissingError, match=r"no\.toml: there is no such file"):
        fingerprint(csv, ReadOptions(declaration=tmp_path / "no.toml"))


def test_a_shapefile_given_with_all_its_parts_is_one_file(city, shared):
    folder = shared / "data" / "places" / "kumamoto" / "high_tide_BP001_shp"
    shape = next(p for p in sorted(folder.iterdir()) if p.suffix.lower() == ".shp")
    parts = [p for p in sorted(folder.iterdir()) if p.stem == shape.stem]
    assert len(parts) >= 3
    with pytest.raises(InputError, match="where EPSG:5186 is not meant for"):
        load(city, parts)


def test_what_is_read_with_another_file_is_no_file_of_its_own(city, tmp_path):
    names = ("a.shp", "a.dbf", "a.shp.xml", "b.csv", "b.csv.toml", "c.dbf")
    for name in names:
        (tmp_path / name).write_text("x")
    assert [path.name for path in mains([tmp_path / name for name in names])] == ["a.shp", "b.csv", "c.dbf"]
    with pytest.raises(UsageError, match=r"a\.dbf: is a part of a\.shp .* load a\.shp"):
        load(city, tmp_path / "a.dbf")
    with pytest.raises(UsageError, match=r"b\.csv\.toml: declares what b\.csv holds .* load b\.csv"):
        load(city, tmp_path / "b.csv.toml")


def test_a_declaration_beside_an_archive_is_used(city, tmp_path):
    text = "시각,수위\n2026-07-01 00:00,1.5\n2026-07-01 00:10,1.6\n"
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "a.csv.toml").write_text(
        'content = "series"\n[time]\ncolumn = "시각"\nzone = "Asia/Seoul"\n[thing]\nid = "g1"\n'
        '[[value]]\ncolumn = "수위"\nproperty = "water_level"\nunit = "m"\n'
    )
    report = load(city, tmp_path / "a.csv.gz")[0]
    assert (report.stored, report.reader) == (2, "csv")
    assert city.sensors.current()[0].value == 1.6


def test_a_raster_of_the_same_name_elsewhere_gets_a_name_of_its_own(city, tmp_path):
    for folder, west in (("a", 200000), ("b", 203000), ("c", 200000)):
        (tmp_path / folder).mkdir()
        heights = "\n".join("1.5 2.5 3.5" for _ in range(3)) if folder != "c" else "\n".join("4 4 4" for _ in range(3))
        (tmp_path / folder / "dtm.asc").write_text(
            f"ncols 3\nnrows 3\nxllcorner {west}\nyllcorner 545000\ncellsize 10\nNODATA_value -9999\n{heights}\n"
        )
    options = ReadOptions(crs="EPSG:5186", vertical="EPSG:5193")
    reports = [load(city, tmp_path / f / "dtm.asc", options)[0] for f in ("a", "b", "c")]
    assert [r.stored for r in reports] == [1, 1, 1]
    names = [info.name for info in city.rasters.list()]
    assert len(names) == 2
    assert "dtm" in names
    assert any(f.code == "raster-name" for f in reports[1].findings)
    assert not any(f.code == "raster-name" for f in reports[2].findings)


def test_reports_read_in_both_languages(tell, squares):
    report = replace(tell(squares(2), Counted(2, "features")), file="a.told", seconds=1.25)
    assert report.text() == "a.told: 2건 읽음 = 저장 2 + 격리 0 + 중복 0 (told, 1.2초)"
    assert report.text("en") == "a.told: 2 read = 2 stored + 0 quarantined + 0 duplicate (told, 1.2 s)"


def test_modules_of_ingest_come_when_they_are_asked_for():
    import ingest

    assert ingest.load.load is load
    assert callable(ingest.check.check)
    with pytest.raises(AttributeError, match="it has check, demo, load"):
        _ = ingest.simulate


def test_paths_may_be_texts(city, tmp_path):
    path = tmp_path / "a.wkt"
    path.write_text("POINT(200000 545000)\n")
    assert load(city, str(path), ReadOptions(crs="EPSG:5186"))[0].file == str(path)
    assert load(city, [Path(path)])[0].duplicate == 1
