"""A fire engine: sent to a building or a place, or called back."""

from __future__ import annotations

from twin.errors import InputError
from twin.hazards._values import flag, number, numbers
from twin.hazards.fire.crews import Engine
from twin.hazards.fire.measures.furniture import building, known, place
from twin.hazards.fire.world import World
from twin.model.action import Action, Effect


def engine(world: World, action: Action) -> Effect:
    """Send `number` engines (1) to the target building, or to `x`, `y`.

    They come from the stations with the fastest way that have one left, or `from` one: a station's id or [x, y]. An
    engine throws on what it can put out, its own building and then the newest fires first, and goes on to others when
    there is nothing left to do, see `targets`; its building has its facades wetted while it is heated and does not burn
    yet. `recall` true sends the engines of the building, or all without a target, back. None left is an outcome and no
    error.
    """
    params = known(action, {"x", "y", "number", "from", "recall"})
    number_of = building(world, action)
    if flag(params.get("recall", False), "engine: 'recall'"):
        gone = world.crews.recall(number_of)
        return Effect(action, 0, f"{gone} engine{'s' * (gone != 1)} called back")
    if number_of >= 0:
        where = float(world.buildings.x[number_of]), float(world.buildings.y[number_of])
    elif "x" in params or "points" in params:
        where = place(world, action)
    else:
        raise InputError("engine: give the id of a building as target, or 'x' and 'y'")
    count = number(params.get("number", 1), "engine: 'number'", 1, 100)
    if count != int(count):
        raise InputError(f"engine: 'number' is {count:g}; engines come whole")
    start = params.get("from")
    origin: str | tuple[float, float] | None
    if start is None or isinstance(start, str):
        origin = start
    else:
        x, y = numbers(start, 2, "engine: 'from' (a station's id or [x, y])")
        origin = x, y
    sent = [world.crews.send(world.time, where, number_of, origin, world.water) for _ in range(int(count))]
    there = [one for one in sent if one is not None]
    world.sent(action, len(sent), len(there))
    if not there:
        return Effect(action, 0, "no engine is left at any station it could come from; nobody comes")
    arrive = ", ".join(_told(one) for one in there)
    short = f"; {len(sent) - len(there)} more were asked for, none is left" if len(there) < len(sent) else ""
    return Effect(action, 0, f"on the way: {arrive}, if nothing stops them{short}")


def _told(one: Engine) -> str:
    """Return when an engine arrives and by which way, or that there is none."""
    if one.stuck >= 0:
        return f"{one.name} has no way now, it waits and tries again"
    road = f" ({one.drive.length / 1000:.1f} km by road)" if one.drive is not None else " (in a straight line)"
    return f"{one.name} at {one.due / 60:.1f} min{road}"
