"""No shelter inside the hazard: P > 5 % of water or fire there within the forecast, or a reading of it now."""

from __future__ import annotations

import math

import numpy as np

from twin.model.response.proposal import Reason, Refusal
from twin.shield.known import DEPTHS, Item, Known


def shelter(item: Item, known: Known) -> Refusal | None:
    """Refuse to send people to a shelter that is, or may come to be, in water or fire."""
    if item.step.action.kind != "evacuate":
        return None
    id_ = str(item.step.action.params["shelter"])
    outlook, limits = known.outlook, known.limits
    if outlook is None:
        return Refusal("shelter", item.number, Reason("shield.shelter.no_forecast", {"shelter": id_}))
    site, course, place = known.sites[id_], outlook.sites, known.place_of_site[id_]
    from_now = max(0, int(np.searchsorted(course.times, known.view.time, side="right")) - 1)
    dry = course.depth[:, from_now:, place] <= np.float32(limits.shelter_depth)
    share = float((~dry | course.fire[:, from_now:, place]).any(axis=1).mean())
    if share > limits.shelter_share:
        values: dict[str, float | str] = {"shelter": id_, "share": share, "limit": limits.shelter_share}
        return Refusal("shelter", item.number, Reason("shield.shelter.hazard", values))
    for reading in known.view.readings:
        near = math.dist((reading.x, reading.y), (site.x, site.y)) <= limits.reading_reach
        if near and reading.quantity in DEPTHS and known.fresh(reading) and reading.value > limits.shelter_depth:
            values = {"shelter": id_, "reading": reading.id, "depth": reading.value}
            return Refusal("shelter", item.number, Reason("shield.shelter.reading", values))
    return None
