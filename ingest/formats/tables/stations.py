"""Entities of SensorThings, tied together: which observation belongs to which datastream, and that to which thing."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.formats.tables import numbers, units
from ingest.formats.tables import times as _times
from twin.errors import TwinError, UnitsError
from twin.model.finding import Finding, Quarantined
from twin.model.observation import Datastream, Observations, Thing

if TYPE_CHECKING:
    from numpy.typing import NDArray

SETS = ("Things", "Locations", "Datastreams", "Observations", "Sensors", "ObservedProperties", "FeaturesOfInterest")

#: sets of which an entity means nothing to the twin by itself
_ALONE = ("Locations", "Datastreams", "Observations", "FeaturesOfInterest")

_OFFSET = re.compile(r"(?:Z|[+-]\d\d(?::?\d\d)?)$")
_RAW = 10_000

Entity = dict[str, Any]


@dataclass(slots=True)
class _Stream:
    """A datastream on its way: where it stands among those of the file, or why its readings cannot be stored."""

    datastream: Datastream | None
    factor: float = 1.0
    offset: float = 0.0
    why_not: str = ""


@dataclass(slots=True)
class Entities:
    """All entities of one file.

    records  observations, and entities that had nothing to hang on
    zone     IANA zone of times without an offset; without it, such times are bad
    """

    name: str
    zone: str | None
    records: int = 0
    findings: list[Finding] = field(default_factory=list)
    _sets: dict[str, list[Entity]] = field(default_factory=lambda: {s: [] for s in SETS})
    _known: dict[tuple[str, str], Entity] = field(default_factory=dict)
    _things: dict[str, Thing] = field(default_factory=dict)
    _streams: dict[str, _Stream] = field(default_factory=dict)
    _bad: list[Quarantined] = field(default_factory=list)
    _readings: list[tuple[str, str, float, int, str]] = field(default_factory=list)
    _later: int = 0

    @property
    def known(self) -> bool:
        """Whether any entity was added."""
        return any(self._sets.values())

    def add(self, which: str, entity: Entity, alias: str | None = None) -> bool:
        """Return whether the set `which` is known, after taking the entity; others of the file call it `alias`."""
        if which not in self._sets:
            return False
        self._sets[which].append(entity)
        for name in (entity.get("@iot.id"), alias):
            if name is not None:
                self._known[which, str(name)] = entity
        return True

    def resolve(self) -> tuple[Observations | None, list[Quarantined]]:
        """Return all observations in one batch (None when the file has nothing of the sort), and what had no place."""
        for entity in self._sets["Things"]:
            thing = self._thing(entity)
            for stream in _list(entity.get("Datastreams")):
                self._datastream(self._whole("Datastreams", stream), thing)
        for entity in self._sets["Datastreams"]:
            self._alone(entity)
        for entity in self._sets["Observations"]:
            self._observation(entity)
        used = {id(place) for thing in self._sets["Things"] for place in self._places(thing)}
        for which in ("Locations", "FeaturesOfInterest"):
            for entity in self._sets[which]:
                if id(entity) not in used and not (which == "Locations" and entity.get("Things")):
                    self.refuse(entity, f"an entity of {which} alone belongs to no thing of this file")
        return self._batch(), self._bad

    def _whole(self, which: str, entity: Any) -> Entity:
        """Return the entity itself, or the one of this file that it refers to."""
        found: Entity = entity if isinstance(entity, dict) else {}
        if set(found) == {"@iot.id"}:
            return self._known.get((which, str(found["@iot.id"])), found)
        return found

    def _places(self, thing: Entity) -> list[Entity]:
        return [self._whole("Locations", place) for place in _list(thing.get("Locations"))]

    def _thing(self, entity: Entity) -> Thing:
        key = _identity(entity)
        if key not in self._things:
            places = [p.get("location") for p in self._places(entity)]
            points = [p for p in map(_point, places) if p is not None]
            if places and not points:
                self._say("warning", "no-point", f"thing '{key}' stands at no point; its place is left open")
            properties = entity.get("properties") if isinstance(entity.get("properties"), dict) else {}
            about = {"description": entity["description"]} if entity.get("description") else {}
            place = points[0] if points else None
            name = str(entity.get("name") or entity.get("description") or key)
            self._things[key] = Thing(key, name, place, "EPSG:4326" if place else None, {**about, **(properties or {})})
        return self._things[key]

    def _alone(self, entity: Entity) -> None:
        """Hang a datastream of its own on the thing that it names."""
        thing = self._whole("Things", entity.get("Thing"))
        if _full(thing):
            self._datastream(entity, self._thing(thing))
            return
        named = f"its thing '{thing['@iot.id']}' is not in this file" if thing else "it names no thing"
        self.refuse({k: v for k, v in entity.items() if k != "Observations"}, f"a datastream alone: {named}")
        for observation in _list(entity.get("Observations")):
            self.refuse(observation, f"an observation of a datastream alone: {named}")

    def _datastream(self, entity: Entity, thing: Thing) -> str:
        """Return the id of a datastream, after taking the observations that stand in it."""
        seen = self._whole("ObservedProperties", entity.get("ObservedProperty"))
        word = str(seen.get("name") or entity.get("name") or entity.get("description") or "value")
        key = f"{thing.id}/{entity.get('name') or word}"
        marker = entity.get("@iot.id")
        if isinstance(marker, str) and not marker.startswith("$"):
            key = marker
        if key not in self._streams:
            self._streams[key] = self._measures(entity, key, thing, word, str(seen.get("definition") or ""))
        entity["@twin.id"] = key
        for observation in _list(entity.get("Observations")):
            self._reading(observation, key)
        return key

    def _measures(self, entity: Entity, key: str, thing: Thing, word: str, definition: str) -> _Stream:
        quantity = units.quantity(word) or units.quantity(re.split(r"[/#]", definition.rstrip("/"))[-1]) or word
        unit = entity.get("unitOfMeasurement")
        unit = unit if isinstance(unit, dict) else {}
        written = str(unit.get("symbol") or unit.get("name") or "")
        try:
            found = units.conversion(quantity, written)
        except UnitsError as error:
            self._say("warning", "unit", f"datastream '{key}': {error}; its observations are quarantined")
            return _Stream(None, why_not=str(error))
        if not found.known:
            self._say("info", "unit", f"datastream '{key}': unit '{written}' is kept as it is")
        elif (found.factor, found.offset) != (1.0, 0.0):
            self._say("info", "unit", f"datastream '{key}': converted from {written} to {found.unit}")
        datastream = Datastream(key, thing.id, quantity, found.unit, str(entity.get("name") or word))
        return _Stream(datastream, found.factor, found.offset)

    def _observation(self, entity: Entity) -> None:
        """Hang an observation, or a data array of them, on the datastream that it names."""
        stream = self._whole("Datastreams", entity.get("Datastream"))
        key = stream.get("@twin.id")
        if key is None and _full(stream):
            thing = self._whole("Things", stream.get("Thing"))
            key = self._datastream(stream, self._thing(thing)) if _full(thing) else None
        for one in _rows(entity):
            if key is not None:
                self._reading(one, key)
            else:
                named = f"'{stream['@iot.id']}' is not in this file" if "@iot.id" in stream else "is not named"
                self.refuse(one, f"an observation alone: its datastream {named}")

    def _reading(self, entity: Any, key: str) -> None:
        """Keep one reading of a datastream, or refuse it with the reason."""
        if not isinstance(entity, dict):
            self.refuse(entity, "an observation must be a JSON object")
            return
        stream = self._streams[key]
        result: Any = entity.get("result")
        when = entity.get("phenomenonTime")
        if when is None and entity.get("resultTime") is not None:
            when = entity["resultTime"]
            self._later += 1
        reason = stream.why_not or _unreadable(result)
        if not reason and not isinstance(when, str):
            reason = "it does not say when"
        if reason:
            self.refuse(entity, reason)
            return
        start = str(when).partition("/")[0].strip()
        if self.zone is None and not _OFFSET.search(start):
            self.refuse(entity, f"time '{start}' has no offset, and no zone was stated")
            return
        self.records += 1
        self._readings.append((key, start, float(result), self.records, _raw(entity)))

    def refuse(self, entity: Any, reason: str) -> None:
        """Keep a record that cannot be stored, with the reason."""
        self.records += 1
        self._bad.append(Quarantined(self.records, reason, _raw(entity)))

    def _say(self, severity: str, code: str, message: str) -> None:
        self.findings.append(Finding(severity, code, f"{self.name}: {message}"))

    def _batch(self) -> Observations | None:
        """Return the readings whose time is a time, with all things and datastreams of the file."""
        if self._later:
            self._say("info", "result-time", f"{self._later} observations without phenomenonTime count from resultTime")
        streams = [(key, s) for key, s in self._streams.items() if s.datastream is not None]
        if not self._things:
            return None
        place = {key: i for i, (key, _) in enumerate(streams)}
        try:
            times = _times.parse([r[1] for r in self._readings], "auto", self.zone)
        except TwinError as error:
            raise type(error)(f"{self.name}: {error}") from error
        self._bad += [Quarantined(self._readings[i][3], why, self._readings[i][4]) for i, why in times.reasons.items()]
        good: NDArray[np.bool_] = np.logical_not(np.isnat(times.utc))
        kept = [r for r, fine in zip(self._readings, good.tolist(), strict=True) if fine]
        index = np.array([place[r[0]] for r in kept], dtype=np.int32)
        factor, offset = (np.array([getattr(s, a) for _, s in streams]) for a in ("factor", "offset"))
        values = np.array([r[2] for r in kept], dtype=np.float64)
        if not kept:
            self._say(
                "info", "no-readings", f"{len(self._things)} things, {len(streams)} datastreams, and no observation"
            )
        return Observations(
            things=list(self._things.values()),
            datastreams=[s.datastream for _, s in streams if s.datastream is not None],
            stream=index,
            time=times.utc[good],
            value=values * factor[index] + offset[index] if kept else values,
            lines=np.array([r[3] for r in kept], dtype=np.int64),
        )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _full(entity: Entity) -> bool:
    """Return whether this is an entity and no mere reference to one."""
    return bool(entity.keys() - {"@iot.id"})


def _identity(entity: Entity) -> str:
    """Return the id under which the twin knows a thing."""
    marker, name = entity.get("@iot.id"), entity.get("name") or entity.get("description")
    if isinstance(marker, str) and not marker.startswith("$"):
        return marker
    if isinstance(marker, int):
        return f"{marker}:{name}" if name else str(marker)
    return str(name or "thing")


def _point(geometry: Any) -> tuple[float, float] | None:
    """Return x, y of a GeoJSON point (or feature that has one), None for everything else."""
    if isinstance(geometry, dict) and geometry.get("type") == "Feature":
        geometry = geometry.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    xy = _list(geometry.get("coordinates"))[:2]
    if len(xy) < 2 or not all(isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in xy):
        return None
    return float(xy[0]), float(xy[1])


def _unreadable(result: Any) -> str:
    """Return why a result is no reading, "" when it is one."""
    if result is None:
        return "it has no result"
    if isinstance(result, bool) or not isinstance(result, int | float):
        return f"its result is no number: {json.dumps(result, ensure_ascii=False)[:60]}"
    if not math.isfinite(result) or abs(result) >= 1e30:
        return f"its result {result} is no number that can be measured"
    return f"its result {result:g} looks like the mark of a missing value" if result in numbers.SENTINELS else ""


def _rows(entity: Entity) -> Iterator[Entity]:
    """Yield the observation itself, or those of a data array."""
    if "dataArray" not in entity:
        yield entity
        return
    names = [str(name) for name in _list(entity.get("components"))]
    for row in _list(entity["dataArray"]):
        yield dict(zip(names, _list(row), strict=False))


def _raw(entity: Any) -> str:
    return json.dumps(entity, ensure_ascii=False, default=str)[:_RAW]
