"""What a run does to buildings and people, as `runs.assess` found it, for map, figures and tables alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin import runs
from viewer.hazards import floods
from viewer.memo import remember

if TYPE_CHECKING:
    from twin.store import City


@remember(size=8)
def impact(city: City, run: str) -> dict[str, Any]:
    """Return the impact of a run by the usual damage model; what was assessed before comes from the store."""
    return runs.assess(city, run).as_dict()


def depths(city: City, run: str) -> dict[str, float]:
    """Return building id -> greatest depth of water at it in m, of the buildings that are affected by a flood."""
    if not floods(city, run):
        return {}
    return {str(b["id"]): float(b["depth_max"]) for b in flood(city, run)["buildings"]}


def fire(city: City, run: str) -> dict[str, Any]:
    """Return what the assessment says of the fire of a run, which may be one of several hazards."""
    facts = impact(city, run)
    return dict(facts.get("fire", facts))


def flood(city: City, run: str) -> dict[str, Any]:
    """Return what the assessment says of the water of a run, without what other hazards add to its sums."""
    facts = impact(city, run)
    return facts | dict(facts.get("alone", {}).get("flood", {}))
