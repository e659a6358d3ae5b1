"""The gap that stops radiation: after the fires of Kobe 1995 spread was found to end at gaps of about 14 m, plus minus 2.

A row of seven timber houses of 10 x 10 m, two storeys, mortar outside, burns whole and at once in calm air; opposite
stands a row of the same. Without brands. The least gap at which nothing opposite ignites, to 0.1 m. Nothing is fitted:
temperature and emissivity of a burning facade are the middle of the range of the literature (see `exposure`); over all
of that range, 67 to 117 kW/m2, the gap goes from 13.6 to 15.4 m.
The same for bare wood, without a bound: it both shines and takes fire more.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.measures import Measure
from tests.physics.cases.town import BARE, MORTARED, House, box
from twin.physics.urban_fire.brands import Brands
from twin.physics.urban_fire.buildings import buildings
from twin.physics.urban_fire.engine import UrbanFire

HOUSES, SIDE, BETWEEN, END = 7, 10.0, 1.0, 12_000.0
"""1, m, m between houses of a row, s."""


def facing(gap: float, house: House) -> NDArray[np.float64]:
    """Return (HOUSES,) s, when the houses across a gap of so many m ignite; infinity where they do not."""
    at = [(i * (SIDE + BETWEEN), y) for y in (0.0, SIDE + gap) for i in range(HOUSES)]
    fire = UrbanFire(
        buildings([box(x, y, SIDE, SIDE) for x, y in at], [house] * len(at)), seed=1, brands=Brands(rate=0.0)
    )
    for i in range(HOUSES):
        fire.ignite(i, 0.0)
    fire.advance(END)
    return fire.ignited[HOUSES:]


def crosses(gap: float, house: House) -> bool:
    """Return whether fire crosses a gap of so many m."""
    return bool(np.isfinite(facing(gap, house)).any())


def stops_at(house: House, precision: float) -> float:
    """Return the least gap in m that fire does not cross."""
    low, high = 4.0, 32.0
    assert crosses(low, house)
    assert not crosses(high, house)
    while high - low > precision:
        middle = (low + high) / 2
        low, high = (middle, high) if crosses(middle, house) else (low, middle)
    return high


def measure(short: bool) -> Iterator[Measure]:
    precision = 0.5 if short else 0.1
    gap = stops_at(MORTARED, precision)
    yield Measure("fire.kobe_gap_m", gap, "m", "<= 16")
    yield Measure("fire.kobe_gap_from_14_m", gap - 14, "m", "abs<= 2")
    bare = stops_at({**BARE, "storeys": 2, "height": 6.0}, precision)
    yield Measure("fire.kobe_gap_bare_wood_m", bare, "m")
