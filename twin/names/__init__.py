"""The vocabulary: every quantity, kind of feature and attribute once, with unit, labels and meaning.

Readers map a file's own words to these; hazards declare inputs and outputs by them; the viewer takes its
labels from here. SI throughout, except where people and their registers never use it (counts, text).
"""

from __future__ import annotations

from twin.names.kinds import ATTRIBUTES, KINDS, Attribute, Kind
from twin.names.measures import MEASURE_NAMES
from twin.names.parts import PARTS, readable
from twin.names.quantities import QUANTITIES, Quantity

__all__ = ["ATTRIBUTES", "KINDS", "MEASURE_NAMES", "PARTS", "QUANTITIES", "Attribute", "Kind", "Quantity", "readable"]
