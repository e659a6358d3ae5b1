from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from tests.runs.stage import Staged
from tests.runs.town import batch, town
from twin.impact import Rules
from twin.runs.consequences.closures import Traffic
from twin.runs.consequences.over_time import watch

GRID = Staged.grid
FREE = np.zeros(GRID.shape, dtype=bool)
TIMES = (0.0, 300.0, 600.0, 900.0)


def street(y: float) -> shapely.LineString:
    return shapely.LineString([(50, y), (100, y)])


def facts(folder, frames: Staged, *features, rules: Rules = Rules()) -> dict:
    with town(folder, *features, terrain=False) as city:
        traffic = Traffic(city, frames, FREE, rules.vehicles)
        watch(frames, traffic.watchers)
        top = frames.summary("max_depth") if "max_depth" in frames.summaries else np.zeros(GRID.shape)
        traffic.finish(top.ravel())
        found = traffic.facts()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    return found


def water(*, deep: dict[int, list[float]], fast: dict[int, list[float]] | None = None) -> Staged:
    """Return frames with water in whole rows of cells: row -> depth m, or speed m s-1, of each frame."""
    depth, speed = np.zeros((2, len(TIMES), *GRID.shape))
    for field, rows in ((depth, deep), (speed, fast or {})):
        for row, values in rows.items():
            field[:, row, :] = np.array(values)[:, None]
    return Staged(TIMES, {"depth": depth, "velocity_x": speed, "velocity_y": np.zeros_like(depth)})


def test_a_road_closed_and_open_again_by_hand(tmp_path) -> None:
    roads = batch("road", ["r"], [street(52.5)], width=[4.0], name=["큰길"], **{"class": ["primary"]})
    found = facts(tmp_path, water(deep={10: [0.0, 0.4, 0.6, 0.3]}), roads)["roads"]
    assert found["closed"] == [
        {
            "id": "r", "name": "큰길", "class": "primary", "length_m": 50.0, "depth_max_m": 0.6, "peak_s": 600.0,
            "closed": {
                "small_car": {"from_s": 300.0, "until_s": 900.0, "for_s": 600.0},
                "large_vehicle": {"from_s": 600.0, "until_s": 900.0, "for_s": 300.0},
                "emergency": {"from_s": 600.0, "until_s": 900.0, "for_s": 300.0},
            },
        }
    ]  # fmt: skip
    assert [t["small_car"]["closed_roads"] for t in found["over_time"]] == [0, 1, 1, 0]
    assert [t["large_vehicle"]["impassable_km"] for t in found["over_time"]] == [0, 0, 0.05, 0]
    assert found["by_vehicle"]["small_car"] == {
        "closed_roads": 1, "closed_km": 0.05, "deeper_between_frames_roads": 0,
    }  # fmt: skip


def test_fast_water_closes_before_deep_water_and_the_fleet_passes_what_it_states(tmp_path) -> None:
    roads = batch("road", ["r"], [street(52.5)], width=[4.0])
    flow = water(deep={10: [0.2] * 4}, fast={10: [0.0, 1.4, 1.6, 3.1]})
    closed = facts(tmp_path, flow, roads, rules=Rules(emergency_m2_s=2.0))["roads"]["closed"][0]["closed"]
    assert closed["small_car"] == {"from_s": 600.0, "until_s": None, "for_s": 300.0}
    assert closed["large_vehicle"] == {"from_s": 900.0, "until_s": None, "for_s": 0.0}
    assert closed["emergency"] is None


def test_a_puddle_in_the_gutter_closes_nothing_and_half_the_width_does(tmp_path) -> None:
    roads = batch("road", ["r"], [street(52.5)], width=[15.0])
    gutter = facts(tmp_path / "a", water(deep={9: [1.0] * 4}), roads)["roads"]
    assert gutter["closed"] == []
    more = facts(tmp_path / "b", water(deep={9: [1.0] * 4, 10: [0.4] * 4}), roads)["roads"]
    assert more["closed"][0]["depth_max_m"] == 0.4


def test_one_deep_section_closes_the_whole_road(tmp_path) -> None:
    frames = water(deep={})
    frames.fields["depth"][1:, 10, 12] = 0.5
    roads = batch("road", ["a", "b"], [street(52.5), street(82.5)], width=[4.0, 4.0])
    found = facts(tmp_path, frames, roads)["roads"]
    assert found["over_time"][1]["small_car"] == {"closed_roads": 1, "closed_km": 0.05, "impassable_km": 0.005}
    assert [r["id"] for r in found["closed"]] == ["a"]


def test_a_bridge_stays_open_over_the_flood_below_it(tmp_path) -> None:
    roads = batch("road", ["b", "r"], [street(52.5), street(52.5)], bridge=["yes", None])
    found = facts(tmp_path, water(deep={10: [3.0] * 4}), roads)["roads"]
    assert [r["id"] for r in found["closed"]] == ["r"]
    assert found["left_out"]["on_bridges_km"] == 0.05


def test_water_that_stood_higher_between_two_frames_is_told(tmp_path) -> None:
    frames = water(deep={10: [0.0, 0.25, 0.25, 0.0]})
    top = np.zeros(GRID.shape)
    top[10] = 0.35
    kept = Staged(TIMES, frames.fields, {"max_depth": top})
    found = facts(tmp_path, kept, batch("road", ["r"], [street(52.5)], width=[4.0]))["roads"]
    assert found["closed"] == []
    assert found["by_vehicle"]["small_car"]["deeper_between_frames_roads"] == 1
    assert found["by_vehicle"]["large_vehicle"]["deeper_between_frames_roads"] == 0


def test_underpasses_are_listed_by_name_and_any_cell_closes_them(tmp_path) -> None:
    below = batch(
        "underpass",
        ["U-2", "U-1", "U-3"],
        [shapely.box(60, 50, 80, 60), shapely.box(80, 50, 100, 60), shapely.box(200, 150, 220, 160)],
        name=["지하차도", "지하차도", "먼 지하차도"],
        depth=[2.5, 1.0, None],
    )
    frames = water(deep={})
    frames.fields["depth"][2:, 10, 13] = 1.5
    found = facts(tmp_path, frames, below)["underpasses"]
    assert [(u["id"], u["name"], u["parts"], u["below_ground_m"]) for u in found] == [
        ("U-2", "지하차도", ["U-1", "U-2"], 2.5), ("U-3", "먼 지하차도", ["U-3"], None),
    ]  # fmt: skip
    assert found[0]["depth_max_m"] == 1.5
    assert found[0]["closed"]["emergency"] == {"from_s": 600.0, "until_s": None, "for_s": 300.0}
    assert found[1]["closed"]["small_car"] is None


def test_water_that_a_run_keeps_inside_an_underpass_closes_it_and_the_road_through_it(tmp_path) -> None:
    below = batch("underpass", ["U"], [shapely.box(60, 50, 80, 60)], name=["지하차도"], depth=[3.0])
    roads = batch("road", ["through", "beside"], [street(52.5), street(82.5)], tunnel=[True, None], width=[4.0, 4.0])
    flow = Staged(TIMES, water(deep={}).fields, things={"underpass_depth": {"U": [0, 0.2, 0.9, np.nan], "?": [9] * 4}})
    found = facts(tmp_path, flow, below, roads)
    closed = {"from_s": 600.0, "until_s": 900.0, "for_s": 300.0}
    assert found["underpasses"][0]["closed"]["small_car"] == closed
    assert (found["underpasses"][0]["depth_max_m"], found["underpasses"][0]["peak_s"]) == (0.9, 600.0)
    assert [(r["id"], r["closed"]["large_vehicle"]) for r in found["roads"]["closed"]] == [("through", closed)]
    assert found["roads"]["left_out"]["in_tunnels_km"] == 0.03


def test_the_street_over_an_underpass_that_is_a_storage_is_on_the_ground(tmp_path) -> None:
    below = batch("underpass", ["U"], [shapely.box(40, 40, 60, 120)], depth=[3.0])
    roads = batch("road", ["through", "over"], [shapely.LineString([(50, 40), (50, 120)]), street(52.5)])
    flow = Staged(TIMES, water(deep={10: [0.4] * 4}).fields, things={"underpass_depth": {"U": [0.0] * 4}})
    found = facts(tmp_path, flow, below, roads)
    assert found["underpasses"][0]["depth_max_m"] == 0
    assert {r["id"] for r in found["roads"]["closed"]} == {"through", "over"}
    full = Staged(TIMES, water(deep={}).fields, things={"underpass_depth": {"U": [1.0] * 4}})
    assert [r["id"] for r in facts(tmp_path / "b", full, below, roads)["roads"]["closed"]] == ["through"]


def test_a_city_without_roads_and_roads_outside_the_run(tmp_path) -> None:
    none = facts(tmp_path / "a", water(deep={10: [1.0] * 4}))
    assert none["roads"]["closed"] == none["underpasses"] == []
    far = batch("road", ["far"], [shapely.LineString([(900, 900), (950, 900)])])
    away = facts(tmp_path / "b", water(deep={10: [1.0] * 4}), far)["roads"]
    assert (away["total"], away["closed"], away["left_out"]["outside_km"]) == (1, [], pytest.approx(0.05))
    assert set(away) == set(none["roads"])
