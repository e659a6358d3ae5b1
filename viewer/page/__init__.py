"""The pages: a city and what a run does to it; how agents answered it; the public register. Read from top to bottom.

Each part is one file with one function `show`. A part that fails says so in its place; the others stay.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from viewer import desk
from viewer.facts import name_of
from viewer.page import head, pages
from viewer.page.attempt import attempt
from viewer.words import say


def show() -> None:
    """Draw the page that the reader asks for, of the city of this process."""
    language = head.language()
    city = desk.city()
    st.set_page_config(page_title=f"{name_of(city)} · {say('product', language)}", layout="wide")
    st.html(Path(__file__).parent.parent / "style.css")
    subject = head.show(city, language)
    for part in pages.choose(city, subject):
        attempt(part, city, subject)
