"""What a fire takes: buildings, people and money by state, by cause and by use, and each building that it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from twin.names import KINDS
from viewer import palette
from viewer.layers.burning import names
from viewer.moments import short
from viewer.plain import plain
from viewer.quantities import class_names
from viewer.record import ensemble
from viewer.words import kind_label, known_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City

#: rows of the table of buildings
ROWS = 500

#: words of the assessment for the states of buildings in a fire, in the order of their classes on the map
STATES = ("heated", "burning", "burnt_out", "extinguished")


def show(city: City, run: str, facts: dict[str, Any], language: str) -> None:
    """Draw the tables of a fire that has been assessed."""
    note = "fire_impact_note_members" if ensemble(city, run) else "fire_impact_note"
    st.html(f'<h2>{say("fire_impact", language)}</h2><div class="note">{say(note, language)}</div>')
    rows = costliest(facts["buildings"])
    if not rows:
        st.info(say("fire_impact_none", language))
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.html(f"<h3>{say('by_state', language)}</h3>")
        _table(by_state(facts["by_state"], language), "by_state", language)
        if facts["by_use"]:
            st.html(f"<h3>{say('by_use', language)}</h3>")
            _table(by_use(facts["by_use"], language), "by_use", language)
        _reached(city, run, facts, language)
    with right:
        st.html(f"<h3>{say('column_building', language)}</h3>")
        _table(by_building(city, run, rows[:ROWS], language), "fire_impact", language, height=430)
        st.caption(say("fire_impact_first", language, shown=min(len(rows), ROWS), total=len(rows)))


def _reached(city: City, run: str, facts: dict[str, Any], language: str) -> None:
    places, roads = facts["facilities"], facts["roads"]
    if places:
        st.html(f"<h3>{say('fire_facilities', language)}</h3>")
        frame = by_place(city, run, places, language)
        _table(frame, "fire_facilities", language, height=38 + 35 * min(len(frame), 4))
    else:
        st.caption(say("fire_facilities_none", language))
    if roads["total"]:
        st.caption(say("fire_roads", language, n=roads["closed_roads"], km=roads["closed_km"]))


def _table(frame: pd.DataFrame, alt: str, language: str, height: int | None = None) -> None:
    whole = ("column_buildings", "column_residents", "column_damage")
    columns: dict[str, Any] = {say(k, language): st.column_config.NumberColumn(format="%,d") for k in whole}
    columns[say("column_damage_eok", language)] = st.column_config.NumberColumn(format="%,.1f")
    st.dataframe(frame, hide_index=True, height=height or "auto", column_config=columns, alt=say(alt, language))


def costliest(buildings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the buildings that the fire reaches, the greatest damage first."""
    return sorted(buildings, key=lambda b: (-b["damage_krw"], b["ignited_s"] is None, b["ignited_s"] or 0.0, b["id"]))


def state_names(language: str) -> dict[str, str]:
    """Return what the states of the assessment are called on the map."""
    return dict(zip(STATES, class_names(palette.scale("building_fire"), language), strict=True))


def by_state(sums: dict[str, dict[str, Any]], language: str) -> pd.DataFrame:
    """Return buildings, people and damage by state at the end, and their sums."""
    called = state_names(language)
    return _sums({called.get(name, name): row for name, row in sums.items()}, say("column_state", language), language)


def by_use(sums: dict[str, dict[str, Any]], language: str) -> pd.DataFrame:
    """Return buildings, people and damage by use of the buildings that burn, the greatest damage first."""
    rows = sorted(sums.items(), key=lambda row: (-row[1]["damage_krw"], row[0]))
    named = {plain(known_label("use", name, language)): row for name, row in rows}
    return _sums(named, say("column_use", language), language)


def _sums(rows: dict[str, dict[str, Any]], title: str, language: str) -> pd.DataFrame:
    import pandas as pd

    each = list(rows.values())
    numbers = {key: [float(row[key]) for row in each] for key in ("buildings", "people", "damage_krw")}
    numbers = {key: [*values, sum(values)] for key, values in numbers.items()}
    return pd.DataFrame(
        {
            title: [*rows, say("total", language)],
            say("column_buildings", language): [int(n) for n in numbers["buildings"]],
            say("column_residents", language): [round(n) for n in numbers["people"]],
            say("column_damage_eok", language): [round(n / 1e8, 1) for n in numbers["damage_krw"]],
        }
    )


def by_building(city: City, run: str, rows: list[dict[str, Any]], language: str) -> pd.DataFrame:
    """Return one row per building that the fire reaches."""
    import pandas as pd

    called, states = names(city, language), state_names(language)
    return pd.DataFrame(
        {
            say("column_building", language): [called.get(b["id"], plain(b["id"])) for b in rows],
            say("column_use", language): [plain(known_label("use", str(b["use"]), language)) for b in rows],
            say("column_state", language): [states.get(b["state"], plain(b["state"])) for b in rows],
            say("column_ignited", language): [_clock(city, run, b["ignited_s"]) for b in rows],
            say("column_residents", language): [round(float(b["residents"])) for b in rows],
            say("column_damage", language): [round(float(b["damage_krw"]) / 1e4) for b in rows],
        }
    )


def by_place(city: City, run: str, rows: list[dict[str, Any]], language: str) -> pd.DataFrame:
    """Return one row per shelter or facility that the fire reaches, and when."""
    import pandas as pd

    kinds = [
        kind_label(p["kind"], language) if p["kind"] in KINDS and not p["class"]
        else known_label("use", p["class"], language)
        for p in rows
    ]  # fmt: skip
    return pd.DataFrame(
        {
            say("column_facility", language): [plain(p["name"] or p["id"]) for p in rows],
            say("column_kind", language): [plain(kind) for kind in kinds],
            say("column_reached", language): [_clock(city, run, p["arrival_s"]) for p in rows],
        }
    )


def _clock(city: City, run: str, seconds: float | None) -> str:
    return "–" if seconds is None else short(city, run, seconds)
