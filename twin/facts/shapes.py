"""How tables of an assessment are shaped: their type, and figures that all of them write the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Table = tuple[str, tuple[str, ...], list[tuple[object, ...]]]
"""Title with the rules that hold, headings, rows."""

COUNTED = ("buildings", "people", "damage 억원")
"""Headings of `counted`."""


def counted(group: Mapping[str, Any]) -> tuple[object, ...]:
    """Return the cells of a group of buildings: how many, their people, their damage in 100 million won."""
    return group["buildings"], f"{group['people']:,.0f}", f"{group['damage_krw'] / 1e8:,.1f}"


def minutes(seconds: float | None) -> str:
    """Return a time in whole minutes, nothing where there is none."""
    return "" if seconds is None else f"{seconds / 60:.0f}"
