"""Bodies of a building seen from above: outlines, areas, and which rooms a door joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: m: gaps in an outline that are closed; m2: courtyards that are kept; m: how far beyond a door a room is felt, the
#: nearest first
CLOSE, COURTYARD, REACH = 0.1, 4.0, (0.2, 0.35, 0.6)


@dataclass(frozen=True, slots=True)
class Body:
    """One body: vertices (n, 3) m, faces (m, 3)."""

    id: str
    kind: str
    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    colour: Sequence[float] | None
    building: str | None
    storey: str | None

    @property
    def low(self) -> float:
        """Level of its lowest point, m."""
        return float(self.vertices[:, 2].min())

    @property
    def high(self) -> float:
        """Level of its highest point, m."""
        return float(self.vertices[:, 2].max())


def outline(bodies: Iterable[Body], *, tidy: bool = True) -> Any:
    """Return the outline in plan of bodies together (shapely, local metres), None when they have no area.

    tidy  close narrow gaps and fill small holes, as between walls of one house
    """
    import shapely

    shapes = []
    for body in bodies:
        corners = body.vertices[body.faces][:, :, :2]
        one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        flat = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]) > 1e-8
        if flat.any():
            shapes.append(shapely.union_all(shapely.polygons(corners[flat]), grid_size=1e-4))
    whole = shapely.union_all(shapes, grid_size=1e-4) if shapes else None
    if whole is None or whole.is_empty or whole.area <= 0:
        return None
    if tidy:
        whole = _filled(whole.buffer(CLOSE, join_style="mitre").buffer(-CLOSE, join_style="mitre"), COURTYARD)
    simple = whole.simplify(0.005)
    return simple if not simple.is_empty else whole


def footprint(bodies: Sequence[Body], rooms: Sequence[Any] = ()) -> tuple[Any, str]:
    """Return a building's outline and what it was taken from: walls, slabs and rooms, else the hull of everything.

    rooms  outlines of the rooms within; without any, what walls enclose counts as inside
    """
    import shapely

    firm = [b for b in bodies if b.kind.startswith(("wall", "slab", "curtainwall", "column", "plate"))]
    shape = outline(firm)
    if shape is not None:
        whole = shapely.union_all([shape, *rooms]).buffer(CLOSE, join_style="mitre").buffer(-CLOSE, join_style="mitre")
        return _filled(whole, COURTYARD if rooms else np.inf), "walls and slabs"
    points = [b.vertices[:, :2] for b in bodies]
    hull: Any = shapely.convex_hull(shapely.multipoints(np.concatenate(points))) if points else None
    return (hull, "the hull of its bodies") if hull is not None and hull.area > 0 else (None, "nothing")


def _filled(shape: Any, largest: float) -> Any:
    """Return a shape without slivers and without holes of up to `largest` m2."""
    import shapely

    kept = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area > largest])
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
    ]
    return shapely.union_all(kept)


def opening(body: Body) -> Any:
    """Return a door or window in plan: the smallest turned rectangle around it, or a line."""
    import shapely

    return shapely.minimum_rotated_rectangle(shapely.multipoints(body.vertices[:, :2]))


def rooms_beside(body: Body, rooms: Mapping[str, tuple[Any, float, float]]) -> list[str]:
    """Return the rooms right before and behind a door, felt along its normal; the same one twice inside a room.

    rooms  id -> outline in plan, z of floor and ceiling in m
    """
    import shapely

    ring = np.asarray(shapely.get_coordinates(opening(body)))
    if len(ring) < 4:
        return []
    sides = np.diff(ring[:3], axis=0)
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    if lengths.min() == 0:
        return []
    normal, thick = sides[int(lengths.argmin())] / lengths.min(), lengths.min()
    centre = ring[:4].mean(axis=0)
    z = (body.low + body.high) / 2
    level = {key: shape for key, (shape, low, high) in rooms.items() if low - 0.1 <= z <= high + 0.1}
    found = []
    for sign in (-1, 1):
        for reach in REACH:
            spot = shapely.Point(centre + sign * normal * (thick / 2 + reach))
            felt = [key for key, shape in level.items() if shape.covers(spot)]
            if felt:
                found.append(felt[0])
                break
    return sorted(found)


def size(body: Body) -> dict[str, float]:
    """Return width (the longer side in plan) and height of a door or window in m; no width where it has no plan."""
    import shapely

    ring = np.asarray(shapely.get_coordinates(opening(body)))
    out = {"height": body.high - body.low}
    if len(ring) >= 2:
        out["width"] = float(np.hypot(*np.diff(ring[:3], axis=0).T).max())
    return out


def volume(body: Body) -> float | None:
    """Return the volume of a body in m3 with its normals repaired, None when it is not closed."""
    import trimesh

    mesh = trimesh.Trimesh(body.vertices, body.faces, process=True)
    if not mesh.is_watertight:
        return None
    repair: Any = trimesh.repair  # its functions are untyped
    repair.fix_normals(mesh)
    return float(abs(mesh.volume))


def repaired(body: Body) -> NDArray[np.int64]:
    """Return the faces of a body with all normals outwards, whatever the file's winding."""
    import trimesh

    mesh = trimesh.Trimesh(body.vertices, body.faces, process=False)
    if not mesh.is_winding_consistent or (mesh.is_watertight and mesh.volume < 0):
        repair: Any = trimesh.repair  # its functions are untyped
        repair.fix_normals(mesh, multibody=True)
    return np.asarray(mesh.faces, dtype=np.int64)
