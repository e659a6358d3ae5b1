"""From hazard to consequence: curves, money, danger to people and vehicles. Numbers in, numbers out; no city.

A curve or limit is data with name, source and unit. What was not checked at its primary source says so, and every
result carries these remarks.
"""

from twin.impact.curves import CURVES, DEFAULT, Curve, curve_set, verified_sets
from twin.impact.danger import AIDR, HALF_BASEMENT, Limit, aidr_class
from twin.impact.rating import CLASSES, DEBRIS, Debris, debris_factor, defra_class, hazard_rating
from twin.impact.rules import Rules
from twin.impact.storeys import basements_wet, storey_height, storeys_wet
from twin.impact.value import Valuation, damage, value_class
from twin.impact.vehicles import LARGE_VEHICLE, SMALL_CAR, Vehicle, impassable

__all__ = [
    "AIDR",
    "CLASSES",
    "CURVES",
    "DEBRIS",
    "DEFAULT",
    "HALF_BASEMENT",
    "LARGE_VEHICLE",
    "SMALL_CAR",
    "Curve",
    "Debris",
    "Limit",
    "Rules",
    "Valuation",
    "Vehicle",
    "aidr_class",
    "basements_wet",
    "curve_set",
    "damage",
    "debris_factor",
    "defra_class",
    "hazard_rating",
    "impassable",
    "storey_height",
    "storeys_wet",
    "value_class",
    "verified_sets",
]
