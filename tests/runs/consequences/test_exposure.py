from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from tests.runs.town import BASIN, SOUTH, TERRAIN, WEST, batch, town
from twin.model.field import Grid
from twin.runs.consequences import exposure


class Bowl:
    """Frames of an analytic bowl: water up to a level, everywhere at once."""

    grid = Grid(TERRAIN.crs, WEST, SOUTH, 2.0, 150, 100)
    summaries = ("max_depth",)

    def __init__(self, level: float) -> None:
        x = (np.arange(150) + 0.5) * 2
        y = ((np.arange(100) + 0.5) * 2)[:, None]
        away = np.hypot(x - BASIN[0], y - BASIN[1])
        self.depth = np.maximum(0, level - 0.01 * away).astype(np.float32)

    def summary(self, _name: str) -> np.ndarray:
        return self.depth


def test_flooded_buildings_on_a_bowl_are_the_exact_set() -> None:
    rng = np.random.default_rng(5)
    x, y = 20 + 260 * rng.random(300), 20 + 160 * rng.random(300)
    houses = shapely.box(x, y, x + 0.1, y + 0.1)
    away = np.hypot(x - BASIN[0], y - BASIN[1])
    clear = np.abs(away - 50) > 6
    placed = shapely.transform(houses, lambda xy: xy + np.array([WEST, SOUTH]))
    water = exposure.water_at(placed, Bowl(0.5), np.zeros(Bowl.grid.shape, dtype=bool))
    assert ((water.depth > 0) == (away < 50))[clear].all()
    np.testing.assert_allclose(water.depth[clear], np.maximum(0, 0.5 - 0.01 * away)[clear], atol=0.03)
    assert np.isnan(water.arrival).all()
    assert water.inside.all()


def test_no_water_is_exactly_nothing() -> None:
    water = exposure.water_at(
        np.array([shapely.box(WEST, SOUTH, WEST + 9, SOUTH + 9)]), Bowl(0.0), np.zeros(Bowl.grid.shape, dtype=bool)
    )
    assert (water.depth[0], water.danger[0]) == (0, 0)


def test_a_puddle_at_a_corner_is_not_a_flooded_building() -> None:
    bowl = Bowl(0.0)
    bowl.depth[40:42, 40:42] = 0.5
    house = np.array([shapely.box(WEST + 83, SOUTH + 83, WEST + 99, SOUTH + 99)])
    assert exposure.water_at(house, bowl, np.zeros(bowl.grid.shape, dtype=bool)).depth[0] == 0


def test_people_of_an_area_are_shared_by_floor_area(tmp_path) -> None:
    homes = batch(
        "building",
        ["a", "b", "c", "d", "e"],
        [
            shapely.box(110, 10, 120, 20),
            shapely.box(130, 10, 140, 20),
            shapely.box(150, 10, 160, 20),
            shapely.box(110, 60, 120, 70),
            shapely.box(250, 150, 260, 160),
        ],
        use=["residential", "apartment", "office", "residential", "residential"],
        storeys=[1, 3, 9, 2, 1],
        residents=[None, None, None, 10, None],
    )
    area = batch("population", ["구역"], [shapely.box(100, 0, 200, 100)], residents=[50])
    with town(tmp_path, area) as city:
        people, unknown = exposure.residents(city, homes)
    assert people.tolist() == [10, 30, 0, 10, 0]
    assert unknown == 1


def test_parts_of_a_building_are_not_counted_again(tmp_path) -> None:
    parts = batch("building", ["low-1-a"], [shapely.box(190, 92, 196, 102)])
    with town(tmp_path, replace(parts, parents=["low-1"], layer="building")) as city:
        houses, footprints = exposure.buildings(city)
    assert houses is not None
    assert (len(houses), len(footprints)) == (5, 6)
