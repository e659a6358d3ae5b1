from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from tests.runs.town import SOUTH, WEST
from twin import runs
from twin.errors import UnitsError, UsageError
from twin.model.field import Grid
from twin.runs.consequences.compare import _common
from twin.runs.consequences.fire_compare import fire_differences


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


def test_the_same_fire_twice_is_exactly_nothing(burnt) -> None:
    for run in (burnt.run, burnt.fought, burnt.both):
        same = runs.compare(burnt.city, run.id, run.id)
        assert not same.difference.any()
        facts = same.as_dict()
        names = ("difference", "difference_m", "difference_s", "rise_m", "fall_m", "only_first_ha", "only_second_ha")
        assert [k for k, v in facts.items() if k.endswith(names) and v != 0] == []
        assert facts["states_changed"] == facts["buildings_saved"] == facts["buildings_newly_burnt"] == []


def test_measures_change_the_state_of_buildings(burnt) -> None:
    comparison = runs.compare(burnt.city, burnt.run.id, burnt.fought.id)
    facts = comparison.as_dict()
    assert (comparison.of, facts["compared"], facts["curve"]) == ("fire_arrival", ["fire_arrival"], "total_loss")
    assert facts["states_changed"] == [{"id": "high-1", "first": "burnt_out", "second": "extinguished"}]
    assert facts["people_exposed_difference"] == -24
    assert facts["damage_krw_difference"] < 0
    assert facts["buildings_burnt_out_difference"] == -1
    assert "half_basements_wet_first" not in facts


def test_a_later_fire(burnt) -> None:
    grid = Grid("EPSG:5186", WEST, SOUTH, 10.0, 3, 1)
    first, second = np.array([[0.0, 60.0, np.nan]]), np.array([[0.0, 90.0, 30.0]])
    difference, facts = fire_differences(first, second, grid, 120.0)
    np.testing.assert_array_equal(difference, [[0.0, 30.0, -90.0]])
    assert facts["burnt_ha_difference"] == pytest.approx(0.01)
    assert (facts["burnt_only_first_ha"], facts["burnt_only_second_ha"]) == (0.0, pytest.approx(0.01))
    assert (facts["mean_arrival_difference_s"], facts["latest_arrival_difference_s"]) == (15.0, 30.0)
    back, _ = fire_differences(second, first, grid, 120.0)
    np.testing.assert_array_equal(back, -difference)


def test_runs_of_two_hazards_are_compared_by_what_both_have(burnt) -> None:
    facts = runs.compare(burnt.city, burnt.run.id, burnt.both.id).as_dict()
    assert facts["compared"] == ["fire_arrival"]
    assert facts["burnt_ha_difference"] == 0
    assert facts["states_changed"] == []
    assert facts["buildings_affected_difference"] == 0
    both = runs.compare(burnt.city, burnt.both.id, burnt.both.id).as_dict()
    assert both["compared"] == ["max_depth", "fire_arrival"]


def test_a_flood_and_a_fire_have_nothing_to_compare(burnt, monkeypatch) -> None:
    monkeypatch.setattr(sys.modules["twin.runs.consequences.compare"], "PARTS", ("max_depth",))
    with pytest.raises(
        UsageError, match=r"\(fire, done\) and run .* have nothing to compare: neither max_depth in both"
    ):
        runs.compare(burnt.city, burnt.run.id, burnt.run.id)
