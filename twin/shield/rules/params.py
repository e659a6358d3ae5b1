"""Params of actions: known names, values of the right type and size, places within the city."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from twin.model.response.proposal import Reason, Refusal
from twin.shield.known import Item, Known

Check = Callable[[object, Known], bool]


def number(least: float, greatest: float) -> Check:
    """Return a check for a number within a range."""
    return lambda value, _: (
        not isinstance(value, bool) and isinstance(value, int | float) and least <= value <= greatest
    )


def word(*words: str) -> Check:
    """Return a check for one of some words."""
    return lambda value, _: isinstance(value, str) and value in words


def flag(value: object, known: Known) -> bool:
    """Return whether it is yes or no."""
    del known
    return isinstance(value, bool)


def edges(value: object, known: Known) -> bool:
    """Return whether it is a list of edges of the network."""
    if not isinstance(value, list | tuple):
        return False
    most = len(known.roads.start)
    return all(isinstance(e, int) and not isinstance(e, bool) and 0 <= e < most for e in value)


def east(value: object, known: Known) -> bool:
    """Return whether it is an x within the city."""
    return number(known.bounds[0], known.bounds[2])(value, known)


def north(value: object, known: Known) -> bool:
    """Return whether it is a y within the city."""
    return number(known.bounds[1], known.bounds[3])(value, known)


def point(value: object, known: Known) -> bool:
    """Return whether it is a point within the city."""
    return isinstance(value, list | tuple) and len(value) == 2 and east(value[0], known) and north(value[1], known)


def points(value: object, known: Known) -> bool:
    """Return whether it is a list of points within the city."""
    return isinstance(value, list | tuple) and 1 <= len(value) <= 1000 and all(point(p, known) for p in value)


def box(value: object, known: Known) -> bool:
    """Return whether it is west, south, east and north within the city."""
    if (
        not isinstance(value, list | tuple)
        or len(value) != 4
        or not (point(value[:2], known) and point(value[2:], known))
    ):
        return False
    return bool(value[0] < value[2] and value[1] < value[3])


def some(value: object, known: Known) -> bool:
    """Return True: what is finite and of the right size has been seen to before."""
    del value, known
    return True


def _shelter(value: object, known: Known) -> bool:
    return isinstance(value, str) and value in known.sites and known.sites[value].kind == "shelter"


def _station(value: object, known: Known) -> bool:
    return (isinstance(value, str) and value in known.sites) or point(value, known)


def _areas(value: object, known: Known) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(a, str) and a in known.view.facts.districts for a in value
    )


def _nothing(value: object, known: Known) -> bool:
    return value is None or number(-500, 9000)(value, known)


PLACE: Mapping[str, Check] = {"x": east, "y": north, "points": points}
AREA: Mapping[str, Check] = {
    "box": box,
    "polygon": points,
    "line": points,
    "width": number(0, 1e4),
    "radius": number(0, 1e4),
    **PLACE,
}
ABOUT: Mapping[str, Check] = {"about": some, "note": some}
EDGES: Mapping[str, Check] = {"edges": edges, **ABOUT}
RATE, LEVEL, WIDTH, TIME = number(0, 1000), number(-500, 9000), number(0.001, 1e4), number(0, 7 * 86400)

PARAMS: Mapping[str, Mapping[str, Check]] = {
    "evacuate": {"shelter": _shelter, "mode": word("foot", "bus"), "by": word("crew", "broadcast"), **EDGES},
    "close_road": EDGES,
    "reopen_road": EDGES,
    "message_sign": {"avoid": edges, **ABOUT},
    "green_wave": {"speed": number(1, 2), **EDGES},
    "inspect": {**PLACE, **ABOUT},
    "barrier": {"line": points, "box": box, "level": _nothing, "remove": flag, **PLACE},
    "pump": {
        **PLACE,
        "rate": RATE,
        "curve": some,
        "radius": number(0, 1e4),
        "outlet": lambda value, known: value == "outside" or point(value, known),
        "outlet_level": LEVEL,
        "mode": word("on", "off", "auto"),
        **dict.fromkeys(("start", "stop"), number(0, 1e3)),
        **dict.fromkeys(("start_level", "stop_level", "level"), LEVEL),
        "capacity": RATE,
    },
    "gate": {
        "opening": number(0, 1),
        "over": TIME,
        "line": points,
        "flap": flag,
        "points": points,
        "level": LEVEL,
        **dict.fromkeys(("width", "height", "diameter"), WIDTH),
    },
    "underpass": {
        "boards": number(0, 5),
        "pump": RATE,
        "closed": flag,
        "depth": number(0, 50),
        "width": WIDTH,
        **PLACE,
    },
    "basement": {"boards": number(0, 5), "pump": RATE, **PLACE},
    # 0: cleared. To block drains is no response to anything
    "drain": {"share": number(0, 0), "part": word("inlets", "pipes", "all"), "radius": number(0, 1e4), **PLACE},
    "engine": {**PLACE, "number": number(1, 20), "from": _station, "recall": flag},
    "hydrant": {**PLACE, "open": flag, "rate": number(0, 500)},
    "wet": {"rate": number(0, 1000), "duration": TIME, **AREA},
    "clear": {"line": points, "width": number(0.1, 200), "pace": number(1e-4, 10), "duration": TIME, "demolish": flag},
}
"""Kind of action -> its params and what they may be. Of the others any are let through."""

ALERT: Mapping[str, Check] = {"areas": _areas}

NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "evacuate": (("shelter",),),
    "barrier": (("level", "remove"),),
    "green_wave": (("edges",),),
    "message_sign": (("avoid",),),
    "drain": (("share",),),
    "clear": (("line",),),
    "underpass": (("boards", "pump", "closed"),),
    "basement": (("boards", "pump"),),
}
"""Kind of action -> params of which it needs one of each group."""

ALONE: Mapping[str, tuple[str, ...]] = {
    "barrier": ("line", "box"),
    "pump": ("x", "points"),
    "drain": ("x", "points"),
    "engine": ("x", "points", "recall"),
    "hydrant": ("x", "points"),
    "wet": ("box", "polygon", "line", "x"),
}
"""Kind of action -> params of which it needs one where it has no target: without it it would mean everything."""


def params(item: Item, known: Known) -> Refusal | None:
    """Refuse params that nobody knows, that mean nothing, or that lie outside the city."""
    action = item.step.action
    checks = PARAMS.get(action.kind)
    for name, value in action.params.items():
        check = ALERT.get(name, some) if checks is None else checks.get(name)
        if check is None:
            return _refused(item, "shield.params.unknown", name)
        if not check(value, known):
            return _refused(item, "shield.params.wrong", name)
    needed = NEEDED.get(action.kind, ())
    if not action.target and action.kind in ALONE:
        needed = (*needed, ALONE[action.kind])
    for group in needed:
        if not any(name in action.params for name in group):
            return _refused(item, "shield.params.missing", group[0])
    return None


def _refused(item: Item, code: str, name: str) -> Refusal:
    return Refusal("params", item.number, Reason(code, {"kind": item.step.action.kind, "param": name[:60]}))
