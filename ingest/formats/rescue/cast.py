"""The scenario of a RoboCup Rescue map: who and what stands on which of its areas when the exercise begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.formats.citymodel.gml import Elements
from ingest.formats.citymodel.gml_objects import local
from twin.errors import InputError, RefusedError
from twin.model.finding import Finding

SPACE = "urn:roborescue:map:scenario"
"""The namespace by which a scenario is known."""

MOST = 100_000
"""Entries beyond which a file is no such scenario; the rules of 2025 know some hundred."""

RAW = 10_000

SORTS: Mapping[str, tuple[str, str]] = {
    "refuge": ("shelter", "refuge"),
    "civilian": ("population", "civilian"),
    "firebrigade": ("feature", "fire_brigade"),
    "ambulanceteam": ("feature", "ambulance_team"),
    "policeforce": ("feature", "police_force"),
    "firestation": ("facility", "fire_station"),
    "ambulancecentre": ("facility", "ambulance_centre"),
    "policeoffice": ("facility", "police_station"),
    "fire": ("feature", "fire"),
    "hydrant": ("hydrant", "hydrant"),
    "gasstation": ("facility", "gas_station"),
}
"""Entry -> kind and class of the feature it becomes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `number` counts them from 1, `sort` is its name, `at` the area it names, "" where it names none."""

    number: int
    sort: str
    at: str
    said: Mapping[str, str]
    raw: str


def read_cast(path: Path) -> tuple[list[Entry], list[Finding]]:
    """Return the entries of a scenario in their order, and what is to be said about the file.

    Raises InputError (empty, not XML, not such a scenario) and RefusedError (a document type, far too many entries).
    """
    from lxml import etree

    entries: list[Entry] = []
    elements = Elements(path, ("{*}*",))
    for element in elements:
        if element.getparent() is None:
            continue
        said = {str(key).rpartition("}")[2]: str(value).strip() for key, value in element.attrib.items()}
        raw = str(etree.tostring(element, encoding="unicode", with_tail=False))[:RAW]
        entries.append(Entry(len(entries) + 1, local(element).lower(), said.get("location", ""), said, raw))
        if len(entries) > MOST:
            raise RefusedError(f"{path.name}: more than {MOST:,} entries, which no scenario has")
    root: Any = elements.root
    if root is None or root.tag != f"{{{SPACE}}}scenario":
        found = "nothing" if root is None else f"<{local(root)}>"
        raise InputError(f"{path.name}: not a RoboCup Rescue scenario: its root is {found}, not scenario of {SPACE}")
    return entries, elements.findings
