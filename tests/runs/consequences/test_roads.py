from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.runs.stage import Staged
from tests.runs.town import batch, town
from twin.model.feature import Features
from twin.runs.consequences.roads import joined, roads_on, underpass_sections

GRID = Staged.grid
FREE = np.zeros(GRID.shape, dtype=bool)


def line(*xy: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(xy)


def on_grid(folder, *features: Features, blocked: np.ndarray = FREE):
    with town(folder, *features, terrain=False) as city:
        return roads_on(city, GRID, blocked)


def places(roads, i: int) -> set[tuple[int, int]]:
    """Return the (row, col) of all places of a road."""
    cells = roads.sections.cells[roads.sections.owner == i].ravel()
    return {(int(c) // GRID.nx, int(c) % GRID.nx) for c in cells}


def test_a_narrow_and_a_wide_road(tmp_path) -> None:
    roads = on_grid(
        tmp_path,
        batch(
            "road",
            ["narrow", "wide"],
            [line((50, 12.5), (100, 12.5)), line((50, 52.5), (100, 52.5))],
            width=[4.0, 15.0],
        ),
    )
    assert roads is not None
    assert roads.length.tolist() == [50, 50]
    assert np.bincount(roads.sections.owner).tolist() == [10, 10]
    assert roads.sections.length.sum() == pytest.approx(100)
    assert places(roads, 0) == {(2, c) for c in range(10, 20)}
    assert places(roads, 1) == {(r, c) for r in (9, 10, 11) for c in range(10, 20)}


def test_width_comes_from_lanes_where_it_is_not_stated(tmp_path) -> None:
    roads = on_grid(tmp_path, batch("road", ["a", "b"], [line((50, 52.5), (100, 52.5))] * 2, lanes=[6, None]))
    assert roads is not None
    assert {r for r, _ in places(roads, 0)} == {9, 11, 10}
    assert {r for r, _ in places(roads, 1)} == {10}


def test_a_surface_is_looked_at_along_its_middle(tmp_path) -> None:
    roads = on_grid(tmp_path, batch("road", ["s"], [shapely.box(50, 40, 150, 60)]))
    assert roads is not None
    assert roads.length[0] == 120
    assert {r for r, _ in places(roads, 0)} <= {8, 9, 10, 11}
    assert roads.sections.length.sum() == pytest.approx(120)


def test_a_surface_smaller_than_a_cell_is_one_section(tmp_path) -> None:
    roads = on_grid(tmp_path, batch("road", ["s"], [shapely.box(51, 51, 53, 52)]))
    assert roads is not None
    assert places(roads, 0) == {(10, 10)}


def test_what_is_not_on_the_ground_is_left_out_and_said(tmp_path) -> None:
    roads = on_grid(
        tmp_path,
        batch(
            "road",
            ["bridge", "layered", "tunnel", "path", "over-river", "outside", "point"],
            [
                line((50, 12), (100, 12)),
                line((50, 22), (100, 22)),
                line((50, 32), (100, 32)),
                line((50, 42), (100, 42)),
                line((50, 52), (100, 52)),
                line((250, 62), (400, 62)),
                shapely.Point(5, 5),
            ],
            bridge=["yes", None, None, None, "no", None, None],
            tunnel=[None, None, True, None, None, None, None],
            layer=[None, 1, None, None, 0, None, None],
            **{"class": [None, None, None, "footway", None, None, None]},
        ),
        batch("water", ["river"], [shapely.box(70, 45, 80, 60)]),
    )
    assert roads is not None
    assert roads.left_out == {
        "roads_for_walking": 1, "roads_without_shape": 1, "on_bridges_km": 0.1, "over_underpasses_km": 0,
        "in_tunnels_km": 0.05, "over_water_km": 0.01, "outside_km": 0.1,
    }  # fmt: skip
    assert [roads.features.ids[i] for i in np.unique(roads.sections.owner)] == ["outside", "over-river"]
    assert {c for _, c in places(roads, list(roads.features.ids).index("over-river"))} == {
        10,
        11,
        12,
        13,
        16,
        17,
        18,
        19,
    }


def test_a_street_beneath_a_bridge_is_on_the_ground_when_the_road_above_is_known(tmp_path) -> None:
    deck = batch("bridge", ["B"], [shapely.box(90, 50, 110, 100)])
    above, beneath = line((100, 50), (100, 100)), line((50, 72.5), (150, 72.5))
    known = on_grid(tmp_path / "a", batch("road", ["above", "beneath"], [above, beneath], bridge=["yes", None]), deck)
    unknown = on_grid(tmp_path / "b", batch("road", ["above", "beneath"], [above, beneath]), deck)
    assert known is not None
    assert unknown is not None
    assert known.left_out["on_bridges_km"] == 0.05
    assert unknown.left_out["on_bridges_km"] == pytest.approx(0.07)


def test_an_underpass_is_seen_by_its_own_road_and_not_by_the_street_above(tmp_path) -> None:
    below = batch("underpass", ["U"], [shapely.box(80, 45, 120, 60)], depth=[3.0])
    streets = batch(
        "road", ["through", "above"], [line((60, 52.5), (140, 52.5)), line((100, 20), (100, 90))], tunnel=[True, None]
    )
    roads = on_grid(tmp_path, streets, below)
    assert roads is not None
    names = list(roads.features.ids)
    assert {c for _, c in places(roads, names.index("through"))} == set(range(16, 24))
    assert {r for r, _ in places(roads, names.index("above"))} == {4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17}
    assert roads.left_out["over_underpasses_km"] == 0.015
    assert roads.left_out["in_tunnels_km"] == 0.04


def test_a_place_in_a_building_stands_for_the_middle(tmp_path) -> None:
    blocked = FREE.copy()
    blocked[11, :] = True
    street = batch(
        "road", ["wide", "within"], [line((50, 52.5), (100, 52.5)), line((50, 57.5), (100, 57.5))], width=[15, 3]
    )
    roads = on_grid(tmp_path, street, blocked=blocked)
    assert roads is not None
    assert {r for r, _ in places(roads, 0)} == {9, 10}
    assert roads.left_out["outside_km"] == 0.05
    assert 1 not in roads.sections.owner


def test_a_city_without_roads(tmp_path) -> None:
    assert on_grid(tmp_path) is None


def test_parts_of_an_underpass_are_one(tmp_path) -> None:
    parts = batch(
        "underpass",
        ["a", "b", "c", "d", "e"],
        [shapely.box(10, 10, 20, 20), shapely.box(20, 10, 30, 20), shapely.box(90, 10, 99, 20), shapely.box(30, 10, 40, 20), shapely.box(40, 10, 50, 20)],
        name=["하나", "하나", "하나", None, None],
    )  # fmt: skip
    number = joined(parts, 5.0)
    assert number[0] == number[1]
    assert len(set(number.tolist())) == 4
    sections = underpass_sections(parts, number, GRID, FREE)
    assert {int(c) for c in sections.cells[sections.owner == number[0]].ravel()} == {
        r * GRID.nx + c for r in (2, 3) for c in (2, 3, 4, 5)
    }
