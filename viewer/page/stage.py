"""The map with its clock and its legend, and the tables of that moment. Only this part runs when the clock moves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pydeck
import streamlit as st

from twin.rooms import discover
from viewer import camera, hazards, pictures, quantities
from viewer.facts import name_of
from viewer.ground import point, union
from viewer.layers import At, LayerView
from viewer.memo import remember
from viewer.moments import label, short
from viewer.page import below, burning, closures, deployed, engines, rooms
from viewer.page.attempt import attempt
from viewer.page.legend import legend
from viewer.record import ensemble
from viewer.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin.store import City
    from viewer.page.head import Subject

#: s between two frames of the playback
TICK = 1.0

#: px, height of the map, and its usual width beside the legend
HEIGHT, WIDTH = 620, 1000

#: degrees, how the map opens: how far it leans back, and what lies ahead
PITCH, BEARING = 45.0, -16.0


def show(city: City, subject: Subject) -> None:
    """Draw the map and what belongs to its moment; while it plays, it runs again by itself."""
    playing = bool(st.session_state.get("playing"))
    st.fragment(attempt, run_every=TICK if playing else None)(_stage, city, subject)


def _stage(city: City, subject: Subject) -> None:
    language, run = subject.language, subject.run
    drawn = run is not None and run.status != "failed" and run.frames > 0
    colour, quantity = _choices(city, subject) if drawn else _no_choices(language)
    map_place, legend_place = st.columns([4, 1], gap="medium")
    chart_place, clock_place = map_place.container(), map_place.container()  # on a phone the legend comes after both
    moves = run is not None and drawn and quantities.moving(pictures.frames(city, run.id), quantity)
    with clock_place:
        index = _clock(city, subject) if moves else 0
    time = pictures.frames(city, run.id).times[index] if run is not None and moves else None
    at = At(run.id if run is not None and drawn else "", quantity, index, colour, language, time)
    moment = _moment(city, at)
    with chart_place:
        st.pydeck_chart(
            pydeck.Deck(
                layers=layers(city, at),
                initial_view_state=view(city, at.run),
                map_provider=None,
                tooltip={"text": "{tip}", "style": TOOLTIP},
            ),
            height=HEIGHT,
            key="map",
            alt=say(
                "map_alt",
                language,
                city=name_of(city),
                buildings=city.features.count("building"),
                moment=moment,
                quantity=quantities.label(quantity, language) if quantity else "",
            ),
        )
    with legend_place:
        st.html(legend(city, at, moment))
    if at.run:
        for part in of_moment(city, at.run):
            attempt(partial(_of_moment, part, at, moment), city, subject)


def of_moment(city: City, run: str) -> tuple[Callable[[City, At, str], None], ...]:
    """Return the parts under the map that a run of these hazards has."""
    water, fire = hazards.floods(city, run), hazards.burns(city, run)
    return (
        deployed.show,
        *((burning.show, engines.show) if fire else ()),
        *((below.show, closures.show) if water else ()),
        *((rooms.show,) if hazards.indoors(city, run) else ()),
    )


def _of_moment(part: Callable[[City, At, str], None], at: At, moment: str, city: City, subject: Subject) -> None:
    del subject
    part(city, at, moment)


#: how the label under the pointer looks
TOOLTIP = {
    "backgroundColor": "#1d2a33",
    "color": "#ffffff",
    "fontSize": "13px",
    "lineHeight": "1.5",
    "borderRadius": "6px",
    "padding": "8px 12px",
    "maxWidth": "320px",
}


def _no_choices(language: str) -> tuple[str, str]:
    """Draw the heading; return what colours the buildings, and no quantity, where there is no run to show."""
    st.html(f"<h2>{say('map', language)}</h2>")
    return "height", ""


def _choices(city: City, subject: Subject) -> tuple[str, str]:
    """Draw the heading with its choices; return what colours the buildings and which quantity is shown."""
    language, run = subject.language, subject.run
    assert run is not None
    members = bool(ensemble(city, run.id))
    heading = f"<h2>{say('map', language)}</h2>"
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom", key="choices"):
        st.html(heading)
        of_buildings = hazards.building_colours(city, run.id)
        colour = "height"
        if not hazards.indoors(city, run.id):  # a fire inside a building shows its rooms
            colour = str(
                st.segmented_control(
                    say("colour", language),
                    of_buildings,
                    default=of_buildings[0],
                    format_func=lambda c: say(f"colour_{c}", language),
                    key=f"colour_{run.id}",
                    required=True,
                )
            )
        frames = pictures.frames(city, run.id)
        quantity = st.selectbox(
            say("quantity_shown", language),
            quantities.drawn(frames),
            format_func=lambda q: quantities.label(
                q, language, members=members, over_time=quantities.moving(frames, q)
            ),
            key=f"quantity_{run.id}",
            width=300,
        )
    return colour, str(quantity or "")


def _clock(city: City, subject: Subject) -> int:
    """Draw the time bar and return the frame that is shown. While it plays, each run of the fragment is one step."""
    language, run = subject.language, subject.run
    assert run is not None
    times = [float(t) for t in pictures.frames(city, run.id).times]
    last = len(times) - 1
    state = st.session_state
    state.setdefault("frame", pictures.fullest(city, run.id))
    if state.get("playing"):
        if state["frame"] >= last:
            state["playing"] = False
            st.rerun()
        state["frame"] += 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _step_button("back", ":material/skip_previous:", language, -1, last)
        playing = bool(state.get("playing"))
        icon = ":material/pause:" if playing else ":material/play_arrow:"
        if st.button(say("pause" if playing else "play", language), key="play", icon=icon, type="primary"):
            state["playing"] = not playing
            if state["frame"] >= last and not playing:
                state["frame"] = -1  # the next step is the first frame
            st.rerun()
        _step_button("forward", ":material/skip_next:", language, 1, last)
        if last > 0:
            st.select_slider(
                say("moment", language),
                range(last + 1),
                format_func=lambda i: short(city, run.id, times[i]),
                key="frame",
            )
    return int(min(state["frame"], last))


def _step_button(word: str, icon: str, language: str, by: int, last: int) -> None:
    def step() -> None:
        st.session_state["frame"] = min(max(st.session_state["frame"] + by, 0), last)

    st.button(say(word, language), key=word, icon=icon, on_click=step)


def _moment(city: City, at: At) -> str:
    if not at.run:
        return ""
    if at.time is None:
        return say("moment_max", at.language)
    return label(city, at.run, at.time, at.language)


def layers(city: City, at: At) -> list[pydeck.Layer]:
    """Return all layers that have something to show, the lowest first."""
    views = [v for v in discover("viewer.layers", "layer").values() if isinstance(v, LayerView)]
    decks = (v.deck(city, at) for v in sorted(views, key=lambda v: v.order))
    return [d for d in decks if d is not None]


@remember(size=8)
def view(city: City, run: str) -> pydeck.ViewState:
    """Return where the map opens: over what the run reaches, else over everything there is, seen from the south."""
    boxes = [pictures.reach(city, run)] if run else [r.bounds for r in city.rasters.list()]
    extent = city.features.extent()
    box = union(boxes or ([extent] if extent else []))
    if box is None:
        return pydeck.ViewState(longitude=127.5, latitude=36.5, zoom=6, pitch=0)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    _, middle = point(x, y, city.crs)
    # rooms are looked at as on a plan
    pitch, bearing, least = (0.0, 0.0, 1.0) if hazards.indoors(city, run) else (PITCH, BEARING, camera.LEAST)
    scale, east, north = camera.fit(box[2] - box[0], box[3] - box[1], pitch, bearing, WIDTH, HEIGHT, least)
    lon, lat = point(x + east, y + north, city.crs)
    zoom = camera.zoom(scale, middle)
    return pydeck.ViewState(
        longitude=lon, latitude=lat, zoom=zoom, pitch=pitch, bearing=bearing, max_pitch=75, min_zoom=9, max_zoom=24
    )
