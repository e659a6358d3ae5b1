"""The crowd as a whole: nobody through walls, the same again, copies, gates, choices, densities."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.physics.crowd.grounds import alike, box, lattice, room
from twin.errors import InputError, UsageError
from twin.physics.crowd import choice, factors
from twin.physics.crowd.crowd import Crowd
from twin.physics.crowd.density import alarm_level, level_of_service
from twin.physics.crowd.ground import Ground
from twin.physics.crowd.people import arriving, bound_for, population, standing
from twin.physics.crowd.plan import Gate, Plan, Zone
from twin.physics.crowd.record import Record
from twin.physics.crowd.state import GONE, OUT
from twin.physics.crowd.walking import JAM, Walking, speed_at

ROOT = Path(__file__).parents[3]


def hall(seed: int = 1, count: int = 60) -> Crowd:
    """Return a hall with a pillar, two exits and people who come in the middle of the west side."""
    plan = Plan(
        (box(0, 0, 12, 8),),
        obstacles=(box(6, 3, 7, 5),),
        gates=(Gate("in", (0, 3), (0, 5), open=False), Gate("a", (12, 1), (12, 2)), Gate("b", (12, 6), (12, 7))),
        zones=(Zone("east", box(6, 0, 12, 8)),),
    )
    rng = np.random.default_rng(seed)
    here = standing(population(count, rng), *lattice(count, 0.3, 0.3, 5.5, 7.7))
    return Crowd(plan, here.and_(arriving(population(20, rng), 0, rng.uniform(0, 20, 20))))


def digest(crowd: Crowd) -> str:
    state = crowd.state
    parts = (state.position, state.velocity, state.left, state.goal, crowd.record.seconds)
    return hashlib.sha256(b"".join(np.ascontiguousarray(p).tobytes() for p in parts)).hexdigest()


def test_two_runs_agree_to_the_last_bit_in_two_processes() -> None:
    code = "from tests.physics.crowd.test_crowd_engine import *\nc = hall(); c.advance(25); print(digest(c))"
    found = set()
    for seed in ("1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout.strip().splitlines()[-1])
    crowd = hall()
    crowd.advance(25)
    assert found == {digest(crowd)}
    other = hall(seed=2)
    other.advance(25)
    assert digest(other) not in found


@pytest.mark.parametrize("at", [0.0, 7.3, 60.0, 63.4])
def test_a_copy_goes_on_as_the_original_and_leaves_it_alone(at: float) -> None:
    crowd, alone = hall(count=150), hall(count=150)
    for one in (crowd, alone):
        one.advance(min(3.0, at))
        one.open(1, is_open=False)
        one.advance(at)
    twin = crowd.copy()
    assert digest(twin) == digest(crowd)
    changed = crowd.copy()
    changed.open(2, is_open=False)
    changed.factor(0.5)
    changed.advance(at + 9)
    for one in (crowd, alone, twin):
        one.advance(at + 9)
    assert digest(crowd) == digest(twin) == digest(alone)
    assert digest(changed) != digest(crowd)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000), count=st.integers(1, 80))
def test_nobody_passes_a_wall_or_is_lost(seed: int, count: int) -> None:
    crowd = hall(seed, count)
    for _ in range(30):
        crowd.advance(crowd.time + 1)
        here = crowd.state.position[crowd.inside]
        assert crowd.ground.walkable[crowd.ground.cells(*here.T)].all()
        apart = np.hypot(*(here[:, None] - here[None]).T) + 9 * np.eye(len(here))
        assert apart.min(initial=9) > 0.2  # circles of 0.16 m that overlap by less than a third
    state = crowd.state
    gone = state.where >= OUT
    assert np.isfinite(state.left[gone]).all()
    assert (state.by[gone] >= 1).all()
    assert len(crowd.inside) + gone.sum() + (state.where == 0).sum() == count + 20


def test_everybody_leaves_and_is_counted_once() -> None:
    crowd = hall()
    crowd.advance(120)
    assert crowd.done
    assert (crowd.state.where == GONE).all()
    assert len(crowd.passed(1)) + len(crowd.passed(2)) == 80
    assert len(crowd.passed(0)) == 0
    assert len(crowd.passed(1, since=15.0)) < len(crowd.passed(1))


def test_people_take_the_nearer_gate_and_the_farther_one_when_there_is_a_queue() -> None:
    plan = Plan((box(0, 0, 20, 6),), gates=(Gate("near", (0, 2.5), (0, 3.5)), Gate("far", (20, 2.5), (20, 3.5))))
    few = Crowd(plan, standing(population(4, np.random.default_rng(1)), *lattice(4, 3, 1, 6, 5)))
    few.advance(60)
    assert (few.state.by == 0).all()
    many = Crowd(plan, standing(population(120, np.random.default_rng(1)), *lattice(120, 1, 0.3, 9, 5.7)))
    many.advance(120)
    assert 20 <= (many.state.by == 1).sum() <= 80


def test_expected_time_is_the_longer_of_way_and_queue() -> None:
    way = np.array([[10.0, 30.0], [5.0, 40.0], [2.0, 50.0]])
    times = choice.expected(way, np.array([1.0, 1.0, 2.0]), np.array([0, 0, 0]), np.array([0.1, 1.0]))
    assert times.tolist() == [[20.0, 30.0], [10.0, 40.0], [1.0, 25.0]]
    allowed = np.array([[True, True], [False, True], [False, False]])
    assert choice.choose(times, np.array([-1, 0, 0]), allowed).tolist() == [0, 1, -1]
    assert choice.choose(np.array([[10.0, 9.5]]), np.array([0]), np.array([[True, True]])).tolist() == [0]


def test_a_gate_of_limited_capacity_lets_no_more_through() -> None:
    plan = Plan((box(0, 0, 10, 6),), gates=(Gate("turnstile", (10, 2), (10, 4), capacity=0.5),))
    crowd = Crowd(plan, standing(population(30, np.random.default_rng(1)), *lattice(30, 1, 1, 8, 5)))
    crowd.advance(40)
    times = crowd.passed(0)
    assert 14 <= len(times) <= 20
    assert np.diff(times).min() > 1.8


def test_a_held_entrance_holds_its_share_and_lets_them_in_later() -> None:
    def entered(share: float, until: float = 40.0) -> tuple[int, int]:
        plan = Plan((box(0, 0, 20, 6),), gates=(Gate("in", (0, 2), (0, 4), open=False), Gate("out", (20, 2), (20, 4))))
        crowd = Crowd(plan, arriving(population(40, np.random.default_rng(1)), 0, np.arange(40.0)))
        crowd.hold(0, share)
        crowd.advance(40)
        if until > 40:
            crowd.hold(0, 0.0)
            crowd.advance(until)
        return int(np.isfinite(crowd.state.entered).sum()), len(crowd.state.queue[0])

    assert entered(0.0) == (40, 0)
    assert entered(0.5) == (20, 20)
    assert entered(1.0) == (0, 40)
    assert entered(1.0, 90.0) == (40, 0)


def test_the_diverted_take_the_other_gate() -> None:
    crowd = hall()
    mine = crowd.state.goal == 1
    crowd.divert(1, 1.0)
    assert mine.any()
    crowd.advance(120)
    assert (crowd.state.by[mine] == 2).all()


def test_a_factor_slows_people_and_turns_them_away() -> None:
    dry, wet = hall(), hall()
    wet.factor(0.5)
    for one in (dry, wet):
        one.advance(12)
    assert len(wet.passed(1)) + len(wet.passed(2)) < len(dry.passed(1)) + len(dry.passed(2))
    deep = hall()
    deep.factor(np.broadcast_to(np.where(deep.ground.y < 2.5, 0.05, 1.0)[:, None], deep.ground.shape))
    deep.advance(60)
    assert len(deep.passed(2)) > len(deep.passed(1))


def test_skipping_empty_time_changes_nothing() -> None:
    plan = Plan((box(0, 0, 9, 4),), gates=(Gate("in", (0, 1), (0, 3), open=False), Gate("out", (9, 1), (9, 3))))
    late = arriving(population(3, np.random.default_rng(1)), 0, np.array([100.0, 101.0, 130.0]))
    skipped, stepped = Crowd(plan, late), Crowd(plan, late)
    skipped.advance(160)
    while stepped.time < 160 - 1e-9:
        stepped.step()
    assert np.allclose(skipped.state.left, stepped.state.left, atol=1e-9)
    assert skipped.done


def test_weidmann_fruin_and_alarms() -> None:
    assert speed_at(0.0) == pytest.approx(1.34)
    assert speed_at(2.0) == pytest.approx(1.34 * (1 - math.exp(-1.913 * (0.5 - 1 / 5.4))))
    assert (speed_at(np.array([JAM, 7.0])) == 0).all()
    assert "".join(level_of_service([0.3, 0.4, 0.7, 1.0, 2.0, 2.2])) == "ABCDEF"
    assert alarm_level([2.9, 3.0, 4.5, 5.0]).tolist() == [0, 1, 2, 3]


def test_factors_of_water_and_smoke() -> None:
    assert factors.in_water([0, 0.35, 0.6, 0.9, 0.91]).tolist() == [1.0, 0.58, 0.45, 0.35, 0.0]
    assert factors.in_water(0.35, turbid=True) == pytest.approx(0.348)
    assert factors.in_smoke([0.0, 20.0]).tolist() == [1.0, 0.1]


def test_the_record_keeps_people_seconds_and_alarms() -> None:
    crowd = hall()
    record = Record(crowd.ground)
    x, y = lattice(24, 8, 2, 10, 4)
    for second in range(1, 21):
        record.note(float(second), 1.0, np.column_stack([x, y]) if second <= 8 else np.zeros((0, 2)))
    assert record.person_seconds(0.0) == 8 * 24
    assert 0 < record.person_seconds(3.0, 0) < 8 * 24
    assert record.person_seconds(3.0, -1) == 0
    assert [a.level for a in record.alarms][:1] == [1]
    alarm = record.alarms[0]
    assert (alarm.zone, alarm.since, alarm.until) == (0, 1.0, 8.0)
    assert 8 <= alarm.x <= 10
    assert not record.going_on()
    with pytest.raises(UsageError, match="multiple"):
        record.person_seconds(3.05)


def test_density_near_a_wall_is_that_of_the_open() -> None:
    crowd = hall()
    x, y = lattice(12 * 8 * 4, 0, 0, 12, 8)
    field = crowd.record.density(np.column_stack([x, y]))
    ground = Ground(crowd.plan, 0.2, 0.7)
    assert ground.floor.any()
    assert field[crowd.record.floor].mean() == pytest.approx(4.0, rel=0.1)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Plan(()), "no walkable area"),
        (lambda: Plan((box(0, 0, 4, 4),), gates=(Gate("g", (0, 0), (0, 0.3)),)), "0.6 m"),
        (lambda: Plan((box(0, 0, 4, 4),), gates=(Gate("g", (0, 0), (0, 2)), Gate("g", (4, 0), (4, 2)))), "twice"),
        (lambda: Plan((box(0, 0, 4, 4),), gates=(Gate("g", (0, 0), (0, 2), capacity=0.0),)), "capacity"),
        (lambda: Plan((((0, 0), (4, 4), (4, 0), (0, 4)),)).walkable(), "crosses itself"),
        (lambda: Plan((box(0, 0, 4, 4),), holes=(box(-1, -1, 5, 5),)).walkable(), "nothing to walk on"),
        (lambda: Ground(Plan((box(0, 0, 4, 4),), gates=(Gate("g", (1, 1), (1, 3)),)), 0.2, 0.7), "does not lie"),
        (lambda: Walking(step=0.5), "step"),
        (lambda: Walking(jam=-1.0), "jam"),
        (lambda: Crowd(room().plan, population(2, np.random.default_rng(1))), "off the ground"),
        (lambda: Crowd(room().plan, bound_for(room(count=3).people, 4)), "gate 4"),
        (lambda: room(count=3).factor(np.ones((2, 2))), "shape"),
        (lambda: room(count=3).factor(7.0), "within"),
        (
            lambda: alike(population(2, np.random.default_rng(1)), -1.0).and_(population(0, np.random.default_rng(1))),
            "speed",
        ),
    ],
)
def test_what_cannot_be_is_named(make: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        make()  # type: ignore[operator]
