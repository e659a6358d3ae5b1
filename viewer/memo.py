"""Remember what a city's pages ask for again and again. Keys hold the city's snapshot: new data, new answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from twin.store import City

P = ParamSpec("P")
R = TypeVar("R")


def remember(size: int) -> Callable[[Callable[Concatenate[City, P], R]], Callable[Concatenate[City, P], R]]:
    """Return a decorator that keeps the last `size` answers of a function of a city and hashable arguments.

    Threads that ask at the same time wait for one computation.
    """

    def decorate(function: Callable[Concatenate[City, P], R]) -> Callable[Concatenate[City, P], R]:
        kept: OrderedDict[Hashable, R] = OrderedDict()
        lock = RLock()

        @wraps(function)
        def asked(city: City, /, *args: P.args, **kwargs: P.kwargs) -> R:
            key = (str(city.path), city.snapshot, args, tuple(sorted(kwargs.items())))
            with lock:
                if key not in kept:
                    kept[key] = function(city, *args, **kwargs)
                    if len(kept) > size:
                        kept.popitem(last=False)
                kept.move_to_end(key)
                return kept[key]

        return asked

    return decorate
