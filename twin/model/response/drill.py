"""What a scenario says of the response to it: who stands ready, what is sensed and how well, how people behave."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Force:
    """Units of one kind at one place.

    kind   crew, pump_crew, police, engine or bus
    at     id of a site or building; "" : `x`, `y` in m say where
    speed  share of a car's speed on the road
    seats  people one takes along
    """

    kind: str
    number: int
    at: str = ""
    x: float = 0.0
    y: float = 0.0
    speed: float = 1.0
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Gate:
    """A way into or out of the site of a crowd, as a line.

    line      m      its two ends
    exit      people leave through it; else they come in
    rate      s-1    people who come in by it; 0 for an exit
    capacity  s-1    people who get through, infinity: as many as fit
    open      at the start
    edge_of   id of a thing of the city: its water shuts the gate (an underpass)
    """

    id: str
    name: str
    line: tuple[tuple[float, float], tuple[float, float]]
    exit: bool = True
    rate: float = 0.0
    capacity: float = float("inf")
    open: bool = True
    edge_of: str = ""


@dataclass(frozen=True, slots=True)
class CrowdSite:
    """Where people on foot are reckoned one by one.

    area      m   outline;   holes  of what stands in it
    people    at the start, spread over the area
    alarm     people m-2 from which a place is too dense
    """

    id: str
    name: str
    area: tuple[tuple[float, float], ...]
    holes: tuple[tuple[tuple[float, float], ...], ...] = ()
    gates: tuple[Gate, ...] = ()
    people: int = 0
    alarm: float = 5.0


@dataclass(frozen=True, slots=True)
class Drill:
    """The response of a scenario. All numbers are the scenario's own assumptions.

    cycle, horizon   s      between two cycles; how far forecasts and proofs look ahead
    members          of the forecast ensemble, of proofs
    forecast_cell    m      of forecasts;   proof_cell  m  of the local runs behind a proof
    night            whether it is dark, and people are at home and asleep
    noise            m      standard deviation of a gauge's error
    delay            s      until a reading comes in;   lost  0..1  share of readings that never do
    report_after     s      median until somebody calls in what he sees
    nowcast_cv       1      of the error of the rain expected for the next hour
    nowcast_shift    s      of the error of its time
    known_cv         1      of the doubt in the inflows and the wind that forecasts are told
    compliance       0..1   share of people who follow a broadcast
    preparing        s      median until people who were told leave their home
    cars             h-1    trips of cars that begin in the city
    forces, crowd    who stands ready; where people are reckoned one by one
    """

    cycle: float = 600.0
    horizon: float = 3600.0
    members: int = 6
    forecast_cell: float = 20.0
    proof_cell: float = 10.0
    night: bool = False
    noise: float = 0.02
    delay: float = 120.0
    lost: float = 0.05
    report_after: float = 300.0
    nowcast_cv: float = 0.25
    nowcast_shift: float = 300.0
    known_cv: float = 0.1
    compliance: float = 0.7
    preparing: float = 480.0
    cars: float = 0.0
    forces: tuple[Force, ...] = ()
    crowd: CrowdSite | None = None
