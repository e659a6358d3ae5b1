"""Sensors: the latest value of each series, and one series over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from viewer import palette, units
from viewer.layers.sensors import FIRST
from viewer.page.attempt import attempt
from viewer.plain import plain
from viewer.readings import Reading, latest, series
from viewer.words import say

if TYPE_CHECKING:
    import altair as alt

    from twin.store import City
    from viewer.page.head import Subject


def show(city: City, subject: Subject) -> None:
    """Draw the table of latest values and a chart of the series that the reader chooses."""
    st.fragment(attempt)(_sensors, city, subject)


def _sensors(city: City, subject: Subject) -> None:
    language = subject.language
    st.html(f"<h2>{say('sensors', language)}</h2>")
    readings = latest(city)
    if not readings:
        st.info(say("sensors_none", language))
        return
    things = len({r.thing for r in readings})
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.dataframe(
            table(readings, language),
            hide_index=True,
            height=min(330, 38 + 35 * len(readings)),
            alt=say("sensors", language),
        )
        st.caption(say("sensors_count", language, things=things, streams=len(readings)))
    with right:
        chosen = st.selectbox(
            say("series", language),
            range(len(readings)),
            index=next((i for i, r in enumerate(readings) if r.quantity in FIRST), 0),
            format_func=lambda i: f"{readings[i].name} · {plain(units.label(readings[i].quantity, language))}",
            key="series",
        )
        _series(city, readings[chosen], language)


def table(readings: list[Reading], language: str) -> object:
    """Return one row per series: place, quantity, latest value with unit, local time."""
    import pandas as pd

    return pd.DataFrame(
        {
            say("column_thing", language): [r.name for r in readings],
            say("column_quantity", language): [plain(units.label(r.quantity, language)) for r in readings],
            say("column_value", language): [r.text for r in readings],
            say("column_time", language): [r.clock for r in readings],
        }
    )


def _series(city: City, reading: Reading, language: str) -> None:
    time, value = series(city, reading)
    if not np.isfinite(value).any():
        st.info(say("series_none", language))
        return
    low, high = (units.text(float(v) / _factor(reading), reading.quantity, reading.unit) for v in _range(value))
    quantity = plain(units.label(reading.quantity, language))
    st.altair_chart(
        chart(time, value, f"{quantity} ({units.shown(reading.quantity, reading.unit).unit})"),
        alt=say("series_alt", language, thing=reading.name, quantity=quantity, low=low, high=high),
    )
    st.caption(say("series_gaps", language))


def _factor(reading: Reading) -> float:
    return units.shown(reading.quantity, reading.unit).factor


def _range(value: np.ndarray) -> tuple[float, float]:
    return float(np.nanmin(value)), float(np.nanmax(value))


def chart(time: np.ndarray, value: np.ndarray, title: str) -> alt.Chart:
    """Return a line over local time; NaN breaks the line."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame({"time": time, "value": value})
    line: alt.Chart = (
        alt.Chart(frame)
        .mark_line(color=palette.css(palette.base("sensor")), strokeWidth=1.5)
        .encode(
            x=alt.X("time:T", title=None, axis=alt.Axis(format="%m-%d %H:%M", labelAngle=0, tickCount=6)),
            y=alt.Y("value:Q", title=title, scale=alt.Scale(zero=False)),
        )
        .properties(height=230)
    )
    return line
