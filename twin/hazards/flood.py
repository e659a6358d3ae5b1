"""Flood: shallow water over the ground of a city, with rain, inflows, barriers and pumps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, UsageError, suggest
from twin.hazards._places import along, box, lowest, within
from twin.model.action import Action, Effect
from twin.model.run import Budget, Frame
from twin.model.scenario import Scenario, Series

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater

BLOCKED = 0.5
"""Share of a cell under buildings from which it is a wall."""

SHUT = 5.0
"""Radii around an inflow within which an open edge is a wall: else a river that enters near the upstream edge would
leave by it, since an open edge offers no resistance."""

NO_ROUGHNESS = 0.035
"""s m-1/3, Manning's n where nobody knows better: between asphalt (0.015) and rough grass (0.05)."""

CHOICES: dict[str, tuple[object, ...]] = {
    "order": (1, 2),
    "precision": ("float32", "float64"),
    "buildings": ("block", "none"),
}
NUMBERS = {"wet_depth_m": (1e-4, 10.0), "manning": (1e-3, 1.0)}
"""Parameters that are numbers, with the least and the greatest value that makes sense."""

DEFAULTS: dict[str, object] = {
    "order": 2,
    "precision": "float32",
    "buildings": "block",
    "wet_depth_m": 0.05,
    "manning": NO_ROUGHNESS,
}


def checked(params: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters with the defaults of those not given. Raises InputError for what is not known or wrong.

    order        2 (default) or 1: accuracy or speed of the scheme
    precision    "float32" (default) or "float64"
    buildings    "block" (default): walls that water goes round; "none": the ground without them
    wet_depth_m  m, depth from which water has arrived and speeds count, default 0.05
    manning      s m-1/3, roughness where the city has none, default 0.035
    """
    for name, value in params.items():
        if name not in DEFAULTS:
            raise InputError(f"flood parameter '{name}' is not known; {suggest(name, DEFAULTS)}")
        if name in CHOICES and (value not in CHOICES[name] or isinstance(value, bool)):
            known = ", ".join(repr(choice) for choice in CHOICES[name])
            raise InputError(f"flood parameter '{name}' is {value!r}; known: {known}")
        if name in NUMBERS:
            number(value, f"flood parameter '{name}'", *NUMBERS[name])
    return DEFAULTS | dict(params)


def number(value: object, what: str, least: float, greatest: float = math.inf) -> float:
    """Return a value of a document as a number. Raises InputError when it is none, or outside least .. greatest."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= greatest:
        raise InputError(f"{what} is {value!r}; it must be a number from {least:g} to {greatest:g}")
    return float(value)


def rising(series: Series, what: str) -> Series:
    """Return the series. Raises InputError when its times do not rise or a value is negative or not finite."""
    for before, after in zip(series.times, series.times[1:], strict=False):
        if not after > before:
            raise InputError(f"{what}: time {after:g} s follows {before:g} s; times must rise")
    for time, value in zip(series.times, series.values, strict=True):
        if not (0 <= value < math.inf):
            raise InputError(f"{what}: {value:g} at {time:g} s; values must be finite and not below 0")
    return series


VALIDATED = {
    1: "First order, the fast mode. Mean depth error of the dam breaks of Stoker and Ritter 3 and 4 mm of 2 m; but "
    "steady rain stands 6 % too low on a slope of 1 % and 52 % too high on one of 5 %: use order 2 where rain runs "
    "down slopes. Not checked against measured floods; no drains, no infiltration.",
    2: "Second order. Mean depth error of the dam breaks of Stoker and Ritter 1 mm of 2 m, of steady rain on slopes of "
    "1 % and 5 % +0.2 % and +0.1 %, of Thacker's swinging bowl 2 mm of 4 m, of flow over a bump up to 2 mm of 0.4 m; a "
    "lake at rest stays within 0.00002 m/s. Not checked against measured floods; no drains, no infiltration.",
}
"""By order of the scheme: what tests/validation/flood_*.py found."""

FROM_TARGET = {"points", "level", "rate", "width", "depth", "capacity"}
"""Params that an action takes over from the feature it is aimed at; a measure uses what it needs of them."""


def end_of_ground(ground: NDArray[np.float64], *, falls: bool) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the ground with a rim of one cell round it where it ends inside the grid, and where that rim is.

    ground  (ny, nx) m, NaN beyond its end; a hole that does not reach the border of the grid stays a wall
    falls   True: the rim takes the height of the nearest cell, and water on it has left; False: there is no rim, the
            end of the ground is a wall
    """
    import scipy.ndimage

    ndimage: Any = scipy.ndimage
    known = ~np.isnan(ground)
    if not falls or known.all() or not known.any():
        return ground, np.zeros(ground.shape, bool)
    holes, _ = ndimage.label(~known)
    border = np.concatenate([holes[0], holes[-1], holes[:, 0], holes[:, -1]])
    rim = ndimage.binary_dilation(known) & np.isin(holes, border[border > 0])
    rows, columns = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    return np.where(rim, ground[rows, columns], ground), rim


class FloodHazard:
    """Surface water after the shallow water equations; see `twin.hazards.Hazard` for the verbs."""

    inputs: Mapping[str, float | None] = {
        "elevation": None,
        "roughness": NO_ROUGHNESS,
        "building_share": 0.0,
        "depth": 0.0,
    }
    outputs = ("depth", "velocity_x", "velocity_y")
    summaries = ("max_depth", "max_speed", "max_hazard", "arrival")
    measures = ("barrier", "pump")
    validated = VALIDATED[2]

    def __init__(self) -> None:
        self._engine: ShallowWater | None = None
        self._grid: Grid | None = None

    def start(
        self,
        grid: Grid,
        fields: Mapping[str, NDArray[np.float64]],
        scenario: Scenario,
        rng: np.random.Generator,  # noqa: ARG002  # the contract's; nothing in a flood is random
        threads: int,
    ) -> None:
        """Take the inputs and stand at time 0; params as `checked` lists them. Raises InputError."""
        from twin.physics.shallow_water.edges import Edge
        from twin.physics.shallow_water.engine import ShallowWater
        from twin.physics.shallow_water.runoff import to_nearest

        params = checked(scenario.params)
        if "elevation" not in fields:
            raise InputError("flood: there is no field 'elevation'; the area needs terrain")
        ground, outlet = end_of_ground(fields["elevation"], falls=scenario.edges == "open")
        share = fields.get("building_share", np.zeros(grid.shape))
        nodata = np.isnan(ground)
        built = (share >= BLOCKED) & ~nodata & (params["buildings"] == "block")
        solid = nodata | (built & ~outlet)
        if (solid | outlet).all():
            raise InputError("flood: no cell is free; all lack a ground elevation or are under buildings")
        shut = np.zeros(grid.shape, bool)
        for inflow in scenario.inflows:
            shut |= within(grid, inflow.x, inflow.y, SHUT * inflow.radius, f"inflow '{inflow.name}'")
        self._grid = grid
        self.validated = VALIDATED[int(str(params["order"]))]
        self._engine = ShallowWater(
            ground,
            grid.cell,
            roughness=self._roughness(fields, params, solid),
            depth=np.nan_to_num(fields.get("depth", np.zeros(grid.shape))),
            solid=solid,
            rain_share=to_nearest(np.where(nodata | outlet, 0.0, 1.0), ~solid & ~outlet),
            edges=Edge(scenario.edges),
            shut=shut,
            order=int(str(params["order"])),
            precision=str(params["precision"]),
            wet=float(str(params["wet_depth_m"])),
            threads=threads,
        )
        rows, columns = np.nonzero(outlet)
        self._engine.outlet = rows, columns
        if scenario.rain is not None:
            self._engine.rain = rising(scenario.rain, "rain")
        for inflow in scenario.inflows:
            what = f"inflow '{inflow.name}'"
            cells = lowest(self._engine.bed, within(grid, inflow.x, inflow.y, inflow.radius, what), what)
            self._engine.set_source(what, *cells, rising(inflow.discharge, what))

    def advance(self, until: float) -> Frame:
        """Move to `until` s and return depth in m and velocity in m s-1 there; solid cells hold 0."""
        engine = self.engine
        engine.advance(until)
        east, north = engine.velocity
        return Frame(until, {"depth": engine.depth, "velocity_x": east, "velocity_y": north})

    def apply(self, action: Action) -> Effect:
        """Carry out an action now; see `_barrier` and `_pump` for their params. Raises UsageError, InputError."""
        kinds = {"barrier": self._barrier, "pump": self._pump}
        if action.kind not in kinds:
            raise UsageError(f"a flood knows no measure '{action.kind}'; {suggest(action.kind, kinds)}")
        return kinds[action.kind](action)

    def budget(self) -> Budget:
        """Return the water that went in and out since the start and what is stored, in m3."""
        engine = self.engine
        parts = {k: v for k, v in engine.tally.items() if k != "clipped"}
        parts["inflow"] = sum(s.volume for s in engine.sources if s.volume > 0)
        parts["pumped"] = -sum(s.volume for s in engine.sources if s.volume < 0)
        entered = parts["rain"] + parts["inflow"] + parts["edge_in"]
        left = parts["pumped"] + parts["edge_out"]
        stored = engine.stored()
        gap = stored - engine.stored_at_start - entered + left
        parts |= {"stored_at_start": engine.stored_at_start, "clipped": engine.tally["clipped"]}
        return Budget(entered, left, stored, gap / max(entered, stored, 1e-9), parts)

    def summary(self) -> dict[str, NDArray[np.float32]]:
        """Return the greatest depth in m, speed in m s-1 and their product, and the arrival in s (NaN: dry)."""
        engine = self.engine
        return {name: getattr(engine, name).copy() for name in self.summaries}

    @property
    def cell_updates(self) -> int:
        """Cells advanced so far, summed over time steps."""
        return self.engine.cell_updates

    @property
    def engine(self) -> ShallowWater:
        """The engine at work. Raises UsageError before `start`."""
        if self._engine is None:
            raise UsageError("the flood has not been started; call start first")
        return self._engine

    @property
    def grid(self) -> Grid:
        """The grid of the run. Raises UsageError before `start`."""
        if self._grid is None:
            raise UsageError("the flood has not been started; call start first")
        return self._grid

    def _roughness(
        self, fields: Mapping[str, NDArray[np.float64]], params: Mapping[str, object], solid: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Return Manning's n (ny, nx); `manning` where the field is missing, NaN, or nothing but the default."""
        manning = float(str(params["manning"]))
        field = fields.get("roughness")
        if field is None or (field == NO_ROUGHNESS).all():
            return np.full(solid.shape, manning)
        return np.where(np.isnan(field) | solid, manning, field)

    def _barrier(self, action: Action) -> Effect:
        """Raise the ground to `level` m along `line` ([[x, y], ...]) or within `box` ([west, south, east, north]).

        The `points` of a target stand for a line. Water that stood there goes to the nearest cells beside.
        """
        params = known(action, {"line", "box", "level"})
        level = number(params.get("level"), "barrier: 'level'", -1e4, 1e4)
        line = params.get("line", None if "box" in params else params.get("points"))
        if (line is None) == ("box" not in params):
            raise InputError("barrier: give either 'line' (a list of points) or 'box' (west, south, east, north)")
        if line is not None:
            mask = along(self.grid, pairs(line))
        else:
            west, south, east, north = numbers(params["box"], 4, "barrier: 'box'")
            mask = box(self.grid, (west, south, east, north))
        cells, moved = self.engine.raise_bed(mask, level)
        if not cells:
            raise InputError(f"barrier: no free cell of the area lies on it below {level:g} m; check line, box, level")
        return Effect(
            action, cells, f"ground raised to {level:g} m in {cells} cells, {moved:.1f} m3 of water moved aside"
        )

    def _pump(self, action: Action) -> Effect:
        """Pump `rate` m3 s-1 out of the area from the lowest cells within `radius` m (10) of `x`, `y`.

        The first of the `points` of a target stands for x and y. A pump takes no more than there is. The same
        target, or the same place, sets the rate anew; 0 stops it.
        """
        params = known(action, {"x", "y", "rate", "radius"})
        if "x" not in params and "points" in params:
            x, y = pairs(params["points"], 1)[0]
        else:
            x, y = (number(params.get(key), f"pump: '{key}'", -math.inf) for key in ("x", "y"))
        rate = number(params.get("rate"), "pump: 'rate'", 0.0, 1e4)
        radius = number(params.get("radius", 10.0), "pump: 'radius'", 0.0, 1e4)
        name = f"pump '{action.target}'" if action.target else f"pump at {x:g}, {y:g}"
        place = lowest(self.engine.bed, within(self.grid, x, y, radius, name), name)
        self.engine.set_source(name, *place, Series((self.engine.time,), (-rate,)))
        return Effect(action, len(place[0]), f"{name} takes {rate:g} m3/s from {len(place[0])} cells")


def known(action: Action, names: set[str]) -> Mapping[str, object]:
    """Return the params of an action. Raises InputError when one is neither in `names` nor given by its target."""
    for name in action.params:
        if name not in names | (FROM_TARGET if action.target else set()):
            raise InputError(f"{action.kind}: param '{name}' is not known; {suggest(name, names)}")
    return action.params


def numbers(value: object, count: int, what: str) -> list[float]:
    """Return a list of so many numbers. Raises InputError when it is something else."""
    if not isinstance(value, list | tuple) or len(value) != count:
        raise InputError(f"{what} is {value!r}; it must be a list of {count} numbers")
    return [number(v, what, -math.inf) for v in value]


def pairs(value: object, least: int = 2) -> list[tuple[float, float]]:
    """Return a list of points. Raises InputError when it is something else, or has fewer than `least`."""
    if not isinstance(value, list | tuple) or len(value) < least:
        raise InputError(f"a list of at least {least} points [x, y] is needed, found {value!r}")
    return [(x, y) for x, y in (numbers(v, 2, "a point [x, y]") for v in value)]


hazard = FloodHazard
