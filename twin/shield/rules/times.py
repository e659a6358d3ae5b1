"""When steps begin: neither in the past nor farther ahead than anybody can see."""

from __future__ import annotations

from twin.model.response.proposal import Reason, Refusal
from twin.shield.known import Item, Known


def times(item: Item, known: Known) -> Refusal | None:
    """Refuse a step that begins before now, or too long from now; of an approved one what is too late."""
    step, now, limits = item.step, known.view.time, known.limits
    earliest = now - limits.late if known.bound else now
    begins = step.award.leaves if step.work and step.award else step.action.at
    if step.action.at < 0 or begins < earliest:
        return _refused(item, "shield.time.past", min(begins, step.action.at), now)
    if max(item.begins, step.action.at) > now + limits.ahead:
        return _refused(item, "shield.time.far", max(item.begins, step.action.at), now)
    if step.work is not None:
        work = step.work
        if work.service < 0 or work.earliest < 0 or work.deadline < work.earliest or work.weight < 0:
            return _refused(item, "shield.time.work", work.deadline, now)
    return None


def _refused(item: Item, code: str, at: float, now: float) -> Refusal:
    return Refusal("times", item.number, Reason(code, {"at": at, "now": now}))
