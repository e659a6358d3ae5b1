"""The limits that no agent gets beyond, each with its source. A policy may only make them stricter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from twin.errors import InputError, suggest

STRICTER: Mapping[str, str] = {
    **dict.fromkeys(("foot_depth", "foot_product", "car_depth", "car_product", "large_depth", "large_product"), "less"),
    **dict.fromkeys(("emergency_depth", "emergency_product", "way_share", "shelter_share", "shelter_depth"), "less"),
    **dict.fromkeys(("shelter_unstated", "alone_level"), "less"),
    **dict.fromkeys(("engine_reach", "reading_age", "report_age", "outlook_age", "late", "ahead", "expiry"), "less"),
    **dict.fromkeys(("steps_per_agent", "steps_in_all", "harm_share", "equity_share", "beyond"), "less"),
    **dict.fromkeys(("access_share", "reading_reach", "setting_out", "bus_slow", "reopen_dry"), "more"),
}
"""Limits that a policy may set -> in which direction they become stricter."""

MODES = ("foot", "car", "large", "emergency")

OF_UNIT: Mapping[str, str] = {"engine": "emergency", "bus": "large", "pump_crew": "large"}
"""Kind of unit -> the mode whose limits hold for it; all others are as careful as a car."""


def _ages() -> dict[str, float]:
    return {"crowd_density": 600.0, "crowd_count": 600.0, "traffic_count": 900.0, "wind_speed": 3600.0}


def _harm() -> dict[str, float]:
    return {
        "person_minutes_water": 30.0,
        "person_minutes_fire": 10.0,
        "person_minutes_crowd": 60.0,
        "damage": 5e7,
        "response_time": 120.0,
        "lost_access": 6000.0,
    }


def _equity() -> dict[str, float]:
    return {
        "person_minutes_water": 10.0,
        "person_minutes_fire": 5.0,
        "person_minutes_crowd": 20.0,
        "damage": 1e7,
        "lost_access": 2000.0,
    }


@dataclass(frozen=True, slots=True)
class Limits:
    """What a step may not go beyond. [design]: set by this project, no source behind the number.

    foot_depth       m       보행곤란수심 of children of ten, 지하공간 수방 기준 해설: nobody knows who lives in a home
    foot_product     m2 s-1  depth times speed, limit of H1, AIDR Guideline 7-3
    car_*            m, m2 s-1   small car, limit of H1, AIDR Guideline 7-3
    large_*          m, m2 s-1   bus and lorry, limit of H2, AIDR Guideline 7-3
    emergency_*      m, m2 s-1   a fleet setting; without one the limits of a large vehicle
    way_share        0..1    share of members in which a way may meet water or fire beyond the limit (the 0.9 quantile
                             over members has to be passable) [design]
    engine_reach     m       of its way's end within which a fire engine on its way to a fire may meet heat [design]
    beyond           s       for which the last state of a forecast is taken to last; what goes on longer cannot be
                             judged and is refused [design]
    foot_fast, foot_slow   m s-1   between which people walk: healthy adults; 0.8 of old people (unverified) times 0.76
                             in water at the limit, impact.md 6
    setting_out      s       until the last people of a home have left it, after they were told [design]
    bus_slow         1       times as long as on the free road a bus may take [design]
    reading_reach    m       within which a reading of depth speaks for a road [design]
    reopen_dry       s       for which a road has to stay passable before it is opened [design]
    shelter_share    0..1    chance of water or fire at a shelter, at most; agents.md 5
    shelter_unstated people  that a shelter holds which states no capacity [design]
    shelter_depth    m       of water there from which it is inside the hazard: the limit on foot
    access_share     0..1    share of the roads, by length, that hospitals and fire stations reach without any closure
                             and must go on reaching [design]
    reading_age, report_age, outlook_age   s   beyond which data carry no action [design]
    ages             s       of a reading, by quantity, where it differs from `reading_age` [design]
    confirm_reach, confirm_within   m, s   within which a second report of a kind confirms a first [design]
    alone_level      level   up to which one unconfirmed report carries an action; agents.md 6. Baselines that stand for
                             rules which go by one call are to be scored with 2, or they are held back by this rule
    ahead            s       from now within which a step has to begin [design]
    late             s       by which an approved step may begin later than it was planned [design]
    expiry           s       that a proposal can wait for its approval at most [design]
    steps_per_agent, steps_in_all   actions per cycle at most [design]
    harm             by measure: rise of the whole city's figure, at the upper end of the interval, at most [design]
    harm_share       0..1    of the figure without the action, where that is more than `harm` [design]
    equity_share     0..1    by which the figure of a district may rise at most [design]
    equity           by measure: rise of a district's figure that is never held against an action [design]
    """

    foot_depth: float = 0.20
    foot_product: float = 0.3
    car_depth: float = 0.3
    car_product: float = 0.3
    large_depth: float = 0.5
    large_product: float = 0.6
    emergency_depth: float = 0.5
    emergency_product: float = 0.6
    way_share: float = 0.1
    engine_reach: float = 100.0
    beyond: float = 3600.0
    foot_fast: float = 1.5
    foot_slow: float = 0.6
    setting_out: float = 900.0
    bus_slow: float = 2.0
    reading_reach: float = 30.0
    reopen_dry: float = 1800.0
    shelter_share: float = 0.05
    shelter_unstated: float = 200.0
    shelter_depth: float = 0.20
    access_share: float = 0.5
    reading_age: float = 1800.0
    report_age: float = 3600.0
    outlook_age: float = 1800.0
    ages: Mapping[str, float] = field(default_factory=_ages)
    confirm_reach: float = 150.0
    confirm_within: float = 900.0
    alone_level: int = 1
    ahead: float = 6 * 3600.0
    late: float = 1200.0
    expiry: float = 3600.0
    steps_per_agent: int = 300
    steps_in_all: int = 900
    harm: Mapping[str, float] = field(default_factory=_harm)
    harm_share: float = 0.02
    equity_share: float = 0.05
    equity: Mapping[str, float] = field(default_factory=_equity)

    def passing(self, mode: str) -> tuple[float, float]:
        """Return the depth in m and the depth times speed in m2 s-1 up to which a mode of `MODES` passes."""
        return getattr(self, f"{mode}_depth"), getattr(self, f"{mode}_product")

    def age(self, quantity: str) -> float:
        """Return the s after which a reading of a quantity carries no action."""
        return min(self.ages.get(quantity, self.reading_age), 2 * self.reading_age)

    def stricter(self, given: Mapping[str, object], where: str) -> Limits:
        """Return the limits with some set anew. Raises InputError for what is unknown, no number, or less strict.

        where  stands at the front of the error
        """
        made = self
        for name, value in given.items():
            if name not in STRICTER:
                raise InputError(f"{where}: limit '{name}' is not known or not to be set; {suggest(name, STRICTER)}")
            standing = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
                raise InputError(f"{where}: limit '{name}' is {value!r}; it must be a number, 0 or more")
            number = float(value)
            if isinstance(standing, int) and number != int(number):
                raise InputError(f"{where}: limit '{name}' is {number:g}; it counts steps and must be whole")
            if (number > standing) if STRICTER[name] == "less" else (number < standing):
                raise InputError(
                    f"{where}: limit '{name}' is {number:g}, less strict than {standing:g}; a policy may only be "
                    f"stricter, {STRICTER[name]} than that"
                )
            made = replace(made, **{name: type(standing)(number)})
        return made

    def as_dict(self) -> dict[str, object]:
        """Return all limits as JSON can hold them."""
        return {f.name: dict(v) if isinstance(v := getattr(self, f.name), Mapping) else v for f in fields(self)}
