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


def radial_thacker(
    r: Profile, t: float, depth: float, length: float, radius: float, g: float
) -> tuple[Profile, Profile, Profile]:
    """Return depth in m, velocity outwards in m s-1 and bed in m of water that swings in and out of a round bowl.

    r       m, from the middle, where the bowl z = -depth (1 - (r / length)^2) is `depth` deep below 0
    radius  m, of the water at t = 0

    Source: Thacker (1981), section 4, with the period 2 pi length / sqrt(8 g depth).
    """
    omega = np.sqrt(8 * g * depth) / length
    a = (length**4 - radius**4) / (length**4 + radius**4)
    narrow = 1 - a * np.cos(omega * t)
    stage = depth * (np.sqrt(1 - a * a) / narrow - 1 - (r / length) ** 2 * ((1 - a * a) / narrow**2 - 1))
    bed = -depth * (1 - (r / length) ** 2)
    h = np.maximum(0.0, stage - bed)
    return h, np.where(h > 0, omega * r * a * np.sin(omega * t) / 2 / narrow, 0.0), bed


MACDONALD = {"q": 2.0, "length": 100.0, "manning": 0.0328, "jump": 200 / 3}
"""m2 s-1, m, s m-1/3, m: the short channel of `macdonald`."""


def macdonald_depth(x: Profile, g: float = 9.8) -> tuple[Profile, Profile]:
    """Return depth in m and its slope in the short channel with a jump, x in m.

    Source: MacDonald et al. (1997), case of SWASHES 3.2.2 with a jump at 200/3 m, doi:10.1002/fld.3741.
    """
    unit, s, d = (4 / g) ** (1 / 3), x / 100, x / 100 - 2 / 3
    before = unit * (4 / 3 - s) - 0.9 * s * (s - 2 / 3)
    after = unit * (0.674202 * d**4 + 0.674202 * d**3 - 21.7112 * d**2 + 14.492 * d + 1.4305)
    falls = -unit / 100 - 0.009 * (2 * s - 2 / 3)
    rises = unit * (4 * 0.674202 * d**3 + 3 * 0.674202 * d**2 - 2 * 21.7112 * d + 14.492) / 100
    first = x <= MACDONALD["jump"]
    return np.where(first, before, after), np.where(first, falls, rises)


def macdonald(x: Profile, g: float = 9.8) -> tuple[Profile, Profile]:
    """Return depth and bed in m at x m of a channel in which that depth is steady, with friction and a jump.

    The bed is 0 at the lower end; it is integrated from z' = (q^2 / (g h^3) - 1) h' - n^2 q^2 h^(-10/3).
    """
    q, n = MACDONALD["q"], MACDONALD["manning"]
    faces = np.linspace(0, MACDONALD["length"], 100_001)
    h, slope = macdonald_depth((faces[1:] + faces[:-1]) / 2, g)
    rise = ((q * q / (g * h**3) - 1) * slope - n * n * q * q / h ** (10 / 3)) * np.diff(faces)
    bed = -np.append(np.cumsum(rise[::-1])[::-1], 0.0)
    return macdonald_depth(x, g)[0], np.interp(x, faces, bed)


def expansion(x: Profile) -> Profile:
    """Return the bed in m of a step that falls from 0.2 m to 0 between 9 m and 11 m."""
    return np.interp(x, [9.0, 11.0], [0.2, 0.0])


def avalanche(x: Profile, t: float, high: float, low: float, slope: float, friction: float, g: float = 9.81) -> Profile:
    """Return the depth in m of debris let go at x = 0 on a slope that falls to the left, `high` m against `low` m.

    friction  slope at which the debris would just rest: Coulomb friction, on ground inclined by `slope`

    Source: Mungkasi, Roberts (2011), ANZIAM J. 52, C349-C363: a dam break seen from a frame that accelerates.
    """
    pull = -g * slope + g * friction / (1 + slope**2)
    s = -(x - pull * t * t / 2)
    return stoker(s, t, high, low, g) if low > 0 else ritter(s, t, high, g)
