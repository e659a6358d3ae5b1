"""Words of registers and OpenStreetMap for the class of a road that say who uses it."""

from __future__ import annotations

ON_FOOT = frozenset({"footway", "path", "steps", "pedestrian", "cycleway", "bridleway", "corridor", "track_foot"})
"""Ways that no car and no fire engine takes."""
