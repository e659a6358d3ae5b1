from __future__ import annotations

import json

import numpy as np
import pytest

from twin import runs
from twin.errors import UsageError
from twin.impact import Valuation
from twin.impact.fire import TOTAL_LOSS
from twin.impact.value import COST


def facts(burnt, run) -> dict:
    return runs.assess(burnt.city, run.id).as_dict()


def by_id(found: dict) -> dict[str, dict]:
    return {row["id"]: row for row in found["buildings"]}


def test_buildings_people_and_money_of_a_fire(burnt) -> None:
    found = facts(burnt, burnt.run)
    rows = by_id(found)
    # the front runs 0.1 m/s from high-1: 151 m to high-2, 180 to 205 m to the basin
    assert list(rows) == ["high-1", "high-2", "low-1", "low-3", "low-2"]
    assert (found["hazard"], found["curve"], found["buildings_total"]) == ("fire", TOTAL_LOSS, 5)
    assert {i: r["state"] for i, r in rows.items()} == {
        "high-1": "burnt_out", "high-2": "burnt_out", "low-1": "burning", "low-2": "burning", "low-3": "burning"
    }  # fmt: skip
    assert rows["high-1"] | {"ignited_s": None} == {
        "id": "high-1", "name": "언덕집", "use": "residential", "state": "burnt_out", "cause": "vegetation", "by": "",
        "heated_s": 0.0, "ignited_s": None, "ended_s": 660.0, "share_burnt": 1.0, "damage_krw": rows["high-1"]["damage_krw"],
        "residents": 6.0, "evacuated_s": None, "exposed": True,
    }  # fmt: skip
    assert rows["high-1"]["ignited_s"] == 60.0
    assert found["buildings_affected"] == 5
    assert found["people_exposed"] == 39
    a, b, contents = COST["residential"]
    money = Valuation()
    value = a * money.gdp_per_head**b * money.depreciation * (1 + contents) * money.krw_per_eur
    assert rows["high-1"]["damage_krw"] == round(120 * 3 * value)
    assert (
        found["damage_krw"] == sum(r["damage_krw"] for r in rows.values()) == found["damage_by_curve_krw"][TOTAL_LOSS]
    )
    assert found["by_state"]["burnt_out"] == {
        "buildings": 2,
        "people": 12.0,
        "damage_krw": rows["high-1"]["damage_krw"] + rows["high-2"]["damage_krw"],
    }
    assert found["by_cause"]["vegetation"]["buildings"] == 5
    assert found["by_use"]["apartment"]["people"] == 24
    assert {d["code"] for d in found["unverified"]} >= {"total_loss", "depreciation", "exchange_krw_per_eur"}
    assert json.loads(json.dumps(found)) == found
    impact = runs.assess(burnt.city, burnt.run.id)
    assert (impact.curve, impact.buildings_affected, impact.people_exposed) == (TOTAL_LOSS, 5, 39.0)
    assert impact.damage_krw == found["damage_krw"]
    assert runs.assess(burnt.city, burnt.run.id, curve=TOTAL_LOSS).as_dict() == found


def test_ground_and_time(burnt) -> None:
    found, frames = facts(burnt, burnt.run), runs.open_frames(burnt.city, burnt.run.id)
    reached = np.isfinite(frames.summary("fire_arrival"))
    assert found["burnt_ha"] == pytest.approx(reached.sum() * 25 / 1e4)
    assert 0 < found["burnt_vegetation_ha"] < found["burnt_ha"]
    course = found["over_time"]
    assert [row["time_s"] for row in course] == list(frames.times)
    for name in ("people_exposed", "burnt_vegetation_ha"):
        values = [row[name] for row in course]
        assert values == sorted(values)
        assert values[-1] == found[name]
    assert [row["buildings_burning"] for row in course] == [0, 1, 0, 1, 3]
    assert [row["buildings_burnt_out"] for row in course] == [0, 0, 1, 1, 2]


def test_roads_and_places_in_the_fire(burnt) -> None:
    found = facts(burnt, burnt.run)
    roads = found["roads"]
    assert (roads["total"], roads["closed_roads"]) == (2, 1)
    (shut,) = roads["closed"]
    assert (shut["id"], shut["name"], shut["length_m"]) == ("R-1", "산길", 120.0)
    # heat arrives with the last frame before the front, 35 m away at 0.1 m/s, less a cell
    assert 0 <= shut["from_s"] <= 350
    assert shut["from_s"] == 0 or roads["over_time"][0]["closed_roads"] == 0
    assert [row["closed_roads"] for row in roads["over_time"]][1] == 1
    assert "smoke" in roads["rule"]
    assert "1.7 kW/m2" in found["place_rule"]
    places = {p["id"]: p for p in found["facilities"]}
    assert set(places) == {"S-1", "S-2", "H-1"}
    assert (places["H-1"]["class"], places["S-2"]["kind"]) == ("hospital", "shelter")
    assert places["S-2"]["arrival_s"] < places["H-1"]["arrival_s"] <= places["S-1"]["arrival_s"]
    assert found["facilities_total"] == {"shelter": 2, "facility": 1, "building": 0}


def test_what_measures_save(burnt) -> None:
    before, after = facts(burnt, burnt.run), facts(burnt, burnt.fought)
    rows = by_id(after)
    assert (rows["high-1"]["state"], rows["high-1"]["share_burnt"], rows["high-1"]["ended_s"]) == (
        "extinguished",
        0.25,
        300.0,
    )
    assert rows["high-1"]["damage_krw"] == round(by_id(before)["high-1"]["damage_krw"] / 4)
    # who leaves before the fire is not exposed, who leaves after it is
    assert (rows["low-1"]["evacuated_s"], rows["low-1"]["exposed"]) == (600.0, False)
    assert (rows["low-3"]["evacuated_s"], rows["low-3"]["exposed"]) == (2340.0, True)
    assert before["people_exposed"] - after["people_exposed"] == 24
    assert (after["people_evacuated"], after["people_evacuated_in_time"]) == (27.0, 24.0)


def test_two_hazards_count_a_building_once(burnt) -> None:
    both, alone = facts(burnt, burnt.both), facts(burnt, burnt.run)
    assert both["hazards"] == ["flood", "fire"]
    assert (both["hazard"], both["curve"]) == ("flood+fire", "jrc-asia-residential")
    fire = both["fire"]
    assert {k: v for k, v in fire.items() if k != "roads"} == {k: alone[k] for k in fire if k != "roads"}
    flooded = {row["id"]: row for row in both["buildings"]}
    assert set(flooded) == {"low-1", "low-2", "low-3"}
    assert both["alone"]["flood"]["buildings_affected"] == 3
    assert both["alone"]["fire"]["buildings_affected"] == 5
    assert both["buildings_affected"] == 5
    assert both["people_exposed"] == 39
    burnt_rows = by_id(fire)
    assert both["damage_krw"] == sum(
        max(burnt_rows[i]["damage_krw"], flooded.get(i, {}).get("damage_krw", 0)) for i in burnt_rows
    )
    assert both["damage_krw"] < sum(part["damage_krw"] for part in both["alone"].values())
    assert "once" in both["sum_rule"]
    assert len({d["code"] for d in both["unverified"]}) == len(both["unverified"])


def test_a_curve_that_a_fire_does_not_have(burnt) -> None:
    with pytest.raises(
        UsageError, match=r"curve 'md-fda-structure' is not for run .* \(fire\); fires are priced as 'total_loss'"
    ):
        runs.assess(burnt.city, burnt.run.id, curve="md-fda-structure")
    with pytest.raises(UsageError, match=r"known: total_loss\. Did you mean 'total_loss'"):
        runs.assess(burnt.city, burnt.run.id, curve="total_los")


def test_tables_of_a_record_are_read_by_name(burnt) -> None:
    rows = runs.table(burnt.city, burnt.run.id, "buildings")
    assert {row["id"] for row in rows} == {"high-1", "high-2", "low-1", "low-2", "low-3"}
    assert runs.table(burnt.city, burnt.fought.id, "measures")[0]["action"]["kind"] == "engine"
    assert runs.record(burnt.city, burnt.run.id)["budget"]["unit"] == "MJ"
    with pytest.raises(UsageError, match=r"has no table 'bildings'; .*Did you mean 'buildings'"):
        runs.table(burnt.city, burnt.run.id, "bildings")


def test_frames_of_a_fire_have_no_quantities_of_water(burnt) -> None:
    frames = runs.open_frames(burnt.city, burnt.run.id)
    assert frames.derived == ()
    assert frames.quantities == ("fire_state", "heat_flux")
    assert frames.asset_quantities == ("building_fire",)
