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


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes of a quantity: n lower limits, rising, in `unit`, and a colour for each.

    step  what one grey value of a picture stands for, in `unit`; 0 where the quantity is not drawn as a picture
    """

    unit: str
    limits: tuple[float, ...]
    colours: tuple[Colour, ...]
    step: float

    def classify(self, values: NDArray[np.floating]) -> NDArray[np.int64]:
        """Return the class of each value, 0 to n-1; -1 where the value is below the first limit, or NaN."""
        found = np.searchsorted(np.asarray(self.limits), values, side="right") - 1
        return np.where(np.isnan(values), -1, found)

    @property
    def labels(self) -> list[str]:
        """The limits of each class as text with the unit: "0.3 – 0.5 m", of the last one "≥ 2 m"."""
        pairs = zip(self.limits, self.limits[1:], strict=False)
        return [f"{low:g} – {high:g} {self.unit}" for low, high in pairs] + [f"≥ {self.limits[-1]:g} {self.unit}"]

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


@lru_cache(maxsize=4)
def scale(name: str) -> Scale:
    """Return a scale: "water", "depth" (of buildings in water) or "height" (of buildings)."""
    table = specification()[name]
    rows = table["classes"]
    return Scale(
        unit=str(table["unit"]),
        limits=tuple(float(row["from"]) for row in rows),
        colours=tuple(rgb(row["colour"]) for row in rows),
        step=float(table.get("step", 0.0)),
    )


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
