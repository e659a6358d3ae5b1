"""The feed of closed roads for other systems: plain JSON, and NGSI-LD entities of type RoadSegment.

The names of RoadSegment are those of the Smart Data Models (dataModel.Transportation); they stand in the feed
itself, so that nobody has to fetch a context to read it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from twin.errors import InputError
from twin.model.response.proposal import Reason
from twin.notices.words import LANGUAGES, say

FORMAT = "gaon-closures-1"
CORE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"
_MODEL = "https://smartdatamodels.org/dataModel.Transportation/"

#: what the core does not name -> its full name
CONTEXT: Mapping[str, str] = {
    "RoadSegment": f"{_MODEL}RoadSegment",
    "status": f"{_MODEL}status",
    "statusDescription": f"{_MODEL}statusDescription",
    "roadName": f"{_MODEL}roadName",
    "refRoad": f"{_MODEL}refRoad",
    "validFrom": "https://smartdatamodels.org/validFrom",
    "validTo": "https://smartdatamodels.org/validTo",
    "exercise": "urn:gaon:exercise",
}


@dataclass(frozen=True, slots=True)
class Closure:
    """A road that is closed for a time.

    id     of the closure;   road  id of the road;   name  as people call it
    since, until   aware moments; until None: until further notice
    line   the closed part, (longitude, latitude) in degrees of WGS 84; empty: not known
    """

    id: str
    road: str
    name: str
    since: datetime
    until: datetime | None
    reason: Reason
    line: Sequence[tuple[float, float]] = ()


def as_json(
    closures: Sequence[Closure], made: datetime, *, exercise: bool = True, names: Mapping[str, str] | None = None
) -> str:
    """Return the feed as JSON, in the order of since and id.

    made   aware moment of the feed;   names  id -> what people call it, for the sentences

    Raises InputError (a time without zone, an end before its beginning, a place off the earth, an id twice) and
    UsageError (a reason without a sentence).
    """
    rows = [
        {
            "id": one.id,
            "road": one.road,
            "name": one.name,
            "status": "closed",
            "validFrom": _utc(one.since, one.id),
            "validTo": None if one.until is None else _utc(one.until, one.id),
            "reason": {"code": one.reason.code, **_sentences(one, names)},
            "geometry": _line(one) or None,
        }
        for one in _checked(closures)
    ]
    document = {"format": FORMAT, "made": _utc(made, "feed"), "exercise": exercise, "closures": rows}
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_ngsi(closures: Sequence[Closure], *, exercise: bool = True, names: Mapping[str, str] | None = None) -> str:
    """Return the feed as a JSON array of NGSI-LD entities. Arguments and errors as those of `as_json`."""
    entities = [_entity(one, exercise=exercise, names=names) for one in _checked(closures)]
    return json.dumps(entities, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _entity(one: Closure, *, exercise: bool, names: Mapping[str, str] | None) -> dict[str, object]:
    entity: dict[str, object] = {
        "id": f"urn:ngsi-ld:RoadSegment:{quote(one.id, safe='', errors='replace')}",
        "type": "RoadSegment",
        "refRoad": {"type": "Relationship", "object": f"urn:ngsi-ld:Road:{quote(one.road, safe='', errors='replace')}"},
        "roadName": _property(one.name),
        "status": _property("closed"),
        "statusDescription": {"type": "LanguageProperty", "languageMap": _sentences(one, names)},
        "validFrom": _property({"@type": "DateTime", "@value": _utc(one.since, one.id)}),
        "exercise": _property(exercise),
    }
    if one.until is not None:
        entity["validTo"] = _property({"@type": "DateTime", "@value": _utc(one.until, one.id)})
    geometry = _line(one)
    if geometry:
        entity["location"] = {"type": "GeoProperty", "value": geometry}
    return {**entity, "@context": [CORE, dict(CONTEXT)]}


def _checked(closures: Sequence[Closure]) -> list[Closure]:
    ids = [one.id for one in closures]
    for one in closures:
        if ids.count(one.id) > 1:
            raise InputError(
                f"closure '{one.id}' stands {ids.count(one.id)} times in the feed; an id names one closure"
            )
        _utc(one.since, one.id)
        if one.until is not None and (one.until.tzinfo is None or one.until <= one.since):
            raise InputError(f"closure '{one.id}': it ends at {one.until}, not after it begins at {one.since}")
        for x, y in one.line:
            if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 180 and abs(y) <= 90):
                raise InputError(f"closure '{one.id}': {x}, {y} is no longitude and latitude in degrees")
    return sorted(closures, key=lambda one: (one.since, one.id))


def _sentences(one: Closure, names: Mapping[str, str] | None) -> dict[str, str]:
    called = {one.road: one.name, **(names or {})}
    return {language: say(one.reason, language, called) for language in LANGUAGES}


def _line(one: Closure) -> dict[str, object]:
    points = [[round(x, 6), round(y, 6)] for x, y in one.line]
    if not points:
        return {}
    return {"type": "Point", "coordinates": points[0]} if len(points) == 1 else {
        "type": "LineString", "coordinates": points
    }  # fmt: skip


def _property(value: object) -> dict[str, object]:
    return {"type": "Property", "value": value}


def _utc(moment: datetime, what: str) -> str:
    if moment.tzinfo is None:
        raise InputError(f"closure '{what}': time {moment.isoformat()} has no zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
