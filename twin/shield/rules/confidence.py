"""Low-confidence evidence cannot raise an action above level 1: one report that nobody confirms is not enough."""

from __future__ import annotations

import math

from twin.model.response.proposal import Proposal, Reason, Refusal
from twin.model.response.view import Report
from twin.shield.known import Item, Known


def confidence(item: Item, known: Known) -> Refusal | None:
    """Refuse a step above `alone_level` of a proposal that rests on unconfirmed reports only."""
    if item.level <= known.limits.alone_level or known.bound or sure(item.proposal, known):
        return None
    return Refusal("confidence", item.number, Reason("shield.confidence.unconfirmed", {"level": item.level}))


def sure(proposal: Proposal, known: Known) -> bool:
    """Return whether a proposal rests on a reading, on the forecast, or on a report that another one confirms."""
    for id_ in proposal.evidence:
        report = known.reports.get(id_)
        if report is None or confirmed(report, known):
            return True
    return False


def confirmed(report: Report, known: Known) -> bool:
    """Return whether a second report says the same of the same thing, or of a place and time nearby."""
    limits = known.limits
    return any(
        other.id != report.id
        and other.kind == report.kind
        and other.received <= known.view.time
        and abs(other.time - report.time) <= limits.confirm_within
        and (
            (bool(report.target) and other.target == report.target)
            or math.dist((other.x, other.y), (report.x, report.y)) <= limits.confirm_reach
        )
        for other in known.view.reports
    )
