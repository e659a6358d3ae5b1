"""What an ensemble says: how many members, what was varied, which buildings are most likely to be flooded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from viewer.chances import Chance, chances
from viewer.layers.buildings import whole_buildings
from viewer.plain import SENTENCE, markup, plain
from viewer.record import ensemble
from viewer.words import known_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City
    from viewer.page.head import Subject

#: rows of the table of buildings
ROWS = 300

#: what can vary between members -> the factor from SI to the unit of its sentence
SPREADS = {
    "rain_cv": 100.0,
    "rain_shift": 1 / 60,
    "roughness_cv": 100.0,
    "inflow_cv": 100.0,
    "breach_time": 1 / 60,
    "breach_width_cv": 100.0,
    "breach_level": 1.0,
}


def show(city: City, subject: Subject) -> None:
    """Draw what the members of an ensemble say; nothing of another run."""
    language, run = subject.language, subject.run
    facts = ensemble(city, run.id) if run is not None and run.status != "failed" else {}
    if run is None or not facts:
        return
    st.html(f'<h2>{say("chance", language)}</h2><div class="note">{markup(sentence(facts, language), SENTENCE)}</div>')
    if facts["missing"]:
        why = plain(facts["missing"][0]["error"], SENTENCE)
        st.warning(say("members_missing", language, n=len(facts["missing"]), why=plain(why, SENTENCE)))
    likely = sorted(
        ((id_, chance) for id_, chance in chances(city, run.id).items() if chance.share > 0),
        key=lambda row: (-row[1].share, -row[1].p50, -row[1].p90, row[0]),
    )
    if not likely:
        st.info(say("chance_none", language))
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.html(f"<h3>{say('by_chance', language)}</h3>")
        st.dataframe(counts(facts, language), hide_index=True, alt=say("by_chance", language))
    with right:
        st.html(f"<h3>{say('most_likely', language)}</h3>")
        numbers = {
            say(f"column_{p}", language): st.column_config.NumberColumn(format="%.2f") for p in ("p10", "p50", "p90")
        }
        st.dataframe(
            table(city, likely[:ROWS], language),
            hide_index=True,
            height=38 + 35 * min(len(likely), 10),
            column_config=numbers,
            alt=say("most_likely", language),
        )
        st.caption(say("rows_shown", language, shown=min(len(likely), ROWS), total=len(likely)))


def sentence(facts: dict[str, Any], language: str) -> str:
    """Return how many members there are, what differs between them, and which depth is asked for."""
    spread = facts["spread"]
    varied = [
        say(f"spread_{name}", language, value=f"{spread[name] * factor:g}")
        for name, factor in SPREADS.items()
        if spread.get(name)
    ]
    return say(
        "chance_note",
        language,
        members=facts["members"],
        asked=facts["asked"],
        varied=", ".join(varied) or say("spread_none", language),
        threshold=f"{facts['threshold_m']:g}",
    )


def counts(facts: dict[str, Any], language: str) -> pd.DataFrame:
    """Return how many buildings have at least which probability."""
    import pandas as pd

    rows = sorted(((float(p), n) for p, n in facts["buildings_with_probability"].items()), reverse=True)
    return pd.DataFrame(
        {
            say("column_chance", language): [f"≥ {100 * p:g} %" for p, _ in rows],
            say("column_buildings", language): [n for _, n in rows],
        }
    )


def table(city: City, rows: list[tuple[str, Chance]], language: str) -> pd.DataFrame:
    """Return one row per building, with its probability and the quantiles of its greatest depth."""
    import pandas as pd

    batch = whole_buildings(city)
    names, uses = (dict(zip(batch.ids, batch.column(c), strict=True)) for c in ("name", "use"))
    return pd.DataFrame(
        {
            say("column_building", language): [plain(names.get(i) or i) for i, _ in rows],
            say("column_use", language): [plain(known_label("use", str(uses.get(i) or ""), language)) for i, _ in rows],
            say("column_chance", language): [f"{100 * c.share:.0f} %" for _, c in rows],
            **{say(f"column_{p}", language): [getattr(c, p) for _, c in rows] for p in ("p10", "p50", "p90")},
        }
    )
