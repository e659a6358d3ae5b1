"""The coordinate system and height datum of a file: its own word, else the person's; never a guess, always said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ingest.reading import ReadOptions
from twin.errors import InputError
from twin.model.finding import Finding

_CODE = re.compile(r"[A-Za-z]+:[\w+]+")


@dataclass(frozen=True, slots=True)
class Systems:
    """A coordinate system ("EPSG:5186", WKT), a height datum, None where nobody says; and what is to be said."""

    crs: str | None
    vertical: str | None
    findings: list[Finding] = field(default_factory=list)


def named(text: str, where: str) -> tuple[str, str | None]:
    """Return the shortest exact name of the system that a file names, and its height datum.

    Raises InputError, with the place, when it is not known.
    """
    from twin.geometry.crs import label, parse, vertical_of

    try:
        found = parse(text)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    name = label(found)
    if not _CODE.fullmatch(name):
        name = _code_of(found) or found.to_wkt()
    return name, vertical_of(found)


def _code_of(found: Any) -> str | None:
    """Return the code of a system that goes by another name, with axes in another order; None when none is the same."""
    from pyproj import CRS

    if found.is_compound:
        return None
    for entry in found.list_authority(auth_name="EPSG", min_confidence=20):
        if _same(CRS.from_authority(entry.auth_name, entry.code), found):
            return f"{entry.auth_name}:{entry.code}"
    return None


def _same(one: Any, other: Any) -> bool:
    """Return whether two systems differ at most in the names and the order of their axes."""
    if one.equals(other, ignore_axis_order=True):
        return True
    a, b = one.coordinate_operation, other.coordinate_operation
    if a is None or b is None or a.method_name != b.method_name:
        return False
    numbers = [sorted((p.name, round(p.value * p.unit_conversion_factor, 12)) for p in op.params) for op in (a, b)]
    units = [sorted(axis.unit_conversion_factor for axis in crs.axis_info) for crs in (one, other)]
    frames = one.geodetic_crs.equals(other.geodetic_crs, ignore_axis_order=True)
    return bool(frames) and numbers[0] == numbers[1] and units[0] == units[1]


def settle(said: str | None, options: ReadOptions, where: str) -> Systems:
    """Return the systems of a file that says `said` about itself (None: nothing)."""
    findings: list[Finding] = []
    given = named(options.crs, where) if options.crs else (None, None)
    crs, vertical = named(said, where) if said else given
    if said and given[0] and given[0] != crs:
        message = f"{where}: is in {_short(crs)}; the stated {options.crs} was not used"
        findings.append(Finding("warning", "crs", message))
    elif given[0] and not said:
        message = f"{where}: states no coordinate system; taken as {options.crs}, as stated"
        findings.append(Finding("info", "crs", message))
    if vertical and options.vertical and vertical != options.vertical:
        message = f"{where}: its heights are {vertical}; the stated {options.vertical} was not used"
        findings.append(Finding("warning", "vertical", message))
    return Systems(crs, vertical or options.vertical, findings)


def is_geographic(crs: str | None) -> bool:
    """Return whether coordinates in a system are degrees."""
    from twin.geometry.crs import horizontal

    return crs is not None and bool(horizontal(crs).is_geographic)


def _short(text: str | None) -> str:
    return str(text) if len(str(text)) < 60 else f"{str(text)[:57]}..."
