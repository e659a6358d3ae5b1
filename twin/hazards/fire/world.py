"""Everything that burns, on one clock: vegetation, buildings, brands between them, and what people do about it.

The clock runs in steps of `STEP` s while buildings burn or are threatened, of `WIDE` s while only vegetation does, and
from event to event otherwise; it stands at every change of the weather, ignition and end of a measure.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.hazards.fire import edge
from twin.hazards.fire.diary import Diary
from twin.hazards.fire.fuel import Ground, taken
from twin.hazards.fire.kindling import kindle
from twin.hazards.fire.passed import Passed
from twin.hazards.fire.sparks import Sparks
from twin.hazards.fire.stations import crews_of
from twin.hazards.fire.targets import Fires
from twin.hazards.fire.things import around, built, near
from twin.hazards.fire.town import Town
from twin.hazards.fire.water import Water
from twin.hazards.fire.weather import course
from twin.hazards.fire.works import Works
from twin.model.finding import Finding

if TYPE_CHECKING:
    from twin.hazards import Setting, Watch
    from twin.hazards.fire.params import Params
    from twin.model.action import Action

STEP, WIDE = 10.0, 60.0
"""s of a step while buildings burn or vegetation burns near them, and while vegetation burns elsewhere."""

GUARD = 200.0
"""m round buildings within which burning vegetation is near them: in a wide step hardly any fire runs from there to
`things.REACH`."""


class World:
    """What burns and what does not, at `time` s."""

    def __init__(self, setting: Setting, params: Params, seed: int) -> None:
        """Stand at time 0. Raises InputError for what is wrong with the weather, the fuel or the ignitions."""
        from twin.physics.wildfire.front import Front

        grid, scenario = setting.grid, setting.scenario
        self.grid, self.params, self.time = grid, params, 0.0
        self.course = course(scenario.weather, scenario.rain)
        if scenario.gauges or scenario.rain_from:
            text = "rain that differs from place to place does not reach the fire: it burns as if it were dry"
            self.course.findings.append(Finding("warning", "rain_unseen", text, "rain"))
        self.ground = Ground(grid, setting.fields, params)
        self.buildings, self.left_out = built(
            setting.assets.get("building", ()) if params.buildings == "on" else (), grid
        )
        self.near = near(self.buildings, self.ground.burnable, grid)
        self._guard = around(self.buildings, grid, GUARD).ravel()
        self.town = Town(self.buildings, seed, STEP, setting.fields["elevation"], grid, params.brand_factor)
        standing = np.nan_to_num(setting.fields.get("depth", np.zeros(grid.shape)))
        self.water = Water(grid, standing, self.buildings, params.ford_m)
        self.works = Works(grid.shape)
        self.crews = crews_of(setting.assets, grid, params)
        cells = grid.nx * grid.ny
        self.passed = Passed.none(cells)
        self.sparks = Sparks(grid, self.buildings, self.ground.burnable, seed, params.brand_factor)
        self.dose = np.zeros(cells)
        ground, elevation = self.ground, setting.fields["elevation"]
        self.kindling = kindle(scenario.ignitions, grid, ground.burnable, ground.fuel, self.buildings, elevation)
        self.lit = 0
        self.diary = Diary(self, scenario.frame_every, scenario.duration)
        self.now = self.course.at(0.0)
        self.rates = self.ground.rates(self.now)
        self.rated = 1
        self.front = Front(grid.shape, grid.cell)
        self.front.burn(self.rates, 0.0)
        self._weathered = 0.0
        self._fresh, self._news = False, list[NDArray[np.intp]]()

    def advance(self, until: float, watch: Watch | None = None) -> None:
        """Move to `until` s; what `watch` raises ends it."""
        self._events()
        while self.time < until:
            self._move(self._next(until))
            self._events()
            if watch is not None:
                watch(self.time)

    def see(self, depth: NDArray[np.floating]) -> None:
        """Take in the water on the ground, (ny, nx) m: it closes cells, wets buildings, and stands in engines' way."""
        self.water.see(depth)
        self.works.flooded = self.water.soaked
        self.shut(self.time)
        self.town.flood(self.water.risen)

    def shut(self, time: float) -> None:
        """Let the front know which cells close and open at `time` s."""
        closed, opened = self.works.change(time)
        if closed.any():
            self._news.append(self.front.close(closed, time))
        if opened.any():
            self._news.append(self.front.open(opened, time))

    def light(self, cells: NDArray[np.int64], time: float) -> NDArray[np.int64]:
        """Set fire to cells (row * nx + column) at `time` s; return those that took: they burn for the first time."""
        fresh = np.isinf(self.passed.begun[cells]) & (self.rates.head.ravel()[cells] > 0)
        cells = np.unique(cells[fresh & ~self.works.closed.ravel()[cells]])
        if len(cells):
            rows, columns = np.divmod(cells, self.grid.nx)
            self.front.ignite(rows, columns, time)
            self._fresh = True
        return cells

    @property
    def threatened(self) -> bool:
        """Whether buildings burn, or vegetation burns near one, or an engine is at work."""
        return bool(self.town.busy or self.crews.busy or self._guard[self.passed.active].any())

    def _next(self, until: float) -> float:
        """Return the end of the next step, at most `until` s."""
        time = self.time
        step = STEP if self.threatened else WIDE if self.passed.count or self.sparks.pending else math.inf
        whole = time + step if math.isinf(step) else (math.floor(time / step + 1e-9) + 1) * step
        kindling = self.kindling[self.lit].at if self.lit < len(self.kindling) else math.inf
        return min(
            until,
            whole,
            kindling,
            self.course.next(time),
            self.works.next(time),
            self.crews.next(time),
            self.town.next(time),
        )

    def _events(self) -> None:
        """Let happen what is due at the time reached: weather, ends and begins of measures, ignitions."""
        time = self.time
        if self.course.next(self._weathered) <= time:
            self._weathered = time
            self.now = self.course.at(time)
            self.rates = self.ground.rates(self.now)
            self.rated += 1
            self._news.append(self.front.burn(self.rates, time))
        if self.works.due(time):
            self.shut(time)
        self.town.due(time)
        while self.lit < len(self.kindling) and self.kindling[self.lit].at <= time:
            one = self.kindling[self.lit]
            self.lit += 1
            took = self.light(one.cells, time)
            houses = self.town.ignite(one.buildings, time)
            self.diary.kindled(one, len(took) + houses)
        if self._fresh or self._news:
            self._arrived()

    def _arrived(self) -> None:
        """Note the cells that the front has come to by now, and let them throw their brands."""
        from twin.physics.wildfire.rates import intensity

        self._news.append(self.front.advance(self.time))
        cells = np.concatenate(self._news)
        self._fresh, self._news = False, []
        if not len(cells):
            return
        begun, direction = self.front.came(cells)
        rates = taken(self.rates, cells)
        rate, power, flame = intensity(rates, direction)
        flank = rates.head * np.sqrt((1 - rates.eccentricity) / (1 + rates.eccentricity))
        lasts = self.grid.cell / np.maximum(np.maximum(rate, flank), 1e-9) + self.ground.residence[cells]
        heat = np.minimum(rates.heat * self.grid.cell**2 / 1000.0, self.ground.holds[cells])
        self.passed.come(
            cells,
            begun,
            until=begun + lasts,
            rate=rate,
            intensity=power,
            flame=flame,
            depth=rate * self.ground.residence[cells],
            kind=rates.kind,
            heat=heat,
        )
        self.diary.reached(cells, begun)
        if self.params.spotting == "on":
            self.sparks.throw(cells, begun, power, heat, self.now)

    def _move(self, end: float) -> None:
        """Go one step, to `end` s."""
        start, self.time = self.time, end
        if self.passed.count or self._fresh:
            self._arrived()
        onto, cells = self.sparks.land(end, self.now)
        self.diary.spots += len(self.light(cells, end))
        self.crews.drive(start, end - start, self.water)
        if len(self.buildings):
            flux, strongest = edge.onto_buildings(
                self.passed, self.near, start, end, self.grid.cell, len(self.buildings)
            )
            town = self.town
            if self.crews.engines:
                at = self.buildings.x, self.buildings.y
                fires = Fires(town.state, town.need, town.ignited, *at)
                town.pour(self.crews.pour(start, end - start, self.water, fires))
            before = town.engine.time
            if town.advance(start, end, self.now, flux, strongest, onto):
                self._heat_back(end, town.engine.time - before)
                if len(town.fresh):
                    there = np.isin(self.buildings.owner, town.fresh)
                    self.diary.reached(self.buildings.cell[there], np.full(int(there.sum()), end))
        self.passed.end(end)

    def _heat_back(self, end: float, step: float) -> None:
        """Let burning buildings set fire to vegetation, by heat and by brands."""
        release = self.town.heat_release
        if not release.any():
            return
        moisture = float(np.mean(self.now.moisture.one))
        cells = edge.onto_cells(self.dose, self.near, release, self.buildings.area, step, self.grid.cell, moisture)
        self.diary.from_buildings += len(self.light(cells, end))
        if self.params.spotting == "on":
            cells = self.sparks.of_town(*self.town.brands, int(end), self.now)
            self.diary.spots += len(self.light(cells, end))

    def sent(self, action: Action, asked: int, came: int) -> None:
        """Note how many engines were asked for and how many came."""
        self.diary.asked(action, asked, came)

    def wet_facade(self, building: int, rate: float, until: float) -> None:
        """Keep the facades of a building wet with `rate` L s-1 until a time in s."""
        self.town.keep_wet(building, rate, until)

    def demolish(self, line: list[tuple[float, float]], width: float, times: NDArray[np.float64]) -> int:
        """Take down the buildings within half of `width` m of a line, when the break reaches them; return how many.

        times  (ny, nx) s at which it reaches a cell
        """
        import shapely

        if not len(self.buildings):
            return 0
        hit = np.flatnonzero(shapely.dwithin(self.buildings.shapes, shapely.LineString(line), width / 2))
        for building in hit:
            cells = self.buildings.cell[self.buildings.owner == building]
            self.town.take_down(int(building), float(times.ravel()[cells].min()) if len(cells) else self.time)
        return len(hit)

    def evacuate(self, which: NDArray[np.int64], by: float) -> float:
        """Note that the people of some buildings are away by a time in s; return how many they are, where known."""
        return self.diary.away(which, by)

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start."""
        books = np.array([self.time, self._weathered, self.rated, self.lit])
        lit = np.flatnonzero(self.dose)
        out: dict[str, NDArray[Any]] = {"world": books, "dose_cells": lit, "dose": self.dose[lit]}
        out |= {f"front_{name}": np.asarray(value) for name, value in self.front.save().items()}
        for part in (self.passed, self.works, self.water, self.crews, self.sparks, self.town, self.diary):
            out |= part.save()
        return out

    def load(self, saved: dict[str, NDArray[Any]]) -> None:
        """Stand where `save` stood, in a world made of the same setting."""
        time, weathered, rated, lit = saved["world"]
        self.time, self._weathered, self.rated, self.lit = float(time), float(weathered), int(rated), int(lit)
        self.dose = np.zeros(len(self.dose))
        self.dose[saved["dose_cells"]] = saved["dose"]
        self.now = self.course.at(self._weathered)
        self.rates = self.ground.rates(self.now)
        self.front.load({k.removeprefix("front_"): v for k, v in saved.items() if k.startswith("front_")})
        self.passed = Passed.of(saved, len(self.dose))
        self._fresh, self._news = False, []
        for part in (self.works, self.water, self.crews, self.sparks, self.town, self.diary):
            part.load(saved)
