"""The same town comes out the same, however often it is stopped, copied and asked; nobody gets lost on the way."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs.response.hamlet import UNITS, K, evacuate, outlook, proposal, sent, town
from twin.model.action import Action
from twin.model.response.proposal import Step
from twin.runs.response.town import Town, TownSettings
from twin.runs.response.town.parties import RIDING, SHELTERED, TURNED, WALKING

RUNS = settings(derandomize=True, deadline=None, max_examples=60)
LIVELY = TownSettings(step=30.0, compliance=0.6, preparing=120.0)
EVERYBODY = 8.0 + 3.0 + 2.0


def state(one: Town) -> list[object]:
    """Return everything a town holds, as bytes and plain values."""
    found: list[object] = []
    one._parties.settle()
    for part in (one._homes, one._parties, one._works):
        for name in part.__dataclass_fields__:
            if name not in {"ways", "told", "places"}:
                value = getattr(part, name)
                found.append((name, value.tobytes() if isinstance(value, np.ndarray) else repr(value)))
    found.append([(edges.tobytes(), nodes.tobytes()) for edges, nodes in one._parties.ways])
    for vehicle in one._fleet.vehicles:
        found.append([repr(getattr(vehicle, name)) for name in vehicle.__dataclass_fields__])
    found += [one._visits.tobytes(), one._spent.tobytes(), one._due, one._waiting, one._steps, one._taken]
    return [*found, one.outcome(), one.units(), one.sheltered(), one.away(), one.closed(), one.running()]


@st.composite
def steps(draw: st.DrawFn) -> Step:
    at = draw(st.sampled_from([0.0, 100.0, 333.0]))
    home = draw(st.sampled_from(["A", "B", "C"]))
    kind = draw(st.sampled_from(["walk", "crew", "bus", "close", "open", "barrier", "lights", "pump"]))
    shelter = draw(st.sampled_from(["S1", "S2"]))
    node = {"A": 0, "B": 1, "C": 5}[home]
    leave = Action("evacuate", at, home, {"shelter": shelter, "mode": "bus" if kind == "bus" else "foot"})
    if kind == "walk":
        return evacuate(home, shelter, at)
    if kind in {"crew", "bus"}:
        return sent(f"{kind}-1", kind, leave, node, (), leaves=at)
    if kind == "barrier":
        return sent("crew-1", "crew", Action("barrier", at, home), node, (4, 3, 2, 1, 0)[: 5 - node], leaves=at)
    if kind == "close":
        return sent("police-1", "police", Action("close_road", at, "U"), 2, (2,), leaves=at)
    if kind == "open":
        return Step(Action("reopen_road", at, "U"))
    if kind == "lights":
        return Step(Action("green_wave", at, "main", {"edges": (0, 1, 2), "speed": 1.5}))
    return Step(Action("pump", at, "P"))


DEPTHS = st.lists(st.sampled_from([0.0, 0.0, 0.12, 0.3, 0.45, 0.8]), min_size=4, max_size=4)


@st.composite
def hazards(draw: st.DrawFn):
    times = [0.0, 210.0, 420.0, 900.0]
    homes = {id_: draw(DEPTHS) for id_ in "ABC"}
    edges = {k: draw(DEPTHS) for k in range(K)}
    hot = {
        k: draw(st.lists(st.booleans(), min_size=4, max_size=4))
        for k in draw(st.sets(st.integers(0, K - 1), max_size=2))
    }
    return outlook(times, homes, edges, {"B": [False, False, draw(st.booleans()), True]}, hot)


@RUNS
@given(st.lists(steps(), max_size=5), st.lists(steps(), max_size=3), hazards(), st.data())
def test_in_one_go_or_in_many_with_copies_it_is_the_same(first, second, hazard, data) -> None:
    whole, parts = town(LIVELY), town(LIVELY)
    for each in (whole, parts):
        each.take(proposal(*first), 0.0)
    due = whole.advance(600, hazard)
    cuts = sorted(data.draw(st.lists(st.floats(0, 600), max_size=4)))
    found = []
    for cut in cuts:
        found += parts.advance(cut, hazard)
        if data.draw(st.booleans()):
            other = parts.copy()
            other.take(proposal(*first), cut)
            other.advance(1800, hazard)
            parts = parts.copy()
    found += parts.advance(600, hazard)
    assert sorted(found, key=lambda action: action.at) == due
    assert state(parts) == state(whole)
    for each in (whole, parts):
        each.take(proposal(*second), 600.0)
    assert whole.advance(1500, hazard) == parts.advance(1500, hazard)
    assert state(parts) == state(whole)


@RUNS
@given(st.lists(steps(), max_size=5), hazards())
def test_an_empty_proposal_changes_nothing(first, hazard) -> None:
    without = town(LIVELY)
    without.take(proposal(*first), 0.0)
    without.advance(300, hazard)
    with_ = without.copy()
    with_.take(proposal(), 300.0)
    assert state(with_) == state(without)
    assert with_.advance(1500, hazard) == without.advance(1500, hazard)
    assert state(with_) == state(without)


@RUNS
@given(st.lists(steps(), max_size=6), hazards(), st.integers(1, 5))
def test_nobody_is_lost_and_sums_are_exact(first, hazard, seed) -> None:
    one = town(LIVELY, UNITS, seed)
    one.take(proposal(*first), 0.0)
    for until in (300, 600, 1500):
        one.advance(until, hazard)
        parties = one._parties
        out = np.isin(parties.phase, (WALKING, TURNED, RIDING, SHELTERED))
        assert abs(one._homes.people.sum() + parties.people[out].sum() - EVERYBODY) < 1e-9
        assert (one._homes.people >= 0).all()
        found = one.outcome()
        for measure in ("person_minutes_water", "person_minutes_fire", "lost_access", "cost", "false_alarm_cost"):
            districts = found.of(measure, "d1"), found.of(measure, "d2")
            assert abs(found.of(measure) - sum(districts) - found.outside[measure]) <= 1e-9 * max(found.of(measure), 1)
            assert min(*districts, found.outside[measure]) >= 0
        assert found.of("false_alarm_cost") <= found.of("cost") + 1e-6
        for id_, capacity in (("S1", 5.0), ("S2", 100.0)):
            assert one.sheltered().get(id_, 0.0) <= capacity + 1e-6


@RUNS
@given(st.lists(steps(), max_size=5), hazards())
def test_a_home_that_no_action_is_for_lives_as_without_any(first, hazard) -> None:
    others = [step for step in first if step.action.target != "A"]
    with_, without = town(LIVELY), town(LIVELY)
    with_.take(proposal(*others), 0.0)
    for each in (with_, without):
        each.advance(1500, hazard)
    for name in ("water", "fire", "trapped", "lost"):
        assert getattr(with_._homes, name)[0] == getattr(without._homes, name)[0]
