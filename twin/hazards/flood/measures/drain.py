"""Drains: inlets and pipes blocked by leaves and mud, or cleared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, suggest
from twin.hazards._values import number, pairs
from twin.hazards.flood.drains import found
from twin.hazards.flood.measures.furniture import known
from twin.model.action import Action, Effect

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater
    from twin.physics.shallow_water.structures.drains import Drains

PARTS = ("inlets", "pipes", "all")

Chosen = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""Inlets (k,) and pipes (m,)."""


def drain(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Block the `share` (0 to 1; 0 clears) of the opening of inlets and of what pipes carry.

    part    "inlets" (default), "pipes" or "all"
    target  a pipe (and the inlets at its two shafts) or an inlet; a feature of another kind: within `radius` of it
    x, y    with `radius` m (50): what lies within it
    Without a target and a place: everywhere.
    """
    del grid
    params = known(action, {"share", "part", "x", "y", "radius"})
    share = number(params.get("share"), "drain: 'share'", 0.0, 1.0)
    part = params.get("part", "inlets")
    if part not in PARTS:
        raise InputError(f"drain: 'part' is {part!r}; {suggest(str(part), PARTS)}")
    drains = found(engine)
    if drains is None:
        raise InputError(
            "drain: this run has no drains; set drains = \"swmm\" in [flood], and load features of kind 'drain'"
        )
    inlets, pipes = _chosen(drains, action)
    if part == "inlets":
        pipes = np.zeros_like(pipes)
    elif part == "pipes":
        inlets = np.zeros_like(inlets)
    if not inlets.any() and not pipes.any():
        raise InputError(f"drain: there is nothing of '{part}' at {_place(action)}; check target, x, y and radius")
    drains.block(inlets, pipes, share)
    did = f"{share:.0%} of" if share else "cleared:"
    note = f"{did} {np.count_nonzero(inlets)} inlets and {np.count_nonzero(pipes)} pipes{' blocked' if share else ''}"
    return Effect(action, int(np.count_nonzero(inlets)), note)


def _chosen(drains: Drains, action: Action) -> Chosen:
    """Return which inlets and pipes an action means."""
    params, inlets, network = action.params, drains.inlets, drains.network
    pipe = np.array([i == action.target for i in network.ids]) & bool(action.target)
    inlet = np.array([i == action.target for i in inlets.ids]) & bool(action.target)
    if pipe.any():
        return np.isin(inlets.node, np.concatenate([network.start[pipe], network.end[pipe]])), pipe
    if inlet.any():
        return inlet, pipe
    if "x" in params or "y" in params:
        x, y = (number(params.get(key), f"drain: '{key}'", -math.inf) for key in ("x", "y"))
    elif action.target:
        if "points" not in params:
            raise InputError(f"drain: target '{action.target}' is no pipe and no inlet of the drains in this run")
        x, y = pairs(params["points"], 1)[0]
    else:
        return np.ones_like(inlet), np.ones_like(pipe)
    radius = number(params.get("radius", 50.0), "drain: 'radius'", 0.0, 1e6)
    middle = (network.xy[network.start] + network.xy[network.end]) / 2
    return _near(inlets.xy, x, y, radius), _near(middle, x, y, radius)


def _near(xy: NDArray[np.float64], x: float, y: float, radius: float) -> NDArray[np.bool_]:
    return np.asarray(np.hypot(xy[:, 0] - x, xy[:, 1] - y) <= radius)


def _place(action: Action) -> str:
    if action.target:
        return f"'{action.target}'"
    return ", ".join(f"{k} = {v}" for k, v in action.params.items() if k in {"x", "y", "radius"}) or "all places"
