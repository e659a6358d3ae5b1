"""The head of the page: which city, which run, which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from viewer.facts import fictional, name_of, title_of
from viewer.moments import short
from viewer.plain import SENTENCE, markdown, markup
from viewer.record import ensemble, record
from viewer.response import answered, told
from viewer.words import LANGUAGES, say

if TYPE_CHECKING:
    from twin.model.run import Run
    from twin.store import City


@dataclass(frozen=True, slots=True)
class Subject:
    """What the page speaks of: a language and a run, None when the city has none."""

    language: str
    run: Run | None


def language() -> str:
    """Return the language that the address asks for ("?lang=en"), Korean otherwise."""
    asked = st.query_params.get("lang", LANGUAGES[0])
    return asked if asked in LANGUAGES else LANGUAGES[0]


def show(city: City, language: str) -> Subject:
    """Draw the head and return what the reader has chosen."""
    runs = sorted(city.runs.list(), key=lambda r: r.started, reverse=True)
    left, middle, right = st.columns([4, 5, 2], vertical_alignment="bottom", gap="medium")
    with left:
        made_up = fictional(city)
        badge = f'<span class="badge">{markup(say("fictional", language))}</span>' if made_up else ""
        note = f' <span class="note">{markup(say("fictional_note", language))}</span>' if made_up else ""
        st.html(
            f'<div class="head" lang="{language}"><div class="product">{markup(say("product", language))}{note}</div>'
            f"<h1>{markup(name_of(city))} {badge}</h1></div>"
        )
    with right:
        _languages(language)
    if not runs:
        st.info(say("no_run", language))
        return Subject(language, None)
    with middle:
        run = _choose(runs, language)
    if run.status != "done":
        _unfinished(city, run, language)
    return Subject(language, run)


def _unfinished(city: City, run: Run, language: str) -> None:
    """Say that a run did not come to its end, where it stopped, and why."""
    why = markdown(record(city, run.id).get("error") or "–", SENTENCE)
    waits = told(city, run.id)["waits_at"] if answered(city, run.id) else None
    if run.status == "failed":
        st.error(say("run_failed", language, why=why))
    elif ensemble(city, run.id):
        st.warning(say("ensemble_partial", language))
    elif waits is not None:
        st.warning(say("run_waits", language, clock=markdown(short(city, run.id, float(waits)))))
    else:
        st.warning(say("run_partial", language, minutes=f"{run.simulated_s / 60:g}", why=why))


def _languages(language: str) -> None:
    def switch() -> None:
        st.query_params["lang"] = st.session_state["language"] or language

    st.segmented_control(
        say("language", language),
        LANGUAGES,
        default=language,
        format_func=lambda code: say("language_name", code),
        key="language",
        on_change=switch,
        required=True,
        label_visibility="collapsed",
    )
    # the page is served as Korean; a reader who changes the language needs a speech engine of that language
    st.html(f"<script>document.documentElement.lang = '{language}'</script>", unsafe_allow_javascript=True)


def _choose(runs: list[Run], language: str) -> Run:
    known = {run.id: run for run in runs}
    asked = st.query_params.get("run", runs[0].id)
    if asked not in known:
        st.warning(say("unknown_run", language, run=markdown(asked)))
        asked = runs[0].id

    def switch() -> None:
        st.query_params["run"] = st.session_state["run"]
        st.query_params.pop("proposal", None)
        st.session_state.pop("frame", None)
        st.session_state["playing"] = False

    chosen = st.selectbox(
        say("run", language),
        list(known),
        index=list(known).index(asked),
        format_func=lambda i: f"{title_of(known[i], language)} · {i[:8]}",
        key="run",
        on_change=switch,
    )
    return known[chosen]
