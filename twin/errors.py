"""One tree of errors. Each says what, where, what was found, what is known and what to do, in one sentence.

Borders translate: a lock of the database becomes `BusyError`, a driver's complaint becomes `InputError`.
The command line turns `exit_code` into its exit status; the server will turn the class into an HTTP status.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class TwinError(Exception):
    """Root of everything this project raises on purpose."""

    exit_code = 1


class InputError(TwinError, ValueError):
    """A file, document or argument does not hold what it must."""


class UsageError(TwinError, ValueError):
    """The caller asked in a way that has no answer (a wrong option, an unknown name)."""

    exit_code = 2


class MissingError(TwinError, LookupError):
    """Something that is needed is not there: a coordinate system, a layer, a run, an optional package."""


class UnitsError(TwinError, ValueError):
    """Units, coordinate systems or height datums that do not go together."""


class BusyError(TwinError, RuntimeError):
    """Another process holds the twin; the message names its PID."""


class UnstableError(TwinError, ArithmeticError):
    """A computation left its valid range (NaN, negative depth, vanishing time step)."""


class RefusedError(TwinError, PermissionError):
    """Refused before the cost is paid: too large, too deep, not on the list of allowed kinds."""


def suggest(found: str, known: Iterable[str]) -> str:
    """Return the tail of an error about an unknown name: what is known, and the nearest guess.

    >>> suggest("flod", ["fire", "flood"])
    "known: fire, flood. Did you mean 'flood'?"
    """
    names = sorted(known)
    near = difflib.get_close_matches(found, names, n=1)
    tail = f" Did you mean '{near[0]}'?" if near else ""
    return f"known: {', '.join(names) or 'none'}.{tail}"
