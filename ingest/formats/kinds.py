"""What kind of thing a layer holds, told by its name; and whether its shapes fit that kind."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.reading import ReadOptions
from twin.errors import UsageError, suggest
from twin.model.finding import Finding
from twin.names import KINDS

#: kind -> how people name a layer of it, in the order of looking: a word that contains another comes first
WORDS = (
    ("underpass", r"underpass|지하차도"),
    ("bridge", r"bridge|overbrug|교량"),
    ("levee", r"levee|\bdikes?\b|\bdykes?\b|embankment|제방"),
    ("pump", r"pump|펌프"),
    ("hydrant", r"hydrant|소화전"),
    ("drain", r"drain|sewer|manhole|우수|하수|관거|맨홀"),
    ("streetlight", r"street.?light|가로등|보안등"),
    ("camera", r"cctv|camera"),
    ("parking", r"parking|car.?park|주차"),
    ("shelter", r"shelter|대피|쉼터"),
    ("population", r"population|\bpop\b|인구"),
    ("boundary", r"district|boundar|admin|municipal|census|행정|법정동|읍면동|시군구|hangjeong|beopjeong|sigungu"),
    ("facility", r"facilit|hospital|school|fire.?station|소방서|병원|학교|시설"),
    ("landuse", r"land.?use|land.?cover|onbegroeid|토지피복|토지이용"),
    ("building", r"building|bldg|footprint|\bpand\b|\bhouses?\b|건물|건축"),
    ("railway", r"rail|철도"),
    ("road", r"road|street|highway|traffic|wegdeel|도로"),
    ("water", r"water|river|canal|\blakes?\b|stream|하천|수계|호소"),
    ("vegetation", r"plant|\btrees?\b|forest|vegetation|begroeid|식생|임상|산림|수목"),
    ("sensor", r"sensor|gauge|센서|관측소"),
)

#: what a kind's `shape` allows, in the words of shapely's geometry types
SHAPES = {
    "polygon": {"Polygon", "MultiPolygon"},
    "line": {"LineString", "MultiLineString", "LinearRing"},
    "point": {"Point", "MultiPoint"},
}


def guess(names: Iterable[str]) -> str | None:
    """Return the kind that the first telling name stands for, None when none tells.

    names  the name of the layer, then that of its file, as they are written
    """
    for name in names:
        words = re.sub(r"[^\w가-힣]|_", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", name)).lower()
        joined = words.replace(" ", "_")
        for kind, pattern in WORDS:
            if re.search(pattern, words) or re.search(pattern, joined):
                return kind
    return None


def fits(kind: str, geometry_type: str) -> bool:
    """Return whether shapes of `geometry_type` ("MultiPolygon Z", "Unknown") may be of that kind."""
    shape = KINDS[kind].shape
    plain = geometry_type.removeprefix("2.5D ").split(" ")[0]
    known = set().union(*SHAPES.values())
    return shape == "any" or plain not in known or plain in SHAPES[shape]


def settle_kind(
    names: Iterable[str], shapes: Iterable[str], options: ReadOptions, where: str
) -> tuple[str, Finding | None]:
    """Return the kind of a layer and what is to be said about it: by its name, else the person's word, else "feature".

    names   of the layer and of its file
    shapes  geometry types that the layer says it holds
    Raises UsageError when the person's word is no kind.
    """
    if options.kind is not None and options.kind not in KINDS:
        raise UsageError(f"kind '{options.kind}' is not known; {suggest(options.kind, KINDS)}")
    kind = guess(names) or options.kind
    if kind is None:
        return "feature", Finding(
            "info", "kind", f"{where}: its name does not tell what it holds; kept as kind 'feature'"
        )
    odd = [shape for shape in shapes if not fits(kind, shape)]
    if odd:
        message = f"{where}: looks like {kind}, but its shapes are {', '.join(odd)}; kept as kind 'feature'"
        return "feature", Finding("warning", "kind", message)
    return kind, None
