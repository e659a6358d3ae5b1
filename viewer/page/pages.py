"""Which pages there are, and which the reader looks at ("?page=queue"); those of a response only where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from viewer.page import (
    budget,
    chance,
    decisions,
    figures,
    findings,
    impact,
    model,
    proof,
    queue,
    register,
    score,
    sensors,
    sources,
    stage,
)
from viewer.response import answered
from viewer.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin.store import City
    from viewer.page.head import Subject

    Part = Callable[[City, Subject], None]

#: page -> its parts, from top to bottom
PAGES: dict[str, tuple[Part, ...]] = {
    "city": (
        figures.show,
        stage.show,
        chance.show,
        impact.show,
        budget.show,
        findings.show,
        sensors.show,
        sources.show,
        model.show,
    ),
    "queue": (queue.show,),
    "proof": (proof.show,),
    "decisions": (decisions.show, decisions.journal),
    "score": (score.show, score.forecast),
    "register": (register.show,),
}

#: pages that every city has
ALWAYS = ("city", "register")


def choose(city: City, subject: Subject) -> tuple[Part, ...]:
    """Draw the choice of pages and return the parts of the chosen one."""
    run = "" if subject.run is None else subject.run.id
    there = tuple(PAGES) if answered(city, run) else ALWAYS
    asked = st.query_params.get("page", there[0])
    asked = asked if asked in there else there[0]
    st.session_state["page"] = asked

    def switch() -> None:
        st.query_params["page"] = st.session_state["page"] or asked

    st.segmented_control(
        say("pages", subject.language),
        there,
        format_func=lambda name: say(f"page_{name}", subject.language),
        key="page",
        on_change=switch,
        required=True,
        label_visibility="collapsed",
    )
    return PAGES[asked]
