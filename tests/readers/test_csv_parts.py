"""The parts of the CSV reader by themselves: times, numbers, units, encodings, declarations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.formats.tables import declaration, encoding, infer, numbers, rows, times, units
from twin.errors import InputError, MissingError, UnitsError
from twin.names import QUANTITIES


@pytest.mark.parametrize(
    ("text", "form", "utc"),
    [
        ("2026-07-01 09:00", "auto", "2026-07-01T00:00:00"),
        ("2026-07-01T09:00:30.250+09:00", "auto", "2026-07-01T00:00:30.25"),
        ("2026-07-01T00:00:00Z", "auto", "2026-07-01T00:00:00"),
        ("2026-06-30T19:00-0500", "auto", "2026-07-01T00:00:00"),
        ("2026.07.01 09:00", "auto", "2026-07-01T00:00:00"),
        ("2026/7/1 9:00", "auto", "2026-07-01T00:00:00"),
        ("2026년 7월 1일 9시", "auto", "2026-07-01T00:00:00"),
        ("2026년 07월 01일 09시 00분", "auto", "2026-07-01T00:00:00"),
        ("2026-07-01 오후 12:30", "auto", "2026-07-01T03:30:00"),
        ("2026-07-01 오전 12:30", "auto", "2026-06-30T15:30:00"),
        ("20260701", "auto", "2026-06-30T15:00:00"),
        ("202607010900", "auto", "2026-07-01T00:00:00"),
        ("2026-07-01 24:00", "auto", "2026-07-01T15:00:00"),
        ("2024-02-29", "auto", "2024-02-28T15:00:00"),
        ("1782864000", "epoch", "2026-07-01T00:00:00"),
        ("7/1/2026 09:00:00 AM", "%m/%d/%Y %I:%M:%S %p", "2026-07-01T00:00:00"),
        ("2026070109", "%Y%m%d%H", "2026-07-01T00:00:00"),
    ],
)
def test_times(text: str, form: str, utc: str) -> None:
    found = times.parse([text], form, "Asia/Seoul")
    assert found.utc[0] == np.datetime64(utc)
    assert not found.reasons


@pytest.mark.parametrize(
    ("text", "form", "says"),
    [
        ("", "auto", "empty"),
        ("2026-02-30", "auto", "does not exist"),
        ("2026-07-01 25:00", "auto", "does not exist"),
        ("2026-07-01 24:01", "auto", "does not exist"),
        ("2026-07-01 오후 13:00", "auto", "does not exist"),
        ("2026-06-30T23:59:60Z", "auto", "second 60"),
        ("1/7/2026", "auto", "declare"),
        ("2026070109", "auto", "may be a date with an hour"),
        ("어제", "auto", "declare"),
        ("2026-07-01", "%Y%m%d", "does not follow"),
        ("x", "epoch", "no number of seconds"),
    ],
)
def test_times_that_are_none(text: str, form: str, says: str) -> None:
    found = times.parse([text], form, "Asia/Seoul")
    assert np.isnat(found.utc[0])
    assert says in found.reasons[0]


def test_clock_changes() -> None:
    found = times.parse(["2024-03-10 02:30", "2024-11-03 01:30", "2024-11-03 03:00"], "auto", "America/New_York")
    assert set(found.reasons) == {0, 1}
    assert found.utc[2] == np.datetime64("2024-11-03T08:00:00")
    hours = np.datetime64("2024-11-03T00:00") + np.arange(3) * np.timedelta64(1, "h")
    assert set(times.localise(hours, "America/New_York").reasons) == {1}


def test_zones_and_formats_are_asked_for_and_checked() -> None:
    with pytest.raises(MissingError, match="no zone is given"):
        times.parse(["2026-07-01 09:00"])
    with pytest.raises(InputError, match="not known"):
        times.parse(["2026-07-01 09:00"], "auto", "Korea/Nowhere")
    with pytest.raises(InputError, match="%Q"):
        times.parse(["2026"], "%Y%Q", "UTC")
    with pytest.raises(InputError, match="no year"):
        times.parse(["07-01"], "%m-%d", "UTC")


def test_numbers() -> None:
    found = numbers.parse(["1", " 2.5 ", "-3e2", "", "+.5", "1,5", "nan", "1e400"])
    assert found.values[:3].tolist() == [1, 2.5, -300]
    assert np.isnan(found.values[[3, 5, 6, 7]]).all()
    assert set(found.bad) == {5, 6, 7}
    assert numbers.parse(["1.234,5", "7"], ",", ".").values.tolist() == [1234.5, 7]
    assert set(numbers.parse(["12,34", "1.5"], ".", ",").bad) == {0}
    assert set(numbers.parse(["1.5"], ",").bad) == {0}
    assert not numbers.parse(["-9999", "결측"], missing=["-9999", "결측"]).bad


@pytest.mark.parametrize(
    ("name", "unit", "value", "ours"),
    [
        ("rainfall", "mm", 36, 0.036), ("rain_rate", "mm/h", 36, 1e-5), ("wind_speed", "km/h", 36, 10),
        ("air_temperature", "K", 300, 26.85), ("air_temperature", "°F", 212, 100), ("humidity", "%", 40, 0.4),
        ("pm10", "㎍/㎥", 12, 12), ("pm25", "mg/m³", 0.1, 100), ("o3", "ppb", 30, 0.03), ("discharge", "㎥/s", 3, 3),
        ("water_level", "cm", 290, 2.9), ("power", "kW", 2, 2000), ("traffic_count", "대", 5, 5),
    ],
)  # fmt: skip
def test_units(name: str, unit: str, value: float, ours: float) -> None:
    found = units.conversion(name, unit)
    assert value * found.factor + found.offset == pytest.approx(ours)
    assert found.unit == QUANTITIES[name].unit


def test_units_that_do_not_fit() -> None:
    with pytest.raises(UnitsError, match="'ft/s'"):
        units.conversion("rainfall", "ft/s")
    own = units.conversion("소음", "dB")
    assert (own.unit, own.known) == ("dB", False)
    assert all(units.conversion(n, q.unit).factor == 1 for n, q in QUANTITIES.items())
    assert units.quantity("초미세먼지 농도") == "pm25"
    assert units.quantity("Water Level") == "water_level"
    assert units.split("오존농도(ppm)") == ("오존농도", "ppm")


def test_encodings(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    for text, coding, found in (
        ("이름,값\n서울,1\n", "cp949", "cp949"), ("時間帯,リンク\n", "cp932", "cp932"), ("이름\n", "utf-16", "utf-16"), ("a,b\n", "ascii", "utf-8"),
    ):  # fmt: skip
        path.write_bytes(text.encode(coding))
        assert encoding.detect(path).name == found
    path.write_bytes("naïve,café\n".encode("latin-1"))
    with pytest.raises(InputError, match="state its encoding"):
        encoding.detect(path)
    assert encoding.detect(path, "latin-1").name == "latin-1"
    path.write_bytes("이름\n".encode("utf-8-sig"))
    with pytest.raises(InputError, match="the mark at its start says utf-8"):
        encoding.detect(path, "cp949")
    with pytest.raises(InputError, match="Did you mean 'cp949'"):
        encoding.detect(path, "cp94")
    path.write_bytes(b"\xef\xbb\xbfa\n\xff\n")
    with pytest.raises(InputError, match=":2:"):
        encoding.detect(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "'content' is missing"),
        ("content = 'serie'", "Did you mean 'series'"),
        ("content = 'table'\nencodign = 'x'", "Did you mean 'encoding'"),
        ("content = 'points'", "points need 'x' and 'y'"),
        ("content = 'series'", r"\[time\]"),
        ("content = 'series'\n[time]\ncolumn = 't'", "a series needs a table"),
        ("content = 'table'\nkind = 'bulding'", "Did you mean 'building'"),
        ("content = 'table'\nheader = 0", "name the columns"),
        ("content = 'table'\nheader = 'x'", "line number"),
        ("content = 'table'\ndelimiter = ';;'", "one character"),
        ("content = 'table'\ndecimal = ';'", "decimal must be"),
        ("content = 'table'\nthousands = '.'", "thousands"),
        ("content = 'table'\nnumbers = [1]", "list of texts"),
        ("content = 'table'\n[attributes]\na = 1", "must be given a name"),
        ("content = 'table'\n[thing]\nid = 'a'\ncolumn = 'b'", "give either"),
        ("content = 'table'\n[thing]\nid = 'a'\nlocation = [1]", "two numbers"),
        ("content = 'table'\n[value]\ncolumn = 'a'", "two brackets"),
        ("content = 3", "must be of type str"),
        ("content =", "not TOML"),
    ],
)
def test_declarations_with_faults(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "d.toml"
    path.write_text(text)
    with pytest.raises((InputError, MissingError), match=says) as caught:
        declaration.read(path)
    assert "d.toml" in str(caught.value)


def test_the_declaration_of_the_docstring_reads() -> None:
    import tomllib

    text = "\n".join(line[4:] for line in (declaration.__doc__ or "").splitlines() if line.startswith("    "))
    declared = declaration.parse(tomllib.loads(text), "docstring")
    assert (declared.header, declared.decimal, declared.time and declared.time.zone) == ((2,), ",", "Asia/Seoul")
    assert declared.wide is not None
    assert declared.long is not None
    assert infer.TIMES >= {"일시", "time"}


def test_a_quote_over_several_lines_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text('a,b\n1,"x\ny"\n\n2,z\n"3"4,w\n5,v\n')
    blocks = list(rows.blocks(path, rows.Form("utf-8", ",", 2), 1))
    assert [line for b in blocks for line in b.lines] == [2, 5, 7]
    assert [(q.line, q.raw) for b in blocks for q in b.bad] == [(6, '"3"4,w')]
