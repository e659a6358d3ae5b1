from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.geometry import burn
from twin.model.field import Grid

GRID = Grid("EPSG:5186", 1000.0, 2000.0, 2.0, 12, 9)


def shapes(*items):
    out = np.empty(len(items), dtype=object)
    out[:] = items
    return out


def by_clipping(items, grid):
    """Return the covered shares by intersecting every cell with every shape: slow and plain."""
    west, south, _, _ = grid.bounds
    i, j = np.indices(grid.shape)
    cells = shapely.box(
        west + j * grid.cell, south + i * grid.cell, west + (j + 1) * grid.cell, south + (i + 1) * grid.cell
    )
    return sum(shapely.area(shapely.intersection(cells, s)) for s in items) / grid.cell**2


RING = shapely.Polygon(
    [(1003, 2001), (1017, 2003), (1015, 2014), (1002, 2012)], [[(1006, 2005), (1012, 2006), (1008, 2010)]]
)


@pytest.mark.parametrize(
    "items",
    [
        [shapely.box(1002, 2002, 1008, 2006)],
        [shapely.box(1002.5, 2002.7, 1008.1, 2006.3)],
        [RING],
        [RING.reverse()],
        [shapely.box(990, 1990, 1003.3, 2100)],
        [shapely.box(1019, 2007, 1100, 2013)],
        [shapely.box(900, 1900, 1100, 2100)],
        [shapely.box(0, 0, 10, 10)],
        [shapely.MultiPolygon([shapely.box(1001, 2001, 1004, 2004), shapely.box(1010.5, 2010, 1013, 2013)])],
        [],
    ],
)
def test_coverage_is_exact(items):
    np.testing.assert_allclose(
        burn.coverage(shapes(*items), GRID), by_clipping(items, GRID) + np.zeros(GRID.shape), atol=1e-12
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(980, 1050), st.floats(1980, 2050)), min_size=3, max_size=7))
def test_coverage_of_any_hull(points):
    hull = shapely.MultiPoint(points).convex_hull
    if hull.geom_type == "Polygon":
        np.testing.assert_allclose(burn.coverage(shapes(hull), GRID), by_clipping([hull], GRID), atol=1e-9)


def test_overlaps_do_not_count_twice():
    twice = shapes(shapely.box(1002, 2002, 1008, 2006), shapely.box(1002, 2002, 1008, 2006))
    assert burn.coverage(twice, GRID).max() == 1.0


def test_lines_and_points_cover_nothing():
    thin = shapes(shapely.LineString([(1001, 2001), (1020, 2016)]), shapely.Point(1005, 2005), None)
    assert not burn.coverage(thin, GRID).any()


def test_none_and_empty_have_no_cells():
    owner, cell = burn.crossed(shapes(None, shapely.Point(), shapely.Point(1001, 2001)), GRID)
    assert owner.tolist() == [2]
    assert cell.tolist() == [0]


def test_a_line_crosses_the_cells_it_passes_without_a_gap():
    line = shapely.LineString([(1000.5, 2000.5), (1022.9, 2017.1)])
    _, cell = burn.crossed(shapes(line), GRID)
    row, col = cell // GRID.nx, cell % GRID.nx
    steps = np.abs(np.diff(np.unique(col)))
    assert (steps == 1).all()
    expected = by_touch(line)
    assert set(zip(row.tolist(), col.tolist(), strict=True)) == expected


def by_touch(line):
    found = set()
    for i in range(GRID.ny):
        for j in range(GRID.nx):
            west, south = GRID.west + 2 * j, GRID.south + 2 * i
            if line.intersection(shapely.box(west, south, west + 2, south + 2)).length > 1e-9:
                found.add((i, j))
    return found


def test_around_a_building_are_its_free_neighbours():
    building = shapely.box(1004, 2004, 1010, 2008)
    blocked = burn.coverage(shapes(building), GRID) >= 0.5
    owner, cell = burn.around(shapes(building, shapely.Point(1021, 2016.5), shapely.box(0, 0, 1, 1)), GRID, blocked)
    mine = cell[owner == 0]
    row, col = mine // GRID.nx, mine % GRID.nx
    assert not blocked.ravel()[mine].any()
    assert {(1, 2), (4, 4), (2, 1), (3, 5), (1, 1)} <= set(zip(row.tolist(), col.tolist(), strict=True))
    assert row.min() == col.min() == 1
    assert (row.max(), col.max()) == (5, 6)  # an outline on a grid line belongs to the cell north and east of it
    assert 6 <= (owner == 1).sum() <= 9
    assert not (owner == 2).any()


def test_a_walled_in_shape_keeps_its_own_cells():
    owner, _ = burn.around(shapes(shapely.box(1004, 2004, 1010, 2008)), GRID, np.ones(GRID.shape, dtype=bool))
    assert len(owner) > 0


def test_batches_do_not_change_the_answer(monkeypatch):
    rng = np.random.default_rng(2)
    x, y = 1000 + 20 * rng.random(50), 2000 + 14 * rng.random(50)
    many = shapely.box(x, y, x + 2, y + 3)
    blocked = np.zeros(GRID.shape, dtype=bool)
    whole, share = burn.around(many, GRID, blocked), burn.coverage(many, GRID)
    monkeypatch.setattr(burn, "BATCH", 7)
    parts = burn.around(many, GRID, blocked)
    np.testing.assert_array_equal(whole[0], parts[0])
    np.testing.assert_array_equal(whole[1], parts[1])
    np.testing.assert_allclose(burn.coverage(many, GRID), share)


def test_share_of_group():
    owner, values = np.array([0, 0, 0, 2, 2, 2, 2]), np.array([3.0, 1.0, 2.0, 5.0, 8.0, 6.0, 7.0])
    np.testing.assert_array_equal(burn.share_of_group(owner, values, 3, 1.0), [3, np.nan, 8])
    np.testing.assert_array_equal(burn.share_of_group(owner, values, 3, 0.5), [2, np.nan, 7])
    np.testing.assert_array_equal(burn.share_of_group(owner, values, 3, 0.0), [1, np.nan, 5])


def test_crests_raise_and_never_lower():
    ground = np.zeros(GRID.shape)
    ground[4, 3] = 9.0
    line = shapely.LineString([(1000.1, 2009), (1023.9, 2009)])
    raised, cells = burn.raise_crests(ground, shapes(line, line), np.array([5.0, np.nan]), GRID)
    assert (raised[4] == [5, 5, 5, 9] + [5] * 8).all()
    assert raised.sum() == raised[4].sum()
    assert cells.tolist() == [11, 0]
    assert ground[4, 0] == 0
