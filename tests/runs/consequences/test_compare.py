from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.runs.town import SOUTH, WEST
from twin import runs
from twin.errors import UnitsError, UsageError
from twin.model.field import Grid
from twin.runs.consequences.compare import _common


def test_the_same_run_twice_is_exactly_nothing(flooded) -> None:
    same = runs.compare(flooded.city, flooded.run.id, flooded.run.id)
    assert not same.difference.any()
    facts = same.as_dict()
    assert [
        k for k, v in facts.items() if k.endswith(("difference", "difference_m", "rise_m", "fall_m")) and v != 0
    ] == []
    assert facts["max_depth_difference_m"] == 0
    assert facts["buildings_spared"] == facts["buildings_newly_affected"] == []


def test_a_wall_spares_the_house_it_stands_round(flooded) -> None:
    comparison = runs.compare(flooded.city, flooded.run.id, flooded.walled.id)
    facts = comparison.as_dict()
    assert facts["max_depth_difference_m"] > 0.1
    assert facts["deepest_fall_m"] > 0.1
    assert facts["buildings_spared"] == ["low-2"]
    assert (
        facts["buildings_affected_difference"] == facts["buildings_affected_second"] - facts["buildings_affected_first"]
    )
    assert facts["damage_krw_difference"] < 0
    back = runs.compare(flooded.city, flooded.walled.id, flooded.run.id)
    np.testing.assert_array_equal(back.difference, -comparison.difference)
    assert back.as_dict()["damage_krw_difference"] == -facts["damage_krw_difference"]


class Laid:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid


def test_runs_over_different_areas_are_compared_where_both_are() -> None:
    a = Grid("EPSG:5186", WEST, SOUTH, 5.0, 10, 8)
    b = Grid("EPSG:5186", WEST + 20, SOUTH - 10, 5.0, 10, 6)
    grid, one, two = _common(Laid(a), Laid(b))
    assert grid == Grid("EPSG:5186", WEST + 20, SOUTH, 5.0, 6, 4)
    assert np.zeros(a.shape)[one].shape == np.zeros(b.shape)[two].shape == grid.shape
    assert (one[0].start, one[1].start, two[0].start, two[1].start) == (0, 4, 2, 0)
    with pytest.raises(UnitsError, match="different grids"):
        _common(Laid(a), Laid(replace(a, cell=4.0)))
    with pytest.raises(UnitsError, match="different grids"):
        _common(Laid(a), Laid(replace(a, west=WEST + 1)))
    with pytest.raises(UsageError, match="do not overlap"):
        _common(Laid(a), Laid(replace(a, west=WEST + 500)))
