"""Where the water came from, where it went and what is left: over the run and at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from twin.names import PARTS
from viewer.page.charts import lines
from viewer.record import ensemble, record
from viewer.words import index, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.model.run import Budget
    from twin.store import City
    from viewer.page.head import Subject

#: least share of all water that a line of the chart has
SEEN = 0.002


def show(city: City, subject: Subject) -> None:
    """Draw the budget of the run; nothing without one."""
    language, run = subject.language, subject.run
    if run is None or not (run.budget.inflow or run.budget.stored):
        return
    note = "budget_of_members" if ensemble(city, run.id) else "budget_note"
    st.html(f'<h2>{say("water_budget", language)}</h2><div class="note">{say(note, language)}</div>')
    frames = record(city, run.id).get("budget_per_frame") or []
    left, right = st.columns([2, 3], gap="medium")
    with left:
        found = table(run.budget, language)
        columns = {
            say("column_volume", language): st.column_config.NumberColumn(format="%,.0f"),
            say("column_share", language): st.column_config.NumberColumn(format="%.1f"),
        }
        st.dataframe(
            found,
            hide_index=True,
            height=38 + 35 * len(found),
            column_config=columns,
            alt=say("water_budget", language),
        )
        st.caption(say("budget_error", language, error=f"{run.budget.error_relative:.1e}"))
    if len(frames) < 2:
        return
    series = {
        PARTS[name][index(language)]: [f["parts"].get(name, 0.0) for f in frames]
        for name in PARTS
        if abs(run.budget.parts.get(name, 0.0)) > SEEN * all_water(run.budget)
    }
    series[say("stored", language)] = [f["stored"] for f in frames]
    with right:
        st.altair_chart(
            lines(
                city,
                run.id,
                [f["time"] for f in frames],
                series,
                say("column_volume", language),
                say("hours", language),
            ),
            alt=say("budget_alt", language),
        )


def all_water(budget: Budget) -> float:
    """Return what was there at the start and came in, in m3."""
    return budget.inflow + budget.parts.get("stored_at_start", 0.0)


def table(budget: Budget, language: str) -> pd.DataFrame:
    """Return every term in m3 and as a share of all water: parts, then sums; what is 0 is left in."""
    import pandas as pd

    rows = [(PARTS[name][index(language)], float(budget.parts[name])) for name in PARTS if name in budget.parts]
    rows += [(name, value) for name, value in sorted(budget.parts.items()) if name not in PARTS]
    sums = {"sum_in": budget.inflow, "sum_out": budget.outflow, "stored": budget.stored}
    rows += [(say(key, language), value) for key, value in sums.items()]
    most = max(all_water(budget), 1e-9)
    return pd.DataFrame(
        {
            say("column_part", language): [name for name, _ in rows],
            say("column_volume", language): [value for _, value in rows],
            say("column_share", language): [100 * value / most for _, value in rows],
        }
    )
