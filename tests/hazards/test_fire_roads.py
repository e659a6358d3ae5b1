"""Roads under the engines: how they join, which way is taken, what water closes, and what is left out and said."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from tests.hazards.hillside import GRID, STREET, at, begun, codes, do, house, rows
from twin.geometry.network.junctions import PIECE, joined
from twin.hazards.fire.params import Params
from twin.hazards.fire.roads import WALK, Counts, Roads, roads_of
from twin.hazards.fire.things import built
from twin.hazards.fire.water import Water
from twin.model.asset import Asset
from twin.model.scenario import Ignition

PAVED = {"fuel_model": np.full(GRID.shape, float(STREET))}
SPEED = 30 / 3.6


def road(id_: str, *points: tuple[float, float], **params: object) -> Asset:
    return Asset("road", id_, tuple(at(*p) for p in points), {"class": "tertiary"} | params)


STATION = Asset("facility", "119", (at(700, 300),), {"class": "fire_station"})
LONE = house("lone", 100, 296, structure="masonry", cladding="non_combustible")
MIDDLE = (104.5, 300.0)
#: a street from the station to the house, and a way round in the south
SHORT = road("short", (700, 305), (400, 305), (104.5, 305))
LOOP = [
    road("down", (600, 305), (600, 105)),
    road("south", (600, 105), (200, 105)),
    road("up", (200, 105), (200, 305.5)),
]
CITY = {"building": [LONE], "facility": [STATION], "road": [SHORT, *LOOP]}


def lone(**changes: object):
    return begun(changes.pop("assets", CITY), PAVED, ignitions=(Ignition("house", target="lone"),), **changes)


def engine(fire) -> dict[str, object]:
    return rows(fire, "engines")["119-1"]


def flood(*columns: slice, south: float = 0.0, north: float = 600.0) -> dict[str, np.ndarray]:
    depth = np.zeros(GRID.shape)
    for columns_ in columns:
        depth[int(south / 10) : int(north / 10), columns_] = 0.5
    return {"depth": depth}


def roads(*assets: Asset, **params: float) -> Roads:
    found = roads_of(assets, GRID, Params(**params))
    assert isinstance(found, Roads)
    return found


def water() -> Water:
    return Water(GRID, np.zeros(GRID.shape), built([], GRID)[0], 0.3)


def test_an_engine_drives_the_street_and_lays_its_hose_over_the_rest() -> None:
    fire = lone()
    note = do(fire, "engine", "lone").note
    assert "0.6 km by road" in note
    fire.advance(600.0)
    row = engine(fire)
    leg, drive, hose = 5 * 1.4, 700 - 104.5, 5.0
    assert row["way"] == "roads"
    assert row["way_m"] == pytest.approx(leg + drive + hose)
    assert row["way_s"] == pytest.approx((leg + drive) / SPEED + hose / WALK)
    assert row["arrived_s"] == pytest.approx(60 + row["way_s"])
    assert row["held_up_s"] == 0
    assert row["note"] == ""
    assert row["water_m3"] > 1


def test_the_fastest_way_is_taken_and_not_the_shortest() -> None:
    fast = [road(one.id, *((x - at(0, 0)[0], y - at(0, 0)[1]) for x, y in one.points), **{"class": "primary_link"})
            for one in LOOP]  # fmt: skip
    slow = road("short", (700, 305), (600, 305), (400, 305), (200, 305), (104.5, 305), **{"class": "service"})
    fire = lone(assets=CITY | {"road": [slow, *fast]})
    do(fire, "engine", "lone")
    row = engine(fire)
    driven = 100 / 0.5 + 800 * 3 / 4 + 95.5 / 0.5
    assert row["way_m"] == pytest.approx(7 + 100 + 800 + 95.5 + 5, abs=2)
    assert row["way_s"] == pytest.approx((7 + driven) / SPEED + 5, abs=1)


def test_the_station_with_the_fastest_way_sends_and_not_the_nearest() -> None:
    near = Asset("facility", "behind", (at(104.5, 500),), {"class": "fire_station"})
    alley = road("alley", (104.5, 500), (700, 500), (700, 305))
    fire = lone(assets=CITY | {"facility": [near, STATION], "road": [SHORT, alley]})
    assert "119-1" in do(fire, "engine", "lone").note
    off = lone(assets=CITY | {"facility": [near, STATION], "road": []})
    assert "behind-1" in do(off, "engine", "lone").note


def test_water_on_the_street_sends_the_engine_round() -> None:
    fire = lone()
    fire.see(flood(slice(40, 42), south=300.0), {})
    do(fire, "engine", "lone")
    fire.advance(900.0)
    row = engine(fire)
    assert row["way_m"] == pytest.approx(7 + 595.5 + 400 + 5, abs=2)
    assert row["arrived_s"] == pytest.approx(60 + (7 + 995.5) / SPEED + 5, abs=1)
    assert row["held_up_s"] == pytest.approx(400 / SPEED, abs=1)
    assert "engines_held_up" in codes(fire)
    assert "engines_no_way" not in codes(fire)


def test_water_that_closes_the_way_ahead_turns_the_engine_round() -> None:
    fire = lone()
    do(fire, "engine", "lone")
    fire.advance(90.0)  # 30 s on the road: at x 457
    fire.see(flood(slice(30, 32), south=300.0), {})
    fire.advance(1200.0)
    row = engine(fire)
    back = 700 - (700 - (30 * SPEED - 7)) - 100
    assert row["way_m"] == pytest.approx(7 + 100 + 2 * back + 800 + 95.5 + 5, abs=2 * PIECE)
    assert row["arrived_s"] == pytest.approx(60 + row["way_m"] / SPEED + 5, abs=15)
    assert row["held_up_s"] == pytest.approx(row["arrived_s"] - 60 - (7 + 595.5) / SPEED - 5)


def test_an_engine_without_any_way_waits_and_says_since_when() -> None:
    fire = lone()
    fire.advance(120.0)
    do(fire, "engine", "lone")
    fire.advance(200.0)
    fire.see(flood(slice(30, 32)), {})
    fire.advance(1000.0)
    row = engine(fire)
    assert row["arrived_s"] is None
    assert "no way since minute 3.3" in row["note"]
    assert row["held_up_s"] > 700
    waiting = [f for f in fire.aftermath()["findings"] if f["code"] == "engines_no_way"]
    assert "119-1 3.3분부터" in waiting[0]["where"]
    fire.see({"depth": np.zeros(GRID.shape)}, {})
    fire.advance(1300.0)
    row = engine(fire)
    assert row["note"] == ""
    assert 1000 < row["arrived_s"] < 1120
    assert row["held_up_s"] == pytest.approx(row["arrived_s"] - 180 - (7 + 595.5) / SPEED - 5)
    assert "engines_no_way" not in codes(fire)


def test_an_engine_called_under_water_leaves_when_it_has_fallen() -> None:
    fire = lone()
    fire.see(flood(slice(68, 72)), {})
    assert "no way now" in do(fire, "engine", "lone").note
    fire.advance(400.0)
    assert "no way since minute 0.0" in engine(fire)["note"]
    fire.see({"depth": np.zeros(GRID.shape)}, {})
    fire.advance(700.0)
    assert 400 + 72 < engine(fire)["arrived_s"] < 400 + 60 + 85


def test_a_way_is_looked_for_once_a_minute_and_the_engine_stands_still_until_then() -> None:
    fire = lone()
    do(fire, "engine", "lone")
    fire.see(flood(slice(30, 32), south=300.0), {})
    fire.advance(61.0)
    assert fire.world.crews.engines[0].drive.tried == 60.0
    fire.see(flood(slice(30, 32), slice(50, 52)), {})
    fire.advance(110.0)
    assert fire.world.crews.engines[0].drive.tried == 60.0
    assert fire.world.crews.engines[0].stuck == -1.0
    fire.advance(140.0)
    assert fire.world.crews.engines[0].drive.tried >= 120.0
    assert fire.world.crews.engines[0].stuck >= 120.0


def test_a_bridge_is_not_closed_by_the_river_below() -> None:
    parts = [road("a", (700, 305), (420, 305)), road("b", (420, 305), (380, 305), bridge=True),
             road("c", (380, 305), (104.5, 305))]  # fmt: skip
    for layer, arrives in (({}, True), ({"bridge": False, "layer": 1}, True), ({"bridge": False}, False)):
        over = Asset("road", "b", parts[1].points, dict(parts[1].params) | layer)
        fire = lone(assets=CITY | {"road": [parts[0], over, parts[2]]})
        fire.see(flood(slice(39, 41)), {})
        do(fire, "engine", "lone")
        fire.advance(300.0)
        assert (engine(fire)["arrived_s"] is not None) == arrives


def test_goes_on_to_the_last_bit_on_the_way_round_and_while_it_waits() -> None:
    def play(fire, cut: float, until: float) -> None:
        events = [(0.0, lambda: do(fire, "engine", "lone", number=2)), (90.0, lambda: fire.see(shut, {})),
                  (150.0, lambda: fire.see(both, {})), (700.0, lambda: fire.see(shut, {}))]  # fmt: skip
        for time, happens in events:
            if cut <= time < until:
                fire.advance(time)
                happens()
        fire.advance(until)

    shut, both = flood(slice(30, 32), south=300.0), flood(slice(30, 32), slice(40, 42))
    whole = lone()
    play(whole, 0.0, 2000.0)
    assert engine(whole)["arrived_s"] is not None
    for cut in (30.0, 85.0, 95.0, 333.0, 705.0):
        first, second = lone(), lone()
        play(first, 0.0, cut)
        second.load({name: np.array(value) for name, value in first.save().items()}, [])
        assert json.dumps(second.aftermath()) == json.dumps(first.aftermath())
        for fire in (first, second):
            play(fire, cut, 2000.0)
        assert json.dumps(second.aftermath()) == json.dumps(first.aftermath())
        assert engine(first)["arrived_s"] == pytest.approx(engine(whole)["arrived_s"], abs=70)


def test_without_roads_near_the_engine_drives_the_straight_line_and_that_is_said() -> None:
    straight = math.dist((700, 300), MIDDLE) * 1.4
    far = CITY | {"road": [road("far", (0, 0), (100, 0))]}
    surface = CITY | {"road": [road("area", (0, 0), (700, 0), (700, 300), (0, 0))]}
    for assets in (CITY | {"road": []}, far, surface):
        fire = lone(assets=assets)
        note = do(fire, "engine", "lone").note
        assert "straight line" in note
        row = engine(fire)
        assert row["way"] == "straight line"
        assert row["way_m"] == pytest.approx(straight)
        assert row["way_s"] == pytest.approx(straight / SPEED)


def test_what_was_assumed_and_left_out_of_the_roads_is_said() -> None:
    from twin.model.action import Action

    planned = (Action("engine", 0.0, "lone"),)
    more = [
        road("area", (0, 0), (700, 0), (700, 300), (0, 0)),
        road("walk", (0, 0), (10, 10), **{"class": "Footway"}),
        road("dot", (5, 5), (5, 5)),
        road("island", (0, 550), (100, 550)),
        road("odd", (104.5, 305), (104.5, 400), **{"class": "시도"}),
    ]
    said = {f.code: f for f in lone(assets=CITY | {"road": [SHORT, *LOOP, *more]}, measures=planned).findings}
    for part in ("1 surfaces", "1 for walking", "1 without a length", "0.1 km that do not join"):
        assert part in said["roads_left_out"].message
    assert "1 of 6 roads are others" in said["engine_ways"].message
    assert "not verified" in said["engine_ways"].message
    assert "primary 40" in said["engine_ways"].message
    assert "station_off_road" not in said
    off = lone(assets=CITY | {"road": [road("far", (0, 0), (100, 0))]}, measures=planned).findings
    assert [f.where for f in off if f.code == "station_off_road"] == ["119"]
    none = lone(assets=CITY | {"road": []}, measures=planned).findings
    assert ["not by the road network" in f.message for f in none if f.code == "engine_ways"] == [True]


def test_roads_join_at_shared_vertices_at_near_ends_and_where_an_end_touches() -> None:
    lines = [
        np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 0.0], [200.0, 0.0]]),
        np.array([[100.4, 0.4], [100.0, 80.0]]),
        np.array([[30.0, 0.6], [30.0, 90.0]]),
        np.array([[150.0, -50.0], [150.0, 50.0]]),
    ]
    net = joined(lines, np.zeros(4, bool))
    of = [set(net.start[net.line == i]) | set(net.end[net.line == i]) for i in range(4)]
    assert of[0] & of[1] and of[0] & of[2]
    assert not of[0] & of[3]
    assert net.length.max() <= PIECE
    assert net.length[net.line == 0].sum() == pytest.approx(200.0)
    assert net.length[net.line == 3].sum() == pytest.approx(100.0)


def test_roads_on_two_levels_meet_at_ends_only() -> None:
    below = np.array([[0.0, 0.0], [50.0, 0.0], [100.0, 0.0]])
    above = np.array([[50.0, -40.0], [50.0, 0.5], [50.0, 40.0]])
    for bridge, meet in (([False, False], True), ([False, True], False)):
        net = joined([below, above], np.array(bridge))
        of = [set(net.start[net.line == i]) | set(net.end[net.line == i]) for i in range(2)]
        assert bool(of[0] & of[1]) == meet
    ramp = joined([below, np.array([[50.0, 0.5], [50.0, 40.0]])], np.array([False, True]))
    assert len(set(ramp.start) | set(ramp.end)) == 4


def test_a_roundabout_is_driven_and_the_outline_of_a_surface_is_not() -> None:
    circle = [(300 + 20 * math.cos(a), 300 + 20 * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 13)]
    circle[-1] = circle[0]
    ring = road("ring", *circle)
    arms = [road("east", (320, 300), (500, 300)), road("west", circle[6], (100, 300))]
    round_ = roads(ring, *arms)
    assert round_.counts == Counts(3, 0, 0, 0, 0, pytest.approx(0.0))
    a, b = round_.near(at(500, 300)), round_.near(at(100, 300))
    way = round_.way(a, at(100, 300), None)
    assert way is not None
    assert way.nodes[-1] == b
    assert way.length == pytest.approx(360 + 6 * 40 * math.sin(math.pi / 12))
    assert roads(ring, *arms[:1]).counts.surfaces == 1


def test_ways_are_those_of_plain_dijkstra_whatever_water_closes() -> None:
    rng = np.random.default_rng([7, 1])
    streets = [
        road(f"e{j}", (20, 60 * j), (780, 60 * j), **{"class": ["primary", "service"][j % 2]}) for j in range(10)
    ]
    streets += [road(f"n{i}", (20 + 76 * i, 0), (20 + 76 * i, 540)) for i in range(11)]
    streets = [road(one.id, *_crossings(one), **one.params) for one in streets]
    net, seen = roads(*streets), water()
    for _ in range(12):
        depth = (rng.random(GRID.shape) < 0.04).astype(float)
        seen.see(depth)
        start = net.near(at(*rng.uniform((0, 0), (800, 600))))
        place = at(*rng.uniform((0, 0), (800, 540)))
        expected = _plain(net, start, net.closed(seen))
        way = net.way(start, place, seen)
        gap = np.hypot(net.x - place[0], net.y - place[1])
        best = np.where(gap <= 150, expected + gap / WALK, np.inf).min()
        if seen.at(*place) > 0.3 or math.isinf(best):
            assert way is None
            continue
        assert way is not None
        assert way.seconds[-1] + way.rest == pytest.approx(best)
        assert not net.closed(seen)[way.pieces].any()
        assert np.diff(way.seconds) == pytest.approx(net.seconds[way.pieces])


def _crossings(one: Asset) -> list[tuple[float, float]]:
    (x0, y0), (_, y1) = ((x - at(0, 0)[0], y - at(0, 0)[1]) for x, y in one.points)
    if y0 == y1:
        return [(20 + 76 * i, y0) for i in range(11)]
    return [(x0, 60 * j) for j in range(10)]


def _plain(net: Roads, start: int, shut: np.ndarray) -> np.ndarray:
    """Bellman-Ford over all pieces, until nothing changes."""
    seconds = np.full(len(net.x), np.inf)
    seconds[start] = 0.0
    while True:
        before = seconds.copy()
        for a, b in ((net.start, net.end), (net.end, net.start)):
            np.minimum.at(seconds, b[~shut], seconds[a[~shut]] + net.seconds[~shut])
        if np.array_equal(before, seconds):
            return seconds


def test_ways_are_searched_only_when_what_is_closed_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    import scipy.sparse.csgraph

    count = []
    true = scipy.sparse.csgraph.dijkstra
    monkeypatch.setattr(scipy.sparse.csgraph, "dijkstra", lambda *a, **k: count.append(1) or true(*a, **k))
    fire = lone()
    do(fire, "engine", "lone", number=4)
    fire.advance(90.0)
    assert len(count) == 1
    wet = flood(slice(68, 72))
    for time in range(100, 700, 60):
        fire.see({"depth": wet["depth"] * (1 + time / 1e4)}, {})
        fire.advance(float(time))
    assert len(count) <= 2
