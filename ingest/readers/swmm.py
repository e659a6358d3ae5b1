"""SWMM input files: nodes and pipes of a storm drain network. Nothing in them says the coordinate system."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ingest.formats.swmm import FEET, SECTIONS, Sections, conduit_size, storage_area
from ingest.formats.systems import Systems, settle
from ingest.reading import BATCH, ReadOptions
from twin.errors import InputError
from twin.model.feature import Features
from twin.model.finding import Counted, Finding, Quarantined

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.reading import Item

#: section -> class of its nodes in the twin, and where depth stands in a row (0: nowhere)
NODES = {"JUNCTIONS": ("manhole", 2), "OUTFALLS": ("outfall", 0), "STORAGE": ("storage", 2), "DIVIDERS": ("divider", 0)}

_HEAD = re.compile(rb"^\s*\[(TITLE|OPTIONS)\]", re.IGNORECASE | re.MULTILINE)
_NODES = re.compile(rb"^\s*\[(JUNCTIONS|CONDUITS|OUTFALLS|RAINGAGES|SUBCATCHMENTS)\]", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class _Batch:
    """Records of one class: ids, shapes, attributes and lines."""

    ids: list[str] = field(default_factory=list)
    shapes: list[object] = field(default_factory=list)
    values: list[dict[str, object]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


class Swmm:
    """Reads junctions, outfalls, storages and dividers as points, conduits as lines, all of kind `drain`, in metres."""

    name = "swmm"
    suffixes = (".inp",)

    def sniff(self, head: bytes, path: Path) -> bool:
        """Return whether the file is called .inp and has sections of SWMM (EPANET's have [PIPES] instead)."""
        if path.suffix.lower() != ".inp" or b"[PIPES]" in head.upper():
            return False
        return bool(_HEAD.search(head) or _NODES.search(head))

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield nodes, then conduits; a record that lacks what it needs is quarantined.

        Raises InputError when the file is empty, no text, or has no section of nodes.
        """
        if not path.stat().st_size:
            raise InputError(f"{path.name}: the file is empty")
        sections = Sections.read(path, options.encoding)
        if not any(sections.rows.get(name) for name in NODES):
            raise InputError(f"{path.name}: holds no node of SWMM ([JUNCTIONS], [OUTFALLS], [STORAGE])")
        systems = settle(None, options, path.name)
        bad: list[Quarantined] = []
        nodes, places = _nodes(sections, bad)
        pipes = _conduits(sections, places, bad)
        layer = options.layer or "drain"
        for batch, into in ((nodes, f"{layer}_point"), (pipes, layer)):
            for start in range(0, len(batch.ids), BATCH):
                yield _features(batch, slice(start, start + BATCH), systems, into)
        yield from bad
        yield from systems.findings
        yield from _said(path.name, sections)
        records = sum(len(sections.rows.get(name, ())) for name in (*NODES, "CONDUITS"))
        yield Counted(records, "nodes and conduits")


def _nodes(sections: Sections, bad: list[Quarantined]) -> tuple[_Batch, dict[str, tuple[tuple[float, float], float]]]:
    """Return the nodes, and by id their place and the level of their bottom in m."""
    import shapely

    unit = sections.metres
    xy: dict[str, tuple[float, float]] = {}
    for row in sections.rows.get("COORDINATES", ()):
        x, y = row.number(1), row.number(2)
        if x is not None and y is not None:
            xy[row.words[0]] = (x, y)
    batch, places = _Batch(), {}
    for section, (word, deep) in NODES.items():
        for row in sections.rows.get(section, ()):
            level = row.number(1)
            reason = "has no [COORDINATES]" if row.words[0] not in xy else "has no level" if level is None else ""
            if row.words[0] in places:
                reason = "comes twice"
            if reason or level is None:
                bad.append(
                    Quarantined(row.line, f"{section.lower()[:-1]} {row.words[0]} {reason}", row.text, row.words[0])
                )
                continue
            place = xy[row.words[0]]
            places[row.words[0]] = place, level * unit
            depth = row.number(deep) if deep else None
            values: dict[str, object] = {"class": word, "level": level * unit}
            if depth:  # 0 stands for: as deep as the highest pipe
                values["depth"] = depth * unit
            if section == "STORAGE":
                values["storage_area"] = storage_area(row, sections)
            batch.ids.append(row.words[0])
            batch.shapes.append(shapely.Point(place))
            batch.values.append(values)
            batch.lines.append(row.line)
    return batch, places


def _conduits(
    sections: Sections, places: dict[str, tuple[tuple[float, float], float]], bad: list[Quarantined]
) -> _Batch:
    """Return the conduits, with the bottoms of their ends: offsets count from the node, or are levels themselves."""
    import shapely

    unit, absolute = sections.metres, sections.option("LINK_OFFSETS", "DEPTH") == "ELEVATION"
    bends: dict[str, list[tuple[float, float]]] = {}
    for row in sections.rows.get("VERTICES", ()):
        x, y = row.number(1), row.number(2)
        if x is not None and y is not None:
            bends.setdefault(row.words[0], []).append((x, y))
    profile = {row.words[0]: row for row in sections.rows.get("XSECTIONS", ())}
    batch, seen = _Batch(), set()
    for row in sections.rows.get("CONDUITS", ()):
        name = row.words[0]
        ends = [places.get(w) for w in row.words[1:3]]
        if name in seen or len(ends) < 2 or ends[0] is None or ends[1] is None:
            reason = "comes twice" if name in seen else "leads from or to a node that was not read"
            bad.append(Quarantined(row.line, f"conduit {name} {reason}", row.text, name))
            continue
        seen.add(name)
        (first, up), (last, down) = ends[0], ends[1]
        way = [first, *bends.get(name, ()), last]
        if first == last and len(way) == 2:
            bad.append(Quarantined(row.line, f"conduit {name} begins and ends at one point", row.text, name))
            continue
        offsets = [row.number(5), row.number(6)]
        values: dict[str, object] = {
            "class": "conduit",
            "length": _times(row.number(3), unit),
            "roughness": row.number(4),
        }
        for key, bottom, offset in (("level_up", up, offsets[0]), ("level_down", down, offsets[1])):
            values[key] = bottom if offset is None else offset * unit if absolute else bottom + offset * unit
        values |= conduit_size(profile.get(name), unit)
        batch.ids.append(name)
        batch.shapes.append(shapely.LineString(way))
        batch.values.append(values)
        batch.lines.append(row.line)
    return batch


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _features(batch: _Batch, part: slice, systems: Systems, layer: str) -> Features:
    geometry = np.empty(len(batch.ids[part]), dtype=object)
    geometry[:] = batch.shapes[part]
    values = batch.values[part]
    names = dict.fromkeys(key for row in values for key in row)
    return Features(
        kind="drain",
        ids=batch.ids[part],
        geometry=geometry,
        crs=systems.crs,
        attributes={name: [row.get(name) for row in values] for name in names},
        lines=np.array(batch.lines[part], dtype=np.int64),
        layer=layer,
        vertical=systems.vertical,
    )


def _said(name: str, sections: Sections) -> Iterator[Finding]:
    """Yield what is to be said about the file: units, sections that were skipped, profiles that are no circles."""
    units = sections.option("FLOW_UNITS", "CFS")
    if sections.metres == FEET:
        yield Finding("info", "units", f"{name}: FLOW_UNITS {units}: lengths and levels are feet; converted to metres")
    else:
        yield Finding("info", "units", f"{name}: FLOW_UNITS {units}: lengths and levels are metres")
    for section, rows in sections.rows.items():
        if section not in SECTIONS and rows:
            yield Finding("warning", "section", f"{name}: section [{section}] was skipped, with {len(rows)} rows")
    shapes = [row.words[1].upper() for row in sections.rows.get("XSECTIONS", ()) if len(row.words) > 1]
    odd = {s: shapes.count(s) for s in dict.fromkeys(shapes) if s not in {"CIRCULAR", "FORCE_MAIN"}}
    if odd:
        some = ", ".join(f"{s} ({n})" for s, n in odd.items())
        yield Finding(
            "warning", "profile", f"{name}: profiles {some} are no circles; closed boxes get the circle of equal area, "
            "others no diameter",
        )  # fmt: skip


reader = Swmm()
