"""CityGML 2.0 (and what 1.0 and 3.0 share with it): buildings, surfaces and terrain, element by element.

EPSG writes latitude before longitude, and so do files in such systems; features leave this room with x east, y north.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ingest.formats.citymodel.bodies import Assembly, Record, sift, tins
from ingest.formats.citymodel.gml import Elements, head_text
from ingest.formats.citymodel.gml_objects import HREF, Reading, identifier, local, parts, system, terrain
from ingest.formats.citymodel.objects import KINDS, CityObject
from ingest.formats.systems import settle
from ingest.reading import BATCH, ReadOptions
from twin.errors import InputError
from twin.model.finding import Counted, Finding, Quarantined

if TYPE_CHECKING:
    from ingest.reading import Item

RAW = 10_000


class CityGml:
    """Reads city models in XML."""

    name = "citygml"
    suffixes = (".gml", ".citygml", ".xml")

    def sniff(self, head: bytes, path: Path) -> bool:  # noqa: ARG002  the contract's argument
        """Return whether the file speaks of CityGML."""
        text = head_text(head)
        return "CityModel" in text and "citygml" in text

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield features by kind, terrain as Tin, what is quarantined, findings; last the number of city objects."""
        file = _File(path, options)
        elements = Elements(path, ("{*}cityObjectMember", "{*}featureMember"))
        for member in elements:
            if file.members == 0:
                file.open(elements.root)
            file.add(member)
            if len(file.batch.families) >= BATCH:
                yield from file.flush()
        if elements.root is None or local(elements.root) != "CityModel":
            found = "nothing" if elements.root is None else f"<{local(elements.root)}>"
            raise InputError(f"{path.name}: not CityGML: its root is {found}, not CityModel")
        yield from file.flush()
        yield from elements.findings
        yield from file.findings()
        yield Counted(file.members, "city objects" + (f" with {file.parts} parts in them" if file.parts else ""))


@dataclass(slots=True)
class _Batch:
    """Objects that are looked at together."""

    reading: Reading = field(default_factory=Reading)
    families: list[tuple[list[CityObject], str | None, str]] = field(default_factory=list)
    refused: list[Quarantined] = field(default_factory=list)


class _File:
    """A CityGML on its way to features: what holds for all of it, and the batch that is being gathered."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.path, self.options = path, options
        self.batch = _Batch()
        self.members = self.parts = self.nameless = 0
        self.default: str | None = None
        self.seen: dict[str, int] = {}
        self.said: list[Finding] = []
        self.systems: dict[str | None, _System] = {}
        self.left: dict[str, int] = {}
        self.unclosed: list[str] = []

    def open(self, root: Any) -> None:
        """Take the coordinate system of the whole from the envelope of the model."""
        self.default = next(
            (
                str(e.get("srsName"))
                for side in root
                if local(side) == "boundedBy"
                for e in side.iter()
                if e.get("srsName")
            ),
            None,
        )

    def add(self, member: Any) -> None:
        """Add the city object of a member to the batch, with its parts."""
        self.members += 1
        line = int(member.sourceline or 0)
        element = next((e for e in member if local(e)), None)
        if element is None:
            where = member.get(HREF) or "nothing"
            self._refuse(member, f"line {line}: refers to {where}, which is not in the file and is never fetched", "")
            return
        name = identifier(element)
        if name is None:
            name = f"{self.path.stem}:{self.members}"
            self.nameless += 1
        if name in self.seen:
            self._refuse(member, f"line {line}: repeats the gml:id of line {self.seen[name]}", name)
            return
        self.seen[name] = line
        reading = self.batch.reading
        head = reading.object(element, name, self.members)
        if head.type in {"ReliefFeature", "TINRelief"} and (held := terrain(element)):
            body = reading.body(held, name)
            head.type, head.bodies = "TINRelief", [body] if body else []
        family = [head]
        for part in parts(element):
            self.parts += 1
            family.append(reading.object(part, identifier(part) or f"{name}:{len(family)}", self.members))
        raw = "" if not any(m.faults for m in family) else _raw(member)
        self.batch.families.append((family, system(element), raw))

    def _refuse(self, member: Any, reason: str, name: str) -> None:
        self.batch.refused.append(Quarantined(self.members, reason, _raw(member), name))

    def flush(self) -> Iterator[Item]:
        """Yield what the batch holds and begin a new one."""
        batch, self.batch = self.batch, _Batch()
        yield from batch.refused
        for tag, n in batch.reading.left.items():
            self.left[tag] = self.left.get(tag, 0) + n
        self.unclosed += batch.reading.unclosed
        groups: dict[str | None, list[tuple[list[CityObject], str]]] = {}
        for family, said, raw in batch.families:
            groups.setdefault(said or self.default, []).append((family, raw))
        xyz = batch.reading.vertices.all()
        for said, families in groups.items():
            if said not in self.systems:
                self.systems[said] = _System(said, self.path.name, self.options, _sample(families, xyz))
                yield from self.systems[said].findings
            yield from self._features(families, self.systems[said], xyz)

    def _features(
        self, families: list[tuple[list[CityObject], str]], found: _System, xyz: NDArray[np.float64]
    ) -> Iterator[Item]:
        if found.swap:
            xyz = xyz[:, [1, 0, 2]]
        sift([m for family, _ in families for m in family], xyz)
        by_kind: dict[str, list[Record]] = {}
        for family, raw in families:
            head = family[0]
            faults = [f for m in family for f in m.faults]
            whole = not faults or any(m.bodies for m in family)
            for fault in faults:
                yield Quarantined(head.line, fault, raw, head.id, part=whole)
                if not whole:
                    break
            if not whole:
                continue
            if head.type == "TINRelief" and head.bodies:
                yield from tins(head, xyz, self.path.name, found.crs, found.vertical)
                continue
            by_kind.setdefault(KINDS.get(head.type, "feature"), []).append(
                Record(KINDS.get(head.type, "feature"), family, None)
            )
        for kind, records in by_kind.items():
            yield from found.assembly.features(kind, records, xyz)

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be said about the file as a whole."""
        name = self.path.name
        if not self.members:
            yield Finding("warning", "empty", f"{name}: a city model without a city object in it")
        if self.nameless:
            yield Finding(
                "warning",
                "id",
                f"{name}: {self.nameless} objects have no gml:id; they are called '{self.path.stem}:' and their number",
            )
        if self.unclosed:
            yield Finding(
                "warning",
                "ring",
                f"{name}: {len(self.unclosed)} rings do not end where they begin; closed ({self.unclosed[0]})",
                self.unclosed[0],
            )
        if self.left:
            told = ", ".join(f"{tag} ({n})" for tag, n in sorted(self.left.items()))
            yield Finding("info", "not-read", f"{name}: not read: {told}")
        for found in self.systems.values():
            yield from found.assembly.findings()


def _raw(member: Any) -> str:
    from lxml import etree

    return str(etree.tostring(member, encoding="unicode", with_tail=False))[:RAW]


def _sample(families: list[tuple[list[CityObject], str]], xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 2) the first two numbers of the corners of up to a thousand bodies."""
    bodies = [b for family, _ in families[:1000] for m in family for b in m.bodies]
    return np.concatenate([xyz[b.base : b.base + b.limit, :2] for b in bodies]) if bodies else np.empty((0, 2))


class _System:
    """A coordinate system that a file names, and whether its numbers stand north before east."""

    def __init__(self, said: str | None, name: str, options: ReadOptions, sample: NDArray[np.float64]) -> None:
        from twin.geometry.crs import parse

        systems = settle(said, options, name)
        self.crs, self.vertical, self.findings = systems.crs, systems.vertical, systems.findings
        self.swap = said is not None and self._north_first(parse(said), sample, name)
        self.assembly = Assembly(name, self.crs, self.vertical, options.layer, texts=True)

    def _north_first(self, found: Any, sample: NDArray[np.float64], name: str) -> bool:
        """Return whether the first number of a corner is the northing or latitude.

        Degrees stand as EPSG defines them unless they cannot; metres stand east before north, as nearly all files
        write them, unless only the other order lies where the system is meant for.
        """
        from twin.geometry.crs import area_of_use, to_lon_lat

        sample = sample[np.isfinite(sample).all(axis=1)]
        if not len(sample) or found.axis_info[0].direction != "north":
            return False
        middle = np.median(sample, axis=0)
        if found.is_geographic or (found.is_compound and found.sub_crs_list[0].is_geographic):
            if abs(middle[0]) <= 90:
                self.findings.append(
                    Finding("info", "axes", f"{name}: {self.crs} stands latitude before longitude; turned round")
                )
                return True
            self.findings.append(
                Finding(
                    "warning",
                    "axes",
                    f"{name}: {self.crs} is defined latitude first, but longitude stands first; taken so",
                )
            )
            return False
        area = area_of_use(found, margin=0.5)
        if area is None:
            return False

        def inside(x: float, y: float) -> bool:
            lon, lat = to_lon_lat([x], [y], found)
            return bool(area[0] <= lon[0] <= area[2] and area[1] <= lat[0] <= area[3])

        if inside(middle[0], middle[1]) or not inside(middle[1], middle[0]):
            return False
        self.findings.append(
            Finding("warning", "axes", f"{name}: {self.crs} stands north before east by its numbers; turned round")
        )
        return True


reader = CityGml()
