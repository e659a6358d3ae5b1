"""Fire in a city and its hillsides: a scenario and a city become a world that burns, and its state becomes frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import UsageError
from twin.hazards import Kept, Setting, Things, Watch
from twin.hazards.fire import opening
from twin.hazards.fire.checks import carry_out, check_fields, rehearse
from twin.hazards.fire.measures import MEASURES
from twin.hazards.fire.params import checked
from twin.hazards.fire.passed import BUILDING_BURNS, BUILDING_BURNT
from twin.hazards.fire.town import BURNING, BURNT, PUT_OUT
from twin.hazards.fire.validated import VALIDATED
from twin.model.action import Action, Effect
from twin.model.finding import Finding
from twin.model.run import Budget, Frame

if TYPE_CHECKING:
    from twin.hazards.fire.world import World


class FireHazard:
    """Fire in vegetation and buildings, in one state; see `twin.hazards.Hazard` for the verbs."""

    inputs: Mapping[str, float | None] = {
        "elevation": None,
        "fuel_model": 91.0,
        "canopy_cover": 0.0,
        "canopy_height": 0.0,
        "canopy_base_height": 0.0,
        "canopy_bulk_density": 0.0,
        "building_share": 0.0,
        "depth": 0.0,
    }
    forcing: tuple[str, ...] = ()
    assets: Mapping[str, tuple[str, ...]] = {"building": (), "hydrant": (), "facility": (), "road": ()}
    sees = ("depth",)
    outputs = ("fire_state", "fireline_intensity")
    summaries = ("fire_arrival", "max_fireline_intensity", "flame_length", "spread_rate", "fire_type")
    members = Kept(
        "fire_state",
        shown="share",
        above=0.5,
        whole="fire_arrival",
        summaries={"fire_arrival": (0.1, 0.5)},
        spread=("wind_cv", "wind_turn", "moisture_cv", "spread_rate_cv", "brands"),
    )
    measures = tuple(MEASURES)
    validated = VALIDATED

    def __init__(self) -> None:
        self._world: World | None = None
        self._at_start = 0.0
        self.findings: list[Finding] = []

    def start(self, setting: Setting) -> None:
        """Lay out the city as it stands at time 0.

        Raises InputError, before anything moves, for what is wrong with the parameters, the fields, the weather, the
        ignitions or the measures; `findings` then says what was found and assumed.
        """
        from twin.hazards.fire.world import World

        params = checked(setting.scenario.params)
        check_fields(setting.grid, setting.fields)
        # brands follow the scenario's seed and the member's own stream, whichever of the two a member was given anew
        mixed = np.random.SeedSequence([setting.scenario.seed, int(setting.rng.integers(2**62))])
        seed = int(mixed.generate_state(1, np.uint64)[0] >> np.uint64(2))
        self._world = world = World(setting, params, seed)
        if setting.scenario.measures:
            before = world.save()
            rehearse(world, setting.scenario.measures)
            world.load(before)
        self._at_start = float(world.ground.holds.sum()) + world.town.left
        self.findings = opening.findings(world, setting)

    def advance(self, until: float, watch: Watch | None = None) -> Frame:
        """Move to `until` s and return `fire_state` and kW m-1 of the cells that burn, and what buildings do there."""
        world = self.world
        world.advance(until, watch)
        world.diary.mark()
        state = world.passed.state(until)
        town = world.town.state[world.buildings.owner]
        cells = world.buildings.cell
        state[cells[(town == BURNT) | (town == PUT_OUT)]] = BUILDING_BURNT
        state[cells[town == BURNING]] = BUILDING_BURNS
        fields = {"fire_state": state, "fireline_intensity": world.passed.burning(until)}
        return Frame(until, {name: v.reshape(world.grid.shape) for name, v in fields.items()}, self._things())

    def see(self, fields: Mapping[str, NDArray[np.floating]], things: Things) -> None:
        """Take in the `depth` of a flood: it stops engines and hydrants, wets fuel, and does not burn."""
        del things
        if "depth" in fields:
            self.world.see(fields["depth"])

    def apply(self, action: Action) -> Effect:
        """Carry out an action now, as `measures` describes it. Raises UsageError, InputError."""
        return carry_out(self.world, action)

    def budget(self) -> Budget:
        """Return the fuel at the start, what of it has burnt and what is left, in MJ.

        The fuel of a cell is all there is in it; of that the flames of a front take the part that feeds them. Fuel that
        was cleared or taken down is still counted as left: it lies somewhere.
        """
        world = self.world
        parts = {
            "fuel_at_start": self._at_start,
            "buildings_burnt": world.town.released,
            "vegetation_burnt": world.passed.given(world.time),
        }
        burnt = parts["buildings_burnt"] + parts["vegetation_burnt"]
        left = world.passed.left(world.time, world.ground.holds) + world.town.left
        error = (left - self._at_start + burnt) / max(self._at_start, 1e-9)
        return Budget(0.0, burnt, left, error, parts, "MJ")

    def summary(self) -> dict[str, NDArray[np.float32]]:
        """Return, up to now, s at which fire came (NaN: never), and of the front kW m-1, m, m s-1 and type of fire."""
        world, passed = self.world, self.world.passed
        arrival = np.where(passed.begun <= world.time, passed.begun, np.inf)
        np.minimum.at(arrival, world.buildings.cell, world.town.ignited[world.buildings.owner])
        arrival[~np.isfinite(arrival)] = np.nan
        found: dict[str, NDArray[Any]] = {
            "fire_arrival": arrival,
            "max_fireline_intensity": passed.intensity,
            "flame_length": passed.flame,
            "spread_rate": passed.rate,
            "fire_type": passed.kind,
        }
        return {name: v.astype(np.float32).reshape(world.grid.shape) for name, v in found.items()}

    def aftermath(self) -> dict[str, list[dict[str, object]]]:
        """Return the tables of `diary.Diary`: buildings, spread, engines, evacuated, findings."""
        return self.world.diary.tables()

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by name."""
        return self.world.save()

    def load(self, saved: Mapping[str, NDArray[Any]], done: Sequence[Action]) -> None:
        """Stand where `save` stood, after `start` with the same setting; what measures did is all in there."""
        del done
        self.world.load(dict(saved))

    @property
    def cell_updates(self) -> int:
        """Cells of which rates were worked out or that burnt, and buildings, summed over steps."""
        world = self.world
        return world.rated * world.passed.begun.size + world.passed.count + world.town.updates

    @property
    def world(self) -> World:
        """What burns. Raises UsageError before `start`."""
        if self._world is None:
            raise UsageError("the fire has not been started; call start first")
        return self._world

    def _things(self) -> dict[str, dict[str, float]]:
        """Return what buildings do that are not as they were: state, kW, L s-1."""
        town, assets = self.world.town, self.world.buildings.assets
        changed = np.flatnonzero(town.state > 0).tolist()
        poured = np.flatnonzero(town.poured > 0).tolist()
        release = town.heat_release
        return {
            "building_fire": {assets[i].id: float(town.state[i]) for i in changed},
            "heat_release": {assets[i].id: float(release[i]) for i in changed if release[i] > 0},
            "engine_water": {assets[i].id: float(town.poured[i]) for i in poured},
        }
