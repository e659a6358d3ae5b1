"""What the people, units and roads of a town have been through, summed up in measures by district."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.runs.response.town.cars import Traffic
from twin.runs.response.town.fleet import Fleet
from twin.runs.response.town.ground import Ground
from twin.runs.response.town.homes import Homes
from twin.runs.response.town.outcome import Outcome, summed
from twin.runs.response.town.parties import RIDING, SHELTERED, STAYS, TURNED, WALKING, Parties
from twin.runs.response.town.works import Works

Floats = NDArray[np.float64]
HOUR, MINUTE = 3600.0, 60.0


def tally(
    ground: Ground,
    homes: Homes,
    parties: Parties,
    fleet: Fleet,
    works: Works,
    traffic: Traffic | None,
    visits: Floats,
    spent: Floats,
    time: float,
) -> Outcome:
    """Return what has been by `time` s.

    visits  (2, h) s of the first visit of a unit that helps against water, against fire
    spent   (d + 1,) KRW of units at work that are free again

    The delay of cars, where they are reckoned, counts in no district; a closure in vain has the price of its
    hours with and without them.
    """
    settings = ground.settings
    away = homes.away / HOUR * settings.person_hour
    cost = spent + ground.summed(away)
    alarm = ground.summed(np.where(homes.came, 0.0, away + homes.cost))
    for vehicle in fleet.vehicles:
        if vehicle.phase:
            job = vehicle.jobs[0]
            cost[job.district] += _wage(ground, vehicle.unit.kind, time - vehicle.begun)
    in_cars, roads = np.zeros(len(cost)), dict[str, float]()
    if traffic is not None:
        counts = traffic.cars.counts()
        in_cars = traffic.stuck
        cost[-1] += counts.delay / HOUR * settings.vehicle_hour
        roads = {
            "cars_stuck": float(counts.stuck),
            "cars_arrived": float(counts.arrived),
            "car_person_minutes": float(in_cars.sum()) / MINUTE,
            "delay_vehicle_hours": counts.delay / HOUR,
        }
    for closure in works.closures:
        price = closure.hours(time) * settings.closed_hour * settings.vehicle_hour
        if traffic is None:
            cost[closure.district] += price
        if not works.came[np.array(closure.edges, dtype=np.int64)].any():
            alarm[closure.district] += price
    values, outside = {}, {}
    for measure, by_district in (
        ("person_minutes_water", (ground.summed(homes.water) + in_cars) / MINUTE),
        ("person_minutes_fire", ground.summed(homes.fire) / MINUTE),
        ("lost_access", ground.summed(homes.lost) / MINUTE),
        ("cost", cost),
        ("false_alarm_cost", alarm),
    ):
        outside[measure] = float(by_district[-1])
        values[measure] = summed(dict(zip(ground.districts, by_district.tolist(), strict=False)), outside[measure])
    seconds, where = responses(ground, homes, visits, time)
    values["response_time"] = {
        "": _median(seconds),
        **{id_: _median(seconds[where == i]) for i, id_ in enumerate(ground.districts)},
    }
    return Outcome(values, outside, _details(ground, homes, parties, fleet, seconds, time) | roads)


def responses(ground: Ground, homes: Homes, visits: Floats, time: float) -> tuple[Floats, NDArray[np.int64]]:
    """Return (i,) s that each incident has waited for a unit, and (i,) its district.

    An incident of water is a half-basement that it reaches: it ends with the first unit that helps, or when nobody is
    left there, and takes no time where nobody is left before. An incident of fire is a home within its reach: it ends
    with the first engine near it. One that goes on counts for as long as it has; that is less than it will be.
    """
    met = np.where(visits <= time, visits, np.inf)
    found = []
    for began, ended in ((homes.wet, np.minimum(met[0], homes.empty)), (homes.lit, met[1])):
        rows = np.flatnonzero(np.isfinite(began))
        found.append((np.clip(np.minimum(ended[rows], time) - began[rows], 0.0, None), ground.district[rows]))
    return np.concatenate([found[0][0], found[1][0]]), np.concatenate([found[0][1], found[1][1]])


def _details(
    ground: Ground, homes: Homes, parties: Parties, fleet: Fleet, seconds: Floats, time: float
) -> dict[str, float]:
    def people(*phases: int) -> float:
        return float(parties.people[np.isin(parties.phase, phases)].sum())

    worked = sum(v.worked + (time - v.begun if v.phase else 0.0) for v in fleet.vehicles)
    return {
        "incidents": float(len(seconds)),
        "response_p90_s": float(np.quantile(seconds, 0.9)) if len(seconds) else 0.0,
        "response_in_target": float((seconds <= ground.settings.target).mean()) if len(seconds) else 1.0,
        "trapped_person_minutes": float(homes.trapped.sum()) / MINUTE,
        "sheltered": people(SHELTERED),
        "on_the_way": people(WALKING, TURNED, RIDING),
        "barred_at_home": people(STAYS),
        "turned_away": float(homes.turned.sum()),
        "evacuee_hours": float(homes.away.sum()) / HOUR,
        "unit_hours": worked / HOUR,
        "units_stuck": float(sum(v.stuck >= 0 for v in fleet.vehicles)),
    }


def _wage(ground: Ground, kind: str, seconds: float) -> float:
    return seconds / HOUR * ground.settings.wage(kind)


def _median(seconds: Floats) -> float:
    return float(np.median(seconds)) if len(seconds) else 0.0
