"""A city at a moment as a picture from above: ground, water at its level, burnt ground, buildings, in afternoon light.

Drawn by VTK without a screen. Colours and classes are those of the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from twin.geometry import mesh
from twin.model.field import Grid
from viewer import camera, palette, pictures
from viewer.blaze import fates
from viewer.chances import chances
from viewer.damage import depths
from viewer.drape import drape
from viewer.hazards import building_colours, burns
from viewer.layers.buildings import heights as building_heights
from viewer.layers.buildings import whole_buildings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.store import City

#: cells along the longer side of the drawn ground
CELLS = 800

#: quantities that lie on the ground as they are, the first that a run has
LAID = ("fire_state", "burn_probability_now")

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
    depth = None
    if "depth" in frames.quantities:
        depth = np.nan_to_num(blocks(pictures.field(city, run, "depth", index), grid, every)).max(axis=(1, 3))
    # without a screen VTK first tries one, warns, and then draws by EGL: that is the plan, not a warning
    cutoff = vtkLogger.GetCurrentVerbosityCutoff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)
    plotter: Any = pyvista.Plotter(off_screen=True, window_size=list(size), lighting="none")
    try:
        plotter.set_background(palette.css(palette.base("sky_low")), top=palette.css(palette.base("sky_high")))
        _ground(plotter, grid, drape(city, grid, ground, laid(city, run, index)), ground)
        if depth is not None:
            _water(plotter, grid, ground, depth)
        _buildings(plotter, city, run, index, grid, ground)
        _light_and_look(plotter, grid, ground, size)
        return np.asarray(plotter.screenshot(None, return_img=True))[..., :3]
    finally:
        plotter.close()
        vtkLogger.SetStderrVerbosity(cutoff)


def blocks(values: NDArray[np.floating], grid: Grid, every: int) -> NDArray[np.floating]:
    """Return (rows, every, columns, every): the cells of a run in the cells of the drawn ground."""
    return values[: grid.ny * every, : grid.nx * every].reshape(grid.ny, every, grid.nx, every)


def laid(city: City, run: str, index: int) -> tuple[palette.Scale, NDArray[np.int64]] | None:
    """Return the classes, cell by cell of the run, of what lies on the ground in a frame; None where nothing does."""
    frames = pictures.frames(city, run)
    quantity = next((name for name in LAID if name in frames.quantities), "")
    if not quantity:
        return None
    scale = pictures.scale_of(city, run, quantity)
    grid, every = coarse(frames.grid)
    values = pictures.field(city, run, quantity, index)[: grid.ny * every, : grid.nx * every]
    return scale, scale.classify(values * scale.factor)


def _body(shape: mesh.Triangles, origin: NDArray[np.float64]) -> Any:
    import pyvista

    build: Any = pyvista.PolyData.from_regular_faces
    return build((shape.points - origin).astype(np.float32), shape.faces)


def _origin(grid: Grid) -> NDArray[np.float64]:
    """Return the corner that everything is measured from: the renderer's numbers are short."""
    return np.array([grid.west, grid.south, 0.0])


def _ground(plotter: Any, grid: Grid, picture: NDArray[np.uint8], ground: NDArray[np.float64]) -> None:
    import pyvista

    body = _body(mesh.sheet(grid, ground), _origin(grid))
    across, along = grid.nx * grid.cell, grid.ny * grid.cell
    body.active_texture_coordinates = body.points[:, :2] / np.array([across, along], np.float32)
    texture: Any = pyvista.Texture
    plotter.add_mesh(body, texture=texture(picture), ambient=0.35, diffuse=0.75, specular=0.0, smooth_shading=True)


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


def _buildings(plotter: Any, city: City, run: str, index: int, grid: Grid, ground: NDArray[np.float64]) -> None:
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
    scale, values = of_buildings(city, run, index)
    classes = scale.classify(np.asarray([values.get(i, np.nan) for i in batch.ids]))
    colours = np.asarray([*scale.colours, palette.base("dry_building")], np.uint8)
    body = _body(shape, _origin(grid))
    body.cell_data["colour"] = colours[classes][shape.owners]
    plotter.add_mesh(body, scalars="colour", rgb=True, ambient=0.42, diffuse=0.68, specular=0.0, smooth_shading=False)


def of_buildings(city: City, run: str, index: int) -> tuple[palette.Scale, dict[str, float]]:
    """Return the scale of what colours the buildings in a frame, and building id -> its value in the scale's unit."""
    if building_colours(city, run)[0] == "fire":
        return palette.scale("building_fire"), {fate.id: float(fate.state(index)) for fate in fates(city, run)}
    if burns(city, run):
        return palette.scale("probability"), {i: 100 * chance.share for i, chance in chances(city, run).items()}
    return palette.scale("depth"), depths(city, run)


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
