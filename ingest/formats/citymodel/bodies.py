"""City objects with flat bodies to features: footprints, surfaces, levels; shared by CityJSON and CityGML."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ingest.formats.citymodel.levels import Levels
from ingest.formats.citymodel.objects import FARTHEST
from ingest.formats.columns import Columns
from twin.geometry import surfaces
from twin.model.feature import Features
from twin.model.field import Tin
from twin.model.finding import Finding, Quarantined

if TYPE_CHECKING:
    from ingest.formats.citymodel.objects import Body, CityObject

#: m of a degree of latitude
DEGREE = 111_320.0


@dataclass(slots=True)
class Record:
    """An object with those that are merged into it, itself first."""

    kind: str
    members: list[CityObject]
    parent: str | None

    @property
    def head(self) -> CityObject:
        """The object whose id the feature bears."""
        return self.members[0]

    def bodies(self) -> Iterator[Body]:
        """Yield the bodies of all members."""
        return chain.from_iterable(m.bodies for m in self.members)


def sift(objects: Sequence[CityObject], xyz: NDArray[np.float64]) -> None:
    """Take bodies off their objects whose corners are not there or not finite, and note the fault.

    xyz  (n, 3) all corners of the batch
    """
    for one in objects:
        if thin := sum(body.thin for body in one.bodies):
            one.faults.append(f"{one.id}.geometry: {thin} faces have a ring of fewer than three vertices; left out")
    pairs = [(one, body) for one in objects for body in one.bodies if len(body.corners)]
    if not pairs:
        return
    start = surfaces.starts(np.array([len(b.corners) for _, b in pairs]))[:-1]
    corners = np.concatenate([b.corners for _, b in pairs])
    low, high = np.minimum.reduceat(corners, start), np.maximum.reduceat(corners, start)
    limit = np.array([b.limit for _, b in pairs])
    bad = (low < 0) | (high >= limit)
    for i in np.flatnonzero(bad):
        one, body = pairs[i]
        index = low[i] if low[i] < 0 else high[i]
        one.faults.append(f"{one.id}.geometry.boundaries: index {index} is not among the {body.limit} vertices")
        one.bodies.remove(body)
    fine = np.asarray((np.abs(xyz) < FARTHEST).all(axis=1))
    if fine.all():
        return
    for one, body in pairs:
        if body in one.bodies:
            at = body.corners + body.base
            if not fine[at].all():
                index = int(body.corners[~fine[at]][0])
                one.faults.append(f"{one.id}.geometry: vertex {index} is no place: {xyz[body.base + index].tolist()}")
                one.bodies.remove(body)


def soup_of(records: Sequence[Record], xyz: NDArray[np.float64]) -> surfaces.Soup:
    """Return the faces of each record as one body."""
    bodies = [[b for b in r.bodies() if b.kind == "faces"] for r in records]
    flat = list(chain.from_iterable(bodies))
    corners = np.concatenate([b.corners + b.base for b in flat]) if flat else np.empty(0, np.int64)
    rings = np.fromiter(chain.from_iterable(b.rings for b in flat), np.int64)
    faces = np.fromiter(chain.from_iterable(b.faces for b in flat), np.int64)
    letters = "".join(b.letters for b in flat)
    return surfaces.Soup(
        xyz=xyz[corners],
        rings=surfaces.starts(rings),
        faces=surfaces.starts(faces),
        bodies=surfaces.starts(np.array([sum(len(b.faces) for b in group) for group in bodies], dtype=np.int64)),
        letters=np.frombuffer(letters.encode("utf-32-le"), dtype="<U1"),
    )


class Assembly:
    """Records of one file to features, batch after batch; remembers what is to be said at the end.

    texts  whether the format writes numbers as text
    """

    def __init__(
        self, where: str, crs: str | None, vertical: str | None, layer: str | None, *, texts: bool = False
    ) -> None:
        self.where, self.crs, self.vertical, self.layer, self.texts = where, crs, vertical, layer, texts
        self._columns: dict[str, Columns] = {}
        self._levels = Levels(where)
        self._how: Counter[str] = Counter()
        self._merged = 0
        self._mended: list[str] = []
        self._nowhere: list[str] = []
        self._mismatched: list[str] = []
        self._told = 0

    def features(
        self, kind: str, records: Sequence[Record], xyz: NDArray[np.float64]
    ) -> Iterator[Features | Quarantined]:
        """Yield the records of one kind as features.

        xyz  (n, 3) all corners of the batch, in the file's coordinate system: x east, y north, z up
        """
        soup = soup_of(records, xyz)
        facing = surfaces.facing(soup, self._metres(soup.xyz))
        closed = surfaces.is_closed(soup, facing)
        plan = surfaces.footprints(soup, facing, closed)
        geometry = plan.geometry
        has_faces = np.diff(soup.bodies) > 0
        for i in np.flatnonzero(~has_faces).tolist():
            geometry[i] = _thin(records[i], xyz)
        letters = surfaces.told_by_slope(soup, facing, closed)
        self._told += int((letters != soup.letters).sum())
        ids = [r.head.id for r in records]
        lines = np.array([r.head.line for r in records], dtype=np.int64)
        if kind == "building":
            self._how.update(plan.how[has_faces].tolist())
        self._note(records, ids, plan, geometry)
        columns = self._columns.setdefault(kind, Columns(f"{self.where} {kind}", texts=self.texts))
        attributes = columns.tidy(_table(records), ids, lines.tolist())
        if kind == "building":
            n = len(records)
            height, ground = self._levels.take(
                surfaces.highest(soup), np.where(np.isnan(plan.foot), surfaces.lowest(soup), plan.foot),
                attributes.get("height", [None] * n), attributes.get("ground", [None] * n),
            )  # fmt: skip
            attributes |= {"height": height, "ground": ground}
        yield from columns.quarantined
        columns.quarantined.clear()
        whole = letters.tobytes().decode("utf-32-le")
        ends = soup.bodies.tolist()
        shapes = surfaces.multipolygons(soup)
        yield Features(
            kind=kind,
            ids=ids,
            geometry=geometry,
            crs=self.crs,
            attributes=attributes,
            lines=lines,
            layer=self.layer,
            parents=[r.parent for r in records] if any(r.parent for r in records) else None,
            surfaces=shapes if has_faces.any() else None,
            surface_kinds=[whole[a:b] for a, b in pairwise(ends)] if has_faces.any() else None,
            vertical=self.vertical,
        )

    def _metres(self, xyz: NDArray[np.float64]) -> tuple[float, float]:
        """Return how many metres one unit of x and of y is, on a sphere where the system is in degrees."""
        from twin.geometry.crs import parse

        if self.crs is None or not len(xyz) or not parse(self.crs).is_geographic:
            return 1.0, 1.0
        return DEGREE * float(np.cos(np.radians(np.clip(np.median(xyz[:, 1]), -89, 89)))), DEGREE

    def _note(
        self, records: Sequence[Record], ids: list[str], plan: surfaces.Plan, geometry: NDArray[np.object_]
    ) -> None:
        self._merged += sum(len(r.members) - 1 for r in records)
        self._mended += [ids[i] for i in np.flatnonzero(plan.mended)]
        self._nowhere += [name for name, shape in zip(ids, geometry, strict=True) if shape is None]
        self._mismatched += [r.head.id for r in records if any(b.mismatch for b in r.bodies())]

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be said about the file as a whole."""
        ways = {"G": "ground surfaces", "U": "undersides of their shells", "P": "projections of all their faces"}
        if self._how:
            told = ", ".join(f"{n} by {ways[how]}" for how, n in self._how.most_common() if how)
            yield Finding("info", "footprints", f"{self.where}: footprints of buildings: {told}")
        if self._merged:
            yield Finding(
                "info", "parts", f"{self.where}: {self._merged} parts were merged into the objects they belong to"
            )
        if self._told:
            message = (
                f"{self.where}: {self._told} faces have no semantics; ground, wall and roof were told by their slope"
            )
            yield Finding("info", "semantics", message)
        for code, who, what in (
            (
                "mended",
                self._mended,
                "have a face that crosses itself; it was made valid before the footprint was drawn",
            ),
            ("no-geometry", self._nowhere, "have no geometry that covers anything in plan"),
            ("semantics", self._mismatched, "have semantics that do not match their faces; they were left out"),
        ):
            if who:
                some = ", ".join(ascii(w)[1:-1] for w in who[:5]) + "..." * (len(who) > 5)
                yield Finding("warning", code, f"{self.where}: {len(who)} objects {what} ({some})", some)
        yield from self._levels.findings()
        for columns in self._columns.values():
            yield from columns.findings()


def _table(records: Sequence[Record]) -> dict[str, list[object]]:
    """Return the attributes of records as columns; those of merged parts as JSON in the column "parts"."""
    n = len(records)
    table: dict[str, list[object]] = {}
    for i, record in enumerate(records):
        for name, value in record.head.attributes.items():
            if name not in table:
                table[name] = [None] * n
            table[name][i] = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        if len(record.members) > 1:
            _add_parts(record, table, i, n)
    return table


def _add_parts(record: Record, table: dict[str, list[object]], i: int, n: int) -> None:
    parts: list[dict[str, Any]] = [{"id": m.id, **m.attributes} for m in record.members[1:]]
    table.setdefault("parts", [None] * n)[i] = json.dumps(parts, ensure_ascii=False)
    heights = [m.attributes.get("measuredHeight") for m in record.members[1:]]
    known = [h for h in heights if isinstance(h, int | float) and not isinstance(h, bool) and h > 0]
    if known and record.head.attributes.get("measuredHeight") is None:
        table.setdefault("measuredHeight", [None] * n)[i] = max(known)


def _thin(record: Record, xyz: NDArray[np.float64]) -> object:
    """Return points or lines of a record without faces as a shapely geometry, None when it has neither."""
    import shapely

    for body in record.bodies():
        place = xyz[body.corners + body.base, :2]
        if body.kind == "points" and len(place):
            return shapely.multipoints(place) if len(place) > 1 else shapely.points(place[0])
        if body.kind == "lines" and body.rings and min(body.rings) > 1:
            cuts = np.cumsum(body.rings)[:-1]
            return shapely.MultiLineString(np.split(place, cuts))
    return None


def tins(
    one: CityObject, xyz: NDArray[np.float64], where: str, crs: str | None, vertical: str | None
) -> Iterator[Tin | Finding]:
    """Yield the terrain of an object; faces with more than three corners are cut into a fan, and that is said."""
    corners: list[NDArray[np.int64]] = []
    fanned = 0
    for body in (b for b in one.bodies if b.kind == "faces"):
        start = surfaces.starts(np.array(body.rings, dtype=np.int64))
        size = np.diff(start)
        for i in np.flatnonzero(size > 3):
            fanned += 1
            ring = body.corners[start[i] : start[i + 1]] + body.base
            corners.append(np.stack([np.repeat(ring[0], len(ring) - 2), ring[1:-1], ring[2:]], axis=1))
        corners.append(body.corners[start[np.flatnonzero(size == 3)][:, None] + np.arange(3)] + body.base)
    used, faces = np.unique(np.concatenate(corners), return_inverse=True)
    if fanned:
        message = f"{where}: {fanned} faces of the terrain {one.id} have more than three corners; cut into fans"
        yield Finding("info", "fan", message, one.id)
    yield Tin("elevation", xyz[used], faces.reshape(-1, 3).astype(np.int64), crs, vertical, one.line)
