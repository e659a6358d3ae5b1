"""The ground of a vegetation fire: its fuel, slope and trees, how it burns in a weather, and what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from twin.hazards.fire.params import Params
    from twin.hazards.fire.weather import Now
    from twin.model.field import Grid
    from twin.physics.wildfire.rates import Canopy, Rates, Terrain

Floats = NDArray[np.float64]

CITY_GROUND, OPEN_WATER, BARE = 91, 98, 99
"""Fuel models without fuel: built up, water, bare."""

BUILT = 0.5
"""Share of a cell under buildings from which no vegetation burns in it."""

POND = 0.05
"""m of water at the start from which a cell is water."""

RESIDENCE = 384.0
"""min ft-1: Rothermel's (1972) residence time of a flame is this over the surface to volume of the fuel."""


class Ground:
    """What the cells of a grid carry.

    fuel       (ny, nx) int16  number of the standard model; none under buildings, water and where ground is unknown
    burnable   (ny, nx)
    holds      (ny * nx,) MJ   of all fuel of a cell, in the bed and in the crowns
    residence  (ny * nx,) s    for which a flame stands over a place
    """

    def __init__(self, grid: Grid, fields: Mapping[str, Floats], params: Params) -> None:
        from twin.physics.wildfire.crown import LOW_HEAT
        from twin.physics.wildfire.fuels import standard
        from twin.physics.wildfire.rates import Canopy, Options, Terrain
        from twin.physics.wildfire.surface import KJ_M2

        elevation = fields["elevation"]
        number = np.rint(fields.get("fuel_model", np.full(grid.shape, CITY_GROUND)))
        number = np.where(np.isnan(elevation), BARE, number).astype(np.int16)
        table = standard()
        table.index(number)
        number[fields.get("building_share", np.zeros(grid.shape)) >= BUILT] = CITY_GROUND
        number[np.nan_to_num(fields.get("depth", np.zeros(grid.shape))) > POND] = OPEN_WATER
        if params.vegetation == "off":
            number[:] = CITY_GROUND
        row = table.index(number)
        self.fuel = number
        self.burnable = table.burns[row]
        none = np.zeros(grid.shape)
        cover, height, base, bulk = (
            np.where(self.burnable, np.nan_to_num(fields.get(f"canopy_{name}", none)), 0.0)
            for name in ("cover", "height", "base_height", "bulk_density")
        )
        self.canopy: Canopy = Canopy(cover, height, base, bulk)
        self.terrain: Terrain = Terrain.of(elevation, grid.cell)
        self._options = Options(slope=params.slope_wind, crown=params.crown, factor=params.spread_rate_factor)
        bed = (table.loads.sum(axis=1) * table.heat)[row] * KJ_M2
        crowns = bulk * np.maximum(height - base, 0.0) * LOW_HEAT
        self.holds = np.where(self.burnable, (bed + crowns) * grid.cell**2 / 1000.0, 0.0).ravel()
        self.residence = (60.0 * RESIDENCE / np.maximum(table.savr[:, 0], 1.0))[row].ravel()

    def rates(self, now: Now) -> Rates:
        """Return how fire spreads in a weather."""
        from twin.physics.wildfire.rates import rates

        return rates(
            self.fuel,
            now.moisture,
            wind_speed=now.wind_speed,
            wind_from=now.wind_from,
            terrain=self.terrain,
            canopy=self.canopy,
            options=self._options,
        )


def taken(rates: Rates, cells: NDArray[np.int64]) -> Rates:
    """Return the rates (n,) of some cells."""
    from twin.physics.wildfire.rates import Rates

    one = [getattr(rates, name).ravel()[cells] for name in ("head", "eccentricity", "heading", "heat", "kind")]
    return Rates(*one)
