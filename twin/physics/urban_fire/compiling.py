"""How the kernels are compiled: one thread, no liberties with floating point, kept on disk; said when it takes time."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba.core.event
from numba import njit

F = TypeVar("F", bound=Callable[..., Any])
event: Any = numba.core.event
log = logging.getLogger(__name__)

MESSAGE = (
    "건물 화재 코드를 이 컴퓨터에 맞게 한 번 컴파일합니다 / compiling the building fire kernels for this computer, once"
)


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


def compiled(function: F) -> F:
    """Return the function compiled and kept on disk. What it calls must stand in its own file, see `constants`."""
    return cast("F", njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: F) -> F:
    """Return the function as a part of kernels of the same file."""
    return cast("F", njit(nogil=True, error_model="numpy")(function))


CONSTANTS = "tables.py", "burning.py", "exposure.py", "dose.py", "suppression.py", "brands.py"
"""Files whose numbers are compiled into kernels that stand in other files."""


def constants() -> str:
    """Return a hash of the files whose numbers are compiled into kernels.

    Numba looks only at the file that holds a kernel when it decides whether the copy on disk is still good. A kernel
    that is a closure over this hash is compiled anew when one of these numbers changes.
    """
    total = hashlib.sha256()
    for name in CONSTANTS:
        total.update((Path(__file__).parent / name).read_bytes())
    return total.hexdigest()
