"""One unit is at one place at a time: its work follows on each other, and each way begins where the last one ended."""

from __future__ import annotations

from collections.abc import Sequence

from twin.model.response.proposal import Reason, Refusal, Step
from twin.shield.known import Item, Known
from twin.shield.rules.awards import SLACK
from twin.shield.ways import end_of


def units(items: Sequence[Item], known: Known) -> dict[int, Refusal]:
    """Refuse work that overlaps, or whose way does not lead from where the unit is to where the work is.

    A unit begins where it is, or where work ends that waits on the board: the plan counts on it. Where a step of a unit
    is refused, those after it begin where the unit will not be, and are refused too. What is approved may be late.
    """
    found: dict[int, Refusal] = {}
    by_unit: dict[str, list[int]] = {}
    for n, item in enumerate(items):
        if item.step.work is not None and item.step.award is not None:
            by_unit.setdefault(item.step.award.unit, []).append(n)
    waiting: dict[str, list[int]] = {}
    for proposal, _ in known.view.board:
        for step in proposal.steps:
            if step.work is not None and step.award is not None:
                waiting.setdefault(step.award.unit, []).extend(_ends(step, known))
    for name in sorted(by_unit):
        unit = known.units[name]
        at = (unit.node, *waiting.get(name, ()))
        free = unit.free
        for n in sorted(by_unit[name], key=lambda n: (_times(items[n]), n)):
            work, award = items[n].step.work, items[n].step.award
            assert work is not None
            assert award is not None
            late = max(0.0, known.view.time - award.leaves, free - award.leaves) if known.bound else 0.0
            if late > known.limits.late or award.leaves + late < free - SLACK:
                found[n] = _refused(items[n], "shield.unit.overlap", name)
            elif work.node not in {end_of(known.roads, node, award.edges) for node in at}:
                found[n] = _refused(items[n], "shield.unit.elsewhere", name)
            else:
                at, free = _ends(items[n].step, known), award.done + late
    return found


def _times(item: Item) -> tuple[float, float, float]:
    award = item.step.award
    assert award is not None
    return award.leaves, award.arrives, award.done


def _ends(step: Step, known: Known) -> tuple[int, ...]:
    """Return the nodes at which a unit may be when its work is done; a bus may have gone on to the shelter."""
    assert step.work is not None
    site = known.sites.get(str(step.action.params.get("shelter", "")))
    if step.action.kind == "evacuate" and step.action.params.get("mode") == "bus" and site is not None:
        return step.work.node, site.node
    return (step.work.node,)


def _refused(item: Item, code: str, unit: str) -> Refusal:
    return Refusal("units", item.number, Reason(code, {"unit": unit}))
