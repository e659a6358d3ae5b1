"""Cars: against plain Python, what they know and do not know, queues, water, and the same in one step or in many."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import InputError
from twin.geometry.network import leading
from twin.model.response.city import Network
from twin.physics.movement.driving import FLOW, Cars
from twin.physics.movement.driving_kernels import ARRIVED, DRIVING, NO_WAY, RESCUED, STUCK, TURNS, WAITING
from twin.physics.movement.driving_reference import PlainCars
from twin.physics.movement.driving_trips import PLAIN, TOLD, UNIT, Trips, drivers

NAMES = {
    "waiting": WAITING,
    "driving": DRIVING,
    "queueing": DRIVING,
    "stuck": STUCK,
    "arrived": ARRIVED,
    "no_way": NO_WAY,
}
LIMIT = 0.3


def network_of(start: list[int], end: list[int], length: object = 100.0, **fields: np.ndarray) -> Network:
    """Return a network of 10 m/s and two lanes; nodes have no place, for nobody asks."""
    k, nodes = len(start), max(*start, *end) + 1
    network = Network(
        x=np.zeros(nodes), y=np.zeros(nodes), start=np.array(start, np.int32), end=np.array(end, np.int32),
        length=np.broadcast_to(np.asarray(length, np.float64), k).copy(), speed=np.full(k, 10.0), lanes=np.full(k, 2.0),
        road=np.arange(k, dtype=np.int32), roads=tuple(map(str, range(k))), over=np.zeros(k, bool),
        foot=np.zeros(k, bool),
    )  # fmt: skip
    return replace(network, **fields)


def trips(start: list[int], goal: list[int], departs: list[float], **fields: np.ndarray) -> Trips:
    m = len(start)
    made = Trips(
        start=np.array(start, np.int32), goal=np.array(goal, np.int32), departs=np.array(departs, np.float64),
        persons=np.ones(m), kind=np.zeros(m, np.int8), cautious=np.ones(m, bool), limit=np.full(m, LIMIT),
        share=np.ones(m),
    )  # fmt: skip
    return replace(made, **fields)


def cars_on(network: Network, trips_: Trips) -> Cars:
    return Cars(network, lambda goals, shut: leading(network, goals, shut=shut), trips_)


#: 0 - 1 - 2 straight, and 0 - 3 - 2 round, a little longer
RING = network_of([0, 1, 0, 3], [1, 2, 3, 2], [100, 100, 110, 110])
DRY = (np.zeros(1), np.zeros((1, 4)))


def flooded(*steps: tuple[float, dict[int, float]], edges: int = 4) -> tuple[np.ndarray, np.ndarray]:
    depth = np.zeros((len(steps), edges))
    for row, (_, wet) in enumerate(steps):
        for edge, value in wet.items():
            depth[row, edge] = value
    return np.array([at for at, _ in steps]), depth


@st.composite
def cases(draw: st.DrawFn) -> tuple:
    """A city with traffic, water that rises and falls, and closures that come and go."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    nodes, edges, m = draw(st.integers(2, 7)), draw(st.integers(1, 14)), draw(st.integers(1, 12))
    start = rng.integers(0, nodes, edges)
    start[0] = nodes - 1
    end = (start + rng.integers(1, nodes, edges)) % nodes
    network = network_of(
        start.tolist(), end.tolist(), rng.uniform(5, 300, edges), lanes=rng.choice([0.1, 1.0, 2.0], edges),
        over=rng.random(edges) < 0.1, foot=rng.random(edges) < 0.1,
    )  # fmt: skip
    made = trips(
        rng.integers(0, nodes, m).tolist(), rng.integers(0, nodes, m).tolist(), rng.integers(0, 30, m).tolist(),
        persons=rng.integers(1, 5, m).astype(float), kind=rng.integers(0, 3, m).astype(np.int8),
        cautious=rng.random(m) < 0.5, limit=rng.choice([0.3, 0.5], m), share=rng.choice([1.0, 1.5], m),
    )  # fmt: skip
    times = np.sort(rng.choice(np.arange(-10, 120), rng.integers(1, 7), replace=False)).astype(float)
    depth = rng.choice([0.0, 0.2, 0.4, 0.6], (len(times), edges), p=[0.5, 0.1, 0.2, 0.2])
    changes = np.sort(rng.choice(np.arange(0, 100), rng.integers(0, 3), replace=False)).astype(float).tolist()
    known = {at: tuple(rng.random((3, edges)) < 0.2) for at in changes}
    return network, made, times, depth, known


@given(cases(), st.floats(1, 200), st.lists(st.floats(0, 200), max_size=4))
@settings(max_examples=150, deadline=None)
def test_cars_go_as_in_plain_python_in_one_step_or_in_many(case: tuple, until: float, stops: list[float]) -> None:
    network, made, times, depth, known = case
    plain = PlainCars(network, made)
    plain.run(until, times, depth, known)
    for breaks in ([], stops):
        cars = cars_on(network, made)
        for at in sorted({*(b for b in breaks if b < until), *(t for t in known if t < until), until}):
            cars.advance(at, times, depth)
            if at in known and at < until:
                shut, avoid, barred = known[at]
                cars.know(shut, avoid=avoid, barred=barred)
        assert cars.status.tolist() == [NAMES[car.state] for car in plain.cars]
        assert cars.edge.tolist() == [car.edge for car in plain.cars]
        assert cars.node.tolist() == [car.node for car in plain.cars]
        np.testing.assert_allclose(cars.arrived, [car.arrived for car in plain.cars])
        stuck = [car.stuck + (until - car.since if car.state == "stuck" else 0.0) for car in plain.cars]
        assert cars.counts().person_seconds_stuck == pytest.approx(float(made.persons @ stuck))


def test_a_car_takes_the_fastest_way_in_the_time_that_takes() -> None:
    cars = cars_on(RING, trips([0, 2], [2, 2], [5.0, 7.0]))
    assert cars.counts().waiting == 2
    cars.advance(12.0, *DRY)
    assert cars.edge.tolist() == [0, -1]
    assert cars.counts().driving == 1
    cars.advance(100.0, *DRY)
    assert cars.arrived.tolist() == [25.0, 7.0]
    assert cars.counts().arrived == 2
    assert cars.counts().delay == 0.0


def test_a_queue_lets_off_what_its_lanes_carry_and_that_is_delay() -> None:
    cars = cars_on(RING, trips([0] * 10, [1] * 10, [0.0] * 10))
    cars.advance(100.0, *DRY)
    headway = 3600 / FLOW
    assert cars.arrived.tolist() == pytest.approx([10.0 + headway * i for i in range(10)])
    assert cars.counts().delay == pytest.approx(headway * 45)
    other = cars_on(RING, trips([0, 1] * 5, [1, 0] * 5, [0.0] * 10))  # the ways of a road do not hinder each other
    other.advance(100.0, *DRY)
    assert other.counts().delay == pytest.approx(headway * 20)


def test_what_is_closed_is_not_entered_and_left_by_who_is_on_it() -> None:
    shut = np.array([False, True, False, False])
    cars = cars_on(RING, trips([0, 0, 0], [2, 2, 2], [0.0, 8.0, 25.0], kind=np.array([PLAIN, PLAIN, UNIT], np.int8)))
    cars.advance(15.0, *DRY)
    cars.know(shut)  # the first is on it, the second is on the edge before
    cars.advance(100.0, *DRY)
    assert cars.arrived.tolist() == [20.0, 18.0 + 10.0 + 22.0, 45.0]
    assert cars.counts().delay == pytest.approx(22.0)


def test_closing_every_way_makes_cars_wait_until_one_opens() -> None:
    shut = np.array([False, True, False, True])
    cars = cars_on(RING, trips([0], [2], [0.0]))
    cars.know(shut)
    cars.advance(50.0, *DRY)
    assert cars.counts().no_way == 1
    cars.know(shut & False)
    cars.advance(100.0, *DRY)
    assert cars.arrived.tolist() == [70.0]
    assert cars.counts().delay == pytest.approx(50.0)


def test_signs_are_heeded_where_there_is_another_way() -> None:
    avoid = np.array([True, False, False, False])
    made = trips([0, 0], [2, 2], [0.0, 0.0], kind=np.array([PLAIN, TOLD], np.int8))
    cars = cars_on(RING, made)
    cars.know(avoid & False, avoid=avoid)
    cars.advance(100.0, *DRY)
    assert cars.arrived.tolist() == [20.0, 22.0]
    cars = cars_on(RING, made)
    cars.know(np.array([False, False, True, False]), avoid=avoid)  # the way round is closed
    cars.advance(100.0, *DRY)
    assert cars.arrived.tolist() == [20.0, 22.0]  # behind one another, 2 s


def test_at_water_some_turn_round_and_some_drive_in_and_are_stuck() -> None:
    wet = flooded((0.0, {1: 0.4}), (60.0, {1: 0.3}))
    made = trips([0, 0, 0], [2, 2, 2], [0.0, 0.0, 0.0], cautious=np.array([True, False, True]),
                 limit=np.array([0.3, 0.3, 0.5]), persons=np.array([1.0, 3.0, 2.0]))  # fmt: skip
    cars = cars_on(RING, made)
    cars.advance(50.0, *wet)
    assert cars.status.tolist() == [ARRIVED, STUCK, ARRIVED]
    assert cars.arrived[0] == 10.0 + 10.0 + 22.0
    assert cars.in_water().tolist() == [0.0, 3.0, 0.0, 0.0]
    counts = cars.counts()
    assert (counts.stuck, counts.persons) == (1, 3.0)
    assert counts.person_seconds_stuck == pytest.approx(3 * (50 - 12))
    cars.advance(100.0, *wet)
    assert cars.arrived[1] == pytest.approx(70.0)
    assert cars.counts().person_seconds_stuck == pytest.approx(3 * (60 - 12))


def test_water_that_rises_catches_cars_and_bridges_stay_dry() -> None:
    wet = flooded((0.0, {}), (4.0, {0: 1.0, 1: 1.0}), (30.0, {}))
    cars = cars_on(RING, trips([0], [2], [0.0]))
    cars.advance(100.0, *wet)
    assert cars.arrived.tolist() == [20.0 + 26.0]
    assert cars.counts().person_seconds_stuck == 26.0
    over = cars_on(replace(RING, over=np.array([True, True, False, False])), trips([0], [2], [0.0]))
    over.advance(100.0, *wet)
    assert over.arrived.tolist() == [20.0]


def test_who_turned_round_everywhere_waits_for_the_water_to_change() -> None:
    wet = flooded((0.0, {0: 0.5, 2: 0.5}), (40.0, {2: 0.5}))
    cars = cars_on(RING, trips([0], [2], [0.0]))
    cars.advance(39.0, *wet)
    assert cars.counts().no_way == 1
    cars.advance(100.0, *wet)
    assert cars.arrived.tolist() == [60.0]


def test_who_has_turned_round_often_enough_gives_up_where_it_stands() -> None:
    # TURNS wet edges side by side lead from 0 to 1, and one more, the longest, is dry
    wet = TURNS
    network = network_of([0] * (wet + 1), [1] * (wet + 1), np.linspace(100, 200, wet + 1))
    cars = cars_on(network, trips([0], [1], [0.0]))
    times, depth = flooded((0.0, dict.fromkeys(range(wet), 1.0)), edges=wet + 1)
    cars.advance(600.0, times, depth)
    assert cars.status[0] == NO_WAY
    assert cars.node[0] == 0
    one_less = cars_on(network, trips([0], [1], [0.0]))
    depth[0, wet - 1] = 0.0
    one_less.advance(600.0, times, depth)
    assert one_less.status[0] == ARRIVED


def test_people_are_rescued_out_of_cars_that_are_stuck_and_of_no_others() -> None:
    wet = flooded((0.0, {0: 0.4}), (60.0, {}))
    cars = cars_on(RING, trips([0, 1], [2, 2], [0.0, 0.0], cautious=np.zeros(2, bool), persons=np.array([2.0, 1.0])))
    cars.advance(5.0, *wet)
    assert cars.rescue(np.array([0, 1, 0])) == 2.0
    cars.advance(100.0, *wet)
    assert cars.status.tolist() == [RESCUED, ARRIVED]
    assert cars.counts().person_seconds_stuck == 10.0
    assert cars.in_water().sum() == 0.0


def test_units_ride_a_green_wave_and_others_do_not() -> None:
    made = trips([0] * 4, [1] * 4, [0.0] * 4, kind=np.array([PLAIN, PLAIN, PLAIN, UNIT], np.int8))
    cars = cars_on(RING, made)
    cars.wave[0] = 1.25
    cars.advance(100.0, *DRY)
    assert cars.arrived.tolist() == pytest.approx([10.0, 12.0, 14.0, 8.0])


def test_a_copy_goes_its_own_way_and_cars_can_be_added() -> None:
    cars = cars_on(RING, trips([0], [2], [0.0]))
    cars.advance(5.0, *DRY)
    other = cars.copy()
    other.know(np.array([False, True, False, False]))
    assert other.add(trips([1], [0], [6.0])).tolist() == [1]
    other.advance(100.0, *DRY)
    assert other.arrived.tolist() == [10.0 + 10.0 + 22.0, 16.0]
    assert cars.edge.tolist() == [0]
    cars.advance(100.0, *DRY)
    assert cars.arrived.tolist() == [20.0]


def test_a_goal_without_any_way_is_no_delay() -> None:
    cars = cars_on(network_of([0, 2], [1, 3]), trips([0], [3], [0.0]))
    cars.advance(100.0, np.zeros(1), np.zeros((1, 2)))
    assert cars.counts().no_way == 1
    assert cars.counts().delay == 0.0


def test_kinds_of_drivers_are_drawn_by_their_shares() -> None:
    node = np.zeros(4000, np.int32)
    made = [
        drivers(np.random.default_rng(3), node, node, node * 1.0, node + 1.0, limit=LIMIT, turning=0.7, heeding=0.2)
        for _ in range(2)
    ]
    assert made[0].cautious.mean() == pytest.approx(0.7, abs=0.03)
    assert (made[0].kind == TOLD).mean() == pytest.approx(0.2, abs=0.03)
    assert np.array_equal(made[0].cautious, made[1].cautious)
    sure = drivers(np.random.default_rng(3), node, node, node * 1.0, node + 1.0, limit=LIMIT, turning=1, heeding=0)
    assert sure.cautious.all()
    assert (sure.kind == PLAIN).all()


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (trips([4], [0], [0.0]), "start"),
        (trips([0], [-1], [0.0]), "goal"),
        (trips([0], [1], [math.nan]), "departure"),
        (trips([0], [1], [-1.0]), "before now"),
        (trips([0], [1], [0.0], share=np.zeros(1)), "share"),
    ],
)
def test_trips_that_make_no_sense_are_refused(bad: Trips, word: str) -> None:
    with pytest.raises(InputError, match=word):
        cars_on(RING, bad)


def test_water_that_does_not_fit_and_a_clock_that_runs_back_are_refused() -> None:
    cars = cars_on(RING, trips([0], [1], [0.0]))
    with pytest.raises(InputError, match="4 edges"):
        cars.advance(1.0, np.zeros(1), np.zeros((1, 3)))
    cars.advance(5.0, *DRY)
    with pytest.raises(InputError, match="back"):
        cars.advance(4.0, *DRY)
