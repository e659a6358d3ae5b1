"""Bodies made of polygons: their footprint in plan, their outer surfaces, their levels; many at once, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: a face whose plan is less than this share of its area stands upright
UPRIGHT = 1e-3
#: a shell is closed and points outwards when its upper and lower sides in plan differ by less than this share
CLOSED = 1e-3
#: cosine of the steepest slope that is a roof or an underside when the file does not say what a face is (80 degrees)
STEEP = 0.17


@dataclass(frozen=True, slots=True, eq=False)
class Soup:
    """The faces of b bodies, laid end to end; arrays of starts have one entry more, the end.

    xyz      (v, 3) m   corners of open rings (the first is not repeated), outer ring of a face first
    rings    (r+1,)     where each ring starts in `xyz`; every ring has at least 3 corners
    faces    (f+1,)     where each face starts in `rings`; every face has a ring
    bodies   (b+1,)     where each body starts in `faces`; a body may have no face
    letters  (f,)       what each face is, as in `twin.model.feature.SURFACE_LETTERS`; "O" where unknown
    """

    xyz: NDArray[np.float64]
    rings: NDArray[np.int64]
    faces: NDArray[np.int64]
    bodies: NDArray[np.int64]
    letters: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.bodies) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Footprints of b bodies and how they came about.

    geometry  (b,) object  shapely polygons in plan, None where a body has none
    how       (b,)         "G" ground surfaces, "U" undersides of a closed shell, "P" projection of all faces, "" none
    mended    (b,) bool    whether a face had to be made valid before the faces could be joined
    foot      (b,) m       lowest corner of the faces that were taken, NaN where there are none
    """

    geometry: NDArray[np.object_]
    how: NDArray[np.str_]
    mended: NDArray[np.bool_]
    foot: NDArray[np.float64]


def starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of n runs of these sizes starts, and the end: (n+1,)."""
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Facing:
    """Where faces look.

    vectors  (f, 3) m2    normals of the outer rings with the length of their area (Newell's method)
    lies     (f,) bool    whether a face covers anything in plan; a face that crosses itself does, though its area is 0
    """

    vectors: NDArray[np.float64]
    lies: NDArray[np.bool_]


def facing(soup: Soup, metres: tuple[float, float] = (1.0, 1.0)) -> Facing:
    """Return where the faces of a soup look, by their outer rings.

    metres  how long one unit of x and of y is: 1 in projected systems, so that degrees and heights can be compared
    """
    first = soup.rings[:-1]
    size = np.diff(soup.rings)
    if not len(first):
        return Facing(np.empty((0, 3)), np.empty(0, dtype=bool))
    here = soup.xyz - np.repeat(soup.xyz[first], size, axis=0)  # near the origin: coordinates are six digits long
    here[:, :2] *= metres
    after = np.arange(1, len(here) + 1)
    after[soup.rings[1:] - 1] = first
    x, y, z = here.T
    u, v, w = here[after].T
    twice = np.stack([y * w - z * v, z * u - x * w, x * v - y * u], axis=1)  # of the fan's triangles
    outer = soup.faces[:-1]
    vectors = np.add.reduceat(twice, first, axis=0)[outer] / 2
    plan = np.add.reduceat(np.abs(twice[:, 2]), first)[outer]
    whole = np.add.reduceat(np.sqrt((twice * twice).sum(axis=1)), first)[outer]
    return Facing(vectors, plan > UPRIGHT * whole)


def owners(soup: Soup) -> NDArray[np.int64]:
    """Return (f,) the body of each face."""
    return np.repeat(np.arange(len(soup)), np.diff(soup.bodies))


def _sums(values: NDArray[np.float64], owner: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    return np.bincount(owner, weights=values, minlength=n).astype(np.float64)


def is_closed(soup: Soup, facing: Facing) -> NDArray[np.bool_]:
    """Return (b,) whether a body's faces close it in plan and point outwards: then its undersides are its footprint."""
    owner, vectors = owners(soup), facing.vectors
    total = _sums(np.abs(vectors[:, 2]), owner, len(soup))
    lowest = _extreme(soup, np.minimum)
    under = _sums(np.where(vectors[:, 2] < 0, -vectors[:, 2], 0.0), owner, len(soup))
    # a shell turned inside out is closed too, but then its lowest face looks up
    foot = np.minimum.reduceat(soup.xyz[:, 2], soup.rings[:-1])[soup.faces[:-1]] if len(owner) else np.empty(0)
    bottom = (foot <= lowest[owner] + 0.01) & (np.abs(vectors[:, 2]) > STEEP * np.linalg.norm(vectors, axis=1))
    looks_up = _sums(np.where(bottom, vectors[:, 2], 0.0), owner, len(soup)) > 0
    return (np.abs(_sums(vectors[:, 2], owner, len(soup))) <= CLOSED * total) & (under > 0) & ~looks_up


def _extreme(soup: Soup, which: np.ufunc) -> NDArray[np.float64]:
    """Return (b,) the lowest or highest corner of each body, m; NaN for bodies without faces."""
    out = np.full(len(soup), np.nan)
    begin = soup.rings[soup.faces[soup.bodies]]
    filled = np.diff(begin) > 0
    if filled.any():
        out[filled] = which.reduceat(soup.xyz[:, 2], begin[:-1][filled])
    return out


def lowest(soup: Soup) -> NDArray[np.float64]:
    """Return (b,) the lowest corner of each body, m."""
    return _extreme(soup, np.minimum)


def highest(soup: Soup) -> NDArray[np.float64]:
    """Return (b,) the highest corner of each body, m."""
    return _extreme(soup, np.maximum)


def told_by_slope(soup: Soup, facing: Facing, closed: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Return (f,) the letters, those of unknown faces of closed bodies told by where they look.

    closed  (b,)  of `is_closed`; faces of other bodies stay as they are
    """
    vectors = facing.vectors
    size = np.linalg.norm(vectors, axis=1)
    slope = np.divide(vectors[:, 2], size, out=np.zeros_like(size), where=size > 0)
    told = np.where(slope > STEEP, "R", np.where(slope < -STEEP, "G", "W"))
    return np.where((soup.letters == "O") & closed[owners(soup)], told, soup.letters)


def footprints(soup: Soup, facing: Facing, closed: NDArray[np.bool_]) -> Plan:
    """Return what each body covers in plan: its ground surfaces, else the undersides of a closed shell, else all faces.

    closed  (b,)  of `is_closed`
    """
    import shapely

    n, owner = len(soup), owners(soup)
    lies = facing.lies
    ground = (soup.letters == "G") & lies
    has_ground = _sums(ground.astype(np.float64), owner, n) > 0
    how = np.where(has_ground, "G", np.where(closed, "U", "P"))
    taken = np.where(has_ground[owner], ground, lies & (~closed[owner] | (facing.vectors[:, 2] < 0)))
    face = np.flatnonzero(taken)
    shapes = _polygons(soup, face)
    body = owner[face]
    count = np.bincount(body, minlength=n)
    geometry = np.full(n, None, dtype=object)
    alone = count[body] == 1
    geometry[body[alone]] = shapes[alone]
    mended = np.zeros(n, dtype=bool)
    many = ~alone
    if many.any():
        valid = shapely.is_valid(shapes)
        bad = many & ~valid
        mended[body[bad]] = True
        shapes[bad] = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
        joined, which = _unions(shapes[many], body[many])
        geometry[which] = joined
    foot = np.full(n, np.nan)
    if len(face):
        lows = np.minimum.reduceat(soup.xyz[:, 2], soup.rings[:-1])[soup.faces[:-1]][face]
        filled = count > 0
        foot[filled] = np.minimum.reduceat(lows, starts(count)[:-1][filled])
    return Plan(geometry, np.where(count > 0, how, ""), mended, foot)


def _unions(shapes: NDArray[np.object_], body: NDArray[np.int64]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the union of the shapes of each body, and the bodies; `body` is sorted."""
    import shapely

    which, rank = np.unique(body, return_inverse=True)
    groups = np.asarray(shapely.geometrycollections(shapes, indices=rank), dtype=object)
    joined = np.asarray(shapely.union_all(groups[:, None], axis=1), dtype=object)
    odd = ~np.isin(shapely.get_type_id(joined), (3, 6))
    for i in np.flatnonzero(odd):  # lines and points left over where faces only touch
        areas = [part for part in shapely.get_parts(joined[i]) if part.geom_type in {"Polygon", "MultiPolygon"}]
        joined[i] = shapely.union_all(areas) if areas else None
    return joined, which


def _closed_rings(soup: Soup, ring: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return positions in `xyz` of these rings with the first corner repeated, and where each starts (+ the end)."""
    size = soup.rings[ring + 1] - soup.rings[ring]
    start = starts(size + 1)
    at = np.arange(start[-1]) - np.repeat(start[:-1], size + 1) + np.repeat(soup.rings[ring], size + 1)
    at[start[1:] - 1] = soup.rings[ring]
    return at, start


def _polygons(soup: Soup, face: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return these faces as polygons in plan."""
    import shapely

    size = soup.faces[face + 1] - soup.faces[face]
    start = starts(size)
    ring = np.arange(start[-1]) - np.repeat(start[:-1], size) + np.repeat(soup.faces[face], size)
    at, ends = _closed_rings(soup, ring)
    if not len(face):
        return np.empty(0, dtype=object)
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType.POLYGON, soup.xyz[at, :2], (ends, start)))


def multipolygons(soup: Soup) -> NDArray[np.object_]:
    """Return (b,) the bodies as shapely MultiPolygon Z, None for those without faces."""
    import shapely

    at, ends = _closed_rings(soup, np.arange(len(soup.rings) - 1))
    if not len(at):
        return np.full(len(soup), None, dtype=object)
    shapes = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, soup.xyz[at], (ends, soup.faces, soup.bodies))
    out = np.asarray(shapes, dtype=object)
    out[np.diff(soup.bodies) == 0] = None
    return out
