"""Proposals, decisions and scores, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from twin.model.response.proposal import MEASURES
from twin.names.measures import MEASURE_NAMES
from twin.notices.words import known, say

if TYPE_CHECKING:
    from twin.model.response.proposal import Effect, Reason
    from twin.runs.response.decide import Listed
    from twin.shield.decide import Standing

FIRST = ("person_minutes_water", "person_minutes_fire", "person_minutes_crowd", "damage", "lost_access")


def proposal_rows(found: Iterable[Listed]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a list of proposals."""
    for one in found:
        proposal = one.proposal
        yield (
            proposal.id,
            f"{proposal.made / 60:g}",
            proposal.agent,
            proposal.level,
            len(proposal.steps),
            one.state,
            _first(one),
        )


def _first(one: Listed) -> str:
    """Return the first effect on people of the whole city, or on money."""
    for name in FIRST:
        for effect in () if one.proof is None else one.proof.effects:
            if effect.measure == name and not effect.district and (effect.low or effect.high):
                return f"{MEASURE_NAMES[name][0]} {_interval(effect)}"
    return "" if one.proof is None else "0"


def _interval(effect: Effect) -> str:
    return f"{effect.median:+,.0f} ({effect.low:+,.0f} … {effect.high:+,.0f})"


def sentence(reason: Reason, language: str) -> str:
    """Return the sentence of a reason, or its code where the catalogue has none."""
    return say(reason, language) if known(reason.code) else reason.code


def proposal_lines(one: Listed, language: str) -> Iterator[str]:
    """Yield what there is to say of a proposal: why, what, its proof and its decisions."""
    proposal, place = one.proposal, 0 if language == "ko" else 1
    yield f"{proposal.hash}"
    yield f"{proposal.agent} {proposal.version} · {proposal.made / 60:g} min · level {proposal.level} · {one.state}"
    for reason in proposal.reasons:
        yield f"  {sentence(reason, language)}"
    for step in proposal.steps:
        unit = "" if step.award is None else f" · {step.award.unit}, {step.award.arrives / 60:.0f} min"
        yield f"  - {step.action.kind} {step.action.target}{unit}"
    if one.proof is not None:
        proof = one.proof
        yield f"  {proof.members} x 2, {proof.horizon / 60:g} min, {proof.cell:g} m, outlook {proof.outlook}"
        for effect in proof.effects:
            if effect.low or effect.high or effect.median:
                where = f" [{effect.district}]" if effect.district else ""
                yield f"    {MEASURE_NAMES[effect.measure][place]}{where}: {_interval(effect)}"
    for decision in one.decisions:
        yield f"  {decision.verdict} · {decision.by} · {decision.role} · {decision.at / 60:g} min {decision.reason}"


def decision_lines(stands: Standing) -> Iterator[str]:
    """Yield where a proposal stands after a decision."""
    yield f"{stands.state}: {sentence(stands.why, 'ko')} / {sentence(stands.why, 'en')}"
    if stands.missing:
        yield f"  아직 필요 / still needed: {', '.join(stands.missing)}"


def score_rows(facts: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """Yield a row per measure: its mean over the members of each course."""
    for name in ("exposure", *MEASURES):
        table = facts["measures"].get(name)
        if table is not None:
            means = {what: sum(values) / len(values) for what, values in table.items()}
            columns = ("none", "nearest", "sop", "plan", "hindsight")
            yield (" ".join(MEASURE_NAMES[name]), *(f"{means[what]:,.0f}" for what in columns))


def score_lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield how a plan did against each other course, losses as plainly as wins."""
    names = {
        "none": ("무대응", "no action"),
        "nearest": ("최근접 출동", "nearest unit"),
        "sop": ("고정 SOP", "fixed procedure"),
    }
    for other, (ko, en) in names.items():
        row = facts["against"][other]
        verdict = (
            ("낫다", "better")
            if row["better"]
            else ("못하다", "worse")
            if row["high"] < 0
            else ("다르다고 할 수 없음", "no difference shown")
        )
        ratio = (
            "" if row["ratio"] is None else f", x{row['ratio']:.2f} ({row['ratio_low']:.2f} … {row['ratio_high']:.2f})"
        )
        saved = f"{row['saved']:+,.0f} 인·분 person-minutes ({row['low']:+,.0f} … {row['high']:+,.0f})"
        yield f"{ko} / {en}: {saved}{ratio}: {verdict[0]} / {verdict[1]}"
    regret = facts["regret"]
    yield "후회도 / regret: " + ("-" if regret is None else f"{regret:.2f}")
    forecast = facts["forecast"]
    if forecast["brier"] is not None:
        yield (
            f"예보 / forecast: Brier {forecast['brier']:.3f} (항상 평균 / always the mean "
            f"{forecast['brier_of_the_mean']:.3f}, {forecast['homes']} homes and times)"
        )
