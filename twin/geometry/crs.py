"""Coordinate systems: read their names, take them apart, move coordinates between them. East before north, always.

Heights are never converted: without the national geoid grids, which are not shipped, PROJ hands ellipsoidal
heights back unchanged as if they stood above the sea. `vertical_of` tells the datums apart; who mixes them is refused.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.errors import InputError, MissingError, UnitsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from pyproj import CRS, Transformer

    from twin.model.field import Bounds

#: what a vertical datum is called when heights are counted from the ellipsoid
ELLIPSOIDAL = "ellipsoidal"

#: systems a Korean city office hands out, for the tail of errors
USUAL = (
    "EPSG:5185",
    "EPSG:5186",
    "EPSG:5187",
    "EPSG:5188",
    "EPSG:5179",
    "EPSG:5181",
    "EPSG:5174",
    "EPSG:2097",
    "EPSG:4326",
)


@lru_cache(maxsize=256)
def _parse(text: str) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(text.strip())
    except CRSError as error:
        shown = text if len(text) <= 80 else f"{text[:80]}..."
        raise InputError(
            f"coordinate system {shown!r} is not known; write an EPSG code (usual ones: {', '.join(USUAL)}) or WKT"
        ) from error


def parse(text: str | CRS) -> CRS:
    """Return the coordinate system a text names.

    text  "EPSG:5186", "5186", an OGC URN or URL, a compound "EPSG:5186+5193", WKT or PROJJSON
    Raises MissingError (empty) and InputError (unknown; the message lists the usual ones).
    """
    if not isinstance(text, str):
        return text
    if not text.strip():
        raise MissingError(f"no coordinate system is given; write one, for example {USUAL[1]}")
    return _parse(text)


def horizontal(crs: str | CRS) -> CRS:
    """Return the part of a coordinate system that places things in plan (2-D).

    Raises InputError for systems without such a part: vertical, geocentric, engineering.
    """
    found = parse(crs)
    if found.is_compound:
        found = next((part for part in found.sub_crs_list if not part.is_vertical), found)
    if not (found.is_projected or found.is_geographic):
        raise InputError(f"coordinate system {label(found)} ({found.type_name}) does not place things in plan")
    return found.to_2d() if len(found.axis_info) > 2 else found


def vertical_of(crs: str | CRS | None) -> str | None:
    """Return the height datum a system states: "EPSG:5193", "ellipsoidal", a name, or None when it is 2-D."""
    if crs is None:
        return None
    found = parse(crs)
    if found.is_compound:
        return next((label(part) for part in found.sub_crs_list if part.is_vertical), None)
    if found.is_vertical:
        return label(found)
    three = len(found.axis_info) > 2 and (found.is_geographic or found.is_projected)
    return ELLIPSOIDAL if three else None


def vertical_datum(text: str | None) -> str | None:
    """Return a height datum in one spelling: its EPSG code, "ellipsoidal", or None for None and "".

    text  "EPSG:5193", "5193", "ellipsoidal", or a 3-D or compound system that contains one
    Raises InputError for a coordinate system without heights.
    """
    if text is None or not text.strip():
        return None
    if text.strip().lower() == ELLIPSOIDAL:
        return ELLIPSOIDAL
    found = vertical_of(text)
    if found is None:
        raise InputError(
            f"height datum {text!r} is a coordinate system in plan; write one such as EPSG:5193 or ellipsoidal"
        )
    return found


def metres_per_unit(vertical: str | None) -> float:
    """Return how many metres one unit of a height datum is: 1 for most, 0.3048... for feet."""
    if vertical is None or vertical == ELLIPSOIDAL:
        return 1.0
    found = parse(vertical)
    part = next((p for p in found.sub_crs_list if p.is_vertical), found) if found.is_compound else found
    return float(part.axis_info[-1].unit_conversion_factor)


def label(crs: str | CRS) -> str:
    """Return the shortest exact name: "EPSG:5186", "EPSG:5186+5193" or, where there is no code, its own name."""
    found = parse(crs)
    code = found.to_epsg(min_confidence=100)
    if code is not None:
        return f"EPSG:{code}"
    if found.is_compound:
        codes = [part.to_epsg(min_confidence=100) for part in found.sub_crs_list]
        if all(codes):
            return f"EPSG:{'+'.join(str(c) for c in codes)}"
    authority = found.to_authority(min_confidence=100)
    return ":".join(authority) if authority else str(found.name)


def require_projected_metres(crs: str | CRS) -> CRS:
    """Return the system if a city can be measured in it: projected, in metres, without heights.

    Raises UnitsError otherwise, with what to take instead.
    """
    found = parse(crs)
    if vertical_of(found) is not None:
        raise UnitsError(
            f"coordinate system {label(found)} holds heights; give {label(horizontal(found))} and the height datum"
            f" {vertical_of(found)} apart from it"
        )
    if not found.is_projected:
        raise UnitsError(
            f"coordinate system {label(found)} ({found.type_name}) is not in metres; a city needs a projected one,"
            " for example EPSG:5186"
        )
    units = {axis.unit_name for axis in found.axis_info}
    if any(abs(axis.unit_conversion_factor - 1.0) > 1e-12 for axis in found.axis_info):
        raise UnitsError(
            f"coordinate system {label(found)} is in {', '.join(sorted(units))}; a city needs one in metres,"
            " for example EPSG:5186"
        )
    return found


def same(a: str | CRS, b: str | CRS) -> bool:
    """Return whether two systems place things alike in plan."""
    one, two = horizontal(a), horizontal(b)
    return bool(one.equals(two, ignore_axis_order=True)) or label(one) == label(two)


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    here, there = horizontal(source), horizontal(target)
    try:
        # allow_ballpark=False: PROJ would rather be 300 m off than say that it knows no datum shift
        return Transformer.from_crs(here, there, always_xy=True, allow_ballpark=False)
    except ProjError as error:
        raise UnitsError(
            f"no datum shift is known from {label(here)} to {label(there)}, a guess would be off by hundreds of metres:"
            " state the file's own system by its EPSG code; if it is of another country, it needs a twin of its own"
        ) from error


def _text(crs: str | CRS) -> str:
    return crs if isinstance(crs, str) else crs.to_wkt()


def convert_xy(
    x: ArrayLike, y: ArrayLike, source: str | CRS, target: str | CRS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x, y (east, north or lon, lat) in `target`; infinite where the point has no place there.

    x, y    (n,) in `source`: east, north in its units, or lon, lat in degrees
    Raises UnitsError when no datum shift between the two is known.
    """
    here, there = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if same(source, target):
        return here.copy(), there.copy()
    east, north = _transformer(_text(source), _text(target)).transform(here, there)
    return np.asarray(east), np.asarray(north)


def convert(geometries: NDArray[np.object_], source: str | CRS, target: str | CRS) -> NDArray[np.object_]:
    """Return shapely geometries in `target`; heights stay as they are, None stays None.

    geometries  (n,) shapely geometries, 2-D or 3-D
    Raises UnitsError when no datum shift between the two is known.
    """
    import shapely

    out = np.array(geometries, dtype=object, copy=True)
    if same(source, target) or not len(out):
        return out
    for has_z in (False, True):
        rows = np.flatnonzero(shapely.has_z(out) == has_z)
        if not len(rows):
            continue
        place = shapely.get_coordinates(out[rows], include_z=has_z)
        place[:, 0], place[:, 1] = convert_xy(place[:, 0], place[:, 1], source, target)
        out[rows] = shapely.set_coordinates(out[rows], place)
    return out


def area_of_use(crs: str | CRS, margin: float = 0.0) -> Bounds | None:
    """Return west, south, east, north in degrees of where a system is meant for, None when it does not say.

    margin  degree  added on each side
    """
    area = horizontal(crs).area_of_use
    if area is None:
        return None
    return area.west - margin, area.south - margin, area.east + margin, area.north + margin


def to_lon_lat(x: ArrayLike, y: ArrayLike, crs: str | CRS) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude in degrees on the system's own ellipsoid (no datum shift)."""
    found: Any = horizontal(crs)
    geodetic = found.geodetic_crs
    if found.is_geographic or geodetic is None:
        return np.asarray(x, np.float64), np.asarray(y, np.float64)
    return convert_xy(x, y, found, geodetic)
