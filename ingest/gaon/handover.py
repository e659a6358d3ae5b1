"""All files of the district, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ingest.gaon import bim, osm, people, plan, rasters, sensors, solids, tables

#: groups of buildings that the city has in three dimensions; the others are in the building register
SOLID = ("slab", "site")


def write(folder: Path, progress: Callable[[float], None] | None = None) -> list[Path]:
    """Return the files in the order to load them."""
    entries = people.entries()
    solid = [e for e in entries if e.house.group in SOLID]
    others = [e for e in entries if e.house.group not in SOLID]
    steps: tuple[tuple[str, Callable[[Path], None]], ...] = (
        ("gaon_terrain.tif", rasters.write_terrain),
        ("gaon_fuel_model.tif", rasters.write_fuel),
        *((f"gaon_{name}.tif", partial(rasters.write_crowns, quantity=name)) for name in rasters.CROWNS),
        ("gaon_buildings_3d.city.json", lambda file: solids.write(file, solid)),
        ("gaon_building.shp", lambda file: tables.write_shapefile(file, others)),
        ("gaon_community_centre.ifc", bim.write),
        ("gaon_roads_water.osm", osm.write),
        ("gaon_land.gpkg", lambda file: tables.write_geopackage(file, tables.land_layers())),
        ("gaon_utilities.gpkg", lambda file: tables.write_geopackage(file, tables.utility_layers())),
        ("gaon_population.parquet", tables.write_population),
        ("gaon_shelters.csv", tables.write_shelters),
        ("gaon_rain_10min.csv", sensors.write_rain),
        ("gaon_river_level_10min.csv", sensors.write_river),
        ("gaon_drain_level_10min.csv", sensors.write_drains),
        ("gaon_air_hourly.csv", sensors.write_air),
        ("gaon_weather_sensorthings.json", sensors.write_sensorthings),
    )
    (folder / "README_fictional_가상.txt").write_text(f"{plan.FICTION}\n{faults()}", "utf-8")
    files = []
    for number, (name, make) in enumerate(steps, 1):
        file = folder / name
        file.unlink(missing_ok=True)
        make(file)
        files.append(file)
        if progress:
            progress(number / len(steps))
    return files


def faults() -> str:
    """Return the faults that were put into the series, as text for the folder's README."""
    lines = ["", "센서 자료에 일부러 넣은 결함 · faults put into the series on purpose:"]
    for name, found in sensors.FAULTS.items():
        lines += [f"  {name}", *(f"    - {fault}" for fault in found)]
    return "\n".join([*lines, ""])
