"""OpenStreetMap, as XML or PBF: buildings, roads, railways, water, land use, facilities, hydrants and their like.

A record is an object the twin has a kind for (`ingest.formats.osm_tags` says which): a way, a multipolygon
relation, or a tagged node. Objects of other sorts are counted in a finding and left out of the books. An object
whose nodes or members lie beyond the edge of the extract is quarantined. Ids are "node/1", "way/2", "relation/3".
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.formats.osm_tags import Sort, attributes, sort
from ingest.reading import BATCH
from twin.errors import InputError
from twin.model.feature import Features
from twin.model.finding import Counted, Finding, Quarantined

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.reading import Item, ReadOptions

_CRS = "EPSG:4326"
_RAW = 10_000


class Osm:
    """Reads OpenStreetMap extracts."""

    name = "osm"
    suffixes = (".osm", ".pbf", ".xml")

    def sniff(self, head: bytes, path: Path) -> bool:  # noqa: ARG002  the contract's argument
        """Return whether an OSM document or the header block of a PBF stands at the beginning."""
        return b"OSMHeader" in head[:64] or b"<osm" in head[:2048]

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield features kind by kind, in WGS 84.

        Raises InputError when the file is empty or breaks off.
        """
        import osmium

        with path.open("rb") as file:
            head = file.read(2048)
        if not head:
            raise InputError(f"{path.name}: the file is empty")
        if not self.sniff(head, path):
            raise InputError(f"{path.name}: neither OpenStreetMap XML nor PBF")
        form = "pbf" if b"OSMHeader" in head[:64] else "osm"
        wanted = osmium.filter.TagFilter(("type", "multipolygon"), ("type", "boundary"))
        content = _Content(path.name, options.layer)
        try:
            source = osmium.FileProcessor(osmium.io.File(str(path), form)).with_locations().with_areas(wanted)
            for found in source.with_filter(osmium.filter.EmptyTagFilter()):
                content.take(found)
                yield from content.full()
        except RuntimeError as error:
            raise InputError(f"{path.name}: breaks off or is damaged: {error}") from error
        yield from content.rest()
        yield from content.findings()
        yield Counted(content.records, "objects")


@dataclass(slots=True)
class _Batch:
    """Features of one kind that wait to be handed over, as rows."""

    ids: list[str] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rows: list[Mapping[str, object]] = field(default_factory=list)


@dataclass(slots=True)
class _Content:
    """What has been met in one file."""

    name: str
    layer: str | None
    records: int = 0
    _other: Counter[str] = field(default_factory=Counter)
    _kept: Counter[str] = field(default_factory=Counter)
    _batches: dict[str, _Batch] = field(default_factory=lambda: defaultdict(_Batch))
    _bad: list[Quarantined] = field(default_factory=list)
    #: relations that should become areas: id -> (line, what, tags)
    _open: dict[int, tuple[int, Sort, dict[str, str]]] = field(default_factory=dict)

    def take(self, found: Any) -> None:
        """Sort one object of the file in."""
        letter = found.type_str()
        if letter == "a":
            if not found.from_way():
                self._area(found)
            return
        tags = dict(found.tags)
        if letter == "r" and tags.get("type") not in ("multipolygon", "boundary"):
            self._other["relation"] += 1
            return
        what = sort(tags, node=letter == "n", ring=letter == "r" or (letter == "w" and found.is_closed()))
        word = {"n": "node", "w": "way", "r": "relation"}[letter]
        if what is None:
            self._other[word] += 1
            return
        self.records += 1
        if letter == "r":
            self._open[found.id] = (self.records, what, tags)
        elif letter == "n":
            import shapely

            self._keep(f"node/{found.id}", self.records, what, tags, shapely.Point(found.lon, found.lat))
        else:
            self._way(found, what, tags)

    def _way(self, way: Any, what: Sort, tags: dict[str, str]) -> None:
        import shapely

        name = f"way/{way.id}"
        places = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
        if len(places) < len(way.nodes):
            reason = f"{len(way.nodes) - len(places)} of its {len(way.nodes)} nodes are not in the file"
            self._refuse(self.records, name, reason, tags)
        elif what.area and way.is_closed() and len(set(places)) >= 3:
            self._keep(name, self.records, what, tags, shapely.Polygon(places))
        elif what.kind in _AREAS:
            self._refuse(self.records, name, f"a {what.kind} must be a closed way of three or more places", tags)
        elif len(set(places)) < 2:
            self._refuse(self.records, name, "a way needs two different places", tags)
        else:
            self._keep(name, self.records, what, tags, shapely.LineString(places))

    def _area(self, area: Any) -> None:
        """Give a relation the area that was put together from its members."""
        import shapely

        waiting = self._open.pop(area.orig_id(), None)
        if waiting is None:
            return
        parts = []
        for outer in area.outer_rings():
            shell = [(node.lon, node.lat) for node in outer]
            parts.append(shapely.Polygon(shell, [[(n.lon, n.lat) for n in hole] for hole in area.inner_rings(outer)]))
        shape = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
        line, what, tags = waiting
        self._keep(f"relation/{area.orig_id()}", line, what, tags, shape)

    def _keep(self, name: str, line: int, what: Sort, tags: dict[str, str], shape: Any) -> None:
        row, faults = attributes(tags, what)
        self._bad += [Quarantined(line, fault, fault, name, part=True) for fault in faults]
        batch = self._batches[what.kind]
        batch.ids.append(name)
        batch.shapes.append(shape)
        batch.lines.append(line)
        batch.rows.append(row)
        self._kept[what.kind] += 1

    def _refuse(self, line: int, name: str, reason: str, tags: dict[str, str]) -> None:
        self._bad.append(Quarantined(line, reason, json.dumps(tags, ensure_ascii=False)[:_RAW], name))

    def full(self) -> Iterator[Item]:
        """Yield the batches that are large enough, and what was set aside meanwhile."""
        for kind, batch in self._batches.items():
            if len(batch.ids) >= BATCH:
                yield self._features(kind, batch)
                self._batches[kind] = _Batch()
                return

    def rest(self) -> Iterator[Item]:
        """Yield everything that is left at the end of the file."""
        for number, (line, _, tags) in self._open.items():
            self._refuse(
                line, f"relation/{number}", "its members do not close to an area; some are not in the file", tags
            )
        yield from self._bad
        for kind, batch in self._batches.items():
            if batch.ids:
                yield self._features(kind, batch)

    def findings(self) -> Iterator[Finding]:
        """Yield what was kept and what was left alone."""
        kept = ", ".join(f"{n} {kind}" for kind, n in sorted(self._kept.items()))
        yield Finding("info", "kinds", f"{self.name}: {kept or 'nothing the twin has a kind for'}")
        if self._other:
            other = ", ".join(f"{n} tagged {word}s" for word, n in sorted(self._other.items()))
            yield Finding("info", "not-of-interest", f"{self.name}: left alone, being of other sorts: {other}")

    def _features(self, kind: str, batch: _Batch) -> Features:
        names = sorted({name for row in batch.rows for name in row})
        columns: dict[str, Sequence[object]] = {name: [row.get(name) for row in batch.rows] for name in names}
        shapes = np.empty(len(batch.ids), dtype=object)
        shapes[:] = batch.shapes
        return Features(
            kind=kind, ids=batch.ids, geometry=shapes, crs=_CRS, attributes=columns,
            lines=np.array(batch.lines, dtype=np.int64), layer=self.layer,
        )  # fmt: skip


#: kinds that make no sense as a line
_AREAS = frozenset({"building", "landuse", "boundary", "parking", "facility", "shelter", "bridge"})

reader = Osm()
