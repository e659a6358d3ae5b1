"""What can be done to a fire while it runs: one file per kind of action, found in `MEASURES`."""

from __future__ import annotations

from collections.abc import Mapping

from twin.hazards.fire.measures.clear import clear
from twin.hazards.fire.measures.engine import engine
from twin.hazards.fire.measures.evacuate import evacuate
from twin.hazards.fire.measures.furniture import Measure
from twin.hazards.fire.measures.hydrant import hydrant
from twin.hazards.fire.measures.wet import wet

MEASURES: Mapping[str, Measure] = {
    "clear": clear,
    "engine": engine,
    "evacuate": evacuate,
    "hydrant": hydrant,
    "wet": wet,
}
"""By kind of action."""
