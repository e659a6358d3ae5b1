"""Steps that cannot both be meant: two evacuations of one home, one pump set twice, a road closed and opened."""

from __future__ import annotations

from collections.abc import Sequence

from twin.model.action import Action
from twin.model.response.proposal import Reason, Refusal
from twin.shield.known import Item, Known

ONCE = frozenset(
    {"evacuate", "close_road", "reopen_road", "message_sign", "barrier", "pump", "gate", "underpass", "basement"}
    | {"hold_entrance", "open_exit", "divert"}
)
"""Kinds that are done to a thing once in a cycle; several engines may well be sent to one fire."""


def closes(action: Action) -> bool:
    """Return whether an action closes a road."""
    return action.kind == "close_road" or (action.kind == "underpass" and action.params.get("closed") is True)


def opens(action: Action) -> bool:
    """Return whether an action opens a road."""
    return action.kind == "reopen_road" or (action.kind == "underpass" and action.params.get("closed") is False)


def key(action: Action) -> tuple[str, str, str]:
    """Return what an action is done to; without a target the place that its params say."""
    places = ("x", "y", "points", "line", "box")
    place = "" if action.target else repr([action.params.get(name) for name in places])
    return action.kind, action.target, place


def disagree(actions: Sequence[Action]) -> Action | None:
    """Return the first action that one and the same agent cannot mean beside its others; None: they go together."""
    seen: set[tuple[str, str, str]] = set()
    shut = {action.target for action in actions if closes(action)}
    for action in actions:
        if action.kind in ONCE and key(action) in seen:
            return action
        seen.add(key(action))
        if opens(action) and action.target in shut:
            return action
    return None


def contradiction(items: Sequence[Item], known: Known) -> dict[int, Refusal]:
    """Refuse the second of two steps that do the same to one thing, and what opens a road that another one closes.

    Closing is the safer of the two, and goes before opening whoever asks for it.
    """
    found: dict[int, Refusal] = {}
    seen: set[tuple[str, str, str]] = set()
    shut: set[int] = set()
    for item in items:
        if closes(item.step.action):
            shut |= set(known.closing(item.step))
    for n, item in enumerate(items):
        action = item.step.action
        if action.kind in ONCE and key(action) in seen:
            found[n] = _refused(item, "shield.contradiction.twice")
            continue
        seen.add(key(action))
        if opens(action) and shut & set(known.closing(item.step)):
            found[n] = _refused(item, "shield.contradiction.closed_and_opened")
    return found


def _refused(item: Item, code: str) -> Refusal:
    action = item.step.action
    return Refusal("contradiction", item.number, Reason(code, {"kind": action.kind, "target": action.target}))
