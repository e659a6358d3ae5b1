"""What a town has been through so far, in the measures of the response, by district."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from twin.errors import UsageError, suggest
from twin.model.response.proposal import MEASURES


@dataclass(frozen=True, slots=True)
class Outcome:
    """Measures of `twin.model.response.proposal.MEASURES`, less is better.

    values   measure -> district -> value; the district "" is the whole city
    outside  measure -> what lies in no district; with all districts it sums up to the whole city, but for
             `response_time`, which is a median
    details  other figures of the whole city, for people to read: name -> value
    """

    values: Mapping[str, Mapping[str, float]]
    outside: Mapping[str, float] = field(default_factory=dict)
    details: Mapping[str, float] = field(default_factory=dict)

    def of(self, measure: str, district: str = "") -> float:
        """Return a measure in a district, "" for the whole city; 0 where nobody has counted it.

        Raises UsageError for a measure that there is not.
        """
        if measure not in MEASURES:
            raise UsageError(f"'{measure}' is no measure of an outcome; {suggest(measure, MEASURES)}")
        return self.values.get(measure, {}).get(district, 0.0)

    def adding(self, measure: str, districts: Mapping[str, float], outside: float = 0.0) -> Outcome:
        """Return the outcome with a measure that somebody else has counted (damage, crowds), in its own unit.

        districts  district -> value;   outside  of what lies in no district
        """
        values = dict(self.values)
        values[measure] = summed(districts, outside)
        return replace(self, values=values, outside={**self.outside, measure: outside})


def summed(districts: Mapping[str, float], outside: float) -> dict[str, float]:
    """Return the values of districts with their exact sum for the whole city under ""."""
    return {"": math.fsum([*districts.values(), outside]), **districts}
