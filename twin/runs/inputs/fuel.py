"""Fuel of vegetation fires: the standard model of each cell, and the crowns above it.

A raster of the city goes before its features, an attribute `fuel_model` before words, words of the forest type map
before the class. Buildings, roads, car parks and water lie on all of it and do not burn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, UsageError
from twin.geometry.burn import coverage
from twin.model.finding import Finding
from twin.physics.wildfire.fuels import NOT_BURNABLE, URBAN, WATER, standard
from twin.physics.wildfire.korean import Stand, model_of, stand_of
from twin.runs.inputs.surface import areas

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.runs.inputs.prepare import Prepared
    from twin.store import City

#: kinds that carry fuel, a later one lies on an earlier one; and those that do not burn, with their model
GROWN = ("landuse", "vegetation")
SEALED = {"parking": URBAN, "road": URBAN, "building": URBAN, "water": WATER}
#: columns whose words say what grows, the first that says something counts
COLUMNS = ("임상", "KOFTR_NM", "FRTP_NM", "수종", "L3_NAME", "L2_NAME", "class", "분류")
#: share of a cell that a kind must cover to rule it
RULES = 0.5
#: words that a finding or an error names
NAMED = 5

#: what crowns can be: unit, greatest
CANOPY = {
    "canopy_cover": ("", 1.0),
    "canopy_height": (" m", 150.0),
    "canopy_base_height": (" m", 150.0),
    "canopy_bulk_density": (" kg m-3", 5.0),
}

UNCALIBRATED = "this mapping of Korean cover to fuel models is not calibrated"


def fuel_model(city: City, ready: Prepared, default: float | None) -> NDArray[np.float64]:
    """Return (ny, nx) numbers of the standard fuel models.

    default  number where nothing says what grows; None: built up (91)

    Raises InputError for a number that is not known, with how many cells or features have it and the first place.
    """
    fuel = np.full(ready.grid.shape, np.nan)
    if any(r.quantity == "fuel_model" for r in city.rasters.list()):
        fuel = np.ascontiguousarray(city.rasters.read("fuel_model", ready.grid).values, dtype=np.float64)
        _check(fuel, ready)
        ready.layers["fuel_model"] = 1
        if np.isnan(fuel).all():
            raise InputError(
                f"{city.path}: raster 'fuel_model' and the area do not overlap: it has no value in any of the "
                f"{fuel.size} cells; check with which coordinate system it was loaded"
            )
    if np.isnan(fuel).any():
        grown = np.full(ready.grid.shape, np.nan)
        for kind in GROWN:
            _lay(city, kind, ready, grown)
        fuel = np.where(np.isnan(fuel), grown, fuel)
    empty = np.isnan(fuel)
    if empty.any():
        fuel[empty] = _known(URBAN if default is None else default)
        number = int(fuel[empty][0])
        text = f"nothing says what grows in {int(empty.sum())} of {fuel.size} cells; fuel model {number} is taken"
        text += ", which does not burn" if number in NOT_BURNABLE else ""
        ready.findings.append(Finding("warning", "fuel_unknown", text))
    _seal(city, ready, fuel)
    return fuel


def canopy(quantity: str) -> Callable[[City, Prepared, float | None], NDArray[np.float64]]:
    """Return the maker of a quantity of `CANOPY`: a raster of it where the city has one, else by the fuel model.

    The maker raises UsageError where a hazard declares crowns before their fuel, InputError for values that cannot be.
    """

    def maker(city: City, ready: Prepared, default: float | None) -> NDArray[np.float64]:
        if "fuel_model" not in ready.fields:
            raise UsageError(f"'{quantity}' follows from the fuel; the hazard must declare 'fuel_model' before it")
        fuel = ready.fields["fuel_model"]
        known = {r.quantity for r in city.rasters.list()}
        if quantity not in known:
            values = np.full(fuel.shape, default or 0.0)
            for number in np.unique(fuel):
                if (stand := stand_of(int(number))) is not None:
                    values[fuel == number] = getattr(stand, quantity.removeprefix("canopy_"))
            _say_canopy(ready, [name for name in CANOPY if name not in known], fuel)
            return values
        values = np.ascontiguousarray(city.rasters.read(quantity, ready.grid).values, dtype=np.float64)
        unit, greatest = CANOPY[quantity]
        bad = ~np.isnan(values) & ~((values >= 0) & (values <= greatest))
        if bad.any():
            raise InputError(
                f"raster '{quantity}': {values[bad][0]:g}{unit} at {_place(bad, ready)} and {int(bad.sum()) - 1} more "
                f"cells are not from 0 to {greatest:g}{unit}; convert its unit, or declare its number for missing data"
            )
        gap = np.isnan(values)
        if gap.any():
            values[gap] = default or 0.0
            text = f"'{quantity}' is {default or 0.0:g} in {int(gap.sum())} cells without a value"
            ready.findings.append(Finding("info", "raster_gap", text))
        ready.layers[quantity] = 1
        return values

    return maker


def _lay(city: City, kind: str, ready: Prepared, fuel: NDArray[np.float64]) -> None:
    """Write the models of a kind's features into the cells that they cover by half: of each the one with most of it."""
    if not city.features.count(kind):
        return
    features = city.features.read(kind, bounds=ready.grid.bounds)
    shapes = areas(features)
    ground = np.array([shape is not None for shape in shapes], bool)  # a single tree takes none
    features, shapes = features.take(ground), shapes[ground]
    if not len(features):
        return
    ready.layers[kind] = len(features)
    numbers = _numbers(features, ready)
    best, total = np.zeros(fuel.shape), np.zeros(fuel.shape)
    model = np.full(fuel.shape, np.nan)
    for number in np.unique(numbers[np.isfinite(numbers)]):
        share = coverage(shapes[numbers == number], ready.grid)
        total += share
        model[share > best] = number
        best = np.maximum(best, share)
    rules = total >= RULES
    fuel[rules] = model[rules]


def _numbers(features: Features, ready: Prepared) -> NDArray[np.float64]:
    """Return (n,) the model of each feature, NaN where nothing tells; what was assumed goes into the findings."""
    stated = features.numbers("fuel_model")
    for i in np.flatnonzero(np.isfinite(stated)).tolist():
        if not _is_model(stated[i]):
            count = int((stated == stated[i]).sum())
            raise InputError(
                f"{features.kind} '{features.ids[i]}': fuel model {stated[i]:g} is not known ({count} features have "
                "it); known: 1-13, 91-93, 98, 99 and those of Scott and Burgan from 101 (GR1) to 204 (SB4)"
            )
    numbers = stated.copy()
    words: dict[str, int] = {}
    unknown: dict[str, int] = {}
    columns = [features.column(name) for name in COLUMNS]
    for i in np.flatnonzero(np.isnan(stated)).tolist():
        word, number = _word([column[i] for column in columns])
        if number is not None:
            numbers[i] = number
            words[f"{word}: {number}"] = words.get(f"{word}: {number}", 0) + 1
        else:
            unknown[word or "no class"] = unknown.get(word or "no class", 0) + 1
    if words:
        text = (
            f"{sum(words.values())} features of kind '{features.kind}' take their fuel model from words "
            f"({_most(words)}); {UNCALIBRATED}"
        )
        ready.findings.append(Finding("warning", "fuel_uncalibrated", text))
    if unknown:
        text = f"{sum(unknown.values())} features of kind '{features.kind}' do not tell what grows ({_most(unknown)})"
        ready.findings.append(Finding("warning", "fuel_class_unknown", text))
    return numbers


def _word(values: Sequence[object]) -> tuple[str, int | None]:
    """Return the first word that tells a model, and its number; the last word and None where none does."""
    last = ""
    for value in values:
        if isinstance(value, str) and value.strip():
            last = value.strip()
            if (number := model_of(last)) is not None:
                return last, number
    return last, None


def _seal(city: City, ready: Prepared, fuel: NDArray[np.float64]) -> None:
    """Write what does not burn into the cells that buildings, roads, car parks and water cover by half."""
    for kind, number in SEALED.items():
        if not city.features.count(kind):
            continue
        features = city.features.read(kind, bounds=ready.grid.bounds)
        if len(features):
            ready.layers[kind] = len(features)
            fuel[coverage(areas(features), ready.grid) >= RULES] = number


def _check(fuel: NDArray[np.float64], ready: Prepared) -> None:
    """Raise InputError for the first value of a raster that is no fuel model, with how many cells have it."""
    for value in np.unique(fuel[np.isfinite(fuel)]):
        if not _is_model(value):
            bad = fuel == value
            raise InputError(
                f"raster 'fuel_model': {value:g} is no standard fuel model; {int(bad.sum())} of {fuel.size} cells have "
                f"it, the first at {_place(bad, ready)}; known: 1-13, 91-93, 98, 99 and those of Scott and Burgan from "
                "101 (GR1) to 204 (SB4); declare the number for missing data, or translate the map's own classes"
            )


def _known(number: float) -> float:
    if not _is_model(number):
        raise InputError(f"fuel model {number:g} for ground of which nothing is known is no standard fuel model")
    return number


def _is_model(number: float) -> bool:
    return bool(float(number).is_integer() and number in standard().number)


def _say_canopy(ready: Prepared, names: Sequence[str], fuel: NDArray[np.float64]) -> None:
    """Add one finding on the crowns that were assumed, where there are any."""
    stands: dict[Stand, int] = {}
    for number in np.unique(fuel):
        if (stand := stand_of(int(number))) is not None:
            stands[stand] = stands.get(stand, 0) + int((fuel == number).sum())
    if stands and not any(f.code == "canopy_assumed" for f in ready.findings):
        text = "; ".join(
            f"{count} cells: cover {s.cover:.0%}, height {s.height:g} m, base {s.base_height:g} m, "
            f"{s.bulk_density:g} kg/m3"
            for s, count in stands.items()
        )
        text = f"{', '.join(names)} of forest are assumed for Korean stands ({text}), unverified"
        ready.findings.append(Finding("warning", "canopy_assumed", text))


def _most(counts: dict[str, int]) -> str:
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return ", ".join(ranked[:NAMED]) + (f" and {len(ranked) - NAMED} more" if len(ranked) > NAMED else "")


def _place(cells: NDArray[np.bool_], ready: Prepared) -> str:
    row, col = np.argwhere(cells)[0]
    grid = ready.grid
    return f"x {grid.west + (col + 0.5) * grid.cell:.1f}, y {grid.south + (row + 0.5) * grid.cell:.1f}"
