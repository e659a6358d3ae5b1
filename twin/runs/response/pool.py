"""Several processes for what is independent: members of a forecast, courses of a score. In their order, always."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from twin.runs.response.forecast import Together


def here(function: Callable[[Any], Any], things: Iterable[Any], /) -> Iterable[Any]:
    """Apply a function to each thing in this process."""
    return map(function, things)


@contextmanager
def several(processes: int) -> Iterator[Together]:
    """Give a `Together` over some processes; with one it is this process itself."""
    if processes < 2:
        yield here
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # forked children of a process with threads of Numba and DuckDB hang
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        yield pool.map
