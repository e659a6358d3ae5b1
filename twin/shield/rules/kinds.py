"""Only kinds of action that the table of levels knows."""

from __future__ import annotations

from twin.model.response.proposal import Reason, Refusal
from twin.shield.known import Item, Known
from twin.shield.levels import KINDS


def kinds(item: Item, known: Known) -> Refusal | None:
    """Refuse a kind that nobody knows: its level is 4, it is never carried out."""
    del known
    kind = item.step.action.kind
    if kind in KINDS:
        return None
    return Refusal("kinds", item.number, Reason("shield.kind.unknown", {"kind": kind[:60]}))
