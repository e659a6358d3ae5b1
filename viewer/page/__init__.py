"""The first page: a city, what a run does to it, and what is known about both. Read from top to bottom.

Each part is one file with one function `show`. A part that fails says so in its place; the others stay.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from twin.errors import TwinError
from viewer import desk
from viewer.facts import name_of
from viewer.page import head, impact, model, sensors, sources, stage
from viewer.plain import SENTENCE, markdown
from viewer.words import say

if TYPE_CHECKING:
    from twin.store import City
    from viewer.page.head import Subject

log = logging.getLogger(__name__)


def show() -> None:
    """Draw the page for the city of this process."""
    language = head.language()
    city = desk.city()
    st.set_page_config(page_title=f"{name_of(city)} · {say('product', language)}", layout="wide")
    st.html(Path(__file__).parent.parent / "style.css")
    subject = head.show(city, language)
    for part in (stage.show, impact.show, sensors.show, sources.show, model.show):
        attempt(part, city, subject)


def attempt(part: Callable[[City, Subject], None], city: City, subject: Subject) -> None:
    """Draw one part; an error of ours is told to the reader, with its sentence, and logged."""
    try:
        part(city, subject)
    except TwinError as error:
        log.exception("a part of the page failed")
        st.error(say("trouble", subject.language, message=markdown(error, SENTENCE)))
