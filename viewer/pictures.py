"""Fields as PNG pictures that lie on the map: quantities of a run in classes, and the shaded ground under all."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from twin import runs
from twin.errors import MissingError, UsageError, suggest
from twin.model.field import Field, Grid
from viewer import palette
from viewer.ground import Sheet, sheet, union
from viewer.memo import remember
from viewer.quantities import PALETTES, drawn, moving

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from twin.model.field import Bounds
    from twin.runs import Frames
    from twin.store import City

#: cells on the longer side of the picture of the ground
GROUND_CELLS = 1100


@remember(size=4)
def frames(city: City, run: str) -> Frames:
    """Return the frames of a run, opened once."""
    return runs.open_frames(city, run)


@remember(size=4)
def run_sheet(city: City, run: str) -> Sheet:
    """Return the picture frame of a run's grid."""
    return sheet(frames(city, run).grid)


def field(city: City, run: str, quantity: str, index: int) -> NDArray[np.floating]:
    """Return (ny, nx) in SI, row 0 south: frame `index` of a quantity over time, or one of the whole run (index 0).

    Raises UsageError for a quantity that the run has not, or that is not drawn, and MissingError for a frame that it
    does not have.
    """
    here = frames(city, run)
    known = drawn(here)
    if quantity not in PALETTES or quantity not in (*known, *here.summaries):
        raise UsageError(f"quantity {quantity!r} of run {run} is not drawn on the map; {suggest(quantity, known)}")
    if not moving(here, quantity):
        if index:
            raise MissingError(f"run {run}: {quantity!r} is one picture, number 0; found {index}")
        values = np.asarray(here.summary(quantity))
        return _but_films(values, here.summary("max_depth")) if quantity == "max_level" else values
    if not 0 <= index < len(here.times):
        raise MissingError(f"run {run} has frames 0 to {len(here.times) - 1}; found {index}")
    values = np.asarray(here.read(quantity, index))
    if quantity in ROOMS:  # beside the rooms of the storey both are 0, and no room is at 0 degC
        return np.where(here.read("upper_temperature", index) != 0, values, np.nan)
    return _but_films(values, here.read("depth", index)) if quantity in {"level", "hazard_class"} else values


def _but_films(values: NDArray[np.floating], depth: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return values, NaN where the water is too thin to be drawn: a film of rain has a level and a class too."""
    return np.where(depth >= np.float32(palette.scale("water").limits[0]), values, np.nan)


@remember(size=32)
def scale_of(city: City, run: str, quantity: str) -> palette.Scale:
    """Return the classes in which a quantity of a run is drawn; those of a level lie over what the run has."""
    name = PALETTES[quantity]
    if name != "level":
        return palette.scale(name)
    here = frames(city, run)
    known = "max_level" if "max_level" in here.summaries else "level"
    highest = field(city, run, known, len(here.times) - 1 if known == "level" else 0)
    wet = highest[np.isfinite(highest)]
    low, high = np.percentile(wet, (2, 98)) if wet.size else (0.0, 1.0)
    return palette.fitted(name, float(low), float(high))


#: quantities of rooms, laid on the storey that is shown
ROOMS = {"upper_temperature", "interface_height"}

#: states of `fire_state` in which something burns; buildings go before the ground
VEGETATION, BUILDING = 1, 3

#: quantity -> how much of what the page opens with a frame of it holds; the first that a run has is asked
MOST: dict[str, Callable[[NDArray[np.floating]], float]] = {
    "depth": lambda depth: float(np.nansum(depth)),
    "fire_state": lambda state: float((state == BUILDING).sum() + (state == VEGETATION).sum() / state.size),
    "upper_temperature": lambda hot: float(np.nanmax(hot, initial=0.0)),
}


@remember(size=8)
def fullest(city: City, run: str) -> int:
    """Return the number of the frame with most water, most that burns (buildings first), or the hottest room."""
    here = frames(city, run)
    quantity = next((name for name in MOST if name in here.quantities), "")
    if not quantity:
        return len(here.times) - 1
    return int(np.argmax([MOST[quantity](here.read(quantity, i)) for i in range(len(here.times))]))


#: summaries of a fire that tell where it was, and how far around it the map opens: m, and as a share of its size
BURNT, AROUND, WIDER = ("burn_probability", "fire_arrival"), 150.0, 0.35


@remember(size=8)
def reach(city: City, run: str) -> Bounds:
    """Return the box that the map opens on: the area of a run; of a fire what it reached, with its surroundings.

    Of a fire inside a building it is what its rooms cover.
    """
    here = frames(city, run)
    west, south, east, north = here.grid.bounds
    known = next((name for name in BURNT if name in here.summaries), "")
    inside = "upper_temperature" in here.quantities
    if "depth" in here.quantities or not (known or inside):
        return here.grid.bounds
    values = here.read("upper_temperature", 0) if inside else here.summary(known)
    rows, columns = np.nonzero(np.isfinite(values) if known == "fire_arrival" else values != 0)
    if not len(rows):
        return here.grid.bounds
    cell = here.grid.cell
    low_x, high_x = west + columns.min() * cell, west + (columns.max() + 1) * cell
    low_y, high_y = south + rows.min() * cell, south + (rows.max() + 1) * cell
    wide = max(high_x - low_x, high_y - low_y)
    pad = 0.1 * wide if inside else max(AROUND, WIDER * wide)
    return max(west, low_x - pad), max(south, low_y - pad), min(east, high_x + pad), min(north, high_y + pad)


@remember(size=256)
def frame_png(city: City, run: str, quantity: str, index: int) -> bytes:
    """Return a PNG of a quantity on the run's sheet.

    Its 8-bit values stand for the quantity (`origin` of its scale, and value times `step`, is the least there; 0
    where there is nothing to show); its colour table shows them in the scale's classes, clear below the first.
    """
    from PIL import Image

    values = field(city, run, quantity, index)
    scale = scale_of(city, run, quantity)
    laid = run_sheet(city, run).lay(values * scale.factor, blend=scale.blend)
    classes = scale.of_greys
    # clear pixels have the colour of their neighbours: the map blends pixels and would draw a white rim
    colours = np.asarray(scale.colours, np.uint8)[np.maximum(classes, 0)]
    clear = np.where(classes < 0, 0, scale.alphas[np.maximum(classes, 0)]).astype(np.uint8)
    image = Image.fromarray(scale.greys(laid)).convert("P")
    image.putpalette(colours.tobytes())
    out = BytesIO()
    image.save(out, "PNG", transparency=clear.tobytes(), compress_level=6)
    return out.getvalue()


@remember(size=256)
def areas(city: City, run: str, quantity: str, index: int) -> tuple[float, ...]:
    """Return the area in m2 of each class of a quantity: the table twin of its picture."""
    scale = scale_of(city, run, quantity)
    classes = scale.classify((field(city, run, quantity, index) * scale.factor).ravel() + 1e-6 * scale.step)
    counts = np.bincount(classes[classes >= 0], minlength=len(scale.limits))
    return tuple((counts * frames(city, run).grid.cell ** 2).tolist())


@remember(size=2)
def ground(city: City) -> Field | None:
    """Return the elevation of the whole city on a grid of about GROUND_CELLS cells, None where it has no terrain."""
    rasters = [r for r in city.rasters.list() if r.quantity == "elevation"]
    box = union([r.bounds for r in rasters])
    if box is None:
        return None
    cell = max(max(box[2] - box[0], box[3] - box[1]) / GROUND_CELLS, min(r.cell for r in rasters))
    return city.rasters.read("elevation", Grid.over(city.crs, box, round(cell, 2)))


@remember(size=2)
def ground_sheet(city: City) -> Sheet | None:
    """Return the picture frame of the ground."""
    field = ground(city)
    return None if field is None else sheet(field.grid)


def shade(elevation: NDArray[np.floating], cell: float, exaggeration: float = 3.0) -> NDArray[np.float64]:
    """Return (ny, nx) how bright ground lies in the light, 0 to 1, about 0.7 where it is flat; NaN stays NaN.

    elevation  (ny, nx) m, row 0 south;  cell  m
    The sun stands in the north-west, 45 degrees high, as on every shaded map.
    """
    north, east = np.gradient(np.asarray(elevation, np.float64) * exaggeration, cell)
    toward = 0.5 * east - 0.5 * north + np.sqrt(0.5)
    return np.asarray(np.clip(toward / np.sqrt(1.0 + east**2 + north**2), 0.0, 1.0))


@remember(size=2)
def ground_png(city: City) -> bytes:
    """Return a PNG of the shaded ground on `ground_sheet`. Raises MissingError where the city has no terrain."""
    from PIL import Image

    field, frame = ground(city), ground_sheet(city)
    if field is None or frame is None:
        raise MissingError(f"{city.path} has no terrain; load a raster of quantity 'elevation'")
    known = np.isfinite(field.values)
    height = np.where(known, field.values, np.nanmin(field.values))
    low, high = np.percentile(height[known], (2, 98))
    part = frame.lay(np.clip((height - low) / max(high - low, 1.0), 0.0, 1.0))[..., None]
    light = frame.lay(shade(height, field.grid.cell), 0.7)[..., None]
    tint = (1 - part) * np.asarray(palette.base("ground_low")) + part * np.asarray(palette.base("ground_high"))
    colour = np.clip(tint * (0.55 + 0.45 * np.clip(light / 0.7071, 0.0, 1.12)), 0, 255)
    clear = np.where(frame.lay(known.astype(np.float32)) > 0.5, 255, 0)[..., None]
    out = BytesIO()
    Image.fromarray(np.concatenate([colour, clear], axis=2).astype(np.uint8)).save(out, "PNG", compress_level=6)
    return out.getvalue()
