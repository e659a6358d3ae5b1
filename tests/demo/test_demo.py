"""`ingest.demo.write`: the same bytes every time, files in load order, each read by the reader meant for it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ingest import demo
from ingest.gaon import rasters, sensors
from ingest.reading import ReadOptions
from twin.errors import UsageError
from twin.model.feature import Features
from twin.model.field import Raster
from twin.model.finding import Counted, Finding, Quarantined
from twin.model.mesh import Model
from twin.model.observation import Observations
from twin.rooms import discover

READER_OF = {".tif": "geotiff", ".json": "cityjson", ".shp": "vector", ".ifc": "ifc", ".osm": "osm", ".gpkg": "vector",
             ".parquet": "geoparquet", ".csv": "csv"}  # fmt: skip


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def items(file: Path) -> list[object]:
    readers = discover("ingest.readers", "reader")
    with file.open("rb") as data:
        head = data.read(65_536)
    name = "sensorthings" if file.name.endswith("sensorthings.json") else READER_OF[file.suffix]
    assert readers[name].sniff(head, file), f"{name} does not know {file.name}"
    beside = file.with_name(file.name + ".toml")
    return list(readers[name].read(file, ReadOptions(declaration=beside if beside.is_file() else None)))


def test_another_process_writes_the_same_bytes(files: list[Path], folder: Path, tmp_path: Path) -> None:
    code = f"from pathlib import Path; from ingest import demo; demo.write(Path({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=200)
    first, second = hashes(folder), hashes(tmp_path)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_files_come_in_load_order_and_say_that_they_are_made_up(files: list[Path], folder: Path) -> None:
    assert all(f.is_file() for f in files)
    assert files[0].name == "gaon_terrain.tif"
    assert {f.suffix for f in files} == set(READER_OF)
    assert len(set(files)) == len(files)
    readme = (folder / "README_fictional_가상.txt").read_text("utf-8")
    assert "지어낸 도시" in readme
    assert "not a real place" in readme
    for faults in sensors.FAULTS.values():
        assert all(fault in readme for fault in faults)


def test_progress_rises_to_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.gaon import metropolis

    monkeypatch.setattr(metropolis, "BUILDINGS", 2_000)
    shares: list[float] = []
    files = demo.write(tmp_path / "deep" / "folder", "city600k", progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(files) == 2


def test_unknown_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'distrikt' is not known; known: city600k, district\. Did you mean"):
        demo.write(tmp_path, "distrikt")


@pytest.mark.parametrize("name", [
    "gaon_terrain.tif", "gaon_fuel_model.tif", "gaon_canopy_cover.tif", "gaon_canopy_height.tif",
    "gaon_canopy_base_height.tif", "gaon_canopy_bulk_density.tif", "gaon_buildings_3d.city.json", "gaon_building.shp", "gaon_community_centre.ifc",
    "gaon_roads_water.osm", "gaon_land.gpkg", "gaon_utilities.gpkg", "gaon_population.parquet", "gaon_shelters.csv",
    "gaon_rain_10min.csv", "gaon_river_level_10min.csv", "gaon_drain_level_10min.csv", "gaon_air_hourly.csv",
    "gaon_weather_sensorthings.json",
])  # fmt: skip
def test_every_file_is_read_without_a_warning(files: list[Path], folder: Path, name: str) -> None:
    assert name in {f.name for f in files}
    found = items(folder / name)
    assert isinstance(found[-1], Counted)
    assert found[-1].lines > 0
    warned = [f.message for f in found if isinstance(f, Finding) and f.severity != "info"]
    assert warned == []
    bad = sum(isinstance(q, Quarantined) and not q.part for q in found)
    assert bad == {"gaon_river_level_10min.csv": 1, "gaon_drain_level_10min.csv": 2}.get(name, 0)


def test_rasters_are_what_they_say(files: list[Path], folder: Path) -> None:
    (terrain,) = (i for i in items(folder / "gaon_terrain.tif") if isinstance(i, Raster))
    assert (terrain.quantity, terrain.vertical, terrain.values.shape) == ("elevation", "EPSG:5193", (960, 1280))
    assert "5186" in str(terrain.crs)
    (fuel,) = (i for i in items(folder / "gaon_fuel_model.tif") if isinstance(i, Raster))
    assert fuel.quantity == "fuel_model"
    assert {91, 98, 182, 188} <= set(fuel.values.astype(int).ravel())
    wooded = np.isin(fuel.values, (165, 182, 188))
    for name in rasters.CROWNS:
        (crowns,) = (i for i in items(folder / f"gaon_{name}.tif") if isinstance(i, Raster))
        assert crowns.quantity == name
        assert ((crowns.values > 0) == wooded).all()


def test_kinds_and_counts(files: list[Path]) -> None:
    kinds: Counter[str] = Counter()
    for file in files:
        kinds.update({b.kind: 0 for b in ()})
        for item in items(file):
            if isinstance(item, Features):
                kinds[item.kind] += len(item)
    assert 5_500 <= kinds["building"] <= 7_000
    assert kinds["space"] > 30
    assert kinds["door"] > 20
    assert kinds["window"] > 30
    for kind, least in {"road": 1000, "railway": 1, "water": 20, "levee": 40, "underpass": 2, "bridge": 2, "landuse": 100,
                        "vegetation": 10, "boundary": 5, "population": 200, "drain": 200, "pump": 5, "hydrant": 100,
                        "shelter": 8}.items():  # fmt: skip
        assert kinds[kind] >= least, kind


def test_series_hold_the_storm_and_the_faults(files: list[Path], folder: Path) -> None:
    series: dict[tuple[str, str], list[float]] = {}
    for file in files:
        for item in items(file):
            if isinstance(item, Observations):
                for k, value in zip(item.stream.tolist(), item.value.tolist(), strict=True):
                    stream = item.datastreams[k]
                    series.setdefault((stream.thing, stream.property), []).append(value)
    properties = {p for _, p in series}
    assert properties >= {
        "rainfall",
        "water_level",
        "drain_level",
        "wind_speed",
        "wind_direction",
        "pm10",
        "pm25",
        "power",
    }
    rain = next(v for (thing, p), v in series.items() if p == "rainfall" and "시청" in thing)
    assert 0.110 < sum(rain) < 0.170
    stuck = next(v for (thing, p), v in series.items() if p == "water_level" and "솔내대교" in thing)
    longest = np.diff(np.flatnonzero(np.diff(stuck) != 0)).max()
    assert longest >= 20, "the float of 솔내대교 is not stuck"
    spiking = next(v for (thing, p), v in series.items() if p == "drain_level" and "방죽1" in thing)
    assert sum(v > 9 for v in spiking) == 4
    assert max(v for (thing, p), vs in series.items() if p == "power" for v in vs) > 100_000, "power must come in W"
    text = (folder / "gaon_rain_10min.csv").read_bytes().decode("cp949")
    assert "24:00" in text


def test_the_bim_lies_on_its_ground(files: list[Path], folder: Path) -> None:
    from pyproj import CRS

    found = items(folder / "gaon_community_centre.ifc")
    (building,) = (f for f in found if isinstance(f, Features) and f.kind == "building")
    assert CRS(building.crs).to_epsg() == 5186
    from ingest.gaon import sites

    place = next(p for p in sites.places() if p.site.shape == "bim")
    from ingest.gaon.tables import placed

    (ground,) = placed([place.houses[0].area])
    assert building.geometry[0].symmetric_difference(ground).area < 0.05 * ground.area
    storeys = [f for f in found if isinstance(f, Features) and f.kind == "storey"]
    assert sum(map(len, storeys)) == 4
    assert any(isinstance(i, Model) for i in found)
