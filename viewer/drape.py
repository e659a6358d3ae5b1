"""What lies on the ground of a still: its tint, green, water and roads, and over them what a fire has left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from viewer import palette
from viewer.layers import roads
from viewer.layers.green import green

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

    from twin.model.field import Grid
    from twin.store import City

#: px of the longer side of the picture
TEXTURE = 3200

#: by group of road
ROAD_COLOURS = (
    lambda: palette.base("road"),
    lambda: palette.base("road_main"),
    lambda: palette.base("railway"),
)


def drape(
    city: City, grid: Grid, ground: NDArray[np.float64], laid: tuple[palette.Scale, NDArray[np.int64]] | None = None
) -> NDArray[np.uint8]:
    """Return the picture (height, width, 3) that lies on the ground, row 0 north: tint, green, water, roads.

    laid  classes of a quantity (rows, columns) over the same ground, row 0 south, -1 for none, that lie on top of it
    """
    import shapely
    from PIL import Image, ImageDraw

    scale = TEXTURE / max(grid.nx, grid.ny) / grid.cell
    width, height = round(grid.nx * grid.cell * scale), round(grid.ny * grid.cell * scale)
    low, high = np.nanpercentile(ground, (2, 98))
    part = np.clip((np.nan_to_num(ground, nan=low) - low) / max(high - low, 1.0), 0, 1)[::-1, :, None]
    tint = (1 - part) * np.asarray(palette.base("ground_low")) + part * np.asarray(palette.base("ground_high"))
    image = Image.fromarray(tint.astype(np.uint8)).resize((width, height), Image.Resampling.BILINEAR)
    pen = ImageDraw.Draw(image)

    def pixels(shape: Any) -> list[tuple[float, float]]:
        xy = shapely.get_coordinates(shape)
        return list(
            zip(
                ((xy[:, 0] - grid.west) * scale).tolist(),
                (height - (xy[:, 1] - grid.south) * scale).tolist(),
                strict=True,
            )
        )

    def paint(geometry: Any, colour: palette.Colour, metres: float) -> None:
        for piece in shapely.get_parts(geometry):
            if piece.geom_type == "Polygon":
                pen.polygon(pixels(piece.exterior), fill=colour)
            elif piece.geom_type == "LineString":
                pen.line(pixels(piece), fill=colour, width=max(1, round(metres * scale)), joint="curve")

    for kind in ("landuse", "vegetation", "water", *roads.KINDS):
        batch = city.features.read(kind)
        for row, geometry in enumerate(batch.geometry):
            if geometry is None or (kind in {"landuse", "vegetation"} and green(batch, row) is None):
                continue
            if kind in roads.KINDS:
                paint(geometry, ROAD_COLOURS[roads.group(batch, row)](), roads.width(batch, row))
            else:
                paint(geometry, palette.base("water" if kind == "water" else "green"), 4.0)
    if laid is not None:
        image.paste(_colours(laid, (width, height)), (0, 0), _cover(laid, (width, height)))
    return np.asarray(image)


def _colours(laid: tuple[palette.Scale, NDArray[np.int64]], size: tuple[int, int]) -> Image:
    """Return the colours of classes as a picture of `size` px."""
    from PIL import Image as Images

    scale, classes = laid
    colours = np.asarray(scale.colours, np.uint8)[np.maximum(classes, 0)][::-1]
    return Images.fromarray(colours).resize(size, Images.Resampling.NEAREST)


def _cover(laid: tuple[palette.Scale, NDArray[np.int64]], size: tuple[int, int]) -> Image:
    """Return how far classes hide the ground below them, as a picture of `size` px."""
    from PIL import Image as Images

    scale, classes = laid
    hides = np.where(classes < 0, 0, scale.alphas[np.maximum(classes, 0)]).astype(np.uint8)[::-1]
    return Images.fromarray(hides).resize(size, Images.Resampling.NEAREST)
