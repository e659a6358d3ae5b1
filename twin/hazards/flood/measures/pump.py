"""A pump: placed, started, stopped, failing, or set to another rate, rule or outlet."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from twin.errors import InputError, suggest
from twin.hazards._values import number, numbers, pairs
from twin.hazards.flood.measures.furniture import known
from twin.hazards.flood.works import INTAKE, around
from twin.model.action import Action, Effect
from twin.model.scenario import Series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin.hazards._places import Cells
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater
    from twin.physics.shallow_water.structures.pump import Pump, Rule

RULE = {"start", "stop", "start_level", "stop_level"}
LARGEST = 1e3
"""m3 s-1: the largest pumping station of the world moves about half of it; more is another unit."""
SAME = 1.0
"""m up to which a place is the same."""

NAMES = {"x", "y", "rate", "curve", "radius", "outlet", "outlet_level", "mode"} | RULE


def pump(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Pump `rate` m3 s-1 out of the area from the lowest cells within `radius` m (10) of `x`, `y`.

    The first of the `points` of a target stands for x and y. A pump takes no more than there is. The same target, or
    the same place, sets anew what is given, and moves the pump when it is to stand elsewhere; rate 0 is a pump that has
    failed.

    curve         [[head m, m3 s-1], ...], heads rising: it moves less against a head, and `rate` at most
    mode          "on", "off", or "auto": by its rule, if it has one
    start, stop   m of water at the intake above which it starts, and at which it stops; `start_level`, `stop_level` in
                  the city's datum instead
    outlet        [x, y] of the cells that take the water; "outside" (default): it leaves the area
    outlet_level  m in the city's datum, level of the water outside against which it lifts
    """
    from twin.physics.shallow_water.structures.pump import MODES, Pump

    params = known(action, NAMES)
    mode = params.get("mode", "auto")
    if mode not in MODES:
        raise InputError(f"pump: 'mode' is {mode!r}; {suggest(str(mode), MODES)}")
    rate = number(params["rate"], "pump: 'rate'", 0.0, LARGEST) if "rate" in params else None
    curve = _curve(params["curve"]) if "curve" in params else ()
    rule = _rule(params) if RULE & set(params) else None
    held = engine.structures.get(f"pump '{action.target}'") if action.target else None
    if "x" not in params and "points" in params:
        x, y = pairs(params["points"], 1)[0]
    elif isinstance(held, Pump) and "x" not in params and "y" not in params:
        x, y = math.nan, math.nan
    else:
        x, y = (number(params.get(key), f"pump: '{key}'", -math.inf) for key in ("x", "y"))
    name = f"pump '{action.target}'" if action.target else f"pump at {x:g}, {y:g}"
    held = engine.structures.get(name)
    made = held if isinstance(held, Pump) else None
    intake = None
    if not math.isnan(x):
        radius = number(params.get("radius", INTAKE), "pump: 'radius'", 0.0, 1e4)
        if made is None or "radius" in params or not math.dist(made.place, (x, y)) <= SAME:
            intake = around(engine, grid, (x, y), radius, name)
    outlet = _outlet(engine, grid, params, name)
    level = params.get("outlet_level")
    height = None if level is None else Series((engine.time,), (number(level, "pump: 'outlet_level'", -1e4, 1e4),))
    if (made is None or not made.curve) and curve and outlet is None and height is None:
        raise InputError("pump: a curve needs something to lift against; give 'outlet' [x, y] or 'outlet_level'")
    if made is None:
        if rate is None and not curve:
            raise InputError(f"{name}: give its 'rate' in m3/s, or a 'curve' of heads and rates")
        assert intake is not None
        made = Pump(name, intake, asset=action.target)
        made.rate = math.inf
        engine.put(made)
    made.mode = str(mode)
    made.rate = made.rate if rate is None else rate
    made.curve = curve or made.curve
    made.rule = rule or made.rule
    if intake is not None:
        made.intake, made.place, made.sump = intake, (x, y), None
    made.outlet = outlet if "outlet" in params else made.outlet
    made.outlet_level = height or made.outlet_level
    return Effect(action, len(made.intake[0]), _note(made))


def _note(made: Pump) -> str:
    """Return what a pump does from now on."""
    if made.mode == "off" or made.rate == 0:
        return f"{made.name} stands still"
    amount = "as its curve says" if math.isinf(made.rate) else f"{made.rate:g} m3/s"
    when = "" if made.mode == "on" or made.rule is None else f" when water stands above {made.rule.start:g} m"
    return f"{made.name} takes {amount} from {len(made.intake[0])} cells{when}"


def _curve(value: object) -> tuple[tuple[float, float], ...]:
    """Return the points of a pump curve. Raises InputError when heads do not rise or a rate is below 0."""
    curve = tuple(pairs(value, 1))
    for (before, _), (after, _) in pairwise(curve):
        if not after > before:
            raise InputError(f"pump: 'curve': head {after:g} m follows {before:g} m; heads must rise")
    for head, rate in curve:
        number(rate, f"pump: 'curve': the rate at {head:g} m", 0.0, LARGEST)
    return curve


def _rule(params: Mapping[str, object]) -> Rule:
    """Return when it starts and stops. Raises InputError for depths mixed with levels, or a stop above the start."""
    from twin.physics.shallow_water.structures.pump import Rule

    level = bool({"start_level", "stop_level"} & set(params))
    if level and {"start", "stop"} & set(params):
        raise InputError("pump: give either 'start' and 'stop' (depths) or 'start_level' and 'stop_level'")
    first, last = ("start_level", "stop_level") if level else ("start", "stop")
    if level and first not in params:
        raise InputError("pump: 'stop_level' needs 'start_level'")
    least = -1e4 if level else 0.0
    start = number(params.get(first, Rule().start), f"pump: '{first}'", least, 1e4)
    gap = Rule().start - Rule().stop
    stop = number(params.get(last, start - gap if level else min(Rule().stop, start)), f"pump: '{last}'", least, 1e4)
    if stop > start:
        raise InputError(f"pump: '{last}' {stop:g} m is above '{first}' {start:g} m")
    return Rule(start, stop, level)


def _outlet(engine: ShallowWater, grid: Grid, params: Mapping[str, object], name: str) -> Cells | None:
    """Return the cells that take the water; None for the outside."""
    value = params.get("outlet", "outside")
    if value == "outside":
        return None
    x, y = numbers(value, 2, "pump: 'outlet' (a point [x, y] or \"outside\")")
    return around(engine, grid, (x, y), INTAKE, f"{name}: its outlet")
