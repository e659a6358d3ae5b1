"""The standard fuel models: 13 of Anderson, 40 of Scott and Burgan, and the five covers that do not burn."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.settings import data_folder

#: lb ft-2 of a short ton per acre
TON_ACRE = 2000 / 43560
#: ft-1, surface to volume of 10 h and 100 h dead fuel in every model
TEN_HOUR, HUNDRED_HOUR = 109.0, 30.0
#: ft-1, lower limits of the size classes within which the net load is taken; below the last one a fuel has none
SIZES = (1200.0, 192.0, 96.0, 48.0, 16.0)
#: built up, snow, farmland without fuel, water, bare ground
NOT_BURNABLE = (91, 92, 93, 98, 99)
URBAN, WATER, BARE = 91, 98, 99
GREATEST = 256


@dataclass(frozen=True, slots=True, eq=False)
class Fuels:
    """The table of n models; classes in the order 1 h, 10 h, 100 h, cured herbs, live herbs, live woody.

    number      (n,) int16
    code, name  n texts
    dynamic     (n,) bool     whether herbs that cure become dead fuel
    depth       (n,) ft       of the fuel bed
    extinction  (n,) 1        moisture at which dead fuel no longer burns
    heat        (n,) Btu lb-1
    loads       (n, 6) lb ft-2  oven-dry, herbs all alive
    savr        (n, 6) ft-1   surface to volume
    size        (n, 6) int    position in `SIZES`, len(SIZES) below the last; dead and live apart
    row         (257,) int16  number -> row of the table, -1 unknown
    """

    number: NDArray[np.int16]
    code: tuple[str, ...]
    name: tuple[str, ...]
    dynamic: NDArray[np.bool_]
    depth: NDArray[np.float64]
    extinction: NDArray[np.float64]
    heat: NDArray[np.float64]
    loads: NDArray[np.float64]
    savr: NDArray[np.float64]
    size: NDArray[np.int64]
    row: NDArray[np.int16]

    @property
    def burns(self) -> NDArray[np.bool_]:
        """(n,) whether a model has fuel at all."""
        return np.asarray(self.loads.sum(axis=1) > 0)

    def index(self, numbers: NDArray[np.integer]) -> NDArray[np.int16]:
        """Return (ny, nx) rows of the table for numbers of models.

        Raises InputError with the first unknown number, its place and how many cells have one.
        """
        inside = (numbers >= 0) & (numbers <= GREATEST)
        rows = np.where(inside, self.row[np.where(inside, numbers, 0)], np.int16(-1)).astype(np.int16)
        bad = rows < 0
        if bad.any():
            place = np.argwhere(bad)[0]
            raise InputError(
                f"fuel model {numbers[tuple(place)]} at row {place[0]}, column {place[1]} is not known, nor those of "
                f"{int(bad.sum()) - 1} other cells; known: 1-13, 91-93, 98, 99 and those of Scott and Burgan from 101 "
                "(GR1) to 204 (SB4); mend the map of fuel"
            )
        return np.ascontiguousarray(rows)


@cache
def standard() -> Fuels:
    """Return the table of standard models.

    Source: Anderson (1982), INT-122; Rothermel (1983), INT-143; Scott and Burgan (2005), RMRS-GTR-153.
    """
    with (data_folder("assets") / "fuel_models.csv").open(encoding="utf-8") as file:
        models = list(csv.DictReader(line for line in file if not line.startswith("#")))
    loads, savr = np.zeros((len(models), 6)), np.ones((len(models), 6))
    for i, model in enumerate(models):
        unit = TON_ACRE if model["load_unit"] == "ton_acre" else 1.0
        one, ten, hundred, herb, woody = (
            float(model[f"load_{name}"] or 0) * unit for name in ("1h", "10h", "100h", "herb", "woody")
        )
        fine, leaf, stem = (float(model[f"savr_{name}"] or 1) for name in ("1h", "herb", "woody"))
        loads[i] = one, ten, hundred, 0.0, herb, woody
        savr[i] = fine, TEN_HOUR, HUNDRED_HOUR, leaf, leaf, stem
    number = np.array([int(m["number"]) for m in models], np.int16)
    row = np.full(GREATEST + 1, -1, np.int16)
    row[number] = np.arange(len(models))
    return Fuels(
        number=number,
        code=tuple(m["code"] for m in models),
        name=tuple(m["name"] for m in models),
        dynamic=np.array([m["dynamic"] == "1" for m in models]),
        depth=np.array([float(m["depth_ft"] or 1) for m in models]),
        extinction=np.array([float(m["extinction_percent"] or 10) / 100 for m in models]),
        heat=np.array([float(m["heat_btu_lb"] or 8000) for m in models]),
        loads=loads,
        savr=savr,
        size=sum((savr < limit).astype(np.int64) for limit in SIZES),  # type: ignore[arg-type]  # a sum of arrays
        row=row,
    )


def number_of(code: str) -> int:
    """Return the number of a model by its code ("GR2", "TU5"). Raises InputError for one that is not known."""
    table = standard()
    if code not in table.code:
        raise InputError(f"fuel model '{code}' is not known; known: {', '.join(table.code)}")
    return int(table.number[table.code.index(code)])
