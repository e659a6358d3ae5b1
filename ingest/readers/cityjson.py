"""CityJSON 1.0, 1.1, 2.0 and CityJSONSeq, with the checks that the official schema does not make.

Objects are taken from the text one by one, so that a fault costs one object; parts are merged into their buildings.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ingest.formats.citymodel.bodies import Assembly, Record, sift, tins
from ingest.formats.citymodel.frame import Frame, frame_of
from ingest.formats.citymodel.objects import (
    KINDS,
    PARTS,
    CityObject,
    Fault,
    Vertices,
    adopt,
    chosen,
    city_object,
    flatten,
    orphans,
    placed,
)
from ingest.formats.strict_json import Cursor, Strict, reading, text_of
from ingest.reading import BATCH, ReadOptions
from twin.errors import InputError
from twin.model.finding import Counted, Finding, Quarantined

if TYPE_CHECKING:
    from ingest.reading import Item

#: bytes of a CityJSON that is read at once (it takes some twelve times that in memory), or of one line of a sequence
MAX_BYTES = 150_000_000
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
        """Yield features by kind, terrain as Tin, what is quarantined, findings; last the number of objects."""
        if path.suffix.lower() == ".jsonl":
            return _sequence(path, options)
        return _single(path, options)


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


def _shape(
    one: CityObject,
    found: Mapping[str, Any],
    base: int,
    limit: int,
    batch: _Batch,
    templates: Any,
    own: NDArray[np.float64] | None,
) -> None:
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
    text = text_of(path, MAX_BYTES, "write it as CityJSONSeq (.jsonl)")
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
    frame = frame_of(head, path.name, options)
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
            raise InputError(
                f"{path.name}:1: is a feature; a CityJSONSeq begins with a CityJSON with version, transform and CRS"
            )
        frame = frame_of(head, f"{path.name}:1", options)
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


def _add(
    batch: _Batch,
    found: Mapping[str, Any],
    number: int,
    frame: Frame,
    templates: Any,
    strict: Strict,
    seen: dict[str, int],
) -> None:
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
        raise InputError(f"{where}: repeats the id {again!a} of line {seen[again]}")
    own = frame.place(found.get("vertices"), where)
    base = batch.vertices.add(own)
    for name, member in members.items():
        one = city_object(name, member, number)
        batch.objects[name] = one
        seen[name] = number
        if not one.fatal:
            _shape(one, member, base, len(own), batch, templates, own)


def _records(batch: _Batch, assembly: Assembly, frame: Frame) -> Generator[Item, None, int]:
    """Yield what a batch holds; returns the number of its records."""
    roots = adopt(batch.objects)
    lost = orphans(batch.objects)
    if lost:
        some = ", ".join(lost[:5])
        yield Finding(
            "warning",
            "orphan",
            f"{frame.where}: {len(lost)} parts name a parent that the file does not hold; kept on their own ({some})",
            some,
        )
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
        fatal = next((m.fatal for m in members if m.fatal), "") or (
            faults[0] if faults and not any(m.bodies for m in members) else ""
        )
        if fatal:
            yield Quarantined(head.line, fatal, batch.raw(head), ascii(head.id)[1:-1])
            continue
        for fault in faults:
            yield Quarantined(head.line, fault, batch.raw(head), head.id, part=True)
        if head.type == "TINRelief" and any(b.kind == "faces" for b in head.bodies):
            yield from tins(head, xyz, frame.where, frame.crs, frame.vertical)
            continue
        parent = next(
            (p for p in head.parents if p in batch.objects and batch.objects[p].type != "CityObjectGroup"), None
        )
        kind = KINDS.get(head.type, "feature")
        by_kind.setdefault(kind, []).append(Record(kind, members, parent))
    for kind, records in by_kind.items():
        for at in range(0, len(records), BATCH):
            yield from assembly.features(kind, records[at : at + BATCH], xyz)
    return count


reader = CityJson()
