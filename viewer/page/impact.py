"""The table twin of the map: the same figures by class and by building, of the water and of the fire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from twin.names import KINDS
from viewer import hazards, palette
from viewer.damage import fire, flood
from viewer.page import fire_impact
from viewer.plain import plain
from viewer.words import kind_label, known_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City
    from viewer.page.head import Subject

#: rows of the table of buildings
ROWS = 500


def show(city: City, subject: Subject) -> None:
    """Draw the impact of the run, of each hazard that has one; nothing without a run."""
    run = subject.run
    if run is None or run.status == "failed":
        return
    if hazards.burns(city, run.id):
        fire_impact.show(city, run.id, fire(city, run.id), subject.language)
    if hazards.floods(city, run.id):
        _flood(flood(city, run.id), subject.language)


def _flood(facts: dict[str, Any], language: str) -> None:
    st.html(f'<h2>{say("impact", language)}</h2><div class="note">{say("impact_note", language)}</div>')
    wet = costliest(facts["buildings"])
    if not wet:
        st.info(say("impact_none", language))
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.html(f"<h3>{say('by_class', language)}</h3>")
        _table(by_class(facts, language), "by_class", language)
        _facilities(facts["facilities"], language)
    with right:
        st.html(f"<h3>{say('column_building', language)}</h3>")
        _table(by_building(wet[:ROWS], language), "impact", language, height=430)
        st.caption(say("impact_first", language, shown=min(len(wet), ROWS), total=len(wet)))


def _facilities(facilities: list[dict[str, Any]], language: str) -> None:
    if not facilities:
        st.caption(say("facilities_none", language))
        return
    st.html(f"<h3>{say('facilities', language)}</h3>")
    _table(by_facility(facilities, language), "facilities", language, height=38 + 35 * min(len(facilities), 4))


def _table(frame: pd.DataFrame, alt: str, language: str, height: int | None = None) -> None:
    whole = ("column_buildings", "column_residents", "column_damage")
    columns: dict[str, Any] = {say(k, language): st.column_config.NumberColumn(format="%,d") for k in whole}
    columns[say("column_damage_eok", language)] = st.column_config.NumberColumn(format="%,.1f")
    columns[say("column_depth", language)] = st.column_config.NumberColumn(format="%.2f")
    st.dataframe(frame, hide_index=True, height=height or "auto", column_config=columns, alt=say(alt, language))


def costliest(buildings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the affected buildings, the greatest damage first."""
    return sorted(buildings, key=lambda b: (-float(b["damage_krw"]), -float(b["depth_max"]), str(b["id"])))


def by_class(facts: dict[str, Any], language: str) -> pd.DataFrame:
    """Return buildings, residents and damage per class of depth as the assessment counted them, and their sums."""
    import pandas as pd

    bands = facts["by_depth"]
    labels = [*palette.scale("depth").labels, say("total", language)]
    residents, damage = [float(b["people"]) for b in bands], [float(b["damage_krw"]) for b in bands]
    buildings = [int(b["buildings"]) for b in bands]
    return pd.DataFrame(
        {
            say("column_class", language): labels,
            say("column_buildings", language): [*buildings, sum(buildings)],
            say("column_residents", language): [round(r) for r in (*residents, sum(residents))],
            say("column_damage_eok", language): [round(d / 1e8, 1) for d in (*damage, sum(damage))],
        }
    )


def class_labels(rows: list[dict[str, Any]]) -> list[str]:
    """Return the class of depth of each row as text."""
    scale = palette.scale("depth")
    classes = scale.classify(np.asarray([float(r["depth_max"]) for r in rows], np.float64))
    return [scale.labels[c] if c >= 0 else "" for c in classes.tolist()]


def by_building(rows: list[dict[str, Any]], language: str) -> pd.DataFrame:
    """Return one row per building. Names stand in text cells, where nothing in them has a meaning."""
    import pandas as pd

    return pd.DataFrame(
        {
            say("column_building", language): [plain(b["name"] or b["id"]) for b in rows],
            say("column_use", language): [plain(known_label("use", str(b["use"]), language)) for b in rows],
            say("column_depth", language): [float(b["depth_max"]) for b in rows],
            say("column_class", language): class_labels(rows),
            say("column_residents", language): [round(float(b["residents"])) for b in rows],
            say("column_damage", language): [round(float(b["damage_krw"]) / 1e4) for b in rows],
        }
    )


def by_facility(rows: list[dict[str, Any]], language: str) -> pd.DataFrame:
    """Return one row per shelter or facility that water reaches."""
    import pandas as pd

    kinds = [
        known_label("use", str(f["class"]), language) if f["kind"] not in KINDS or f["class"] else
        kind_label(f["kind"], language)
        for f in rows
    ]  # fmt: skip
    return pd.DataFrame(
        {
            say("column_facility", language): [plain(f["name"] or f["id"]) for f in rows],
            say("column_kind", language): [plain(k) for k in kinds],
            say("column_depth", language): [float(f["depth_max"]) for f in rows],
            say("column_class", language): class_labels(rows),
        }
    )
