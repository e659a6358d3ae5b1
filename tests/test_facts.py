"""The tables of an assessment: what a person reads must say by which limits it was counted."""

from __future__ import annotations

from typing import Any

from twin.facts import impact_tables
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


def test_what_a_city_does_not_have_is_no_empty_table() -> None:
    bare = FACTS | {
        "roads": FACTS["roads"] | {"total": 0},
        "underpasses": [],
        "facilities": [],
        "basements_flooded": [],
    }
    assert len(list(impact_tables(bare))) == 3
