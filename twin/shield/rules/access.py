"""No closure that cuts the only access of a hospital or a fire station.

Roads that a place reaches by car must stay at least `access_share` of what it reaches without any closure, by length,
with all closures in force and all of this cycle together. Roads in water beyond what an emergency vehicle passes are no
access: what is closed may not be the last that is dry. The share falls with every closure that is added, so that what
holds for all together holds for any of them that persons approve.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.geometry.network import parts
from twin.model.response.proposal import Reason, Refusal
from twin.shield.known import Item, Known
from twin.shield.rules.contradiction import closes

NEEDED = ("fire_station", "hospital")
"""Kinds of site that have to be reached."""


def access(items: Sequence[Item], known: Known) -> dict[int, Refusal]:
    """Refuse the closures that would cut a place off, one after the other, where not all together may be."""
    found: dict[int, Refusal] = {}
    sites = [site for site in known.view.facts.sites if site.kind in NEEDED and site.node >= 0]
    closing = [n for n, item in enumerate(items) if closes(item.step.action)]
    if not sites or not closing:
        return found
    nodes = np.array([site.node for site in sites])
    wet = _wet(known)
    before = reach(known, nodes, wet | known.closing_soon)
    least = np.minimum(known.limits.access_share * reach(known, nodes, wet), before)
    shut = wet | known.closing_soon
    together = shut.copy()
    for n in closing:
        together[list(known.closing(items[n].step))] = True
    if _holds(reach(known, nodes, together), least).all():
        return found
    for n in closing:
        tried = shut.copy()
        tried[list(known.closing(items[n].step))] = True
        kept = _holds(reach(known, nodes, tried), least)
        if kept.all():
            shut = tried
        else:
            cut = sites[int(np.argmin(kept))]
            values = {"target": items[n].step.action.target, "site": cut.id, "kind": cut.kind}
            found[n] = Refusal("access", items[n].number, Reason("shield.access.cut", values))
    return found


def reach(known: Known, nodes: NDArray[np.intp], shut: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return (n,) m of road that a car reaches from each node."""
    net = known.roads
    part = parts(net, shut=shut)
    own = ~net.foot & ~shut
    length = np.bincount(part[net.start[own]], net.length[own], minlength=int(part.max()) + 1)
    return np.asarray(length[part[nodes]], float)


def _wet(known: Known) -> NDArray[np.bool_]:
    """Return (k,) edges that an emergency vehicle may not pass, by readings or in more members than a way may meet."""
    outlook = known.outlook
    shut = np.zeros(len(known.roads.start), bool)
    if outlook is not None:
        barred = (known.wet["emergency"] | outlook.edges.fire).any(axis=1)
        shut |= barred.mean(axis=0) > known.limits.way_share
    shut[list(known.read["emergency"])] = True
    return shut


def _holds(now: NDArray[np.float64], least: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(now >= least * (1 - 1e-9))
