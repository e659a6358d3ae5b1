"""A city at a moment as a picture from above: ground, water at its level, buildings, in the light of an afternoon.

Drawn by VTK without a screen. Colours and classes are those of the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from twin.geometry import mesh
from twin.model.field import Grid
from viewer import camera, palette, pictures
from viewer.damage import depths
from viewer.layers import roads
from viewer.layers.buildings import heights as building_heights
from viewer.layers.buildings import whole_buildings
from viewer.layers.green import green

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.store import City

#: cells along the longer side of the drawn ground, and pixels of the picture that lies on it
CELLS, TEXTURE = 800, 3200

#: degrees, how far the picture leans back, and what lies ahead
PITCH, BEARING = 50.0, -16.0

#: m, how far the water's skin dips below ground where it ends, so that the shore is where the two meet
DIP = 0.4


def coarse(grid: Grid) -> tuple[Grid, int]:
    """Return a grid of at most CELLS cells a side over the same ground, and how many cells each of its cells spans."""
    every = max(1, int(np.ceil(max(grid.nx, grid.ny) / CELLS)))
    return Grid(grid.crs, grid.west, grid.south, grid.cell * every, grid.nx // every or 1, grid.ny // every or 1), every


def render(city: City, run: str, index: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the picture (height, width, 3) of frame `index` of a run."""
    import pyvista
    from vtkmodules.vtkCommonCore import vtkLogger

    frames = pictures.frames(city, run)
    grid, every = coarse(frames.grid)
    ground = np.asarray(city.rasters.read("elevation", grid).values, np.float64)
    depth = pictures.field(city, run, "depth", index)[: grid.ny * every, : grid.nx * every]
    depth = np.nan_to_num(depth).reshape(grid.ny, every, grid.nx, every).max(axis=(1, 3))
    # without a screen VTK first tries one, warns, and then draws by EGL: that is the plan, not a warning
    cutoff = vtkLogger.GetCurrentVerbosityCutoff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)
    plotter: Any = pyvista.Plotter(off_screen=True, window_size=list(size), lighting="none")
    try:
        plotter.set_background(palette.css(palette.base("sky_low")), top=palette.css(palette.base("sky_high")))
        _ground(plotter, city, grid, ground)
        _water(plotter, grid, ground, depth)
        _buildings(plotter, city, run, grid, ground)
        _light_and_look(plotter, grid, ground, size)
        return np.asarray(plotter.screenshot(None, return_img=True))[..., :3]
    finally:
        plotter.close()
        vtkLogger.SetStderrVerbosity(cutoff)


def _body(shape: mesh.Triangles, origin: NDArray[np.float64]) -> Any:
    import pyvista

    build: Any = pyvista.PolyData.from_regular_faces
    return build((shape.points - origin).astype(np.float32), shape.faces)


def _origin(grid: Grid) -> NDArray[np.float64]:
    """Return the corner that everything is measured from: the renderer's numbers are short."""
    return np.array([grid.west, grid.south, 0.0])


def _ground(plotter: Any, city: City, grid: Grid, ground: NDArray[np.float64]) -> None:
    import pyvista

    body = _body(mesh.sheet(grid, ground), _origin(grid))
    across, along = grid.nx * grid.cell, grid.ny * grid.cell
    body.active_texture_coordinates = body.points[:, :2] / np.array([across, along], np.float32)
    texture: Any = pyvista.Texture
    plotter.add_mesh(
        body, texture=texture(drape(city, grid, ground)), ambient=0.35, diffuse=0.75, specular=0.0, smooth_shading=True
    )


def drape(city: City, grid: Grid, ground: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return the picture (height, width, 3) that lies on the ground, row 0 north: tint, green, water, roads."""
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
    return np.asarray(image)


#: by group of road
ROAD_COLOURS = (
    lambda: palette.base("road"),
    lambda: palette.base("road_main"),
    lambda: palette.base("railway"),
)


def _water(plotter: Any, grid: Grid, ground: NDArray[np.float64], depth: NDArray[np.floating]) -> None:
    scale = palette.scale("water")
    classes = scale.classify(depth)
    wet = classes >= 0
    if not wet.any():
        return
    skin = mesh.sheet(grid, np.where(wet, ground + depth, ground - DIP), keep=wet)
    corners = classes.ravel()[skin.faces].max(axis=1)
    body = _body(skin, _origin(grid))
    body.cell_data["colour"] = np.asarray(scale.colours, np.uint8)[corners]
    plotter.add_mesh(body, scalars="colour", rgb=True, ambient=0.55, diffuse=0.5, specular=0.25, opacity=0.92)


def _buildings(plotter: Any, city: City, run: str, grid: Grid, ground: NDArray[np.float64]) -> None:
    import shapely

    batch = whole_buildings(city)
    here = ~shapely.is_missing(batch.geometry)
    here[here] &= shapely.intersects(batch.geometry[here], shapely.box(*grid.bounds))
    batch = batch.take(here)
    if not len(batch):
        return
    centre = shapely.centroid(batch.geometry)
    column = np.clip((shapely.get_x(centre) - grid.west) / grid.cell, 0, grid.nx - 1).astype(int)
    row = np.clip((shapely.get_y(centre) - grid.south) / grid.cell, 0, grid.ny - 1).astype(int)
    foot = np.nan_to_num(ground[row, column], nan=float(np.nanmin(ground)))
    height, _ = building_heights(batch)
    # walls begin below ground, so that no light shows under a house on a slope
    shape = mesh.prisms(batch.geometry, foot - 3.0, foot + height)
    scale, wet = palette.scale("depth"), depths(city, run)
    classes = scale.classify(np.asarray([wet.get(i, np.nan) for i in batch.ids]))
    colours = np.asarray([*scale.colours, palette.base("dry_building")], np.uint8)
    body = _body(shape, _origin(grid))
    body.cell_data["colour"] = colours[classes][shape.owners]
    plotter.add_mesh(body, scalars="colour", rgb=True, ambient=0.42, diffuse=0.68, specular=0.0, smooth_shading=False)


def _light_and_look(plotter: Any, grid: Grid, ground: NDArray[np.float64], size: tuple[int, int]) -> None:
    import pyvista

    across, along, level = grid.nx * grid.cell, grid.ny * grid.cell, float(np.nanmedian(ground))
    middle = np.array([across / 2, along / 2, level])
    far = 10 * max(across, along)
    for direction, strength in (((-0.75, -0.45, 0.85), 0.95), ((0.8, -0.6, 0.7), 0.22)):
        plotter.add_light(
            pyvista.Light(
                position=tuple(middle + far * np.asarray(direction)), focal_point=tuple(middle), intensity=strength
            )
        )
    scale, east, north = camera.fit(across, along, PITCH, BEARING, *size)
    turn, lean = np.radians(BEARING), np.radians(PITCH)
    toward = np.array([np.sin(turn) * np.sin(lean), np.cos(turn) * np.sin(lean), -np.cos(lean)])
    aim = middle + np.array([east, north, 0.0])
    plotter.camera.focal_point = tuple(aim)
    plotter.camera.position = tuple(aim - toward * camera.ALTITUDE * size[1] / scale)
    plotter.camera.up = (0.0, 0.0, 1.0)
    plotter.camera.view_angle = float(np.degrees(2 * np.arctan(0.5 / camera.ALTITUDE)))
    plotter.renderer.ResetCameraClippingRange()
    plotter.enable_anti_aliasing("ssaa")
