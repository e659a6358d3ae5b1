"""Rooms of a building on fire: the time to leave each against the time for which it can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from viewer.inside import Room, clock, rooms, verdict
from viewer.plain import markdown, plain
from viewer.record import record
from viewer.words import known_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City
    from viewer.layers import At


def show(city: City, at: At, moment: str) -> None:
    """Draw the table of rooms; nothing where the run has none."""
    del moment  # the times of a room are of the whole run
    language, found = at.language, rooms(city, at.run)
    if not found:
        return
    st.html(f'<h2>{say("rooms", language)}</h2><div class="note">{say("rooms_note", language)}</div>')
    state = next(iter(record(city, at.run).get("evacuation", [])), None)
    if state:
        st.caption(escaped(state, language))
    trapped = [room for room in found if room.trapped]
    if trapped:
        named = ", ".join(room.name for room in trapped[:6])
        st.error(say("rooms_trapped", language, n=len(trapped), rooms=markdown(named)))
    st.dataframe(
        table(found, language),
        hide_index=True,
        height=38 + 35 * min(len(found), 12),
        column_config={say("column_hottest", language): st.column_config.NumberColumn(format="%.0f")},
        alt=say("rooms", language),
    )


def escaped(state: dict[str, Any], language: str) -> str:
    """Return how many people are out at the end, when all were warned and when the last one left, in a sentence."""
    return say(
        "escaped",
        language,
        people=state["people"],
        out=state["out"],
        alarm=clock(state.get("alarm_s")),
        last=clock(state.get("last_out_s")),
    )


def table(found: tuple[Room, ...], language: str) -> pd.DataFrame:
    """Return one row per room: when it can no longer be used and why, when its people are out, and what is left."""
    import pandas as pd

    columns: dict[str, list[Any]] = {
        say("column_room", language): [room.name for room in found],
        say("column_storey", language): [room.storey for room in found],
        say("column_people", language): [room.people for room in found],
        say("column_untenable", language): [clock(room.untenable) for room in found],
        say("column_why", language): [plain(known_label("untenable", room.why, language)) or "–" for room in found],
        say("column_left", language): [clock(room.left) for room in found],
        say("column_margin", language): [verdict(room, language) for room in found],
        say("column_hottest", language): [room.hottest for room in found],
    }
    return pd.DataFrame({name: values for name, values in columns.items() if any(v not in (None, "") for v in values)})
