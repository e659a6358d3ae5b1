"""What happened, for the record of a run: who burnt and why, how far it spread, what engines did, what went wrong."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.hazards.fire.town import BURNING, BURNT, CAUSES, HEATED, PUT_OUT, STATES
from twin.model.finding import Finding

if TYPE_CHECKING:
    from twin.hazards.fire.crews import Engine
    from twin.hazards.fire.kindling import Kindling
    from twin.hazards.fire.world import World
    from twin.model.action import Action

Rows = list[dict[str, object]]

SIDES = {"west": "서쪽", "east": "동쪽", "south": "남쪽", "north": "북쪽"}


SAME_TIME = 1e-6
"""s by which the time of a frame may be off."""


class Diary:
    """Counts and notes of a run, beside what the state itself tells.

    touched         side of the area -> s at which the fire first stood at it
    spots           fires in vegetation that brands lit      from_buildings   cells that heat of buildings lit
    rows            how far it had spread, one row per frame of the scenario
    """

    def __init__(self, world: World, every: float, end: float) -> None:
        """Write a run of `end` s whose frames are `every` s apart."""
        self._world, self._every, self._end = world, every, end
        self.touched: dict[str, float] = {}
        self.spots = 0
        self.from_buildings = 0
        self.rows: Rows = []
        self.failed: list[str] = []
        self.short: list[tuple[float, int, int]] = []
        self.gone: dict[int, float] = {}

    def kindled(self, one: Kindling, took: int) -> None:
        """Note an ignition, and that it did not take when nothing caught fire."""
        if not took:
            self.failed.append(
                f"ignition '{one.name}' at {one.at / 60:g} min did not take: what it meant had burnt, was "
                "wet, cleared or under water, or could not burn in that weather"
            )

    def reached(self, cells: NDArray[np.int64], times: NDArray[np.float64]) -> None:
        """Note at which sides of the area the cells (n,) stand that the fire came to at `times` (n,) s."""
        if len(self.touched) == len(SIDES):
            return
        rows, columns = np.divmod(cells, self._world.grid.nx)
        ny, nx = self._world.grid.shape
        at_side = {"west": columns == 0, "east": columns == nx - 1, "south": rows == 0, "north": rows == ny - 1}
        for side, there in at_side.items():
            if side not in self.touched and there.any():
                self.touched[side] = float(times[there].min())

    def asked(self, action: Action, asked: int, came: int) -> None:
        """Note engines that were asked for and could not be sent."""
        if came < asked:
            self.short.append((action.at, asked, came))

    def away(self, which: NDArray[np.int64], by: float) -> float:
        """Note that the people of some buildings are away by a time in s; return how many they are, where known."""
        assets = self._world.buildings.assets
        people = 0.0
        for number in which.tolist():
            self.gone[number] = min(by, self.gone.get(number, np.inf))
            people += _number(assets[number].params.get("residents"))
        return people

    def mark(self) -> None:
        """Write down how far it has spread, where a frame is asked for now: no looks at another hazard, no measures."""
        world = self._world
        nearest = round(world.time / self._every) * self._every
        frame = world.time == self._end or abs(world.time - nearest) < SAME_TIME
        if not frame or (self.rows and self.rows[-1]["time_s"] == world.time):
            return
        town, cell = world.town.state, world.grid.cell**2 / 1e4
        self.rows.append(
            {
                "time_s": world.time,
                "burnt_ha": world.passed.count * cell,
                "burning_ha": len(world.passed.active) * cell,
                "buildings_heated": int((town == HEATED).sum()),
                "buildings_burning": int((town == BURNING).sum()),
                "buildings_burnt_out": int((town == BURNT).sum()),
                "buildings_extinguished": int((town == PUT_OUT).sum()),
                "heat_release_mw": float(world.town.heat_release.sum()) / 1000.0,
                "spot_fires": self.spots + int(world.town.by_brand.sum()),
                "water_l_per_s": sum(e.rate for e in world.crews.engines),
            }
        )

    def tables(self) -> dict[str, Rows]:
        """Return "buildings", "spread", "engines", "evacuated" and "findings" of the run up to now."""
        return {
            "buildings": self._buildings(),
            "spread": list(self.rows),
            "engines": self._engines(),
            "evacuated": self._evacuated(),
            "findings": [asdict(finding) for finding in self.findings()],
        }

    def findings(self) -> list[Finding]:
        """Return what a person must know of what happened."""
        out = [
            Finding(
                "warning",
                "fire_at_edge",
                f"the fire reached the {side} edge of the area at {time / 60:.1f} min ({SIDES[side]} 경계에 도달): "
                "what burns beyond is not computed, nor what would come back from there; choose a larger area",
                side,
            )
            for side, time in sorted(self.touched.items(), key=lambda one: one[1])
        ]
        out += [Finding("warning", "ignition_failed", text) for text in self.failed]
        for at, asked, came in self.short:
            text = f"{asked} engines were asked for at {at / 60:g} min and {came} could be sent: none was left"
            out.append(Finding("warning", "engines_short", text))
        late = [e for e in self._world.crews.engines if e.held > 0]
        if late:
            text = (
                f"water on the way held up {len(late)} engines, the longest by {max(e.held for e in late) / 60:.0f} min"
            )
            out.append(Finding("warning", "engines_held_up", text, ", ".join(e.name for e in late)))
        waiting = [e for e in self._world.crews.engines if _waits(e)]
        if waiting:
            text = f"{len(waiting)} engines have no way to where they were sent and wait for the water to fall"
            out.append(
                Finding("warning", "engines_no_way", text, ", ".join(f"{e.name} {_no_way(e.stuck)}" for e in waiting))
            )
        lost = self._world.sparks.lost
        if lost:
            text = f"{lost:,.0f} firebrands flew out of the area; what they lit there is not computed"
            out.append(Finding("info", "brands_left", text))
        return out

    def _buildings(self) -> Rows:
        world = self._world
        town, assets = world.town, world.buildings.assets
        rows: Rows = []
        for number in np.flatnonzero(town.state > 0).tolist():
            rows.append(
                {
                    "id": assets[number].id,
                    "state": STATES[int(town.state[number])],
                    "ignited_s": _finite(town.ignited[number]),
                    "ended_s": _finite(town.ended[number]),
                    "cause": CAUSES[int(town.cause[number])],
                    "by": self._by(number),
                    "peak_kw": float(town.peak[number]),
                    "energy_mj": float(town.burnt[number]),
                    "load_mj": float(town.fuel[number]),
                }
            )
        return rows

    def _by(self, number: int) -> str:
        """Return who set a building on fire: the id of a building, or the place of burning vegetation."""
        world = self._world
        other, cell = int(world.town.by[number]), int(world.town.from_cell[number])
        if other >= 0:
            return world.buildings.assets[other].id
        if cell < 0:
            return ""
        row, column = divmod(cell, world.grid.nx)
        x, y = world.grid.west + (column + 0.5) * world.grid.cell, world.grid.south + (row + 0.5) * world.grid.cell
        return f"{x:.1f}, {y:.1f}"

    def _engines(self) -> Rows:
        world = self._world
        names = [name for name, _, _ in world.crews.stations]
        return [
            {
                "name": e.name,
                "station": names[e.station] if e.station >= 0 else "",
                "target": world.buildings.assets[e.building].id if e.building >= 0 else "",
                "x": e.place[0],
                "y": e.place[1],
                "called_s": e.called,
                "arrived_s": e.first if e.first >= 0 else None,
                "held_up_s": e.held,
                "way": "straight line" if e.drive is None else "roads",
                "way_m": e.way_m if e.first >= 0 else _ahead(e, world.params.detour),
                "way_s": e.way_s if e.first >= 0 else e.due - e.called - world.params.turnout_s,
                "moves": e.moves,
                "note": _no_way(e.stuck) if _waits(e) else "",
                "source": world.crews.hydrants[e.fed].id if e.fed >= 0 else "tank",
                "water_m3": e.water / 1000.0,
                "from_hydrants_m3": e.piped / 1000.0,
                "recalled": e.back,
            }
            for e in world.crews.engines
        ]

    def _evacuated(self) -> Rows:
        assets = self._world.buildings.assets
        return [
            {"id": assets[n].id, "residents": _number(assets[n].params.get("residents")), "by_s": by}
            for n, by in sorted(self.gone.items())
        ]

    def save(self) -> dict[str, NDArray[Any]]:
        """Return all notes."""
        said = {
            "touched": self.touched,
            "spots": self.spots,
            "from_buildings": self.from_buildings,
            "rows": self.rows,
            "failed": self.failed,
            "short": self.short,
            "gone": list(self.gone.items()),
        }
        return {"diary": np.frombuffer(json.dumps(said, ensure_ascii=False).encode(), dtype=np.uint8)}

    def load(self, saved: dict[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        said = json.loads(saved["diary"].tobytes())
        self.touched, self.rows, self.failed = said["touched"], said["rows"], said["failed"]
        self.spots, self.from_buildings = said["spots"], said["from_buildings"]
        self.short = [(at, asked, came) for at, asked, came in said["short"]]
        self.gone = {int(number): by for number, by in said["gone"]}


def _waits(engine: Engine) -> bool:
    """Return whether an engine has no way at the moment."""
    return engine.stuck >= 0 and engine.since < 0 and not engine.back


def _ahead(engine: Engine, detour: float) -> float:
    """Return the length in m of the way that an engine takes to where it was sent."""
    return math.dist(engine.start, engine.place) * detour if engine.drive is None else engine.drive.length


def _no_way(since: float) -> str:
    return f"{since / 60:.1f}분부터 갈 길 없음 · no way since minute {since / 60:.1f}"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
