"""What can be done to an indoor fire while it runs: one function per kind of action, found in `MEASURES`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from twin.errors import InputError, TwinError, UsageError, suggest
from twin.hazards._values import flag, number
from twin.hazards.indoor_fire.course import Course
from twin.model.action import Action, Effect

VAPORISED = 2630.0
"""kW that one litre of water per second takes when all of it becomes steam: 4.18 kJ/kgK x 90 K + 2257 kJ/kg."""
EFFICIENCY = 0.35
"""Share of the water that does; unverified (0.3 to 0.5)."""


def door(course: Course, action: Action) -> Effect:
    """Open the door `target` as far as `opening` (0 closed .. 1 open, default 1), or say `open` true or false."""
    return _turn(course, action, "door")


def window(course: Course, action: Action) -> Effect:
    """Open the window `target` as far as `opening` (0 closed .. 1 open, default 1), or say `open` true or false.

    One that has fallen out cannot be closed.
    """
    return _turn(course, action, "window")


def _turn(course: Course, action: Action, kind: str) -> Effect:
    params = _known(action, {"opening", "open"})
    if len(params) > 1:
        raise InputError(f"{kind}: 'opening' and 'open' say the same; give one of them")
    share = number(params.get("opening", 1.0), f"{kind}: 'opening'", 0.0, 1.0)
    if "open" in params:
        share = 1.0 if flag(params["open"], f"{kind}: 'open'") else 0.0
    if not action.target:
        raise InputError(f"{kind}: give the 'target', its id")
    joint = course.graph.joint(action.target, kind, kind)
    before = float(course.share[joint])
    if course.broken[joint] and share < 1:
        return Effect(action, 0, f"{kind} '{action.target}' has fallen out and stays open")
    course.set_open(joint, share)
    return Effect(action, 1, f"{kind} '{action.target}' {before:.0%} open, now {share:.0%}")


def sprinkler(course: Course, action: Action) -> Effect:
    """Let water fall in the room `target` from now on: `water` L/s on its floor, default as sprinklers are set."""
    params = _known(action, {"water"})
    if not action.target:
        raise InputError("sprinkler: give the 'target', a room")
    place = course.graph.room(action.target, "sprinkler")
    room = course.graph.rooms[place]
    usual = course.params.sprinkler_mm_per_s * room.area
    water = number(params.get("water", usual), "sprinkler: 'water'", 1e-3, 1e4)
    fires = course.burning(place)
    tau = course.spray(fires, water / room.area)
    lit = sum(math.isfinite(course.started[n]) and course.started[n] <= course.time for n in fires)
    return Effect(action, 1, f"sprinkler in {room.name}: {lit} fires there, down to 1/e every {tau:.0f} s")


def extinguish(course: Course, action: Action) -> Effect:
    """Take heat from the fires of the room `target` ("": of all) from now on: `heat` kW, or `water` L/s.

    `efficiency` (default 0.35) is the share of the water that becomes steam. A fire that has all its heat taken for a
    minute is out for good. 0 ends it.
    """
    params = _known(action, {"heat", "water", "efficiency"})
    if ("heat" in params) == ("water" in params):
        raise InputError("extinguish: give either 'heat' (kW) or 'water' (L/s)")
    if "heat" in params:
        sink = number(params["heat"], "extinguish: 'heat'", 0.0, 1e7)
    else:
        efficiency = number(params.get("efficiency", EFFICIENCY), "extinguish: 'efficiency'", 0.0, 1.0)
        sink = VAPORISED * efficiency * number(params["water"], "extinguish: 'water'", 0.0, 1e4)
    room = course.graph.room(action.target, "extinguish") if action.target else None
    fires = [n for n in course.burning(room) if math.isfinite(course.started[n]) and course.started[n] <= course.time]
    for n in fires:
        course.sink[n] = sink / len(fires)
    course.quench()
    where = course.graph.rooms[room].name if room is not None else "the building"
    return Effect(action, len(fires), f"{sink:.0f} kW taken from {len(fires)} fires in {where}")


def evacuate(course: Course, action: Action) -> Effect:
    """Warn people now: those of the room `target`, of the storey of that name, or all; they set off `delay` s later.

    `delay`  default the scenario's premovement_s
    """
    params = _known(action, {"delay"})
    delay = number(params.get("delay", course.params.premovement_s), "evacuate: 'delay'", 0.0, 1e5)
    rooms: Sequence[int] | None = None
    if action.target:
        rooms = [n for n, room in enumerate(course.graph.rooms) if room.storey == action.target]
        rooms = rooms or [course.graph.room(action.target, "evacuate")]
    warned = course.people.warn(course.time, delay, rooms)
    return Effect(action, len(course.graph.rooms) if rooms is None else len(rooms), f"{warned} people warned")


Measure = Callable[[Course, Action], Effect]

MEASURES: Mapping[str, Measure] = {
    "door": door,
    "evacuate": evacuate,
    "extinguish": extinguish,
    "sprinkler": sprinkler,
    "window": window,
}
"""By kind of action."""


def carry_out(course: Course, action: Action) -> Effect:
    """Carry out an action now. Raises UsageError for a kind that no indoor fire knows, and what the measure raises."""
    if action.kind not in MEASURES:
        raise UsageError(f"an indoor fire knows no measure '{action.kind}'; {suggest(action.kind, MEASURES)}")
    return MEASURES[action.kind](course, action)


def rehearse(course: Course, measures: Sequence[Action]) -> None:
    """Carry out all measures on a course that is spent afterwards: what is wrong is known before the first step.

    Raises what a measure raises, with its place in the document.
    """
    for place, action in sorted(enumerate(measures), key=lambda one: one[1].at):
        try:
            carry_out(course, action)
        except TwinError as error:
            raise type(error)(f"measure[{place}] at {action.at / 60:g} min: {error}") from None


def _known(action: Action, names: set[str]) -> Mapping[str, object]:
    for name in action.params:
        # where its target is a thing of the map too, the action brings its outline
        if name not in names | ({"points"} if action.target else set()):
            raise InputError(f"{action.kind}: param '{name}' is not known; {suggest(name, names)}")
    return action.params
