"""Files of a city go in here: `load` reads them into a twin, `check` looks it over, `demo` writes the made-up city."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["check", "demo", "load"]


def __getattr__(name: str) -> ModuleType:
    """Return the module `load`, `check` or `demo`, imported when it is first asked for."""
    if name in __all__:
        return import_module(f"ingest.{name}")
    raise AttributeError(f"module 'ingest' has no attribute '{name}'; it has {', '.join(__all__)}")
