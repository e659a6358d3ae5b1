"""A map of RoboCup Rescue: areas are faces of edges between nodes; across some edges one passes to a neighbour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.formats.citymodel.gml import Elements
from ingest.formats.citymodel.gml_objects import HREF, identifier, local
from twin.errors import InputError, RefusedError
from twin.model.finding import Finding

if TYPE_CHECKING:
    import shapely

SPACE = "urn:roborescue:map:gml"
"""The namespace by which a map is known."""

AREAS = ("building", "road", "space")
"""Elements that are areas."""

MOST_AREAS, MOST_PARTS = 100_000, 2_000_000
"""Areas, and nodes and edges, beyond which a file is no such map; the rules of 2025 allow 10,000 areas."""

RAW = 10_000

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Side:
    """A side of an area: an edge, whether it is run through from its first node, and the area behind it, "": none."""

    edge: str
    forward: bool
    neighbour: str


@dataclass(frozen=True, slots=True)
class Area:
    """A building, road or open space as it stands in the file; `number` counts them from 1, `line` is of the file."""

    kind: str
    id: str
    number: int
    line: int
    sides: Sequence[Side]
    said: Mapping[str, str]
    raw: str


@dataclass(slots=True)
class Plan:
    """A whole map.

    areas   in the order of the file, those without an id or with one that is taken included
    faults  "node 5" or "edge 7" -> why it cannot be used
    """

    nodes: dict[str, Point] = field(default_factory=dict)
    edges: dict[str, tuple[str, str]] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def shape(self, area: Area) -> shapely.Polygon | str:
        """Return the outline of an area in m of the file, or in words why it has none."""
        import shapely

        ends = []
        for side in area.sides:
            found = self._ends(side)
            if isinstance(found, str):
                return found
            ends.append(found)
        if len(ends) < 3:
            return f"its outline has {len(ends)} sides; an area has three or more"
        ring = _ring(ends)
        if ring is None:
            return "its outline does not close: each side has to begin where the one before it ends, the last as well"
        shape = shapely.Polygon([self.nodes[node] for node in ring])
        return shape if shape.area > 0 else "its outline encloses no area"

    def door(self, side: Side) -> Point:
        """Return the middle of a side whose area has a shape, in m of the file."""
        a, b = (self.nodes[node] for node in self.edges[side.edge])
        return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2

    def _ends(self, side: Side) -> tuple[str, str] | str:
        for what in (f"edge {side.edge}", *(f"node {node}" for node in self.edges.get(side.edge, ()))):
            if what in self.faults:
                return f"{what} {self.faults[what]}"
        if side.edge not in self.edges:
            return f"edge {side.edge or 'without a name'} is not in the file"
        a, b = self.edges[side.edge]
        missing = next((node for node in (a, b) if node not in self.nodes), None)
        if missing is not None:
            return f"node {missing} of edge {side.edge} is not in the file"
        return (a, b) if side.forward else (b, a)


def _ring(ends: Sequence[tuple[str, str]]) -> list[str] | None:
    """Return the nodes of a ring of edges, as their directions are stated, else as they fit; None: it does not close.

    Of some editors the directions are wrong and the order is right.
    """
    stated = [a for a, _ in ends]
    if all(ends[i][1] == stated[(i + 1) % len(ends)] for i in range(len(ends))):
        return stated
    for start, reached in (ends[0], ends[0][::-1]):
        ring, here = [start], reached
        for a, b in ends[1:]:
            if here not in (a, b):
                break
            ring.append(here)
            here = b if here == a else a
        else:
            if here == start:
                return ring
    return None


def read_plan(path: Path) -> Plan:
    """Return the map that a file holds.

    Raises InputError (empty, not XML, not such a map) and RefusedError (a document type, more than a map can hold).
    """
    plan = Plan()
    elements = Elements(path, tuple(f"{{*}}{tag}" for tag in ("Node", "Edge", *AREAS)))
    for element in elements:
        tag = local(element)
        if tag == "Node":
            _node(plan, element)
        elif tag == "Edge":
            _edge(plan, element)
        else:
            plan.areas.append(_area(element, tag, len(plan.areas) + 1))
        if len(plan.areas) > MOST_AREAS or len(plan.nodes) + len(plan.edges) > MOST_PARTS:
            raise RefusedError(
                f"{path.name}: more than {MOST_AREAS:,} areas, or {MOST_PARTS:,} nodes and edges; cut it into parts"
            )
    if elements.root is None or elements.root.tag != f"{{{SPACE}}}map":
        found = "nothing" if elements.root is None else f"<{local(elements.root)}>"
        raise InputError(f"{path.name}: not a RoboCup Rescue map: its root is {found}, not map of {SPACE}")
    plan.findings += elements.findings
    return plan


def _node(plan: Plan, element: Any) -> None:
    name = identifier(element)
    text = next((e.text or "" for e in element.iter("{*}coordinates", "{*}pos")), "")
    point = _point(text)
    if name is None:
        plan.findings.append(_finding("id", f"line {element.sourceline}: a node without an id; nothing can name it"))
    elif point is None:
        plan.faults[f"node {name}"] = f"stands at {text.strip()[:60]!r}, which is no place: two numbers are needed"
    elif plan.nodes.setdefault(name, point) != point:
        plan.faults[f"node {name}"] = "stands twice in the file, at different places"


def _point(text: str) -> Point | None:
    parts = text.replace(",", " ").split()
    try:
        x, y = (float(part) for part in parts[:2])
    except ValueError:
        return None
    return (x, y) if len(parts) in (2, 3) and math.isfinite(x) and math.isfinite(y) else None


def _edge(plan: Plan, element: Any) -> None:
    name = identifier(element)
    ends = [(e.get("orientation"), _named(e)) for e in element.iter("{*}directedNode")]
    if name is None:
        plan.findings.append(_finding("id", f"line {element.sourceline}: an edge without an id; nothing can name it"))
    elif len(ends) != 2:
        plan.faults[f"edge {name}"] = f"has {len(ends)} nodes; an edge has two"
    else:
        # of the two, "-" is where the edge begins
        (way, a), (_, b) = ends
        nodes = (b, a) if way == "+" else (a, b)
        if plan.edges.setdefault(name, nodes) != nodes:
            plan.faults[f"edge {name}"] = "stands twice in the file, between different nodes"


def _area(element: Any, tag: str, number: int) -> Area:
    from lxml import etree

    face = next(element.iter("{*}Face"), element)
    sides = [
        Side(_named(e), e.get("orientation") != "-", str(e.get(f"{{{SPACE}}}neighbour") or ""))
        for e in face.iter("{*}directedEdge")
    ]
    said = {str(key).rpartition("}")[2]: str(value) for key, value in face.attrib.items()}
    raw = str(etree.tostring(element, encoding="unicode", with_tail=False))[:RAW]
    return Area(tag, identifier(element) or "", number, int(element.sourceline or 0), sides, said, raw)


def _named(element: Any) -> str:
    return str(element.get(HREF) or "").removeprefix("#")


def _finding(code: str, text: str) -> Finding:
    return Finding("warning", code, text)
