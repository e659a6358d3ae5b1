"""OGC SensorThings 1.0 and 1.1 as JSON: things with all that is in them, lists of entities, data arrays, batches.

A record is an Observation, or an entity that has nothing to hang on (a Location alone). An Observation belongs to a
Datastream and that to a Thing, of this file; what the file does not tie together is quarantined, not guessed. Times
with an interval count from its start; a result without phenomenonTime counts from its resultTime.

Ids: a text `@iot.id` as it is; a number counts only on its server, so "number:name"; without either, the name. A
datastream is "thing/what it is called".
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.formats.strict_json import Strict, reading, text_of
from ingest.formats.tables.stations import Entities
from twin.errors import InputError, RefusedError
from twin.model.finding import Counted, Finding

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.reading import Item, ReadOptions

#: bytes of one JSON document; a larger one does not fit beside the rest in memory
LARGEST = 256 * 1024**2

#: keys by which an entity is known, the telling ones first
_SIGNS = (
    ("Observations", {"dataArray"}), ("Things", {"Datastreams"}), ("Things", {"Locations"}),
    ("Datastreams", {"unitOfMeasurement"}), ("Observations", {"result"}),
    ("FeaturesOfInterest", {"feature", "encodingType"}),
    ("Locations", {"location", "encodingType"}), ("Sensors", {"metadata", "encodingType"}),
    ("ObservedProperties", {"definition"}), ("Things", {"name", "description"}),
)  # fmt: skip

_SET = re.compile(r"(?P<set>[A-Z]\w+)(?:\((?P<id>[^)]*)\))?(?:/(?P<part>[A-Z]\w+))?$")
_MARKS = (b'"unitOfMeasurement"', b'"phenomenonTime"', b'"Datastreams"', b'"@iot.', b'"dataArray"', b'"resultTime"')


class SensorThings:
    """Reads things, datastreams and observations."""

    name = "sensorthings"
    suffixes = (".json",)

    def sniff(self, head: bytes, path: Path) -> bool:  # noqa: ARG002  the contract's argument
        """Return whether words of SensorThings stand at the beginning of a JSON text."""
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"[") or b'"CityJSON' in head:
            return False
        placed = b'"encodingType"' in head and (b'"location"' in head or b'"feature"' in head)
        batch = b'"requests"' in head and b'"method"' in head
        return placed or batch or any(mark in head for mark in _MARKS)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield one batch of observations with their things, after what could not be placed.

        Raises InputError (not JSON, not SensorThings), RefusedError (too large).
        """
        if path.stat().st_size > LARGEST:
            raise RefusedError(
                f"{path.name}: {path.stat().st_size:,} bytes; a SensorThings document may have {LARGEST:,}"
            )
        text = text_of(path, LARGEST)
        strict = Strict()
        with reading(path.name):
            document = strict.decode(text.lstrip("\ufeff"))
        if repeated := strict.take():
            raise InputError(
                f"{path.name}: the key '{repeated[0]}' stands twice in one object; which one counts is open"
            )
        entities = Entities(path.name, options.zone)
        foreign = _sort(path.name, document, entities)
        if not entities.known and not foreign:
            raise InputError(f"{path.name}: JSON, but no entity of SensorThings in it")
        if foreign:
            counts = ", ".join(f"{n} {what}" for what, n in foreign.most_common())
            yield Finding(
                "warning", "foreign", f"{path.name}: requests for what is not SensorThings are not read: {counts}"
            )
        observations, quarantined = entities.resolve()
        yield from quarantined
        yield from entities.findings
        if observations is not None:
            yield observations
        yield Counted(entities.records, "observations")


def _sort(name: str, document: Any, entities: Entities) -> Counter[str]:
    """Put every entity of the document into its set; return what belongs to none, counted."""
    foreign: Counter[str] = Counter()
    if isinstance(document, dict) and isinstance(document.get("requests"), list):
        for request in document["requests"]:
            _request(request, entities, foreign)
        return foreign
    found = document.get("value", document) if isinstance(document, dict) else document
    for entity in found if isinstance(found, list) else [found]:
        if not isinstance(entity, dict):
            raise InputError(f"{name}: an entity must be a JSON object, found {json.dumps(entity)[:60]}")
        where = _SET.search(str(entity.get("@iot.selfLink", "")))
        which = where["set"] if where else next((s for s, keys in _SIGNS if keys <= entity.keys()), None)
        if which is None:
            entities.refuse(entity, "this is no entity of SensorThings")
        else:
            entities.add(which, entity)
    return foreign


def _request(request: Any, entities: Entities, foreign: Counter[str]) -> None:
    """Add the entity that one request of a batch would have created."""
    if not isinstance(request, dict) or not isinstance(request.get("body"), dict):
        foreign["request without a body"] += 1
        return
    body: dict[str, Any] = dict(request["body"])
    where = _SET.fullmatch(re.sub(r"^.*v1\.[01]/", "", str(request.get("url", ""))))
    if where is None or str(request.get("method", "post")).lower() not in ("post", "put"):
        foreign[str(request.get("url", "request"))[:40]] += 1
        return
    which = where["part"] or where["set"]
    if where["part"] and where["id"]:
        parent = {"Things": "Thing", "Datastreams": "Datastream"}.get(where["set"])
        if parent:
            body[parent] = {"@iot.id": where["id"].strip("'")}
    if not entities.add(which, body, alias=f"${request['id']}" if "id" in request else None):
        foreign[which] += 1


reader = SensorThings()
