"""Rain, the same everywhere or as maps over time: how much of it falls in a time step, and on which cells."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.model.field import FieldSeries
from twin.model.scenario import Series
from twin.physics.shallow_water.state import padded, refuse
from twin.physics.shallow_water.stepping import Stepper
from twin.physics.shallow_water.water import Water

HEAVIEST = 3.0 / 3600
"""m s-1, rain that nobody has seen: 3000 mm/h. What is above it is in another unit."""

Course = Series | FieldSeries
"""Rain in m s-1: one rate for all cells, of which each takes its share, or maps of what each cell takes."""


class Rainfall:
    """The rain on the water. A map is read when its time comes, and only the one that falls is held.

    fallen  m3 since the start
    """

    def __init__(self, water: Water, stepper: Stepper) -> None:
        self._water, self._stepper = water, stepper
        self._even = water.rain_share
        self._course: Course = Series((0.0,), (0.0,), step=True)
        self._map: int | None = None
        self.fallen = 0.0
        # m3 that the last step should have brought and did not, or the other way: its depth is rounded to the
        # precision of the cells; the next step makes up for it
        self._owed = 0.0
        self._take(water.rain_share)

    @property
    def course(self) -> Course:
        """The rain over time."""
        return self._course

    @course.setter
    def course(self, course: Course) -> None:
        """Let it rain like this from now on. Raises InputError when times do not rise."""
        for before, after in zip(course.times, course.times[1:], strict=False):
            if not after > before:
                raise InputError(f"rain: time {after:g} s follows {before:g} s; times must rise")
        self._course, self._map = course, None
        if isinstance(course, Series):
            self._take(self._even)

    def fall(self, time: float, dt: float) -> float:
        """Return what falls from `time` s in `dt` s, in m, to be taken by the shares that now hold.

        Raises InputError for a map that is no rain.
        """
        rate = self._rate(time + dt / 2)
        if rate <= 0 or self._laid <= 0:
            return 0.0
        volume = rate * dt * self._meant
        self.fallen += volume
        depth = float(self._water.bed.dtype.type((volume + self._owed) / self._laid))
        self._owed += volume - depth * self._laid
        return depth

    def save(self) -> NDArray[np.float64]:
        """Return what has fallen and what is owed, m3."""
        return np.array([self.fallen, self._owed])

    def load(self, saved: NDArray[Any]) -> None:
        """Stand where `save` stood."""
        self.fallen, self._owed = (float(v) for v in saved)
        self._map = None

    def _rate(self, time: float) -> float:
        """Return what the shares are multiplied by at `time` s, in m s-1; a map's shares are its own rates."""
        course = self._course
        number = bisect_right(course.times, time) - 1
        if isinstance(course, Series):
            return course.at(time) if not course.step else course.values[number] if number >= 0 else 0.0
        if number < 0:
            return 0.0
        if number != self._map:
            rates = read_map(course, number, (self._water.ny, self._water.nx))
            rates[self._water.solid] = 0
            meant = float(rates.sum()) * self._water.cell**2
            self._take(padded(rates, 0.0, self._water.bed.dtype.type), meant)
            self._map = number
        return 1.0

    def _take(self, shares: NDArray[np.floating], meant: float | None = None) -> None:
        """Let the cells take these shares from the next step on; together they mean `meant` m2 or, of a map, m3 s-1."""
        water = self._water
        water.rain_share = shares
        self._stepper.rain_changed()
        inner = shares[:, 2:-2] if len(shares) == 1 else shares[2:-2, 2:-2]
        self._laid = float(inner.sum(dtype=np.float64)) * water.cell**2 * (water.ny if len(shares) == 1 else 1)
        self._meant = self._laid if meant is None else meant


def read_map(course: FieldSeries, number: int, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return one map of a course of rain, (ny, nx) m s-1, as an array of its own.

    Raises InputError when it does not fit the grid or holds what no rain is, with its time and the first such cell.
    """
    rates = np.array(course.read(number), np.float64)
    name = f"rain map {number} at {course.times[number]:g} s"
    if rates.shape != shape:
        raise InputError(f"{name} has {rates.shape} cells, and the grid {shape}; lay it on the grid of the run first")
    refuse(name, rates, ~((rates >= 0) & (rates <= HEAVIEST)), f"between 0 and {HEAVIEST:g} m s-1 (3000 mm/h)")
    return rates


def check(course: Course, shape: tuple[int, int]) -> None:
    """Look at all that will fall, one map after another. Raises InputError for the first thing that is no rain."""
    if isinstance(course, FieldSeries):
        for number in range(len(course.times)):
            read_map(course, number, shape)
        return
    for time, value in zip(course.times, course.values, strict=True):
        if not 0 <= value <= HEAVIEST:
            raise InputError(
                f"rain: {value:g} at {time:g} s; values must be finite, not below 0 and not above {HEAVIEST:g} m/s "
                "(3000 mm/h)"
            )
