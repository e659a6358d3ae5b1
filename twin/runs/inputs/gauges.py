"""Rain between gauges: each cell takes the nearest gauge that has a reading (Thiessen 1911).

The gauges stand in the scenario, or are those of the twin: their readings during the run, as corrected since.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, MissingError
from twin.model.field import FieldSeries
from twin.model.finding import Finding
from twin.model.scenario import Gauge, Series
from twin.names import QUANTITIES
from twin.runs.inputs.rain_maps import GREATEST

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.model.scenario import Scenario
    from twin.store import City

#: what a gauge of the twin may measure, and the factor to m or m s-1 of the units it may be kept in
MEASURED = {"rain_rate": {"m s-1": 1.0, "mm h-1": 1e-3 / 3600}, "rainfall": {"m": 1.0, "mm": 1e-3}}
#: a reading counts for no longer than this many usual intervals; after that the gauge is silent
SILENT = 3.0


def between_gauges(gauges: tuple[Gauge, ...], grid: Grid, until: float) -> FieldSeries:
    """Return the rain rate, m s-1, on a grid from gauges; a gauge is silent where its rate is NaN.

    until  s, end of the run: what gauges say or do not say after it does not matter

    Raises InputError when at some time all gauges are silent.
    """
    times = tuple(sorted({0.0, *(t for g in gauges for t in g.rate.times if 0 < t < until)}))
    rates = np.array([[g.rate.at(t) for g in gauges] for t in times])
    silent = np.isnan(rates).all(axis=1)
    if silent.any():
        raise InputError(
            f"rain: at {times[int(np.argmax(silent))]:g} s none of the {len(gauges)} gauges "
            f"({', '.join(g.name for g in gauges[:5])}) has a reading; give the rain in the scenario, or another start"
        )
    x = grid.west + (np.arange(grid.nx) + 0.5) * grid.cell
    y = grid.south + (np.arange(grid.ny) + 0.5) * grid.cell
    nearest: dict[bytes, NDArray[np.intp]] = {}

    def read(i: int) -> NDArray[np.float64]:
        speaks = np.isfinite(rates[i])
        if speaks.tobytes() not in nearest:
            best, which = np.full(grid.shape, np.inf), np.zeros(grid.shape, np.intp)
            for k in np.flatnonzero(speaks).tolist():
                away = (x - gauges[k].x) ** 2 + (y[:, None] - gauges[k].y) ** 2
                which[away < best] = k
                best = np.minimum(best, away)
            nearest.clear()
            nearest[speaks.tobytes()] = which
        return np.asarray(rates[i][nearest[speaks.tobytes()]], dtype=np.float64)

    return FieldSeries("rain_rate", times, read)


def gauges_of(city: City, scenario: Scenario) -> tuple[tuple[Gauge, ...], list[Finding]]:
    """Return the rain gauges of the twin that have readings during the run, and what a person should know of them.

    A reading of `rainfall` is what fell since the one before it; a `rain_rate` holds until the next one. Raises
    MissingError when there is no reading.
    """
    end = scenario.start + timedelta(seconds=scenario.duration)
    places = {thing.id: thing.location for thing in city.sensors.things()}
    found: list[Gauge] = []
    findings: list[Finding] = []
    taken: set[str] = set()
    for stream in sorted(city.sensors.datastreams(), key=lambda s: (s.property != "rain_rate", s.id)):
        factor = MEASURED.get(stream.property, {}).get(stream.unit)
        if factor is None or stream.thing in taken:
            continue
        times, values = city.sensors.series(stream.id, scenario.start - timedelta(hours=2), end + timedelta(hours=2))
        place = places.get(stream.thing)
        if place is None or len(times) < 2:
            findings.append(
                Finding("warning", "gauge_left_out", "a rain gauge has no place, or no readings", stream.id)
            )
            continue
        total = stream.property == "rainfall"
        values, seconds = values * factor, _since(times, scenario)
        most = GREATEST * (float(np.median(np.diff(seconds))) if total else 1.0)
        wrong = ~((values >= 0) & (values <= most))
        if wrong.any():
            unit = QUANTITIES[stream.property].unit
            text = f"{int(wrong.sum())} readings are no rain, the first {values[wrong][0]:g} {unit}"
            findings.append(Finding("warning", "gauge_impossible", f"{text}; the next gauge holds there", stream.id))
        rate = _steps(seconds, np.where(wrong, np.nan, values), total=total)
        gaps = sum(np.isnan(v) and t < scenario.duration for t, v in zip(rate.times, rate.values, strict=True))
        if gaps:
            text = f"{gaps} gaps in the readings during the run; the next gauge holds there"
            findings.append(Finding("warning", "gauge_silent", text, stream.id))
        taken.add(stream.thing)
        found.append(Gauge(stream.id, *place, rate))
    if not found:
        raise MissingError(
            f"{city.path}: no rain gauge has readings between {scenario.start.isoformat()} and {end.isoformat()}; "
            "load a series of 'rainfall' or 'rain_rate', or give the rain in the scenario"
        )
    findings.append(Finding("info", "gauges_used", f"rain of {len(found)} gauges: {', '.join(g.name for g in found)}"))
    return tuple(found), findings


def _since(times: NDArray[np.datetime64], scenario: Scenario) -> NDArray[np.float64]:
    """Return seconds since the start of the run."""
    start = np.datetime64(scenario.start.astimezone(UTC).replace(tzinfo=None), "us")
    return np.asarray((times - start) / np.timedelta64(1, "s"), dtype=np.float64)


def _steps(seconds: NDArray[np.float64], values: NDArray[np.float64], *, total: bool) -> Series:
    """Return readings as a rate in steps, m s-1; NaN while the gauge is silent.

    seconds  (n,) rising    values  (n,) m since the last reading when `total`, else m s-1
    """
    gap = np.diff(seconds)
    usual = float(np.median(gap))
    length = np.minimum(gap, SILENT * usual)
    times: list[float] = []
    rates: list[float] = []

    def add(time: float, rate: float) -> None:
        if times and times[-1] == time:
            rates[-1] = rate
        elif not rates or rate != rates[-1]:
            times.append(time)
            rates.append(rate)

    if total:
        for end, hole, value in zip(seconds[1:].tolist(), gap.tolist(), values[1:].tolist(), strict=True):
            long = min(hole, usual) if hole > SILENT * usual else hole
            if long < hole:
                add(end - hole, np.nan)
            add(end - long, value / long)
        add(float(seconds[-1]), np.nan)
    else:
        for start, hole, long, value in zip(
            seconds[:-1].tolist(), gap.tolist(), length.tolist(), values[:-1].tolist(), strict=True
        ):
            add(start, value)
            if long < hole:
                add(start + long, np.nan)
        add(float(seconds[-1]), float(values[-1]))
        add(float(seconds[-1]) + usual, np.nan)
    before = max((i for i, t in enumerate(times) if t <= 0), default=None)
    if before is None:
        return Series((0.0, *times), (np.nan, *rates), step=True)
    return Series((0.0, *times[before + 1 :]), tuple(rates[before:]), step=True)
