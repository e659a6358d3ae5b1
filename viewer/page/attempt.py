"""A part of the page that fails says so in its place, in the reader's language, and the other parts stay."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from twin.errors import TwinError
from viewer.page.head import language
from viewer.plain import SENTENCE, markdown
from viewer.words import say

if TYPE_CHECKING:
    from twin.store import City
    from viewer.page.head import Subject

log = logging.getLogger(__name__)


def attempt(part: Callable[[City, Subject], None], city: City, subject: Subject) -> None:
    """Draw one part; an error of ours is told to the reader, with its sentence, and logged."""
    try:
        part(city, subject)
    except TwinError as error:
        log.exception("a part of the page failed")
        st.error(say("trouble", subject.language, message=markdown(error, SENTENCE)))


def unexpected(error: Exception) -> bool:
    """Tell the reader a number under which the log holds an error that nobody foresaw, not its text."""
    number = uuid4().hex[:8]
    log.error("error %s on a page", number, exc_info=error)
    st.error(say("unexpected", language(), number=number))
    return True
