"""What is noted of a crowd once a second: densities, how long how many stood in which, and alarms."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from twin.errors import UsageError
from twin.physics.crowd.density import WIDTH, alarm_level, spread
from twin.physics.crowd.ground import Ground

Values = NDArray[np.float64]

COARSE = 0.5
"""m of the raster of densities."""
BIN, TOP = 0.1, 12.0
"""Persons m-2 between two classes of density, and the last of them."""
LASTS, ENDS = 5.0, 10.0
"""S above a level after which it is an alarm, and below it after which the alarm is over [design]."""


@dataclass(slots=True)
class Alarm:
    """A zone that was too dense.

    zone   number of it, -1: ground in no zone       level  1 caution, 2 alert, 3 serious, see `density`
    since  s, when the level was reached             until  s, when it was last seen
    peak   persons m-2, the greatest, at x, y in m
    """

    zone: int
    level: int
    since: float
    until: float
    peak: float
    x: float
    y: float


class Record:
    """Densities of a ground, and what came of them.

    x, y       (nx,), (ny,) m   middles of its raster of `COARSE` m
    peak       (ny, nx) persons m-2, the greatest so far
    seconds    (zones + 1, classes) person-seconds in each class of density; the last row is ground in no zone
    alarms     oldest first
    """

    def __init__(self, ground: Ground) -> None:
        west, south, cell = ground.frame
        ny, nx = (int(np.ceil(n * cell / COARSE)) for n in ground.shape)
        self.frame = np.array([west, south, COARSE])
        self.x = west + (np.arange(nx) + 0.5) * COARSE
        self.y = south + (np.arange(ny) + 0.5) * COARSE
        j, i = ground.cells(*(v.ravel() for v in np.meshgrid(self.x, self.y)))
        share = ndimage.gaussian_filter(ground.floor.astype(np.float64), WIDTH / cell)
        # near a wall half of a person's Gaussian lies behind it
        self._share = np.clip(share[j, i].reshape(ny, nx), 0.3, 1.0)
        self.floor = ground.floor[j, i].reshape(ny, nx)
        self.zone = ground.zone[j, i].reshape(ny, nx)
        self._ground = ground
        zones = len(ground.plan.zones)
        self.peak = np.zeros((ny, nx))
        self.seconds = np.zeros((zones + 1, round(TOP / BIN) + 1))
        self.alarms: list[Alarm] = []
        self._above: dict[tuple[int, int], tuple[float, float]] = {}
        self._open: dict[tuple[int, int], int] = {}

    def density(self, position: Values) -> Values:
        """Return (ny, nx) persons m-2 of people at positions (n, 2) m; 0 off the ground."""
        out = np.empty(self.floor.shape)
        spread(np.ascontiguousarray(position[:, 0]), np.ascontiguousarray(position[:, 1]), self.frame, WIDTH, out)
        return np.where(self.floor, out / self._share, 0.0)

    def note(self, time: float, seconds: float, position: Values) -> None:
        """Note people at positions (n, 2) m at a time in s, for so many s."""
        field = self.density(position)
        np.maximum(self.peak, field, out=self.peak)
        if len(position):
            west, south, cell = self.frame
            i = np.clip(((position[:, 0] - west) / cell).astype(np.int64), 0, field.shape[1] - 1)
            j = np.clip(((position[:, 1] - south) / cell).astype(np.int64), 0, field.shape[0] - 1)
            kind = np.minimum(field[j, i] / BIN, self.seconds.shape[1] - 1).astype(np.int64)
            jj, ii = self._ground.cells(position[:, 0], position[:, 1])
            np.add.at(self.seconds, (self._ground.zone[jj, ii], kind), seconds)
        self._watch(time, field)

    def _watch(self, time: float, field: Values) -> None:
        """Begin, go on with and end alarms."""
        for zone in range(-1, len(self.seconds) - 1):
            here = np.where(self.floor & (self.zone == zone), field, 0.0)
            k = int(np.argmax(here))
            worst = float(here.flat[k])
            now = int(alarm_level(worst))
            j, i = divmod(k, field.shape[1])
            for level in (1, 2, 3):
                key = zone, level
                if now >= level:
                    since, _ = self._above.get(key, (time, time))
                    self._above[key] = since, time
                    if key not in self._open and time - since >= LASTS:
                        self._open[key] = len(self.alarms)
                        self.alarms.append(Alarm(zone, level, since, time, 0.0, 0.0, 0.0))
                    if key in self._open:
                        alarm = self.alarms[self._open[key]]
                        alarm.until = time
                        if worst > alarm.peak:
                            alarm.peak, alarm.x, alarm.y = worst, float(self.x[i]), float(self.y[j])
                elif key in self._above and time - self._above[key][1] >= ENDS:
                    del self._above[key]
                    self._open.pop(key, None)

    def going_on(self) -> list[Alarm]:
        """Return the alarms that are not over."""
        return [self.alarms[k] for k in sorted(self._open.values())]

    def person_seconds(self, above: float, zone: int | None = None) -> float:
        """Return person-seconds at `above` persons m-2 or more, a multiple of `BIN`; in one zone, or everywhere.

        Raises UsageError for a density that is between two classes.
        """
        kind = round(above / BIN)
        if abs(kind * BIN - above) > 1e-6 or not 0 <= kind < self.seconds.shape[1]:
            raise UsageError(f"density: {above} persons/m2 is no multiple of {BIN} up to {TOP}. Give one, as 3.0.")
        rows = self.seconds if zone is None else self.seconds[zone : zone + 1] if zone >= 0 else self.seconds[-1:]
        return float(rows[:, kind:].sum())

    def copy(self) -> Record:
        """Return one that goes on apart from it."""
        made = copy.copy(self)
        made.peak, made.seconds = self.peak.copy(), self.seconds.copy()
        made.alarms = [copy.copy(a) for a in self.alarms]
        made.__dict__.update(_above=dict(self._above), _open=dict(self._open))
        return made
