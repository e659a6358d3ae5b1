"""Rooms in a fire inside a building: when each can no longer be used, and when its people are out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from viewer.memo import remember
from viewer.plain import plain
from viewer.record import record

if TYPE_CHECKING:
    from twin.store import City


@dataclass(frozen=True, slots=True)
class Room:
    """One room over a run. Times in s from the start; None: never within the run.

    untenable  when it could no longer be used, why: by which limit
    left       when the last person had left it; people: who were in it at the start
    """

    id: str
    name: str
    storey: str
    people: float | None
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
        if not self.people or self.untenable is None:
            return False
        return self.left is None or self.left > self.untenable


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
        row.get("people"),
        row.get("untenable_s"),
        str(row.get("why") or ""),
        row.get("left_s"),
        row.get("hottest_c"),
    )
