"""Make shapes in plan fit for union, buffer and area: repair what can be repaired, refuse the rest, and say both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import UsageError, suggest

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

#: m2; a polygon below this is an artefact of digitising, not a thing in a city
LEAST_AREA = 0.01

#: m; mean width (twice the area over the perimeter) below which a polygon is a sliver between two others
LEAST_WIDTH = 1e-3

POINT, LINE, RING, POLYGON, MULTI_POINT, MULTI_LINE, MULTI_POLYGON, COLLECTION = range(8)
FAMILIES = {"point": (POINT, MULTI_POINT), "line": (LINE, RING, MULTI_LINE), "polygon": (POLYGON, MULTI_POLYGON)}
NAMES = ("point", "line", "ring", "polygon", "points", "lines", "polygons", "collection")


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What `repair` found.

    geometry  (n,) object: 2-D and valid; None where the row is refused or had no geometry to begin with
    repaired  row -> what was wrong and what it cost
    refused   row -> why nothing can be kept
    """

    geometry: NDArray[np.object_]
    repaired: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def repair(geometries: NDArray[np.object_], shape: str) -> Checked:
    """Return valid 2-D geometries with a sentence for each that was repaired or refused.

    geometries  (n,) shapely geometries in metres, None where there is none
    shape       what the kind of feature needs: polygon, line, point or any
    Self-intersections, spikes, overlapping shells and holes outside are mended by the areas their rings enclose; a
    hole never adds area. Of a collection the parts of the needed shape are kept.
    """
    import shapely

    if shape != "any" and shape not in FAMILIES:
        raise UsageError(f"shape '{shape}' is not known; {suggest(shape, [*FAMILIES, 'any'])}")
    out = np.array(geometries, dtype=object, copy=True)
    three = shapely.has_z(out)
    if three.any():
        out[three] = shapely.force_2d(out[three])
    checked = Checked(out)
    _refuse(checked, shapely.is_empty(out) & ~shapely.is_missing(out), "empty geometry")
    place, owner = shapely.get_coordinates(out, return_index=True)
    stray = np.zeros(len(out), dtype=bool)
    stray[owner[~np.isfinite(place).all(axis=1)]] = True
    _refuse(checked, stray, "coordinate is not a finite number")
    _unpack(checked, shape)
    _shape(checked, shape)
    _mend(checked)
    _thin(checked)
    return checked


def _refuse(checked: Checked, rows: NDArray[np.bool_] | list[int], reason: str) -> None:
    """Give up rows: a mask over all of them, or their positions."""
    for row in rows if isinstance(rows, list) else np.flatnonzero(rows).tolist():
        checked.refused[row] = reason
        checked.repaired.pop(row, None)
        checked.geometry[row] = None


def _unpack(checked: Checked, shape: str) -> None:
    """Take out of each collection the parts of the needed shape, for `any` those of the highest dimension."""
    import shapely

    for row in np.flatnonzero(shapely.get_type_id(checked.geometry) == COLLECTION).tolist():
        parts = _flat(checked.geometry[row])
        kinds = shapely.get_type_id(parts)
        for family in (shape,) if shape != "any" else ("polygon", "line", "point"):
            fits = parts[np.isin(kinds, FAMILIES[family])]
            if len(fits):
                checked.geometry[row] = _gathered(fits, family)
                checked.repaired[row] = (
                    f"collection of {len(parts)} parts: {len(fits)} kept ({family}), {len(parts) - len(fits)} left out"
                )
                break
        else:
            checked.refused[row] = f"collection of {len(parts)} parts holds no {shape}"
            checked.geometry[row] = None


def _flat(geometry: BaseGeometry) -> NDArray[np.object_]:
    """Return the single geometries of a collection, however deep they lie."""
    import shapely

    parts = np.asarray(shapely.get_parts(geometry), dtype=object)
    while (shapely.get_type_id(parts) >= MULTI_POINT).any():
        parts = np.asarray(shapely.get_parts(parts), dtype=object)
    return parts


def _gathered(parts: NDArray[np.object_], family: str) -> BaseGeometry:
    import shapely

    if len(parts) == 1:
        single: BaseGeometry = parts[0]
        return single
    make: dict[str, Callable[..., BaseGeometry]] = {
        "point": shapely.multipoints,
        "line": shapely.multilinestrings,
        "polygon": shapely.multipolygons,
    }
    return make[family](parts)


def _shape(checked: Checked, shape: str) -> None:
    """Refuse what is of another shape than the kind needs."""
    import shapely

    if shape == "any":
        return
    kinds = shapely.get_type_id(checked.geometry)
    for kind in np.unique(kinds[kinds >= 0]).tolist():
        if kind not in FAMILIES[shape]:
            _refuse(checked, kinds == kind, f"needs a {shape}, found a {NAMES[kind]}")


def _mend(checked: Checked) -> None:
    import shapely

    out = checked.geometry
    bad = np.flatnonzero(~shapely.is_valid(out) & ~shapely.is_missing(out))
    for row in bad.tolist():
        geometry = out[row]
        fault = shapely.is_valid_reason(geometry)
        if shapely.get_type_id(geometry) not in FAMILIES["polygon"]:
            _refuse(checked, [row], f"not valid: {fault}")
            continue
        mended = _areas(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
        shells = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(geometry)))
        within = shapely.union_all(shapely.make_valid(shells, method="structure", keep_collapsed=False))
        mended = None if mended is None else _areas(shapely.intersection(mended, within))
        if mended is None:
            _refuse(checked, [row], f"encloses no area: {fault}")
            continue
        before, after = abs(geometry.area), float(shapely.area(mended))
        out[row] = mended
        note = f"{fault}: area {before:.3f} m2 became {after:.3f} m2"
        checked.repaired[row] = "; ".join(filter(None, (checked.repaired.get(row), note)))


def _areas(geometry: BaseGeometry) -> BaseGeometry | None:
    """Return the polygons of a geometry as one, None when it has none."""
    import shapely

    parts = _flat(geometry)
    parts = parts[(shapely.get_type_id(parts) == POLYGON) & (shapely.area(parts) > 0)]
    return _gathered(parts, "polygon") if len(parts) else None


def _thin(checked: Checked) -> None:
    """Refuse polygons without area and slivers, and lines without length."""
    import shapely

    kinds = shapely.get_type_id(checked.geometry)
    polygons, lines = np.isin(kinds, FAMILIES["polygon"]), np.isin(kinds, FAMILIES["line"])
    area, length = shapely.area(checked.geometry), shapely.length(checked.geometry)
    with np.errstate(invalid="ignore", divide="ignore"):
        sliver = polygons & ((area < LEAST_AREA) | (2.0 * area / length < LEAST_WIDTH))
    for row in np.flatnonzero(sliver).tolist():
        _refuse(checked, [row], f"sliver: area {area[row]:.2g} m2 on {length[row]:.6g} m of outline")
    _refuse(checked, lines & (length <= 0.0), "line without length")
