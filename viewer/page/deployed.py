"""The response at the moment of the map, as tables: units, what is carried out by then, and what still waits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import streamlit as st

from viewer.deployment import Order, names, orders, posted, waiting
from viewer.layers.responders import task_of, unit_name
from viewer.moments import short
from viewer.plain import markup, plain
from viewer.response import agent_name, answered
from viewer.words import known_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City
    from viewer.layers import At

#: rows of a table
ROWS = 300


def show(city: City, at: At, moment: str) -> None:
    """Draw the tables; nothing of a run without agents."""
    if not answered(city, at.run):
        return
    language = at.language
    note = f"{moment} · {say('deployed_note', language)}"
    st.html(f'<h2>{say("deployed", language)}</h2><div class="note">{markup(note, 600)}</div>')
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.html(f"<h3>{say('deployed_units', language)}</h3>")
        _draw(of_units(city, at), "deployed_units", language)
    done = [order for order in orders(city, at.run) if at.time is None or order.since <= at.time]
    pending = [] if at.time is None else [order for order in waiting(city, at.run) if order.holds(at.time)]
    with right:
        for key, found in (("deployed_orders", done), ("deployed_waiting", pending)):
            st.html(f"<h3>{say(key, language)}</h3>")
            if found:
                st.caption(counted(found, language))
            _draw(of_orders(city, at, found[-ROWS:]), key, language)


def _draw(frame: pd.DataFrame, key: str, language: str) -> None:
    if not len(frame):
        st.caption(say("deployed_nothing", language))
        return
    st.dataframe(frame, hide_index=True, height=38 + 35 * min(len(frame), 6), alt=say(key, language))


def counted(found: list[Order], language: str) -> str:
    """Return how many orders there are of each kind, the most frequent first."""
    rows = sorted(Counter(order.action.kind for order in found).items(), key=lambda row: (-row[1], row[0]))
    return " · ".join(
        say("count_steps", language, what=plain(known_label("measure", kind, language)), n=n) for kind, n in rows
    )


def of_units(city: City, at: At) -> pd.DataFrame:
    """Return one row per unit: what it does, and until when."""
    import pandas as pd

    language, called = at.language, names(city, at.language)
    found = posted(city, at.run, at.time)
    return pd.DataFrame(
        {
            say("column_unit", language): [unit_name(unit.id, language) for unit in found],
            say("column_doing_now", language): [task_of(unit, called, language) for unit in found],
            say("column_takes_effect", language): [
                "–" if unit.task is None else short(city, at.run, unit.task.until) for unit in found
            ],
        }
    )


def of_orders(city: City, at: At, found: list[Order]) -> pd.DataFrame:
    """Return one row per order, the newest first."""
    import pandas as pd

    language, called = at.language, names(city, at.language)
    rows = sorted(found, key=lambda order: (-order.since, order.proposal))
    table: dict[str, list[Any]] = {
        say("column_since", language): [short(city, at.run, order.since) for order in rows],
        say("column_measure", language): [plain(known_label("measure", o.action.kind, language)) for o in rows],
        say("column_target", language): [called.get(o.action.target, plain(o.action.target)) or "–" for o in rows],
        say("column_unit", language): ["–" if not o.unit else unit_name(o.unit, language) for o in rows],
        say("column_agent", language): [agent_name(o.agent, language) for o in rows],
        say("column_id", language): [order.proposal for order in rows],
    }
    return pd.DataFrame(table)
