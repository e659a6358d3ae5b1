"""No plan of any agent, a hostile one included, gets an unsafe action through; the judge is brute force and independent."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shield import hostile, oracle, town
from tests.shield.oracle import unsafe
from twin.shield import screen as shield
from twin.shield.limits import Limits
from twin.shield.plain import plain_proposal
from twin.shield.screen import screen

TOWNS = (town.Town(), town.DRY, town.Town(wet=0.05, bad_shelter=0.1, marked=0.1))
TIGHT = Limits(steps_per_agent=4, steps_in_all=9)
HOUSE = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
randoms = st.randoms(use_true_random=False)


@HOUSE
@given(rng=randoms, limits=st.sampled_from([Limits(), TIGHT, Limits(way_share=0.0), Limits(reading_age=30.0)]))
def test_nothing_unsafe_gets_through(rng: random.Random, limits: Limits) -> None:
    view = town.view(rng.choice(TOWNS), rng)
    screened = screen(hostile.attack(view, rng, 5), view, limits, hostile.GATES)
    assert unsafe(view, limits, screened.passed, hostile.GATES) == []


@HOUSE
@given(rng=randoms)
def test_the_order_in_which_agents_speak_changes_nothing(rng: random.Random) -> None:
    view = town.view(rng.choice(TOWNS), rng)
    given_ = hostile.attack(view, rng, 6)
    turned = given_[::-1]
    one, other = (screen(p, view, TIGHT, hostile.GATES).passed for p in (given_, turned))
    assert {p.hash for p in one} == {p.hash for p in other}


@HOUSE
@given(rng=randoms)
def test_what_passed_passes_again_as_it_is(rng: random.Random) -> None:
    view = town.view(rng.choice(TOWNS), rng)
    passed = screen(hostile.attack(view, rng, 5), view, Limits(), hostile.GATES).passed
    again = screen(passed, view, Limits(), hostile.GATES)
    assert {p.hash for p in again.passed} == {p.hash for p in passed}
    assert again.refusals == {}
    bound = screen(passed, view, Limits(), hostile.GATES, approved=True)
    assert [p.hash for p in bound.passed] == [p.hash for p in passed]


@HOUSE
@given(rng=randoms, late=st.sampled_from([60.0, 600.0, 1300.0]))
def test_what_is_carried_out_later_is_what_was_approved_and_safe_then(rng: random.Random, late: float) -> None:
    view = town.view(rng.choice(TOWNS), rng)
    passed = screen(hostile.attack(view, rng, 5), view, Limits(), hostile.GATES).passed
    then = replace(town.view(TOWNS[0], rng), time=view.time + late, facts=view.facts, units=view.units)
    acts = screen(passed, then, Limits(), hostile.GATES, approved=True).passed
    assert {p.hash for p in acts} <= {p.hash for p in passed}
    judge = oracle.Judge(then, Limits(), hostile.GATES)
    for p in acts:
        for s in p.steps:
            if s.action.kind == "evacuate" and not s.award:
                late_step = replace(s, action=replace(s.action, at=max(s.action.at, then.time)))
                assert judge.step(late_step) == []


@settings(HOUSE, max_examples=60)
@given(
    junk=st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.just(object())),
        lambda deeper: st.one_of(st.lists(deeper), st.dictionaries(st.text(), deeper), st.tuples(deeper, deeper)),
    ),
    rng=randoms,
)
def test_anything_at_all_in_any_field_is_refused_or_plain(junk: object, rng: random.Random) -> None:
    view = town.view(town.DRY, rng)
    sound = hostile.sound(view, rng, hostile.KINDS)
    step = sound.steps[0]
    field = rng.choice(["agent", "version", "made", "expires", "level", "steps", "reasons", "evidence"])
    inner = rng.choice(["kind", "at", "target", "params"])
    key = rng.choice(["edges", "shelter", "mode", "x", "level", "rate"])
    given_ = [
        junk,
        replace(sound, **{field: junk}),
        replace(sound, steps=(replace(step, action=replace(step.action, **{inner: junk})),)),
        replace(sound, steps=(replace(step, action=replace(step.action, params={**step.action.params, key: junk})),)),
    ]
    screened = screen(given_, view, Limits(), hostile.GATES)
    assert len(screened.verdicts) == 4
    assert unsafe(view, Limits(), screened.passed, hostile.GATES) == []
    for passed in screened.passed:
        assert plain_proposal(passed) == passed


RULES = [*shield.STEP, *shield.JOINT, shield.evidence]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_judge_sees_what_each_rule_keeps_out(rule: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shield, "STEP", tuple(r for r in shield.STEP if r is not rule))
    monkeypatch.setattr(shield, "JOINT", tuple(r for r in shield.JOINT if r is not rule))
    if rule is shield.evidence:
        monkeypatch.setattr(shield, "evidence", lambda *_: None)
    for seed in range(1500):
        rng = random.Random(seed)
        view = town.view(TOWNS[seed % 3], rng)
        try:
            passed = screen(hostile.attack(view, rng, 6), view, TIGHT if seed % 2 else Limits(), hostile.GATES).passed
        except (KeyError, IndexError, AttributeError):
            return  # rules after it take for granted what it sees to
        if unsafe(view, TIGHT if seed % 2 else Limits(), passed, hostile.GATES):
            return
    pytest.fail(f"without the rule '{rule.__name__}' nothing unsafe was seen")  # type: ignore[attr-defined]


def test_a_flood_of_steps_is_cut_to_the_bounds() -> None:
    rng = random.Random(5)
    view = town.view(town.DRY, rng)
    inspect = hostile.Step(hostile.Action("inspect", view.time, "home01"))
    flood = [replace(hostile.sound(view, rng, ("inspect",)), agent=f"a{n}", steps=(inspect,) * 3000) for n in range(3)]
    screened = screen(flood, view, Limits())
    assert [len(p.steps) for p in screened.passed] == [300, 300, 300]
    screened = screen(flood, view, Limits(steps_in_all=10))
    assert [len(p.steps) for p in screened.passed] == [4, 3, 3]
