"""The area of a run that needs no terrain: the rooms of the building that burns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from tests.hazards.house import scenario
from tests.runs.town import CRS, SOUTH, WEST, batch
from twin.errors import MissingError, RefusedError
from twin.model.scenario import Ignition
from twin.runs.inputs.prepare import prepare
from twin.runs.inputs.rooms import extent_of_rooms
from twin.store import City, create

SHAPES = [shapely.box(100, 100, 105, 104), shapely.box(105.2, 100, 110, 104), shapely.box(300, 100, 305, 104)]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder: Path = tmp_path_factory.mktemp("rooms")
    with create(folder / "house.twin", crs=CRS) as made:
        with made.writing(file="house", sha256="0" * 64, reader="test") as tx:
            tx.features(batch("space", ["S1", "S2", "S9"], SHAPES, name=["living", "bed", "shop"]))
        yield made


def extent(city: City, ignition: Ignition) -> list[float]:
    west, south, east, north = extent_of_rooms(city, replace(scenario(), ignitions=(ignition,)))
    return [west - WEST, south - SOUTH, east - WEST, north - SOUTH]


def test_the_area_is_that_of_the_building_that_burns(city: City) -> None:
    house, shop = [99.0, 99.0, 111.0, 105.0], [299.0, 99.0, 306.0, 105.0]
    assert extent(city, Ignition("a", target="bed")) == pytest.approx(house)
    assert extent(city, Ignition("a", target="S1")) == pytest.approx(house)
    assert extent(city, Ignition("a", points=((WEST + 302.0, SOUTH + 101.0),))) == pytest.approx(shop)
    assert extent(city, Ignition("a", target="nowhere")) == pytest.approx([99.0, 99.0, 306.0, 105.0])


def test_no_terrain_is_asked_for_and_cells_are_counted(city: City) -> None:
    what_if = replace(scenario(), ignitions=(Ignition("a", target="S1"),))
    ready = prepare(city, what_if, {}, (), {"space": (), "door": ()})
    assert (ready.grid.nx, ready.grid.ny) == (24, 12)
    assert [asset.id for asset in ready.assets["space"]] == ["S1", "S2"]
    assert ready.fields == {}
    with pytest.raises(RefusedError, match="choose a larger cell_m"):
        prepare(city, replace(what_if, cell=0.001), {}, (), {})


def test_without_rooms_it_is_said_what_is_missing(tmp_path: Path) -> None:
    with create(tmp_path / "bare.twin", crs=CRS) as bare:
        with pytest.raises(MissingError, match="has no rooms; load a building model"):
            extent_of_rooms(bare, scenario())
