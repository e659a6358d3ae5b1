"""The tables of an assessment: what a person reads must say by which limits it was counted."""

from __future__ import annotations

from typing import Any

from twin.facts import budget_tables, compare_rows, finding_lines, impact_lines, impact_tables, outcome_lines
from twin.impact import AIDR, CLASSES, Rules
from twin.model.run import Budget

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


FIRE: dict[str, Any] = {
    "by_state": {"burning": GROUP, "burnt_out": GROUP}, "by_cause": {"brand": GROUP}, "state_rule": "at the end",
    "damage_rule": "whole", "people_rule": "who live there", "place_rule": "within a cell", "curve": "total_loss",
    "buildings_affected": 4, "buildings_heated": 1, "buildings_total": 6000, "burnt_ha": 12.34, "burnt_vegetation_ha": 10.0,
    "people_exposed": 31.4, "people_evacuated_in_time": 2.0, "damage_krw": 250_000_000, "price_year": 2010,
    "roads": {"rule": "while it burns", "km": 3.0, "closed_km": 0.4,
              "closed": [{"id": "R", "name": "길", "class": "", "from_s": 90.0, "until_s": None, "length_m": 400.0}]},
    "facilities": [{"id": "S-1", "name": "학교", "class": "", "kind": "shelter", "arrival_s": 600.0}],
    "buildings": [{"id": "b", "name": "", "use": "office", "state": "burning", "cause": "brand", "by": "a",
                   "ignited_s": 3600.0, "residents": 3.0, "damage_krw": 25_000_000}],
}  # fmt: skip


def test_a_fire_is_told_with_its_rules() -> None:
    tables = {title: (head, rows) for title, head, rows in impact_tables(FIRE)}
    assert all(len(head) == len(row) for head, rows in tables.values() for row in rows)
    titles = list(tables)
    assert all(rule in titles[0] for rule in ("at the end", "whole", "who live there"))
    assert tables[titles[1]][1] == [("비화", "brand", 2, "31", "1.5")]
    assert "while it burns" in titles[2]
    assert tables[titles[2]][1] == [("R", "길", "", "2", "", "400")]
    assert tables[titles[3]][1] == [("S-1", "학교", "shelter", "10")]
    assert tables[titles[4]][1][0][-3:] == ("60", "3", "2,500")
    lines = impact_lines(FIRE)
    assert lines[0] == "연소 건물 buildings burnt: 4 / 6,000, 가열 heated 1"
    assert "vegetation 10.0 ha" in lines[1]
    assert "vegetation" not in impact_lines(FIRE | {"burnt_vegetation_ha": None})[1]


def test_two_hazards_are_told_together_and_each() -> None:
    flood = FACTS | {
        "buildings_affected": 3, "buildings_total": 6000, "people_exposed": 5.0, "damage_krw": 10**8, "curve": "c",
        "price_year": 2010, "damage_by_curve_krw": {"c": 10**8},
    }  # fmt: skip
    alone = {"flood": {key: flood[key] for key in ("buildings_affected", "people_exposed", "damage_krw")}}
    both = (
        flood
        | {"hazards": ["flood", "fire"], "fire": FIRE, "alone": alone, "sum_rule": "once"}
        | {"buildings_affected": 6}
    )
    lines = impact_lines(both)
    assert lines[0].startswith("모두 함께 all hazards: 건물 buildings 6,")
    assert lines[1] == "침수 건물 buildings affected: 3 / 6,000"
    assert lines[4].startswith("연소 건물")
    assert len(list(impact_tables(both))) == len(list(impact_tables(FACTS))) + len(list(impact_tables(FIRE)))


def test_books_have_the_unit_of_their_hazard() -> None:
    fire = Budget(0.0, 5.0, 9.0, 0.0, {"fuel_at_start": 14.0}, "MJ")
    rooms = Budget(5.0, 5.0, 0.0, 0.0, {}, "MJ")
    (water, burnt, heat) = budget_tables(Budget(1.0, 0.0, 1.0, 0.0, {"rain": 1.0}, also=(fire, rooms)))
    assert [table[0] for table in (water, burnt, heat)] == [
        ("물수지", "water budget", "m3"), ("연료·열수지", "fuel and heat budget", "MJ"), ("열수지", "heat budget", "MJ")
    ]  # fmt: skip
    assert burnt[1][0] == ("처음 연료", "fuel at the start", "14.0")
    assert ("남은 연료", "left", "9.0") in burnt[1]
    assert ("저류", "stored", "1.0") in water[1]
    ((head, rows),) = budget_tables(Budget(0.0, 2.5e6, 7.5e6, 0.0, {"fuel_at_start": 1e7}, "MJ"))
    assert head[2] == "TJ"
    assert [value for _, _, value in rows] == ["10.0", "0.0", "2.5", "7.5", "0.0e+00"]
    assert ("축적", "stored", "0.0") in heat[1]


def test_rooms_are_told() -> None:
    room = {"id": "r", "name": "부엌", "storey": None, "people": 3, "untenable_s": None, "why": None, "hottest_c": 61.4}
    facts = {
        "rooms": 2,
        "rooms_untenable": 0,
        "people": 9,
        "people_exposed": None,
        "people_inside": 1,
        "rooms_detail": [room],
    }
    assert impact_lines(facts)[1] == "노출 인원 people exposed:  / 9, 남은 인원 still inside 1"
    ((_, head, rows),) = impact_tables(facts)
    assert rows == [("r", "부엌", "", "3", "", "", "61")]
    assert len(head) == len(rows[0])
    (line,) = outcome_lines({"indoor_fire": {"rooms": 2, "rooms_untenable": 1, "first_untenable_s": 90.0}})
    assert "1 / 2" in line
    assert "1.5 min" in line
