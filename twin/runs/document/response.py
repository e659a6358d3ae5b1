"""The table `response` of a scenario: who stands ready, what is sensed, how people behave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from twin.model.response.drill import CrowdSite, Drill, Force, Gate
from twin.runs.document.parts import Flag, Minutes, Number, Part, Text, Whole, as_text

Share = Annotated[Number, Field(ge=0, le=100)]
Point = Annotated[list[Number], Field(min_length=2, max_length=2)]
Ring = Annotated[list[Point], Field(min_length=3, max_length=1000)]
Name = Annotated[Text, Field(min_length=1, max_length=200)]


class ForcePart(Part):
    """Units of one kind at a site or building `at`, or at `x` and `y`."""

    kind: Annotated[Literal["crew", "pump_crew", "police", "engine", "bus"], BeforeValidator(as_text)]
    number: Annotated[Whole, Field(ge=1, le=1000)] = 1
    at: Text = ""
    x: Number | None = None
    y: Number | None = None
    speed_percent: Annotated[Number, Field(ge=10, le=200)] = 100.0
    seats: Annotated[Whole, Field(ge=0, le=100)] = 0


class GatePart(Part):
    """A way into or out of the site of a crowd."""

    id: Name
    name: Name
    line: Annotated[list[Point], Field(min_length=2, max_length=2)]
    exit: Flag = True
    people_per_min: Annotated[Number, Field(ge=0, le=10_000)] = 0.0
    capacity_per_min: Annotated[Number, Field(gt=0, le=10_000)] | None = None
    open: Flag = True
    edge_of: Text = ""


class CrowdPart(Part):
    """Where people on foot are reckoned one by one."""

    id: Name
    name: Name
    area: Ring
    hole: Annotated[list[Ring], Field(default_factory=list, max_length=100)]
    people: Annotated[Whole, Field(ge=0, le=20_000)] = 0
    alarm_per_m2: Annotated[Number, Field(gt=0, le=10)] = 5.0
    gate: Annotated[list[GatePart], Field(min_length=1, max_length=50)]


class ResponsePart(Part):
    """What a scenario says of the response; see `twin.model.response.drill.Drill`."""

    cycle_min: Annotated[Minutes, Field(ge=1, le=60)] = 10.0
    horizon_min: Annotated[Minutes, Field(ge=5, le=1440)] = 60.0
    members: Annotated[Whole, Field(ge=2, le=100)] = 6
    forecast_cell_m: Annotated[Number, Field(ge=1, le=200)] = 20.0
    proof_cell_m: Annotated[Number, Field(ge=1, le=200)] = 10.0
    night: Flag = False
    gauge_noise_m: Annotated[Number, Field(ge=0, le=1)] = 0.02
    gauge_delay_min: Annotated[Number, Field(ge=0, le=120)] = 2.0
    gauge_lost_percent: Share = 5.0
    report_after_min: Annotated[Number, Field(ge=0, le=240)] = 5.0
    nowcast_cv: Annotated[Number, Field(ge=0, le=2)] = 0.25
    nowcast_shift_min: Annotated[Number, Field(ge=0, le=120)] = 5.0
    known_cv: Annotated[Number, Field(ge=0, le=2)] = 0.1
    compliance_percent: Share = 70.0
    preparing_min: Annotated[Number, Field(ge=0, le=240)] = 8.0
    cars_per_h: Annotated[Number, Field(ge=0, le=100_000)] = 0.0
    force: Annotated[list[ForcePart], Field(default_factory=list, max_length=200)]
    crowd: CrowdPart | None = None


def response_faults(part: ResponsePart | None, duration: float) -> Iterator[str]:
    """Yield what is wrong between the fields of the table. `duration` of the run in s."""
    if part is None:
        return
    if duration and 60 * part.cycle_min > duration:
        yield f"response.cycle_min {part.cycle_min:g} is longer than the run of {duration / 60:g} min"
    for number, force in enumerate(part.force):
        if (force.x is None) != (force.y is None) or (force.x is None) == (not force.at):
            yield f"response.force[{number}] stands either `at` an id, or at x and y"
    if part.crowd is not None:
        ids = [gate.id for gate in part.crowd.gate]
        if len(set(ids)) < len(ids):
            yield f"response.crowd: ids of gates are given twice ({', '.join(sorted(ids))})"
        if not any(gate.exit for gate in part.crowd.gate):
            yield "response.crowd: no gate is an exit; nobody could leave"


def drill_of(part: ResponsePart | None) -> Drill | None:
    """Return the response in SI."""
    if part is None:
        return None
    return Drill(
        cycle=60 * part.cycle_min,
        horizon=60 * part.horizon_min,
        members=part.members,
        forecast_cell=part.forecast_cell_m,
        proof_cell=part.proof_cell_m,
        night=part.night,
        noise=part.gauge_noise_m,
        delay=60 * part.gauge_delay_min,
        lost=part.gauge_lost_percent / 100,
        report_after=60 * part.report_after_min,
        nowcast_cv=part.nowcast_cv,
        nowcast_shift=60 * part.nowcast_shift_min,
        known_cv=part.known_cv,
        compliance=part.compliance_percent / 100,
        preparing=60 * part.preparing_min,
        cars=part.cars_per_h,
        forces=tuple(
            Force(f.kind, f.number, f.at, f.x or 0.0, f.y or 0.0, f.speed_percent / 100, f.seats) for f in part.force
        ),
        crowd=None if part.crowd is None else _crowd(part.crowd),
    )


def _crowd(part: CrowdPart) -> CrowdSite:
    return CrowdSite(
        id=part.id,
        name=part.name,
        area=_ring(part.area),
        holes=tuple(_ring(hole) for hole in part.hole),
        gates=tuple(
            Gate(
                g.id,
                g.name,
                ((g.line[0][0], g.line[0][1]), (g.line[1][0], g.line[1][1])),
                g.exit,
                g.people_per_min / 60,
                float("inf") if g.capacity_per_min is None else g.capacity_per_min / 60,
                g.open,
                g.edge_of,
            )
            for g in part.gate
        ),
        people=part.people,
        alarm=part.alarm_per_m2,
    )


def _ring(points: list[list[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((x, y) for x, y in points)
