"""The exercise of RoboCup Rescue on a map that `ingest.readers.rcrs` has read.

scores    the two scores of the league, as formulas
cast      who stands on the map: civilians, brigades, refuges, fires
document  from the map to a scenario document
result    the scores of a run

Scores are comparable with those of the league in kind, not in value: the physics differ. There an earthquake buries
people and fires grow by its own rules; here a fire of this project burns, nobody is buried, and nobody is blocked.
"""

from twin.runs.response.rescue.cast import Cast, Group, cast_of
from twin.runs.response.rescue.document import called_out, document_of
from twin.runs.response.rescue.result import ASSUMED, Result, result_of
from twin.runs.response.rescue.scores import FACTORS, HP, legacy, rsl21

__all__ = [
    "ASSUMED",
    "FACTORS",
    "HP",
    "Cast",
    "Group",
    "Result",
    "called_out",
    "cast_of",
    "document_of",
    "legacy",
    "result_of",
    "rsl21",
]
