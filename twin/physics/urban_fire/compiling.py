"""How the kernels are compiled: one thread, no liberties with floating point, kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Return the function compiled and kept on disk. What it calls must stand in its own file.

    Numba looks only at the file that holds a kernel when it decides whether the copy on disk is still good.
    """
    return cast("F", njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: F) -> F:
    """Return the function as a part of kernels of the same file."""
    return cast("F", njit(nogil=True, error_model="numpy", inline="never")(function))
