from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.runs.town import CELL, TERRAIN, batch, document, town
from twin.errors import InputError, UsageError
from twin.model.field import Field
from twin.runs.document import read_scenario
from twin.runs.inputs.prepare import Prepared, prepare

CROWNS = ("canopy_cover", "canopy_height", "canopy_base_height", "canopy_bulk_density")
HILL = shapely.box(0, 100, 300, 200)


def laid(folder: Path, *more, raster: np.ndarray | None = None, default: float | None = None, **crowns) -> Prepared:
    scenario = replace(read_scenario(document(folder)), hazard="fire")
    with town(folder, *more) as city:
        rasters = {"fuel_model": raster, **crowns}
        with city.writing(file="fuel.tif", sha256="f" * 64, reader="geotiff") as tx:
            for quantity, values in rasters.items():
                if values is not None:
                    tx.raster(Field(quantity, values, TERRAIN), quantity)
            tx.finish({})
        return prepare(city, scenario, {"elevation": None, "fuel_model": default, **dict.fromkeys(CROWNS, 0.0)})


def at(ready: Prepared, x: float, y: float, quantity: str = "fuel_model") -> float:
    return float(ready.fields[quantity][int(y / CELL), int(x / CELL)])


def codes(ready: Prepared) -> list[str]:
    return [f.code for f in ready.findings]


def message(ready: Prepared, code: str) -> str:
    (found,) = [f.message for f in ready.findings if f.code == code]
    return found


def test_words_of_registers_become_fuel_and_say_so(tmp_path: Path) -> None:
    woods = batch(
        "vegetation",
        ["V-1", "V-2", "V-3", "V-4"],
        [
            shapely.box(0, 100, 100, 200),
            shapely.box(100, 100, 200, 200),
            shapely.box(250, 0, 300, 50),
            shapely.Point(150, 20),
        ],
        **{"class": ["forest", "forest", "moonscape", "tree"], "임상": ["소나무림", "활엽수림", None, None]},
    )
    meadow = batch("landuse", ["L-1"], [shapely.box(0, 40, 300, 200)], **{"class": ["meadow"]})
    ready = laid(tmp_path, woods, meadow)
    assert [at(ready, x, 150) for x in (50, 150, 250)] == [165, 186, 102]
    assert at(ready, 275, 25) == 91
    text = [f.message for f in ready.findings if f.code == "fuel_uncalibrated"]
    assert len(text) == 2
    assert any("2 features of kind 'vegetation'" in t and "소나무림: 165" in t and "not calibrated" in t for t in text)
    assert "1 features of kind 'vegetation' do not tell what grows (moonscape)" in message(ready, "fuel_class_unknown")
    assert "91 is taken, which does not burn" in message(ready, "fuel_unknown")
    assert ready.layers["vegetation"] == 3


def test_a_stated_number_goes_before_words(tmp_path: Path) -> None:
    woods = batch("vegetation", ["V"], [HILL], fuel_model=[188], **{"class": ["meadow"]})
    ready = laid(tmp_path, woods, default=102.0)
    assert (at(ready, 150, 150), at(ready, 150, 20)) == (188, 102)
    assert "fuel_uncalibrated" not in codes(ready)
    assert "102 is taken" in message(ready, "fuel_unknown")


def test_a_cell_takes_what_covers_most_of_it(tmp_path: Path) -> None:
    parts = [shapely.box(0, 0, 103, 200), shapely.box(103, 0, 300, 200)]
    ready = laid(tmp_path, batch("vegetation", ["A", "B"], parts, **{"class": ["pine", "grass"]}))
    assert [at(ready, x, 50) for x in (98, 101, 106)] == [165, 165, 102]


def test_houses_roads_and_water_do_not_burn(tmp_path: Path) -> None:
    road = batch("road", ["R"], [shapely.LineString([(0, 52.5), (300, 52.5)])], width=[10.0])
    pond = batch("water", ["W"], [shapely.box(100, 100, 140, 140)])
    wood = batch("vegetation", ["V"], [shapely.box(0, 0, 300, 200)], **{"class": ["침엽수림"]})
    for raster in (None, np.full(TERRAIN.shape, 165.0)):
        folder = tmp_path / str(raster is None)
        folder.mkdir()
        ready = laid(folder, wood, road, pond, raster=raster)
        assert [at(ready, *p) for p in ((26, 26), (150, 52), (120, 120), (60, 150))] == [91, 91, 98, 165]


def test_a_raster_goes_before_features_which_fill_its_gaps(tmp_path: Path) -> None:
    raster = np.full(TERRAIN.shape, 102.0)
    raster[:, :10] = np.nan
    ready = laid(tmp_path, batch("vegetation", ["V"], [HILL], fuel_model=[145]), raster=raster)
    assert [at(ready, *p) for p in ((250, 150), (25, 150), (25, 90))] == [102, 145, 91]
    assert ready.layers["fuel_model"] == 1


def test_forest_has_assumed_crowns_once_and_grass_none(tmp_path: Path) -> None:
    raster = np.full(TERRAIN.shape, 102.0)
    raster[30:] = 165
    ready = laid(tmp_path, raster=raster)
    assert [at(ready, 150, 180, name) for name in CROWNS] == [0.7, 12.0, 2.5, 0.15]
    assert [at(ready, 150, 20, name) for name in CROWNS] == [0, 0, 0, 0]
    assert codes(ready).count("canopy_assumed") == 1
    assert "unverified" in message(ready, "canopy_assumed")


def test_measured_crowns_go_before_assumed_ones(tmp_path: Path) -> None:
    cover = np.full(TERRAIN.shape, 0.4)
    cover[:, 0] = np.nan
    ready = laid(tmp_path, raster=np.full(TERRAIN.shape, 165.0), canopy_cover=cover)
    assert at(ready, 150, 150, "canopy_cover") == pytest.approx(0.4)
    assert at(ready, 2, 150, "canopy_cover") == 0
    assert at(ready, 150, 150, "canopy_height") == 12
    assert "canopy_cover" not in message(ready, "canopy_assumed").split(" of forest")[0]
    assert "'canopy_cover' is 0 in 40 cells" in message(ready, "raster_gap")


@pytest.mark.parametrize("value", [100.0, 165.5, -9999.0])
def test_a_raster_with_a_code_that_is_none_is_refused(tmp_path: Path, value: float) -> None:
    raster = np.full(TERRAIN.shape, 102.0)
    raster[3, 4:6] = value
    words = (
        f"raster 'fuel_model': {value:g} is no standard fuel model; 2 of 2400 cells have it, the first at x 200022.5"
    )
    with pytest.raises(InputError, match=words):
        laid(tmp_path, raster=raster)


def test_a_feature_with_a_code_that_is_none_is_refused(tmp_path: Path) -> None:
    woods = batch("vegetation", ["V-1", "V-2"], [HILL, HILL], fuel_model=[165, 55])
    with pytest.raises(InputError, match="vegetation 'V-2': fuel model 55 is not known"):
        laid(tmp_path, woods)


def test_crowns_and_defaults_that_cannot_be_are_refused(tmp_path: Path) -> None:
    for name, crowns, default, words in (
        ("percent", {"canopy_cover": np.full(TERRAIN.shape, 70.0)}, None, "'canopy_cover': 70 at x .*from 0 to 1;"),
        ("default", {}, 55.0, "fuel model 55 for ground of which nothing is known"),
    ):
        (tmp_path / name).mkdir()
        with pytest.raises(InputError, match=words):
            laid(tmp_path / name, default=default, **crowns)


def test_a_raster_beside_the_area_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="raster 'fuel_model' and the area do not overlap"):
        laid(tmp_path, raster=np.full(TERRAIN.shape, np.nan))


def test_crowns_before_their_fuel_are_a_mistake_of_the_hazard(tmp_path: Path) -> None:
    scenario = read_scenario(document(tmp_path))
    with town(tmp_path) as city, pytest.raises(UsageError, match="must declare 'fuel_model' before"):
        prepare(city, scenario, {"elevation": None, "canopy_cover": 0.0, "fuel_model": None})
