"""Roads and underpasses closed by water, by class of vehicle: at the moment of the map, and over the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from viewer.damage import impact
from viewer.moments import span
from viewer.page.charts import lines
from viewer.plain import markup, plain
from viewer.words import kind_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City
    from viewer.layers import At

#: rows of the table of closed roads
ROWS = 300


def show(city: City, at: At, moment: str) -> None:
    """Draw the tables and the course of the closed length; nothing where no road is known."""
    language, facts = at.language, impact(city, at.run)
    roads, under = facts["roads"], [u for u in facts["underpasses"] if any(u["closed"].values())]
    if not roads["total"]:
        return
    note = f"{markup(moment)} · {say('closures_note', language)}"
    st.html(f'<h2>{say("closures", language)}</h2><div class="note">{note}</div>')
    vehicles = {v["class"]: v["ko" if language == "ko" else "en"] for v in facts["rules"]["vehicles"]}
    if not roads["closed"] and not under:
        st.info(say("closures_none", language))
        return
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.dataframe(by_vehicle(roads, vehicles, at), hide_index=True, alt=say("closures", language))
        if len(roads["over_time"]) > 1:
            values = {name: [f[v]["closed_km"] for f in roads["over_time"]] for v, name in vehicles.items()}
            st.altair_chart(
                lines(
                    city,
                    at.run,
                    [f["time_s"] for f in roads["over_time"]],
                    values,
                    say("closed_km", language),
                    say("hours", language),
                ),
                alt=say("closures_alt", language),
            )
    with right:
        rows = [*(("underpass", u) for u in under), *(("road", r) for r in roads["closed"])]
        st.dataframe(
            closed_table(city, at, rows[:ROWS], vehicles),
            hide_index=True,
            height=38 + 35 * min(len(rows), 12),
            column_config={say("column_depth", language): st.column_config.NumberColumn(format="%.2f")},
            alt=say("closed_roads", language),
        )
        st.caption(say("rows_shown", language, shown=min(len(rows), ROWS), total=len(rows)))


def by_vehicle(roads: dict[str, Any], vehicles: dict[str, str], at: At) -> pd.DataFrame:
    """Return how many roads and km are closed to each class of vehicle at the moment, and at any time of the run."""
    import pandas as pd

    ever = roads["by_vehicle"]
    table: dict[str, list[Any]] = {say("column_vehicle", at.language): list(vehicles.values())}
    if at.time is not None and roads["over_time"]:
        here = roads["over_time"][at.index]
        table[say("column_roads_now", at.language)] = [here[v]["closed_roads"] for v in vehicles]
        table[say("column_km_now", at.language)] = [round(here[v]["closed_km"], 2) for v in vehicles]
    table[say("column_roads_ever", at.language)] = [ever[v]["closed_roads"] for v in vehicles]
    table[say("column_km_ever", at.language)] = [round(ever[v]["closed_km"], 2) for v in vehicles]
    return pd.DataFrame(table)


def closed_table(city: City, at: At, rows: list[tuple[str, dict[str, Any]]], vehicles: dict[str, str]) -> pd.DataFrame:
    """Return one row per closed underpass or road: its name, greatest depth, and when it is closed to whom."""
    import pandas as pd

    language = at.language
    return pd.DataFrame(
        {
            say("column_name", language): [plain(r["name"] or r["id"]) for _, r in rows],
            say("column_kind", language): [kind_label(kind, language) for kind, _ in rows],
            say("column_depth", language): [float(r["depth_max_m"]) for _, r in rows],
            **{
                name: [span(city, at.run, r["closed"].get(vehicle), language) for _, r in rows]
                for vehicle, name in vehicles.items()
            },
        }
    )
