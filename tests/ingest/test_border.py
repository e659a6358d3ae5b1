"""The border: shapes, ids and attributes are made fit or quarantined, with what a person needs to mend them."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from twin.errors import InputError
from twin.model.finding import Counted


def test_shapes_are_repaired_with_the_old_one_kept(tell, squares, city):
    bowtie = shapely.Polygon([(2e5, 545e3), (200_010, 545_010), (200_010, 545e3), (2e5, 545_010)])
    flat = shapely.Polygon([(2e5, 545e3), (200_010, 545_010), (200_020, 545_020)])
    shapes = np.array(
        [bowtie, flat, shapely.Point(2e5, 545e3), shapely.box(2e5, 545e3, 200_010, 545_010)], dtype=object
    )
    report = tell(squares(4, geometry=shapes), Counted(4, "features"))
    assert (report.stored, report.quarantined) == (2, 2)
    rows = {q.line: q for q in city.quarantine.read()}
    assert rows[1].part
    assert rows[1].reason.startswith("repaired: Self-intersection")
    assert shapely.from_wkt(json.loads(rows[1].raw)["geometry"]).equals(bowtie)
    assert rows[2].reason.startswith("encloses no area")
    assert rows[3].reason == "needs a polygon, found a point"
    assert [f.where for f in report.findings if f.code == "repaired"] == ["b0"]
    stored = city.features.read("building")
    assert stored.ids == ["b0", "b3"]
    assert all(shape.is_valid for shape in stored.geometry)


def test_ids_that_come_twice_in_a_layer_are_quarantined(tell, squares, city):
    first = squares(3, ids=["a", "b", "a"])
    second = squares(1, ids=["b"])
    other = squares(1, ids=["b"], layer="annexes")
    report = tell(first, second, other, Counted(5, "features"))
    assert (report.stored, report.quarantined) == (3, 2)
    assert [q.reason for q in city.quarantine.read()] == [
        "id 'b' stands on line 2 already",
        "id 'a' stands on line 1 already",
    ]


@pytest.mark.parametrize("bad", ["", "a\0b", "a\ud800"])
def test_ids_that_cannot_be_keys_are_quarantined(tell, squares, city, bad):
    report = tell(squares(2, ids=["good", bad]), Counted(2, "features"))
    assert (report.stored, report.quarantined) == (1, 1)
    assert city.quarantine.read()[0].id == bad


def test_attributes_that_cannot_be_are_unknown_and_said(tell, squares, city):
    attributes = {
        "height": [1e30, "12 m", float("nan"), 5, True],
        "storeys": [3, None, 999, 2, 1],
        "wind": [float("inf"), 1.0, "a", None, False],
        "name": ["가", 5, None, "b", "c"],
    }
    report = tell(squares(5, attributes=attributes), Counted(5, "features"))
    assert (report.stored, report.quarantined) == (5, 0)
    reasons = {(q.line, q.reason) for q in city.quarantine.read()}
    assert reasons == {
        (1, "height 1e+30 is outside 0 to 1000 m"),
        (2, "height '12 m' is not a number"),
        (5, "height 'True' is not a number"),
        (3, "storeys 999 is outside 0 to 200 1"),
        (1, "wind is infinite"),
    }
    assert all(q.part for q in city.quarantine.read())
    stored = city.features.read("building").attributes
    assert stored["height"] == [None, None, None, 5, None]
    assert stored["wind"] == [None, 1.0, "a", None, False]


def test_a_quarantined_row_is_whole_in_the_quarantine_and_counts_once(tell, squares, city):
    shapes = np.array([shapely.from_wkt("POLYGON EMPTY")], dtype=object)
    report = tell(squares(1, geometry=shapes, attributes={"height": [1e9], "이름": ["시청"]}), Counted(1, "features"))
    assert (report.stored, report.quarantined) == (0, 1)
    row = city.quarantine.read()[0]
    assert row.reason == "empty geometry"
    assert json.loads(row.raw)["attributes"] == {"height": 1e9, "이름": "시청"}


def test_surfaces_move_with_their_building_and_lose_bad_coordinates(tell, squares, city):
    wall = shapely.MultiPolygon([shapely.Polygon([(127.0, 37.5, 1.0), (127.001, 37.5, 1.0), (127.001, 37.5, 5.0)])])
    with np.errstate(invalid="ignore"):
        bad = shapely.MultiPolygon(
            [shapely.Polygon([(127.0, 37.5, 1.0), (127.001, 37.5, np.inf), (127.001, 37.5, 5.0)])]
        )
    foot = shapely.box(127.0, 37.5, 127.001, 37.501)
    batch = squares(
        2, geometry=np.array([foot, foot], dtype=object), crs="EPSG:4326", surfaces=np.array([wall, bad], dtype=object),
        surface_kinds=["W", "W"], vertical="EPSG:6360",
    )  # fmt: skip
    report = tell(batch, Counted(2, "features"))
    assert report.stored == 2
    stored = city.features.read("building")
    corner = shapely.get_coordinates(stored.surfaces[0], include_z=True)[0]
    assert corner == pytest.approx([200_000.0, 544_504.12, 0.3048006], abs=0.01)
    assert stored.surfaces[1] is None
    assert "surfaces" in city.quarantine.read()[0].reason


def test_an_unknown_kind_is_an_error(tell, squares):
    with pytest.raises(InputError, match="Did you mean 'building'"):
        tell(squares(1, kind="bilding"), Counted(1, "features"))
