"""When things happen in a run: seconds from its start, as people read them in the city's zone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from viewer.memo import remember
from viewer.words import say

if TYPE_CHECKING:
    from twin.store import City


@remember(size=16)
def document(city: City, run: str) -> dict[str, Any]:
    """Return the scenario of a run as its document holds it; empty when that is no table."""
    import yaml

    text = city.runs.scenario_text(run)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        found = yaml.safe_load(text)
    return found if isinstance(found, dict) else {}


@remember(size=16)
def start(city: City, run: str) -> datetime | None:
    """Return when a run's time 0 lies, in the city's zone; None when its scenario does not say."""
    found = document(city, run).get("start")
    if isinstance(found, str):
        found = datetime.fromisoformat(found)
    if not isinstance(found, datetime):
        return None
    zone = ZoneInfo(city.zone)
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)


@remember(size=16)
def fine(city: City, run: str) -> bool:
    """Return whether moments of a run are told to the second: its frames do not lie on whole minutes."""
    written = document(city, run)
    step = written.get("frame_every_s") or 60 * float(written.get("frame_every_min") or 1)
    return float(step) % 60 > 0


def elapsed(seconds: float, *, exact: bool = False) -> str:
    """Return "1:05" for 65 minutes, `exact` "1:05:00"."""
    if exact:
        whole = round(seconds)
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def label(city: City, run: str, seconds: float, language: str) -> str:
    """Return a moment of a run in words: local clock and time since the start."""
    begin, exact = start(city, run), fine(city, run)
    since = elapsed(seconds, exact=exact)
    if begin is None:
        return say("moment_elapsed", language, elapsed=since)
    clock = (begin + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S" if exact else "%Y-%m-%d %H:%M")
    return say("moment_of", language, clock=clock, elapsed=since)


def short(city: City, run: str, seconds: float) -> str:
    """Return the clock of a moment for the slider: "14:05" ("14:05:30"), or the time since the start."""
    begin, exact = start(city, run), fine(city, run)
    if begin is None:
        return elapsed(seconds, exact=exact)
    return (begin + timedelta(seconds=seconds)).strftime("%H:%M:%S" if exact else "%H:%M")


def axis(city: City, run: str, times: Sequence[float]) -> list[datetime] | list[float]:
    """Return times of a run for an axis: the city's clock without zone, or hours where the run states no start."""
    begin = start(city, run)
    if begin is None:
        return [t / 3600 for t in times]
    return [begin.replace(tzinfo=None) + timedelta(seconds=t) for t in times]


def span(city: City, run: str, between: Mapping[str, float | None] | None, language: str) -> str:
    """Return from when until when: "18:20 – 18:55", to the end of the run without an `until_s`, "–" for never."""
    if between is None or between["from_s"] is None:
        return "–"
    until = between["until_s"]
    end = say("to_the_end", language) if until is None else short(city, run, until)
    return f"{short(city, run, between['from_s'])} – {end}"
