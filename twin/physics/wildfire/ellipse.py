"""The ellipse of a fire that starts at a point: fire stands in its rear focus.

Angles th in rad from the direction of the head; eccentricities 0 to below 1; rates in any one unit.
Source: Anderson (1983), INT-305; Alexander (1985); the geometry follows from the ellipse.
"""

from __future__ import annotations

import numpy as np

from twin.physics.wildfire.surface import Value

LONGEST = 8.0
"""Greatest length by width."""


def length_to_width(wind: Value) -> Value:
    """Return length by width (1) of a surface fire by its effective wind at midflame, mi h-1. Source: Anderson."""
    return np.minimum(LONGEST, 0.936 * np.exp(0.1147 * wind) + 0.461 * np.exp(-0.0692 * wind) - 0.397)


def crown_length_to_width(wind: Value) -> Value:
    """Return length by width (1) of a crown fire by the wind at 20 ft in the open, mi h-1. Source: Rothermel (1991)."""
    return np.minimum(LONGEST, 1.0 + 0.125 * wind)


def eccentricity(ratio: Value) -> Value:
    """Return the eccentricity of an ellipse by its length to width, at least 1."""
    return np.sqrt(np.maximum(ratio * ratio - 1.0, 0.0)) / ratio


def rate_along(head: Value, e: Value, th: Value) -> Value:
    """Return the rate at which fire runs from its start in the direction th."""
    return head * (1.0 - e) / (1.0 - e * np.cos(th))


def backing_rate(head: Value, e: Value) -> Value:
    """Return the rate against the heading."""
    return head * (1.0 - e) / (1.0 + e)


def flank_rate(head: Value, e: Value) -> Value:
    """Return the rate at which the flanks move sideways: half the width of the ellipse per time."""
    return head * (1.0 - e) / np.sqrt(1.0 - e * e)


def normal_rate(head: Value, e: Value, th: Value) -> Value:
    """Return the rate of the perimeter along its normal, where fire came in the direction th from its start.

    This is the rate that Byram's intensity needs: less than `rate_along` everywhere but at head and back.
    """
    return head * (1.0 - e) / np.sqrt(1.0 - 2.0 * e * np.cos(th) + e * e)


def rate_of_normal(head: Value, e: Value, th: Value) -> Value:
    """Return the rate at which that part of the perimeter moves whose normal points in the direction th."""
    back = backing_rate(head, e)
    b = (head + back) / 2
    a2 = b * b * (1.0 - e * e)
    cos = np.cos(th)
    return (b - back) * cos + np.sqrt(b * b * cos * cos + a2 * (1.0 - cos * cos))


def area(head: Value, e: Value, time: Value) -> Value:
    """Return the area burnt after a time, in squares of the rate's unit of length."""
    b = (head + backing_rate(head, e)) / 2 * time
    return np.pi * b * b * np.sqrt(1.0 - e * e)


def perimeter(head: Value, e: Value, time: Value) -> Value:
    """Return the length of the perimeter after a time. Source: Ramanujan's first terms, as firelab/behave has them."""
    b = (head + backing_rate(head, e)) / 2 * time
    a = b * np.sqrt(1.0 - e * e)
    h = ((a - b) / np.maximum(a + b, 1e-300)) ** 2
    return np.pi * (a + b) * (1.0 + h / 4.0 + h * h / 64.0)
