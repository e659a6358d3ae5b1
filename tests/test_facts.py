"""The tables of an assessment: what a person reads must say by which limits it was counted."""

from __future__ import annotations

from typing import Any

from twin.facts import compare_rows, finding_lines, impact_lines, impact_tables
from twin.impact import AIDR, CLASSES, Rules

GROUP = {"buildings": 2, "people": 31.4, "damage_krw": 150_000_000}
SPAN = {"from_s": 600.0, "until_s": None, "for_s": 1200.0}
FACTS: dict[str, Any] = {
    "rules": Rules(debris="two-step", most_limit=2.0, emergency_m=0.8).as_dict(),
    "hazard_rule": "the worst of every time step",
    "rating_rule": "the worst of the 5 frames",
    "by_hazard_class": dict.fromkeys([*AIDR, "H6"], GROUP),
    "by_defra_class": dict.fromkeys(CLASSES, GROUP),
    "roads": {
        "total": 9, "km": 1.5,
        "by_vehicle": {v: {"closed_roads": 3, "closed_km": 0.4} for v in ("small_car", "large_vehicle", "emergency")},
    },
    "underpasses": [
        {"id": "U-1", "name": "지하차도", "depth_max_m": 1.2, "closed": {"small_car": SPAN}},
        {"id": "U-2", "name": "마른 지하차도", "depth_max_m": 0.0, "closed": {"small_car": None}},
    ],
    "basements_modelled": 7,
    "basements_flooded": [
        {"id": "b", "name": "빌라", "half_basement": True, "from_s": 300.0, "depth_max_m": 0.7, "residents": 3.2},
    ],
    "facilities": [
        {"id": "S-1", "name": "학교", "class": "", "kind": "shelter", "affected_from_s": None, "depth_max": 0.4,
         "hazard_class": "H2", "defra_class": "low"},
    ],
    "buildings": [
        {"id": "b", "name": "", "use": "office", "depth_max": 0.5, "affected_from_s": 90.0, "affected_for_s": 630.0,
         "storeys_wet": 1, "basements_wet": 2, "damage_krw": 25_000_000},
    ],
}  # fmt: skip


def test_every_table_names_its_limits() -> None:
    tables = {title: (head, rows) for title, head, rows in impact_tables(FACTS)}
    titles = list(tables)
    assert "the worst of every time step" in titles[0]
    assert "two-step: 0.5 up to 0.25 m, 1 above" in titles[1]
    assert "danger for most up to 2;" in titles[1]
    assert all(len(head) == len(row) for head, rows in tables.values() for row in rows)
    assert tables[titles[0]][1][0] == ("H1", 0.3, 0.3, 2.0, 2, "31", "1.5")
    assert tables[titles[0]][1][-1][:4] == ("H6", "", "", "")
    assert tables[titles[2]][1][-1] == ("emergency vehicle", 0.8, 0.6, 3, "0.4")
    assert tables[titles[3]][1] == [("U-1", "지하차도", "10", "", 1.2)]
    assert tables[titles[4]][1] == [("b", "빌라", "yes", "5", 0.7, "3")]
    assert "of 7 in the run" in titles[4]
    assert tables[titles[5]][1] == [("S-1", "학교", "shelter", "", 0.4, "H2", "low")]
    assert tables[titles[6]][1] == [("b", "", "office", "0.50", "2", "10", 1, 2, "2,500")]


def test_sums_are_said_in_korean_first() -> None:
    facts = {
        "buildings_affected": 1200, "buildings_total": 6000, "people_exposed": 31.4, "damage_krw": 250_000_000,
        "curve": "one", "price_year": 2010, "damage_by_curve_krw": {"one": 250_000_000, "two": 100_000_000},
    }  # fmt: skip
    lines = impact_lines(facts)
    assert lines[0] == "침수 건물 buildings affected: 1,200 / 6,000"
    assert lines[2].startswith("피해액 damage: 2.5 억원 (one, 2010년")
    assert lines[2].endswith("1.0 - 2.5 억원)")


def test_a_comparison_is_rounded_and_has_units() -> None:
    facts: dict[str, Any] = {"first": "a", "second": "b", "first_title": "가", "second_title": "나", "same_city": False}
    for name in ("flooded_m2", "buildings_affected", "half_basements_wet", "people_exposed", "damage_krw"):
        facts |= {f"{name}_first": 12_345.6, f"{name}_second": 0.0, f"{name}_difference": -12_345.6}
    facts |= dict.fromkeys(("deepest_rise_m", "deepest_fall_m", "mean_depth_difference_m"), 0.13999998569488525)
    rows = list(compare_rows(facts | {"volume_m3_difference": 581.6}))
    assert rows[2] == ("침수 면적", "area under 0.1 m or more, ha", "1.2", "0.0", "-1.2")
    assert rows[3] == ("침수 건물", "buildings affected", "12,346", "0", "-12,346")
    assert rows[7][-1] == "0.140"
    assert rows[-1][0] == "도시 상태가 다름"
    assert all(len(row) == 5 for row in rows)


def test_findings_are_told_once_and_without_lists_of_ids() -> None:
    said = {"severity": "warning", "code": "a", "message": "told before", "where": ""}
    long = {"severity": "info", "code": "b", "message": "12 basements", "where": "id, " * 30}
    short = {"severity": "info", "code": "c", "message": "a gap", "where": "x 1, y 2"}
    assert list(finding_lines([said, long, short], warnings=False)) == [
        "    info: 12 basements",
        "    info: a gap (x 1, y 2)",
    ]
    assert list(finding_lines([said], warnings=True)) == ["    warning: told before"]


def test_what_a_city_does_not_have_is_no_empty_table() -> None:
    bare = FACTS | {
        "roads": FACTS["roads"] | {"total": 0},
        "underpasses": [],
        "facilities": [],
        "basements_flooded": [],
    }
    assert len(list(impact_tables(bare))) == 3
