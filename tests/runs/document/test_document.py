from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from twin.errors import InputError, MissingError, RefusedError, UsageError
from twin.model.scenario import Series, Spread
from twin.runs.document import parse_scenario, read_scenario

GOOD = """
title = "비"
title_en = "rain"
hazard = "flood"
start = 2026-07-15T15:00:00+09:00
duration_min = 30
frame_every_s = 300
cell_m = 5
area = [0, 0, 100.0, 50]
edges = "open"
[rain]
times_min = [0, 10, 20]
mm_per_h = [36, 72, 0]
[[inflow]]
name = "강"
x = 10.5
y = 20
times_min = [0, 30]
m3_per_s = [0, 2.5]
[flood]
order = 1
"""

SAME = """
title: 비
title_en: rain
hazard: flood
start: 2026-07-15T15:00:00+09:00
duration_s: 1800
frame_every_min: 5
cell_m: 5
area: [0, 0, 100.0, 50]
edges: open
rain: {times_min: [0, 10, 20], mm_per_h: [36, 72, 0]}
inflow:
  - {name: 강, x: 10.5, y: 20, times_min: [0, 30], m3_per_s: [0, 2.5]}
flood:
  order: 1
"""


def without(line: str) -> str:
    assert line in GOOD
    return GOOD.replace(line, "")


def test_units_become_si() -> None:
    scenario = parse_scenario(GOOD, "a.toml")
    assert scenario.start == datetime(2026, 7, 15, 6, tzinfo=UTC)
    assert (scenario.duration, scenario.frame_every, scenario.cell, scenario.seed) == (1800, 300, 5, 1)
    assert scenario.area == (0, 0, 100, 50)
    assert scenario.rain is not None
    assert scenario.rain.times == (0, 600, 1200)
    assert scenario.rain.values == pytest.approx((1e-5, 2e-5, 0))
    assert scenario.inflows[0].discharge == Series((0.0, 1800.0), (0.0, 2.5))
    assert scenario.inflows[0].radius == 10
    assert scenario.params == {"order": 1}


def test_toml_and_yaml_say_the_same() -> None:
    assert parse_scenario(SAME, "a.yaml") == parse_scenario(GOOD, "a.toml")
    assert parse_scenario(SAME, "a.yml").hash == parse_scenario(GOOD, "a.toml").hash


def test_titles_do_not_change_the_hash_and_the_cell_does() -> None:
    first = parse_scenario(GOOD, "a.toml")
    assert parse_scenario(GOOD.replace("비", "큰비"), "a.toml").hash == first.hash
    assert parse_scenario(GOOD.replace("cell_m = 5", "cell_m = 4"), "a.toml").hash != first.hash


def test_text_stays_text() -> None:
    for word in ("NO", "0123", "12:30:45", "1e3", "yes", "1.10"):
        assert parse_scenario(SAME.replace("title: 비", f"title: {word}"), "a.yaml").title == word


def test_a_shaped_storm() -> None:
    text = GOOD.replace(
        "times_min = [0, 10, 20]\nmm_per_h = [36, 72, 0]", 'depth_mm = 70\nduration_h = 1\nshape = "uniform"'
    )
    assert parse_scenario(text, "a.toml").rain == Series((0.0, 3600.0), (0.07 / 3600, 0.0), step=True)


def test_measures_keep_the_hazards_own_keys_without_units() -> None:
    text = (
        GOOD
        + '[[measure]]\nkind = "barrier"\nat_min = 10\ntarget = "B-1"\nlevel_m = 3.5\nrate_m3_per_s = 2\nbox = [1, 2]\n'
    )
    (measure,) = parse_scenario(text, "a.toml").measures
    assert (measure.kind, measure.at, measure.target, measure.params) == (
        "barrier",
        600,
        "B-1",
        {"level": 3.5, "rate": 2, "box": [1, 2]},
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (GOOD.replace("cell_m = 5", "cell_m = 0\nsed = 3"), ("a.toml", "cell_m", "0.05", "sed is not", "seed")),
        (GOOD.replace("flood", "flod"), ("hazard 'flod' is not known", "Did you mean 'flood'")),
        (without("duration_min = 30"), ("duration is missing", "duration_min")),
        (GOOD.replace("duration_min = 30", "duration_min = 30\nduration_s = 5"), ("duration_s and duration_min",)),
        (GOOD.replace("frame_every_s = 300", "frame_every_s = 3000"), ("longer than the duration",)),
        (GOOD.replace("frame_every_s = 300", "frame_every_s = 0.01"), ("180,000 frames",)),
        (GOOD.replace("+09:00", ""), ("start", "has no zone")),
        (GOOD.replace("2026-07-15T15:00:00+09:00", '"tomorrow"'), ("start", "ISO time", "tomorrow")),
        (GOOD.replace("[0, 0, 100.0, 50]", "[0, 50, 100.0, 0]"), ("area", "south < north")),
        (GOOD.replace('"open"', '"ajar"'), ("edges", "ajar")),
        (GOOD.replace("36, 72, 0", "36, 72, 5"), ("must end with 0", "found 5")),
        (GOOD.replace("[36, 72, 0]", "[36, 0]"), ("rain.times_min has 3 entries", "mm_per_h has 2")),
        (GOOD.replace("[0, 10, 20]", "[0, 20, 10]"), ("rain.times_min must rise",)),
        (GOOD.replace("36, 72, 0", "36, -72, 0"), ("rain.mm_per_h[1]", "-72")),
        (GOOD.replace("[rain]", "[rain]\ndepth_mm = 7"), ("rain takes either",)),
        (GOOD.replace("times_min = [0, 10, 20]\nmm_per_h = [36, 72, 0]", "depth_mm = 7"), ("rain.shape is missing", "rain.duration")),
        (GOOD.replace("mm_per_h", "mm_per_hour"), ("rain.mm_per_hour is not a known key", "mm_per_h")),
        (GOOD.replace("x = 10.5", 'x = "10.5"'), ("inflow[0].x", "10.5")),
        (GOOD.replace("x = 10.5", "x = nan"), ("inflow[0].x", "nan")),
        (GOOD + '[[measure]]\nkind = "barier"\n', ("measure[0].kind 'barier'", "Did you mean 'barrier'")),
        (GOOD + '[[measure]]\nkind = "barrier"\nat_min = 31\n', ("at_min 31 is after the end",)),
        (GOOD.replace("[flood]\norder = 1", "") .replace("edges", "flood = 3\nedges"), ("flood must be a table",)),
        ("title = 3", ("title", "hazard is missing", "start is missing", "cell_m is missing")),
        ("title = ", ("a.toml", "Invalid value")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_in_one_error(text: str, parts: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        parse_scenario(text, "a.toml")
    for part in parts:
        assert part in str(caught.value)
    assert str(caught.value).startswith("a.toml: ")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no such scenario file"):
        read_scenario(tmp_path / "nothing.toml")
    with pytest.raises(UsageError, match=r"a\.json.*\.toml"):
        parse_scenario("{}", "a.json")
    utf16 = tmp_path / "utf16.toml"
    utf16.write_bytes("title = 'x'".encode("utf-16"))
    with pytest.raises(InputError, match="UTF-16"):
        read_scenario(utf16)
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 1_000_001)
    with pytest.raises(RefusedError, match="1,000,001"):
        read_scenario(large)
    with pytest.raises(RefusedError, match="deep"):
        parse_scenario("a = " + "[" * 20_000, "a.toml")


def test_a_byte_order_mark_is_no_letter(tmp_path: Path) -> None:
    marked = tmp_path / "bom.toml"
    marked.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_scenario(marked) == parse_scenario(GOOD, "a.toml")


@pytest.mark.parametrize(
    ("file", "parts"),
    [
        ("gen_bomb.yaml", ("line 1", "anchor")),
        ("gen_cycle.yaml", ("anchor",)),
        ("gen_merge.yaml", ("anchor",)),
        ("gen_python_object.yaml", ("tag", "os.system")),
        ("gen_python_name.yaml", ("tag", "os.system")),
        ("gen_python_new.yaml", ("tag", "subprocess")),
        ("gen_dup_key.yaml", ("line 2", "'rain' stands twice")),
        ("gen_tabs.yaml", ("line 2", "\\t")),
        ("gen_cp949.yaml", ("UTF-8", "CP949")),
        ("gen_range.yaml", ("scenario", "rain_mm_h", "duration_h", "cell_m", "seed")),
        ("gen_norway.yaml", ("country", "version", "time", "id", "sensor", "yes")),
    ],
)
def test_hostile_yaml(shared: Path, file: str, parts: tuple[str, ...]) -> None:
    path = shared / "hostile" / "yaml" / file
    with pytest.raises((InputError, RefusedError)) as caught:
        read_scenario(path)
    for part in (file, *parts):
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


EDGES = (
    GOOD
    + """
[edge.west]
kind = "level"
times_min = [0, 60]
level_m = [3.5, 5]
[edge.north]
kind = "open"
"""
)


def test_sides_may_differ() -> None:
    west = parse_scenario(EDGES, "a.toml").boundaries["west"]
    assert (west.kind, west.series) == ("level", Series((0.0, 3600.0), (3.5, 5.0)))
    assert parse_scenario(EDGES, "a.toml").boundaries["north"].series is None
    assert parse_scenario(EDGES, "a.toml").hash != parse_scenario(GOOD, "a.toml").hash


def test_rain_of_gauges_and_of_the_twin() -> None:
    head = GOOD[: GOOD.index("[rain]")]
    gauge = '[[rain.gauge]]\nname = "A"\nx = 1\ny = 2\ntimes_min = [0, 10]\nmm_per_h = [36, 0]\n'
    (one,) = parse_scenario(head + gauge, "a.toml").gauges
    assert (one.x, one.y, one.rate) == (1, 2, Series((0.0, 600.0), (pytest.approx(1e-5), 0.0), step=True))
    twin = parse_scenario(head + '[rain]\nsource = "city"\n', "a.toml")
    assert (twin.rain, twin.rain_from) == (None, "city")
    for text, words in (
        (head + gauge.replace("[36, 0]", "[36, 6]"), "rain.gauge[0].mm_per_h must end with 0"),
        (head + '[rain]\nsource = "city"\nfile = "a.nc"\n', "rain takes either"),
        (head + "[rain]\n", "rain takes either"),
        (EDGES.replace('kind = "open"', 'kind = "open"\nlevel_m = [1]'), "edge.north: kind 'open' stands alone"),
        (EDGES.replace("[3.5, 5]", "[3.5]"), "edge.west.level_m has 1"),
        (
            EDGES.replace("times_min = [0, 60]\nlevel", "level"),
            "edge.west: kind 'level' stands with level_m and times_min",
        ),
    ):
        with pytest.raises(InputError) as error:
            parse_scenario(text, "a.toml")
        assert words in str(error.value)


def test_maps_are_part_of_the_hash_by_what_they_hold(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text(GOOD[: GOOD.index("[rain]")] + '[rain]\nfile = "radar.nc"\n', "utf-8")
    with pytest.raises(MissingError, match=r"radar.nc: the scenario names this file"):
        read_scenario(file)
    hashes = set()
    for content in (b"one", b"two"):
        (tmp_path / "radar.nc").write_bytes(content)
        hashes.add(read_scenario(file).hash)
    assert len(hashes) == 2
    assert read_scenario(file).rain_from == str(tmp_path / "radar.nc")


def test_an_ensemble_says_how_its_members_differ() -> None:
    text = GOOD + "[ensemble]\nmembers = 12\nthreshold_m = 0.5\nrain_cv = 0.2\nbreach_time_min = 5\n"
    assert Spread(**parse_scenario(text, "a.toml").ensemble) == Spread(12, 0.5, 0.2, breach_time=300.0)
    assert parse_scenario(GOOD, "a.toml").ensemble == {}
    with pytest.raises(InputError, match=r"ensemble.member is not a known key \(did you mean members"):
        parse_scenario(text.replace("members", "member"), "a.toml")


def test_the_example_of_all_keys_holds_where_its_comments_are_taken_away() -> None:
    text = (Path(__file__).parents[3] / "scenarios" / "cloudburst_70mm.toml").read_text("utf-8")
    start = text.index("# [[inflow]]")
    every = text[:start] + "\n".join(line.removeprefix("# ") for line in text[start:].splitlines())
    scenario = parse_scenario(every, "cloudburst_70mm.toml")
    assert len(scenario.inflows) == 1
    assert scenario.boundaries["west"].kind == "level"
    assert {m.kind for m in scenario.measures} == {"barrier", "pump", "breach", "gate", "underpass", "drain"}
    assert Spread(**scenario.ensemble).members == 20
    assert scenario.params["drains"] == "none"
