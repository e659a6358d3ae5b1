"""A zoo of bad agents: each is cut off and named, and the rest goes on."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.shield import hostile, town
from twin.model.action import Action
from twin.model.response.proposal import Alert, Proposal, Reason, Step
from twin.model.response.view import View
from twin.runs.response.guard import Bounds, Guard, guarded, seal, sealed

QUICK = Bounds(seconds=0.2, proposals=20, steps=50)
PATIENT = replace(QUICK, seconds=60.0)


class Zoo:
    """An agent that does what it is told."""

    name = "zoo"

    def __init__(self, act: Callable[[View], object]) -> None:
        self.act = act

    def propose(self, view: View) -> object:
        return self.act(view)


def view() -> View:
    return town.view(town.DRY, random.Random(1))


def sound(seen: View, *kinds: str, agent: str = "zoo") -> Proposal:
    steps = tuple(Step(Action(kind, seen.time, "home01")) for kind in kinds or ("inspect",))
    return Proposal(agent, "1", seen.time, seen.time + 600, 1, steps, (), ("outlook-1",))


def heard(act: Callable[[View], object], bounds: Bounds = PATIENT) -> str:
    """Return the code of the complaint, "" for none."""
    found = guarded("zoo", Zoo(act), sealed(view()), bounds)  # type: ignore[arg-type]
    assert found.complaint is None or (found.proposals, found.alerts) == ((), ())
    return "" if found.complaint is None else found.complaint.code


def boom(seen: View) -> object:
    raise RuntimeError("boo")


def leave(seen: View) -> object:
    raise SystemExit(3)


class Unsayable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("not even that")


def unsayable(seen: View) -> object:
    raise Unsayable


def deep(seen: View) -> object:
    return deep(seen)


def spin(seen: View) -> object:
    while True:
        pass


def endless(seen: View) -> object:
    while True:
        yield sound(seen)


def late(seen: View) -> object:
    yield sound(seen)
    raise ValueError("after all")


class Trap(Proposal):
    @property
    def hash(self) -> str:
        raise RuntimeError("boo")


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda v: [sound(v)], ""),
        (lambda v: iter([sound(v)]), ""),
        (lambda v: (), ""),
        (boom, "guard.raised"),
        (leave, "guard.raised"),
        (unsayable, "guard.raised"),
        (deep, "guard.raised"),
        (late, "guard.raised"),
        (lambda v: v.nothing_such, "guard.raised"),
        (lambda v: None, "guard.nonsense"),
        (lambda v: "evacuate them all", "guard.nonsense"),
        (lambda v: {"proposal": 1}, "guard.nonsense"),
        (lambda v: 7, "guard.nonsense"),
        (lambda v: [sound(v), None], "guard.nonsense"),
        (lambda v: [sound(v), "x"], "guard.nonsense"),
        (lambda v: [replace(sound(v), made=float("nan"))], "guard.nonsense"),
        (lambda v: [replace(sound(v), steps=[3])], "guard.nonsense"),
        (lambda v: [Trap("zoo", "1", 0.0, 1.0, 1)], "guard.nonsense"),
        (lambda v: [replace(sound(v), agent=hostile.Loud("zoo"))], "guard.nonsense"),
        (lambda v: [Alert("e", "u", "s", "c", float("inf"), 0.0, ())], "guard.nonsense"),
        (lambda v: [replace(sound(v), reasons=(Reason("x" * 3000),))], "guard.nonsense"),
        (endless, "guard.flood"),
        (lambda v: [sound(v)] * 21, "guard.flood"),
        (lambda v: [sound(v, *["inspect"] * 51)], "guard.flood"),
        (lambda v: [sound(v, agent="flood_watch")], "guard.foreign_name"),
        (lambda v: [sound(v, "evacuate"), sound(v, "evacuate", "inspect")], "guard.contradiction"),
        (lambda v: [sound(v, "close_road", "reopen_road")], "guard.contradiction"),
    ],
)
def test_the_zoo(act: Callable[[View], object], code: str) -> None:
    assert heard(act) == code


def test_who_takes_too_long_is_given_up_and_its_loop_ends() -> None:
    before = threading.active_count()
    assert heard(spin, QUICK) == "guard.slow"
    for _ in range(200):
        if threading.active_count() <= before:
            break
        time.sleep(0.05)
    assert threading.active_count() <= before


def test_who_sleeps_in_a_library_does_not_hold_up_the_rest() -> None:
    wake = threading.Event()
    guard = Guard(QUICK)
    slow, good = Zoo(lambda v: wake.wait()), Zoo(lambda v: [sound(v)])
    assert guard.hear("slow", slow, view()).complaint.code == "guard.slow"  # type: ignore[union-attr, arg-type]
    assert len(Guard(PATIENT).hear("zoo", good, view()).proposals) == 1  # type: ignore[arg-type]
    assert guard.hear("slow", slow, view()).complaint == Reason("guard.suspended", {"for": "guard.slow"})  # type: ignore[arg-type]
    wake.set()


def test_after_three_offences_an_agent_is_suspended_and_the_others_are_not() -> None:
    guard = Guard(PATIENT)
    bad, good = Zoo(boom), Zoo(lambda v: [sound(v)])
    codes = [guard.hear("bad", bad, view()).complaint.code for _ in range(4)]  # type: ignore[union-attr, arg-type]
    assert codes == ["guard.raised"] * 3 + ["guard.suspended"]
    assert guard.offences == {"bad": 3}
    assert len(guard.hear("zoo", good, view()).proposals) == 1  # type: ignore[arg-type]


def test_the_same_view_gives_the_same_answer_through_the_guard() -> None:
    agent, seen = Zoo(lambda v: [hostile.sound(v, random.Random(v.seed), ("inspect", "pump"), "zoo")]), sealed(view())
    one, other = (guarded("zoo", agent, seen, PATIENT) for _ in range(2))  # type: ignore[arg-type]
    assert one == other
    assert [p.hash for p in one.proposals] == [hostile.sound(seen, random.Random(1), ("inspect", "pump"), "zoo").hash]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda v: v.outlook.edges.depth.__setitem__(slice(None), 0.0),
        lambda v: v.outlook.edges.depth.setflags(write=True),
        lambda v: v.outlook.homes.fire.base.setflags(write=True),
        lambda v: v.facts.roads.speed.__setitem__(0, 99.0),
        lambda v: v.nowcast.setflags(write=True),
        lambda v: v.sheltered.update({"shel1": 0.0}),
        lambda v: v.history.clear(),
        lambda v: v.running.clear(),
        lambda v: v.facts.sites[0].params.update({"x": 1}),
        lambda v: setattr(v, "time", 5.0),
        lambda v: v.readings.append(1),
    ],
)
def test_nothing_of_a_view_can_be_changed(spoil: Callable[[View], object]) -> None:
    seen = sealed(replace(view(), sheltered={"shel1": 2.0}, nowcast=np.ones((3, 2)), running={"pump": ("p",)}))
    with pytest.raises((ValueError, AttributeError, TypeError)):
        spoil(seen)


def test_a_sealed_view_shows_the_same_and_the_facts_are_sealed_once() -> None:
    plain = view()
    facts = seal(plain.facts)
    seen = sealed(plain, facts)
    assert seen.facts is facts
    assert seen.outlook is not None
    assert plain.outlook is not None
    np.testing.assert_array_equal(seen.outlook.edges.depth, plain.outlook.edges.depth)
    assert seen.outlook.edges.depth.dtype == np.float32
    plain.outlook.edges.depth[:] = 9.0
    assert not (seen.outlook.edges.depth == 9.0).any()


def test_what_an_agent_does_to_the_board_nobody_else_sees() -> None:
    seen = sealed(view())
    old = Proposal("other", "1", 0.0, 1e6, 2, (Step(Action("pump", 0.0, "pump1", {"rate": 0.5})),))
    seen = replace(seen, board=((old, ()),))

    def spoil(own: View) -> object:
        own.board[0][0].steps[0].action.params["rate"] = 99.0  # type: ignore[index]
        return []

    before = old.hash
    assert guarded("zoo", Zoo(spoil), seen, PATIENT).complaint is None  # type: ignore[arg-type]
    assert old.hash == before
