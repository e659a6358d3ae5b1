"""What can be done to a flood while it runs: one file per kind of action, found in `MEASURES`."""

from __future__ import annotations

from collections.abc import Mapping

from twin.hazards.flood.measures.barrier import barrier
from twin.hazards.flood.measures.breach import breach
from twin.hazards.flood.measures.drain import drain
from twin.hazards.flood.measures.furniture import Measure
from twin.hazards.flood.measures.gate import culvert, gate
from twin.hazards.flood.measures.pump import pump
from twin.hazards.flood.measures.storage import basement, underpass

MEASURES: Mapping[str, Measure] = {
    "barrier": barrier,
    "basement": basement,
    "breach": breach,
    "culvert": culvert,
    "drain": drain,
    "gate": gate,
    "pump": pump,
    "underpass": underpass,
}
"""By kind of action."""
