"""A city digital twin, in a sentence: open a city, simulate a scenario over it, assess what it does, show it.

    import twin

    with twin.open("sinbang.twin") as city:
        run = twin.simulate(city, "scenarios/cloudburst_70mm.toml")
        print(twin.assess(city, run.id).damage_krw)
        twin.picture(city, run.id, "flood.png")

For users; nobody inside imports from here. Names load what they need when they are first used, so that
`import twin` is light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.model.scenario import Scenario
    from twin.runs.consequences.assess import assess
    from twin.runs.consequences.compare import compare
    from twin.runs.document import read_scenario
    from twin.runs.ensembles.ensemble import ensemble
    from twin.runs.execution.simulate import simulate
    from twin.runs.frames.export import export
    from twin.store import create
    from twin.store import open_city as open  # noqa: A004 - the word people say: twin.open
    from viewer.still import draw as picture

#: name -> module and the name there
_FROM = {
    "Scenario": ("twin.model.scenario", "Scenario"),
    "assess": ("twin.runs", "assess"),
    "compare": ("twin.runs", "compare"),
    "create": ("twin.store", "create"),
    "ensemble": ("twin.runs", "ensemble"),
    "export": ("twin.runs", "export"),
    "open": ("twin.store", "open_city"),
    "picture": ("viewer.still", "draw"),
    "read_scenario": ("twin.runs", "read_scenario"),
    "simulate": ("twin.runs", "simulate"),
}

__all__ = [
    "Scenario",
    "assess",
    "compare",
    "create",
    "ensemble",
    "export",
    "open",
    "picture",
    "read_scenario",
    "simulate",
]


def __getattr__(name: str) -> object:
    if name not in _FROM:
        raise AttributeError(f"module 'twin' has no attribute {name!r}; it has {', '.join(__all__)}")
    module, there = _FROM[name]
    return getattr(importlib.import_module(module), there)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
