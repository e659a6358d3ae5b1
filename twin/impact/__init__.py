"""From hazard to consequence: depth-damage curves, money, danger to people. Numbers in, numbers out; no city.

A curve or limit is data with name, source and unit. What was not checked at its primary source says so, and every
result carries these remarks.
"""

from twin.impact.curves import CURVES, DEFAULT, Curve, curve_set
from twin.impact.danger import AIDR, HALF_BASEMENT, Limit, aidr_class
from twin.impact.value import Valuation, damage, value_class

__all__ = [
    "AIDR",
    "CURVES",
    "DEFAULT",
    "HALF_BASEMENT",
    "Curve",
    "Limit",
    "Valuation",
    "aidr_class",
    "curve_set",
    "damage",
    "value_class",
]
