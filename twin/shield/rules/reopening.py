"""No road is opened, and no green wave laid, through water or fire."""

from __future__ import annotations

import numpy as np

from twin.model.response.proposal import Refusal
from twin.shield.known import Item, Known
from twin.shield.ways import Way, barred


def reopening(item: Item, known: Known) -> Refusal | None:
    """Refuse to lead drivers onto edges that are barred from now on until `reopen_dry` s after the step begins."""
    action = item.step.action
    opens = action.kind == "reopen_road" or (action.kind == "underpass" and action.params.get("closed") is False)
    if not opens and action.kind != "green_wave":
        return None
    edges = known.closing(item.step)
    mode = "car" if opens else "emergency"
    begins = max(item.begins, known.view.time)
    until = begins + known.limits.reopen_dry
    count = len(edges)
    led = Way(mode, edges, np.full(count, known.view.time), np.full(count, until), np.zeros(count, bool))
    reason = barred(led, known)
    return None if reason is None else Refusal("reopening", item.number, reason)
