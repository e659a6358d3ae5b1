"""What an agent hands over, copied into plain values: nothing of it can change any more, and none of its code runs.

A type that only looks like a proposal, a number or a list may do anything when it is touched, so only exact types get
through. The copy is what is judged, hashed, approved and carried out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from twin.errors import InputError
from twin.model.action import Action
from twin.model.response.proposal import Alert, Award, Proposal, Reason, Step, Work

LONGEST, DEEPEST, MOST = 2000, 6, 200_000
"""Characters of a text, tables within tables, and values in all that a proposal can mean."""
GREATEST = 1e15
"""Beyond it numbers are no times, places, people or won."""

SCALARS = frozenset(
    {np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.float32, np.float64}
)

TEXT, NUMBER, WHOLE = "text", "number", "whole"
FIELDS: Mapping[type, Mapping[str, object]] = {
    Action: {"kind": TEXT, "at": NUMBER, "target": TEXT, "params": dict},
    Reason: {"code": TEXT, "values": dict},
    Work: {"unit": TEXT, "node": WHOLE, "service": NUMBER, "earliest": NUMBER, "deadline": NUMBER, "weight": NUMBER},
    Award: {"unit": TEXT, "leaves": NUMBER, "arrives": NUMBER, "done": NUMBER, "edges": [WHOLE]},
    Step: {"action": Action, "work": (Work, None), "award": (Award, None)},
    Proposal: {
        "agent": TEXT,
        "version": TEXT,
        "made": NUMBER,
        "expires": NUMBER,
        "level": WHOLE,
        "steps": [Step],
        "reasons": [Reason],
        "evidence": [TEXT],
    },
    Alert: {
        "event": TEXT,
        "urgency": TEXT,
        "severity": TEXT,
        "certainty": TEXT,
        "onset": NUMBER,
        "expires": NUMBER,
        "areas": [TEXT],
        "reasons": [Reason],
    },
}
"""Class -> its fields: a kind of value, a class, a list of one of these, or a class or None."""


def plain_proposal(given: object) -> Proposal:
    """Return a proposal as a copy of plain values. Raises InputError where anything in it is something else."""
    return cast("Proposal", _Copy().one(given, Proposal, "proposal"))


def plain_alert(given: object) -> Alert:
    """Return an alert, as `plain_proposal` does."""
    return cast("Alert", _Copy().one(given, Alert, "alert"))


class _Copy:
    """Copies one answer, counting what is in it."""

    def __init__(self) -> None:
        self.left = MOST

    def one(self, value: object, wanted: object, where: str) -> Any:
        self.left -= 1
        if self.left < 0:
            raise InputError(f"{where}: more than {MOST} values in one proposal")
        if isinstance(wanted, tuple):
            return None if value is None else self.one(value, wanted[0], where)
        if isinstance(wanted, list):
            if type(value) not in (tuple, list):
                raise InputError(f"{where} is a {_name(value)}; a tuple is needed")
            entries = cast("tuple[object, ...]", value)
            if len(entries) > self.left:
                raise InputError(f"{where}: more than {MOST} values in one proposal")
            return tuple(self.one(entry, wanted[0], f"{where}[{n}]") for n, entry in enumerate(entries))
        if isinstance(wanted, type) and wanted is not dict:
            if type(value) is not wanted:
                raise InputError(f"{where} is a {_name(value)}; a {wanted.__name__} is needed")
            made = {n: self.one(getattr(value, n), w, f"{where}.{n}") for n, w in FIELDS[wanted].items()}
            return wanted(**made)
        found = self.value(value, where, 0)
        fits = {
            TEXT: isinstance(found, str),
            WHOLE: isinstance(found, int) and not isinstance(found, bool),
            NUMBER: isinstance(found, int | float) and not isinstance(found, bool),
            dict: isinstance(found, dict),
        }
        if not fits[wanted]:
            raise InputError(f"{where} is {found!r:.60}; a {'table' if wanted is dict else wanted} is needed")
        return float(cast("float", found)) if wanted == NUMBER else found

    def value(self, value: object, where: str, depth: int) -> object:
        """Return what stands in a table: text, number, flag, None, or lists and tables of them."""
        self.left -= 1
        if self.left < 0 or depth > DEEPEST:
            raise InputError(f"{where}: more than {MOST} values, or {DEEPEST} tables within tables, in one proposal")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            return _text(cast("str", value), where)
        if kind in (int, float):
            return _finite(cast("float", value), where)
        if kind in SCALARS:
            return self.value(cast("np.generic", value).item(), where, depth + 1)
        if kind is np.ndarray:
            array = cast("np.ndarray[Any, Any]", value)
            if array.size > self.left:
                raise InputError(f"{where}: more than {MOST} values in one proposal")
            return self.value(array.tolist(), where, depth + 1)
        if kind in (list, tuple):
            entries = cast("list[object]", value)[: self.left + 1]
            made = [self.value(entry, f"{where}[{n}]", depth + 1) for n, entry in enumerate(entries)]
            return made if kind is list else tuple(made)
        if kind is dict:
            table = cast("dict[object, object]", value)
            if any(type(key) is not str for key in table):
                raise InputError(f"{where}: names in a table must be texts")
            return {
                _text(cast("str", key), where): self.value(entry, f"{where}.{key}"[:100], depth + 1)
                for key, entry in table.items()
            }
        raise InputError(f"{where} is a {_name(value)}, which no proposal holds")


def _text(value: str, where: str) -> str:
    if len(value) > LONGEST:
        raise InputError(f"{where}: a text of {len(value)} characters; {LONGEST} at most")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InputError(f"{where}: a text that is no UTF-8") from None
    return value


def _finite(value: float, where: str) -> float:
    if not -GREATEST <= value <= GREATEST or math.isnan(value):
        raise InputError(f"{where} is no finite number within {GREATEST:g}")
    return value


def _name(value: object) -> str:
    return type(value).__name__[:40]
