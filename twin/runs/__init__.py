"""Where everything meets: a scenario over a city becomes a run, a run becomes damage, maps and tables."""

from twin.runs.document import read_scenario

__all__ = ["read_scenario"]
