"""Classes and colours from one specification, `assets/palettes.toml`: map, legend, tables and still agree by it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.settings import data_folder

Colour = tuple[int, int, int]

#: most that a grey value of a picture can be; 0 stands for nothing
GREYS = 255

#: how far a class of a solid scale hides the ground
SOLID = 225


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes of a quantity: n lower limits, rising, in `unit`, and a colour for each.

    step    what one grey value of a picture stands for, in `unit`; 0 where the quantity is not drawn as a picture
    origin  what grey value 0 would stand for, in `unit`
    factor  from SI to `unit`
    blend   whether a value between two cells means something; False: each pixel takes the nearest cell
    words   how the keys of the classes' names begin in the catalogue; "" where the limits alone are the name
    solid   whether all classes hide the ground alike; False: the lowest hides the least
    """

    unit: str
    limits: tuple[float, ...]
    colours: tuple[Colour, ...]
    step: float
    origin: float = 0.0
    factor: float = 1.0
    blend: bool = True
    words: str = ""
    solid: bool = False

    def classify(self, values: NDArray[np.floating]) -> NDArray[np.int64]:
        """Return the class of each value in `unit`, 0 to n-1; -1 where it is below the first limit, or NaN."""
        found = np.searchsorted(np.asarray(self.limits), values, side="right") - 1
        return np.where(np.isnan(values), -1, found)

    def greys(self, values: NDArray[np.floating]) -> NDArray[np.uint8]:
        """Return the grey value of each value in `unit`: 0 where it has no class, at least 1 where it has one."""
        # a hundredth of a step keeps a value that is a limit in the class that begins there
        steps = np.floor((np.nan_to_num(values) - self.origin) / self.step + 0.01)
        return np.where(self.classify(values + 0.01 * self.step) < 0, 0, np.clip(steps, 1, GREYS)).astype(np.uint8)

    @property
    def of_greys(self) -> NDArray[np.int64]:
        """The class (256,) of each grey value, -1 of 0."""
        classes = self.classify(self.origin + (np.arange(GREYS + 1) + 0.01) * self.step)
        classes[0] = -1
        return classes

    @property
    def alphas(self) -> NDArray[np.uint8]:
        """How far each class (n,) hides the ground, 0 to 255."""
        rising = np.clip(150 + 17 * np.arange(len(self.limits)), 0, 235)
        return np.asarray(np.full(len(self.limits), SOLID) if self.solid else rising, np.uint8)

    @property
    def numbered(self) -> bool:
        """Whether the classes are numbers of states or kinds, with nothing between them."""
        return bool(self.words) and self.step in (0.0, 1.0) and all(limit.is_integer() for limit in self.limits)

    @property
    def labels(self) -> list[str]:
        """The limits of each class as text with the unit: "0.3 – 0.5 m", of the last one "≥ 2 m"."""
        unit = f" {self.unit}".rstrip()
        pairs = zip(self.limits, self.limits[1:], strict=False)
        return [f"{low:g} – {high:g}{unit}" for low, high in pairs] + [f"≥ {self.limits[-1]:g}{unit}"]

    @property
    def rows(self) -> list[tuple[Colour, str]]:
        """Colour and label of each class."""
        return list(zip(self.colours, self.labels, strict=True))


def rgb(text: str) -> Colour:
    """Return red, green, blue (0 to 255) of "#rrggbb"."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


@lru_cache(maxsize=1)
def specification() -> dict[str, Any]:
    """Return the palettes as the file holds them."""
    return tomllib.loads((data_folder("assets") / "palettes.toml").read_text("utf-8"))


@lru_cache(maxsize=64)
def scale(name: str) -> Scale:
    """Return a scale of the specification that states its limits: "water", "speed", "depth" (of buildings), ..."""
    table = specification()[name]
    rows = table["classes"]
    return Scale(
        unit=str(table["unit"]),
        limits=tuple(float(row["from"]) for row in rows),
        colours=tuple(rgb(row["colour"]) for row in rows),
        step=float(table.get("step", 0.0)),
        factor=float(table.get("factor", 1.0)),
        blend=bool(table.get("blend", True)),
        words=str(table.get("words", "")),
        solid=bool(table.get("solid", False)),
    )


@lru_cache(maxsize=16)
def fitted(name: str, low: float, high: float) -> Scale:
    """Return a scale that states no limits, with round ones from about `low` to about `high`."""
    table = specification()[name]
    colours = tuple(rgb(colour) for colour in table["colours"])
    wide = max((high - low) / len(colours), 0.01)
    power = 10.0 ** np.floor(np.log10(wide))
    width = float(power * next(m for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * power >= wide * 0.999))
    first = float(np.floor(low / width) * width)
    limits = tuple(round(first + i * width, 6) for i in range(len(colours)))
    # 30 greys a class leave room for what lies above the last limit
    step = width / 30
    return Scale(str(table["unit"]), limits, colours, step, first - step, blend=bool(table["blend"]))


def base(name: str) -> Colour:
    """Return a colour of the base map or of a caption."""
    return rgb(str(specification()["base"][name]))


def css(colour: Colour) -> str:
    """Return "#rrggbb"."""
    return "#" + bytes(colour).hex()


def expression(colours: tuple[Colour, ...], key: str, other: Colour, alpha: int = 255) -> str:
    """Return a deck.gl expression: the colour of the class in field `key` of a record, `other` for class -1.

    The palette travels once in it, instead of a colour in each of thousands of records.
    """
    text = str([*other, alpha])
    for number, colour in enumerate(colours):
        text = f"{key} == {number} ? {[*colour, alpha]} : {text}"
    return text
