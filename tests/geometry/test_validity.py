"""Validity: each fault is repaired with its cost said, or refused with its reason; nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import UsageError
from twin.geometry.validity import repair

SQUARE = "POLYGON((0 0,10 0,10 10,0 10,0 0))"


def check(text: str, shape: str = "polygon"):
    return repair(np.array([shapely.from_wkt(text)], dtype=object), shape)


@pytest.mark.parametrize(
    ("text", "says", "area"),
    [
        ("POLYGON((0 0,10 0,10 10,10 20,10 10,0 10,0 0))", "area 100.000 m2 became 100.000 m2", 100.0),
        ("POLYGON((0 0,10 0,10 10,0 10,0 0),(20 20,21 20,21 21,20 21,20 20))", "Hole lies outside shell", 100.0),
        ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((2 2,3 2,3 3,2 3,2 2)))", "Nested shells", 100.0),
        ("POLYGON((0 0,10 10,10 0,0 10,0 0))", "area 0.000 m2 became 50.000 m2", 50.0),
        (f"GEOMETRYCOLLECTION(POINT(1 1),{SQUARE})", "1 kept (polygon), 1 left out", 100.0),
        (
            f"GEOMETRYCOLLECTION(POINT(1 1),GEOMETRYCOLLECTION({SQUARE},POLYGON((20 0,21 0,21 1,20 0))))",
            "2 kept",
            100.5,
        ),
    ],
)
def test_repaired(text, says, area):
    found = check(text)
    assert says in found.repaired[0]
    assert not found.refused
    assert found.geometry[0].is_valid
    assert found.geometry[0].area == pytest.approx(area)
    assert found.geometry[0].buffer(1.0).union(found.geometry[0]).is_valid


@pytest.mark.parametrize(
    ("text", "shape", "says"),
    [
        ("POLYGON((0 0,1 1,2 2,0 0))", "polygon", "encloses no area"),
        ("POLYGON EMPTY", "any", "empty geometry"),
        ("POLYGON((0 0,100 0,100 0.0000001,0 0.0000001,0 0))", "polygon", "sliver: area 1e-05 m2"),
        ("POLYGON((0 0,1000 0,1000 0.001,0 0.0))", "polygon", "sliver"),
        ("GEOMETRYCOLLECTION(POINT(1 1))", "polygon", "holds no polygon"),
        ("POINT(1 1)", "polygon", "needs a polygon, found a point"),
        (SQUARE, "line", "needs a line, found a polygon"),
        ("LINESTRING(1 1,1 1)", "any", "not valid"),
    ],
)
def test_refused(text, shape, says):
    found = check(text, shape)
    assert says in found.refused[0]
    assert found.geometry[0] is None
    assert not found.repaired


def test_numbers_that_are_none():
    with np.errstate(invalid="ignore"):
        bad = shapely.polygons([[[0, 0], [np.nan, 1], [1, 1], [0, 0]], [[0, 0], [np.inf, 1], [1, 1], [0, 0]]])
    found = repair(np.asarray(bad, dtype=object), "polygon")
    assert found.refused == dict.fromkeys((0, 1), "coordinate is not a finite number")


def test_good_rows_stay_as_they_are_and_lose_only_their_heights():
    rows = np.array(
        [shapely.from_wkt(SQUARE), None, shapely.Point(1, 2, 3), shapely.LineString([(0, 0), (1, 1)])], dtype=object
    )
    found = repair(rows, "any")
    assert not found.repaired
    assert not found.refused
    assert found.geometry[0] is rows[0]
    assert found.geometry[1] is None
    assert not shapely.has_z(found.geometry[2])
    assert shapely.has_z(rows[2])


def test_no_rows():
    assert len(repair(np.array([], dtype=object), "polygon").geometry) == 0


def test_an_unknown_shape_has_a_suggestion():
    with pytest.raises(UsageError, match="Did you mean 'polygon'"):
        repair(np.array([], dtype=object), "poligon")


def test_every_hostile_shape_is_repaired_or_refused(shared):
    for path in sorted((shared / "hostile" / "geometry").glob("*.wkt")):
        found = check(path.read_text())
        assert (0 in found.repaired) != (0 in found.refused), path.name
        assert found.geometry[0] is None or found.geometry[0].union(shapely.box(0, 0, 1, 1)).is_valid


corner = st.tuples(st.integers(0, 12), st.integers(0, 12))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(corner, min_size=3, max_size=12), st.lists(corner, min_size=3, max_size=5) | st.none())
def test_whatever_rings_come_the_result_is_valid_and_inside_their_hull(shell, hole):
    rough = shapely.Polygon(shell, [hole] if hole else None)
    found = repair(np.array([rough], dtype=object), "polygon")
    if 0 in found.refused:
        assert found.geometry[0] is None
        return
    assert found.geometry[0].is_valid
    assert found.geometry[0].area > 0
    assert found.geometry[0].within(shapely.Polygon(shell).convex_hull.buffer(1e-6))
    assert (0 in found.repaired) == (not rough.is_valid)
