"""On which fire engines throw, when they go on to another, and which stations they come from."""

from __future__ import annotations

import numpy as np
import pytest

from tests.hazards.hillside import GRID, STREET, at, begun, do, house, rows
from twin.hazards.fire.params import Params
from twin.hazards.fire.stations import crews_of
from twin.hazards.fire.targets import ONWARD, Fires, onward, target
from twin.model.asset import Asset
from twin.model.scenario import Ignition

HOSE, HERE = 150.0, (0.0, 0.0)
PAVED = {"fuel_model": np.full(GRID.shape, float(STREET))}
BRICK = {"structure": "masonry", "cladding": "non_combustible"}


def fires(*about: tuple[int, float, float, float]) -> Fires:
    """Return buildings with state, need in L/s, the time at which each began to burn in s, and x in m."""
    state, need, began, x = np.array(about, dtype=np.float64).T
    return Fires(state.astype(np.int8), need, began, x, np.zeros(len(x)))


@pytest.mark.parametrize(
    ("last", "own", "thrown", "chosen"),
    [
        (-1, -1, {}, (2, True)),
        (-1, 1, {}, (1, True)),
        (0, 1, {}, (0, True)),
        (-1, 3, {}, (2, True)),
        (2, -1, {2: 4.0}, (1, True)),
        (-1, -1, {0: 9.0, 1: 9.0, 2: 4.0}, (3, True)),
        (-1, -1, {0: 9.0, 1: 9.0, 2: 4.0, 3: 40.0}, (0, False)),
    ],
    ids=["newest", "own", "goes on", "own is too large", "has enough", "together", "nothing lacks"],
)
def test_an_engine_chooses_what_it_can_put_out_and_the_newest_of_it(
    last: int, own: int, thrown: dict[int, float], chosen: tuple[int, bool]
) -> None:
    town = fires((2, 9, 0, 10), (2, 9, 100, 20), (2, 4, 500, 30), (2, 40, 900, 40), (2, 1, 950, 400), (0, 0, np.inf, 5))
    assert target(15.0, last, own, HERE, HOSE, town, thrown) == chosen


def test_an_engine_wets_its_own_building_while_it_is_hot_and_nothing_burns_there() -> None:
    assert target(15.0, -1, 0, HERE, HOSE, fires((1, 0, np.inf, 10)), {}) == (0, False)
    assert target(15.0, -1, 0, HERE, HOSE, fires((1, 0, np.inf, 400)), {}) == (-1, False)
    assert target(15.0, -1, -1, HERE, HOSE, fires((1, 0, np.inf, 10)), {}) == (-1, False)


def test_an_engine_goes_on_to_the_nearest_fire_that_lacks_water_and_no_other_drives_to() -> None:
    town = fires((2, 9, 0, 300), (2, 9, 0, 400), (2, 9, 0, ONWARD + 1), (4, 0, 0, 200))
    assert onward(HERE, town, {}, set()) == 0
    assert onward(HERE, town, {}, {0}) == 1
    assert onward(HERE, town, {0: 9.0}, {1}) == -1


def test_an_engine_drives_on_when_its_fire_is_out() -> None:
    assets = {
        "building": [house("near", 100, 296, **BRICK), house("far", 500, 296, **BRICK)],
        "hydrant": [Asset("hydrant", f"HY-{x}", (at(x, 290),), {"rate": 0.03}) for x in (110, 510)],
    }
    lit = (Ignition("a", target="near"), Ignition("b", at=300.0, target="far"))
    fire = begun(assets, PAVED, ignitions=lit)
    do(fire, "engine", "near", **{"from": [*at(200, 300)]})
    fire.advance(200.0)
    before = rows(fire, "engines")["engine-1"]
    fire.advance(5400.0)
    after = rows(fire, "engines")["engine-1"]
    table = rows(fire)
    assert {row["state"] for row in table.values()} == {"extinguished"}
    assert table["far"]["ended_s"] > table["near"]["ended_s"] + 180 + 400 / (30 / 3.6)
    assert after["moves"] == 1
    assert (after["x"], after["y"]) == pytest.approx(at(504.5, 300))
    for name in ("arrived_s", "way_m", "way_s", "target"):
        assert after[name] == before[name]
    alone = begun(assets, PAVED, ignitions=lit)
    alone.advance(9000.0)
    assert {row["state"] for row in rows(alone).values()} == {"burnt_out"}


def test_each_of_two_engines_takes_a_hydrant_of_its_own_and_its_own_fire() -> None:
    assets = {
        "building": [house("one", 100, 296, **BRICK), house("two", 120, 296, **BRICK)],
        "hydrant": [Asset("hydrant", f"HY-{k}", (at(110, 290 - 20 * k),), {"rate": 0.02}) for k in range(2)],
    }
    lit = (Ignition("a", target="one"), Ignition("b", target="two"))
    fire = begun(assets, PAVED, ignitions=lit, params={"tank_l": 0.0})
    do(fire, "engine", "one", number=2, **{"from": [*at(140, 300)]})
    fire.advance(300.0)
    assert fire.advance(310.0).assets["engine_water"] == {"one": 15.0, "two": 15.0}
    assert {e["source"] for e in rows(fire, "engines").values()} == {"HY-0", "HY-1"}


def test_a_place_is_one_station_whether_facility_or_building() -> None:
    def found(*things: Asset) -> list[str]:
        kinds: dict[str, list[Asset]] = {"facility": [], "building": []}
        for thing in things:
            kinds[thing.kind].append(thing)
        return [name for name, *_ in crews_of(kinds, GRID, Params()).stations]

    corners = ((100, 100), (500, 100), (500, 200), (100, 200), (100, 100))
    hall = Asset("building", "hall", tuple(at(*c) for c in corners), {"use": "fire_station"})
    point = Asset("facility", "point", (at(120, 110),), {"class": "fire_station"})
    other = Asset("facility", "other", (at(700, 500),), {"class": "fire_station"})
    assert found(hall) == ["hall"]
    assert found(point, hall, other) == ["point", "other"]
    assert found(house("home", 100, 100)) == []
