"""CityJSON 1.0, 1.1, 2.0 and CityJSONSeq, with the checks that the official schema does not make.

Objects are taken from the text one by one, so that a fault costs one object; parts are merged into their buildings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ingest.readers import BATCH, ReadOptions
from ingest.readers._bodies import Assembly, Record, sift, tins
from ingest.readers._cityobjects import (
    KINDS, PARTS, CityObject, Fault, Vertices, adopt, chosen, city_object, flatten, orphans, placed,
)
from ingest.readers._json import Cursor, Strict, reading, text_of
from twin.errors import InputError
from twin.model.finding import Counted, Finding, Quarantined

if TYPE_CHECKING:
    from ingest.readers import Item

VERSIONS = ("1.0", "1.1", "2.0")
#: bytes of a CityJSON that is read at once; a CityJSONSeq is read line by line and has no limit but that of a line
MAX_BYTES = 400_000_000
RAW = 10_000

_CITYJSON = re.compile(rb'"type"\s*:\s*"CityJSON(Feature)?"|"CityObjects"\s*:')


class CityJson:
    """Reads city models in JSON."""

    name = "cityjson"
    suffixes = (".json", ".jsonl")

    def sniff(self, head: bytes, path: Path) -> bool:  # noqa: ARG002  the contract's argument
        """Return whether the file speaks of CityJSON."""
        return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") and bool(_CITYJSON.search(head))

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield features by kind, terrain as Tin, what is quarantined, findings; last the number of objects at the top."""
        if path.suffix.lower() == ".jsonl":
            return _sequence(path, options)
        return _single(path, options)


@dataclass(slots=True)
class _Frame:
    """What holds for all objects of a file."""

    where: str
    scale: NDArray[np.float64] | None = None
    translate: NDArray[np.float64] | None = None
    crs: str | None = None
    vertical: str | None = None
    findings: list[Finding] = field(default_factory=list)

    def place(self, raw: Any, where: str) -> NDArray[np.float64]:
        """Return vertices (n, 3) in the coordinate system of the file. Raises InputError when they are no such table."""
        try:
            xyz = np.array(raw, dtype=np.float64) if raw else np.empty((0, 3))
            if xyz.ndim != 2 or xyz.shape[1] != 3:
                raise ValueError("not three numbers each")  # noqa: TRY301  told below, with those of NumPy
        except (TypeError, ValueError) as error:
            raise InputError(f"{where}: vertices must be a list of [x, y, z]: {error}") from error
        return xyz if self.scale is None or self.translate is None else xyz * self.scale + self.translate


def _frame(found: Mapping[str, Any], where: str, options: ReadOptions) -> _Frame:
    """Return version-checked transform and coordinate system of the head of a file. Raises InputError."""
    from twin.geometry.crs import label, parse, vertical_of

    if found.get("type") != "CityJSON":
        raise InputError(f"{where}: its type is {found.get('type')!r}, not CityJSON")
    version = str(found.get("version"))
    if ".".join(version.split(".")[:2]) not in VERSIONS:
        raise InputError(f"{where}: CityJSON version {version!r} is not known (known: {', '.join(VERSIONS)})")
    frame = _Frame(where)
    transform = found.get("transform")
    if transform is not None:
        try:
            frame.scale, frame.translate = (np.array(transform[k], dtype=np.float64) for k in ("scale", "translate"))
        except (TypeError, KeyError, ValueError) as error:
            raise InputError(f"{where}: transform must hold scale and translate, three numbers each") from error
        fine = frame.scale.shape == frame.translate.shape == (3,) and np.isfinite([frame.scale, frame.translate]).all()
        if not fine or not frame.scale.all():
            raise InputError(f"{where}: transform scale {transform['scale']} and translate {transform['translate']} must be finite, scale not 0")
    elif not version.startswith("1.0"):
        raise InputError(f"{where}: CityJSON {version} must have a transform")
    metadata = found.get("metadata")
    said = metadata.get("referenceSystem") if isinstance(metadata, dict) else None
    if said:
        try:
            system = parse(str(said))
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        frame.crs, frame.vertical = label(system), vertical_of(system)
        if options.crs and options.crs != frame.crs:
            frame.findings.append(Finding("warning", "crs", f"{where}: is in {frame.crs}; the stated {options.crs} was not used"))
        if frame.vertical and options.vertical and options.vertical != frame.vertical:
            frame.findings.append(Finding("warning", "vertical", f"{where}: its heights are {frame.vertical}; the stated {options.vertical} was not used"))
    elif options.crs:
        frame.crs = options.crs
        frame.findings.append(Finding("info", "crs", f"{where}: states no coordinate system; taken as {options.crs}, as stated"))
    frame.vertical = frame.vertical or options.vertical
    return frame


@dataclass(slots=True)
class _Batch:
    """Objects that are looked at together, with their corners and their raw text."""

    objects: dict[str, CityObject] = field(default_factory=dict)
    vertices: Vertices = field(default_factory=Vertices)
    text: str = ""
    doubles: list[Quarantined] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)

    def raw(self, one: CityObject) -> str:
        """Return the text of an object, or of its line in a sequence."""
        kept = self.texts.get(one.line) if self.texts else self.text[one.span[0] : min(one.span[1], one.span[0] + RAW)]
        return (kept or "")[:RAW]


def _shape(one: CityObject, found: Mapping[str, Any], base: int, limit: int, batch: _Batch, templates: Any, own: NDArray[np.float64] | None) -> None:
    """Give an object the bodies of its highest level of detail; what is wrong with them becomes a fault."""
    try:
        picked = chosen(found.get("geometry"))
    except Fault as fault:
        one.faults.append(f"{one.id}.{fault}")
        return
    for position, geometry in picked:
        where = f"{one.id}.geometry[{position}]"
        try:
            if geometry.get("type") == "GeometryInstance":
                if own is None:
                    raise Fault(f"{where}: a template can be placed only where vertices come before CityObjects")  # noqa: TRY301
                template, corners = placed(geometry, templates, own, where)
                body = flatten(template, where)
                body.base, body.limit = batch.vertices.add(corners), len(corners)
            else:
                body = flatten(geometry, where)
                body.base, body.limit = base, limit
        except Fault as fault:
            one.faults.append(str(fault))
        else:
            one.bodies.append(body)


def _single(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Yield the content of a CityJSON file."""
    text = text_of(path, MAX_BYTES)
    batch = _Batch(text=text)
    head: dict[str, Any] = {}
    strict, geometries = Strict(), []
    with reading(path.name):
        cursor = Cursor(text)
        for key in cursor.members():
            if key in head or (key == "CityObjects" and batch.objects):
                raise InputError(f"{path.name}: the key '{key}' comes twice")
            if key != "CityObjects":
                head[key] = cursor.value(strict)
                continue
            head[key] = {}
            number = 0
            for name in cursor.members():
                number += 1
                strict.take()
                cursor.peek()
                begin = cursor.at
                found = cursor.value(strict)
                one = city_object(name, found, number)
                one.span = (begin, cursor.at)
                repeated = strict.take()
                if name in batch.objects:
                    reason = f"repeats the id of object {batch.objects[name].line}"
                    batch.doubles.append(Quarantined(number, reason, batch.raw(one), ascii(name)[1:-1]))
                    continue
                if repeated:
                    one.fatal = f"holds the key '{repeated[0]}' twice"
                batch.objects[name] = one
                if not one.fatal:
                    geometries.append((one, _light(found)))
        if cursor.peek():
            raise InputError(f"{path.name}: something follows the end of the JSON object")
    for key in ("CityObjects", "vertices"):
        if key not in head:
            raise InputError(f"{path.name}: '{key}' is missing")
    frame = _frame(head, path.name, options)
    own = frame.place(head.pop("vertices"), path.name)
    batch.vertices.add(own)
    for one, found in geometries:
        for body in found.pop("bodies"):
            body.limit = len(own)
            one.bodies.append(body)
        one.faults += [f"{one.id}.{fault}" for fault in found.pop("faults")]
        if found:
            _shape(one, found, 0, len(own), batch, head.get("geometry-templates"), own)
    assembly = Assembly(path.name, frame.crs, frame.vertical, options.layer)
    yield from frame.findings
    count = yield from _records(batch, assembly, frame)
    yield from assembly.findings()
    parts = sum(o.type in PARTS for o in batch.objects.values())
    yield Counted(count, "city objects" + (f" with {parts} parts in them" if parts else ""))


def _light(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object's geometry as flat bodies, so that its nested lists can go; templates wait for the vertices."""
    kept: dict[str, Any] = {"bodies": [], "faults": []}
    try:
        picked = chosen(found.get("geometry"))
        if any(g.get("type") == "GeometryInstance" for _, g in picked):
            return kept | {"geometry": found["geometry"]}
        for position, geometry in picked:
            kept["bodies"].append(flatten(geometry, f"geometry[{position}]"))
    except Fault as fault:
        kept["faults"].append(str(fault))
    return kept


def _sequence(path: Path, options: ReadOptions) -> Iterator[Item]:
    """Yield the content of a CityJSONSeq: a head, then one feature with its own vertices on each line."""
    with path.open("rb") as file:
        first = file.readline(MAX_BYTES)
        if not first.strip():
            raise InputError(f"{path.name}: the file is empty, or its first line is")
        head = _line(first, path.name, 1, Strict())
        if head.get("type") == "CityJSONFeature":
            raise InputError(f"{path.name}:1: a CityJSONSeq begins with a CityJSON object that holds version, transform and CRS; this line is a feature")
        frame = _frame(head, f"{path.name}:1", options)
        assembly = Assembly(path.name, frame.crs, frame.vertical, options.layer)
        yield from frame.findings
        batch, strict, count, parts = _Batch(), Strict(), 0, 0
        seen: dict[str, int] = {}
        templates = head.get("geometry-templates")
        for number, raw in enumerate(iter(lambda: file.readline(MAX_BYTES), b""), 2):
            if not raw.strip():
                continue
            try:
                _add(batch, _line(raw, path.name, number, strict), number, frame, templates, strict, seen)
            except InputError as error:
                count += 1
                shown = raw[:RAW].decode("utf-8", "backslashreplace")
                yield Quarantined(number, str(error).removeprefix(f"{path.name}:{number}: "), shown)
                continue
            batch.texts[number] = raw[:RAW].decode("utf-8", "replace")
            if len(batch.objects) >= BATCH:
                parts += sum(o.type in PARTS for o in batch.objects.values())
                count += yield from _records(batch, assembly, frame)
                batch = _Batch()
        parts += sum(o.type in PARTS for o in batch.objects.values())
        count += yield from _records(batch, assembly, frame)
    yield from assembly.findings()
    yield Counted(count, "city objects" + (f" with {parts} parts in them" if parts else ""))


def _line(raw: bytes, name: str, number: int, strict: Strict) -> dict[str, Any]:
    with reading(name, number):
        try:
            found = strict.decode(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
        except UnicodeDecodeError as error:
            raise InputError(f"{name}:{number}: not UTF-8: {error.reason} at byte {error.start}") from error
    if not isinstance(found, dict):
        raise InputError(f"{name}:{number}: must be a JSON object")
    return found


def _add(batch: _Batch, found: Mapping[str, Any], number: int, frame: _Frame, templates: Any, strict: Strict, seen: dict[str, int]) -> None:
    """Add the objects of a line to the batch. Raises InputError when the line cannot be used."""
    repeated = strict.take()
    where = f"{frame.where.partition(':')[0]}:{number}"
    if repeated:
        raise InputError(f"{where}: holds the key '{repeated[0]}' twice")
    members = found.get("CityObjects")
    if found.get("type") != "CityJSONFeature" or not isinstance(members, dict) or not members:
        raise InputError(f"{where}: is no CityJSONFeature with CityObjects")
    again = next((name for name in members if name in seen), None)
    if again is not None:
        raise InputError(f"{where}: repeats the id {ascii(again)} of line {seen[again]}")
    own = frame.place(found.get("vertices"), where)
    base = batch.vertices.add(own)
    for name, member in members.items():
        one = city_object(name, member, number)
        batch.objects[name] = one
        seen[name] = number
        if not one.fatal:
            _shape(one, member, base, len(own), batch, templates, own)


def _records(batch: _Batch, assembly: Assembly, frame: _Frame) -> Iterator[Item]:
    """Yield what a batch holds; returns the number of its records."""
    roots = adopt(batch.objects)
    lost = orphans(batch.objects)
    if lost:
        some = ", ".join(lost[:5])
        yield Finding("warning", "orphan", f"{frame.where}: {len(lost)} parts name a parent that the file does not hold; kept on their own ({some})", some)
    xyz = batch.vertices.all()
    sift(list(batch.objects.values()), xyz)
    families: dict[str, list[CityObject]] = {}
    for name, root in roots.items():
        families.setdefault(root, [batch.objects[root]])
        if name != root:
            families[root].append(batch.objects[name])
    yield from batch.doubles
    by_kind: dict[str, list[Record]] = {}
    count = len(batch.doubles)
    for members in families.values():
        count += 1
        head = members[0]
        faults = [f for m in members for f in m.faults]
        fatal = next((m.fatal for m in members if m.fatal), "") or (faults[0] if faults and not any(m.bodies for m in members) else "")
        if fatal:
            yield Quarantined(head.line, fatal, batch.raw(head), ascii(head.id)[1:-1])
            continue
        for fault in faults:
            yield Quarantined(head.line, fault, batch.raw(head), head.id, part=True)
        if head.type == "TINRelief" and any(b.kind == "faces" for b in head.bodies):
            yield from tins(head, xyz, frame.where, frame.crs, frame.vertical)
            continue
        parent = next((p for p in head.parents if p in batch.objects and batch.objects[p].type != "CityObjectGroup"), None)
        kind = KINDS.get(head.type, "feature")
        by_kind.setdefault(kind, []).append(Record(kind, members, parent))
    for kind, records in by_kind.items():
        for at in range(0, len(records), BATCH):
            yield from assembly.features(kind, records[at : at + BATCH], xyz)
    return count


reader = CityJson()


