"""The table twin of the map: the same figures by class and by building."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from viewer import palette
from viewer.damage import impact
from viewer.plain import plain
from viewer.words import known_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City
    from viewer.page.head import Subject

#: rows of the table of buildings
ROWS = 500


def show(city: City, subject: Subject) -> None:
    """Draw the impact of the run; nothing without one."""
    language = subject.language
    if subject.run is None or subject.run.status == "failed":
        return
    st.html(f'<h2>{say("impact", language)}</h2><p class="note">{say("impact_note", language)}</p>')
    facts = impact(city, subject.run.id)
    wet = flooded(facts)
    if not wet:
        st.info(say("impact_none", language))
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.html(f"<h3>{say('by_class', language)}</h3>")
        st.dataframe(
            by_class(wet, language), hide_index=True, alt=say("by_class", language), column_config=grouped(language)
        )
    with right:
        shown = min(len(wet), ROWS)
        st.html(f"<h3>{say('column_building', language)}</h3>")
        st.dataframe(
            by_building(wet[:ROWS], language),
            hide_index=True,
            height=286,
            alt=say("impact", language),
            column_config=grouped(language),
        )
        st.caption(say("impact_first", language, shown=shown, total=len(wet)))


def grouped(language: str) -> dict[str, object]:
    """Return how the columns of numbers look: thousands apart, depths with two decimals."""
    whole = ("column_buildings", "column_residents", "column_damage")
    columns: dict[str, object] = {say(k, language): st.column_config.NumberColumn(format="%,d") for k in whole}
    columns[say("column_damage_eok", language)] = st.column_config.NumberColumn(format="%,.1f")
    columns[say("column_depth", language)] = st.column_config.NumberColumn(format="%.2f")
    return columns


def flooded(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the buildings in a class of depth, the greatest damage first, each with its class as `class`."""
    buildings = facts["buildings"]
    classes = palette.scale("depth").classify(np.asarray([float(b["depth_max"]) for b in buildings]))
    wet = [{**b, "class": int(c)} for b, c in zip(buildings, classes, strict=True) if c >= 0]
    return sorted(wet, key=lambda b: (-float(b["damage_krw"]), str(b["id"])))


def by_class(wet: list[dict[str, Any]], language: str) -> pd.DataFrame:
    """Return buildings, residents and damage per class of depth, and their sums."""
    import pandas as pd

    rows = []
    for number, label in enumerate(palette.scale("depth").labels):
        rows.append((label, [b for b in wet if b["class"] == number]))
    rows.append((say("total", language), wet))
    return pd.DataFrame(
        {
            say("column_class", language): [label for label, _ in rows],
            say("column_buildings", language): [len(b) for _, b in rows],
            say("column_residents", language): [round(sum(float(x.get("residents") or 0) for x in b)) for _, b in rows],
            say("column_damage_eok", language): [round(sum(float(x["damage_krw"]) for x in b) / 1e8, 1) for _, b in rows],
        }
    )


def by_building(wet: list[dict[str, Any]], language: str) -> pd.DataFrame:
    """Return one row per building. Names stand in text cells, where nothing in them has a meaning."""
    import pandas as pd

    labels = palette.scale("depth").labels
    return pd.DataFrame(
        {
            say("column_building", language): [plain(b.get("name") or b["id"]) for b in wet],
            say("column_use", language): [plain(known_label("use", str(b.get("use") or ""), language)) for b in wet],
            say("column_depth", language): [round(float(b["depth_max"]), 2) for b in wet],
            say("column_class", language): [labels[b["class"]] for b in wet],
            say("column_damage", language): [round(float(b["damage_krw"]) / 1e4) for b in wet],
        }
    )
