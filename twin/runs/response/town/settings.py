"""How people, crews and cars of a town behave: every number an assumption with its source, or marked unverified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin.errors import InputError
from twin.impact.danger import AIDR, HALF_BASEMENT
from twin.impact.doubt import doubt
from twin.impact.vehicles import LARGE_VEHICLE, SMALL_CAR

if TYPE_CHECKING:
    from twin.model.response.drill import Drill

LIMITS: Mapping[str, float] = {limit.name: limit.depth for limit in HALF_BASEMENT}

STAIRS_HARD = LIMITS["stairs_hard"]
"""m of water at a home from which people in its half-basement are in it: 0.17, stairs are hard to climb."""

TRAPPED = LIMITS["door_shut"]
"""m above which nobody leaves a half-basement alone: 0.40, the door does not open."""

WOMEN, CHILDREN = 0.50, 0.20
"""m, 보행곤란수심 of women and of children of 11 or 12: 지하공간 수방 기준 해설. A group walks as its weakest."""

PRODUCT = AIDR["H2"][0]
"""m2 s-1 above which water is unsafe for people on foot: the limit of H2, above which children are not safe."""


@dataclass(frozen=True, slots=True)
class TownSettings:
    """What is assumed of a town. All of it is this project's own assumption, unverified, where nothing else stands.

    step            s       of the town's clock, at most 60
    night           whether it is dark and people are asleep
    compliance      0..1    share of people who follow a broadcast;   by_crew   of those whom somebody fetches
    preparing       s       median until people who were told leave;   spread   1, sigma of its logarithm
    fetched         s       from the end of a crew's work at a home until its people leave
    vulnerable      0..1    share of people who walk at `slow` and only through water of `CHILDREN`
    walk, slow      m s-1   on dry ground
    notice          m       of water at the door that people in half-basements and on ground floors see
    climb           0..1    share of them who then go up in the house; `climb_night` in the dark
    climbing        s       median until they are up, with `spread`
    depth           kind of unit -> m of water its vehicles pass; others as a large vehicle
    product         m2 s-1  that they pass
    car_depth       m       that cars pass;   cars  h-1  trips that begin in the city
    obeys           0..1    share of drivers who follow a message sign
    green_wave      s       for which one lasts where nobody says
    near            m       from an incident within which a unit is at it
    target          s       within which a unit should be there: 골든타임 of 7 min, unverified for floods
    unit_hour       kind of unit -> KRW h-1, with its people; others as a crew
    person_hour     KRW h-1 of an evacuee;   vehicle_hour  KRW h-1 of a delayed car
    closed_hour     h h-1   vehicle-hours lost per hour of a closed road, where no cars are reckoned
    """

    step: float = 30.0
    night: bool = False
    compliance: float = 0.7
    by_crew: float = 0.95
    preparing: float = 480.0
    spread: float = 0.6
    fetched: float = 60.0
    vulnerable: float = 0.2
    walk: float = 1.2
    slow: float = 0.8
    notice: float = 0.10
    climb: float = 0.5
    climb_night: float = 0.3
    climbing: float = 300.0
    depth: Mapping[str, float] = field(
        default_factory=lambda: {"crew": 0.5, "pump_crew": 0.5, "police": SMALL_CAR.depth, "engine": 0.5, "bus": 0.5}
    )
    product: float = LARGE_VEHICLE.product
    car_depth: float = SMALL_CAR.depth
    cars: float = 0.0
    obeys: float = 0.6
    green_wave: float = 900.0
    near: float = 100.0
    target: float = 420.0
    unit_hour: Mapping[str, float] = field(
        default_factory=lambda: {
            "crew": 120_000.0,
            "pump_crew": 150_000.0,
            "police": 100_000.0,
            "engine": 300_000.0,
            "bus": 100_000.0,
        }
    )
    person_hour: float = 15_000.0
    vehicle_hour: float = 20_000.0
    closed_hour: float = 20.0

    def __post_init__(self) -> None:
        if not 0 < self.step <= 60:
            raise InputError(f"town: a step of {self.step:g} s; it lies above 0 and is at most 60")
        for name in ("compliance", "by_crew", "vulnerable", "climb", "climb_night", "obeys"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"town: {name} is {getattr(self, name):g}; a share lies between 0 and 1")
        for name in ("walk", "slow"):
            if not getattr(self, name) > 0:
                raise InputError(f"town: {name} is {getattr(self, name):g} m/s; people walk at more than 0")
        for name in ("preparing", "spread", "fetched", "climbing", "cars", "near"):
            if not getattr(self, name) >= 0:
                raise InputError(f"town: {name} is {getattr(self, name):g}; it is not negative")

    @classmethod
    def of(cls, drill: Drill) -> TownSettings:
        """Return the settings with what a scenario says of its people."""
        return cls(night=drill.night, compliance=drill.compliance, preparing=drill.preparing, cars=drill.cars)

    def passes(self, kind: str) -> float:
        """Return the m of water that a kind of unit drives through."""
        return self.depth.get(kind, LARGE_VEHICLE.depth)

    def wage(self, kind: str) -> float:
        """Return the KRW per hour of a kind of unit."""
        return self.unit_hour.get(kind, self.unit_hour.get("crew", 0.0))

    def unverified(self) -> Iterator[dict[str, str]]:
        """Yield `code`, `value` and an English `text` for what nobody has checked at a source."""
        for code, value, text in (
            ("compliance", self.compliance, "share of people who follow a broadcast, assumed"),
            ("by_crew", self.by_crew, "share of people who follow somebody at the door, assumed"),
            ("preparing", self.preparing, "s until people leave, and its lognormal spread, assumed"),
            ("vulnerable", self.vulnerable, "share of people, assumed"),
            ("walk", self.walk, "m/s on dry ground, assumed"),
            ("climb", self.climb_night if self.night else self.climb, "share who go up in the house, assumed"),
            ("obeys", self.obeys, "share of drivers who follow a sign, assumed"),
            ("target", self.target, "s, golden time of fires, quoted"),
            ("unit_hour", self.wage("crew"), "KRW per hour of a crew; those of other units likewise assumed"),
            ("person_hour", self.person_hour, "KRW per hour of an evacuee, assumed"),
            ("vehicle_hour", self.vehicle_hour, "KRW per hour of a delayed car, assumed"),
            ("closed_hour", self.closed_hour, "vehicle-hours lost per hour of a closed road, assumed"),
        ):
            yield doubt(code, f"{value:g}", text)
