"""No shelter over capacity: who is there, who is on the way, and all who would be sent in this cycle."""

from __future__ import annotations

from collections.abc import Sequence

from twin.model.response.proposal import Reason, Refusal
from twin.shield.known import Item, Known

ROUNDING = 1e-6
"""People by which sums of fractions may disagree."""


def capacity(items: Sequence[Item], known: Known) -> dict[int, Refusal]:
    """Refuse evacuations beyond what a shelter holds; one that states no capacity holds `shelter_unstated` people."""
    found: dict[int, Refusal] = {}
    inside: dict[str, float] = {}
    for n, item in enumerate(items):
        if item.step.action.kind != "evacuate":
            continue
        site, home = known.sites[str(item.step.action.params["shelter"])], known.homes[item.step.action.target]
        there = inside.get(site.id, known.view.sheltered.get(site.id, 0.0))
        holds = site.capacity if site.capacity > 0 else known.limits.shelter_unstated
        if not there + home.people <= holds + ROUNDING:
            values: dict[str, float | str] = {
                "shelter": site.id,
                "people": home.people,
                "there": there,
                "capacity": holds,
            }
            found[n] = Refusal("capacity", item.number, Reason("shield.capacity.full", values))
        else:
            inside[site.id] = there + home.people
    return found
