"""How the front's kernels are compiled: as written, infinity and all, without the GIL, kept on disk."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba.core.event
from numba import njit

event: Any = numba.core.event
log = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])

MESSAGE = (
    "산불 계산 코드를 이 컴퓨터에 맞게 한 번 컴파일합니다 / compiling the wildfire kernels for this computer, once"
)

PARTS = ("compiling.py", "heap.py", "ways.py", "progress.py")
"""Files whose functions are compiled into kernels that stand in other files."""


class Announcer(event.Listener):  # type: ignore[misc]  # numba has no types for it
    """Listens for compilations of functions of this package; copies taken from disk make no such event."""

    def __init__(self) -> None:
        self.said = False

    def on_start(self, event: Any) -> None:
        """Say it at the first one; as a warning, which reaches a terminal where nobody has set up logging."""
        if not self.said and event.data["dispatcher"].py_func.__module__.startswith(__package__):
            self.said = True
            log.warning(MESSAGE)

    def on_end(self, event: Any) -> None:
        """Do nothing: when it goes on, it is done."""


event.register("numba:compile", Announcer())


def part(function: F) -> F:
    """Return the function as a part that is compiled into the kernels which call it."""
    return cast("F", njit(error_model="numpy", forceinline=True)(function))


def called(function: F) -> F:
    """Return the function as a part that kernels call, because it is long."""
    return cast("F", njit(error_model="numpy", nogil=True)(function))


def kernel(function: F) -> F:
    """Return the function compiled, without the GIL, kept on disk."""
    return cast("F", njit(error_model="numpy", nogil=True, cache=True)(function))


def sources() -> str:
    """Return a hash of the files that kernels are made of.

    Numba looks only at the file that holds a kernel when it decides whether the copy on disk is still good. Each
    kernel is a closure over this hash, which makes it part of the key: a change in one of the parts compiles anew.
    """
    total = hashlib.sha256()
    for name in PARTS:
        total.update((Path(__file__).parent / name).read_bytes())
    return total.hexdigest()
