"""What asks for a unit has one, of the right kind, that is ready and drives no faster than the road allows."""

from __future__ import annotations

import math

from twin.model.response.city import Unit
from twin.model.response.proposal import Award, Reason, Refusal, Work
from twin.shield.known import Item, Known
from twin.shield.ways import free_seconds

SLACK = 1.0
"""s by which times may disagree that were rounded."""


def awards(item: Item, known: Known) -> Refusal | None:
    """Refuse work without a unit, and units that are unknown, of another kind, not free, or too fast."""
    work, award = item.step.work, item.step.award
    if work is None:
        return None if award is None else _refused(item, "shield.award.no_work", award.unit)
    if award is None:
        return _refused(item, "shield.award.none", work.unit)
    unit = known.units.get(award.unit)
    if unit is None:
        return _refused(item, "shield.award.unknown_unit", award.unit)
    code = _wrong(unit, work, award, known)
    return None if code is None else _refused(item, code, award.unit)


def _wrong(unit: Unit, work: Work, award: Award, known: Known) -> str | None:
    """Return the code of what is wrong with the way of a unit to its work, None: nothing."""
    net = known.roads
    if unit.kind != work.unit:
        return "shield.award.other_kind"
    if not math.isfinite(unit.free) or not unit.speed > 0:
        return "shield.award.out_of_service"
    if not known.bound and award.leaves < unit.free:
        return "shield.award.not_free"
    if not 0 <= work.node < len(net.x):
        return "shield.award.unknown_node"
    if not all(0 <= edge < len(net.start) for edge in award.edges):
        return "shield.award.unknown_edge"
    if any(net.foot[edge] for edge in award.edges):
        return "shield.award.footway"
    seconds = float(free_seconds(net, award.edges, unit.speed).sum()) if award.edges else 0.0
    if award.arrives < award.leaves + seconds - SLACK:
        return "shield.award.too_fast"
    if award.done < max(award.arrives, work.earliest) + work.service - SLACK:
        return "shield.award.too_short"
    return None


def _refused(item: Item, code: str, unit: str) -> Refusal:
    return Refusal("awards", item.number, Reason(code, {"unit": unit[:80]}))
