"""Where everything comes from: one row per file that was loaded."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import streamlit as st

from viewer.plain import plain
from viewer.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.store import City
    from twin.store.sources import SourceRow
    from viewer.page.head import Subject


def show(city: City, subject: Subject) -> None:
    """Draw the table of sources."""
    language = subject.language
    st.html(f"<h2>{say('sources', language)}</h2>")
    rows = city.sources.list()
    if not rows:
        st.info(say("sources_none", language))
        return
    st.dataframe(
        table(rows, city.zone, language),
        hide_index=True,
        height=38 + 35 * min(len(rows), 20),
        alt=say("sources", language),
    )


def table(rows: Sequence[SourceRow], zone: str, language: str) -> object:
    """Return file, format, licence, time of loading and checksum of each source."""
    import pandas as pd

    here = ZoneInfo(zone)
    return pd.DataFrame(
        {
            say("column_file", language): [plain(PurePath(s.file).name) for s in rows],
            say("column_reader", language): [plain(s.reader) for s in rows],
            say("column_licence", language): [plain(s.licence or say("licence_unknown", language)) for s in rows],
            say("column_loaded", language): [f"{s.recorded_at.astimezone(here):%Y-%m-%d %H:%M}" for s in rows],
            say("column_sha", language): [s.sha256[:12] for s in rows],
        }
    )
