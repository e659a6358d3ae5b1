"""Bodies made of polygons: footprints, slopes, surfaces, against shapes whose answers are known."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.geometry import surfaces
from twin.geometry.surfaces import Soup


def soup(*bodies: list[tuple[str, list[list[tuple[float, float, float]]]]]) -> Soup:
    """Return bodies, each a list of (letter, [outer ring, holes...])."""
    faces = list(chain.from_iterable(bodies))
    rings = list(chain.from_iterable(rings for _, rings in faces))
    return Soup(
        xyz=np.array(list(chain.from_iterable(rings)), dtype=np.float64).reshape(-1, 3),
        rings=surfaces.starts(np.array([len(r) for r in rings], dtype=np.int64)),
        faces=surfaces.starts(np.array([len(rings) for _, rings in faces], dtype=np.int64)),
        bodies=surfaces.starts(np.array([len(b) for b in bodies], dtype=np.int64)),
        letters=np.array([letter for letter, _ in faces], dtype="<U1"),
    )


def box(x: float, y: float, z: float, w: float, d: float, h: float, letters: str = "OOOOOO"):
    a, b, c, e = (x, y), (x + w, y), (x + w, y + d), (x, y + d)
    low, high = [(*p, z) for p in (a, b, c, e)], [(*p, z + h) for p in (a, b, c, e)]
    walls = [[low[i], low[(i + 1) % 4], high[(i + 1) % 4], high[i]] for i in range(4)]
    return [(letter, [ring]) for letter, ring in zip(letters, [low[::-1], high, *walls], strict=True)]


def plan(s: Soup) -> surfaces.Plan:
    facing = surfaces.facing(s)
    return surfaces.footprints(s, facing, surfaces.is_closed(s, facing))


def test_a_closed_shell_is_seen_from_below() -> None:
    s = soup(box(500_000, 4_000_000, 10, 4, 3, 5))
    p = plan(s)
    assert p.how.tolist() == ["U"]
    assert p.geometry[0].equals(shapely.box(500_000, 4_000_000, 500_004, 4_000_003))
    assert p.foot.tolist() == [10]
    assert (surfaces.lowest(s).tolist(), surfaces.highest(s).tolist()) == ([10], [15])
    facing = surfaces.facing(s)
    assert "".join(surfaces.told_by_slope(s, facing, surfaces.is_closed(s, facing))) == "GRWWWW"
    assert facing.lies.tolist() == [True, True, False, False, False, False]


def test_ground_surfaces_come_first() -> None:
    lower, upper = box(0, 0, 0, 2, 2, 3, "GRWWWW"), box(-1, -1, 3, 4, 4, 3, "ORWWWW")
    p = plan(soup(lower + upper))
    assert p.how.tolist() == ["G"]
    assert p.geometry[0].area == 4, "the overhang is not its footprint"
    assert plan(soup(box(0, 0, 0, 2, 2, 3) + box(-1, -1, 3, 4, 4, 3))).geometry[0].area == 16


def test_open_and_inside_out_bodies_are_projected() -> None:
    inside_out = [(letter, [rings[0][::-1]]) for letter, rings in box(0, 0, 0, 2, 3, 1)]
    p = plan(soup(box(0, 0, 0, 2, 3, 1)[1:], inside_out))
    assert p.how.tolist() == ["P", "P"]
    assert [g.area for g in p.geometry] == [6, 6]


def test_parts_are_joined_and_holes_are_kept() -> None:
    court = [("G", [[(0, 0, 0), (4, 0, 0), (4, 4, 0), (0, 4, 0)], [(1, 1, 0), (1, 2, 0), (2, 2, 0), (2, 1, 0)]])]
    p = plan(soup(court, box(0, 0, 0, 2, 2, 3) + box(2, 0, 0, 2, 2, 5)))
    assert p.geometry[0].area == 15
    assert len(p.geometry[0].interiors) == 1
    assert p.geometry[1].equals(shapely.box(0, 0, 4, 2))


def test_upright_and_absent_faces_have_no_footprint() -> None:
    wall = [("W", [[(0, 0, 0), (4, 0, 0), (4, 0, 3), (0, 0, 3)]])]
    p = plan(soup(wall, [], box(0, 0, 0, 1, 1, 1)))
    assert p.geometry[:2].tolist() == [None, None]
    assert p.geometry[2].area == 1
    assert p.how.tolist() == ["", "", "U"]
    assert np.isnan(p.foot[:2]).all()
    shapes = surfaces.multipolygons(soup(wall, [], box(0, 0, 0, 1, 1, 1)))
    assert [s and len(s.geoms) for s in shapes] == [1, None, 6]


def test_a_face_that_crosses_itself_is_passed_on_and_mended_only_where_joined() -> None:
    bow = ("G", [[(0, 0, 0), (2, 2, 0), (2, 0, 0), (0, 2, 0)]])
    p = plan(soup([bow], [bow, ("G", [[(5, 0, 0), (6, 0, 0), (6, 1, 0)]])]))
    assert not p.geometry[0].is_valid
    assert p.geometry[1].is_valid
    assert p.geometry[1].area == pytest.approx(2.5)
    assert p.mended.tolist() == [False, True]


def test_degrees_are_measured_in_metres() -> None:
    d = 1e-4
    roof = [("O", [[(127, 37, 0), (127 + d, 37, 0), (127 + d, 37 + d, 5), (127, 37 + d, 5)]])]
    assert not surfaces.facing(soup(roof)).lies[0], "in degrees every roof looks upright"
    assert surfaces.facing(soup(roof), (88_000.0, 111_000.0)).lies[0]


def test_surfaces_keep_their_heights_and_order() -> None:
    (shape,) = surfaces.multipolygons(soup(box(0, 0, 1, 1, 1, 2)))
    assert shape.has_z
    assert [max(z for *_, z in face.exterior.coords) for face in shape.geoms] == [1, 3, 3, 3, 3, 3]


def test_nothing_is_no_trouble() -> None:
    s = soup([], [])
    assert plan(s).geometry.tolist() == [None, None]
    assert surfaces.multipolygons(s).tolist() == [None, None]
    assert np.isnan(surfaces.highest(s)).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(*[st.integers(0, 9)] * 3, *[st.integers(1, 5)] * 3), min_size=1, max_size=4))
def test_footprint_is_the_projection_of_all_faces(boxes: list[tuple[int, ...]]) -> None:
    body = list(chain.from_iterable(box(*map(float, b)) for b in boxes))
    found = plan(soup(body)).geometry[0]
    expected = shapely.union_all([shapely.box(x, y, x + w, y + d) for x, y, _, w, d, _ in boxes])
    assert found.symmetric_difference(expected).area == pytest.approx(0, abs=1e-9)
