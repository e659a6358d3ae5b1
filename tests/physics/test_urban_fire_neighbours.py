"""The search for neighbours against shapely, and who sees whom."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.physics.cases.town import BARE, CONCRETE, MORTARED, box, mixed
from twin.physics.urban_fire import exposure
from twin.physics.urban_fire.buildings import buildings
from twin.physics.urban_fire.neighbours import FAR, Pairs, neighbours


def seen(pairs: Pairs, emitter: int, target: int) -> float:
    """Return the view factor of a node from another."""
    pairs.look(np.arange(len(pairs.starts) - 1))
    row = slice(pairs.starts[emitter], pairs.starts[emitter + 1])
    return float(pairs.view[row][pairs.target[row] == target][0])


def test_pairs_and_gaps_are_those_of_shapely() -> None:
    town = mixed(4, 9, 8, ["timber"], [1, 2], pitch=19.0)
    shapes = [
        shapely.Polygon(town.outlines.corners[a:b]) for a, b in zip(town.outlines.starts, town.outlines.starts[1:])
    ]
    pairs = neighbours(town)
    found = {
        (i, int(j)): float(g)
        for i in range(town.count)
        for j, g in zip(
            pairs.target[pairs.starts[i] : pairs.starts[i + 1]],
            pairs.gap[pairs.starts[i] : pairs.starts[i + 1]],
            strict=True,
        )
    }
    wanted = {
        (i, j): shapely.distance(shapes[i], shapes[j])
        for i in range(town.count)
        for j in range(town.count)
        if i != j and shapely.distance(shapes[i], shapes[j]) <= 40
    }
    assert found.keys() == wanted.keys()
    assert list(found.values()) == pytest.approx([wanted[k] for k in found], abs=1e-4)


@pytest.mark.parametrize("gap", [1.0, 3.0, 6.0, 10.0, 14.0, 20.0])
def test_facades_that_face_each_other_see_what_br_187_says(gap: float) -> None:
    house = {"structure": "timber", "height": 6.0, "storeys": 2}
    town = buildings([box(0, 0, 10, 10), box(0, 10 + gap, 10, 10)], [house] * 2)
    assert seen(neighbours(town), 0, 1) == pytest.approx(float(exposure.view_parallel(10.0, 6.0, gap)), rel=1e-6)


def test_who_stands_higher_or_aside_sees_less() -> None:
    low, high = {**MORTARED, "ground": 0.0}, {**MORTARED, "ground": 30.0}
    rings = [box(0, 0, 10, 10), box(0, 15, 10, 10), box(15, 15, 10, 10), box(0, -15, 10, 10)]
    pairs = neighbours(buildings(rings, [low, low, low, high]))
    assert seen(pairs, 0, 1) > 2 * seen(pairs, 0, 2) > 0
    assert seen(pairs, 0, 1) > 3 * seen(pairs, 0, 3) > 0


def test_turning_the_town_changes_nothing() -> None:
    def town(turn: float) -> Pairs:
        c, s = np.cos(turn), np.sin(turn)
        rings = [box(x, y, 10, 7) @ np.array([[c, s], [-s, c]]) for x, y in ((0, 0), (14, 3), (-2, 12))]
        return neighbours(buildings(rings, [BARE] * 3))

    straight, turned = town(0.0), town(0.7)
    for pairs in (straight, turned):
        pairs.look(np.arange(3))
    assert turned.view == pytest.approx(straight.view, rel=1e-4)
    assert turned.gap == pytest.approx(straight.gap, rel=1e-4)


def test_nothing_passes_a_party_wall_without_timber() -> None:
    rings = [box(0, 0, 10, 10), box(10, 0, 10, 10)]
    walls, wood = (neighbours(buildings(rings, [CONCRETE, other])) for other in (CONCRETE, BARE))
    assert (walls.gap == FAR).all()
    assert seen(walls, 0, 2) == 0
    gap = {(i, int(j)): wood.gap[k] for i in range(3) for k in range(*wood.starts[i : i + 2]) for j in [wood.target[k]]}
    assert gap.keys() == {(0, 2), (1, 2), (2, 0), (2, 1)}
    assert max(gap[0, 2], gap[1, 2], gap[2, 1]) < 0.01, "a wooden house burns, and stands below an upper storey"
    assert gap[2, 0] == FAR, "a wall of concrete against a wooden house has no openings"


def test_storeys_of_one_building_are_no_pairs() -> None:
    tall = {"structure": "concrete", "storeys": 8}
    town = buildings([box(0, 0, 20, 12), box(0, 25, 20, 12)], [tall, BARE])
    pairs = neighbours(town)
    assert len(pairs.target) == 16
    assert set(pairs.target[pairs.starts[8] :].tolist()) == set(range(8))


def test_a_wall_hides_what_is_behind_it() -> None:
    rings, house = [box(0, 0, 10, 10), box(0, 18, 10, 10)], {**BARE, "height": 6.0}

    def behind(crest: float, to: float = 20.0) -> Pairs:
        return neighbours(buildings(rings, [house] * 2), walls=np.array([[-20.0, 9.0, to, 9.0, crest]]))

    open_view, low, half, high = (seen(behind(crest), 0, 1) for crest in (0.0, 2.0, 3.0, 5.0))
    assert open_view == pytest.approx(float(exposure.view_parallel(10.0, 6.0, 8.0)), rel=1e-6)
    # a crest at the height of the element leaves the upper half
    assert half == pytest.approx(open_view / 2, rel=1e-6)
    assert open_view > low > half > high == 0
    assert seen(behind(9.0, to=-5.0), 0, 1) == pytest.approx(open_view)
    shut = behind(9.0)
    shut.look(np.arange(2))
    assert (shut.gap == FAR).all()


@pytest.mark.parametrize("count", [0, 1])
def test_a_town_of_one_has_no_pairs(count: int) -> None:
    pairs = neighbours(buildings([box(0, 0, 9, 9)] * count, [BARE] * count))
    assert len(pairs.target) == 0
    assert len(pairs.starts) == count + 1
