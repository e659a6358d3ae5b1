"""Targets have to be things of the city, of a sort that the kind of action is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from twin.model.response.proposal import Reason, Refusal
from twin.shield.known import Item, Known


def _home(known: Known, target: str) -> bool:
    return target in known.homes


def _road(known: Known, target: str) -> bool:
    return target in known.edges_of


def _sign(known: Known, target: str) -> bool:
    return target in known.edges_of or target in known.sites


def _gate(known: Known, target: str) -> bool:
    return target in known.gates or target in known.sites


def _of(kind: str) -> Callable[[Known, str], bool]:
    return lambda known, target: target in known.sites and known.sites[target].kind == kind


def _thing(known: Known, target: str) -> bool:
    reported = any(target == report.target for report in known.view.reports)
    return target in known.homes or target in known.sites or target in known.edges_of or reported


def _place(known: Known, target: str) -> bool:
    return not target or _thing(known, target)


def _seen(known: Known, target: str) -> bool:
    return _thing(known, target) or target in known.reports


def _any(known: Known, target: str) -> bool:
    del known, target
    return True


TARGETS: Mapping[str, Callable[[Known, str], bool]] = {
    "evacuate": _home,
    "close_road": _road,
    "reopen_road": _road,
    "message_sign": _sign,
    "green_wave": _place,
    "inspect": _seen,
    "hold_entrance": _gate,
    "open_exit": _gate,
    "divert": _gate,
    "barrier": _place,
    "pump": _place,
    "gate": _of("gate"),
    "underpass": _of("underpass"),
    "basement": _thing,
    "drain": _place,
    "engine": _place,
    "hydrant": _place,
    "wet": _place,
    "clear": _place,
    "alert": _any,
    "evacuation_order": _any,
    "power_cut": _any,
    "send_alert": _any,
}
"""Kind of action -> whether something may be its target. An alert, and what is only recorded,
has any or none; what needs a place and has no target is asked for the place by `params`."""


def targets(item: Item, known: Known) -> Refusal | None:
    """Refuse what is aimed at something that is not there, or at people who have left."""
    action = item.step.action
    if not TARGETS[action.kind](known, action.target):
        return Refusal(
            "targets", item.number, Reason("shield.target.unknown", {"kind": action.kind, "target": action.target[:80]})
        )
    leaving = (*known.view.away, *known.view.running.get("evacuate", ()))
    if action.kind == "evacuate" and action.target in leaving:
        return Refusal("targets", item.number, Reason("shield.target.away", {"target": action.target}))
    return None
