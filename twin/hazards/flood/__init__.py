"""Flood: shallow water over the ground of a city, with rain, rivers, drains and what people do about them.

params     what a scenario may set            ground    where the ground ends and what is a wall
measures   what can be done while it runs     model     the hazard itself
validated  what it was compared with
"""

from __future__ import annotations

from twin.hazards.flood.model import FloodHazard
from twin.hazards.flood.validated import VALIDATED

__all__ = ["VALIDATED", "FloodHazard", "hazard"]

hazard = FloodHazard
