"""CSV: real Korean files with the counts of their manifest, made-up bad ones, and a million readings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.readers.csv import reader
from tests.readers._books import Content, read
from twin.errors import InputError, MissingError, TwinError, UnitsError


def declared(tmp_path: Path, path: Path, text: str, **options: object) -> Content:
    toml = tmp_path / "declaration.toml"
    toml.write_text(text, encoding="utf-8")
    return read(reader, path, declaration=toml, **options)


def made(tmp_path: Path, name: str, text: str | bytes, toml: str = "") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if toml:
        (tmp_path / f"{name}.toml").write_text(toml, encoding="utf-8")
    return path


SERIES = 'content = "series"\n[time]\ncolumn = "ts"\nzone = "Asia/Seoul"\n[thing]\ncolumn = "id"\n[[value]]\ncolumn = "value"\nproperty = "water_level"\nunit = "m"\n'


# real files


@pytest.mark.parametrize(
    ("name", "rows", "kind", "encoding"),
    [
        ("cheonan/streetlights_20240729.csv", 19433, "streetlight", "utf-8-sig"),
        ("cheonan/enforcement_cameras_20250328.csv", 699, "camera", "utf-8-sig"),
        ("cheonan/traffic_cctv_20220922.csv", 92, "camera", "cp949"),
        ("cheonan/public_parking_20240618.csv", 106, "parking", "cp949"),
        ("cheonan/intersection_points_dong.csv", 76, "feature", "utf-8-sig"),
        ("cheonan/illegal_parking_enforcement_2024.csv", 5610, "parking", "cp949"),
        ("cheonan/accident_hotspots_polygons.csv", 916, "feature", "cp949"),
        ("timeseries/kma_rain_2022_summer_cp949.csv", 95, "feature", "cp949"),
        ("timeseries/mois_heat_shelters.csv", 100, "shelter", "utf-8-sig"),
    ],
)
def test_places_load_without_a_declaration(shared: Path, name: str, rows: int, kind: str, encoding: str) -> None:
    content = read(reader, shared / "data/korea" / name)
    assert content.lines == content.count(kind) == rows
    assert not content.quarantined
    assert any(f.code == "encoding" and encoding in f.message for f in content.findings)
    for batch in content.features:
        assert batch.crs == "EPSG:4326"
        assert all(120 < g.x < 133 and 32 < g.y < 39 for g in batch.geometry)
    ids = [i for batch in content.features for i in batch.ids]
    assert len(set(ids)) == rows


def test_tables_without_places_keep_every_row(shared: Path) -> None:
    content = read(reader, shared / "data/korea/cheonan/chungnam_schools_20240807.csv", kind="facility")
    assert content.count("facility") == 1243
    assert all(g is None for g in content.features[0].geometry)
    assert content.features[0].attributes["name"][0] == "천안초등학교병설유치원"
    assert content.features[0].attributes["우편번호"][0] == "31122"
    assert content.features[0].attributes["학생수(명)"][0] == 13.0
    assert "personal-data" in content.codes


def test_header_is_found_under_a_title_and_over_a_second_one(shared: Path) -> None:
    codes = read(reader, shared / "data/korea/cheonan/census_region_codes_202406.csv")
    assert codes.lines == 3558
    assert codes.features[0].attributes["읍면동명칭"][0] == "사직동"
    shelters = read(reader, shared / "data/korea/timeseries/mois_heat_shelters.csv")
    assert sum(v or 0 for v in shelters.column("shelter", "capacity")) == 3189
    assert "header" in shelters.codes


def test_shift_jis_is_told_from_cp949_by_its_content(shared: Path) -> None:
    content = read(reader, shared / "data/places/kumamoto/car_link_average_velocity.csv")
    assert content.lines == 25376
    assert "リンクID" in content.features[0].attributes
    assert any(f.severity == "warning" and "cp932" in f.message for f in content.findings)


def test_declared_places_in_another_system(shared: Path, tmp_path: Path) -> None:
    text = 'content = "points"\nheader = [1, 2]\nx = "XCORD"\ny = "Y좌표"\ncrs = "EPSG:5179"\nid = "쉼터시설번호"\nkind = "shelter"\nlayer = "heat"\n[attributes]\n"AR" = "floor_area"\n'
    content = declared(tmp_path, shared / "data/korea/timeseries/mois_heat_shelters.csv", text)
    row = content.row("41450030")
    assert row["name"] == "은행아파트"
    assert row["floor_area"] == 132
    assert content.features[0].crs == "EPSG:5179"
    assert content.features[0].layer == "heat"
    assert 900_000 < row["geometry"].x < 1_000_000


def test_series_ask_for_what_nobody_said(shared: Path) -> None:
    with pytest.raises(MissingError) as caught:
        read(reader, shared / "data/korea/cheonan/weather_hourly.csv", zone="Asia/Seoul")
    text = str(caught.value)
    assert 'property = "rainfall"' in text
    assert "weather_hourly.csv.toml" in text
    with pytest.raises(MissingError, match="zone"):
        read(reader, shared / "data/korea/timeseries/seoul_air_daily_2018_cp949.csv")


def test_hourly_weather(shared: Path, tmp_path: Path) -> None:
    text = 'content = "series"\n[time]\ncolumn = "time"\nzone = "Asia/Seoul"\n[thing]\nid = "cheonan"\nname = "천안"\nlocation = [127.11, 36.82]\n'
    for column, name, unit in (
        ("temp", "air_temperature", "degC"),
        ("precipitation", "rainfall", "mm"),
        ("wind", "wind_speed", "m/s"),
    ):
        text += f'[[value]]\ncolumn = "{column}"\nproperty = "{name}"\nunit = "{unit}"\n'
    content = declared(tmp_path, shared / "data/korea/cheonan/weather_hourly.csv", 'crs = "EPSG:4326"\n' + text)
    assert content.lines == 8760
    rain = [v for _, v in content.series("cheonan/rainfall")]
    assert len(rain) == 847
    assert sum(rain) == pytest.approx(1.4580)
    assert max(rain) == pytest.approx(0.0506)
    temperature = content.series("cheonan/air_temperature")
    assert temperature[0] == ("2024-11-01T15:00:00", 15.2)
    assert (min(v for _, v in temperature), max(v for _, v in temperature)) == (-16.7, 35.3)
    assert content.observations[0].things[0].location == (127.11, 36.82)
    assert any(f.code == "unit" and "from mm to m" in f.message for f in content.findings)


def test_hours_as_columns(shared: Path, tmp_path: Path) -> None:
    text = 'content = "series"\n[time]\ncolumn = "일자"\nzone = "Asia/Seoul"\n[thing]\ncolumns = ["접근로명"]\nproperties = ["교차로명", "지역구"]\n[wide]\ncolumns = "%H시"\nproperty = "traffic_count"\nunit = "대"\n'
    content = declared(tmp_path, shared / "data/korea/cheonan/smart_intersection_counts.csv", text)
    assert content.lines == 7533
    assert sum(len(o) for o in content.observations) == 7533 * 24
    assert sum(o.value.sum() for o in content.observations) == 112_287_394
    first = content.series("2공단3_남/traffic_count")[:2]
    assert first == [("2025-06-30T15:00:00", 105.0), ("2025-06-30T16:00:00", 61.0)]
    things = {t.id: t for o in content.observations for t in o.things}
    assert len(things) == 243
    assert things["2공단3_남"].properties["교차로명"] == "2공단3"
    assert "합계" in next(f.message for f in content.findings if f.code == "unread-columns")


def test_midnight_is_written_24_00(shared: Path, tmp_path: Path) -> None:
    text = 'content = "series"\n[time]\ncolumn = "일시"\nzone = "Asia/Seoul"\n[thing]\nid = "seoul"\n'
    for column, name, unit in (("초미세먼지", "pm25", "㎍/㎥"), ("미세먼지", "pm10", "㎍/㎥"), ("오존", "o3", "ppm")):
        text += f'[[value]]\ncolumn = "{column}"\nproperty = "{name}"\nunit = "{unit}"\n'
    content = declared(tmp_path, shared / "data/korea/timeseries/seoul_air_hourly_2018-2022.csv", text)
    assert content.lines == 43_800
    dust = content.series("seoul/pm10")
    assert max(v for _, v in dust) == 962
    assert dust[23][0] == "2018-01-01T15:00:00"
    assert len({t for t, _ in dust}) == 43_776  # 24 hours of the file stand in it twice


def test_daily_air_needs_only_a_zone(shared: Path) -> None:
    content = read(reader, shared / "data/korea/timeseries/seoul_air_daily_2018_cp949.csv", zone="Asia/Seoul")
    assert content.lines == 14_637
    assert len({t.id for o in content.observations for t in o.things}) == 46
    dust = [
        v
        for o in content.observations
        for k, s in enumerate(o.datastreams)
        if s.property == "pm10"
        for v in o.value[o.stream == k]
    ]
    assert (min(dust), max(dust)) == (3, 204)
    assert content.series("강남구/no2")[0] == ("2017-12-31T15:00:00", 0.034)
    assert all("blank" in q.reason for q in content.bad)


def test_several_columns_of_one_quantity(shared: Path, tmp_path: Path) -> None:
    text = 'content = "series"\n[time]\ncolumn = "ymdhm"\nzone = "Asia/Seoul"\n[thing]\nid = "hanriver"\n'
    for station in ("1018662", "1018680", "1018683", "1019630"):
        text += f'[[value]]\ncolumn = "wl_{station}"\nproperty = "water_level"\nunit = "cm"\n'
        text += f'[[value]]\ncolumn = "fw_{station}"\nproperty = "discharge"\nunit = "㎥/s"\n'
    content = declared(tmp_path, shared / "data/korea/timeseries/hanriver_waterlevel_10min_2022.csv", text)
    assert content.lines == 11_376
    assert content.series("hanriver/wl_1018662")[0] == ("2022-04-30T15:00:00", pytest.approx(2.907))
    assert content.series("hanriver/fw_1018680") == []


# made-up bad files


def test_encodings_give_the_same_rows(shared: Path, tmp_path: Path) -> None:
    text = "id,시설명,lat,lon\ns1,시청 수위계,37.5663,126.9779\ns2,뷁똠 다리,37.52,126.93\n"
    for n, encoding in enumerate(("utf-8", "utf-8-sig", "utf-16", "cp949")):
        content = read(reader, made(tmp_path, f"t{n}.csv", text.encode(encoding)))
        assert content.features[0].attributes["name"] == ["시청 수위계", "뷁똠 다리"]
    for name in ("gen_utf8bom.csv", "gen_tab.csv"):
        content = read(reader, shared / "hostile/csv" / name)
        assert content.features[0].attributes["name"] == ["시청 수위계", '한강 "A"']


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gen_decimal_comma.csv", "decimal commas"),
        ("gen_dup_header.csv", "two columns are called 'value'"),
        ("gen_no_header.csv", "no header"),
        ("gen_empty.csv", "empty"),
        ("gen_out_of_order.csv", "quantities or units"),
        ("pub_duckdb_error_mismatch_bad.csv", "no header"),
        ("pub_duckdb_evil_nullpadding.csv", "no header"),
        ("pub_duckdb_thousands_separator_thousands_broken.csv", "no header"),
        ("pub_duckdb_nullbyte_header.csv", "no name can have"),
        ("pub_duckdb_afl_ignore_errors_27.csv", ":1: bytes that are neither"),
        ("pub_duckdb_multidelimiter_unterminated_quote_escape.csv", "not closed"),
    ],
)
def test_refused_in_words(shared: Path, name: str, says: str) -> None:
    with pytest.raises(TwinError) as caught:
        read(reader, shared / "hostile/csv" / name)
    assert says in str(caught.value)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("name", "good", "bad", "says"),
    [
        ("gen_quote_unclosed.csv", 2, 4, "line 4 is not closed"),
        ("gen_header_only.csv", 0, 0, ""),
        ("pub_duckdb_auto_utf8bom.csv", 2, 0, ""),
        ("pub_duckdb_error_mid_null.csv", 2, 1, "6 cells where the header has 3"),
        ("pub_duckdb_test_error_too_little.csv", 5, 1, "1 cells"),
        ("pub_duckdb_test_error_too_many.csv", 5, 1, "3 cells"),
        ("pub_duckdb_nullbyte.csv", 0, 1, "NUL"),
        ("pub_duckdb_mixed_decimal_delimiter.csv", 5, 0, ""),
        ("pub_duckdb_afl_null_padding_45.csv", 0, 1, "not closed"),
        ("pub_duckdb_invalid_utf8.csv", 2, 0, ""),
        ("gen_pii.csv", 0, 1, "resident registration"),
    ],
)
def test_bad_lines_are_kept_with_their_reason(shared: Path, name: str, good: int, bad: int, says: str) -> None:
    content = read(reader, shared / "hostile/csv" / name)
    assert (content.lines - len(content.bad), len(content.bad)) == (good, bad)
    assert all(says in q.reason for q in content.bad)
    assert content.lines or "no-rows" in content.codes


def test_decimal_commas_when_declared(shared: Path, tmp_path: Path) -> None:
    text = 'content = "points"\ndelimiter = ";"\ndecimal = ","\nx = "lon"\ny = "lat"\ncrs = "EPSG:4326"\nid = "id"\n'
    content = declared(tmp_path, shared / "hostile/csv/gen_decimal_comma.csv", text)
    row = content.row("s1")
    assert (row["geometry"].x, row["geometry"].y, row["value"]) == (126.9779, 37.5663, 1.25)


def test_resident_numbers_are_masked(shared: Path, tmp_path: Path) -> None:
    content = read(reader, shared / "hostile/csv/gen_pii.csv")
    assert "1234567" not in content.quarantined[0].raw
    assert "personal-data" in content.codes
    hidden = read(
        reader, made(tmp_path, "memo.csv", "id,memo\n1,민원인 900101-1234567 확인\n2,공문 123456-1234567 확인\n")
    )
    assert hidden.quarantined[0].raw == "1,민원인 900101-******* 확인"
    assert hidden.lines - len(hidden.bad) == 1


def test_times_are_one_instant_however_written(shared: Path, tmp_path: Path) -> None:
    content = declared(tmp_path, shared / "hostile/csv/gen_times.csv", SERIES)
    readings = content.series("a/water_level")
    assert [t for t, v in readings if v == 1] == ["2026-07-01T00:00:00"] * 7
    assert ("2026-07-01T15:00:00", 2.0) in readings
    assert {q.line: q.reason.split(" ")[-1] for q in content.bad} == {10: "hold", 13: "empty", 14: "exist"}


def test_odd_numbers_are_no_readings(shared: Path, tmp_path: Path) -> None:
    content = declared(tmp_path, shared / "hostile/csv/gen_values.csv", SERIES)
    assert [v for _, v in content.series("a/water_level")] == [99999.0]
    assert len(content.bad) == 15
    said = " ".join(q.reason for q in content.bad)
    for word in (
        "NaN",
        "inf",
        "1e400",
        "blank",
        "null",
        "4 cells",
        "１２",
        "0x10",
        "1_000",
        "TRUE",
        "missing value",
        "−5",
    ):
        assert word in said
    known = declared(tmp_path, shared / "hostile/csv/gen_values.csv", 'missing = ["-9999", "null"]\n' + SERIES)
    assert "missing value" not in " ".join(q.reason for q in known.bad)


def test_a_bad_cell_leaves_the_rest_of_its_row(tmp_path: Path) -> None:
    toml = SERIES + '[[value]]\ncolumn = "rain"\nproperty = "rainfall"\nunit = "mm"\n'
    path = made(
        tmp_path,
        "a.csv",
        "id,ts,value,rain\na,2026-07-01 00:00,1.5,x\na,2026-07-01 01:00,,\n,2026-07-01 02:00,1,2\n",
        toml,
    )
    content = read(reader, path)
    assert [(q.line, q.part) for q in content.quarantined] == [(3, False), (4, False), (2, True)]
    assert content.series("a/water_level") == [("2026-06-30T15:00:00", 1.5)]


def test_long_tables_say_in_each_row_what_they_measure(tmp_path: Path) -> None:
    toml = 'content = "series"\nx = "lon"\ny = "lat"\ncrs = "EPSG:4326"\n[time]\ncolumns = ["day", "hour"]\nformat = "%Y%m%d %H"\nzone = "Asia/Seoul"\n[thing]\ncolumn = "station"\n[long]\nproperty = "item"\nvalue = "value"\n'
    toml += '[[value]]\ncolumn = "PM10"\nproperty = "pm10"\nunit = "㎍/㎥"\n[[value]]\ncolumn = "기온"\nproperty = "air_temperature"\nunit = "K"\n'
    text = "station,lon,lat,day,hour,item,value\nA,127.1,36.8,20260701,24,PM10,31\nA,127.1,36.8,20260701,23,기온,300\nA,127.1,36.8,20260701,23,습도,0.4\n"
    content = read(reader, made(tmp_path, "long.csv", text, toml))
    assert content.series("A/pm10") == [("2026-07-01T15:00:00", 31.0)]
    assert content.series("A/air_temperature") == [("2026-07-01T14:00:00", pytest.approx(26.85))]
    assert "습도" in content.bad[0].reason
    assert content.observations[0].things[0].location == (127.1, 36.8)


def test_wrong_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnitsError, match="does not measure water_level"):
        read(reader, made(tmp_path, "u.csv", "id,ts,value\n", SERIES.replace('unit = "m"', 'unit = "kg"')))
    with pytest.raises(InputError, match="there is no column 'id'"):
        read(reader, made(tmp_path, "c.csv", "ID,ts,value\n1,2026-07-01,1\n", SERIES))
    with pytest.raises(InputError, match="zone 'Asia/Soul' is not known"):
        read(reader, made(tmp_path, "z.csv", "id,ts,value\n1,2026-07-01,1\n", SERIES.replace("Seoul", "Soul")))


def test_repeated_ids_are_told_apart(shared: Path, tmp_path: Path) -> None:
    text = 'content = "points"\nx = "경도"\ny = "위도"\ncrs = "EPSG:4326"\nid = "관리번호"\nkind = "streetlight"\n'
    content = declared(tmp_path, shared / "data/korea/cheonan/streetlights_20240729.csv", text)
    assert content.lines == 19_433
    assert "6032 rows repeat" in next(f.message for f in content.findings if f.code == "id-repeats")


def test_a_million_readings_lose_nothing(tmp_path: Path) -> None:
    times = np.datetime_as_string(
        np.datetime64("2026-07-01T00:00") + np.arange(1000) * np.timedelta64(1, "m"), unit="m"
    )
    path = tmp_path / "big.csv"
    with path.open("w") as file:
        file.write("id,ts,value\n")
        for i, time in enumerate(times.tolist()):
            file.write("".join(f"g{k},{time},{i * 0.01:.2f}\n" for k in range(1000)))
    (tmp_path / "big.csv.toml").write_text(SERIES)
    content = read(reader, path)
    assert content.lines == sum(len(o) for o in content.observations) == 1_000_000
    assert content.series("g999/water_level")[-1] == ("2026-07-01T07:39:00", 9.99)
