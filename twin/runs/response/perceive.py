"""What is known of the truth: virtual sensors with noise, delay and gaps, and people who call in what they see.

Everything random is drawn beforehand, by sensor and time: two runs of one scenario differ in what happens and not in
how it is measured.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from twin.model.response.view import Reading, Report

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.model.action import Action
    from twin.model.response.city import Facts
    from twin.model.response.drill import Drill
    from twin.model.scenario import Scenario
    from twin.runs.response.courses import Moment
    from twin.store import City

EVERY = 120.0
"""s between two readings of a sensor (design: of the order at which gauges of flood control report in an event)."""
STALE = 900.0
"""s after which a reading is too old to act on (design)."""
FROZEN = 6
"""Readings in a row that are the same to the last digit, after others that were not: the float sticks."""
DIGITS = 3
HISTORY = 3 * 3600.0
"""s of readings that are kept at hand."""
CALLS = 0.3
"""Share of flooded half-basements from which somebody calls (design)."""
CALL_DEPTH = 0.3
"""m of water at a home with a half-basement from which people call: the door opens no more easily (`impact.danger`)."""
SEEN_OFF = 30.0
"""m, standard deviation of the place of a fire that was seen from afar (design)."""
WATER, RAIN, LEVEL = "depth", "rain_rate", "water_level"


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor of the response: `spot` is a cell (level), a site (depth) or nothing (rain, the same everywhere)."""

    id: str
    quantity: str
    x: float
    y: float
    spot: int = -1
    ground: float = 0.0


def sensors_of(city: City, facts: Facts, grid_cell: tuple[float, float, float, int, int]) -> list[Sensor]:
    """Return the sensors of a city that a response can read: rain gauges, river gauges, and a gauge in each underpass.

    grid_cell  west, south, cell m, nx, ny of the grid on which levels are read
    """
    west, south, cell, nx, ny = grid_cell
    measured: dict[str, str] = {}
    for stream in city.sensors.datastreams():
        if stream.property in (RAIN, "rainfall"):
            measured.setdefault(stream.thing, RAIN)
        elif stream.property == LEVEL:
            measured[stream.thing] = LEVEL
    found = []
    for thing in city.sensors.things():
        if thing.location is None or thing.id not in measured:
            continue
        x, y = thing.location
        column, row = int((x - west) // cell), int((y - south) // cell)
        if measured[thing.id] == RAIN:
            found.append(Sensor(thing.id, RAIN, x, y))
        elif 0 <= column < nx and 0 <= row < ny:
            found.append(Sensor(thing.id, LEVEL, x, y, row * nx + column))
    for number, site in enumerate(facts.sites):
        if site.kind == "underpass":
            found.append(Sensor(site.id, WATER, site.x, site.y, number))
    return sorted(found, key=lambda sensor: (sensor.id, sensor.quantity))


@dataclass(slots=True)
class Senses:
    """What comes in over a run.

    ground  (cells,) m  elevation, for levels
    """

    facts: Facts
    drill: Drill
    scenario: Scenario
    sensors: Sequence[Sensor]
    ground: NDArray[np.float64]
    _sent: dict[tuple[str, str], list[Reading]] = field(default_factory=dict)
    _reports: list[Report] = field(default_factory=list)
    _called: set[str] = field(default_factory=set)
    _next: float = 0.0

    def look(self, moment: Moment, depth: NDArray[np.floating] | None, crowd: Mapping[str, float]) -> None:
        """Let sensors measure and people see what is at a moment.

        depth  (cells,) m   of water on the grid of `ground`; None: the hazard has none
        crowd  zone -> people m-2
        """
        self._see(moment)
        if moment.time < self._next:
            return
        step = round(moment.time / EVERY)
        self._next = (step + 1) * EVERY
        for sensor in self.sensors:
            value = self._value(sensor, moment, depth)
            if value is not None:
                self._send(sensor.id, sensor.quantity, value, (sensor.x, sensor.y), moment.time, step)
        for zone, density in crowd.items():
            self._send(zone, "crowd_density", density, (0.0, 0.0), moment.time, step)

    def _value(self, sensor: Sensor, moment: Moment, depth: NDArray[np.floating] | None) -> float | None:
        if sensor.quantity == RAIN:
            return rain_at(self.scenario, moment.time)
        if sensor.quantity == WATER:
            return float(moment.sites[0][sensor.spot])
        if depth is None:
            return None
        return float(self.ground[sensor.spot] + depth[sensor.spot])

    def _send(
        self, sensor: str, quantity: str, value: float, place: tuple[float, float], time: float, step: int
    ) -> None:
        """Put a reading on its way: noise, delay, or nothing at all."""
        rng = self._rng(f"{sensor} {quantity}", step)
        noise, late, lost = rng.standard_normal(), rng.exponential(), rng.random()
        if lost < self.drill.lost:
            return
        if quantity == RAIN:
            value = max(value * (1.0 + 0.05 * float(noise)), 0.0)
        elif quantity == WATER:
            value = max(value + self.drill.noise * float(noise), 0.0) if value > 0.0 else 0.0
        elif quantity == LEVEL:
            value += self.drill.noise * float(noise)
        else:
            value = max(value * (1.0 + 0.1 * float(noise)), 0.0)
        digits = 9 if quantity == RAIN else DIGITS
        received = time + self.drill.delay * (0.5 + 0.5 * float(late))
        reading = Reading(
            f"{sensor}/{quantity}@{time:g}", sensor, quantity, round(value, digits), *place, time, received
        )
        self._sent.setdefault((sensor, quantity), []).append(reading)

    def _see(self, moment: Moment) -> None:
        """Let people report what they see for the first time."""
        for i, home in enumerate(self.facts.homes):
            if home.below > 0 and moment.homes[0][i] >= CALL_DEPTH and f"water {home.id}" not in self._called:
                self._called.add(f"water {home.id}")
                rng = self._rng(f"call {home.id}", 0)
                if rng.random() < CALLS:
                    self._report("water", home.x, home.y, moment.time, home.id, float(moment.homes[0][i]), rng)
        places = {home.id: (home.x, home.y) for home in self.facts.homes} if moment.lit else {}
        for id_ in sorted(moment.lit):
            if f"fire {id_}" not in self._called and id_ in places:
                self._called.add(f"fire {id_}")
                self._report("fire", *places[id_], moment.time, id_, 0.0, self._rng(f"fire {id_}", 0))
        for ignition in self.scenario.ignitions:
            if not ignition.target and ignition.points and ignition.at <= moment.time:
                name = f"ignition {ignition.name} {ignition.at:g}"
                if name not in self._called:
                    self._called.add(name)
                    rng = self._rng(name, 0)
                    x, y = np.mean(np.array(ignition.points), axis=0) + SEEN_OFF * rng.standard_normal(2)
                    self._report("fire", float(x), float(y), moment.time, "", 0.0, rng)
        for number, action in enumerate(self.scenario.measures):
            if action.kind == "breach" and action.at <= moment.time and f"breach {number}" not in self._called:
                self._called.add(f"breach {number}")
                same = sum(a.kind == "breach" and a.target == action.target for a in self.scenario.measures[:number])
                rng = self._rng(f"breach {action.target}", same)
                self._report("breach", *self._place(action), moment.time, action.target, 0.0, rng)

    def _place(self, action: Action) -> tuple[float, float]:
        """Return where a breach is: its own place, else that of its target, else the middle of its line."""
        x, y, line = (action.params.get(name) for name in ("x", "y", "line"))
        if isinstance(x, int | float) and isinstance(y, int | float):
            return float(x), float(y)
        site = next((site for site in self.facts.sites if site.id == action.target), None)
        if site is not None:
            return site.x, site.y
        middle = np.mean(np.array(line, np.float64), axis=0) if isinstance(line, list | tuple) else np.zeros(2)
        return float(middle[0]), float(middle[1])

    def _report(
        self, kind: str, x: float, y: float, time: float, target: str, value: float, rng: np.random.Generator
    ) -> None:
        received = time + self.drill.report_after * float(np.exp(0.5 * rng.standard_normal()))
        self._reports.append(
            Report(f"{kind}/{target or f'{x:.0f},{y:.0f}'}@{time:g}", kind, x, y, time, received, target, value)
        )

    def _rng(self, what: str, step: int) -> np.random.Generator:
        return np.random.default_rng([self.scenario.seed, zlib.crc32(what.encode()), step])

    def history(self, now: float) -> dict[tuple[str, str], tuple[Reading, ...]]:
        """Return what has come in by now, of the last hours, oldest first; frozen ones are marked."""
        out = {}
        for key in sorted(self._sent):
            here = [r for r in self._sent[key] if r.received <= now and r.time >= now - HISTORY]
            if here:
                sure = key[1] in (WATER, LEVEL) and self.drill.noise <= 0
                out[key] = tuple(here) if sure else _frozen(here)
        return out

    def reports(self, now: float) -> tuple[Report, ...]:
        """Return what has been called in by now, oldest first."""
        return tuple(sorted((r for r in self._reports if r.received <= now), key=lambda r: (r.received, r.id)))


def newest(history: Mapping[tuple[str, str], Sequence[Reading]], now: float) -> tuple[Reading, ...]:
    """Return the newest reading of each sensor and quantity; one that is too old is marked stale."""
    out = []
    for key in sorted(history):
        last = max(history[key], key=lambda r: (r.time, r.received))
        out.append(_marked(last, "stale") if now - last.time > STALE and not last.mark else last)
    return tuple(out)


def _frozen(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return readings with those marked that repeat themselves although the sensor has noise."""
    out = list(readings)
    run = 1
    for i in range(1, len(out)):
        same = out[i].value == out[i - 1].value and out[i].value != 0.0
        run = run + 1 if same else 1
        if run >= FROZEN:
            out[i] = _marked(out[i], "frozen")
    return tuple(out)


def _marked(reading: Reading, mark: str) -> Reading:
    return Reading(
        reading.id,
        reading.sensor,
        reading.quantity,
        reading.value,
        reading.x,
        reading.y,
        reading.time,
        reading.received,
        mark,
    )


def rain_at(scenario: Scenario, time: float) -> float:
    """Return the rain of a scenario in m s-1 at a time, the mean of its gauges where it has some; 0 without."""
    if scenario.rain is not None:
        return scenario.rain.at(time)
    if scenario.gauges:
        return float(np.mean([gauge.rate.at(time) for gauge in scenario.gauges]))
    return 0.0
