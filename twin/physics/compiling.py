"""How kernels are compiled: as written, infinity and all, without the GIL, kept on disk; and said when it takes time.

The flood's kernels take liberties with floating point beyond this; see `shallow_water/fastmath.py`.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba.core.event
from numba import njit

event: Any = numba.core.event
log = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])


class Announcer(event.Listener):  # type: ignore[misc]  # numba has no types for it
    """Listens for compilations of functions of a package; copies taken from disk make no such event."""

    def __init__(self, package: str, message: str) -> None:
        """Say `message` at the first one of `package`."""
        self.package, self.message = package, message
        self.said = False

    def on_start(self, event: Any) -> None:
        """Say it at the first one; as a warning, which reaches a terminal where nobody has set up logging."""
        if not self.said and event.data["dispatcher"].py_func.__module__.startswith(f"{self.package}."):
            self.said = True
            log.warning(self.message)

    def on_end(self, event: Any) -> None:
        """Do nothing: when it goes on, it is done."""


def announce(package: str, ko: str, en: str) -> None:
    """Say from now on, once in a process, when kernels of a package are compiled: the first run waits for it.

    package  its dotted name      ko, en  what its kernels are of, in both languages
    """
    message = (
        f"{ko} 계산 코드를 이 컴퓨터에 맞게 한 번 컴파일합니다 / compiling the {en} kernels for this computer, once"
    )
    event.register("numba:compile", Announcer(package, message))


def digest(file: str, names: Iterable[str]) -> str:
    """Return a hash of the files that kernels are made of.

    Numba looks only at the file that holds a kernel when it decides whether the copy on disk is still good. A kernel
    that is a closure over this hash has it in its key: a change in one of the parts compiles anew.

    file  whose folder they stand in      names  of the files
    """
    total = hashlib.sha256()
    for name in names:
        total.update((Path(file).parent / name).read_bytes())
    return total.hexdigest()


def part(function: F) -> F:
    """Return the function as a part that is compiled into the kernels which call it."""
    return cast("F", njit(error_model="numpy", forceinline=True)(function))


def called(function: F) -> F:
    """Return the function as a part that kernels call, because it is long."""
    return cast("F", njit(error_model="numpy", nogil=True)(function))


def kernel(function: F) -> F:
    """Return the function compiled, without the GIL, kept on disk; for what it takes from other files see `digest`."""
    return cast("F", njit(error_model="numpy", nogil=True, cache=True)(function))
