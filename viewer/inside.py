"""Rooms in a fire inside a building: when each can no longer be used, and when its people are out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from viewer.memo import remember
from viewer.moments import document
from viewer.plain import plain
from viewer.record import record
from viewer.words import say

if TYPE_CHECKING:
    from twin.store import City


@dataclass(frozen=True, slots=True)
class Room:
    """One room over a run. Times in s from the start; None: never within the run.

    untenable  when it could no longer be used, why: by which limit
    left       when the last person had left it
    people     who were in it at the start; inside: who still are in it at the end
    caught     who were in it at the moment in which it could no longer be used
    """

    id: str
    name: str
    storey: str
    people: int
    inside: int
    caught: int
    untenable: float | None
    why: str
    left: float | None
    hottest: float | None

    @property
    def margin(self) -> float | None:
        """Time in s between the last person out and the end of its use; None where one of the two never comes."""
        return None if self.untenable is None or self.left is None else self.untenable - self.left

    @property
    def trapped(self) -> bool:
        """Whether people are in it when it can no longer be used."""
        late = self.left is not None and self.untenable is not None and self.left > self.untenable
        return late or (self.untenable is not None and self.inside + self.caught > 0)


@remember(size=4)
def rooms(city: City, run: str) -> tuple[Room, ...]:
    """Return the rooms of a run, the first to become unusable first."""
    never = float("inf")
    found = [_room(row) for row in record(city, run).get("rooms", [])]
    return tuple(sorted(found, key=lambda r: (never if r.untenable is None else r.untenable, r.storey, r.name, r.id)))


def _room(row: dict[str, Any]) -> Room:
    return Room(
        str(row["id"]),
        plain(row.get("name") or row["id"]),
        plain(row.get("storey") or ""),
        int(row.get("people") or 0),
        int(row.get("inside") or 0),
        int(row.get("caught") or 0),
        row.get("untenable_s"),
        str(row.get("why") or ""),
        row.get("left_s"),
        row.get("hottest_c"),
    )


def shown(city: City, run: str) -> tuple[Room, ...]:
    """Return the rooms of the storey that lies on the map: the one that the scenario names, or where it burns first."""
    found = rooms(city, run)
    written = document(city, run)
    storey = str((written.get("indoor_fire") or {}).get("storey") or "")
    if not storey:
        first = min(written.get("ignition") or [{}], key=lambda i: float(i.get("at_min") or 0.0))
        target = str(first.get("target") or "")
        storey = next((room.storey for room in found if target in (room.id, room.name)), "")
    return tuple(room for room in found if not storey or room.storey == plain(storey))


def clock(seconds: float | None) -> str:
    """Return minutes and seconds from the start, "–" for never."""
    return "–" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def verdict(room: Room, language: str) -> str:
    """Return what is left between the last person out and the end of a room's use, in words."""
    if room.trapped and room.margin is None:
        return say("margin_inside", language)
    if room.margin is None:
        return "–"
    return margin_of(room.margin, language)


def margin_of(seconds: float, language: str) -> str:
    """Return a margin in s in words: how much was left, or short."""
    return say("margin_short" if seconds < 0 else "margin_left", language, minutes=clock(abs(seconds)))
