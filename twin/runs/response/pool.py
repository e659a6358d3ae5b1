"""Several processes for what is independent: members of a forecast, courses of a score. In their order, always."""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")

HELD = 12
"""Shared things that a process holds: the members of a forecast, and what all of them need."""


class Together(Protocol):
    """Applies a function to each of several things, in their order, perhaps in several processes at once."""

    def __call__(self, function: Callable[[Any], Any], things: Iterable[Any], /) -> Iterable[Any]:
        """Return what the function makes of each."""
        ...


class Shared(Generic[T]):
    """Something large that many tasks need: other processes read it once, from a file that lasts as long as this.

    value  is not to be changed
    """

    def __init__(self, value: T) -> None:
        self.value = value
        self._file: Path | None = None

    def __reduce__(self) -> tuple[Callable[[str], Shared[Any]], tuple[str]]:
        """Write the value where another process can read it, once."""
        if self._file is None:
            handle, name = tempfile.mkstemp(".shared")
            self._file = Path(name)
            weakref.finalize(self, self._file.unlink, missing_ok=True)
            with os.fdopen(handle, "wb") as file:
                pickle.dump(self.value, file, pickle.HIGHEST_PROTOCOL)
        return _read, (str(self._file),)


@lru_cache(maxsize=HELD)
def _read(name: str) -> Shared[Any]:
    """Return what another process of this run has written."""
    with Path(name).open("rb") as file:
        return Shared(pickle.load(file))  # noqa: S301 - the file is this program's own, readable by its user alone


def here(function: Callable[[Any], Any], things: Iterable[Any], /) -> Iterable[Any]:
    """Apply a function to each thing in this process."""
    return map(function, things)


@contextmanager
def several(processes: int) -> Iterator[Together]:
    """Give a `Together` over some processes; with one it is this process itself."""
    if processes < 2:
        yield here
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(processes, _Context()) as pool:
        yield pool.map


class _Apart(SpawnProcess):
    """A new process that does not run again what this one was begun with.

    Forked children of a process with threads of Numba and DuckDB hang. Spawned ones import the main module of their
    parent, which may be a page of the viewer; all that they are given here stands in modules of its own.
    """

    @staticmethod
    def _Popen(process: BaseProcess) -> Any:  # noqa: N802 - the name that multiprocessing calls
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return SpawnProcess._Popen(process)  # noqa: SLF001 - as above
        finally:
            sys.modules["__main__"] = main


class _Context(SpawnContext):
    Process = _Apart
