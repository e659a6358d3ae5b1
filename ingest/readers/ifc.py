"""BIM as IFC2X3, IFC4 and IFC4X3: buildings with storeys, rooms, doors and windows, and the bodies as one model.

A record is a building, storey, room (IfcSpace), door or window. Walls, slabs and the rest are no records: they are
parts of their building's model; one whose shape cannot be made is quarantined as a part. The library runs in a child
process (`ingest.formats.bim.child`), so that a file can end it and not us.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.formats.bim import georeference, run
from ingest.formats.bim import step as _ifc_step
from ingest.formats.bim.building import Building
from twin.errors import InputError
from twin.model.finding import Counted, Finding, Quarantined
from twin.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.formats.bim.georeference import Georeference
    from ingest.formats.bim.run import Content
    from ingest.formats.bim.step import Step
    from ingest.reading import Item, ReadOptions

_EPSG = re.compile(r"EPSG:\d+$")


class Ifc:
    """Reads BIM models."""

    name = "ifc"
    suffixes = (".ifc",)

    def sniff(self, head: bytes, path: Path) -> bool:
        """Return whether the file begins as STEP does, or is called .ifc (what else it is, `read` says)."""
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"ISO-10303-21;") or path.suffix.lower() == ".ifc"

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield features kind by kind in the system of the georeference, then a model per building.

        Raises InputError (not IFC, damaged, not readable), RefusedError (too large, too slow), MissingError (the file
        does not say where it lies: it tells how to).
        """
        step = _ifc_step.check(path, options.encoding)
        yield from step.findings
        content = run.run(path.name, step, Settings.from_environment())
        yield from content.findings
        facts = content.facts
        if facts["cycle"]:
            raise InputError(f"{path.name}: {facts['cycle']} is a part of itself (IfcRelAggregates)")
        if facts["projects"] > 1:
            yield Finding(
                "warning", "projects", f"{path.name}: {facts['projects']} projects in one file; IFC allows one"
            )
        bad = list(_refused(facts, step))
        refused = {quarantined.line for quarantined in bad}
        kept = [(thing, n) for n, thing in enumerate(facts["things"], 1) if n not in refused]
        place, findings = _place(path, content, options)
        yield from findings
        yield from bad
        yield from _shapeless(facts, {thing["id"]: n for thing, n in kept})
        building = Building(
            things=[thing for thing, _ in kept],
            lines=[n for _, n in kept],
            bodies=content.bodies,
            links=[(element, room) for element, room in facts["boundaries"]],
            unit=float(facts["unit"]),
            place=place,
            crs=options.crs,
            vertical=_vertical(facts) or options.vertical,
            layer=options.layer,
        )
        yield from building.features()
        yield from building.models()
        yield from _remarks(path.name, facts, building)
        yield Counted(len(facts["things"]), "products")


def _refused(facts: Mapping[str, Any], step: Step) -> Iterator[Quarantined]:
    """Yield the things that cannot be told apart or that refer to what is not there."""
    seen: set[str] = set()
    for n, thing in enumerate(facts["things"], 1):
        missing = step.dangling.get(thing["step"])
        reason = ""
        if missing:
            reason = f"#{thing['step']} refers to {', '.join(f'#{m}' for m in missing)}, which is not in the file"
        elif not thing["id"]:
            reason = f"#{thing['step']} has no GlobalId"
        elif thing["id"] in seen:
            reason = f"#{thing['step']} has the GlobalId of another thing of this file"
        else:
            seen.add(thing["id"])
        if reason:
            yield Quarantined(n, reason, json.dumps(thing, ensure_ascii=False)[:10_000], str(thing["id"] or ""))


def _shapeless(facts: Mapping[str, Any], lines: Mapping[str, int]) -> Iterator[Quarantined]:
    """Yield the products whose shape could not be made: parts of a building, or of their own record."""
    for product in facts["failed"]:
        reason = f"{product['class']} #{product['step']}: its shape cannot be made"
        raw = json.dumps(product, ensure_ascii=False)
        yield Quarantined(lines.get(product["id"], 1), reason, raw, product["id"], part=True)


def _place(path: Path, content: Content, options: ReadOptions) -> tuple[Georeference | None, list[Finding]]:
    """Return where the model lies; None when it has no bodies, for then nothing has to be placed."""
    beside = path.with_name(f"{path.name}.toml")
    declaration = options.declaration or (beside if beside.is_file() else None)
    if not content.bodies:
        return None, []
    if declaration is not None:
        place = georeference.declared(declaration)
        own = [key for key in ("operations", "epset", "site") if key in content.facts["georeference"]]
        text = f"{path.name}: placed in {place.crs}, given by hand" + (
            f"; its own ({', '.join(own)}) left aside" if own else ""
        )
        return place, [Finding("info", "georeference", text)]
    points = np.concatenate([body.vertices for body in content.bodies])
    centre = (points.min(axis=0) + points.max(axis=0)) / 2
    facts = content.facts
    return georeference.resolve(path.name, facts["georeference"], float(facts["unit"]), options.crs, centre)


def _vertical(facts: Mapping[str, Any]) -> str | None:
    """Return the height datum of the map conversion, when it is given as a code."""
    for operation in facts["georeference"].get("operations", []):
        if _EPSG.match(str(operation.get("vertical") or "")):
            return str(operation["vertical"])
    return None


def _remarks(name: str, facts: Mapping[str, Any], building: Building) -> Iterator[Finding]:
    """Yield what was in the file, and what of it has no place in the twin."""
    counts = ", ".join(f"{n} {word}" for word, n in _counts(facts).items())
    yield Finding(
        "info", "content", f"{name}: {facts['schema']}, project '{facts['project']}', {counts or 'no building'}"
    )
    if abs(float(facts["unit"]) - 1.0) > 1e-9:
        yield Finding("info", "unit", f"{name}: its unit of length is {facts['unit']:g} m; converted to m")
    for text in building.without_area:
        yield Finding("warning", "outline", f"{name}: {text}")
    yield from _joined(name, building)
    if building.bodies and not any(thing["class"] == "IfcBuilding" for thing in building.things):
        text = f"{name}: {len(building.bodies)} bodies belong to no building and are not stored"
        yield Finding("warning", "no-building", text)


def _joined(name: str, building: Building) -> Iterator[Finding]:
    """Yield how rooms are joined, and the doors of which no room is known."""
    rooms = sum(thing["class"] == "IfcSpace" for thing in building.things)
    if not rooms:
        return
    doors = building.doors
    stated, felt = len(doors.get("boundary", [])), len(doors.get("probe", [])) + len(doors.get("boundary+probe", []))
    text = (
        f"{name}: doors join rooms, {stated} as the file's space boundaries say, {felt} by where they stand; "
        f"{len(building.passages)} places where rooms are open to each other, {len(building.stairs)} stairs"
    )
    yield Finding("info", "rooms", text)
    lost = doors.get("", [])
    if lost:
        some = ", ".join(lost[:5])
        text = f"{name}: {len(lost)} doors touch no room: neither a space boundary nor their place says which: {some}"
        yield Finding("warning", "doors", text)


def _counts(facts: Mapping[str, Any]) -> dict[str, int]:
    out: dict[str, int] = {}
    for thing in facts["things"]:
        word = thing["class"].removeprefix("Ifc").lower()
        out[word] = out.get(word, 0) + 1
    return out


reader = Ifc()
