"""What is wrong with a flood is said in one line before the first step, with the file and the value."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.runs.town import BUILDINGS, CRS, SCENARIO, TERRAIN, batch, document, ground
from twin import runs, store
from twin.errors import MissingError, TwinError, UnstableError
from twin.model.feature import Features
from twin.model.field import Field, Grid
from twin.store import City

DRY = SCENARIO[: SCENARIO.index("[rain]")]
MEASURE = SCENARIO + "[[measure]]\nat_min = 20\n"
INFLOW = SCENARIO + '[[inflow]]\nname = "river"\nradius_m = 10\n'
LEVEL = SCENARIO + '[edge.west]\nkind = "level"\ntimes_min = [0, 5]\n'
THINGS = (
    batch("pump", ["P-1"], [shapely.Point(200, 120)], rate=[0.5]),
    batch("levee", ["LV-1"], [shapely.LineString([(100, 20), (100, 180)])], level=[21.0]),
    batch("underpass", ["U-1"], [shapely.LineString([(60, 100), (120, 100)])], depth=[4.0], width=[7.0]),
)

Begun = list[float]
"""Shares done that a run has told of: none before its first step."""


def city_of(
    folder: Path, terrain: np.ndarray, *rasters: Field, buildings: Features = BUILDINGS, things: bool = False
) -> City:
    """Return an open twin of the small town over another terrain."""
    city = store.create(folder / "town.twin", crs=CRS, vertical="EPSG:5193")
    with city.writing(file="dem.tif", sha256="0" * 64, reader="test") as tx:
        tx.raster(Field("elevation", terrain, TERRAIN, "EPSG:5193"), "ground")
        for raster in rasters:
            tx.raster(raster, raster.quantity)
        for features in (buildings, *(THINGS if things else ())):
            tx.features(features)
        tx.finish({})
    return city


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with city_of(tmp_path_factory.mktemp("town"), ground(), things=True) as city:
        yield city


def refused(city: City, file: Path, run: Callable[..., object] = runs.simulate, **options: object) -> str:
    """Return what a scenario is refused with: one line that names its file, before any step, and nothing is kept."""
    begun: Begun = []
    with pytest.raises(TwinError) as caught:
        run(city, file, progress=lambda share, _left: begun.append(share), **options)
    said = str(caught.value)
    assert begun == []
    assert "\n" not in said
    assert "np." not in said
    assert city.runs.list() == []
    return said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (DRY + "[rain]\ntimes_min = [0, 10]\nmm_per_h = [-3, 0]\n", r"rain\.mm_per_h\[0\] .*found -3\)$"),
        (DRY + "[rain]\ntimes_min = [0, 10]\nmm_per_h = [90000, 0]\n", r"rain\.mm_per_h\[0\] .*3000 \(found 90000\)"),
        (DRY + '[rain]\ndepth_mm = -60\nduration_min = 9\nshape = "huff2"\n', r"rain\.depth_mm .*found -60\)"),
        (DRY + "[rain]\ntimes_min = [0, 20, 10]\nmm_per_h = [3, 3, 0]\n", r"rain\.times_min must rise"),
        (INFLOW + "x = 200100.0\ny = 450100.0\ntimes_min = [0, 20, 10]\nm3_per_s = [1, 2, 3]\n", r"inflow\[0\].*must rise"),
        (INFLOW + "x = 200100.0\ny = 450100.0\ntimes_min = [0, 20]\nm3_per_s = [1, -2]\n", r"m3_per_s\[1\].*found -2"),
        (INFLOW + "x = 100.0\ny = 450100.0\ntimes_min = [0, 20]\nm3_per_s = [1, 2]\n", "'river' at 100.0, .*outside the"),
        (INFLOW + "x = 200100.0\ny = 450100.0\ntimes_min = [0]\nm3_per_s = [100000]\n", "river': 100000 m3/s enter .* m2/s"),
        (LEVEL + "level_m = [2000, 2100]\n", "west edge, level: 2100 m is 2,079 m above the highest ground"),
        (LEVEL.replace("[0, 5]", "[5, 0]") + "level_m = [20, 21]\n", r"edge\.west\.times_min must rise"),
        (SCENARIO.replace("cell_m = 5", "cell_km = 5"), r"did you mean cell_m\?\)\. Known keys: area,"),
        (SCENARIO.replace("cell_m = 5", "cell_m = 5\narea = [126.9, 37.1, 127.1, 37.3]"), r"\[126\.9.*EPSG:5186"),
        (SCENARIO + "[flood]\nmanning = 30\n", "'manning' is 30; it must be a number from 0.001 to 1"),
        (SCENARIO + '[flood]\ninfiltration = "constant"\nsaturation = 50\n', "'saturation' is 50"),
        (MEASURE + 'kind = "breach"\nx = 100.0\ny = 100.0\ndirection = 0\nwidth_m = 9\n', "breach at 100.0, 100.0 is outside"),
        (MEASURE + 'kind = "breach"\ntarget = "LV-9"\nwidth_m = 9\n', "'LV-9'.*of kind 'levee' there are 1, such as LV-1"),
        (MEASURE + 'kind = "breach"\ntarget = "LV-1"\nwidth_m = 9\nlevel_m = 40\n', "none lies above 40 m"),
        (MEASURE + 'kind = "breach"\ntarget = "LV-1"\nwidht_m = 9\n', "'widht' is not known.*Did you mean 'width'"),
        (MEASURE + 'kind = "pump"\ntarget = "P-9"\nmode = "off"\n', r"measure\[0\] at 20 min: pump: .*'P-9'"),
        (MEASURE + 'kind = "pump"\ntarget = "P-1"\nmode = "of"\n', "Did you mean 'off'"),
        (MEASURE + 'kind = "pump"\ntarget = "P-1"\nrate_m3_per_s = 5000\n', "'rate' is 5000; .* 0 to 1000"),
        (MEASURE + 'kind = "barrier"\nlevel_m = 1\nbox = [200000, 450000, 200100, 450100]\n', "below 1 m"),
        (MEASURE + 'kind = "gate"\ntarget = "G-1"\nopening = 0\n', "nothing of kind 'gate'"),
        (MEASURE + 'kind = "underpass"\ntarget = "P-1"\nclosed = true\n', "'P-1' is not there; known: U-1"),
        (MEASURE + 'kind = "drain"\nshare = 0.5\n', 'set drains = "swmm"'),
        (MEASURE + 'kind = "dam"\n', r"measure\[0\]\.kind 'dam' is not known"),
        (DRY + '[rain]\nsource = "city"\n', r"no rain gauge has readings between 2026-07-15T15:00:00\+09:00"),
    ],
)  # fmt: skip
def test_a_scenario_that_cannot_be(town: City, tmp_path: Path, text: str, says: str) -> None:
    said = refused(town, document(tmp_path, text))
    assert said.startswith(f"{tmp_path / 'rain.toml'}: ")
    assert re.search(says, said), said


def test_what_was_told_of_the_keys_is_told_only_of_the_keys(town: City, tmp_path: Path) -> None:
    assert "Known keys" not in refused(town, document(tmp_path, SCENARIO.replace("depth_mm = 60", "depth_mm = -1")))


def holed(cells: tuple[slice, slice], value: float) -> np.ndarray:
    terrain = ground()
    terrain[cells] = value
    return terrain


@pytest.mark.parametrize(
    ("terrain", "says"),
    [
        (holed((slice(5, 6), slice(7, 8)), -9999.0), r"'ground' \(dem\.tif\): .*in 1 of 2400 cells, the first -9999 at x 200037.5"),
        (ground() * 1000, r"'ground' \(dem\.tif\): .*the first 19975 at .*convert its unit to m"),
        (holed((slice(1, -1), slice(1, -1)), np.nan), "92% of the terrain in the area are gaps"),
    ],
)  # fmt: skip
def test_a_terrain_that_cannot_be(tmp_path: Path, terrain: np.ndarray, says: str) -> None:
    with city_of(tmp_path, terrain) as city:
        said = refused(city, document(tmp_path))
    assert re.search(says, said), said


def test_a_hole_in_the_terrain_is_closed_and_told(tmp_path: Path) -> None:
    with city_of(tmp_path, holed((slice(18, 22), slice(38, 42)), np.nan)) as city:
        run = runs.simulate(city, document(tmp_path), threads=1)
        record = (city.runs.folder(run.id) / "run.json").read_text()
    assert "16 of 2400 cells in 1 gap of the terrain have no elevation" in record
    assert abs(run.budget.error_relative) <= 1e-6


def test_layers_that_do_not_meet(tmp_path: Path) -> None:
    away = np.empty(len(BUILDINGS), dtype=object)
    away[:] = [shapely.transform(s, lambda xy: xy + np.array([5e5, 0.0])) for s in BUILDINGS.geometry]
    with city_of(tmp_path, ground(), buildings=replace(BUILDINGS, geometry=away)) as city:
        said = refused(city, document(tmp_path))
    assert "layer 'building' and the terrain do not overlap: its building features lie in [700020.0" in said
    there = Grid(CRS, 900_000.0, 450_000.0, 5.0, 10, 10)
    (tmp_path / "b").mkdir()
    with city_of(tmp_path / "b", ground(), Field("roughness", np.full(there.shape, 0.03), there, "")) as city:
        assert "raster 'roughness' and the area do not overlap" in refused(city, document(tmp_path))


def radar(folder: Path, shift: float = 0.0, unit: str = "mm/h", value: float = 30.0, crs: str = CRS) -> None:
    """Write rain maps of half an hour over the town, moved east by `shift` m, as a radar in a system of its own."""
    import pyproj
    import xarray

    turn = pyproj.Transformer.from_crs(CRS, crs, always_xy=True)
    x, y = turn.transform(np.arange(199_000.0, 202_000.0, 500.0) + shift, np.arange(449_000.0, 452_000.0, 500.0))
    maps = np.full((2, len(y), len(x)), 30.0)
    maps[1] = value
    xarray.Dataset(
        {
            "rain_rate": (("time", "y", "x"), maps, {"units": unit, "grid_mapping": "crs"}),
            "crs": ((), 0, pyproj.CRS(crs).to_cf()),
        },
        {"time": np.array(["2026-07-15T06:00", "2026-07-15T06:20"], "M8[ns]"), "y": y, "x": x},
    ).to_netcdf(folder / "radar.nc", engine="h5netcdf")


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (None, r"radar\.nc: the scenario names this file of rain maps, and there is none"),
        ({"shift": 5e5}, r"radar\.nc: the maps cover x .*2400 of 2400 cells of the run lie outside"),
        ({"unit": "dBZ"}, r"radar\.nc: 'rain_rate' is in 'dBZ'; known: m s-1"),
        ({"value": -5.0}, r"radar\.nc: map 1: 2400 of 2400 cells .* -5 mm/h"),
        ("no netcdf", r"radar\.nc: not a NetCDF file"),
    ],
)
def test_rain_maps_that_cannot_be(town: City, tmp_path: Path, made: dict[str, object] | str | None, says: str) -> None:
    if isinstance(made, str):
        (tmp_path / "radar.nc").write_text(made)
    elif made is not None:
        radar(tmp_path, **made)
    said = refused(town, document(tmp_path, DRY + '[rain]\nfile = "radar.nc"\n'))
    assert re.search(says, said), said


def test_rain_maps_in_another_system_fall_in_their_place(tmp_path: Path) -> None:
    text = DRY.replace("duration_min = 40", "duration_min = 10") + '[rain]\nfile = "radar.nc"\n'
    with city_of(tmp_path, ground()) as city:
        radar(tmp_path, crs="EPSG:5179")
        run = runs.simulate(city, document(tmp_path, text), threads=1)
    assert run.budget.parts["rain"] == pytest.approx(0.03 * 10 / 60 * 60_000, rel=1e-6)


def test_ensembles_that_cannot_be(town: City, tmp_path: Path) -> None:
    for text, says in (
        (SCENARIO, "nothing differs between its 20 members; say in its table [ensemble] how they do: rain_cv,"),
        (SCENARIO + "[ensemble]\nbreach_time_min = 5\n", "the scenario has breach_time and no breach"),
        (SCENARIO + "[ensemble]\nrain_cv = -1\n", "ensemble.rain_cv should be greater than or equal to 0 (found -1)"),
        (MEASURE + 'kind = "pump"\ntarget = "LV-1"\n[ensemble]\nrain_cv = 0.1\n', "measure[0] at 20 min: pump 'LV-1': give"),
    ):  # fmt: skip
        said = refused(town, document(tmp_path, text), runs.ensemble)
        assert said.startswith(str(tmp_path / "rain.toml"))
        assert says in said


def test_drains_without_swmm_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drains = batch("drain", ["D-1"], [shapely.LineString([(100, 100), (150, 100)])], diameter=[0.6], level=[17.0])
    mouth = batch("drain", ["O-1"], [shapely.Point(150, 100)], **{"class": ["outfall"]})
    with city_of(tmp_path, ground()) as city:
        with city.writing(file="drains.gpkg", sha256="1" * 64, reader="test") as tx:
            tx.features(drains)
            tx.features(mouth)
            tx.finish({})
        monkeypatch.setitem(sys.modules, "swmm.toolkit.solver", None)
        said = refused(city, document(tmp_path, SCENARIO + '[flood]\ndrains = "swmm"\n'))
    assert "pip install 'gaon-twin[drains]'" in said
    assert said.startswith(str(tmp_path / "rain.toml"))


def test_a_run_does_not_go_on_from_another_scenario(tmp_path: Path) -> None:
    asked = iter([False] * 3 + [True] * 99)
    with city_of(tmp_path, ground()) as city:
        part = runs.simulate(city, document(tmp_path), threads=1, cancel=lambda: next(asked))
        assert part.status == "partial"
        with pytest.raises(TwinError, match=rf"rain\.toml: the checkpoint of run {part.id} .*the scenario is "):
            runs.simulate(city, document(tmp_path, SCENARIO.replace("= 60", "= 61")), resume=True)
        with pytest.raises(MissingError, match=r"rain\.toml: run .* has no checkpoint to go on from"):
            runs.simulate(
                city, document(tmp_path, SCENARIO.replace("분지에 비", "다른 비").replace("= 60", "= 61")), resume=True
            )


def test_a_vanishing_time_step_stops_the_run_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from twin.physics.shallow_water import stepping

    # nothing that a document may say brings a step below the real limit
    monkeypatch.setattr(stepping, "SHORTEST_STEP", 3.0)
    with city_of(tmp_path, ground()) as city:
        with pytest.raises(UnstableError, match=r"rain\.toml: the flow .* at \d+\.\d+ s: .* near row \d+, column \d+"):
            runs.simulate(city, document(tmp_path), threads=1)
        (run,) = city.runs.list()
        frames = runs.open_frames(city, run.id)
        assert (run.status, frames.status) == ("failed", "failed")
        assert all(np.isfinite(frames.read("depth", i)).all() for i in range(len(frames.times)))
