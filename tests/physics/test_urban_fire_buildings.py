"""Nodes from outlines and attributes: nothing is assumed in silence, and what cannot be is refused."""

from __future__ import annotations

import numpy as np
import pytest

from tests.physics.cases.town import box
from twin.errors import InputError
from twin.physics.urban_fire import tables
from twin.physics.urban_fire.buildings import NONE, OPENINGS, WALL, buildings

FULL = {
    "structure": "timber", "cladding": "combustible", "height": 6.0, "storeys": 2, "ground": 12.0, "floor_area": 180.0,
    "use": "residential", "sprinklers": False, "shutters": False,
}  # fmt: skip


def test_what_is_known_is_not_assumed() -> None:
    town = buildings([box(0, 0, 10, 10)], [FULL])
    assert town.assumed == {}
    assert town.base.tolist() == [12]
    assert town.top.tolist() == [18]
    assert town.floor_area.tolist() == [180]
    assert town.fires.energy[0] == pytest.approx(0.8e3 * (780 + 600) * 180)
    assert town.fires.peak[0] == pytest.approx(250 * 180)
    assert town.receiver.tolist() == [WALL]


def test_everything_that_is_missing_is_named_and_counted() -> None:
    town = buildings([box(0, 0, 10, 10), box(30, 0, 10, 10), box(60, 0, 10, 10)], [{}, {"storeys": 4}, {"height": 5.8}])
    assert town.assumed == {
        "cladding": {"non_combustible of masonry": 2, "non_combustible of concrete": 1},
        "floor_area": {"footprint times storeys": 3},
        "ground": {"0 m, the median of the others": 3},
        "height": {"3 m per storey": 1, "two storeys of 3 m": 1},
        "shutters": {"none": 3},
        "sprinklers": {"none": 3},
        "storeys": {"one per 3 m of height": 1},
        "structure": {"masonry up to 2 storeys": 2, "concrete from 3 storeys on": 1},
        "use": {"residential": 3},
    }
    assert town.building.tolist() == [0, 1, 1, 1, 1, 2]
    assert town.floor_area.tolist() == pytest.approx([200, 100, 100, 100, 100, 200])


def test_a_word_that_is_not_known_is_told() -> None:
    town = buildings([box(0, 0, 10, 10)], [FULL | {"structure": "straw", "use": "other"}])
    assert town.assumed == {
        "structure": {"masonry up to 2 storeys, as 'straw' is not a known word": 1},
    }


def test_a_building_whose_slabs_hold_burns_storey_by_storey() -> None:
    kinds = [("timber", 9), ("masonry", 2), ("masonry", 3), ("concrete", 1), ("concrete", 2), ("steel", 2)]
    town = buildings([box(40 * i, 0, 9, 9) for i in range(6)], [{"structure": s, "storeys": n} for s, n in kinds])
    assert np.bincount(town.building).tolist() == [1, 1, 3, 1, 2, 2]
    enclosed = buildings([box(0, 0, 9, 9)], [{"structure": "concrete", "storeys": tables.ENCLOSED_FROM}])
    assert np.isinf(enclosed.climbs).all()
    assert (town.climbs[town.structure > 0] == tables.STAIRS).all()


@pytest.mark.parametrize(
    ("side", "use", "parts"),
    [(10, "residential", 1), (10, "apartment", 1), (20, "residential", 2), (20, "apartment", 4), (70, "office", 5)],
)
def test_no_storey_burns_all_at_once(side: float, use: str, parts: int) -> None:
    row = FULL | {"structure": "concrete", "cladding": "non_combustible", "storeys": 2, "use": use}
    town = buildings([box(0, 0, side, side)], [row | {"floor_area": 2 * side * side}])
    assert town.parts.tolist() == [parts, parts]
    assert (town.fires.peak <= tables.USES[use].hrrpua * side * side / parts * (1 + 1e-9)).all()
    assert town.fires.energy.sum() == pytest.approx(0.8e3 * tables.USES[use].load * 2 * side * side)
    assert (town.draughty == 0).all()
    if side == 10:
        assert (20e3 < town.fires.peak).all()
        assert (town.fires.peak < 40e3).all(), "100 m2 of a dwelling give off 20 to 40 MW"


def test_storeys_of_tall_buildings_are_nodes_but_not_of_timber() -> None:
    tall = FULL | {"structure": "concrete", "storeys": 7, "height": 21.0, "cladding": "non_combustible"}
    town = buildings([box(0, 0, 20, 12), box(60, 0, 10, 10)], [tall, FULL | {"storeys": 7, "height": 21.0}])
    assert town.count == 8
    assert town.nodes(0).tolist() == list(range(7))
    assert town.above.tolist() == [1, 2, 3, 4, 5, 6, -1, -1]
    assert town.base[:7] == pytest.approx(12 + 3.0 * np.arange(7))
    assert town.fires.energy[:7].sum() == pytest.approx(0.8e3 * 780 * 180)
    assert (town.catches > 0).tolist() == [False] * 6 + [True] * 2


def test_shutters_keep_radiation_out_but_do_not_help_a_wooden_wall() -> None:
    brick = {"structure": "masonry", "cladding": "non_combustible"}
    rows = [FULL | brick, FULL | brick | {"shutters": True}, FULL | {"shutters": True}]
    town = buildings([box(30 * i, 0, 10, 10) for i in range(3)], rows)
    assert town.receiver.tolist() == [OPENINGS, NONE, WALL]
    assert town.receives.tolist() == pytest.approx([0.712, 0, 1], abs=0.001)


def test_outlines_may_be_closed_or_not_and_of_either_sense() -> None:
    ring = box(5, 7, 10, 4, 0.3)
    town = buildings([ring, ring[::-1], np.vstack([ring, ring[:1]])], [FULL] * 3)
    assert town.outlines.area == pytest.approx([40, 40, 40])
    assert town.outlines.perimeter == pytest.approx([28, 28, 28])
    assert town.outlines.centroid == pytest.approx(np.array([[5, 7]] * 3))


@pytest.mark.parametrize(
    ("ring", "row", "words"),
    [
        ([(0, 0), (1, 1)], {}, r"building 'B-7': an outline needs at least 3 corners"),
        ([(0, 0), (1, 1), (2, 2)], {}, r"building 'B-7': an outline of 0 m2 is no building"),
        ([(0, 0), (9, 0), (0, np.nan)], {}, "corners that are numbers"),
        (box(0, 0, 9, 9), {"height": -2.0}, r"building 'B-7': height is -2, a number from 0.5 to 1,000 was"),
        (box(0, 0, 9, 9), {"height": 3000.0}, "height is 3000, a number from 0.5 to 1,000 was"),
        (box(0, 0, 9, 9), {"storeys": 1e6}, r"storeys is 1e\+06, a number from 0 to 200 was"),
        (box(0, 0, 9, 9), {"floor_area": 1e12}, r"floor_area is 1e\+12, a number from 1 to 5,000,000 was"),
        (box(0, 0, 9, 9), {"storeys": "two"}, r"building 'B-7': storeys is 'two', not a number"),
        (box(0, 0, 9, 9), {"floor_area": np.inf}, "floor_area is inf"),
    ],
)
def test_what_cannot_be_is_refused(ring: object, row: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        buildings([ring], [row], ["B-7"])  # type: ignore[list-item]


def test_no_buildings_are_no_error() -> None:
    assert buildings([], []).count == 0
