"""The contract of `viewer/layers`: each room passes by being there. What they show is what the city holds."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import shapely

from tests.viewer import small
from tests.viewer.small import RUN
from twin import store
from twin.model.feature import Features
from twin.names import KINDS, QUANTITIES
from twin.rooms import discover
from viewer import palette
from viewer.damage import depths, impact
from viewer.layers import At, LayerView, Served, buildings, roads, sensors
from viewer.layers.green import green
from viewer.page import stage

LAYERS = discover("viewer.layers", "layer")
AT = At(run=RUN, index=3, time=1800.0)


@pytest.mark.parametrize("name", LAYERS)
def test_layer_says_what_it_shows_and_draws_it(name: str, city) -> None:
    layer = LAYERS[name]
    assert isinstance(layer, LayerView)
    assert layer.shows
    assert set(layer.shows) <= set(KINDS) | set(QUANTITIES)
    deck = layer.deck(city, AT)
    # the small city has no land use, the run no fire and no agents
    if name in {"green", "burning", "engines", "rooms", "ordered", "evacuated", "proposed", "responders"}:
        assert deck is None
        return
    assert deck is not None
    assert deck.id == name
    text = deck.to_json()
    assert "://" not in text


@pytest.mark.parametrize("name", [n for n, v in LAYERS.items() if isinstance(v, Served)])
def test_records_are_json_and_their_address_stays_while_the_clock_moves(name: str, city) -> None:
    layer = LAYERS[name]
    assert json.loads(layer.records(city, AT)) is not None
    deck, later = layer.deck(city, AT), layer.deck(city, replace(AT, index=5))
    if deck is not None:
        assert deck.data.startswith(f"/layers/{name}.json?snapshot={city.snapshot}")
        assert deck.to_json() == later.to_json()


def test_an_empty_city_has_no_layers_and_still_a_view(tmp_path) -> None:
    with store.create(tmp_path / "empty.twin", crs="EPSG:5186") as empty:
        assert stage.layers(empty, At()) == []
        assert stage.view(empty, "").zoom == 6


def test_layers_lie_in_order_and_only_what_the_run_says_changes_with_the_clock(city) -> None:
    now, later = stage.layers(city, AT), stage.layers(city, replace(AT, index=4, time=2400.0))
    assert [layer.id for layer in now] == ["terrain", "water", "roads", "quantity", "closures", "buildings", "sensors"]
    changed = [a.id for a, b in zip(now, later, strict=True) if a.to_json() != b.to_json()]
    assert changed == ["quantity", "closures"]


def test_buildings_carry_their_classes_and_a_name_as_text(city, hostile) -> None:
    records = json.loads(buildings.layer.records(city, AT))
    assert len(records) == city.features.count("building")
    assert len(buildings.layer.records(city, AT)) / len(records) < 450
    wet = depths(city, RUN)
    batch = city.features.read("building")
    scale = palette.scale("depth")
    for row, record in enumerate(records):
        expected = int(scale.classify(np.array([wet.get(batch.ids[row], np.nan)]))[0])
        assert record["d"] == expected
        assert ("최대 침수심" in record["tip"]) == (expected >= 0)
        assert not re.search("[\u202e\u200b\x00]", record["tip"])
    assert sum(r["d"] >= 0 for r in records) == impact(city, RUN)["buildings_affected"]
    assert records[0]["tip"].startswith("<script>alert(1)</script>\n")


def test_tooltips_are_text_and_their_template_holds_no_name(city) -> None:
    # deck.gl writes `text` with innerText; a template with one field cannot be filled by a name twice
    records = json.loads(buildings.layer.records(city, AT))
    assert all(set(r) == {"p", "h", "d", "k", "tip"} for r in records)


def test_footprints_keep_holes_and_parts(tmp_path) -> None:
    ring = shapely.box(small.WEST, small.SOUTH, small.WEST + 40, small.SOUTH + 40)
    yard = shapely.box(small.WEST + 10, small.SOUTH + 10, small.WEST + 30, small.SOUTH + 30)
    two = shapely.union_all(
        [ring.difference(yard), shapely.box(small.WEST + 60, small.SOUTH, small.WEST + 80, small.SOUTH + 9)]
    )
    shapes = np.array([two, None], dtype=object)
    batch = Features("building", ["a", "b"], shapes, small.CRS, {"storeys": [4, None]}, np.array([1, 2]))
    with store.create(tmp_path / "holes.twin", crs=small.CRS) as city:
        with city.writing(file="x", sha256="2" * 64, reader="vector") as tx:
            tx.features(batch)
            tx.finish({})
        records = json.loads(buildings.layer.records(city, At(language="en")))
    assert sorted(len(r["p"]) for r in records) == [1, 2]
    assert {r["h"] for r in records} == {12.0}
    assert records[0]["tip"] == "buildings\nHeight about 12.0 m (estimated)"


def one(kind: str, **attributes: object) -> Features:
    return Features(
        kind, ["a"], np.array([shapely.Point(0, 0)], dtype=object), small.CRS, {k: [v] for k, v in attributes.items()},
        np.array([1]),
    )  # fmt: skip


def test_roads_have_the_width_that_is_known_best() -> None:
    assert roads.width(one("road", width=7.5, lanes=4), 0) == 7.5
    assert roads.width(one("road", lanes=4), 0) == 12.0
    assert roads.width(one("road", **{"class": "footway"}), 0) == 2.0
    assert roads.width(one("road", **{"class": "primary"}), 0) == 16.0
    assert roads.group(one("railway"), 0) == 2


def test_green_is_what_grows() -> None:
    assert green(one("vegetation"), 0) == 0
    assert green(one("landuse", **{"class": "공원"}), 0) == 0
    assert green(one("landuse", **{"class": "주차장"}), 0) is None
    assert green(one("landuse", **{"class": "parking"}), 0) is None
    assert green(one("landuse"), 0) is None


def test_sensors_stand_where_they_are_with_their_value(city) -> None:
    marks = sensors.marks(city, "ko")
    assert len(marks) == 2
    assert {m["v"] for m in marks} == {"20.95 m", "0.0 mm/h"}
    assert "시청 <b>우량계</b>\n강우강도" in marks[1]["tip"]
    lon, lat = marks[0]["p"]
    assert 126 < lon < 128
    assert 36 < lat < 38
