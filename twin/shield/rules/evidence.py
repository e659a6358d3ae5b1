"""No action on stale data: what a proposal rests on has to be in the view, young enough and not marked."""

from __future__ import annotations

from twin.model.response.proposal import Proposal, Reason, Refusal
from twin.shield.known import Known


def evidence(proposal: Proposal, known: Known) -> Refusal | None:
    """Refuse a proposal as a whole that rests on nothing, or on anything stale, marked or not there.

    One piece of stale data among good ones is enough: nobody can say how much of the proposal hangs on it. A remark
    needs no evidence. An approved proposal is asked how long ago it was made: what it saw has left the view.
    """
    now, limits = known.view.time, known.limits
    if known.bound:
        age = now - proposal.made
        if age <= limits.expiry:
            return None
        return _refused("shield.evidence.old", "", age, limits.expiry)
    if not proposal.steps:
        return None
    if not proposal.evidence:
        return _refused("shield.evidence.none", "")
    for id_ in proposal.evidence:
        if known.view.outlook is not None and id_ == known.view.outlook.id:
            if known.outlook is None:
                return _refused("shield.evidence.old", id_, now - known.view.outlook.made, limits.outlook_age)
        elif id_ in known.readings:
            reading = known.readings[id_]
            if reading.mark:
                return _refused("shield.evidence.marked", id_)
            if not known.fresh(reading):
                return _refused("shield.evidence.old", id_, now - reading.time, limits.age(reading.quantity))
        elif id_ in known.reports:
            report = known.reports[id_]
            if not 0 <= now - report.time <= limits.report_age or report.received > now:
                return _refused("shield.evidence.old", id_, now - report.time, limits.report_age)
        else:
            return _refused("shield.evidence.unknown", id_)
    return None


def _refused(code: str, id_: str, age: float = 0.0, limit: float = 0.0) -> Refusal:
    return Refusal("evidence", -1, Reason(code, {"id": id_[:80], "age": age, "limit": limit}))
