from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import InputError, UsageError
from twin.model.response.proposal import Reason
from twin.notices import Closure, as_json, as_ngsi
from twin.notices.closures import CONTEXT, CORE

SINCE = datetime(2026, 7, 1, 14, tzinfo=ZoneInfo("Asia/Seoul"))
WHY = Reason("traffic.underpass_wet", {"about": "road/1", "depth": 0.2})
ONE = Closure("c/1", "road/1", "남부 지하차도", SINCE, SINCE + timedelta(hours=2), WHY, ((127.1, 36.8), (127.2, 36.81)))
OPEN_END = dataclasses.replace(ONE, id="c2", until=None, line=())


def test_json_says_which_road_from_when_to_when_and_why() -> None:
    document = json.loads(as_json([OPEN_END, ONE], SINCE))
    assert document["made"] == "2026-07-01T05:00:00Z"
    assert document["exercise"] is True
    first, second = document["closures"]
    assert (first["id"], first["validFrom"], first["validTo"]) == (
        "c/1",
        "2026-07-01T05:00:00Z",
        "2026-07-01T07:00:00Z",
    )
    assert first["geometry"] == {"type": "LineString", "coordinates": [[127.1, 36.8], [127.2, 36.81]]}
    assert first["reason"]["code"] == "traffic.underpass_wet"
    assert first["reason"]["ko"] == "남부 지하차도: 지하차도 수심이 0.20 m여서 통제합니다."
    assert (second["validTo"], second["geometry"]) == (None, None)
    assert json.loads(as_json([], SINCE, exercise=False))["closures"] == []


def test_ngsi_ld_entities_are_whole_and_name_their_context() -> None:
    first, second = json.loads(as_ngsi([ONE, OPEN_END], names={"road/1": "신방 지하차도"}))
    assert (first["id"], first["type"]) == ("urn:ngsi-ld:RoadSegment:c%2F1", "RoadSegment")
    assert first["validTo"] == {"type": "Property", "value": {"@type": "DateTime", "@value": "2026-07-01T07:00:00Z"}}
    assert first["refRoad"] == {"type": "Relationship", "object": "urn:ngsi-ld:Road:road%2F1"}
    assert first["statusDescription"]["languageMap"]["ko"].startswith("신방 지하차도")
    assert "validTo" not in second
    assert "location" not in second
    for entity in (first, second):
        core, own = entity.pop("@context")
        assert (core, own) == (CORE, CONTEXT)
        for name, value in entity.items():
            if name not in {"id", "type"}:
                assert name in own or name == "location"
                assert value["type"] in {"Property", "GeoProperty", "Relationship", "LanguageProperty"}


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"since": datetime(2026, 7, 1)}, InputError, "no zone"),
        ({"until": datetime(2026, 7, 1)}, InputError, "not after"),
        ({"until": SINCE}, InputError, "not after"),
        ({"line": ((500.0, 0.0),)}, InputError, "no longitude"),
        ({"line": ((float("inf"), 0.0),)}, InputError, "no longitude"),
        ({"reason": Reason("traffic.unheard")}, UsageError, "has no sentence"),
    ],
)
def test_what_is_wrong_is_said(change: dict, error: type[Exception], says: str) -> None:
    for write in (lambda one: as_json([one], SINCE), lambda one: as_ngsi([one])):
        with pytest.raises(error, match=says):
            write(dataclasses.replace(ONE, **change))
    with pytest.raises(InputError, match="2 times"):
        as_ngsi([ONE, ONE])
    with pytest.raises(InputError, match="no zone"):
        as_json([], datetime(2026, 7, 1))


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.lists(st.tuples(texts, texts, texts), unique_by=lambda row: row[0]), st.randoms(use_true_random=False))
def test_hostile_names_stay_names_and_the_order_given_does_not_matter(rows: list, rng: object) -> None:
    closures = [dataclasses.replace(ONE, id=id_, road=road, name=name) for id_, road, name in rows]
    shuffled = closures[:]
    rng.shuffle(shuffled)
    assert as_json(closures, SINCE) == as_json(shuffled, SINCE)
    entities = json.loads(as_ngsi(shuffled))
    assert [entity["roadName"]["value"] for entity in entities] == [
        one.name for one in sorted(closures, key=lambda c: c.id)
    ]
    assert all(entity["id"].isascii() and " " not in entity["id"] for entity in entities)
    assert datetime.fromisoformat(json.loads(as_json(closures, SINCE))["made"]).tzinfo is not None
