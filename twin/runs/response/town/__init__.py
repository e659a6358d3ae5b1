"""The people, units and cars of a city as they live through a hazard: the truth of a run, and each pair of a proof.

settings  what is assumed                     outcome  what came of it, by district
ground    what does not change                felt     the hazard at one moment
homes     people at home                      parties  people told to leave
jobs, fleet  what units do                    works    what is in force in the streets
paths     ways that are open                  tally    sums;   town  all of it together
"""

from twin.runs.response.town.outcome import Outcome
from twin.runs.response.town.settings import TownSettings
from twin.runs.response.town.town import Town

__all__ = ["Outcome", "Town", "TownSettings"]
