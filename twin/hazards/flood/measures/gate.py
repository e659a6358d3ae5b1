"""Gates and culverts: opened, closed, blocked, or placed anew."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from twin.errors import InputError
from twin.hazards._values import flag, number, pairs
from twin.hazards.flood.measures.furniture import known
from twin.hazards.flood.works import GATE_WIDTH, ends, hole
from twin.model.action import Action, Effect
from twin.model.scenario import Series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater
    from twin.physics.shallow_water.structures.opening import Hole

SIZES = {"width": 1e-3, "height": 1e-3, "diameter": 1e-3, "level": -1e4, "coefficient": 1e-3, "roughness": 1e-3}
"""What says how large an opening is, with the least value that makes sense."""


def gate(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Open a gate as far as `opening` (0 closed .. 1 open, default 1), within `over` s.

    A target that is not there yet, or none, is a new gate along `line` ([[x, y], [x, y]]: its first and last point are
    its two ends) with `width`, `height` and `level` (sill) in m; `flap` true: water passes only along the line.
    """
    return _set(engine, grid, action, culvert=False)


def culvert(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Lay a culvert along `line`, or block the one that is there: `opening` 0 blocked .. 1 free, within `over` s.

    It is a pipe of `diameter` m, or a box of `width` and `height`; `level` m is its invert, `roughness` Manning's n.
    """
    return _set(engine, grid, action, culvert=True)


def _set(engine: ShallowWater, grid: Grid, action: Action, *, culvert: bool) -> Effect:
    from twin.physics.shallow_water.structures.opening import Opening

    kind = action.kind
    params = known(action, {"opening", "over", "line", "flap", *SIZES})
    sizes = {k: number(params[k], f"{kind}: '{k}'", least, 1e4) for k, least in SIZES.items() if k in params}
    opening = number(params.get("opening", 1.0), f"{kind}: 'opening'", 0.0, 1.0)
    over = number(params.get("over", 0.0), f"{kind}: 'over'", 0.0)
    flap = flag(params["flap"], f"{kind}: 'flap'") if "flap" in params else None
    value = params.get("line", params.get("points"))
    line = None if value is None else pairs(value)
    if not action.target and line is None:
        raise InputError(f"{kind}: give the 'target' of one that is there, or the 'line' of a new one")
    name = f"{kind} '{action.target}'" if action.target else f"{kind} at {line}"
    held = engine.structures.get(name)
    if isinstance(held, Opening):
        held.hole = _changed(held.hole, sizes, flap)
    else:
        if line is None:
            there = ", ".join(n for n, s in engine.structures.items() if isinstance(s, Opening)) or "none"
            raise InputError(f"{kind}: '{action.target}' is not there, and a new one needs a 'line'; there: {there}")
        cells = ends(engine, grid, line, max(grid.cell, sizes.get("width", GATE_WIDTH) / 2), name)
        made = hole(engine, cells, line, sizes | {"flap": float(bool(flap))}, culvert=culvert)
        held = Opening(name, cells, made, Series((engine.time,), (opening,)), asset=action.target)
        engine.put(held)
    now = held.opening.at(engine.time)
    times = (engine.time, engine.time + over)
    held.opening = Series(times, (now, opening)) if over > 0 else Series(times[:1], (opening,))
    within = f" within {over:g} s" if over else ""
    return Effect(action, sum(len(c[0]) for c in held.ends), f"{name} {now:.0%} open, to {opening:.0%}{within}")


def _changed(before: Hole, sizes: Mapping[str, float], flap: bool | None) -> Hole:
    """Return a hole with what is given anew."""
    width, height = sizes.get("width", before.width), sizes.get("height", before.height)
    area = before.area
    if {"width", "height"} & set(sizes):
        area = width * height
    elif "diameter" in sizes:
        height, area = sizes["diameter"], math.pi / 4 * sizes["diameter"] ** 2
        width = area / height
    return replace(
        before,
        sill=sizes.get("level", before.sill),
        width=width,
        height=height,
        area=area,
        coefficient=sizes.get("coefficient", before.coefficient),
        flap=before.flap if flap is None else flap,
    )
