"""The parameters of an indoor fire: table `[indoor_fire]` of a scenario. What is not known is an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from twin.errors import InputError, suggest
from twin.hazards._values import flag, number
from twin.hazards.indoor_fire.design import FUELS, GROWTH, USES

CHOICES: dict[str, tuple[str, ...]] = {
    "use": tuple(USES),
    "growth": tuple(GROWTH),
    "fuel": tuple(FUELS),
    "fire_place": ("centre", "wall", "corner"),
    "linings": ("gypsum", "concrete", "none"),
    "detectors": ("none", "smoke", "heat"),
    "scope": ("connected", "all"),
}

RANGES: dict[str, tuple[float, float]] = {
    "peak_kw": (1.0, 1e6), "fire_load_mj_per_m2": (1.0, 1e5), "fire_area_m2": (0.01, 1e4), "fire_height_m": (0.0, 50.0),
    "spread_c": (100.0, 1200.0), "leakage_m2_per_m2": (0.0, 0.1), "doors": (0.0, 1.0), "outer_doors": (0.0, 1.0),
    "door_gap_m": (0.0, 0.2), "window_breaks_c": (50.0, 2000.0), "sprinkler_c": (30.0, 400.0),
    "sprinkler_rti": (1.0, 1000.0), "sprinkler_mm_per_s": (1e-3, 10.0), "sprinkler_m": (0.0, 20.0),
    "detector_m": (0.0, 50.0), "alarm_s": (0.0, 1e6), "premovement_s": (0.0, 1e5), "aware_s": (0.0, 1e5),
    "people_per_m2": (0.0, 10.0),
    "walking_m_per_s": (0.05, 5.0), "stairs_m_per_s": (0.05, 5.0), "flow_per_m_s": (0.05, 5.0), "head_m": (0.5, 3.0),
    "temperature_limit_c": (30.0, 500.0), "visibility_limit_m": (0.0, 100.0), "dose_limit": (0.001, 10.0),
    "oxygen_limit": (0.0, 0.23), "turn_back_m": (0.0, 100.0), "inside_c": (-30.0, 50.0), "outside_c": (-40.0, 50.0),
}  # fmt: skip
"""Parameters that are numbers, with the least and the greatest value that makes sense."""


@dataclass(frozen=True, slots=True)
class Params:
    """What a scenario may set; the values here are the defaults, None: see there.

    use            what the rooms are for: fire load, heat release and people per area (`design.USES`)
    growth         "slow", "medium", "fast", "ultra": fire of t squared
    peak_kw        None: heat release per area of the use times the area that burns
    fire_load_mj_per_m2   None: of the use
    fire_area_m2   area that burns at most; None: the floor of the room
    fire_height_m  of the base of the fire above the floor; fire_place "centre", "wall", "corner"
    fuel           what burns (`design.FUELS`)
    spread         whether the contents of a room burn once its hot layer has reached `spread_c`
    linings        of walls and ceilings: "gypsum", "concrete", "none" (no heat passes); floors are concrete
    leakage_m2_per_m2   cracks per area of walls, to the open air
    doors, outer_doors  share to which doors inside and doors to the open stand open at the start
    door_open, window_open   id -> share, for single ones
    door_gap_m     gap under a shut door
    door_left_open doors that people pass stay open, but those with a fire rating shut behind them
    window_breaks_c     temperature of the hot layer at which a closed window falls out
    detectors      in every room "none", "smoke" or "heat"; detector_m from the fire
    sprinklers     in every room, of activation `sprinkler_c`, `sprinkler_rti`, `sprinkler_mm_per_s`, `sprinkler_m` off
    alarm_s        when all are warned, whatever the detectors say; None: by detectors, or by smoke in the own room
    premovement_s  between being warned and setting off
    aware_s        between the start of a fire and setting off, of those in its room
    people         room (id or name) -> how many; the others by `people_per_m2`, None: of the use
    exits          ids of the doors that lead to safety; none: doors to the open at the level of the lowest
    storey         name of the storey that maps show; "": that of the first fire
    scope          "connected": the rooms joined to the burning ones; "all" rooms of the area
    head_m, temperature_limit_c, visibility_limit_m, dose_limit, oxygen_limit   from which on a room cannot be used
    turn_back_m    visibility below which people do not go into a room
    """

    use: str = "dwelling"
    growth: str = "medium"
    peak_kw: float | None = None
    fire_load_mj_per_m2: float | None = None
    fire_area_m2: float | None = None
    fire_height_m: float = 0.5
    fire_place: str = "centre"
    fuel: str = "furnishings"
    spread: bool = True
    spread_c: float = 500.0
    linings: str = "gypsum"
    leakage_m2_per_m2: float = 1.7e-4
    doors: float = 0.0
    outer_doors: float = 0.0
    door_open: Mapping[str, float] = field(default_factory=dict)
    window_open: Mapping[str, float] = field(default_factory=dict)
    door_gap_m: float = 0.01
    door_left_open: bool = True
    window_breaks_c: float = 450.0
    detectors: str = "smoke"
    detector_m: float = 3.0
    sprinklers: bool = False
    sprinkler_c: float = 68.0
    sprinkler_rti: float = 50.0
    sprinkler_mm_per_s: float = 0.07
    sprinkler_m: float = 2.5
    alarm_s: float | None = None
    premovement_s: float = 60.0
    aware_s: float = 30.0
    people: Mapping[str, float] = field(default_factory=dict)
    people_per_m2: float | None = None
    walking_m_per_s: float = 1.2
    stairs_m_per_s: float = 0.8
    flow_per_m_s: float = 1.3
    exits: tuple[str, ...] = ()
    storey: str = ""
    scope: str = "connected"
    head_m: float = 1.8
    temperature_limit_c: float = 60.0
    visibility_limit_m: float = 10.0
    dose_limit: float = 0.3
    oxygen_limit: float = 0.165
    turn_back_m: float = 3.0
    inside_c: float = 20.0
    outside_c: float = 20.0


UNVERIFIED = (
    "fire load x 0.8, 70 % burnt when the decay begins, heat release per area (EN 1991-1-2 annex E, transcribed)",
    "yields of 'furnishings' (C/VM2, from memory)",
    "people per area (IBC table 1004.5, from memory)",
    "leakage 0.00017 of the wall (NFPA 92, from memory)",
    "contents burn from a hot layer of 500 C on (a usual sign of flashover)",
    "people do not enter where they see less than 3 m",
    "oxygen limit 15 % by volume (Korean annex, not obtained)",
    "pre-movement time 60 s, 30 s in the room of the fire",
)
"""What no original was read for; told with every run."""


def checked(given: Mapping[str, object]) -> Params:
    """Return the parameters. Raises InputError for what is not known or makes no sense."""
    known = [f.name for f in fields(Params)]
    values: dict[str, object] = {}
    for name, value in given.items():
        what = f"indoor_fire parameter '{name}'"
        if name not in known:
            raise InputError(f"{what} is not known; {suggest(name, known)}")
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise InputError(f"{what} is {value!r}; {suggest(str(value), CHOICES[name])}")
            values[name] = value
        elif name in ("doors", "outer_doors"):
            values[name] = {"open": 1.0, "closed": 0.0}.get(str(value)) if isinstance(value, str) else value
            values[name] = number(values[name], what, *RANGES[name], " (or 'open', 'closed')")
        elif name in RANGES:
            values[name] = number(value, what, *RANGES[name])
        elif name in ("door_open", "window_open"):
            values[name] = _table(value, what, 1.0)
        elif name == "people":
            values[name] = _table(value, what, 1e5)
        elif name == "exits":
            values[name] = _texts(value, what)
        elif name in ("spread", "sprinklers", "door_left_open"):
            values[name] = flag(value, what)
        else:
            values[name] = text(value, what)
    return Params(**values)  # type: ignore[arg-type]  # each checked above


def text(value: object, what: str) -> str:
    """Return a text. Raises InputError when it is something else."""
    if not isinstance(value, str):
        raise InputError(f"{what} is {value!r}; it must be a text")
    return value


def _table(value: object, what: str, greatest: float) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise InputError(f"{what} is {value!r}; it must be a table of ids and numbers")
    return {str(key): number(one, f"{what}, '{key}'", 0.0, greatest) for key, one in value.items()}


def _texts(value: object, what: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise InputError(f"{what} is {value!r}; it must be a list of ids")
    return tuple(text(one, what) for one in value)
