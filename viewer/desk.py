"""The one city of this process. Pages and routes take it from here; each asks it in short units of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.errors import MissingError

if TYPE_CHECKING:
    from twin.store import City

_held: list[City] = []


def hold(city: City) -> None:
    """Make `city` the one that the pages show."""
    _held[:] = [city]


def release() -> None:
    """Forget the city. Closing it is the business of who opened it."""
    _held.clear()


def city() -> City:
    """Return the city of this process. Raises MissingError when none is held."""
    if not _held:
        raise MissingError("this process holds no twin; start the pages with `twin serve TWIN`")
    return _held[0]
