"""Proofs: every member with a proposal and without it; nothing proposed is exactly nothing changed."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest

from tests.runs.response.laid import Laid, laid_out, proposed
from tests.runs.response.village import FIRE, LOW, RESPONSE, UNDER, village
from twin.errors import MissingError, RefusedError
from twin.hazards.flood import FloodHazard
from twin.model.action import Action
from twin.model.response.canonical import digest
from twin.model.response.proposal import Award, Effect, Proof, Step, Work
from twin.model.response.view import Report
from twin.runs.response.forecast import Known
from twin.runs.response.pool import several
from twin.runs.response.prove import Prover, only_harms
from twin.shield.effects import screen_effects
from twin.shield.limits import Limits

NOW = 300.0
PUMP = Action("pump", NOW, LOW, {"rate": 1.0, "mode": "on"})
SEEN = Report("fire/home-12", "fire", 200_076.0, 450_024.0, 180.0, 240.0, "home-12")


@pytest.fixture(scope="module")
def prover(laid: Laid) -> Prover:
    return laid.prover(laid.forecaster(), Known(NOW))


def of(proof: Proof, measure: str, district: str = "") -> Effect:
    return next(e for e in proof.effects if (e.measure, e.district) == (measure, district))


def largest(proof: Proof) -> float:
    """Return the largest of all differences of a proof."""
    return max(abs(x) for e in proof.effects for x in (e.low, e.median, e.high, *e.members))


def test_without_steps_and_with_steps_that_do_nothing_the_difference_is_exactly_zero(prover: Prover) -> None:
    for proposal in (
        proposed(made=NOW),
        proposed(Action("inspect", NOW, LOW), level=1, made=NOW),
        proposed(Action("inspect", NOW, LOW), Action("inspect", NOW + 60, UNDER), level=2, made=NOW),
    ):
        proof = prover.prove(proposal)
        assert largest(proof) == 0.0
        assert of(proof, "person_minutes_water").without > 0
        assert (proof.proposal, proof.members, proof.outlook) == (proposal.hash, 2, prover.outlook.id)


def test_a_fire_without_steps_is_exactly_nothing_too(tmp_path) -> None:
    with village(tmp_path) as city:
        laid = laid_out(city, FIRE + RESPONSE)
    prover = laid.prover(laid.forecaster(), Known(600.0, (SEEN,)))
    empty = prover.prove(proposed(Action("inspect", 600.0, LOW), made=600.0))
    assert largest(empty) == 0.0
    assert of(empty, "person_minutes_fire").without > 0
    wet = prover.prove(proposed(Action("evacuate", 600.0, "home-12", {"shelter": "S-1", "mode": "foot"}), made=600.0))
    assert of(wet, "person_minutes_fire").median < 0


def test_a_pump_runs_each_member_anew_and_takes_water_away(prover: Prover) -> None:
    plain = prover.outlook.homes.depth.copy()
    proof = prover.prove(proposed(PUMP, made=NOW))
    for measure in ("person_minutes_water", "damage"):
        effect = of(proof, measure)
        assert effect.high < 0 < effect.without
        assert effect.low <= effect.median <= effect.high
        assert effect.median == pytest.approx(np.median(effect.members))
        assert -effect.without * 1.5 <= effect.median
    assert (prover.outlook.homes.depth == plain).all()
    west, south, east, north = proof.area
    assert west < 200_140 < east
    assert south < 450_084 < north
    assert proof.cell > 0
    assert len(set(proof.seeds)) == proof.members == 2
    parts = sum(
        of(proof, "damage", d).members[0] for d in ("east", "west") if any(e.district == d for e in proof.effects)
    )
    assert of(proof, "damage").members[0] == pytest.approx(parts)


def test_people_who_leave_share_the_forecasts_runs(prover: Prover, monkeypatch) -> None:
    def never(*_: object) -> None:
        pytest.fail("a hazard was run anew for people who leave")

    prover.prove(proposed(made=NOW))
    monkeypatch.setattr(FloodHazard, "advance", never)
    leave = Action("evacuate", NOW, LOW, {"shelter": "S-1", "mode": "foot", "by": "broadcast", "edges": []})
    proof = prover.prove(proposed(leave, level=3, made=NOW))
    assert of(proof, "person_minutes_water").high < 0
    assert of(proof, "damage").members == (0.0, 0.0)
    assert proof.area == (0.0, 0.0, 0.0, 0.0)


def test_a_unit_that_comes_late_helps_less(laid: Laid, prover: Prover) -> None:
    crew = next(unit for unit in laid.stage.units if unit.kind == "pump_crew")

    def by(done: float) -> Effect:
        work = Work(crew.kind, crew.node, 60.0, NOW, 1200.0, 1.0)
        step = Step(PUMP, work, Award(crew.id, done - 60.0, done - 60.0, done))
        return of(prover.prove(replace(proposed(made=NOW), steps=(step,))), "damage")

    assert by(NOW + 120).median < by(NOW + 600).median <= 0


def test_twice_and_in_other_processes_a_proof_is_the_same(laid: Laid, prover: Prover) -> None:
    proposal = proposed(PUMP, made=NOW)
    first = digest(prover.prove(proposal))
    assert digest(prover.prove(proposal)) == first
    assert digest(laid.prover(laid.forecaster(), Known(NOW)).prove(proposal)) == first
    with several(2) as together:
        assert digest(laid.prover(laid.forecaster(), Known(NOW), together).prove(proposal)) == first


def test_what_the_hazard_does_not_take_is_refused_by_its_own_words(prover: Prover) -> None:
    bad = Action("pump", NOW, LOW, {"rate": -1.0})
    with pytest.raises(RefusedError, match="rate"):
        prover.prove(proposed(bad, made=NOW))
    with pytest.raises(MissingError, match="nowhere"):
        prover.prove(proposed(Action("pump", NOW, "nowhere", {"rate": 1.0}), made=NOW))
    assert largest(prover.prove(proposed(made=NOW))) == 0.0


def test_a_proof_of_what_changes_nothing_in_a_dry_town_is_a_proof(tmp_path) -> None:
    """Pumps are set before the rain: nothing is reached yet, and that is no reason to refuse."""
    with village(tmp_path) as city:
        dry = DRY_SPELL
        laid = laid_out(city, dry)
    prover = laid.prover(laid.forecaster(), Known(0.0))
    proposal = proposed(Action("pump", 0.0, "P-1", {"mode": "auto"}))
    proof = prover.prove(proposal)
    assert {e.district for e in proof.effects} == {""}
    assert largest(proof) == 0.0
    assert [v.passed for v in screen_effects([proposal], {proposal.hash: proof}, Limits()).verdicts] == [proposal]
    assert asdict(proof)["members"] == 2


DRY_SPELL = (
    FIRE.split("[weather]")[0].replace('"fire"', '"flood"').replace("cell_m = 5", "cell_m = 10")
    + "[rain]\ntimes_min = [0, 30]\nmm_per_h = [0.1, 0]\n[flood]\norder = 1\n"
    + RESPONSE
)


def test_what_only_harms_is_told_from_what_costs_something_and_gains_something() -> None:
    def proof(**effects: tuple[float, float, float]) -> Proof:
        made = tuple(Effect(name, "", median, low, high, 1.0) for name, (median, low, high) in effects.items())
        return Proof("h", "o", 3, (1, 2, 3), 600.0, made)

    assert only_harms(proof(damage=(5.0, 1.0, 9.0)))
    assert only_harms(proof(damage=(5.0, 1.0, 9.0), person_minutes_water=(0.0, 0.0, 0.0)))
    assert not only_harms(proof(damage=(5.0, 1.0, 9.0), person_minutes_water=(-1.0, -2.0, 0.0)))
    assert not only_harms(proof(damage=(5.0, 0.0, 9.0))), "not in every member"
    assert not only_harms(proof(cost=(5.0, 1.0, 9.0))), "money for the work is no harm"
