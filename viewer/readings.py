"""The sensors' latest values and recent series, in the units and the clock of the city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from viewer import units
from viewer.plain import plain

if TYPE_CHECKING:
    from twin.store import City

#: a gap of this many usual steps is drawn as a gap
GAP = 3.0


@dataclass(frozen=True, slots=True)
class Reading:
    """The latest value of one series: who measured what, and the value as people read it."""

    datastream: str
    thing: str
    name: str
    quantity: str
    unit: str
    value: float
    time: datetime
    zone: str

    @property
    def text(self) -> str:
        """Value with unit."""
        return units.text(self.value, self.quantity, self.unit)

    @property
    def clock(self) -> str:
        """Local date and time of the reading."""
        return f"{self.time.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M}"

    def line(self, language: str) -> str:
        """Return quantity, value and time on one line."""
        return f"{plain(units.label(self.quantity, language))} {self.text} ({self.clock})"


def aware(time: datetime | np.datetime64) -> datetime:
    """Return a time as aware UTC."""
    if isinstance(time, np.datetime64):
        return datetime.fromtimestamp(time.astype("datetime64[us]").astype(np.int64) / 1e6, UTC)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def latest(city: City) -> list[Reading]:
    """Return the latest reading of every series, by place and quantity."""
    names = {thing.id: plain(thing.name or thing.id) for thing in city.sensors.things()}
    found = [
        Reading(
            v.datastream,
            v.thing,
            names.get(v.thing, plain(v.thing)),
            v.property,
            v.unit,
            v.value,
            aware(v.time),
            city.zone,
        )
        for v in city.sensors.current()
    ]
    return sorted(found, key=lambda r: (r.name, r.quantity, r.datastream))


def series(city: City, reading: Reading, points: int = 1500) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
    """Return local times and shown values of a series, at most about `points` of them, NaN where the record has a gap.

    Of more readings than `points`, each n-th is kept.
    """
    time, value = city.sensors.series(reading.datastream)
    if not len(time):
        return time, value
    every = max(1, len(time) // points)
    time, value = time[::every], value[::every] * units.shown(reading.quantity, reading.unit).factor
    offset = ZoneInfo(reading.zone).utcoffset(aware(time[-1]).astimezone(ZoneInfo(reading.zone)).replace(tzinfo=None))
    assert offset is not None
    local: NDArray[np.datetime64] = np.add(time.astype("datetime64[us]"), np.timedelta64(offset))
    if len(local) < 3:
        return local, value
    step = np.diff(local)
    wide = np.flatnonzero(step > GAP * np.median(step))
    between: NDArray[np.datetime64] = np.add(local[wide], step[wide] // 2)
    return np.insert(local, wide + 1, between), np.insert(value, wide + 1, np.nan)
