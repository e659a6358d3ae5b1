"""Where everything meets: a scenario over a city becomes a run, a run becomes damage, maps and tables.

The verbs are imported here, so that `runs.simulate` is the verb and not the module of the same name. None of the
modules loads a heavy library before it is used.
"""

import importlib
from typing import TYPE_CHECKING

from twin.runs.consequences.assess import Impact, assess
from twin.runs.consequences.compare import Comparison, compare
from twin.runs.consequences.outcome import outcome
from twin.runs.document import read_scenario
from twin.runs.ensembles.ensemble import ensemble, ensemble_facts
from twin.runs.execution.simulate import simulate
from twin.runs.frames.export import export
from twin.runs.frames.perimeters import Perimeter, perimeters
from twin.runs.frames.store import Frames, open_frames
from twin.runs.provenance import findings_of, record, table

if TYPE_CHECKING:
    from twin.runs.response.decide import decide, proposals
    from twin.runs.response.public import notices, register
    from twin.runs.response.respond import respond, response_of
    from twin.runs.response.score import score, score_of

__all__ = [
    "Comparison",
    "Frames",
    "Impact",
    "Perimeter",
    "assess",
    "compare",
    "decide",
    "ensemble",
    "ensemble_facts",
    "export",
    "findings_of",
    "notices",
    "open_frames",
    "outcome",
    "perimeters",
    "proposals",
    "read_scenario",
    "record",
    "register",
    "respond",
    "response_of",
    "score",
    "score_of",
    "simulate",
    "table",
]

_RESPONSE = {
    "decide": "twin.runs.response.decide",
    "notices": "twin.runs.response.public",
    "proposals": "twin.runs.response.decide",
    "register": "twin.runs.response.public",
    "respond": "twin.runs.response.respond",
    "response_of": "twin.runs.response.respond",
    "score": "twin.runs.response.score",
    "score_of": "twin.runs.response.score",
}
"""Verb of the response -> its module: loaded when it is first used, for it loads much."""


def __getattr__(name: str) -> object:
    if name not in _RESPONSE:
        raise AttributeError(f"module 'twin.runs' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(_RESPONSE[name]), name)
