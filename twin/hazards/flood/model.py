"""Surface water over the ground of a city: a scenario and a city become an engine, and its fields become frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, UsageError
from twin.hazards import Kept, Setting, Things, Watch
from twin.hazards._places import lowest, within
from twin.hazards.flood import assets, drains
from twin.hazards.flood.checks import carry_out, check_boundaries, check_discharge, check_fields, rehearse
from twin.hazards.flood.ground import BLOCKED, courts, end_of_ground, porosity
from twin.hazards.flood.measures import MEASURES
from twin.hazards.flood.params import NO_ROUGHNESS, checked, rising
from twin.hazards.flood.rain import let_it_rain
from twin.hazards.flood.validated import VALIDATED
from twin.hazards.flood.works import stop_burnt, without_power
from twin.model.action import Action, Effect
from twin.model.finding import Finding
from twin.model.run import Budget, Frame
from twin.model.scenario import Inflow

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater

SHUT = 5.0
"""Radii around an inflow within which an open edge is a wall: else a river that enters near the upstream edge would
leave by it, since an open edge offers no resistance."""


class FloodHazard:
    """Surface water after the shallow water equations; see `twin.hazards.Hazard` for the verbs."""

    inputs: Mapping[str, float | None] = {
        "elevation": None,
        "roughness": NO_ROUGHNESS,
        "building_share": 0.0,
        "depth": 0.0,
        "infiltration_rate": 0.0,
        "suction_head": 0.0,
        "moisture_deficit": 0.0,
    }
    forcing: tuple[str, ...] = ("rain_rate",)
    assets: Mapping[str, tuple[str, ...]] = dict.fromkeys((*assets.KINDS, "drain"), ()) | {
        "building": ("basements", "half_basement")
    }
    sees = ("fire_state",)
    outputs = ("depth", "velocity_x", "velocity_y")
    summaries = ("max_depth", "max_speed", "max_hazard", "max_rating", "max_level", "arrival", "duration")
    members = Kept(
        "depth",
        whole="max_depth",
        summaries={"max_depth": (0.1, 0.5, 0.9), "arrival": (0.1, 0.5)},
        spread=(
            "rain_cv",
            "rain_shift",
            "roughness_cv",
            "inflow_cv",
            "breach_time",
            "breach_width_cv",
            "breach_level",
        ),
    )
    measures = tuple(MEASURES)
    validated = VALIDATED[2]

    def __init__(self) -> None:
        self._engine: ShallowWater | None = None
        self._grid: Grid | None = None
        self.findings: list[Finding] = []

    def start(self, setting: Setting) -> None:
        """Lay the city under water that stands at time 0.

        Raises InputError, before anything moves, for what is wrong with the parameters, the fields, the rain, the
        boundaries, the inflows or the measures; `findings` then says what was found and assumed.
        """
        self._stand(setting)
        if setting.scenario.measures:
            rehearse(self.engine, setting.grid, setting.scenario.measures)
            self._engine = None  # SWMM holds one network at a time
            self._stand(setting)

    def _stand(self, setting: Setting) -> None:
        """Make the engine, with water, rain and structures as they are at time 0."""
        from twin.physics.shallow_water.edges import SIDES, Edge
        from twin.physics.shallow_water.engine import ShallowWater
        from twin.physics.shallow_water.runoff import Runoff

        grid, fields, scenario = setting.grid, setting.fields, setting.scenario
        params = checked(scenario.params)
        check_fields(grid, fields)
        check_boundaries(scenario.boundaries, fields["elevation"])
        ground, outlet = end_of_ground(fields["elevation"], falls=scenario.edges == "open")
        share = fields.get("building_share", np.zeros(grid.shape))
        nodata = np.isnan(ground)
        built = (share >= BLOCKED) & ~nodata & (params["buildings"] == "block")
        court, courts_found = courts(~nodata & ~built & ~outlet, built, grid.cell)
        court &= np.nan_to_num(fields.get("depth", np.zeros(grid.shape))) <= 0
        solid = nodata | ((built | court) & ~outlet)
        if (solid | outlet).all():
            raise InputError("flood: no cell is free; all lack a ground elevation or are under buildings")
        shut = np.zeros(grid.shape, bool)
        for inflow in scenario.inflows:
            shut |= within(grid, inflow.x, inflow.y, SHUT * inflow.radius, f"inflow '{inflow.name}'")
        self._grid, self.findings = grid, []
        if court.any():
            text = (
                f"{courts_found} court{'s' * (courts_found > 1)} closed in by buildings "
                f"({court.sum() * grid.cell**2:,.0f} m2) taken as built; "
                "their rain runs to the street"
            )
            self.findings.append(Finding("info", "courts", text))
        self.validated = VALIDATED[int(str(params["order"]))]
        runoff, takes = Runoff(~solid & ~outlet), np.where(nodata | outlet, 0.0, 1.0)
        sides: dict[str, Edge] = dict.fromkeys(SIDES, Edge(scenario.edges)) | {
            side: Edge(boundary.kind, boundary.series) for side, boundary in scenario.boundaries.items()
        }
        self._engine = engine = ShallowWater(
            ground,
            grid.cell,
            roughness=self._roughness(fields, params, solid),
            depth=np.nan_to_num(fields.get("depth", np.zeros(grid.shape))),
            solid=solid,
            rain_share=runoff.hand(takes),
            porosity=porosity(share) if params["buildings"] == "porosity" else None,
            edges=sides,
            shut=shut,
            order=int(str(params["order"])),
            precision=str(params["precision"]),
            wet=float(str(params["wet_depth_m"])),
            threads=setting.threads,
        )
        rows, columns = np.nonzero(outlet)
        engine.outlet = rows, columns
        let_it_rain(engine, setting, lambda rates: runoff.hand(rates * takes))
        for inflow in scenario.inflows:
            self._enter(inflow)
        self._soak(fields, str(params["infiltration"]))
        self.findings += assets.build(engine, grid, setting.assets, params)
        self.findings += drains.join(engine, grid, setting.assets, params)

    def advance(self, until: float, watch: Watch | None = None) -> Frame:
        """Move to `until` s and return depth in m and velocity in m s-1 there; solid cells hold 0."""
        engine = self.engine
        engine.advance(until, watch)
        east, north = engine.velocity
        things: dict[str, dict[str, float]] = {}
        for structure in engine.structures.values():
            for quantity, values in structure.state().items():
                things.setdefault(quantity, {}).update(values)
        return Frame(until, {"depth": engine.depth, "velocity_x": east, "velocity_y": north}, things)

    def see(self, fields: Mapping[str, NDArray[np.floating]], things: Things) -> None:
        """Stop the pumps that stand where a building burns or has burnt (`fire_state` 3 and 4): they have no power."""
        del things
        if "fire_state" in fields:
            stop_burnt(self.engine, self.grid, fields["fire_state"])

    def apply(self, action: Action) -> Effect:
        """Carry out an action now, as `measures` describes it. Raises UsageError, InputError."""
        return carry_out(self.engine, self.grid, action)

    def confine(self, box: tuple[int, int, int, int], ahead: Sequence[Frame]) -> bool:
        """Move only the water in a window from now on, see `twin.hazards.Confined`; not with drains, which lead on."""
        if "drains" in self.engine.structures:
            return False
        states = [(f.fields["depth"], f.fields["velocity_x"], f.fields["velocity_y"]) for f in ahead]
        self.engine.confine(box, [f.time for f in ahead], states)
        return True

    def budget(self) -> Budget:
        """Return the water that went in and out since the start and what is stored, in m3."""
        from twin.physics.shallow_water.structures import ENTERS, LEAVES

        engine = self.engine
        parts = engine.budget()
        entered = sum(parts[name] for name in ("rain", "edge_in", *ENTERS))
        left = sum(parts[name] for name in ("edge_out", *LEAVES))
        stored = engine.stored()
        gap = stored - engine.stored_at_start - entered + left
        parts["stored_at_start"] = engine.stored_at_start
        return Budget(entered, left, stored, gap / max(entered, stored, 1e-9), parts)

    def summary(self) -> dict[str, NDArray[np.float32]]:
        """Return what the water has left behind up to now, as `engine.ShallowWater` describes it by these names."""
        engine = self.engine
        return {name: getattr(engine, name).copy() for name in self.summaries}

    def aftermath(self) -> dict[str, list[dict[str, object]]]:
        """Return "storages" (underpasses and basements that water reached; see `assets.storages`) and "findings"."""
        said = [*drains.afterwards(self.engine), *without_power(self.engine)]
        return {"storages": assets.storages(self.engine), "findings": [asdict(finding) for finding in said]}

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by name."""
        return self.engine.save()

    def load(self, saved: Mapping[str, NDArray[Any]], done: Sequence[Action]) -> None:
        """Stand where `save` stood, after `start` with the same setting and the actions that had been carried out."""
        engine, before = self.engine, 0.0
        for action in done:
            # a measure may look at the ground, which breaches have lowered since the measure before it
            for structure in engine.structures.values():
                if structure.name.startswith("breach"):
                    structure.step(engine.water, before, action.at - before)
            engine.time = before = action.at
            self.apply(action)
        engine.load(saved)

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

    def _enter(self, inflow: Inflow) -> None:
        """Let water enter at a place, on its lowest cells. Raises InputError."""
        from twin.physics.shallow_water.structures.source import Source

        what = f"inflow '{inflow.name}'"
        if what in self.engine.structures:
            raise InputError(
                f"{what} stands twice, the second time at {inflow.x:g}, {inflow.y:g}; name each its own way"
            )
        cells = lowest(self.engine.bed, within(self.grid, inflow.x, inflow.y, inflow.radius, what), what)
        check_discharge(rising(inflow.discharge, what), len(cells[0]), self.grid.cell, what)
        self.engine.put(Source(what, cells, inflow.discharge))

    def _soak(self, fields: Mapping[str, NDArray[np.float64]], how: str) -> None:
        """Let the ground take water, "constant" or "green_ampt". Raises InputError where nothing says how much."""
        from twin.physics.shallow_water.structures.infiltration import Infiltration

        if how == "none":
            return
        rate = np.nan_to_num(fields.get("infiltration_rate", np.zeros(self.grid.shape)))
        if not rate.any():
            raise InputError(
                f"flood: infiltration = '{how}', but 'infiltration_rate' is 0 everywhere; load a raster of it, or say "
                "infiltration = 'none'"
            )
        suction = None
        if how == "green_ampt":
            dry = np.zeros(self.grid.shape)
            suction = np.nan_to_num(fields.get("suction_head", dry) * fields.get("moisture_deficit", dry))
        self.engine.put(Infiltration(self.engine.water, rate, suction))

    def _roughness(
        self, fields: Mapping[str, NDArray[np.float64]], params: Mapping[str, object], solid: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Return Manning's n (ny, nx); `manning` where the field is missing, NaN, or nothing but the default."""
        manning = float(str(params["manning"]))
        field = fields.get("roughness")
        if field is None or (field == NO_ROUGHNESS).all():
            return np.full(solid.shape, manning)
        return np.where(np.isnan(field) | solid, manning, field)
