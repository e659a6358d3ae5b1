"""What of a run can lie on the map: its quantities, the classes they are drawn in, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.impact.danger import AIDR_SOURCE
from viewer import units
from viewer.words import say

if TYPE_CHECKING:
    from twin.runs import Frames

#: quantity -> its palette: one picture for each frame, the most wanted first
OVER_TIME = {
    "depth": "water",
    "speed": "speed",
    "rating": "rating",
    "hazard_class": "hazard_class",
    "level": "level",
    "exceedance_now": "probability",
}

#: quantity -> its palette: one picture for the whole run
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
}

PALETTES = OVER_TIME | WHOLE

#: what says the same as another quantity of the run
SAME = {"max_depth": "max_depth_p50", "arrival": "arrival_p50"}

#: what is called like another quantity, said to be over time
ALSO = {"exceedance_now": "exceedance"}


def drawn(frames: Frames) -> tuple[str, ...]:
    """Return the quantities of a run that lie on the map, those over time first."""
    moving, whole = {*frames.quantities, *frames.derived}, set(frames.summaries)
    return (
        *(name for name in OVER_TIME if name in moving),
        *(name for name in WHOLE if name in whole and SAME.get(name) not in whole),
    )


def label(quantity: str, language: str, *, members: bool = False) -> str:
    """Return what people call a quantity, and of what it is the median where the run is an ensemble.

    members  whether the run is an ensemble
    """
    name = units.label(ALSO.get(quantity, quantity), language)
    if quantity in OVER_TIME:
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
    if PALETTES[quantity] == "arrival":
        found.append(say("after_start", language))
    if quantity == "duration":
        found.append(say("wet_limit", language))
    held = frames.notes(quantity) if quantity in (*frames.quantities, *frames.summaries) else {}
    if "threshold_m" in held:
        found.append(say("share_above", language, members=held["members"], threshold=float(held["threshold_m"])))
    elif "members" in held:
        found.append(say("of_members", language, members=held["members"]))
    return found
