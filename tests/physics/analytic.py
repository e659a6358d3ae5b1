"""Exact solutions of the shallow water equations, for the validation and the tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Profile = NDArray[np.float64]


def ritter(x: Profile, t: float, left: float, g: float = 9.81) -> Profile:
    """Return the depth in m at x m from a dam that vanished at t = 0 s, `left` m of water against dry ground.

    Source: Ritter (1892).
    """
    c = np.sqrt(g * left)
    return np.where(x <= -c * t, left, np.where(x >= 2 * c * t, 0.0, (2 * c - x / t) ** 2 / (9 * g)))


def stoker(x: Profile, t: float, left: float, right: float, g: float = 9.81) -> Profile:
    """Return the depth in m at x m from a dam that vanished at t = 0 s, `left` m of water against `right` m.

    Source: Stoker (1957), Water Waves, section 10.8.
    """
    c0 = np.sqrt(g * left)

    def gap(middle: float) -> float:
        shock = (middle - right) * np.sqrt(g * (middle + right) / (2 * middle * right))
        return float(2 * (c0 - np.sqrt(g * middle)) - shock)

    middle = brentq(gap, right, left)
    speed = 2 * (c0 - np.sqrt(g * middle))
    front = speed * middle / (middle - right)
    s = x / t
    fan = np.where(s <= -c0, left, (2 * c0 - s) ** 2 / (9 * g))
    return np.where(s <= speed - np.sqrt(g * middle), fan, np.where(s <= front, middle, right))


def kinematic_depth(x: Profile, rain: float, slope: float, manning: float) -> Profile:
    """Return the depth in m of steady rain (m s-1) running down a plane, at x m from its top.

    Source: Henderson, Wooding (1964): q = rain x = h^(5/3) sqrt(slope) / n.
    """
    return (manning * rain * x / np.sqrt(slope)) ** 0.6


def planar_thacker(
    x: Profile, t: float, depth: float, length: float, amplitude: float, g: float
) -> tuple[Profile, Profile]:
    """Return depth in m and velocity in m s-1 of water swinging as a plane in the bowl z = depth (x / length)^2.

    Source: Thacker (1981), with the bed at 0 in the middle and water `depth` deep there at rest.
    """
    omega = np.sqrt(2 * g * depth) / length
    stage = depth + 2 * amplitude * depth / length**2 * np.cos(omega * t) * (x - amplitude / 2 * np.cos(omega * t))
    h = np.maximum(0.0, stage - depth * (x / length) ** 2)
    return h, np.where(h > 0, -amplitude * omega * np.sin(omega * t), 0.0)


def bump(x: Profile) -> Profile:
    """Return the bed in m of the classical bump, 0.2 m high in the middle of 25 m."""
    return np.maximum(0.0, 0.2 - 0.05 * (x - 10) ** 2)


def depth_of(energy: float, bed: Profile, q: float, g: float, *, fast: bool) -> Profile:
    """Return the depth in m with q^2 / (2 g h^2) + h + bed = energy, super- or subcritical; NaN: none."""
    out = np.empty(len(bed))
    for i, z in enumerate(bed):
        roots = np.roots([1.0, z - energy, 0.0, q * q / (2 * g)])
        real = np.sort(roots[(np.abs(roots.imag) < 1e-5) & (roots.real > 0)].real)
        out[i] = np.nan if not len(real) else real[0] if fast else real[-1]
    return out


def steady_bump(x: Profile, q: float, outlet: float | None, *, choked: bool, g: float = 9.8) -> Profile:
    """Return the depth in m of steady frictionless flow over the bump: q m2 s-1 in at the left, x in m.

    outlet  m, depth at the right end; None: the flow leaves supercritical
    choked  whether it passes the critical depth on the crest; with an outlet depth a jump follows it

    Source: Delestre et al. (2013), SWASHES, sections 3.1.3 to 3.1.5, doi:10.1002/fld.3741.
    """
    bed = bump(x)
    if not choked:
        assert outlet is not None
        return depth_of(outlet + q * q / (2 * g * outlet**2), bed, q, g, fast=False)
    energy = 1.5 * (q * q / g) ** (1 / 3) + 0.2 + 1e-9
    before = np.where(x < 10, depth_of(energy, bed, q, g, fast=False), depth_of(energy, bed, q, g, fast=True))
    if outlet is None:
        return before
    after = depth_of(outlet + q * q / (2 * g * outlet**2), bed, q, g, fast=False)
    force = (q * q / before + g * before**2 / 2) - (q * q / after + g * after**2 / 2)
    jump = x[(x > 10) & (force < 0)]
    return np.where((x < 10) | (x < (jump.min() if len(jump) else 10)), before, after)
