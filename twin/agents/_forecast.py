"""Chances and times out of a forecast ensemble: how sure, how soon, how long."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.model.response.view import Course, Outlook, View

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def window(course: Course, start: float, until: float) -> slice:
    """Return which times of a course lie between two moments, with the last one before the start."""
    first = max(0, int(np.searchsorted(course.times, start, side="right")) - 1)
    return slice(first, max(first, int(np.searchsorted(course.times, until, side="right"))))


def share(hit: Bools) -> Floats:
    """Return (n,) the share of members in which something happens at any time. hit  (m, t, n)."""
    if 0 in hit.shape[:2]:
        return np.zeros(hit.shape[2])
    return np.asarray(hit.any(axis=1).mean(axis=0), float)


def first(hit: Bools, times: Floats) -> Floats:
    """Return (m, n) s, when it first happens in each member, infinity: never. hit  (m, t, n), times (t,) s."""
    if not hit.shape[1]:
        return np.full((hit.shape[0], hit.shape[2]), math.inf)
    return np.where(hit.any(axis=1), times[hit.argmax(axis=1)], math.inf)


def soon(hit: Bools, times: Floats, quantile: float) -> Floats:
    """Return (n,) s by when it has happened in a share of the members; infinity: in fewer than that."""
    when = np.sort(first(hit, times), axis=0)
    if not len(when):
        return np.full(hit.shape[2], math.inf)
    return np.asarray(when[max(0, math.ceil(quantile * len(when) - 1e-9) - 1)], float)


def over(course: Course, part: slice, depth: float, product: float = math.inf) -> Bools:
    """Return (m, t, n) where water is deeper or stronger than limits in m and m2 s-1."""
    deep = course.depth[:, part] > np.float32(depth)
    return deep if math.isinf(product) else deep | (course.product[:, part] > np.float32(product))


def fits(outlook: Outlook | None, view: View, stale: float) -> Outlook | None:
    """Return a forecast on which an action may rest: not older than `stale` s and of this city; else None."""
    if outlook is None or not outlook.made <= view.time <= outlook.made + stale:
        return None
    sizes = ((outlook.homes, view.facts.homes), (outlook.sites, view.facts.sites))
    edges = len(view.facts.roads.start)
    whole = all(len(c.ids) == c.depth.shape[2] == len(things) for c, things in sizes)
    timed = all(0 not in c.depth.shape[:2] for c in (outlook.homes, outlook.sites, outlook.edges))
    return outlook if whole and timed and outlook.edges.depth.shape[2] == edges else None
