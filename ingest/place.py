"""Is a file where the city is? Found out from numbers alone, because a wrong coordinate system says nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ingest.reading import BATCH
from twin.errors import InputError, UnitsError
from twin.geometry import crs as systems

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.model.field import Bounds
    from twin.store.city import City

#: m; a file whose nearest record is farther than this from what the city holds is not of this city
FAR = 20_000.0

#: m; the same for sensors: the nearest weather station may stand in the next town
FAR_SENSOR = 60_000.0

#: a record is a stray when it is this many times as far from the middle of its layer as three quarters of the others
STRAY = 10.0

#: m; the least distance of a stray in a layer of which only the first part is known yet
WIDE = 1_000_000.0

#: degrees around the area a coordinate system is meant for in which a city may still lie
MARGIN = 1.5


def home(city: City) -> Bounds | None:
    """Return the bounds in m of all that the city holds, None while it holds nothing with a place."""
    boxes = [info.bounds for info in city.rasters.list()]
    extent = city.features.extent()
    if extent is not None:
        boxes.append(extent)
    if not boxes:
        spots = [thing.location for thing in city.sensors.things() if thing.location is not None]
        boxes = [(x, y, x, y) for x, y in spots]
    if not boxes:
        return None
    west, south, east, north = np.array(boxes).T
    return float(west.min()), float(south.min()), float(east.max()), float(north.max())


def distance(x: NDArray[np.float64], y: NDArray[np.float64], box: Bounds) -> NDArray[np.float64]:
    """Return how far in m each point is from a box, 0 inside."""
    west, south, east, north = box
    with np.errstate(invalid="ignore"):
        across: NDArray[np.float64] = np.clip(np.maximum(west - x, x - east), 0.0, None)
        along: NDArray[np.float64] = np.clip(np.maximum(south - y, y - north), 0.0, None)
        return np.sqrt(across**2 + along**2)


class Places:
    """Watches where the records of one file come to lie.

    file   for messages
    crs    the city's coordinate system
    home   m  what the city holds already; None: nothing yet
    """

    def __init__(self, file: str, crs: str, home: Bounds | None) -> None:
        self.file, self.crs, self.home = file, crs, home
        self.placed = 0
        self.astray = 0
        self.near = 0
        self._middle: tuple[float, float] | None = None
        self._own: tuple[float, float] | None = None
        self._system = crs
        self._layers: dict[str, tuple[float, float, float]] = {}

    def check(
        self,
        own: NDArray[np.float64],
        system: str,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        *,
        group: str | None,
        far: float = FAR,
    ) -> dict[int, str]:
        """Return row -> reason of the records that cannot be where they say.

        own     (n, 2)  middle of each record in the file's own system, NaN where it has no place
        system  that system
        x, y    (n,) m  the same in the city's system
        group   layer whose records should lie together; None: they need not
        far     m  from what the city holds, up to which a record counts as near
        """
        there = np.isfinite(own).all(axis=1)
        landed = there & np.isfinite(x) & np.isfinite(y)
        bad = {row: _off_the_globe(own[row], system) for row in np.flatnonzero(there & ~landed).tolist()}
        bad |= dict.fromkeys(np.flatnonzero((own == 0.0).all(axis=1)).tolist(), "0, 0 says that the place is not known")
        landed[list(bad)] = False
        self.placed += int(there.sum())
        self.astray += len(bad)
        if self._own is None and there.any():
            self._own, self._system = (float(np.median(own[there, 0])), float(np.median(own[there, 1]))), system
        if not landed.any():
            return bad
        if self._middle is None:
            self._middle = (float(np.median(x[landed])), float(np.median(y[landed])))
        near = np.zeros(len(x), dtype=bool) if self.home is None else landed & (distance(x, y, self.home) <= far)
        self.near += int(near.sum())
        if group is None:
            return bad
        if group not in self._layers:
            self._layers[group] = _reach(x[landed], y[landed])
        middle_x, middle_y, reach = self._layers[group]
        with np.errstate(invalid="ignore"):
            off = np.hypot(x - middle_x, y - middle_y)
        for row in np.flatnonzero(landed & ~near & (off > reach)).tolist():
            bad[row] = f"stands {off[row] / 1000:.0f} km from the rest of its layer, at {_spot(*own[row])}"
        return bad

    def box(self, own: tuple[float, float], system: str, bounds: Bounds) -> None:
        """Take in something that covers an area: `own` its middle in its own system, `bounds` m in the city's."""
        west, south, east, north = bounds
        self.placed += 1
        if self._own is None:
            self._own, self._system = own, system
        if self._middle is None:
            self._middle = ((west + east) / 2, (south + north) / 2)
        if self.home is not None:
            x, y = np.clip(self.home[::2], west, east), np.clip(self.home[1::2], south, north)
            self.near += bool((distance(x, y, self.home) <= FAR).any())

    def judge(self) -> None:
        """Raise InputError when the file as a whole is not where the city is."""
        if self._own is None:
            return
        if self.astray * 2 > self.placed:
            raise InputError(
                f"{self.file}: {self.astray} of {self.placed} records lie outside the range of"
                f" {systems.label(self._system)} (the middle one at {_spot(*self._own)}); {self._advice()}"
            )
        if self._middle is None:
            return
        if self.home is not None:
            if self.near:
                return
            off = float(distance(np.array([self._middle[0]]), np.array([self._middle[1]]), self.home)[0])
            raise InputError(
                f"{self.file}: lies {off / 1000:.0f} km from everything the city holds, read as"
                f" {systems.label(self._system)}; {self._advice()}"
            )
        area = systems.area_of_use(self.crs, MARGIN)
        lon, lat = (float(v[0]) for v in systems.to_lon_lat([self._middle[0]], [self._middle[1]], self.crs))
        if area is not None and not (area[0] <= lon <= area[2] and area[1] <= lat <= area[3]):
            raise InputError(
                f"{self.file}: lies at longitude {lon:.2f}, latitude {lat:.2f}, where {systems.label(self.crs)} is not"
                f" meant for; {self._advice()}"
            )

    def _advice(self) -> str:
        """Return what the person may have meant: another system or swapped axes that would bring the file home."""
        assert self._own is not None, "only asked about files with a place"
        x, y = self._own
        if self._fits(y, x, self._system):
            return "its axes look swapped: the file has north before east, or latitude before longitude"
        found = [code for code in systems.USUAL if not systems.same(code, self._system) and self._fits(x, y, code)]
        if not found:
            return "state the system the file is really in (--crs), or load it into a twin of its own"
        if self.home is None:
            return f"it would lie right in {', '.join(found)}: state the system the file is really in (--crs)"
        return f"was {' or '.join(found)} meant? There it would lie where the city is"

    def _fits(self, x: float, y: float, system: str) -> bool:
        try:
            there_x, there_y = systems.convert_xy([x], [y], system, self.crs)
        except UnitsError:
            return False
        if not (np.isfinite(there_x[0]) and np.isfinite(there_y[0])):
            return False
        if self.home is not None:
            return bool(distance(there_x, there_y, self.home)[0] <= FAR)
        area = systems.area_of_use(self.crs)
        lon, lat = (float(v[0]) for v in systems.to_lon_lat(there_x, there_y, self.crs))
        return area is not None and area[0] <= lon <= area[2] and area[1] <= lat <= area[3]


def _reach(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the middle of a layer's first records, and in m from how far on another one is a stray."""
    middle = float(np.median(x)), float(np.median(y))
    off = np.hypot(x - middle[0], y - middle[1])
    least = FAR if len(x) < BATCH // 2 else WIDE
    return *middle, max(least, STRAY * float(np.quantile(off, 0.75)))


def _off_the_globe(own: NDArray[np.float64], system: str) -> str:
    """Return why a point (2,) has no place in the city's system."""
    x, y = own.tolist()
    if systems.horizontal(system).is_geographic and not (abs(x) <= 180 and abs(y) <= 90):
        return f"{_spot(x, y)} is outside the range of longitude and latitude"
    return f"{_spot(x, y)} in {systems.label(system)} has no place in the city's system"


def _spot(x: float, y: float) -> str:
    return f"{x:.10g}, {y:.10g}"
