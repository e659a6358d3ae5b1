"""A fire at the moment of the map and over its run: what has burnt, which buildings are in which state, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from viewer import blaze, palette, pictures
from viewer.blaze import STATES, Fate
from viewer.layers.burning import names, origin
from viewer.moments import short
from viewer.page.charts import lines
from viewer.plain import markup, plain
from viewer.quantities import class_names
from viewer.words import known_label, say

if TYPE_CHECKING:
    import pandas as pd

    from twin.store import City
    from viewer.layers import At

#: rows of the table of buildings
ROWS = 300


def show(city: City, at: At, moment: str) -> None:
    """Draw figures of the moment, the course of the fire, its causes, and the buildings that burnt in their order."""
    language, fates = at.language, blaze.fates(city, at.run)
    ground = blaze.burnt_hectares(city, at.run)
    if not (fates or ground):
        return
    index = at.index if at.time is not None else len(pictures.frames(city, at.run).times) - 1
    note = f"{markup(moment)} · {say('burning_note', language)}"
    st.html(f'<h2>{say("burning", language)}</h2><div class="note">{note}</div>')
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.dataframe(of_now(fates, ground, index, language), hide_index=True, alt=say("burning", language))
        if any(fate.ignited is not None for fate in fates):
            st.html(f"<h3>{say('causes', language)}</h3>")
            st.dataframe(of_causes(fates, language), hide_index=True, alt=say("causes", language))
    with right:
        _course(city, at, fates, ground)
    _order(city, at, [fate for fate in fates if fate.ignited is not None])


def _course(city: City, at: At, fates: tuple[Fate, ...], ground: tuple[float, ...]) -> None:
    language, times = at.language, pictures.frames(city, at.run).times
    if len(times) < 2:
        return
    scale = palette.scale("building_fire")
    if fates:
        each = [blaze.counts(fates, i) for i in range(len(times))]
        series = {name: [row[i] for row in each] for i, name in enumerate(class_names(scale, language))}
        st.altair_chart(
            lines(
                city, at.run, times, series, say("column_buildings", language), say("hours", language), scale.colours
            ),
            alt=say("states_alt", language),
        )
    if any(ground):
        title = say("burnt_ground", language)
        st.altair_chart(
            lines(city, at.run, times, {title: ground}, say("hectares", language), say("hours", language), height=160),
            alt=say("burnt_alt", language),
        )


def _order(city: City, at: At, burnt: list[Fate]) -> None:
    language = at.language
    if not burnt:
        st.info(say("burning_none", language))
        return
    st.html(f"<h3>{say('order', language)}</h3>")
    st.dataframe(
        of_buildings(city, at, burnt[:ROWS]),
        hide_index=True,
        height=38 + 35 * min(len(burnt), 8),
        alt=say("order", language),
    )
    st.caption(say("buildings_shown", language, shown=min(len(burnt), ROWS), total=len(burnt)))


def of_now(fates: tuple[Fate, ...], ground: tuple[float, ...], index: int, language: str) -> pd.DataFrame:
    """Return the ground that burns or has burnt, and the buildings by state, at a frame and at the end."""
    import pandas as pd

    table: dict[str, list[Any]] = {say(key, language): [] for key in ("column_what", "column_then", "column_at_end")}
    what, then, end = table.values()
    if ground:
        what.append(say("burnt_ground", language))
        then.append(f"{ground[index]:,.1f} ha")
        end.append(f"{ground[-1]:,.1f} ha")
    now, last = blaze.counts(fates, index), blaze.counts(fates, -1)
    for name, n, m in zip(class_names(palette.scale("building_fire"), language), now, last, strict=True):
        what.append(name)
        then.append(say("count_buildings", language, n=n))
        end.append(say("count_buildings", language, n=m))
    return pd.DataFrame(table)


def of_causes(fates: tuple[Fate, ...], language: str) -> pd.DataFrame:
    """Return how many buildings each cause set on fire over the run."""
    import pandas as pd

    rows = blaze.causes(fates)
    return pd.DataFrame(
        {
            say("column_cause", language): [plain(known_label("cause", cause, language)) for cause in rows],
            say("column_buildings", language): list(rows.values()),
        }
    )


def of_buildings(city: City, at: At, burnt: list[Fate]) -> pd.DataFrame:
    """Return one row per building that burnt, in the order in which they began."""
    import pandas as pd

    language = at.language
    called = names(city, language)
    states = ["", *class_names(palette.scale("building_fire"), language)]
    return pd.DataFrame(
        {
            say("column_ignited", language): [short(city, at.run, f.ignited or 0.0) for f in burnt],
            say("column_building", language): [called.get(f.id, plain(f.id)) for f in burnt],
            say("column_cause", language): [origin(city, f, language) for f in burnt],
            say("column_ended", language): [
                "–" if f.ended is None or f.state(-1) <= STATES.index("burning") + 1 else short(city, at.run, f.ended)
                for f in burnt
            ],
            say("column_state_end", language): [states[f.state(-1)] for f in burnt],
        }
    )
