"""What of a run can lie on the map: its quantities, the classes they are drawn in, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.impact.danger import AIDR_SOURCE
from viewer import units
from viewer.words import say

if TYPE_CHECKING:
    from twin.runs import Frames
    from viewer.palette import Scale

#: quantity that has a picture for each frame -> its palette, the most wanted first
OVER_TIME = {
    "depth": "water",
    "speed": "speed",
    "rating": "rating",
    "hazard_class": "hazard_class",
    "level": "level",
    "exceedance_now": "probability",
    "fire_state": "fire_state",
    "fireline_intensity": "intensity",
    "heat_flux": "heat",
    "burn_probability_now": "probability",
    "upper_temperature": "hot",
    "interface_height": "smoke",
    "fractional_dose": "dose",
}

#: quantity that has a picture for the whole run -> its palette
WHOLE = {
    "exceedance": "probability",
    "max_depth": "water",
    "max_depth_p10": "water",
    "max_depth_p50": "water",
    "max_depth_p90": "water",
    "max_speed": "speed",
    "max_hazard": "product",
    "max_rating": "rating",
    "max_level": "level",
    "duration": "duration",
    "arrival": "arrival",
    "arrival_p10": "arrival",
    "arrival_p50": "arrival",
    "burn_probability": "probability",
    "fire_arrival": "fire_arrival",
    "fire_arrival_p10": "fire_arrival",
    "fire_arrival_p50": "fire_arrival",
    "max_fireline_intensity": "intensity",
    "flame_length": "flame",
    "spread_rate": "spread",
    "fire_type": "fire_type",
}

#: a hazard may keep any of them for each frame or for the whole run: what a run has decides
PALETTES = OVER_TIME | WHOLE

#: what says the same as another quantity of the run
SAME = {"max_depth": "max_depth_p50", "arrival": "arrival_p50", "fire_arrival": "fire_arrival_p50"}

#: what is called like another quantity, said to be over time
ALSO = {"exceedance_now": "exceedance", "burn_probability_now": "burn_probability"}

#: quantities of vegetation that burns: where a building burns they say nothing
VEGETATION = {"fireline_intensity", "max_fireline_intensity", "flame_length", "spread_rate", "fire_type"}


def moving(frames: Frames, quantity: str) -> bool:
    """Return whether a run has a picture of a quantity for each frame; else it has one for the whole run."""
    return quantity in (*frames.quantities, *frames.derived)


def drawn(frames: Frames) -> tuple[str, ...]:
    """Return the quantities of a run that lie on the map, those over time first."""
    whole = set(frames.summaries)
    return (
        *(name for name in PALETTES if moving(frames, name)),
        *(name for name in PALETTES if name in whole and SAME.get(name) not in whole),
    )


def label(quantity: str, language: str, *, members: bool = False, over_time: bool | None = None) -> str:
    """Return what people call a quantity, and of what it is the median where the run is an ensemble.

    members    whether the run is an ensemble
    over_time  whether the run has it for each frame; None: as is usual
    """
    name = units.label(ALSO.get(quantity, quantity), language)
    if quantity in OVER_TIME if over_time is None else over_time:
        name = say("over_time_of", language, quantity=name)
    return say("median_of", language, quantity=name) if members and quantity in {"depth", "level"} else name


def notes(frames: Frames, quantity: str, language: str) -> list[str]:
    """Return what must be known to read a quantity: where its classes come from, in which form, above which limit."""
    found = []
    if quantity == "hazard_class":
        found.append(AIDR_SOURCE)
    if PALETTES[quantity] == "rating":
        found.append(say("rating_form", language))
    if quantity in {"rating", "hazard_class"}:
        found.append(say("thin_water", language))
    if quantity in {"level", "max_level", "hazard_class"}:
        found.append(say("films", language))
    if PALETTES[quantity] in {"arrival", "fire_arrival"}:
        found.append(say("after_start", language))
    if quantity == "duration":
        found.append(say("wet_limit", language))
    if quantity in VEGETATION:
        found.append(say("vegetation_alone", language))
    if PALETTES[quantity] == "intensity":
        found.append(say("attack_limits", language))
    if PALETTES[quantity] == "smoke":
        found.append(say("smoke_from_floor", language))
    held = frames.notes(quantity) if quantity in (*frames.quantities, *frames.summaries) else {}
    if "threshold_m" in held or ("members" in held and PALETTES[quantity] == "probability"):
        found.append(share(held, language))
    elif "members" in held:
        found.append(say("of_members", language, members=held["members"]))
    return found


def share(held: Mapping[str, Any], language: str) -> str:
    """Return of what a probability is the share: of members deeper than a threshold, or that burnt.

    held  `members`, and `threshold_m` where one was asked for
    """
    if held.get("threshold_m") is None:
        return say("share_burnt", language, members=held["members"])
    return say("share_above", language, members=held["members"], threshold=float(held["threshold_m"]))


def class_names(scale: Scale, language: str) -> list[str]:
    """Return what the classes of a scale are called: their limits, with the name that some have."""
    if not scale.words:
        return scale.labels
    names = [say(f"{scale.words}_{number}", language) for number in range(1, len(scale.limits) + 1)]
    if scale.numbered:  # numbers of states and kinds have no limits
        return names
    return [f"{name} ({label})" for name, label in zip(names, scale.labels, strict=True)]
