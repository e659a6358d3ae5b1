"""One proposal in words: its choice, why it was made, its steps, who may approve it and who has decided."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import streamlit as st

from twin.names import MEASURE_NAMES
from twin.shield.levels import LEVELS, level_of_proposal
from twin.shield.policy import PLAYED
from viewer.deployment import begins, edges_of, names
from viewer.layers.responders import unit_name
from viewer.moments import short
from viewer.plain import SENTENCE, markdown, markup, plain
from viewer.response import (
    agent_name,
    kept_back,
    listed,
    role_name,
    roles_for,
    sentence,
    state_name,
    state_of,
)
from viewer.words import index, known_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.model.response.proposal import Decision, Effect, Proposal, Step
    from twin.runs.response.decide import Listed
    from twin.store import City

#: measures by how much they tell of a proposal in one line
FIRST = ("person_minutes_water", "person_minutes_fire", "person_minutes_crowd", "lost_access", "damage")

#: rows of the table of steps
ROWS = 400


def choose(city: City, run: str, found: list[Listed], language: str) -> Listed:
    """Draw the choice of a proposal among some, and return the chosen one.

    The address may ask for one; else it is one that waits, else the one that helps people most.
    """
    known = {one.proposal.id: one for one in found}
    asked = st.query_params.get("proposal", "")
    if asked and asked not in known and asked not in {one.proposal.id for one in listed(city, run)}:
        st.warning(say("unknown_proposal", language, id=markdown(asked)))
    st.session_state["proposal"] = asked if asked in known else min(found, key=_rank).proposal.id

    def switch() -> None:
        st.query_params["proposal"] = st.session_state["proposal"]

    chosen = st.selectbox(
        say("choose_proposal", language),
        list(known),
        format_func=lambda id_: title(city, run, known[id_], language),
        key="proposal",
        on_change=switch,
    )
    return known[chosen]


def _rank(one: Listed) -> tuple[bool, float]:
    gains = [
        e.median for e in (() if one.proof is None else one.proof.effects) if not e.district and "person" in e.measure
    ]
    return one.state != "open", sum(gains)


def title(city: City, run: str, one: Listed, language: str) -> str:
    """Return a proposal on one line: when, whose, what, and its number."""
    proposal = one.proposal
    parts = (short(city, run, proposal.made), agent_name(proposal.agent, language), doing(proposal, language))
    return " · ".join((*parts, proposal.id))


def doing(proposal: Proposal, language: str) -> str:
    """Return what a proposal does, by kinds of step and their number."""
    counts = Counter(step.action.kind for step in proposal.steps)
    return ", ".join(
        say("count_steps", language, what=plain(known_label("measure", kind, language)), n=n)
        for kind, n in sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    )


def level(proposal: Proposal, language: str) -> str:
    """Return the level of a proposal, with its name."""
    found = LEVELS[level_of_proposal(proposal)]
    return say("of_level", language, n=found.number, name=(found.ko, found.en)[index(language)])


def who(city: City, run: str, proposal: Proposal, language: str) -> str:
    """Return who may approve a proposal, with the names of roles where the policy is at hand."""
    found = LEVELS[level_of_proposal(proposal)]
    roles = [role_name(city, run, role, language) for role in roles_for(city, run, proposal)]
    if roles:
        return say(f"who_level_{found.number}", language, roles=", ".join(roles))
    return (found.who_ko, found.who_en)[index(language)]


def number(value: float) -> str:
    """Return a change with its sign, as people write it."""
    return f"{value:+,.0f}".replace("-", "\u2212") if round(value) else "0"


def interval(effect: Effect) -> str:
    """Return median and 5 to 95 % of a change."""
    return f"{number(effect.median)} ({number(effect.low)} … {number(effect.high)})"


def main_effect(one: Listed, language: str) -> str:
    """Return the first change that a proof shows for the whole city, on people before money."""
    for name in FIRST:
        for effect in () if one.proof is None else one.proof.effects:
            if effect.measure == name and not effect.district and (effect.low or effect.high):
                return f"{MEASURE_NAMES[name][index(language)]} {interval(effect)}"
    return "–" if one.proof is None else "0"


def card(city: City, run: str, one: Listed, language: str) -> None:
    """Draw a proposal: state, reasons, who may approve, and what was decided."""
    proposal, called = one.proposal, names(city, language)
    begun = "" if one.begun is None else " · " + say("begun_at", language, clock=short(city, run, one.begun))
    made = say(
        "made_at", language, made=short(city, run, proposal.made), expires=short(city, run, min(proposal.expires, 1e8))
    )
    reasons = "".join(f"<li>{markup(sentence(reason, language, called), SENTENCE)}</li>" for reason in proposal.reasons)
    rules = [reason for kept in kept_back(city, run) if kept.id == proposal.hash for reason, _ in kept.rules]
    refused = "".join(f"<li>{markup(sentence(reason, language, called), SENTENCE)}</li>" for reason in rules)
    state = state_name(state_of(city, run, one), language)
    head = f"{agent_name(proposal.agent, language)} · {doing(proposal, language)}".removesuffix(" · ")
    may = say("who_may", language, who=who(city, run, proposal, language))
    note = " · ".join((made, level(proposal, language), may, proposal.id))
    st.html(
        f'<div class="proposal" lang="{language}"><div class="state">{markup(state)}{markup(begun)}</div>'
        f'<h3>{markup(head, SENTENCE)}</h3><div class="note">{markup(note, SENTENCE)}</div>'
        + (f'<ul class="limits">{reasons}</ul>' if reasons else "")
        + (f'<h4>{markup(say("why_refused", language))}</h4><ul class="limits">{refused}</ul>' if refused else "")
        + decided(city, run, one, language)
        + "</div>"
    )


def decided(city: City, run: str, one: Listed, language: str) -> str:
    """Return what was decided on a proposal, as HTML: by role and never by name."""
    rows = []
    for d in one.decisions:
        line = _line(city, run, d.at, said_by(city, run, d.by, d.role, language), d.verdict, language)
        given = f": {markup(given_by(d), SENTENCE)}" if given_by(d) else ""
        rows.append(f"<li>{markup(line, SENTENCE)}{given}</li>")
    return f'<h4>{markup(say("decided", language))}</h4><ul class="limits">{"".join(rows)}</ul>' if rows else ""


def given_by(decision: Decision) -> str:
    """Return the reason that a person gave; a player of an exercise has none of its own."""
    return "" if decision.by.startswith(PLAYED) else decision.reason


def _line(city: City, run: str, at: float, role: str, verdict: str, language: str) -> str:
    word = known_label("verdict", verdict, language)
    return say("decided_line", language, clock=short(city, run, at), role=role, verdict=word)


def said_by(city: City, run: str, by: str, role: str, language: str) -> str:
    """Return the role of who decided; of a player of an exercise it says so."""
    found = role_name(city, run, role, language)
    return say("role_exercise", language, role=found) if by.startswith(PLAYED) else found


def how(step: Step, called: dict[str, str], language: str) -> str:
    """Return in what way a step is done, as far as people want to know."""
    action, edges = step.action, edges_of(step.action)
    shelter = str(action.params.get("shelter", ""))
    if action.kind == "evacuate" and shelter:
        by = "bus" if action.params.get("mode") == "bus" else str(action.params.get("by", ""))
        place = called.get(shelter, plain(shelter))
        return say("how_evacuate", language, shelter=place, by=plain(known_label("by", by, language)))
    if action.kind == "green_wave":
        return say("how_speed", language, speed=f"{float(str(action.params.get('speed', 1))):g}")
    return say("how_roads", language, n=len(edges)) if edges else "–"


def steps(city: City, run: str, one: Listed, language: str) -> pd.DataFrame:
    """Return one row per step: what, where, how, by which unit, and when."""
    import pandas as pd

    called, rows = names(city, language), one.proposal.steps[:ROWS]
    table: dict[str, list[Any]] = {
        say("column_doing", language): [plain(known_label("measure", s.action.kind, language)) for s in rows],
        say("column_target", language): [called.get(s.action.target, plain(s.action.target)) or "–" for s in rows],
        say("column_how", language): [how(s, called, language) for s in rows],
        say("column_unit", language): ["–" if s.award is None else unit_name(s.award.unit, language) for s in rows],
    }
    for key, at in (("column_leaves", "leaves"), ("column_arrives", "arrives")):
        if any(s.award is not None for s in rows):
            table[say(key, language)] = [
                "–" if s.award is None else short(city, run, getattr(s.award, at)) for s in rows
            ]
    table[say("column_takes_effect", language)] = [short(city, run, begins(one, s)) for s in rows]
    return pd.DataFrame(table)


def draw_steps(city: City, run: str, one: Listed, language: str) -> None:
    """Draw the table of steps."""
    st.html(f"<h3>{say('steps', language)}</h3>")
    if not one.proposal.steps:
        st.caption(say("steps_none", language))
        return
    frame = steps(city, run, one, language)
    st.dataframe(frame, hide_index=True, height=38 + 35 * min(len(frame), 8), alt=say("steps", language))
    if len(one.proposal.steps) > ROWS:
        st.caption(say("rows_shown", language, shown=ROWS, total=len(one.proposal.steps)))
