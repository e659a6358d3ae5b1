"""One height datum per city: stated ones must agree, and heights counted from the ellipsoid are found by their size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.errors import UnitsError
from twin.geometry import crs as systems
from twin.model.field import Grid
from twin.model.finding import Finding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.model.field import Field
    from twin.store.city import City

#: m; how far the ellipsoid lies below the level of the sea where this is used (Korea 20 to 30, Japan 30 to 45, the
#: Netherlands 40 to 47); two datums above the sea differ by less than the first figure
GEOID = (15.0, 60.0)

#: m; half of the differences must lie within this: a datum shifts all alike, a slope or a fault does not
SPREAD = 3.0

#: m; heights of an unstated datum fit the city's when buildings stand this close to the terrain
FITS = 3.0

#: differences from which on a shift is believed, and up to which they are gathered
FEWEST, ENOUGH = 20, 20_000

#: cells along the longer side of the window in which terrain is looked up
WINDOW = 1024


class Heights:
    """Watches the heights of one file against the city's datum, terrain and buildings."""

    def __init__(self, file: str, city: City) -> None:
        self.file, self.city = file, city
        self.findings: list[Finding] = []
        self._unstated = False
        self._stated: str | None = None
        self._above: list[NDArray[np.float64]] = []
        self._gathered = 0

    def state(self, vertical: str | None) -> str | None:
        """Return the datum in one spelling; the first that is ever stated becomes the city's.

        Raises UnitsError when the city's heights are counted from another one.
        """
        datum = systems.vertical_datum(vertical)
        if datum is None:
            self._unstated = True
            return None
        if datum == self._stated:
            return datum
        known = self.city.vertical
        if known is None:
            self.city.set_vertical(datum)
            text = f"{self.file}: states heights above {datum}; this is now the height datum of the city"
            self.findings.append(Finding("info", "vertical-set", text))
        elif known != datum:
            raise UnitsError(
                f"{self.file}: heights are counted from {datum}, those of the city from {known};"
                f" convert them to {known} (PROJ without geoid grids would hand them back unchanged)"
            )
        self._stated = datum
        return datum

    def buildings(self, x: NDArray[np.float64], y: NDArray[np.float64], ground: NDArray[np.float64]) -> None:
        """Compare the ground of buildings with the city's terrain; all (n,) m, NaN where unknown."""
        rows = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & np.isfinite(ground))
        if len(rows) and self._gathered < ENOUGH and any(i.quantity == "elevation" for i in self.city.rasters.list()):
            west, south, east, north = (
                float(f(v[rows])) for f, v in ((np.min, x), (np.min, y), (np.max, x), (np.max, y))
            )
            cell = max(5.0, (east - west) / WINDOW, (north - south) / WINDOW)
            grid = Grid.over(self.city.crs, (west, south, east + cell, north + cell), cell)
            self._compare(self.city.rasters.read("elevation", grid), x[rows], y[rows], ground[rows])

    def terrain(self, field: Field) -> None:
        """Compare terrain with the ground of the buildings that the city holds."""
        grounded = self.city.features.viewport("building", field.grid.bounds)
        if not len(grounded):
            return
        import shapely

        some = grounded.slice(0, ENOUGH)
        ground = np.asarray(some["ground"].to_numpy(zero_copy_only=False), dtype=np.float64)
        bounds = shapely.bounds(shapely.from_wkb(some["wkb"].to_numpy(zero_copy_only=False)))
        x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
        known = np.isfinite(ground) & np.isfinite(x)
        self._compare(field, x[known], y[known], ground[known])

    def _compare(
        self, field: Field, x: NDArray[np.float64], y: NDArray[np.float64], ground: NDArray[np.float64]
    ) -> None:
        grid = field.grid
        col = np.floor((x - grid.west) / grid.cell).astype(np.int64)
        row = np.floor((y - grid.south) / grid.cell).astype(np.int64)
        inside = (col >= 0) & (col < grid.nx) & (row >= 0) & (row < grid.ny)
        above = ground[inside] - field.values[row[inside], col[inside]]
        above = above[np.isfinite(above)]
        self._above.append(above)
        self._gathered += len(above)

    def judge(self) -> None:
        """Raise UnitsError when buildings and terrain are apart as ellipsoid and sea level are.

        What is unstated becomes a finding.
        """
        above = np.concatenate(self._above) if self._above else np.empty(0)
        shift = float(np.median(above)) if len(above) >= FEWEST else np.nan
        if GEOID[0] <= abs(shift) <= GEOID[1] and np.subtract(*np.quantile(above, [0.75, 0.25])) <= SPREAD:
            side, which = ("above", "buildings'") if shift > 0 else ("below", "terrain's")
            raise UnitsError(
                f"{self.file}: buildings stand a constant {abs(shift):.1f} m {side} the terrain"
                f" ({len(above)} compared): the {which} heights look ellipsoidal; convert them to the datum of the"
                f" other ({self.city.vertical or 'state it with --vertical'})"
            )
        if not self._unstated:
            return
        known = self.city.vertical
        text, severity = f"{self.file}: does not state what its heights are counted from", "warning"
        if known is None:
            text += "; state it with --vertical"
        elif abs(shift) <= FITS:
            text, severity = f"{text}; they fit those of the city, from {known}", "info"
        else:
            text += f"; those of the city are from {known}"
        self.findings.append(Finding(severity, "vertical-unstated", text))
