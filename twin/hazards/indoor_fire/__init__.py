"""Indoor fire: two layers of gas in the rooms of a building, and the people who leave it.

model      the hazard itself: a scenario and a building become an engine
params     what a scenario may set            design     what burns, how fast, and who is there
graph      rooms and what joins them          building   the graph as the engine wants it
course     what is looked at on the way: glass, doors, fires, detectors, water
tenable    from when on a room cannot be used
routes     ways out on the graph              people     who walks them
measures   what can be done while it runs     shown      rooms as fields
validated  what it was compared with
"""

from __future__ import annotations

from twin.hazards.indoor_fire.model import IndoorFireHazard
from twin.hazards.indoor_fire.validated import VALIDATED

__all__ = ["VALIDATED", "IndoorFireHazard", "hazard"]

hazard = IndoorFireHazard
