"""Where everything meets: a scenario over a city becomes a run, a run becomes damage, maps and tables.

The verbs are imported here, so that `runs.simulate` is the verb and not the module of the same name. None of the
modules loads a heavy library before it is used.
"""

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

__all__ = [
    "Comparison",
    "Frames",
    "Impact",
    "Perimeter",
    "assess",
    "compare",
    "ensemble",
    "ensemble_facts",
    "export",
    "findings_of",
    "open_frames",
    "outcome",
    "perimeters",
    "read_scenario",
    "record",
    "simulate",
    "table",
]
