"""What a run found or had to assume about the city before its first step, and what measures did while it ran."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from viewer.moments import short
from viewer.plain import SENTENCE, plain
from viewer.record import record
from viewer.words import known_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City
    from viewer.page.head import Subject

#: the worst first
SEVERITIES = ("error", "warning", "info")


def show(city: City, subject: Subject) -> None:
    """Draw findings and measures; nothing of a run that has none."""
    language, run = subject.language, subject.run
    known = record(city, run.id) if run is not None else {}
    found, done = known.get("findings") or [], known.get("measures") or []
    if run is None or not (found or done):
        return
    st.html(f'<h2>{say("findings", language)}</h2><div class="note">{say("findings_note", language)}</div>')
    if found:
        frame = of_findings(found, language)
        st.dataframe(frame, hide_index=True, height=38 + 35 * min(len(frame), 8), alt=say("findings", language))
    if done:
        st.html(f"<h3>{say('measures', language)}</h3>")
        frame = of_measures(city, run.id, done, language)
        st.dataframe(frame, hide_index=True, height=38 + 35 * min(len(frame), 8), alt=say("measures", language))


def of_findings(found: list[dict[str, Any]], language: str) -> pd.DataFrame:
    """Return one row per finding, the worst first; its sentence is the program's own, in English."""
    import pandas as pd

    rank = {severity: i for i, severity in enumerate(SEVERITIES)}
    rows = sorted(found, key=lambda f: rank.get(str(f["severity"]), len(rank)))
    return pd.DataFrame(
        {
            say("column_severity", language): [known_label("severity", str(f["severity"]), language) for f in rows],
            say("column_code", language): [plain(f["code"]) for f in rows],
            say("column_message", language): [plain(f["message"], SENTENCE) for f in rows],
            say("column_where", language): [plain(f.get("where") or "", SENTENCE) for f in rows],
        }
    )


def of_measures(city: City, run: str, done: list[dict[str, Any]], language: str) -> pd.DataFrame:
    """Return one row per measure: when, what, on which thing, and what came of it."""
    import pandas as pd

    return pd.DataFrame(
        {
            say("column_when", language): [short(city, run, float(m["action"]["at"])) for m in done],
            say("column_measure", language): [
                plain(known_label("measure", str(m["action"]["kind"]), language)) for m in done
            ],
            say("column_target", language): [plain(m["action"].get("target") or "–") for m in done],
            say("column_effect", language): [plain(m["note"], SENTENCE) for m in done],
        }
    )
