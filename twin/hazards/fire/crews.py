"""Fire crews: stations, engines on their way and at work, hydrants, and the water that reaches a fire.

An engine drives the roads, see `driving`; where there are none near, the straight line times `detour`, and it arrives
when nothing on that line is too deep. It throws what a hydrant within its hose gives, else what is in its tank, and
then nothing; on what, says `targets`. What the heat of a burning street does to crews is not modelled.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, suggest
from twin.hazards.fire.driving import Drive, drive_of
from twin.hazards.fire.roads import Counts, Roads, roads_of
from twin.hazards.fire.targets import PACK, onward, target

if TYPE_CHECKING:
    from twin.hazards.fire.params import Params
    from twin.hazards.fire.targets import Fires
    from twin.hazards.fire.water import Water
    from twin.model.asset import Asset
    from twin.model.field import Grid


@dataclass(slots=True)
class Engine:
    """A fire engine that was sent out. Times in s, places in m, water in L.

    building  that it was sent to, -1: to a place     work  building on which it throws water now, -1: none
    due       when it arrives if nothing stops it     since  when it arrived, -1: it has not
    held      s by which water has put it off         hydrant  that feeds it now, -1: its tank
    fed       hydrant that fed it last, -1: none      piped    of `water`, what came from hydrants
    stuck     since when it has no way, -1: it has    drive    its way along roads, None: the straight line
    first     when it first arrived, -1: it has not   way_m, way_s   of the way to there
    moves     how often it has gone on since          ahead    building to which it went on last, -1: none
    before    of `held`, before it went on last
    """

    name: str
    station: int
    start: tuple[float, float]
    place: tuple[float, float]
    building: int
    called: float
    due: float
    tank: float
    since: float = -1.0
    held: float = 0.0
    hydrant: int = -1
    work: int = -1
    rate: float = 0.0
    water: float = 0.0
    fed: int = -1
    piped: float = 0.0
    back: bool = False
    stuck: float = -1.0
    drive: Drive | None = None
    first: float = -1.0
    moves: int = 0
    ahead: int = -1
    before: float = 0.0
    way_m: float = 0.0
    way_s: float = 0.0


@dataclass(slots=True)
class Hydrant:
    """A source of water: its place, what it gives in L s-1, whether it is open, the supply it hangs on (-1: none)."""

    id: str
    x: float
    y: float
    rate: float
    open: bool = True
    supply: int = -1
    stated: bool = True


@dataclass(slots=True)
class Crews:
    """All stations, engines and hydrants of a run.

    stations  id, x, y       away  engines that each has out
    supplies  id, x, y of what hydrants hang on
    streets   the roads of the city as things, on a grid
    """

    params: Params
    grid: Grid
    streets: Sequence[Asset]
    stations: list[tuple[str, float, float]]
    hydrants: list[Hydrant]
    supplies: list[tuple[str, float, float]]
    engines: list[Engine] = field(default_factory=list)
    away: list[int] = field(default_factory=list)
    _roads: Roads | Counts | None = None

    @property
    def roads(self) -> Roads | Counts:
        """Return the roads, or what there was where none can be driven; they are joined when first asked for."""
        if self._roads is None:
            self._roads = roads_of(self.streets, self.grid, self.params)
        return self._roads

    def send(
        self,
        time: float,
        place: tuple[float, float],
        building: int,
        start: str | tuple[float, float] | None,
        water: Water,
    ) -> Engine | None:
        """Send an engine from the nearest station that has one, or from `start`; None: nobody has one left.

        The nearest is the one with the fastest way when it is dry.

        Raises InputError for a station that is not known, and where there is none at all.
        """
        number, origin = -1, (0.0, 0.0)
        if isinstance(start, tuple):
            origin, name = start, "engine"
        elif not self.stations:
            raise InputError(
                "engine: the city has no fire station (a facility of class, or a building of use, 'fire_station'); "
                "say from where it comes: from = [x, y]"
            )
        else:
            choice = self._stations(start, place)
            free = [i for i in choice if self.away[i] < self.params.engines_per_station]
            if not free:
                return None
            number = free[0]
            name, *xy = self.stations[number]
            origin = xy[0], xy[1]
            self.away[number] += 1
        leaves = time + self.params.turnout_s
        drive, due = self._drive(origin, place, leaves)
        called = sum(e.station == number and e.start == origin for e in self.engines)
        engine = Engine(
            f"{name}-{called + 1}",
            number,
            origin,
            place,
            building,
            time,
            due,
            self.params.tank_l,
        )
        if drive is not None and isinstance(self.roads, Roads):
            engine.drive = drive
            drive.begin(time, self.roads, water)
            _follow(engine, drive)
        self.engines.append(engine)
        return engine

    def _stations(self, start: str | None, place: tuple[float, float]) -> list[int]:
        """Return numbers of stations, the nearest first; of one that is named only that."""
        if start is not None:
            names = [name for name, _, _ in self.stations]
            if start not in names:
                raise InputError(f"engine: fire station '{start}' is not known; {suggest(start, names)}")
            return [names.index(start)]
        times = [self._drive((x, y), place, 0.0)[1] for _, x, y in self.stations]
        return sorted(range(len(self.stations)), key=lambda i: (times[i], i))

    def _drive(
        self, start: tuple[float, float], place: tuple[float, float], leaves: float
    ) -> tuple[Drive | None, float]:
        """Return the drive along roads, None: in a straight line, and when it arrives in s if it is dry."""
        speed, roads = self.params.engine_km_per_h / 3.6, self.roads
        if isinstance(roads, Roads):
            drive = drive_of(start, place, leaves, roads, speed, self.params.detour)
            if drive is not None:
                return drive, drive.dry
        return None, leaves + math.dist(start, place) * self.params.detour / speed

    def next(self, time: float) -> float:
        """Return the next time in s after `time` at which an engine leaves, arrives or looks for a way, or infinity."""
        coming = (e for e in self.engines if e.since < 0 and not e.back)
        times = (e.due if e.drive is None else e.drive.next() for e in coming)
        return min((due for due in times if due > time), default=math.inf)

    @property
    def busy(self) -> bool:
        """Whether an engine throws water now."""
        return any(e.work >= 0 for e in self.engines)

    def recall(self, building: int) -> int:
        """Send the engines of a building back to their stations, all engines for -1; return how many."""
        gone = [e for e in self.engines if not e.back and building in (-1, e.building)]
        for engine in gone:
            engine.back, engine.work, engine.hydrant, engine.rate = True, -1, -1, 0.0
            if engine.station >= 0:
                self.away[engine.station] -= 1
        return len(gone)

    def drive(self, time: float, step: float, water: Water) -> None:
        """Move engines on: what stands in their way holds them up, and those that are there have arrived."""
        for engine in self.engines:
            if engine.since >= 0 or engine.back:
                continue
            if engine.drive is not None and isinstance(self.roads, Roads):
                engine.drive.go(time, step, self.roads, water)
                _follow(engine, engine.drive)
            elif water.depth is not None and water.blocks(engine.start, engine.place):
                engine.due = max(engine.due, time) + step
                engine.held += step
                engine.stuck = time if engine.stuck < 0 else engine.stuck
            else:
                engine.stuck = -1.0
            if engine.stuck < 0 and engine.due <= time:
                engine.since = max(engine.due, engine.called)
                if engine.first < 0:
                    engine.first, engine.way_s = engine.since, engine.due - engine.called - self.params.turnout_s
                    straight = math.dist(engine.start, engine.place) * self.params.detour
                    engine.way_m = straight if engine.drive is None else engine.drive.length

    def pressure(self, hydrant: Hydrant, water: Water) -> bool:
        """Return whether a hydrant gives water: it is open, and what it hangs on does not stand in a flood."""
        if not hydrant.open:
            return False
        return hydrant.supply < 0 or water.at(*self.supplies[hydrant.supply][1:]) <= water.ford

    def pour(self, time: float, step: float, water: Water, fires: Fires) -> dict[int, float]:
        """Set engines to work at `time` for `step` s and return building -> L s-1 that is thrown on it."""
        thrown: dict[int, float] = {}
        if not self.engines:
            return thrown
        left = {i: h.rate for i, h in enumerate(self.hydrants) if self.pressure(h, water)}
        for engine in self.engines:
            last, engine.work, engine.hydrant, engine.rate = engine.work, -1, -1, 0.0
            if engine.since < 0 or engine.back or water.at(*engine.place) > water.ford:
                continue
            source, piped = self._source(engine, left)
            tank = min(self.params.stream_l_per_s - piped, engine.tank / step) if step > 0 else 0.0
            engine.work, short = target(
                piped + tank, last, engine.building, engine.place, self.params.hose_m, fires, thrown
            )
            if not short and self._go_on(engine, time, fires, thrown, water):
                engine.work = -1
            if engine.work < 0:
                continue
            if source >= 0:
                engine.hydrant = engine.fed = source
                left[source] -= piped
            engine.rate = piped + tank
            engine.tank -= tank * step
            engine.piped += piped * step
            engine.water += engine.rate * step
            thrown[engine.work] = thrown.get(engine.work, 0.0) + engine.rate
        return thrown

    def _go_on(self, engine: Engine, time: float, fires: Fires, thrown: Mapping[int, float], water: Water) -> bool:
        """Send an engine that is not needed where it is on to the next fire; return whether there is one."""
        next_ = onward(engine.place, fires, thrown, {e.ahead for e in self.engines if e.since < 0 and not e.back})
        if next_ < 0:
            return False
        engine.start, engine.place = engine.place, (float(fires.x[next_]), float(fires.y[next_]))
        engine.ahead, engine.since, engine.moves, engine.before = next_, -1.0, engine.moves + 1, engine.held
        drive, engine.due = self._drive(engine.start, engine.place, time + PACK)
        engine.drive = drive
        if drive is not None and isinstance(self.roads, Roads):
            drive.begin(time, self.roads, water)
            _follow(engine, drive)
        return True

    def _source(self, engine: Engine, left: Mapping[int, float]) -> tuple[int, float]:
        """Return the hydrant within the hose that gives an engine most, of like ones the nearest, and its L s-1.

        -1 and 0 where none has water left.
        """
        best, found, most = math.inf, -1, 0.0
        for number, rate in left.items():
            away = math.dist((self.hydrants[number].x, self.hydrants[number].y), engine.place)
            gives = min(rate, self.params.stream_l_per_s)
            if gives > 0 and away <= self.params.hose_m and (-gives, away) < (-most, best):
                best, found, most = away, number, gives
        return found, most

    def save(self) -> dict[str, NDArray[Any]]:
        """Return engines and hydrants as they are."""
        said = {"engines": [asdict(e) for e in self.engines], "hydrants": [asdict(h) for h in self.hydrants]}
        text = json.dumps(said | {"away": self.away}, ensure_ascii=False)
        return {"crews": np.frombuffer(text.encode(), dtype=np.uint8)}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        said = json.loads(saved["crews"].tobytes())
        places = ("start", "place")
        kept: list[dict[str, Any]] = said["engines"]
        self.engines = [
            Engine(
                **(
                    e
                    | {name: tuple(e[name]) for name in places}
                    | {"drive": Drive(**e["drive"]) if e["drive"] else None}
                )
            )
            for e in kept
        ]
        self.hydrants = [Hydrant(**h) for h in said["hydrants"]]
        self.away = said["away"]


def _follow(engine: Engine, drive: Drive) -> None:
    """Let an engine say of itself what its way along the roads says."""
    engine.due, engine.held, engine.stuck = drive.due, engine.before + drive.held, drive.stuck
