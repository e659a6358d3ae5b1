"""Underpasses, basements, pumps and gates at the moment of the map: what stands in them, since when, how far."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from viewer.below import Thing, limits, storages, works
from viewer.moments import short
from viewer.plain import markup, plain
from viewer.words import kind_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City
    from viewer.layers import At

#: rows of the table of basements
ROWS = 300


def show(city: City, at: At, moment: str) -> None:
    """Draw the tables; nothing where the run follows no such thing."""
    language = at.language
    under, cellars, moving = (
        storages(city, at.run, "underpass"),
        storages(city, at.run, "basement"),
        works(city, at.run),
    )
    if not (under or cellars or moving):
        return
    st.html(
        f'<h2>{say("below", language)}</h2><div class="note">{markup(moment)} · {say("below_note", language)}</div>'
    )
    for title, things in (("underpasses", under), ("basements", cellars)):
        if things:
            _storages(city, at, title, things)
    if moving:
        st.html(f"<h3>{say('works', language)}</h3>")
        _draw(of_works(at, moving), "works", at, len(moving))


def _storages(city: City, at: At, title: str, things: tuple[Thing, ...]) -> None:
    language = at.language
    reached = sum(bool(t.limits) or t.most > 0 for t in things)
    st.html(f"<h3>{say(title, language)}</h3>")
    _draw(of_storages(city, at, things[:ROWS]), title, at, len(things))
    if not any(t.limits for t in things) and reached:
        st.caption(say("limits_unknown", language))
    elif len(things) > ROWS:
        st.caption(say("rows_shown", language, shown=ROWS, total=len(things)))


def _draw(frame: pd.DataFrame, alt: str, at: At, rows: int) -> None:
    columns: dict[str, Any] = {
        say(key, at.language): st.column_config.NumberColumn(format=form)
        for key, form in (
            ("column_now", "%.2f"),
            ("column_most", "%.2f"),
            ("column_filled", "%.0f"),
        )
    }
    st.dataframe(
        frame, hide_index=True, height=38 + 35 * min(rows, 6), column_config=columns, alt=say(alt, at.language)
    )


def now(thing: Thing, at: At) -> float:
    """Return the value of a thing at the moment of the map; the greatest where the map shows the whole run."""
    return thing.most if at.time is None else float(thing.series[at.index])


def of_storages(city: City, at: At, things: tuple[Thing, ...]) -> pd.DataFrame:
    """Return one row per storage: depths, and where the run knows them its filling and when limits were passed."""
    import pandas as pd

    language = at.language
    shared = Counter(t.name for t in things)
    table: dict[str, list[Any]] = {
        say("column_name", language): [t.name if shared[t.name] == 1 else f"{t.name} ({plain(t.id)})" for t in things],
        say("column_now", language): [now(t, at) for t in things],
        say("column_most", language): [t.most for t in things],
    }
    if any(np.isfinite(t.share) for t in things):
        table[say("column_filled", language)] = [100 * t.share if np.isfinite(t.share) else None for t in things]
    for limit, depth in limits().items() if any(t.limits for t in things) else ():
        passed = [t.limits.get(limit) for t in things]
        title = say(f"limit_{limit}", language, depth=f"{depth:g}")
        table[title] = ["–" if s is None else short(city, at.run, s) for s in passed]
    return pd.DataFrame(table)


def of_works(at: At, things: tuple[Thing, ...]) -> pd.DataFrame:
    """Return one row per pump, gate or culvert: what it is, and what it does now and at most."""
    import pandas as pd

    language = at.language
    return pd.DataFrame(
        {
            say("column_name", language): [t.name for t in things],
            say("column_kind", language): [kind_label(t.kind, language) for t in things],
            say("column_work_now", language): [work(t.kind, now(t, at), language) for t in things],
            say("column_work_most", language): [work(t.kind, t.most, language) for t in things],
        }
    )


def work(kind: str, value: float, language: str) -> str:
    """Return what a pump (m3 s-1) or gate (share) does, in words."""
    if np.isnan(value):
        return "–"
    if kind == "pump":
        return say("pump_off", language) if value <= 0 else say("pump_on", language, rate=f"{value:.2f}")
    return say("gate_open", language, percent=f"{100 * value:.0f}")
