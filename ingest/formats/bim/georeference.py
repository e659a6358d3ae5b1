"""Where a BIM model lies on the earth: by what its file says, or by what a person says, never by default.

In this order: a declaration given by hand; IfcMapConversion or IfcRigidOperation; ePSet_MapConversion with
ePSet_ProjectedCRS on site or project (the way of IFC2X3); latitude and longitude of the site. A declaration is a TOML
file beside the model (FILE.ifc.toml) or named by `ReadOptions.declaration`:

    [georeference]
    crs = "EPSG:5186"
    eastings = 213000.0      # where the model's origin lies, in the units of the crs
    northings = 467000.0
    height = 25.0            # of the model's z = 0
    rotation_deg = 12.5      # how far the model's x axis is turned from east, counterclockwise
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.errors import InputError, MissingError, suggest
from twin.model.finding import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

#: m from the model's origin beyond which its shapes cannot be meant as local
FAR = 10_000.0

_KEYS = ("crs", "eastings", "northings", "height", "rotation_deg")


@dataclass(frozen=True, slots=True)
class Georeference:
    """A turn, a stretch and a shift from local metres to a coordinate system.

    crs      projected; `unit` metres are one unit of it
    east, north, up   where the local origin lies: in units of the crs, and in m
    turn     radians, counterclockwise, from the local x axis to east
    stretch  map metres per local metre (grid scale), near 1
    how      what it was taken from
    """

    crs: str
    east: float
    north: float
    up: float
    turn: float
    stretch: float = 1.0
    unit: float = 1.0
    how: str = ""

    def axes(self, local: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return local metres (n, 3) in metres to the east, to the north and up from the local origin."""
        cos, sin = math.cos(self.turn) * self.stretch, math.sin(self.turn) * self.stretch
        x, y = local[:, 0], local[:, 1]
        return np.column_stack([cos * x - sin * y, sin * x + cos * y, local[:, 2]])

    def plan(self, local: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return local metres (n, 2 or 3) as x, y (n, 2) in the coordinate system."""
        moved = self.axes(np.column_stack([local[:, :2], np.zeros(len(local))]))[:, :2]
        return np.asarray(moved / self.unit + (self.east, self.north), dtype=np.float64)


def declared(path: Path) -> Georeference:
    """Return the georeference that a TOML file gives by hand.

    Raises InputError for what is not TOML or not known, MissingError for what must be said.
    """
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name}: not a declaration in TOML: {error}") from error
    table = data.get("georeference")
    if not isinstance(table, dict):
        raise MissingError(f"{path.name}: the table [georeference] is missing")
    for key in table:
        if key not in _KEYS:
            raise InputError(f"{path.name} [georeference]: '{key}' is not known; {suggest(key, _KEYS)}")
    lost = [key for key in ("crs", "eastings", "northings", "height") if key not in table]
    if lost:
        raise MissingError(f"{path.name} [georeference]: {', '.join(lost)} missing")
    numbers = {key: _number(table.get(key, 0.0), f"{path.name} [georeference] {key}") for key in _KEYS[1:]}
    crs = str(table["crs"])
    unit = _projected(crs, path.name)
    return Georeference(
        crs, numbers["eastings"], numbers["northings"], numbers["height"], math.radians(numbers["rotation_deg"]),
        unit=unit, how="given by hand",
    )  # fmt: skip


def resolve(
    name: str, said: Mapping[str, Any], unit: float, crs: str | None, centre: NDArray[np.float64]
) -> tuple[Georeference, list[Finding]]:
    """Return where the model `name` lies by what its file says, and what is to be said about that.

    said    all that the file says of its place, as the child read it
    unit    m, its unit of length
    crs     the one the person gave; used where the file names none
    centre  (3,) m, middle of its bodies

    Raises MissingError, telling how to give it, when the file says nothing; identity is never assumed.
    """
    found: list[Finding] = []
    for operation in said.get("operations", []):
        if operation["type"] == "IfcRigidOperation":
            place = _rigid(name, operation, said, crs, unit, found)
        else:
            place = _conversion(name, operation, unit, crs, operation["type"], found)
        return _checked(place, said, name, centre, found)
    if "epset" in said:
        place = _conversion(name, said["epset"], unit, crs, "ePSet_MapConversion", found)
        return _checked(place, said, name, centre, found)
    if "site" in said:
        lat, lon = _degrees(said["site"]["latitude"]), _degrees(said["site"]["longitude"])
        up = _number(said["site"].get("elevation") or 0.0, name) * unit
        text = (
            f"{name}: placed by latitude {lat:.6f} and longitude {lon:.6f} of its site, which authoring tools often "
            "fill with their default town; accuracy unknown (metres at best). Say it exactly by a [georeference]"
        )
        found.append(Finding("warning", "georeference", text))
        place = _geographic(lon, lat, up, said, unit, "latitude and longitude of IfcSite")
        return _checked(place, said, name, centre, found)
    if crs is not None and float(np.hypot(*centre[:2])) > FAR:
        text = f"{name}: says nothing of its place, but its coordinates are far from 0; taken as {crs}, as stated"
        found.append(Finding("warning", "georeference", text))
        return Georeference(crs, 0.0, 0.0, 0.0, 0.0, unit=_projected(crs, name), how="coordinates as they stand"), found
    raise MissingError(
        f"{name}: says nothing of where it lies (IfcMapConversion, ePSet_MapConversion, latitude and longitude); "
        f'write {name}.toml beside it:\n\n[georeference]\ncrs = "{crs or "EPSG:5186"}"\neastings = \nnorthings = \n'
        "height = \nrotation_deg = 0.0"
    )


def _conversion(
    name: str, said: Mapping[str, Any], unit: float, crs: str | None, how: str, found: list[Finding]
) -> Georeference:
    """Return the georeference of an IfcMapConversion or its property set."""
    system = said.get("crs") or crs
    if not system:
        raise MissingError(f"{name}: {how} names no coordinate system; give it with --crs")
    map_unit = _projected(str(system), name)
    given = said.get("map_unit") or map_unit
    nominal = unit / given
    stretch = 1.0
    if (scale := said.get("Scale")) is not None:
        stretch = _stretch(name, _number(scale, f"{name}: Scale"), nominal, found)
    a, o = _number(said.get("XAxisAbscissa") or 0.0, name), _number(said.get("XAxisOrdinate") or 0.0, name)
    turn = math.atan2(o, a) if (a, o) != (0.0, 0.0) else 0.0
    east, north = (_number(said.get(key), f"{name}: {key}") * given / map_unit for key in ("Eastings", "Northings"))
    up = _number(said.get("OrthogonalHeight") or 0.0, name) * given
    return Georeference(str(system), east, north, up, turn, stretch, map_unit, how)


def _stretch(name: str, scale: float, nominal: float, found: list[Finding]) -> float:
    """Return map metres per local metre by a Scale that people write in three ways.

    nominal  units of the map per unit of the model: what the standard means (times the grid's scale)
    """
    for meant, word in ((nominal, ""), (1 / nominal, "the wrong way round"), (1.0, "without regard to the units")):
        if abs(scale / meant - 1) < 0.01:
            if word:
                text = f"{name}: Scale {scale:g} is written {word}; {nominal:g} is meant, by the units of model and map"
                found.append(Finding("warning", "scale", text))
            return scale / meant
    raise InputError(f"{name}: Scale {scale:g} fits neither the units of model and map ({nominal:g}) nor their inverse")


def _rigid(
    name: str, said: Mapping[str, Any], whole: Mapping[str, Any], crs: str | None, unit: float, found: list[Finding]
) -> Georeference:
    """Return the georeference of an IfcRigidOperation: a shift, in a projected system or in degrees."""
    first, second = (_number(said[key], name) for key in ("FirstCoordinate", "SecondCoordinate"))
    up = _number(said.get("Height") or 0.0, name)
    if said.get("angles"):
        found.append(
            Finding("info", "georeference", f"{name}: IfcRigidOperation in degrees, read as longitude, latitude")
        )
        return _geographic(first, second, up, whole, unit, "IfcRigidOperation")
    system = said.get("crs") or crs
    if not system:
        raise MissingError(f"{name}: IfcRigidOperation names no coordinate system; give it with --crs")
    return Georeference(
        str(system), first, second, up, 0.0, unit=_projected(str(system), name), how="IfcRigidOperation"
    )


def _geographic(lon: float, lat: float, up: float, said: Mapping[str, Any], unit: float, how: str) -> Georeference:
    """Return the georeference of a model that states degrees: the site's origin there, true north kept, in UTM."""
    from pyproj import Transformer

    if not (-180 <= lon <= 180 and -80 <= lat <= 84):
        raise InputError(f"longitude {lon}, latitude {lat} lie outside of what UTM can hold")
    crs = f"EPSG:{(32600 if lat >= 0 else 32700) + min(int((lon + 180) // 6) + 1, 60)}"
    turn = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    step = 1e-4
    (east, a), (north, b) = turn.transform([lon, lon], [lat, lat + step])
    true_north = math.atan2(b - north, a - east)
    x, y = said.get("true_north") or (0.0, 1.0)
    angle = true_north - math.atan2(y, x)
    origin = np.array([said.get("site_origin") or (0.0, 0.0, 0.0)]) * unit
    bare = Georeference(crs, east, north, up, angle, how=how)
    moved = bare.axes(origin)[0]
    return Georeference(crs, east - moved[0], north - moved[1], up - moved[2], angle, how=how)


def _checked(
    place: Georeference, said: Mapping[str, Any], name: str, centre: NDArray[np.float64], found: list[Finding]
) -> tuple[Georeference, list[Finding]]:
    """Return the georeference, after looking whether the model is shifted twice or contradicts itself."""
    found.append(Finding("info", "georeference", f"{name}: placed in {place.crs} by {place.how}"))
    away = float(np.hypot(*centre[:2]))
    if away > FAR:
        text = f"{name}: georeferenced twice? {place.how} is applied to shapes {away / 1000:,.0f} km from their origin"
        found.append(Finding("warning", "double-georeference", text))
    if "site" in said and "IfcSite" not in place.how:
        from pyproj import Transformer

        back = Transformer.from_crs(place.crs, "EPSG:4326", always_xy=True)
        lon, lat = back.transform(place.east, place.north)
        stated = _degrees(said["site"]["longitude"]), _degrees(said["site"]["latitude"])
        apart = math.hypot((lon - stated[0]) * math.cos(math.radians(lat)), lat - stated[1]) * 111_320
        if not apart < 1000:
            text = (
                f"{name}: latitude and longitude of its site lie {apart / 1000:,.0f} km from {place.how}, which is used"
            )
            found.append(Finding("warning", "site-differs", text))
    return place, found


def _degrees(parts: list[int]) -> float:
    """Return degrees from degrees, minutes, seconds and millionths; all have the sign of the whole."""
    values = [float(p) for p in parts] + [0.0] * 4
    return values[0] + values[1] / 60 + values[2] / 3600 + values[3] / 3.6e9


def _projected(crs: str, name: str) -> float:
    """Return how many metres one unit of a projected system is."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_user_input(crs)
    except CRSError as error:
        raise InputError(f"{name}: coordinate system '{crs}' is not known; give one with --crs") from error
    if not system.is_projected:
        raise InputError(f"{name}: '{crs}' is in degrees; a building needs a projected system, for instance EPSG:5186")
    return float(system.axis_info[0].unit_conversion_factor)


def _number(value: object, where: str) -> float:
    """Return a number that a file or a person wrote, as text or not."""
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever it is, float() tells
    except (TypeError, ValueError) as error:
        raise InputError(f"{where}: {value!r} is no number") from error
    if not math.isfinite(number):
        raise InputError(f"{where}: {value!r} is no number that can be measured")
    return number
