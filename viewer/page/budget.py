"""Where water or heat came from, where it went and what is left: over the run and at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from twin.names import PARTS, readable
from viewer.hazards import budgets
from viewer.page.charts import lines
from viewer.record import ensemble, record
from viewer.words import index, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.model.run import Budget, Run
    from twin.store import City
    from viewer.page.head import Subject

#: least share of all that there is that a line of the chart has
SEEN = 0.002


def show(city: City, subject: Subject) -> None:
    """Draw the budgets of the run, one for each hazard that keeps one; nothing without one."""
    run = subject.run
    if run is None:
        return
    frames = record(city, run.id).get("budget_per_frame") or []
    for number, budget in enumerate(budgets(run)):
        # of several hazards, those after the first stand in each frame under `also`
        of_frames = [f if not number else f["also"][number - 1] | {"time": f["time"]} for f in frames]
        if budget.inflow or budget.outflow or budget.stored:
            _budget(city, run, budget, of_frames, subject.language)


def _budget(city: City, run: Run, budget: Budget, frames: list[dict[str, Any]], language: str) -> None:
    kind = kind_of(budget)
    shown, size = readable(budget.unit, whole(budget))
    title = say(f"budget_{kind}", language)
    note = "budget_of_members" if ensemble(city, run.id) else f"budget_note_{kind}"
    st.html(f'<h2>{title}</h2><div class="note">{say(note, language)}</div>')
    left, right = st.columns([2, 3], gap="medium")
    with left:
        found = table(budget, language)
        columns = {
            say(f"column_amount_{shown}", language): st.column_config.NumberColumn(
                format="%,.0f" if kind == "water" else "%,.1f"
            ),
            say(f"column_share_{kind}", language): st.column_config.NumberColumn(format="%.1f"),
        }
        st.dataframe(found, hide_index=True, height=38 + 35 * len(found), column_config=columns, alt=title)
        st.caption(say("budget_error", language, error=f"{budget.error_relative:.1e}"))
    if len(frames) < 2:
        return
    series = {
        PARTS[name][index(language)]: [f["parts"].get(name, 0.0) / size for f in frames]
        for name in PARTS
        if abs(budget.parts.get(name, 0.0)) > SEEN * whole(budget) and not name.endswith("_at_start")
    }
    if kind != "fuel":  # against the fuel of a district what burns of it is a line along the ground
        series[say(f"sum_stored_{kind}", language)] = [f["stored"] / size for f in frames]
    if not series:
        series[say(f"sum_out_{kind}", language)] = [f["out"] / size for f in frames]
    with right:
        st.altair_chart(
            lines(
                city,
                run.id,
                [f["time"] for f in frames],
                series,
                say(f"column_amount_{shown}", language),
                say("hours", language),
            ),
            alt=say("budget_alt", language, budget=title),
        )


def kind_of(budget: Budget) -> str:
    """Return what a budget is of: "water"; "fuel" that burns, or "heat" that a fire gives off into rooms."""
    if budget.unit == "m3":
        return "water"
    return "fuel" if "fuel_at_start" in budget.parts else "heat"


def whole(budget: Budget) -> float:
    """Return what was there at the start and came in, in the budget's unit."""
    there = ("stored_at_start", "fuel_at_start")
    return budget.inflow + sum(budget.parts.get(name, 0.0) for name in there)


def table(budget: Budget, language: str) -> pd.DataFrame:
    """Return every term as an amount and as a share of all there is: parts, then sums; what is 0 is left in."""
    import pandas as pd

    kind = kind_of(budget)
    shown, size = readable(budget.unit, whole(budget))
    rows = [(PARTS[name][index(language)], float(budget.parts[name])) for name in PARTS if name in budget.parts]
    # some name among the parts what is a sum
    rows += [(name, value) for name, value in sorted(budget.parts.items()) if name not in PARTS and name != "stored"]
    sums = {"in": budget.inflow, "out": budget.outflow, "stored": budget.stored}
    rows += [(say(f"sum_{key}_{kind}", language), value) for key, value in sums.items()]
    most = max(whole(budget), 1e-9)
    return pd.DataFrame(
        {
            say("column_part", language): [name for name, _ in rows],
            say(f"column_amount_{shown}", language): [round(value / size, 1) + 0.0 for _, value in rows],
            say(f"column_share_{kind}", language): [100 * value / most for _, value in rows],
        }
    )
