"""Fire: vegetation, buildings, and what goes from one to the other, with what people do about it.

model      the hazard itself: a scenario and a city become a world that burns
world      one clock and one state: vegetation, buildings, crews       edge       heat and brands between them
params     what a scenario may set         checks     what is wrong is said before the first step
weather    what it is and when it changes  fuel       what the ground carries, and how it burns
things     buildings of the city, which cells are theirs and near them; attributes: what the city says of them
town       the buildings as things, over the engine of their storeys
passed     what the front did to cells     sparks     brands in the air
works      cells that are closed for a time: breaks, wet ground, water
crews      engines at work                 targets    on which fire they throw
stations   where they come from, hydrants  water      a flood that is seen
roads      where engines drive                 driving    an engine on its way
kindling   where it begins                 opening    what was assumed     diary  what happened
measures/  what can be done while it runs  validated  what it was compared with
"""

from __future__ import annotations

from twin.hazards.fire.model import FireHazard
from twin.hazards.fire.validated import VALIDATED

__all__ = ["VALIDATED", "FireHazard", "hazard"]

hazard = FireHazard
