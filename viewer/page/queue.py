"""What agents propose and what has become of it: what waits for a person on top, then all of it, by state and agent."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from twin.model.response.proposal import Reason
from twin.notices.words import EVENTS, event_name
from twin.shield.decide import standing
from viewer.deployment import names
from viewer.moments import short
from viewer.page import proposal as words
from viewer.plain import SENTENCE, markup, plain
from viewer.response import (
    ICONS,
    agent_name,
    command,
    cut_off,
    kept_back,
    listed,
    policy_of,
    roles_for,
    sentence,
    state_name,
    state_of,
    told,
)
from viewer.words import say

if TYPE_CHECKING:
    import pandas as pd

    from twin.runs.response.decide import Listed
    from twin.store import City
    from viewer.page.head import Subject

#: proposals that wait and are drawn whole
CARDS = 12

#: what the reader puts into a command
PERSON, ROLE, SCENARIO = "PERSON", "ROLE", "SCENARIO.toml"

#: figure -> states that it counts
FIGURES = {
    "waiting": ("open",),
    "done": ("approved",),
    "refused": ("refused", "rejected", "unsafe"),
    "idle": ("expired", "dry_run", "recorded_only", "undecided"),
}


def show(city: City, subject: Subject) -> None:
    """Draw the queue of a run."""
    language, run = subject.language, subject.run
    assert run is not None
    found = list(listed(city, run.id))
    states = {one.proposal.hash: state_of(city, run.id, one) for one in found}
    st.html(
        f'<h2>{say("page_queue", language)}</h2><div class="note">{markup(_note(city, run.id, language), 600)}</div>'
    )
    if not found:
        st.info(say("queue_none", language))
        _below(city, run.id, found, states, language)
        return
    _figures(found, states, language)
    _waiting(city, run.id, [one for one in found if states[one.proposal.hash] == "open"], language)
    st.html(f"<h2>{say('all_proposals', language)}</h2>")
    chosen = _filtered(found, states, language)
    if chosen:
        frame = table(city, run.id, chosen, language)
        st.dataframe(frame, hide_index=True, height=38 + 35 * min(len(frame), 9), alt=say("all_proposals", language))
    else:
        st.info(say("queue_filtered", language))
    with st.container(border=True):
        _one(city, run.id, found, language)
    _below(city, run.id, found, states, language)


def _note(city: City, run: str, language: str) -> str:
    facts = told(city, run)
    rules = facts["policy"]
    name = say("policy_none", language)
    if rules is not None:
        name = f"{plain(rules['name'])} ({plain(rules['version'])})"
        name += f" · {say('exercise', language)}" if rules.get("exercise") else ""
    return say("queue_note", language, agents=len(facts["agents"]), cycles=facts["cycles"], policy=name)


def _figures(found: list[Listed], states: dict[str, str], language: str) -> None:
    counts = Counter(states.values())
    numbers = {key: sum(counts[state] for state in group) for key, group in FIGURES.items()}
    notes = {
        "waiting": {},
        "done": {"steps": sum(len(one.proposal.steps) for one in found if one.begun is not None)},
        "refused": {"shield": counts["refused"] + counts["unsafe"], "persons": counts["rejected"]},
        "idle": {},
    }
    for column, (key, n) in zip(st.columns(4), numbers.items(), strict=True):
        note = say(f"kpi_{key}_note", language, **notes[key])
        column.metric(say(f"kpi_{key}", language), f"{n:,}", note, delta_color="off", delta_arrow="off", border=True)


def _waiting(city: City, run: str, waiting: list[Listed], language: str) -> None:
    facts = told(city, run)
    if not waiting or facts["waits_at"] is None:
        return
    st.html(f"<h2>{say('waiting_head', language)}</h2>")
    st.caption(say("queue_how", language))
    for one in waiting[:CARDS]:
        with st.container(border=True):
            words.card(city, run, one, language)
            for line in decide_lines(city, run, one):
                st.code(line, language=None, wrap_lines=True)
            _to_proof(one, language)
    if len(waiting) > CARDS:
        st.caption(say("rows_shown", language, shown=CARDS, total=len(waiting)))
    st.caption(say("queue_resume", language))
    policy = [] if facts["policy"] is None else ["--policy", facts["policy"]["name"]]
    agents = ",".join(agent["name"] for agent in facts["agents"])
    line = command("twin", "run", city.path.name, SCENARIO, "--agents", agents, *policy, "--wait", "--resume")
    st.code(line, language=None, wrap_lines=True)


def decide_lines(city: City, run: str, one: Listed) -> list[str]:
    """Return a command for each role that has still to approve a proposal; one with a word to fill in where unknown."""
    facts, policy = told(city, run), policy_of(city, run)
    roles = roles_for(city, run, one.proposal)
    if policy is not None:
        at = float(facts["waits_at"] or one.proposal.made)
        missing = standing(one.proposal, one.decisions, at, policy).missing
        roles = tuple(role for role in missing if role in policy.roles)
        if one.proposal.level < 3:  # one of them is enough
            roles = roles[:1]
    name = "POLICY.toml" if facts["policy"] is None else facts["policy"]["name"]
    start = ("twin", "decide", city.path.name, run, one.proposal.id, "--approve", "--as", PERSON)
    return [command(*start, "--role", role, "--policy", name) for role in roles or (ROLE,)]


def _to_proof(one: Listed, language: str) -> None:
    def go() -> None:
        st.query_params["page"], st.query_params["proposal"] = "proof", one.proposal.id

    if one.proof is not None:
        st.button(
            say("to_proof", language), key=f"proof_{one.proposal.id}", on_click=go, icon=":material/stacked_line_chart:"
        )


def _filtered(found: list[Listed], states: dict[str, str], language: str) -> list[Listed]:
    """Draw the choices of state and agent, and return what fits them: what waits first, then in the order made."""
    left, right = st.columns(2, gap="medium")
    there = [state for state in ICONS if state in states.values()]
    agents = sorted({one.proposal.agent for one in found})
    wanted = left.multiselect(
        say("filter_state", language),
        there,
        format_func=lambda state: state_name(state, language),
        key="filter_state",
        placeholder=say("filter_all", language),
    )
    by = right.multiselect(
        say("filter_agent", language),
        agents,
        format_func=lambda agent: agent_name(agent, language),
        key="filter_agent",
        placeholder=say("filter_all", language),
    )
    chosen = [
        one for one in found if states[one.proposal.hash] in (wanted or there) and one.proposal.agent in (by or agents)
    ]
    return sorted(chosen, key=lambda one: (states[one.proposal.hash] != "open", one.cycle))


def table(city: City, run: str, chosen: list[Listed], language: str) -> pd.DataFrame:
    """Return one row per proposal."""
    import pandas as pd

    return pd.DataFrame(
        {
            say("column_state", language): [state_name(state_of(city, run, one), language) for one in chosen],
            say("column_proposed", language): [short(city, run, one.proposal.made) for one in chosen],
            say("column_agent", language): [agent_name(one.proposal.agent, language) for one in chosen],
            say("column_doing", language): [words.doing(one.proposal, language) or "–" for one in chosen],
            say("column_first_effect", language): [words.main_effect(one, language) for one in chosen],
            say("column_level", language): [words.level(one.proposal, language) for one in chosen],
            say("column_may", language): [words.who(city, run, one.proposal, language) for one in chosen],
            say("column_id", language): [one.proposal.id for one in chosen],
        }
    )


def _one(city: City, run: str, found: list[Listed], language: str) -> None:
    st.html(f"<h3>{say('one_proposal', language)}</h3>")
    one = words.choose(city, run, found, language)
    words.card(city, run, one, language)
    words.draw_steps(city, run, one, language)
    _to_proof(one, language) if state_of(city, run, one) != "open" else None


def _below(city: City, run: str, found: list[Listed], states: dict[str, str], language: str) -> None:
    """Draw proposals by cycle, what the shield kept back, and agents that were cut off."""
    left, right = st.columns(2, gap="medium")
    kept = kept_back(city, run)
    with left:
        st.html(f"<h3>{say('by_cycle', language)}</h3>")
        frame = by_cycle(city, run, found, states, language)
        st.dataframe(frame, hide_index=True, height=38 + 35 * min(len(frame), 8), alt=say("by_cycle", language))
    with right:
        st.html(f"<h3>{say('kept_back', language)}</h3>")
        if kept:
            frame = of_rules(city, run, language)
            st.dataframe(frame, hide_index=True, height=38 + 35 * min(len(frame), 8), alt=say("kept_back", language))
            st.caption(say("kept_back_note", language))
        else:
            st.caption(say("kept_back_none", language))
    alerts = of_alerts(city, run, language)
    if len(alerts):
        note = markup(say("alerts_note", language), 300)
        st.html(f'<h3>{say("alerts", language)}</h3><div class="note">{note}</div>')
        st.dataframe(alerts, hide_index=True, height=38 + 35 * min(len(alerts), 8), alt=say("alerts", language))
    cuts = cut_off(city, run)
    if cuts:
        called = names(city, language)
        rows = "".join(
            f"<li>{markup(agent_name(agent, language))}: {markup(sentence(why, language, called), SENTENCE)}</li>"
            for _, agent, why in cuts
        )
        st.html(f'<h3>{say("cut_off", language)}</h3><ul class="limits">{rows}</ul>')


def by_cycle(city: City, run: str, found: list[Listed], states: dict[str, str], language: str) -> pd.DataFrame:
    """Return one row per cycle: its time, and the number of proposals in each state."""
    import pandas as pd

    every = float(told(city, run)["cycle_s"])
    cycles = range(int(told(city, run)["cycles"]))
    counts = Counter((one.cycle, states[one.proposal.hash]) for one in found)
    there = [state for state in ICONS if state in states.values()]
    return pd.DataFrame(
        {
            say("column_cycle", language): [short(city, run, cycle * every) for cycle in cycles],
            **{state_name(state, language): [counts[cycle, state] for cycle in cycles] for state in there},
        }
    )


def of_rules(city: City, run: str, language: str) -> pd.DataFrame:
    """Return how often which rule kept back something of which agent, the most frequent first."""
    import pandas as pd

    called, counts = names(city, language), Counter[tuple[str, str]]()
    for kept in kept_back(city, run):
        for reason, n in kept.rules:
            counts[kept.agent, sentence(reason, language, called)] += n
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return pd.DataFrame(
        {
            say("column_agent", language): [agent_name(agent, language) for (agent, _), _ in rows],
            say("column_rule", language): [rule for (_, rule), _ in rows],
            say("column_number", language): [n for _, n in rows],
        }
    )


def of_alerts(city: City, run: str, language: str) -> pd.DataFrame:
    """Return one row per draft of an alert, in the order of time."""
    import pandas as pd

    called, rows = names(city, language), told(city, run)["alerts"]
    columns = [say(f"column_{name}", language) for name in ("when", "agent", "event", "area", "says")]
    table = []
    for row in rows:
        alert = row["alert"]
        event = event_name(alert["event"], language) if alert["event"] in EVENTS else alert["event"]
        areas = ", ".join(called.get(area, plain(area)) for area in alert["areas"])
        reasons = (Reason(one["code"], one["values"]) for one in alert["reasons"])
        says = " ".join(sentence(reason, language, called) for reason in reasons)
        clock = short(city, run, float(row["time"]))
        table.append((clock, agent_name(row["agent"], language), plain(event), plain(areas, SENTENCE), says))
    return pd.DataFrame(table, columns=columns)
