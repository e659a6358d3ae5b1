"""Harm and equity: what proofs have against a proposal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.model.action import Action
from twin.model.response.proposal import Effect, Proof, Proposal, Step
from twin.shield.effects import screen_effects
from twin.shield.limits import Limits

ACT = Proposal("a", "1", 0.0, 600.0, 2, (Step(Action("pump", 0.0, "p", {"rate": 1.0})),), (), ("out",))


def proof(*effects: Effect, of: Proposal = ACT, members: int = 6) -> Proof:
    return Proof(of.hash, "out", members, (1,), 3600.0, effects)


def effect(high: float, measure: str = "person_minutes_water", district: str = "", without: float = 100.0) -> Effect:
    return Effect(measure, district, min(0.0, high), min(-1.0, high), high, without)


def rules(*effects: Effect, **changes: object) -> list[str]:
    made = replace(proof(*effects), **changes)
    return [r.reason.code for v in screen_effects([ACT], {ACT.hash: made}, Limits()).verdicts for r in v.refusals]


def test_what_helps_passes_and_what_may_harm_does_not() -> None:
    assert rules(effect(-5.0)) == []
    assert rules(effect(29.0)) == []
    assert rules(effect(31.0)) == ["shield.harm.limit"]
    assert rules(effect(31.0, without=10_000.0)) == []
    assert rules(effect(1e12, "cost")) == []
    assert rules(effect(-5.0), effect(1e9, "damage")) == ["shield.harm.limit"]


@pytest.mark.parametrize(
    "changes",
    [
        {"members": 0},
        {"effects": ()},
        {"effects": (effect(float("nan")),)},
        {"effects": (replace(effect(1.0), low=9.0),)},
    ],
)
def test_a_proof_that_proves_nothing_is_none(changes: dict[str, object]) -> None:
    assert rules(effect(-5.0), **changes) == ["shield.harm.unsound"]


def test_a_proof_is_of_exactly_this_proposal() -> None:
    assert rules(effect(-5.0), proposal="0" * 64) == ["shield.harm.other_proposal"]
    missing = screen_effects([ACT], {}, Limits())
    assert missing.passed == ()
    remark = replace(ACT, steps=(), level=1)
    assert screen_effects([remark], {}, Limits()).passed == (remark,)


def test_a_district_that_gets_worse_waits_for_a_reason() -> None:
    found = screen_effects([ACT], {ACT.hash: proof(effect(-50.0), effect(12.0, district="d1"))}, Limits())
    assert found.passed == (ACT,)
    assert [r.rule for r in found.refusals[ACT.hash]] == ["equity"]
    assert rules(effect(-50.0), effect(9.0, district="d1")) == []
    assert rules(effect(-50.0), effect(40.0, district="d1", without=1000.0)) == []
    assert rules(effect(-50.0), effect(51.0, district="d1", without=1000.0)) == ["shield.equity"]


@settings(deadline=None, derandomize=True)
@given(high=st.floats(-1e6, 1e6), without=st.floats(0, 1e6), measure=st.sampled_from(sorted(Limits().harm)))
def test_no_more_harm_than_the_limit_gets_through(high: float, without: float, measure: str) -> None:
    limits = Limits()
    made = proof(effect(high, measure, without=without))
    if screen_effects([ACT], {ACT.hash: made}, limits).passed:
        assert high <= max(limits.harm[measure], limits.harm_share * without)
