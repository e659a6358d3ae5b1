from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.runs.town import TERRAIN, batch, document, town
from twin.errors import InputError
from twin.model.field import Field
from twin.runs.document import read_scenario
from twin.runs.inputs.assets import assets_of
from twin.runs.inputs.prepare import prepare
from twin.runs.inputs.soil import CM_PER_H, UNKNOWN, soil

PARK = batch("landuse", ["G-1"], [shapely.box(0, 0, 100, 300)], **{"class": ["park"]})
ROAD = batch("road", ["R-1"], [shapely.box(0, 40, 300, 60)], **{"class": ["asphalt"]})
QUANTITIES = {"infiltration_rate": 0.0, "suction_head": 0.0, "moisture_deficit": 0.0}


def test_a_park_takes_water_and_the_road_through_it_takes_none(tmp_path: Path) -> None:
    with town(tmp_path, PARK, ROAD) as city:
        made, findings = soil(city, TERRAIN, {"soil": "sandy_loam", "saturation": 0.25})
    rate = made["infiltration_rate"] / (1.09 * CM_PER_H)
    row, column = int(150 / TERRAIN.cell), int(30 / TERRAIN.cell)
    assert rate[row, column] == pytest.approx(1.0)
    assert rate[int(50 / TERRAIN.cell), column] == pytest.approx(0.0, abs=1e-12)
    assert rate[row, int(200 / TERRAIN.cell)] == pytest.approx(UNKNOWN)
    assert (made["suction_head"] == 0.1101).all()
    assert made["moisture_deficit"][0, 0] == pytest.approx(0.412 * 0.75)
    assert "unverified" in findings[0].message


def test_only_a_scenario_that_asks_for_it_infiltrates(tmp_path: Path) -> None:
    scenario = read_scenario(document(tmp_path))
    with town(tmp_path, PARK) as city:
        none = prepare(city, scenario, {"elevation": None, **QUANTITIES})
        some = prepare(
            city,
            replace(scenario, params={"infiltration": "constant", "loss_mm_per_h": 36}),
            {"elevation": None, **QUANTITIES},
        )
        other = prepare(
            city,
            replace(scenario, params={"infiltration": "green_ampt"}),
            {"elevation": None, **dict(reversed(QUANTITIES.items()))},
        )
    assert not none.fields["infiltration_rate"].any()
    assert some.fields["infiltration_rate"].max() == pytest.approx(1e-5)
    assert other.fields["suction_head"][0, 0] == pytest.approx(0.0889)
    assert other.fields["infiltration_rate"].max() == pytest.approx(0.34 * CM_PER_H)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"soil": "loan"}, "'soil' is 'loan'.*loam"),
        ({"saturation": 2}, "'saturation' is 2"),
        ({"loss_mm_per_h": True}, "'loss_mm_per_h' is True"),
    ],
)
def test_a_soil_that_is_none_is_refused(tmp_path: Path, params, words: str) -> None:
    with town(tmp_path) as city, pytest.raises(InputError, match=words):
        soil(city, TERRAIN, params)


def test_assets_carry_their_outline_and_what_is_known(tmp_path: Path) -> None:
    pumps = batch("pump", ["P-2", "P-1"], [shapely.Point(9, 9), shapely.Point(50, 60)], rate=[None, 1.5])
    outside = batch("underpass", ["U-1"], [shapely.box(5e4, 0, 5e4 + 9, 9)], depth=[4.0])
    with town(tmp_path, pumps, outside) as city:
        first, second = assets_of(city, "pump", TERRAIN.bounds)
        assert (first.id, first.points, dict(first.params)) == ("P-1", ((200_050.0, 450_060.0),), {"rate": 1.5})
        assert not second.params
        assert assets_of(city, "underpass", TERRAIN.bounds) == []
        assert assets_of(city, "gate", TERRAIN.bounds) == []
        for building in assets_of(city, "building", TERRAIN.bounds, ("basements", "half_basement")):
            assert building.params.get("basements") or building.params.get("half_basement")
    assert np.isfinite(first.points).all()


def test_a_raster_of_the_city_goes_before_the_soil(tmp_path: Path) -> None:
    scenario = replace(read_scenario(document(tmp_path)), params={"infiltration": "green_ampt"})
    measured = np.full(TERRAIN.shape, 2e-6)
    with town(tmp_path, PARK) as city:
        with city.writing(file="soil.tif", sha256="s" * 64, reader="geotiff") as tx:
            tx.raster(Field("infiltration_rate", measured, TERRAIN), "soil")
        ready = prepare(city, scenario, {"elevation": None, **QUANTITIES})
    np.testing.assert_allclose(ready.fields["infiltration_rate"], 2e-6, rtol=1e-6)
    assert ready.fields["suction_head"][0, 0] == pytest.approx(0.0889)
