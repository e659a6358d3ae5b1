"""Who decided what in which role and what came of it, and whether the journal that says so is intact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from viewer.deployment import names
from viewer.moments import short
from viewer.page import proposal as words
from viewer.plain import SENTENCE, markdown, markup, plain
from viewer.response import agent_name, listed, sentence, state_name, state_of
from viewer.words import known_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.runs.response.decide import Listed
    from twin.store import City
    from viewer.page.head import Subject

#: level from which persons decide
PERSONS = 2


def show(city: City, subject: Subject) -> None:
    """Draw the log of decisions."""
    language, run = subject.language, subject.run
    assert run is not None
    note = say("decisions_note", language)
    st.html(f'<h2>{say("page_decisions", language)}</h2><div class="note">{markup(note, 300)}</div>')
    found = [one for one in listed(city, run.id) if one.proposal.level >= PERSONS]
    if not found:
        st.info(say("decisions_none", language))
        return
    frame = table(city, run.id, found, language)
    st.dataframe(frame, hide_index=True, height=38 + 35 * min(len(frame), 14), alt=say("page_decisions", language))


def table(city: City, run: str, found: list[Listed], language: str) -> pd.DataFrame:
    """Return one row per decision, in the order of time; what nobody decided has a row of its own."""
    import pandas as pd

    called = names(city, language)
    rows: list[tuple[float, str, list[str]]] = []
    for one in found:
        proposal = one.proposal
        reasons = " ".join(sentence(reason, language, called) for reason in proposal.reasons) or "–"
        said = [
            (
                d.at,
                known_label("verdict", d.verdict, language),
                words.said_by(city, run, d.by, d.role, language),
                words.given_by(d),
            )
            for d in one.decisions
        ] or [(proposal.made, say("verdict_none", language), say("nobody", language), "")]
        for at, verdict, role, given in said:
            texts = [
                short(city, run, at),
                plain(verdict),
                role,
                state_name(state_of(city, run, one), language),
                agent_name(proposal.agent, language),
                str(proposal.level),
                proposal.id,
                plain(given, SENTENCE) or "–",
                reasons,
            ]
            rows.append((at, proposal.id, texts))
    rows.sort(key=lambda row: row[:2])
    columns = ("when", "verdict", "role", "outcome", "agent", "level", "id", "reason_given", "why_proposed")
    return pd.DataFrame([texts for _, _, texts in rows], columns=[say(f"column_{name}", language) for name in columns])


def journal(city: City, subject: Subject) -> None:
    """Draw whether the journal of the city is intact, and the hash of its last row."""
    language = subject.language
    st.html(f"<h2>{say('journal', language)}</h2>")
    verdict = city.journal.verify()
    if verdict.intact:
        st.success(markdown(say("journal_intact", language, rows=verdict.rows), SENTENCE))
    else:
        st.error(markdown(say("journal_broken", language, rows=verdict.rows, flaws=verdict.flawed), SENTENCE))
        table: dict[str, Any] = {
            say("column_row", language): [flaw.number for flaw in verdict.flaws],
            say("column_code", language): [plain(flaw.code) for flaw in verdict.flaws],
            say("column_flaw", language): [plain(flaw.text, SENTENCE) for flaw in verdict.flaws],
        }
        st.dataframe(table, hide_index=True, alt=say("column_flaw", language))
    if verdict.rows:
        st.caption(say("journal_head", language, number=verdict.number))
        st.code(verdict.hash, language=None, wrap_lines=True)
        st.caption(say("journal_keep", language))
