"""What an ensemble says: how many members, what was varied, which buildings are most likely to be harmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from viewer.chances import Chance, chances
from viewer.hazards import burns
from viewer.layers.buildings import whole_buildings
from viewer.layers.burning import names
from viewer.moments import elapsed
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
    "wind_cv": 100.0,
    "wind_turn": 1.0,
    "moisture_cv": 100.0,
    "spread_rate_cv": 100.0,
    "brands": 1.0,
}


def show(city: City, subject: Subject) -> None:
    """Draw what the members of an ensemble say; nothing of another run."""
    language, run = subject.language, subject.run
    facts = ensemble(city, run.id) if run is not None and run.status != "failed" else {}
    if run is None or not facts:
        return
    fire = burns(city, run.id)
    title = say("burn_chance" if fire else "chance", language)
    st.html(f'<h2>{title}</h2><div class="note">{markup(sentence(facts, language), SENTENCE)}</div>')
    if facts["missing"]:
        why = plain(facts["missing"][0]["error"], SENTENCE)
        st.warning(say("members_missing", language, n=len(facts["missing"]), why=plain(why, SENTENCE)))
    likely = sorted(
        ((id_, chance) for id_, chance in chances(city, run.id).items() if chance.share > 0),
        key=lambda row: (-row[1].share, *_rank(row[1], fire=fire), row[0]),
    )
    if not likely:
        st.info(say("burn_chance_none" if fire else "chance_none", language))
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.html(f"<h3>{say('by_chance', language)}</h3>")
        st.dataframe(counts(facts, language), hide_index=True, alt=say("by_chance", language))
    with right:
        st.html(f"<h3>{say('most_likely_fire' if fire else 'most_likely', language)}</h3>")
        numbers = {
            say(f"column_{p}", language): st.column_config.NumberColumn(format="%.2f") for p in ("p10", "p50", "p90")
        }
        st.dataframe(
            (burnt_table if fire else table)(city, likely[:ROWS], language),
            hide_index=True,
            height=38 + 35 * min(len(likely), 10),
            column_config=numbers,
            alt=say("most_likely", language),
        )
        st.caption(say("rows_shown", language, shown=min(len(likely), ROWS), total=len(likely)))


def sentence(facts: dict[str, Any], language: str) -> str:
    """Return how many members there are, what differs between them, and which depth is asked for."""
    spread = {name: value for name, value in facts["spread"].items() if name != "threshold"}
    varied = [
        say(f"spread_{name}", language, value=f"{spread[name] * factor:g}")
        for name, factor in SPREADS.items()
        if spread.get(name)
    ]
    said = {"members": facts["members"], "asked": facts["asked"]}
    said["varied"] = ", ".join(varied) or say("spread_none", language)
    if facts.get("threshold_m") is None:
        return say("burn_chance_note", language, **said)
    return say("chance_note", language, threshold=f"{facts['threshold_m']:g}", **said)


def _rank(chance: Chance, *, fire: bool) -> tuple[float, ...]:
    """Return by what equally likely buildings are ordered: the deepest water first, or the earliest fire."""
    values = [chance.quantiles.get(name) for name in ("p50", "p90", "p10")]
    if fire:
        return tuple(float("inf") if value is None else value for value in values)
    return tuple(-(value or 0.0) for value in values)


def counts(facts: dict[str, Any], language: str) -> pd.DataFrame:
    """Return how many buildings have at least which probability."""
    import pandas as pd

    rows = sorted(((float(p), n) for p, n in facts["buildings_with_probability"].items()), reverse=True)
    return pd.DataFrame(
        {
            say("column_probability", language): [f"≥ {100 * p:g} %" for p, _ in rows],
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
            **{say(f"column_{p}", language): [c.quantiles[p] for _, c in rows] for p in ("p10", "p50", "p90")},
        }
    )


def burnt_table(city: City, rows: list[tuple[str, Chance]], language: str) -> pd.DataFrame:
    """Return one row per building, with its probability and the time by which fire came in a tenth and in half."""
    import pandas as pd

    batch, called = whole_buildings(city), names(city, language)
    uses = dict(zip(batch.ids, batch.column("use"), strict=True))
    return pd.DataFrame(
        {
            say("column_building", language): [called.get(i, plain(i)) for i, _ in rows],
            say("column_use", language): [plain(known_label("use", str(uses.get(i) or ""), language)) for i, _ in rows],
            say("column_burn_chance", language): [f"{100 * c.share:.0f} %" for _, c in rows],
            **{
                say(f"column_arrival_{p}", language): [
                    "–" if c.quantiles[p] is None else elapsed(c.quantiles[p] or 0.0) for _, c in rows
                ]
                for p in ("p10", "p50")
            },
        }
    )
