"""The room graph and the ways out of it; no gas moves here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.hazards.house import assets, box, opening, space
from twin.errors import InputError
from twin.hazards.indoor_fire.design import COMBUSTION, GROWTH, USES, curve
from twin.hazards.indoor_fire.graph import OUTSIDE, Graph, graph_of
from twin.hazards.indoor_fire.params import Params, checked
from twin.hazards.indoor_fire.people import DOWN, OUT, People, placed
from twin.hazards.indoor_fire.routes import Routes
from twin.model.asset import Asset


@pytest.fixture
def graph() -> Graph:
    return graph_of(assets())


def evacuated(graph: Graph, counts: list[int], until: float = 600.0, **changes: Any) -> People:
    params = replace(Params(), **changes)
    people = People(graph, Routes(graph, params), np.array(counts))
    people.warn(0.0, params.premovement_s)
    people.advance(until, np.ones(len(graph.rooms)), frozenset())
    return people


def test_rooms_and_what_joins_them(graph: Graph) -> None:
    assert [(r.name, r.area, r.height, r.floor) for r in graph.rooms] == [
        ("living", 20.0, 2.4, 0.0), ("bed", 20.0, 2.4, 0.0), ("corridor", 20.0, 2.4, 0.0), ("loft", 20.0, 2.4, 3.0),
    ]  # fmt: skip
    assert {j.id: (j.kind, j.rooms) for j in graph.joints} == {
        "D1": ("door", (0, 2)), "D2": ("door", (1, 2)), "D3": ("door", (2, OUTSIDE)), "W1": ("window", (0, OUTSIDE)),
        "S3/S4": ("stair", (2, 3)),
    }  # fmt: skip
    window = graph.joints[3]
    assert (window.width, window.height, window.sill) == pytest.approx((1.2, 1.2, 0.9))
    assert graph.findings[0].message == "4 rooms, joined by 3 doors, 1 windows, 0 passages, 1 stairs"


def test_walls_are_as_long_as_the_stated_area_needs() -> None:
    rooms = [
        Asset("space", "A", box(0, 0, 4, 5), {"name": "room", "floor_area": 20.0}),
        Asset("space", "B", box(4, 0, 4, 5), {"name": "larger than drawn", "floor_area": 36.0}),
    ]
    first, second = graph_of({"space": rooms, "door": [], "window": []}).rooms
    assert first.perimeter == pytest.approx(18.0)
    assert (second.area, second.perimeter) == pytest.approx((36.0, 24.0))


def test_what_is_not_stated_is_named_and_counted() -> None:
    bare = {
        "space": [Asset("space", "A", box(0, 0, 4, 5), {"name": "room"})],
        "door": [Asset("door", "D", box(1, 0, 1, 0.1), {"spaces": "A"}), Asset("door", "E", box(9, 9, 1, 1), {})],
        "window": [Asset("window", "W", box(2, 0, 1, 0.1), {"spaces": "A"})],
    }
    graph = graph_of(bare)
    assert (graph.rooms[0].area, graph.rooms[0].height) == (20.0, 2.5)
    assert {j.id: (j.width, j.height, j.sill) for j in graph.joints} == {"D": (0.9, 2.05, 0.0), "W": (1.2, 1.4, 0.9)}
    codes = {f.code for f in graph.findings}
    assert codes == {
        "room_graph", "room_height", "room_level", "door_rooms", "door_size", "door_level", "window_size", "window_level",
    }  # fmt: skip
    with pytest.raises(InputError, match="no 'space'"):
        graph_of({})


def test_a_door_within_a_room_joins_nothing_and_a_facade_over_two_rooms_opens_both() -> None:
    things = assets()
    graph = graph_of(
        {
            **things,
            "door": [*things["door"], opening("door", "cubicle", 2, 2, "S1 S1")],
            "window": [opening("window", "W", 5, 1, "S1 S2", is_external=True)],
        }
    )
    assert "cubicle" not in {j.id for j in graph.joints}
    assert "within" in {f.code for f in graph.findings}
    assert {(j.id, j.rooms, j.width) for j in graph.joints if j.kind == "window"} == {
        ("W", (0, OUTSIDE), 0.6), ("W+1", (1, OUTSIDE), 0.6),
    }  # fmt: skip


def test_a_room_is_found_by_id_name_or_full_name() -> None:
    graph = graph_of(
        {"space": [space("A", "101", box(0, 0, 1, 1), long_name="Kitchen"), space("B", "102", box(2, 0, 1, 1))]}
    )
    assert [graph.room(t, "x") for t in ("A", "101", "Kitchen", "101 Kitchen", "102")] == [0, 0, 0, 0, 1]
    with pytest.raises(
        InputError, match=r"fire: no room of the building is called 'Kitchn'; known: .* mean '101 Kitch"
    ):
        graph.room("Kitchn", "fire")
    two = graph_of({"space": [space("A", "x", box(0, 0, 1, 1)), space("B", "x", box(2, 0, 1, 1))]})
    with pytest.raises(InputError, match=r"2 rooms are called 'x': x \(A\), x \(B\); give the id"):
        two.room("x", "fire")


def test_only_rooms_that_are_joined_to_the_burning_ones_are_kept(graph: Graph) -> None:
    things = assets()
    apart = graph_of({**things, "space": [space("S0", "shed", box(20, 1, 2, 2)), *things["space"]]})
    assert [r.id for r in apart.joined_to([1]).rooms] == ["S1", "S2", "S3", "S4"]
    assert apart.joined_to([1]).joints == graph.joints
    assert apart.joined_to([1]).findings[-1].message.startswith("1 of 5 rooms are not joined")
    assert [r.id for r in apart.joined_to([0]).rooms] == ["S0"]


def test_time_to_leave_is_premovement_walk_and_line(graph: Graph) -> None:
    one = evacuated(graph, [0, 1, 0, 0])
    # from half way to the farthest corner of the bed room to its door, and 7.0 m along the corridor
    door, out = (graph.joints[n] for n in (1, 2))
    far = max(np.hypot(x - door.x, y - door.y) for x, y in graph.rooms[1].outline)
    walk = 0.5 * far + np.hypot(door.x - out.x, door.y - out.y)
    assert one.state.tolist() == [OUT]
    assert one.last[1] == pytest.approx(60 + 0.5 * far / 1.2)
    assert one.last[2] == pytest.approx(60 + walk / 1.2)
    crowd = evacuated(graph, [0, 200, 0, 0])
    # 0.9 m let 1.17 people through in a second
    assert crowd.last[1] - one.last[1] == pytest.approx(200 / (1.3 * 0.9), rel=0.05)
    assert (crowd.state == OUT).all()


def test_stairs_take_longer_than_the_level(graph: Graph) -> None:
    people = evacuated(graph, [0, 0, 0, 1], premovement_s=0.0)
    slope = 3.0 / np.sin(np.radians(32)) / 0.8
    assert people.last[2] - people.last[3] > slope
    assert people.state.tolist() == [OUT]


def test_nobody_goes_into_smoke_while_there_is_another_way_or_their_room_is_clear() -> None:
    things = assets()
    two_ways = {**things, "door": [*things["door"], opening("door", "D4", 8, 1, "S2", is_external=True)]}
    graph = graph_of(two_ways)
    people = People(graph, Routes(graph, Params()), np.array([3, 3, 0, 0]))
    people.warn(0.0, 0.0)
    people.advance(300.0, np.ones(4), frozenset({2}))
    assert people.count().tolist() == [3, 0, 0, 0]  # the bed room has its own door; the living room waits, it is clear
    people.advance(400.0, np.ones(4), frozenset({0, 2}))
    assert people.count().tolist() == [0, 0, 0, 0]  # now the living room fills with smoke: they go through


def test_who_has_a_dose_of_one_stays(graph: Graph) -> None:
    people = evacuated(graph, [2, 1, 0, 0], until=30.0)
    people.breathe(np.array([0.7, 0.0, 0, 0]), np.zeros(4))
    assert not (people.state == DOWN).any()
    people.breathe(np.array([0.4, 0.0, 0, 0]), np.zeros(4))
    people.advance(600.0, np.ones(4), frozenset())
    assert people.state.tolist() == [DOWN, DOWN, OUT]
    assert people.count().tolist() == [2, 0, 0, 0]


def test_people_go_on_from_what_was_saved(graph: Graph) -> None:
    first, second = evacuated(graph, [40, 40, 5, 30], until=80.0), evacuated(graph, [40, 40, 5, 30], until=0.0)
    second.load(first.save())
    for people in (first, second):
        people.advance(500.0, np.full(4, 0.5), frozenset())
    assert first.last.tobytes() == second.last.tobytes()
    assert first.count().tolist() == second.count().tolist()


def test_people_by_use_by_name_and_by_what_the_room_holds(graph: Graph) -> None:
    assert placed(graph, 0.05, {}).tolist() == [1, 1, 1, 1]
    assert placed(graph, 0.03, {}).tolist() == [1, 1, 0, 0]  # 0.6 each: 2.4 in all
    assert placed(graph, 0.0, {3: 7}).tolist() == [0, 0, 0, 7]
    things = assets()
    held = graph_of(
        {
            **things,
            "space": [space("S1", "living", box(1, 1, 5, 4), capacity=12), space("S", "계단실", box(9, 9, 9, 9))],
        }
    )
    assert placed(held, 0.05, {}).tolist() == [12, 0]


@pytest.mark.parametrize("growth", GROWTH)
@pytest.mark.parametrize("area", [0.5, 12.0, 400.0])
def test_a_fire_releases_its_energy_and_no_more(growth: str, area: float) -> None:
    use = USES["dwelling"]
    energy = COMBUSTION * use.load * area
    fire = curve(growth, use.release * area, energy)
    times = np.linspace(0, fire.out, 40_001)
    heat = np.array([fire.at(t) for t in times])
    assert np.trapezoid(heat, times) / 1000 == pytest.approx(energy, rel=1e-3)
    assert heat.max() <= use.release * area * (1 + 1e-9)
    assert fire.at(fire.grown) == pytest.approx(1000 * (fire.grown / GROWTH[growth]) ** 2)
    t, q = np.array(fire.series(30.0)).T
    assert (np.diff(t) > 0).all()
    assert q[0] == 0
    assert np.interp(30.0 + 0.5 * fire.fading, t, q) == pytest.approx(fire.at(0.5 * fire.fading), rel=0.01)


@pytest.mark.parametrize(("name", "value", "said"), [
    ("growht", "fast", "'growht' is not known; known: .* Did you mean 'growth'"),
    ("growth", "quick", "'growth' is 'quick'; known: fast, medium, slow, ultra"),
    ("peak_kw", -1.0, "'peak_kw' is -1.0; it must be a number from 1"),
    ("doors", "ajar", "must be a number from 0 to 1 .or 'open', 'closed'"),
    ("people", 3, "must be a table"),
    ("exits", "D1", "must be a list"),
    ("spread", 1, "must be true or false"),
    ("storey", 2, "must be a text"),
    ("door_open", {"D1": 2}, "'door_open', 'D1' is 2"),
])  # fmt: skip
def test_wrong_parameters_are_named(name: str, value: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        checked({name: value})
    assert checked({"doors": "open"}).doors == 1.0
