"""SensorThings: the examples of the standard's own test suite, and what servers and people make of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.readers.sensorthings import reader
from tests.readers._books import Content, read
from twin.errors import InputError

THING: dict[str, Any] = {
    "@iot.id": "gauge-1",
    "name": "가온교 수위계",
    "description": "gauge",
    "Locations": [
        {
            "name": "l",
            "encodingType": "application/geo+json",
            "location": {"type": "Point", "coordinates": [127.1, 36.8]},
        }
    ],
    "Datastreams": [
        {
            "name": "수위",
            "unitOfMeasurement": {"name": "centimetre", "symbol": "cm"},
            "ObservedProperty": {"name": "Water Level"},
            "Observations": [
                {"phenomenonTime": "2026-07-01T09:00:00+09:00", "result": 125},
                {"phenomenonTime": "2026-07-01T00:10:00Z/2026-07-01T00:20:00Z", "result": 130.5},
                {"resultTime": "2026-07-01T00:20:00.000Z", "result": 131},
            ],
        }
    ],
}


def given(tmp_path: Path, document: object, **options: object) -> Content:
    path = tmp_path / "sta.json"
    path.write_text(
        document if isinstance(document, str) else json.dumps(document, ensure_ascii=False), encoding="utf-8"
    )
    assert reader.sniff(path.read_bytes(), path)
    return read(reader, path, **options)


@pytest.mark.parametrize(
    ("name", "records", "bad", "things"),
    [
        ("frost_entitiesDefault.json", 4, 0, ["thing name 1"]),
        ("sta10_thing_complete.json", 4, 0, ["Office Building"]),
        ("sta10_thing_5.json", 4, 0, ["ARTC Building"]),
        ("sta10_thing_6.json", 0, 0, ["ARTC Building"]),
        ("frost_dataBatchPost.json", 32, 16, ["Thing 1", "Thing 2", "Thing 3", "Thing 4"]),
        ("sta10_datastream_3.json", 1, 1, []),
        ("sta10_datastream_embeddedEntitiesAddObservations.json", 2, 2, []),
        ("sta10_foi_deerfootTrail.json", 1, 1, []),
        ("sta10_location_southern-alberta-polygon.json", 1, 1, []),
        ("sta10_observation.json", 1, 1, []),
        ("sta10_observation_withoutPTime.json", 1, 1, []),
    ],
)
def test_examples_of_the_standard(shared: Path, name: str, records: int, bad: int, things: list[str]) -> None:
    path = shared / "data/iot/sensorthings" / name
    assert reader.sniff(path.read_bytes()[:65536], path)
    content = read(reader, path)
    assert (content.lines, len(content.bad)) == (records, bad)
    assert [t.name for o in content.observations for t in o.things] == things
    assert all(q.reason and q.raw for q in content.bad)


def test_batch_is_tied_together_by_its_references(shared: Path) -> None:
    content = read(reader, shared / "data/iot/sensorthings/frost_dataBatchPost.json")
    assert content.series("Thing 1/Temperature of Thing 1")[0] == ("2023-01-01T12:00:00", 1.0)
    assert {t.name: t.location for t in content.observations[0].things}["Thing 2"] == (9, 50)
    assert {s.unit for s in content.observations[0].datastreams} == {"degC"}
    assert all("does not measure humidity" in q.reason for q in content.bad)
    assert "userpass" not in " ".join(q.raw for q in content.quarantined)
    assert "foreign" in content.codes


def test_thing_with_all_in_it(tmp_path: Path) -> None:
    content = given(tmp_path, THING)
    assert content.series("gauge-1/수위") == [
        ("2026-07-01T00:00:00", 1.25), ("2026-07-01T00:10:00", pytest.approx(1.305)), ("2026-07-01T00:20:00", 1.31),
    ]  # fmt: skip
    batch = content.observations[0]
    assert (batch.things[0].location, batch.things[0].crs) == ((127.1, 36.8), "EPSG:4326")
    assert (batch.datastreams[0].property, batch.datastreams[0].unit) == ("water_level", "m")
    assert {"unit", "result-time"} <= content.codes


def test_lists_refer_by_id(tmp_path: Path) -> None:
    thing = {"@iot.id": 7, "name": "우량계", "Locations": []}
    stream = {
        "@iot.id": 12, "name": "강우", "unitOfMeasurement": {"symbol": "mm/h"}, "Thing": {"@iot.id": 7},
        "ObservedProperty": {"name": "강우강도"},
    }  # fmt: skip
    arrays = {
        "Datastream": {"@iot.id": 12},
        "components": ["phenomenonTime", "result"],
        "dataArray": [["2026-07-01T00:00:00Z", 36], ["2026-07-01T00:10:00Z", 72]],
    }
    lost = {"phenomenonTime": "2026-07-01T00:00:00Z", "result": 1, "Datastream": {"@iot.id": 99}}
    content = given(tmp_path, {"value": [arrays, lost, stream, thing]})
    assert [v for _, v in content.series("7:우량계/강우")] == pytest.approx([1e-5, 2e-5])
    assert content.bad[0].reason == "an observation alone: its datastream '99' is not in this file"


@pytest.mark.parametrize(
    ("observation", "says"),
    [
        ({"phenomenonTime": "2026-07-01T00:00:00Z", "result": "1.5"}, "no number"),
        ({"phenomenonTime": "2026-07-01T00:00:00Z", "result": None}, "no result"),
        ({"phenomenonTime": "2026-07-01T00:00:00Z", "result": True}, "no number"),
        ({"phenomenonTime": "2026-07-01T00:00:00Z", "result": -9999}, "missing value"),
        ({"phenomenonTime": "2026-07-01T00:00:00", "result": 1}, "no offset"),
        ({"phenomenonTime": "2026-02-30T00:00:00Z", "result": 1}, "does not exist"),
        ({"result": 1}, "does not say when"),
        ("1.5", "JSON object"),
    ],
)
def test_bad_readings_are_kept_with_their_reason(tmp_path: Path, observation: object, says: str) -> None:
    document = json.loads(json.dumps(THING))
    document["Datastreams"][0]["Observations"].append(observation)
    content = given(tmp_path, document)
    assert content.lines == 4
    assert [says in q.reason for q in content.bad] == [True]


def test_times_without_offset_need_a_zone(tmp_path: Path) -> None:
    document = json.loads(json.dumps(THING).replace("2026-07-01T09:00:00+09:00", "2026-07-01T09:00:00"))
    assert len(given(tmp_path, document).bad) == 1
    assert given(tmp_path, document, zone="Asia/Seoul").series("gauge-1/수위")[0][0] == "2026-07-01T00:00:00"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"phenomenonTime": "2026", "result": NaN}', "NaN is not JSON"),
        ('{"phenomenonTime": "2026", "result": 1, "result": 2}', "stands twice"),
        ('{"phenomenonTime": "2026", "result": 1', ":1: not JSON"),
        ('{"phenomenonTime": ' + "[" * 100_000, "too deep"),
        ('{"phenomenonTime": "2026"}', "no entity of SensorThings"),
        ('["@iot.id", 1]', "must be a JSON object"),
    ],
)
def test_what_is_no_sensorthings_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        read(reader, path)


def test_infinite_results_are_bad(tmp_path: Path) -> None:
    text = json.dumps(THING).replace("130.5", "1e400")
    assert "inf" in given(tmp_path, text).bad[0].reason


def test_other_json_is_left_to_others(shared: Path) -> None:
    for path in (shared / "data/iot/ngsi").glob("*.json*"):
        assert not reader.sniff(path.read_bytes()[:65536], path), path.name
    path = shared / "data/citymodel/cityjson/delft.city.json"
    assert not reader.sniff(path.read_bytes()[:65536], path)
