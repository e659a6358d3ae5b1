"""What can only be wrong between the fields of a scenario: lengths, order, times after the end, two ways to say one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from twin.errors import suggest
from twin.runs.document.fire import fire_faults, strangers
from twin.runs.document.units import seconds

if TYPE_CHECKING:
    from twin.runs.document.schema import Document, EdgesPart, RainPart

MAX_FRAMES = 10_000


def one_unit(fields: Mapping[str, object], stem: str, units: tuple[str, ...], place: str) -> Iterator[str]:
    """Yield a fault when not exactly one of `stem`_`unit` is given."""
    keys = [f"{stem}_{unit}" for unit in units]
    given = [key for key in keys if key in fields]
    if not given:
        yield f"{place}{stem} is missing, give one of {', '.join(keys)}"
    if len(given) > 1:
        yield f"{place}{' and '.join(given)} say the same, give one of them"


def together(document: Document, measures: Sequence[str], hazards: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong between fields that are each in their range.

    measures  kinds that the hazards know      hazards  names of those of the run
    """
    from twin.runs.document.response import response_faults

    duration, every = seconds(document, "duration"), seconds(document, "frame_every")
    if duration and every and every > duration:
        yield f"frame_every of {every:g} s is longer than the duration of {duration:g} s"
    if duration and every and duration / every > MAX_FRAMES:
        yield f"frame_every of {every:g} s makes {duration / every:,.0f} frames, at most {MAX_FRAMES:,} are kept"
    if document.area is not None:
        west, south, east, north = document.area
        if west >= east or south >= north:
            yield f"area {document.area} must be west, south, east, north with west < east and south < north"
    if document.rain is not None:
        yield from _rain_together(document.rain)
    if document.edge is not None:
        yield from _edges_together(document.edge)
    for number, inflow in enumerate(document.inflow):
        yield from _table(inflow.times_min, inflow.m3_per_s, f"inflow[{number}].", "m3_per_s")
    yield from strangers(document, hazards)
    yield from fire_faults(document, duration)
    yield from response_faults(document.response, duration)
    for number, measure in enumerate(document.measure):
        if duration and 60 * measure.at_min > duration:
            yield f"measure[{number}].at_min {measure.at_min:g} is after the end of the run at {duration / 60:g} min"
        if measure.kind not in measures:
            yield f"measure[{number}].kind '{measure.kind}' is not known, {suggest(measure.kind, measures)}".rstrip(".")


def _rain_together(rain: RainPart) -> Iterator[str]:
    """Yield what is wrong between the keys of the rain."""
    given = rain.model_fields_set
    ways = [
        given & {"times_min", "mm_per_h"},
        given & {"depth_mm", "shape", "duration_s", "duration_min", "duration_h", "start_min"},
        *(given & {one} for one in ("gauge", "source", "file")),
    ]
    if sum(map(bool, ways)) != 1:
        yield (
            "rain takes either times_min with mm_per_h, or depth_mm with duration_min and shape, or gauge tables, "
            f"or source, or file (found {', '.join(sorted(given)) or 'nothing'})"
        )
    elif ways[1]:
        yield from (f"rain.{key} is missing" for key in ("depth_mm", "shape") if getattr(rain, key) is None)
        yield from one_unit(dict.fromkeys(given), "duration", ("s", "min", "h"), "rain.")
    elif ways[0]:
        if rain.times_min is None or rain.mm_per_h is None:
            yield f"rain.{'times_min' if rain.times_min is None else 'mm_per_h'} is missing"
        else:
            yield from _rates(rain.times_min, rain.mm_per_h, "rain.")
    for number, gauge in enumerate(rain.gauge or ()):
        yield from _rates(gauge.times_min, gauge.mm_per_h, f"rain.gauge[{number}].")


def _rates(times: list[float], rates: list[float], place: str) -> Iterator[str]:
    """Yield what is wrong with rates that hold until the next time."""
    yield from _table(times, rates, place, "mm_per_h")
    if rates[-1] != 0:
        yield f"{place}mm_per_h must end with 0: its last time says when the rain stops (found {rates[-1]:g})"


def _edges_together(edges: EdgesPart) -> Iterator[str]:
    """Yield what is wrong between the keys of an edge."""
    for side in ("west", "east", "south", "north"):
        part = getattr(edges, side)
        if part is None:
            continue
        needed = {"level": {"times_min", "level_m"}, "discharge": {"times_min", "m2_per_s"}}.get(part.kind, set())
        given = part.model_fields_set - {"kind"}
        if given != needed:
            wants = " with " + " and ".join(sorted(needed)) if needed else " alone"
            yield f"edge.{side}: kind '{part.kind}' stands{wants} (found {', '.join(sorted(given)) or 'nothing'})"
        elif needed:
            name = "level_m" if part.kind == "level" else "m2_per_s"
            yield from _table(part.times_min, getattr(part, name), f"edge.{side}.", name)


def _table(times: list[float], values: list[float], place: str, name: str) -> Iterator[str]:
    if len(times) != len(values):
        yield f"{place}times_min has {len(times)} entries, {place}{name} has {len(values)}"
    if any(b <= a for a, b in itertools.pairwise(times)):
        yield f"{place}times_min must rise (found {times!r:.60})"
