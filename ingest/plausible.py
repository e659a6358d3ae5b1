"""Values that nobody can have meant, found by their size alone: in attributes of features and in readings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ingest.formats.columns import RANGES
from twin.names import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.model.observation import Observations

#: no gauge is older, and no plan reaches farther
EARLIEST, AHEAD = np.datetime64("1850-01-01", "us"), np.timedelta64(3653, "D")


def impossible(name: str, column: Sequence[object]) -> dict[int, str]:
    """Return row -> reason of the values of an attribute that cannot be meant. NaN only says: unknown."""
    numeric = name in ATTRIBUTES and ATTRIBUTES[name].type in {"number", "integer"}
    types = set(map(type, column))
    if not numeric and not types & {float, np.float64, np.float32}:
        return {}
    low, high = RANGES.get(name, (-math.inf, math.inf))
    if types <= {int, float, type(None)}:
        values = np.array(column, dtype=float)
        rows = np.flatnonzero((values < low) | (values > high) | np.isinf(values)).tolist()
    else:
        rows = list(range(len(column)))
    wrong: dict[int, str] = {}
    for row in rows:
        value = column[row]
        if isinstance(value, int | float) and not isinstance(value, bool):
            if math.isinf(value):
                wrong[row] = f"{name} is infinite"
            elif not (low <= value <= high or math.isnan(value)):
                wrong[row] = f"{name} {value:.6g} is outside {low:g} to {high:g} {ATTRIBUTES[name].unit}"
        elif numeric and value is not None:
            wrong[row] = f"{name} {str(value)[:80]!r} is not a number"
    return wrong


def no_reading(batch: Observations) -> dict[int, str]:
    """Return row -> reason of what cannot be a reading: no number, no time, or the time of a clock nobody set."""
    far = np.datetime64("now", "us") + AHEAD
    found: dict[int, str] = {}
    for rows, reason in (
        (batch.time == np.datetime64(0, "us"), "its time is 1970-01-01, as a clock that was never set says"),
        ((batch.time < EARLIEST) | (batch.time > far), "its time cannot be: before 1850, or more than ten years ahead"),
        (~np.isfinite(batch.value) | np.isnat(batch.time), "it is not a finite number, or has no time"),
    ):
        found |= dict.fromkeys(np.flatnonzero(rows).tolist(), f"the reading is not kept: {reason}")
    return found
