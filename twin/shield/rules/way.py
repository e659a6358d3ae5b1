"""No way through water or heat beyond the mode's limit, neither for units nor for people."""

from __future__ import annotations

from twin.model.response.proposal import Reason, Refusal
from twin.shield.known import Item, Known
from twin.shield.ways import TO_FIRE, barred, driven, end_of, evacuees


def way(item: Item, known: Known) -> Refusal | None:
    """Refuse a step that sends somebody along an edge which is barred when he may be on it.

    Ways of evacuations that were left open have been filled in before (`screen`); one that is still not stated, does
    not join up, or leads over a closed road, is refused. Whether a unit stands where its way begins is seen by `units`.
    """
    reason = _of_unit(item, known) or _of_people(item, known)
    return None if reason is None else Refusal("way", item.number, reason)


def _of_unit(item: Item, known: Known) -> Reason | None:
    award = item.step.award
    if item.step.work is None or award is None or not award.edges:
        return None
    unit = known.units[award.unit]
    late = max(0.0, known.view.time - award.leaves)
    to_fire = item.step.action.kind in TO_FIRE
    found = driven(
        known, unit.kind, unit.speed, award.edges, award.leaves + late, award.arrives + late, to_fire=to_fire
    )
    return barred(found, known)


def _of_people(item: Item, known: Known) -> Reason | None:
    action = item.step.action
    if action.kind != "evacuate":
        return None
    home, site = known.homes[action.target], known.sites[str(action.params["shelter"])]
    mode = str(action.params.get("mode", "foot"))
    if mode == "bus" and (item.step.work is None or item.step.work.unit != "bus"):
        return Reason("shield.way.no_bus", {"home": home.id})
    if mode == "bus" and item.step.work is not None and item.step.work.node != home.node:
        return Reason("shield.way.bus_elsewhere", {"home": home.id})
    edges = tuple(known.closing(item.step)) if action.params.get("edges") else ()
    if site.node < 0 or end_of(known.roads, home.node, edges) != site.node:
        code = "shield.way.not_stated" if not edges else "shield.way.broken"
        return Reason(code, {"home": home.id, "shelter": site.id})
    if mode == "bus" and any(known.roads.foot[edge] for edge in edges):
        return Reason("shield.way.footway", {"home": home.id})
    if any(known.closed[edge] for edge in edges):
        return Reason("shield.way.closed", {"home": home.id})
    return barred(evacuees(known, mode, edges, max(item.begins, known.view.time)), known)
