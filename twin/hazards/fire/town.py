"""The buildings of a fire as things of the city: one value per building, however many storeys burn for themselves."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.hazards.fire.attributes import attributes_of
from twin.model.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin.hazards.fire.things import Built
    from twin.hazards.fire.weather import Now
    from twin.model.field import Grid
    from twin.physics.urban_fire.engine import UrbanFire

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNBURNT, HEATED, BURNING, BURNT, PUT_OUT = range(5)
STATES = ("unburnt", "heated", "burning", "burnt_out", "extinguished")
CAUSES = ("", "given", "radiation", "contact", "brand", "vegetation")
GIVEN, BRAND, VEGETATION = 1, 4, 5

RANK = np.array([0, 1, 4, 3, 2])
"""Of the states of its storeys a building has the one that ranks highest: burning, burnt out, extinguished, heated."""
STATE_OF = np.array([UNBURNT, HEATED, PUT_OUT, BURNT, BURNING], dtype=np.int8)

REACHED = 10.0
"""m above the foot of a building up to which a storey feels the flames of vegetation beside it (assumed)."""


class Town:
    """n buildings and the engine that burns them.

    state         (n,)        see `STATES`            heat_release  (n,) kW   of all storeys
    peak          (n,) kW     greatest so far         poured        (n,) L s-1  of engines on each now
    from_cell     (n,)        cell of vegetation that gave most heat when it lit a building, -1: none did
    fresh         (k,)        those that caught fire in the last step of the engine
    fuel          (n,) MJ     fuel that each had at the start
    findings      what had to be assumed              updates       storeys advanced, summed over steps
    """

    def __init__(
        self, buildings: Built, seed: int, step: float, elevation: Floats, grid: Grid, brand_factor: float
    ) -> None:
        """Make the engine, and say what was assumed of how many. Raises InputError for numbers that cannot be."""
        count = len(buildings)
        self.findings: list[Finding] = []
        self.updates = 0
        self.state = np.zeros(count, np.int8)
        self.heat_release, self.peak, self.poured = np.zeros(count), np.zeros(count), np.zeros(count)
        self.fuel = np.zeros(count)
        self.from_cell = np.full(count, -1, dtype=np.int64)
        self._strongest = np.full(count, -1, dtype=np.int64)
        self._flux, self._sparks = np.zeros(count), np.zeros(count)
        self.fresh = np.zeros(0, dtype=np.int64)
        self._lit = False
        self._wet: dict[int, tuple[float, float]] = {}
        self._falls: list[tuple[float, int]] = []
        self._watered: dict[int, float] = {}
        self._fire: UrbanFire | None = None
        if count:
            self._fire = self._made(buildings, seed, step, elevation, grid, brand_factor)

    def _made(
        self, buildings: Built, seed: int, step: float, elevation: Floats, grid: Grid, brand_factor: float
    ) -> UrbanFire:
        from twin.physics.urban_fire.brands import Brands
        from twin.physics.urban_fire.buildings import buildings as nodes_of
        from twin.physics.urban_fire.engine import UrbanFire

        rows, self.findings = attributes_of(buildings, elevation, grid)
        nodes = nodes_of([a.points[:-1] for a in buildings.assets], rows, buildings.ids)
        self._node = nodes.building
        self._first = np.searchsorted(nodes.building, np.arange(len(buildings))).astype(np.int64)
        self._last = np.append(self._first[1:], nodes.count) - 1
        self._low = nodes.base - nodes.ground <= REACHED
        for name, what in nodes.assumed.items():
            number = sum(what.values())
            text = f"'{name}' of {number} of {len(buildings)} buildings is not known; taken as "
            text += ", ".join(f"{words} ({many})" for words, many in what.items())
            self.findings.append(Finding("info", "building_assumed", text, name))
        self._brands = Brands(rate=Brands().rate * brand_factor)
        self.fuel = np.add.reduceat(nodes.fires.energy, self._first) / 1000.0
        return UrbanFire(nodes, seed=seed, step=step, brands=self._brands)

    @property
    def busy(self) -> bool:
        """Whether any building burns now, or is about to."""
        return self._lit or bool((self.state == BURNING).any())

    @property
    def released(self) -> float:
        """MJ given off so far."""
        return 0.0 if self._fire is None else self._fire.released

    @property
    def left(self) -> float:
        """MJ of fuel that has not burnt."""
        return 0.0 if self._fire is None else self._fire.left

    @property
    def brands(self) -> tuple[Floats, Floats, Floats]:
        """Where brands came down in the last step: x, y (k,) m, and how many each stands for."""
        if self._fire is None:
            return np.zeros(0), np.zeros(0), np.zeros(0)
        x, y, weight = self._fire.brands_thrown.T
        return x, y, weight

    @property
    def ignited(self) -> Floats:
        """(n,) s at which the first storey of each caught fire, infinite where none did."""
        return np.zeros(0) if self._fire is None else np.minimum.reduceat(self._fire.ignited, self._first)

    @property
    def ended(self) -> Floats:
        """(n,) s at which the last storey went out; infinite while one burns and where none did."""
        if self._fire is None:
            return np.zeros(0)
        over = np.where(np.isfinite(self._fire.ended), self._fire.ended, -np.inf)
        last = np.maximum.reduceat(over, self._first)
        return np.where((self.state == BURNING) | np.isinf(last), np.inf, last)

    @property
    def burnt(self) -> Floats:
        """(n,) MJ given off by each."""
        return np.zeros(0) if self._fire is None else np.add.reduceat(self._fire.burnt, self._first) / 1000.0

    @property
    def need(self) -> Floats:
        """(n,) L s-1 that put out what burns of each when they are held, see `suppression.flow_needed`."""
        if self._fire is None:
            return np.zeros(0)
        need = np.zeros(len(self._node))
        burning = self._fire.burning
        need[burning] = self._fire.flow_needed(burning)
        return np.add.reduceat(need, self._first)

    @property
    def cause(self) -> NDArray[np.int8]:
        """(n,) why the first storey caught fire, see `CAUSES`."""
        return np.zeros(0, np.int8) if self._fire is None else self._fire.cause[self._begun]

    @property
    def by(self) -> Ints:
        """(n,) building that set each on fire, -1: none did."""
        if self._fire is None:
            return np.zeros(0, np.int64)
        node = self._fire.by[self._begun]
        return np.where(node >= 0, self._node[node], -1)

    @property
    def by_brand(self) -> NDArray[np.bool_]:
        """(n,) whether a brand set it on fire."""
        return np.asarray(self.cause == BRAND)

    @property
    def _begun(self) -> Ints:
        """(n,) the storey of each that caught fire first."""
        assert self._fire is not None
        order = np.lexsort((np.arange(len(self._node)), self._fire.ignited, self._node))
        return np.asarray(order[self._first], np.int64)

    def next(self, time: float) -> float:
        """Return the first time in s after `time` at which a building is taken down or a facade left dry."""
        times = [t for t, _ in self._falls] + [until for _, until in self._wet.values()]
        return min((t for t in times if t > time), default=math.inf)

    def due(self, time: float) -> None:
        """Take down what is due by `time` s, and stop wetting what is over."""
        if self._falls:
            for _, building in [one for one in self._falls if one[0] <= time]:
                for node in self._nodes(building):
                    self.engine.stop(node)
            self._falls = [one for one in self._falls if one[0] > time]
        for building in [b for b, (_, until) in self._wet.items() if until <= time]:
            del self._wet[building]
            self._moisten(building, 0.0)

    def ignite(self, buildings: Ints, time: float) -> int:
        """Set the ground floors of buildings on fire at `time` s; return how many can still catch fire."""
        took = sum(self.engine.ignite(int(self._first[b]), time, GIVEN) for b in buildings)
        self._lit |= took > 0
        return took

    def take_down(self, building: int, at: float) -> None:
        """Let a building be taken down at a time in s."""
        self._falls.append((at, building))

    def keep_wet(self, building: int, rate: float, until: float) -> None:
        """Keep the facades of a building wet with `rate` L s-1 until a time in s."""
        self._wet[building] = (rate, until)
        self._moisten(building, rate)

    def flood(self, depth: Floats) -> None:
        """Let water of `depth` (n,) m stand round the buildings."""
        if self._fire is not None:
            self._fire.flood(depth[self._node])

    def pour(self, thrown: Mapping[int, float]) -> None:
        """Let engines throw water, building -> L s-1: on the storeys that burn, else on the facades."""
        for building in self._watered.keys() - thrown.keys():
            self._hose(building, 0.0)
            self._moisten(building, self._wet.get(building, (0.0, 0.0))[0])
        for building, rate in thrown.items():
            burns = self.state[building] == BURNING
            self._hose(building, rate if burns else 0.0)
            self._moisten(building, self._wet.get(building, (0.0, 0.0))[0] + (0.0 if burns else rate))
        if self._watered or thrown:
            self._watered = dict(thrown)
            self.poured[:] = 0.0
            for building, rate in thrown.items():
                self.poured[building] = rate

    def advance(self, start: float, until: float, now: Now, flux: Floats, strongest: Ints, sparks: Floats) -> bool:
        """Go on from `start` to `until` s; return whether the engine took a step: it takes whole ones only.

        flux  (n,) kW m-2   on the facades        strongest  (n,)  cell that gives most of it, -1: none
        sparks  (n,)        brands of vegetation that came down on each
        What comes between two whole steps is kept and counts for the next one.
        """
        fire = self.engine
        self._flux += flux * (until - start)
        self._sparks += sparks
        self._strongest = np.where(strongest >= 0, strongest, self._strongest)
        before, steps = fire.time, fire.steps
        if until - before < fire.step * (1 - 1e-9):
            return False
        whole = fire.step * math.floor((until - before) / fire.step + 1e-9)
        heat = np.where(self._low, (self._flux / whole)[self._node], 0.0) if self._flux.any() else None
        roofs = None
        if self._sparks.any():
            roofs = np.zeros(len(self._node))
            roofs[self._last] = self._sparks
        burnt = self.state >= BURNING
        fire.brands = replace(self._brands, rate=0.0) if now.rains else self._brands
        fire.advance(until, wind_speed=now.wind_speed, wind_from=now.wind_from, flux=heat, brands=roofs)
        self.updates += (fire.steps - steps) * len(self._node)
        self._lit = False
        self._look()
        self.fresh = np.flatnonzero((self.state >= BURNING) & ~burnt)
        if len(self.fresh):
            by_vegetation = self.fresh[self.cause[self.fresh] == VEGETATION]
            self.from_cell[by_vegetation] = self._strongest[by_vegetation]
        self._flux[:], self._sparks[:], self._strongest[:] = 0.0, 0.0, -1
        return True

    @property
    def engine(self) -> UrbanFire:
        """The engine at work; only to be asked for where there are buildings."""
        assert self._fire is not None
        return self._fire

    def _look(self) -> None:
        """Take from the storeys what a building is."""
        fire = self.engine
        self.state = STATE_OF[np.maximum.reduceat(RANK[fire.state], self._first)]
        self.heat_release = np.add.reduceat(fire.heat_release, self._first)
        np.maximum(self.peak, self.heat_release, out=self.peak)

    def _nodes(self, building: int) -> range:
        return range(int(self._first[building]), int(self._last[building]) + 1)

    def _hose(self, building: int, rate: float) -> None:
        """Throw water on the storeys that burn: what puts them out, that which needs least first, and what is left."""
        fire, nodes = self.engine, self._nodes(building)
        burning = np.array([node for node in nodes if fire.state[node] == BURNING], dtype=np.int64)
        for node in nodes:
            fire.hose(node, 0.0)
        need = fire.flow_needed(burning) if rate > 0 else np.zeros(len(burning))
        left = rate
        for k in np.argsort(need, kind="stable").tolist():
            fire.hose(int(burning[k]), min(left, float(need[k])))
            left -= min(left, float(need[k]))
        for node in burning.tolist():
            fire.hose(node, float(fire.hosed[node]) + left / len(burning))

    def _moisten(self, building: int, rate: float) -> None:
        """Wet the facades of all storeys, each the same."""
        nodes = self._nodes(building)
        for node in nodes:
            self.engine.wet(node, rate / len(nodes))

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start."""
        if self._fire is None:
            return {}
        out = {f"urban_{name}": value for name, value in self._fire.save().items()}
        wet = [(b, rate, until) for b, (rate, until) in self._wet.items()]
        return out | {
            "town_peak": self.peak.copy(),
            "town_poured": self.poured.copy(),
            "town_from_cell": self.from_cell.copy(),
            "town_strongest": self._strongest.copy(),
            "town_flux": self._flux.copy(),
            "town_sparks": self._sparks.copy(),
            "town_books": np.array([self.updates, self._lit], dtype=np.int64),
            "town_wet": np.array(wet, dtype=np.float64).reshape(-1, 3),
            "town_falls": np.array(self._falls, dtype=np.float64).reshape(-1, 2),
            "town_watered": np.array(list(self._watered.items()), dtype=np.float64).reshape(-1, 2),
        }

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        if self._fire is None:
            return
        self._fire.load({k.removeprefix("urban_"): v for k, v in saved.items() if k.startswith("urban_")})
        self.peak, self.poured = saved["town_peak"].copy(), saved["town_poured"].copy()
        self.from_cell, self._strongest = saved["town_from_cell"].copy(), saved["town_strongest"].copy()
        self._flux, self._sparks = saved["town_flux"].copy(), saved["town_sparks"].copy()
        self.updates, self._lit = int(saved["town_books"][0]), bool(saved["town_books"][1])
        self._wet = {int(b): (float(rate), float(until)) for b, rate, until in saved["town_wet"]}
        self._falls = [(float(at), int(b)) for at, b in saved["town_falls"]]
        self._watered = {int(b): float(rate) for b, rate in saved["town_watered"]}
        self._look()
