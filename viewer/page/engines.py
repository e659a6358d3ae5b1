"""Fire engines: from where to where, when they arrived, what held them up, and the water they threw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from viewer.crews import TANK, Engine, engines
from viewer.layers.burning import names
from viewer.moments import short
from viewer.plain import markdown, markup, plain
from viewer.words import index, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City
    from viewer.layers import At


def show(city: City, at: At, moment: str) -> None:
    """Draw the table of engines, and loud what water has kept from the fire; nothing where none was sent."""
    language, found = at.language, engines(city, at.run)
    if not found:
        return
    there = sum(engine.there(at.time) for engine in found)
    note = f"{markup(moment)} · {say('engines_note', language, there=there, sent=len(found))}"
    st.html(f'<h2>{say("engines", language)}</h2><div class="note">{note}</div>')
    held = [engine for engine in found if engine.held > 0]
    if held:
        longest = max(engine.held for engine in held) / 60
        never = sum(engine.arrived is None for engine in held)
        text = say("engines_held", language, n=len(held), minutes=f"{longest:.0f}", never=never)
        st.warning(markdown(text, 600))
    frame = table(city, at, found)
    st.dataframe(frame, hide_index=True, height=38 + 35 * min(len(frame), 8), alt=say("engines", language))


def table(city: City, at: At, found: tuple[Engine, ...]) -> pd.DataFrame:
    """Return one row per engine."""
    import pandas as pd

    language = at.language
    called = names(city, language)
    return pd.DataFrame(
        {
            say("column_station", language): [called.get(e.station, plain(e.station)) or "–" for e in found],
            say("column_sent_to", language): [called.get(e.target, plain(e.target)) or "–" for e in found],
            say("column_called", language): [short(city, at.run, e.called) for e in found],
            say("column_way", language): ["–" if e.length is None else f"{e.length / 1000:.1f}" for e in found],
            say("column_arrived", language): [
                say("not_arrived", language) if e.arrived is None else short(city, at.run, e.arrived) for e in found
            ],
            say("column_held", language): [f"{e.held / 60:.0f}" if e.held else "–" for e in found],
            say("column_source", language): [
                say("source_tank", language) if e.source == TANK else plain(e.source) for e in found
            ],
            say("column_thrown", language): [f"{e.water:,.1f}" for e in found],
            say("column_note", language): [said_of(e, language) or "–" for e in found],
        }
    )


def said_of(engine: Engine, language: str) -> str:
    """Return what is to be noted of an engine: no road near it, and the run's own note in the reader's language."""
    noted = engine.note.split(" · ")
    return ", ".join(
        filter(
            None,
            (
                say("engine_straight", language) if engine.straight else "",
                plain(noted[min(index(language), len(noted) - 1)]),
                say("engine_recalled", language) if engine.recalled else "",
            ),
        )
    )
