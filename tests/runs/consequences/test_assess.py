from __future__ import annotations

import json
import re
import sys

import numpy as np
import pytest

from tests.runs.town import CELL, SCENARIO, TERRAIN, document, town
from twin import runs
from twin.errors import MissingError, UsageError
from twin.impact import Rules, Valuation, curve_set


def test_the_flood_closes_its_books(flooded) -> None:
    budget = flooded.run.budget
    assert flooded.run.status == "done"
    assert budget.inflow == pytest.approx(0.06 * TERRAIN.nx * TERRAIN.ny * CELL**2, rel=1e-6)
    assert abs(budget.error_relative) < 1e-6
    assert abs(flooded.walled.budget.error_relative) < 1e-6


def test_the_buildings_in_the_basin_are_affected_and_no_other(flooded) -> None:
    facts = runs.assess(flooded.city, flooded.run.id).as_dict()
    assert facts["buildings"][0]["id"] == "low-1"
    assert {b["id"] for b in facts["buildings"]} == {"low-1", "low-2", "low-3"}
    assert (facts["buildings_affected"], facts["buildings_total"], facts["buildings_outside"]) == (3, 5, 0)
    assert facts["people_exposed"] == 24 + 0 + 3
    depths = [b["depth_max"] for b in facts["buildings"]]
    assert depths == sorted(depths, reverse=True)
    frames = runs.open_frames(flooded.city, flooded.run.id)
    assert max(depths) <= frames.summary("max_depth").max()
    assert all(0 < b["arrival_s"] < 2400 for b in facts["buildings"])
    assert sum(b["damage_krw"] for b in facts["buildings"]) == facts["damage_krw"] > 0
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


def test_damage_by_hand(flooded) -> None:
    facts = runs.assess(flooded.city, flooded.run.id).as_dict()
    villa = next(b for b in facts["buildings"] if b["id"] == "low-1")
    water = villa["depth_max"] - 0.2
    share = float(curve_set("jrc-asia-residential")["residential"].share(water))
    expected = 12 * 10 * share * Valuation().greatest_per_m2("residential", None)
    assert villa["damage_krw"] == pytest.approx(expected, rel=0.005)
    assert facts["price_year"] == 2010
    assert facts["exchange_krw_per_eur"] == 1532
    assert any(doubt["code"] == "exchange_krw_per_eur" for doubt in facts["unverified"])


def test_sums_agree_whatever_they_are_counted_by(flooded) -> None:
    facts = runs.assess(flooded.city, flooded.run.id).as_dict()
    for groups in (
        facts["by_use"].values(),
        facts["by_hazard_class"].values(),
        facts["by_defra_class"].values(),
        facts["by_depth"],
    ):
        rows = list(groups)
        assert sum(r["buildings"] for r in rows) == facts["buildings_affected"]
        assert sum(r["damage_krw"] for r in rows) == facts["damage_krw"]
        assert sum(r["people"] for r in rows) == facts["people_exposed"]
    assert set(facts["by_hazard_class"]) == {"H1", "H2", "H3", "H4", "H5", "H6"}
    assert list(facts["by_defra_class"]) == ["low", "danger_for_some", "danger_for_most", "danger_for_all"]
    assert set(facts["by_use"]) == {"apartment", "commercial", "residential"}


def test_when_how_long_and_how_high(flooded) -> None:
    facts = runs.assess(flooded.city, flooded.run.id).as_dict()
    end = flooded.run.simulated_s
    for b in facts["buildings"]:
        assert 0 < b["affected_from_s"] < b["peak_s"] <= end
        assert b["affected_at_end"]
        assert b["affected_from_s"] + b["affected_for_s"] == pytest.approx(end, abs=0.2)
        assert b["storeys_wet"] >= 1
        assert b["hazard_rating"] >= 0.5 * b["depth_max"] - 1e-3
    rows = {b["id"]: b for b in facts["buildings"]}
    assert [rows[i]["basements_wet"] for i in ("low-1", "low-2", "low-3")] == [1, 0, 0]
    assert (facts["basements_wet"], facts["first_floor_unknown"], facts["storey_height_assumed"]) == (1, 1, 0)
    assert facts["storeys_wet"] == sum(b["storeys_wet"] for b in facts["buildings"])
    assert facts["frame_every_s"] == 600


def test_limits_curves_and_rules_are_printed_with_the_figures(flooded) -> None:
    facts = runs.assess(flooded.city, flooded.run.id).as_dict()
    assert facts["rules"] == Rules().as_dict()
    assert facts["hazard_from"] == "steps"
    assert "every time step" in facts["hazard_rule"]
    assert facts["curves"]["commercial"]["name"] == "asia-residential"
    assert facts["damage_by_curve_krw"][facts["curve"]] == facts["damage_krw"]
    spread = facts["damage_by_curve_krw"]
    assert spread["jrc-europe-residential"] < facts["damage_krw"] < spread["jrc-oceania-residential"]
    assert "md-fda-structure" not in spread


def test_other_rules_are_not_kept(flooded) -> None:
    usual = runs.assess(flooded.city, flooded.run.id)
    strict = runs.assess(flooded.city, flooded.run.id, rules=Rules(debris="constant", most_limit=2.0)).as_dict()
    assert strict["by_defra_class"]["low"]["buildings"] == 0
    assert strict["rating_from"] in {"frames", "steps"}
    assert strict["rules"]["defra"]["debris_form"] == "constant"
    assert strict["unverified"][-1]["code"] == "defra_most_limit"
    assert runs.assess(flooded.city, flooded.run.id).as_dict() == usual.as_dict()


def test_a_wall_spares_the_house_behind_it(flooded) -> None:
    rows = [
        {b["id"] for b in runs.assess(flooded.city, i).as_dict()["buildings"]}
        for i in (flooded.run.id, flooded.walled.id)
    ]
    assert rows[0] - rows[1] == {"low-2"}


def test_half_basements_are_counted_by_the_korean_limits(flooded) -> None:
    facts = runs.assess(flooded.city, flooded.run.id).as_dict()
    assert (facts["half_basements"], facts["half_basements_wet"]) == (2, 1)
    limits = {x["name"]: x["count"] for x in facts["half_basement_limits"]}
    assert limits["door_hard"] == limits["stairs_impossible"] == 1


def test_shelters_and_hospitals_the_water_reaches(flooded) -> None:
    facilities = runs.assess(flooded.city, flooded.run.id).as_dict()["facilities"]
    assert [(f["id"], f["kind"], f["class"]) for f in facilities] == [
        ("S-1", "shelter", ""),
        ("H-1", "facility", "hospital"),
    ]
    assert all(f["depth_max"] >= 0.1 and f["arrival_s"] for f in facilities)
    assert all(f["affected_from_s"] >= f["arrival_s"] - 600 and f["defra_class"] for f in facilities)
    assert runs.assess(flooded.city, flooded.run.id).as_dict()["facilities_total"] == {
        "shelter": 2, "facility": 1, "building": 0,
    }  # fmt: skip


def test_an_impact_is_kept_and_asked_for_again(flooded, monkeypatch) -> None:
    first = runs.assess(flooded.city, flooded.run.id)
    monkeypatch.setattr(sys.modules["twin.runs.consequences.assess"], "Tally", None)
    again = runs.assess(flooded.city, flooded.run.id[:4])
    assert again.as_dict() == first.as_dict()
    assert (again.buildings_affected, again.damage_krw, again.people_exposed) == (3, first.damage_krw, 27)
    assert again.curve == "jrc-asia-residential"
    assert flooded.city.runs.impact(flooded.run.id, "jrc-asia-residential") == first.as_dict()


def test_other_money_is_not_kept(flooded) -> None:
    plain = runs.assess(flooded.city, flooded.run.id)
    double = runs.assess(flooded.city, flooded.run.id, money=Valuation(krw_per_eur=2 * 1532))
    assert double.damage_krw == pytest.approx(2 * plain.damage_krw, rel=1e-6)
    assert runs.assess(flooded.city, flooded.run.id).damage_krw == plain.damage_krw


def test_unknown_curve_and_run(flooded) -> None:
    with pytest.raises(UsageError, match="jrc-asia-by-use"):
        runs.assess(flooded.city, flooded.run.id, "jrc-asia-by-uses")
    with pytest.raises(MissingError, match="zzzz"):
        runs.assess(flooded.city, "zzzz")


def test_a_city_without_buildings(flooded, monkeypatch) -> None:
    monkeypatch.setattr(type(flooded.city.features), "count", lambda _self, kind=None: 0)
    facts = runs.assess(flooded.city, flooded.walled.id, "jrc-europe-residential", Valuation()).as_dict()
    full = runs.assess(flooded.city, flooded.run.id).as_dict()
    assert (facts["buildings_affected"], facts["damage_krw"], facts["buildings"]) == (0, 0, [])
    assert set(facts) == set(full)


def test_a_run_that_stopped_at_once_has_figures_too(tmp_path) -> None:
    with town(tmp_path) as city:
        run = runs.simulate(city, document(tmp_path, SCENARIO + "[flood]\norder = 1\n"), threads=1, cancel=lambda: True)
        facts = runs.assess(city, run.id).as_dict()
    assert (run.status, run.frames, facts["status"]) == ("partial", 1, "partial")
    assert (facts["buildings_affected"], facts["damage_krw"], facts["frame_every_s"]) == (0, 0, 0)


def test_the_version_of_the_curves_is_part_of_what_is_kept(flooded, monkeypatch) -> None:
    first = runs.assess(flooded.city, flooded.run.id).as_dict()
    assert re.fullmatch("[0-9a-f]{8}", first["impact_code"])
    monkeypatch.setattr(sys.modules["twin.runs.consequences.assess"], "impact_version", lambda: "00000000")
    again = runs.assess(flooded.city, flooded.run.id).as_dict()
    assert again["impact_code"] == "00000000"
    assert again["buildings"] == first["buildings"]


def test_basements_that_a_run_keeps_are_told_by_depth_and_time(flooded, monkeypatch) -> None:
    kept = {"high-2": np.array([0, 0, 0.2, 0.6, 1.0]), "low-1": np.full(5, 0.05), "gone": np.full(5, 2.0)}
    monkeypatch.setattr(sys.modules["twin.runs.consequences.tally"], "stored", lambda _frames, _quantity: kept)
    facts = runs.assess(flooded.city, flooded.run.id, money=Valuation(krw_per_eur=1)).as_dict()
    assert facts["basements_modelled"] == 3
    assert facts["basements_flooded"] == [
        {
            "id": "high-2", "name": "언덕빌라", "half_basement": True, "depth_max_m": 1.0, "from_s": 900.0, "for_s": 1500.0,
            "peak_s": 2400.0, "at_end": True, "residents": 6.0,
        }
    ]  # fmt: skip
