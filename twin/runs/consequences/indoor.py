"""What a fire inside a building means for its people: who is out, who was caught, which rooms and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from twin.errors import UsageError
from twin.runs.provenance import record

if TYPE_CHECKING:
    from twin.store import City


def indoor_facts(city: City, run: str) -> dict[str, Any]:
    """Return the figures of a run of an indoor fire; times in s from its start, None where there is none.

    people, people_out, people_inside, people_down   at the end of the run; down: they cannot go on by themselves
    people_exposed   who have been in a room while it was untenable
    people_caught    who were in a room at the moment in which it became untenable
    alarm_s, last_out_s
    rooms, rooms_untenable, rooms_short              short: somebody was still in it when it became untenable
    first_untenable_s, first_untenable, reasons      reason -> rooms that became untenable by it
    least_margin_s, least_margin                     between the last person out of a room and the end of its use
    hottest_c, hottest
    rooms_detail     the rooms, the first to become untenable first

    Raises UsageError for a run without rooms.
    """
    found = record(city, run)
    rooms: list[dict[str, Any]] = list(found.get("rooms", []))
    if not rooms:
        raise UsageError(f"run {run} has no rooms; it is no indoor fire, or its record is gone")
    state: Mapping[str, Any] = next(iter(found.get("evacuation", [])), {})
    lost = sorted((r for r in rooms if r["untenable_s"] is not None), key=lambda r: (r["untenable_s"], r["id"]))
    margins = [r for r in rooms if r["margin_s"] is not None]
    least = min(margins, key=lambda r: (r["margin_s"], r["id"]), default=None)
    hottest = max(rooms, key=lambda r: r["hottest_c"])
    return {
        "people": state.get("people", sum(r["people"] for r in rooms)),
        "people_out": state.get("out"),
        "people_inside": sum(r["inside"] for r in rooms),
        "people_down": sum(r["down"] for r in rooms),
        "people_exposed": state.get("exposed"),
        "people_caught": sum(r["caught"] for r in rooms),
        "alarm_s": state.get("alarm_s"),
        "last_out_s": state.get("last_out_s"),
        "rooms": len(rooms),
        "rooms_untenable": len(lost),
        "rooms_short": sum(_short(r) for r in lost),
        "first_untenable_s": lost[0]["untenable_s"] if lost else None,
        "first_untenable": lost[0]["name"] if lost else None,
        "reasons": _reasons(lost),
        "least_margin_s": least["margin_s"] if least else None,
        "least_margin": least["name"] if least else None,
        "hottest_c": hottest["hottest_c"],
        "hottest": hottest["name"],
        "rooms_detail": [*lost, *(r for r in rooms if r["untenable_s"] is None)],
    }


def _short(room: Mapping[str, Any]) -> bool:
    """Return whether somebody was in a room when it became untenable, or came through it afterwards."""
    return bool(room["inside"] or room["caught"] or (room["margin_s"] is not None and room["margin_s"] < 0))


def _reasons(rooms: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for room in rooms:
        counts[room["why"]] = counts.get(room["why"], 0) + 1
    return dict(sorted(counts.items()))
