"""Flood: shallow water over the ground of a city, with rain, rivers, drains and what people do about them.

model      the hazard itself: a scenario and a city become an engine
params     what a scenario may set            checks       what is wrong is said before the first step
ground     where the ground ends              rain         the same everywhere, or not
assets     things of the city become structures: works (pumps, gates), underground (underpasses, basements), drains
measures/  what can be done while it runs     validated    what it was compared with
"""

from __future__ import annotations

from twin.hazards.flood.model import FloodHazard
from twin.hazards.flood.validated import VALIDATED

__all__ = ["VALIDATED", "FloodHazard", "hazard"]

hazard = FloodHazard
