"""How the plan did on weather it was not made for, against four other courses; and how good the forecasts were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from twin.names import MEASURE_NAMES
from twin.runs import score_of
from viewer import palette
from viewer.page.proposal import number
from viewer.plain import markup
from viewer.response import command, told
from viewer.words import index, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt
    import pandas as pd

    from twin.store import City
    from viewer.page.head import Subject

#: courses in the order of the table; those that the plan is held against
COURSES, OTHERS = ("none", "nearest", "sop", "plan", "hindsight"), ("none", "nearest", "sop")


def show(city: City, subject: Subject) -> None:
    """Draw the score of a run, or the command that makes one."""
    language, run = subject.language, subject.run
    assert run is not None
    st.html(f"<h2>{say('page_score', language)}</h2>")
    facts = score_of(city, run.id)
    if facts is None:
        st.info(say("score_none", language))
        st.code(command("twin", "score", city.path.name, run.id), language=None, wrap_lines=True)
        return
    note = say("score_note", language, members=facts["members"], cell=facts["cell"])
    st.html(f'<div class="note">{markup(note, 300)}</div>')
    _figures(facts, language)
    st.html(f"<h3>{say('score_head', language)}</h3>")
    st.dataframe(of_courses(facts, language), hide_index=True, alt=say("score_head", language))
    if any(facts["against"][other]["ratio"] is not None for other in OTHERS):
        st.altair_chart(chart(facts, language), alt=say("ratio_alt", language))
    others = of_measures(facts, language)
    if len(others):
        st.html(f"<h3>{say('other_measures', language)}</h3>")
        st.dataframe(others, hide_index=True, alt=say("other_measures", language))


def verdict(row: Mapping[str, Any], language: str) -> str:
    """Return whether the plan is better than another course, worse, or neither can be said."""
    if row["better"]:
        return say("score_better", language)
    return say("score_worse" if row["high"] < 0 else "score_open", language)


def _figures(facts: Mapping[str, Any], language: str) -> None:
    columns = st.columns(4)
    for column, other in zip(columns, OTHERS, strict=False):
        row = facts["against"][other]
        value, note = say("ratio_none", language), verdict(row, language)
        if row["ratio"] is not None:
            value = say("ratio_value", language, ratio=row["ratio"])
            note = say("ratio_note", language, low=row["ratio_low"], high=row["ratio_high"], verdict=note)
        label = say("kpi_against", language, course=say(f"course_{other}", language))
        column.metric(label, value, note, delta_color="off", delta_arrow="off", border=True)
    regret = facts["regret"]
    value = say("regret_nothing", language) if regret is None else f"{100 * regret:,.0f} %"
    note = "regret_nothing_note" if regret is None else "kpi_regret_note"
    columns[-1].metric(
        say("kpi_regret", language),
        value,
        say(note, language),
        delta_color="off",
        delta_arrow="off",
        border=True,
    )


def of_courses(facts: Mapping[str, Any], language: str) -> pd.DataFrame:
    """Return one row per course: its exposure, what the plan saves against it, their ratio, and what that says."""
    import pandas as pd

    table: dict[str, list[str]] = {
        say(f"column_{name}", language): [] for name in ("course", "exposure", "saved", "ratio", "better")
    }
    for course in COURSES:
        values = facts["measures"]["exposure"][course] if "exposure" in facts["measures"] else [0.0]
        row = facts["against"].get(course)
        saved = ratio = said = say("score_itself", language)
        if row is not None:
            saved = f"{number(row['saved'])} ({number(row['low'])} … {number(row['high'])})"
            said = verdict(row, language)
            if row["ratio"] is not None:
                ratio = f"{row['ratio']:.2f} ({row['ratio_low']:.2f} – {row['ratio_high']:.2f})"
        cells = (say(f"course_{course}", language), f"{sum(values) / len(values):,.0f}", saved, ratio, said)
        for column, text in zip(table.values(), cells, strict=True):
            column.append(text)
    return pd.DataFrame(table)


def of_measures(facts: Mapping[str, Any], language: str) -> pd.DataFrame:
    """Return the mean over members of every other measure, by course."""
    import pandas as pd

    rows = [name for name in facts["measures"] if name != "exposure"]
    means = {
        course: [sum(facts["measures"][name][course]) / len(facts["measures"][name][course]) for name in rows]
        for course in COURSES
    }
    return pd.DataFrame(
        {
            say("column_measure_of", language): [MEASURE_NAMES[name][index(language)] for name in rows],
            **{say(f"course_{course}", language): [f"{mean:,.0f}" for mean in means[course]] for course in COURSES},
        }
    )


def chart(facts: Mapping[str, Any], language: str) -> alt.LayerChart | alt.FacetChart:
    """Return the ratio of exposure, plan to course, with its interval, and 1 marked."""
    import altair as alt
    import pandas as pd

    found = [(other, facts["against"][other]) for other in OTHERS if facts["against"][other]["ratio"] is not None]
    labels = [say(f"course_{other}", language) for other, _ in found]
    rows = pd.DataFrame(
        {"name": labels} | {key: [row[key] for _, row in found] for key in ("ratio", "ratio_low", "ratio_high")}
    )
    ink, accent = palette.css(palette.base("ink")), palette.css(palette.base("ordered"))
    y = alt.Y("name:N", sort=labels, title=None, axis=alt.Axis(labelLimit=160))
    title = say("ratio_chart_title", language)
    one = alt.Chart(pd.DataFrame({"one": [1.0]})).mark_rule(color=ink, strokeDash=[4, 3]).encode(x="one:Q")
    bars = (
        alt.Chart(rows)
        .mark_rule(color=accent, strokeWidth=3)
        .encode(
            y=y,
            x=alt.X("ratio_low:Q", title=title, scale=alt.Scale(zero=False, padding=14), axis=alt.Axis(tickCount=8)),
            x2="ratio_high:Q",
        )
    )
    dots = (
        alt.Chart(rows)
        .mark_point(fill="white", filled=True, size=80, stroke=accent, strokeWidth=2, opacity=1)
        .encode(y=y, x=alt.X("ratio:Q", title=title))
    )
    return alt.layer(one, bars, dots).properties(height=50 + 34 * len(found))


def forecast(city: City, subject: Subject) -> None:
    """Draw how good the forecasts of a run were: Brier score, and reliability as diagram and table."""
    language, run = subject.language, subject.run
    assert run is not None
    facts = told(city, run.id)["forecast"]
    st.html(f"<h2>{say('forecast_score', language)}</h2>")
    if facts["brier"] is None:
        st.info(say("forecast_none", language))
        return
    st.html(f'<div class="note">{markup(say("forecast_note", language, homes=facts["homes"]), 300)}</div>')
    better = "brier_better" if facts["brier"] < facts["brier_of_the_mean"] else "brier_worse"
    left, right = st.columns([2, 3], gap="medium")
    with left:
        note = say("kpi_brier_note", language, mean=facts["brier_of_the_mean"], verdict=say(better, language))
        value = f"{facts['brier']:.3f}"
        st.metric(say("kpi_brier", language), value, note, delta_color="off", delta_arrow="off", border=True)
        frame = of_reliability(facts["reliability"], language)
        st.dataframe(frame, hide_index=True, height=38 + 35 * len(frame), alt=say("reliability_alt", language))
    with right:
        st.altair_chart(reliability(facts["reliability"], language), alt=say("reliability_alt", language))


def of_reliability(rows: list[dict[str, float]], language: str) -> pd.DataFrame:
    """Return one row per tenth of chance: what was forecast and what came, in percent, and how many."""
    import pandas as pd

    return pd.DataFrame(
        {
            say("column_forecast_chance", language): [f"{100 * row['chance']:.0f}" for row in rows],
            say("column_came", language): [f"{100 * row['came']:.0f}" for row in rows],
            say("column_forecasts", language): [f"{int(row['forecasts']):,}" for row in rows],
        }
    )


def reliability(rows: list[dict[str, float]], language: str) -> alt.LayerChart | alt.FacetChart:
    """Return forecast chance against how often it came, dots by the number of forecasts, with the diagonal."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(
        [{"chance": 100 * r["chance"], "came": 100 * r["came"], "n": int(r["forecasts"])} for r in rows]
    )
    ink, accent = palette.css(palette.base("line")), palette.css(palette.base("sensor"))
    axis = alt.Scale(domain=[0, 100])
    x = alt.X("chance:Q", title=say("column_forecast_chance", language), scale=axis)
    y = alt.Y("came:Q", title=say("column_came", language), scale=axis)
    ends = pd.DataFrame({"chance": [0, 100], "came": [0, 100]})
    diagonal = alt.Chart(ends).mark_line(color=ink, strokeDash=[5, 4], strokeWidth=1.5).encode(x=x, y=y)
    line = alt.Chart(frame).mark_line(color=accent, strokeWidth=2).encode(x=x, y=y)
    size = alt.Size(
        "n:Q",
        title=say("column_forecasts", language),
        scale=alt.Scale(range=[40, 500]),
        legend=alt.Legend(orient="top"),
    )
    dots = alt.Chart(frame).mark_circle(color=accent, opacity=0.9).encode(x=x, y=y, size=size)
    return alt.layer(diagonal, line, dots).properties(height=380)
