"""What an assessment found, by hazard; of a run of several the joint sums, then what each does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from twin.facts.fire import fire_lines, fire_tables, room_lines, room_tables
from twin.facts.flood import flood_lines, flood_tables
from twin.facts.shapes import Table

LINES: Mapping[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "flood": flood_lines,
    "fire": fire_lines,
    "indoor_fire": room_lines,
}
TABLES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Table]]] = {
    "flood": flood_tables,
    "fire": fire_tables,
    "indoor_fire": room_tables,
}
"""Hazard -> how its part of an assessment is told."""


def impact_lines(facts: Mapping[str, Any]) -> list[str]:
    """Return the sums of an assessment for a person, a line each."""
    parts = _parts(facts)
    lines = [line for name, part in parts for line in LINES[name](part)]
    if len(parts) == 1:
        return lines
    return [
        (
            f"모두 함께 all hazards: 건물 buildings {facts['buildings_affected']:,}, "
            f"인구 people {facts['people_exposed']:,.0f}, 피해 damage {facts['damage_krw'] / 1e8:,.1f} 억원 "
            f"({facts['sum_rule']})"
        ),
        *lines,
    ]


def impact_tables(facts: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the tables of an assessment for a person: title with the limits that hold, headings, rows."""
    for name, part in _parts(facts):
        yield from TABLES[name](part)


def _parts(facts: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return each hazard of an assessment with what it does by itself."""
    if "hazards" not in facts:
        return [(_kind(facts), facts)]
    first, *others = facts["hazards"]
    return [(first, {**facts, **facts["alone"][first]}), *((name, facts[name]) for name in others)]


def _kind(facts: Mapping[str, Any]) -> str:
    """Return whose figures these are, by what is in them."""
    return "fire" if "by_state" in facts else "indoor_fire" if "rooms_detail" in facts else "flood"
