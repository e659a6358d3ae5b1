"""Look a twin over as a whole: what is missing, what does not fit together, what lies in it that should not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from twin.model.field import Grid
from twin.model.finding import Finding
from twin.names import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from twin.model.field import Bounds
    from twin.store.city import City

#: cells along the longer side at which rasters are looked at
WINDOW = 2000

#: m; ground of a building and terrain under it may differ by this much
GROUND_TOLERANCE = 5.0

#: series that are read whole; of more, only the newest readings are looked at
MOST_SERIES = 500

#: h; a datastream is silent when its newest reading is older than the newest of all by this
SILENT = 24

#: steps without a reading that make a gap
GAP = 10

#: quantity -> smallest and largest reading that can be true, in the unit of `names.QUANTITIES`
RANGES = {
    "rain_rate": (0.0, 1.5e-4), "rainfall": (0.0, 1.0), "water_level": (-100.0, 9000.0), "discharge": (-1e4, 3e5),
    "drain_level": (-1.0, 30.0), "wind_speed": (0.0, 120.0), "wind_direction": (0.0, 360.0),
    "air_temperature": (-60.0, 60.0), "humidity": (0.0, 1.1), "pm10": (0.0, 5000.0), "pm25": (0.0, 3000.0),
    "no2": (0.0, 2.0), "o3": (0.0, 1.0), "co": (0.0, 100.0), "so2": (0.0, 2.0), "power": (-1e10, 1e10),
    "traffic_count": (0.0, 1e6), "depth": (0.0, 100.0), "speed": (0.0, 30.0),
}  # fmt: skip

#: what a twin's folder holds
KNOWN = {"twin.duckdb", "twin.duckdb.wal", "rasters", "meshes", "runs", "incoming", "ledger"}


def check(city: City) -> list[Finding]:
    """Return what a person should know about the twin: errors first, then warnings, then remarks."""
    found: list[Finding] = []
    for look in (_content, _buildings, _heights, _rasters, _same_ids, _sensors, _sources, _folder):
        found += look(city)
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda finding: order[finding.severity])


def _content(city: City) -> Iterator[Finding]:
    layers = city.features.layers()
    rasters = city.rasters.list()
    if not layers and not rasters and not city.sensors.datastreams():
        yield Finding("warning", "empty", "the twin holds nothing yet; load files into it")
        return
    if not any(info.quantity == "elevation" for info in rasters):
        yield Finding(
            "warning", "no-terrain", "there is no terrain: load a raster of elevations before a flood can run"
        )
    if not any(info.kind == "building" for info in layers):
        yield Finding("info", "no-buildings", "there are no buildings: a run cannot be assessed")


def _buildings(city: City) -> Iterator[Finding]:
    extent = city.features.extent("building")
    if extent is None:
        return
    import shapely

    table = city.features.viewport("building", extent)
    total = city.features.count("building")
    if total > len(table):
        yield Finding("info", "no-place", f"{total - len(table)} of {total} buildings have no shape", "building")
    height, ground = (
        np.asarray(table[name].to_numpy(zero_copy_only=False), dtype=float) for name in ("height", "ground")
    )
    terrain = _readable(city, "elevation")
    for name, values, severity in (("height", height, "info"), ("ground", ground, "info" if terrain else "warning")):
        missing = int(np.isnan(values).sum())
        if missing:
            text = f"{missing} of {len(values)} buildings have no {name}"
            yield Finding(severity, f"no-{name}", text, "building")
    if not terrain:
        return
    bounds = shapely.bounds(shapely.from_wkb(table["wkb"].to_numpy(zero_copy_only=False)))
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    under = _terrain_at(city, extent, x, y)
    ids = table["id"].to_pylist()
    off = np.flatnonzero(np.isnan(under))
    if len(off):
        text = f"{len(off)} of {len(ids)} buildings stand where there is no terrain ({_some(ids[i] for i in off[:5])})"
        yield Finding("warning", "off-terrain", text, "building")
    with np.errstate(invalid="ignore"):
        apart = np.flatnonzero(np.abs(ground - under) > GROUND_TOLERANCE)
    if len(apart):
        text = f"the ground of {len(apart)} of {len(ids)} buildings is more than {GROUND_TOLERANCE:g} m off the terrain"
        yield Finding("warning", "ground-differs", f"{text} ({_some(ids[i] for i in apart[:5])})", "building")


def _readable(city: City, quantity: str) -> bool:
    """Return whether there are rasters of a quantity and all their files are there."""
    paths = [info.path for info in city.rasters.list() if info.quantity == quantity]
    return bool(paths) and all(path.is_file() for path in paths)


def _terrain_at(city: City, extent: Bounds, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the terrain's elevation in m at points, NaN where there is none."""
    west, south, east, north = extent
    cell = max(5.0, (east - west) / WINDOW, (north - south) / WINDOW)
    grid = Grid.over(city.crs, (west, south, east + cell, north + cell), cell)
    values = city.rasters.read("elevation", grid).values
    row = np.floor((y - grid.south) / cell).astype(np.int64)
    col = np.floor((x - grid.west) / cell).astype(np.int64)
    return np.asarray(values[row, col], dtype=np.float64)


def _heights(city: City) -> Iterator[Finding]:
    if city.vertical is None and any(info.quantity == "elevation" for info in city.rasters.list()):
        text = "nobody has stated what heights are counted from; load a file with --vertical, for example EPSG:5193"
        yield Finding("warning", "vertical-unstated", text)


def _rasters(city: City) -> Iterator[Finding]:
    for info in city.rasters.list():
        if not info.path.is_file():
            text = f"the file {info.path.name} of raster '{info.name}' is gone; load it again"
            yield Finding("error", "missing-file", text, info.name)
        if not _readable(city, info.quantity):
            continue
        west, south, east, north = info.bounds
        cell = max(info.cell, (east - west) / WINDOW, (north - south) / WINDOW)
        values = city.rasters.read(info.quantity, Grid.over(city.crs, info.bounds, cell)).values
        share = float(np.isnan(values).mean())
        if share > 0.001:
            severity = "warning" if info.quantity == "elevation" and share > 0.05 else "info"
            yield Finding(
                severity, "raster-gaps", f"raster '{info.name}' has no value on {share:.1%} of its extent", info.name
            )


def _same_ids(city: City) -> Iterator[Finding]:
    layers = city.features.layers()
    for kind in KINDS:
        names = [info.name for info in layers if info.kind == kind]
        extent = city.features.extent(kind) if len(names) > 1 else None
        if extent is None:
            continue
        ids = Counter(city.features.viewport(kind, extent)["id"].to_pylist())
        twice = [id_ for id_, n in ids.items() if n > 1]
        if twice:
            text = f"{len(twice)} ids stand in more than one of the layers {', '.join(names)} ({_some(twice[:5])})"
            yield Finding("warning", "same-id", text, kind)


def _sensors(city: City) -> Iterator[Finding]:
    homeless = [thing.id for thing in city.sensors.things() if thing.location is None]
    if homeless:
        yield Finding("info", "no-place", f"{len(homeless)} sensors have no place ({_some(homeless[:5])})", "sensor")
    current = city.sensors.current()
    newest = max((latest.time for latest in current), default=None)
    for latest in current:
        assert newest is not None, "there is one when there is any"
        hours = (newest - latest.time).total_seconds() / 3600
        if hours > SILENT:
            text = f"'{latest.datastream}' has been silent for {hours:.0f} h (since {latest.time:%Y-%m-%d %H:%M} UTC)"
            yield Finding("warning", "sensor-silent", text, latest.datastream)
    speaking = {latest.datastream for latest in current}
    for stream in city.sensors.datastreams():
        if stream.id not in speaking:
            yield Finding("info", "sensor-silent", f"'{stream.id}' has never sent a reading", stream.id)
    whole = len(current) <= MOST_SERIES
    for latest in current:
        time, value = city.sensors.series(latest.datastream) if whole else (None, np.array([latest.value]))
        low, high = RANGES.get(latest.property, (-np.inf, np.inf))
        out = value[(value < low) | (value > high)]
        if len(out):
            text = f"{len(out)} readings of '{latest.datastream}' cannot be true ({out[0]:.6g} {latest.unit})"
            yield Finding("warning", "sensor-range", text, latest.datastream)
        if time is not None and len(time) > 2:
            step = np.diff(time) / np.timedelta64(1, "s")
            usual, longest = float(np.median(step)), float(step.max())
            if longest > GAP * usual:
                text = (
                    f"'{latest.datastream}' has a gap of {longest / 3600:.1f} h; it usually speaks every {usual:.0f} s"
                )
                yield Finding("info", "sensor-gap", text, latest.datastream)


def _sources(city: City) -> Iterator[Finding]:
    for source in city.sources.list():
        counts = {name: source.report.get(name) for name in ("lines_in", "stored", "quarantined", "duplicate")}
        bad, lines = counts["quarantined"], counts["lines_in"]
        if isinstance(bad, int) and bad:
            text = f"{bad} of {lines} records of {source.file} are in quarantine; mend the file and load it again"
            yield Finding("warning", "quarantine", text, source.file)
        if lines and counts["stored"] == 0 and counts["duplicate"] == 0:
            yield Finding("warning", "nothing-stored", f"nothing of {source.file} was stored", source.file)


def _folder(city: City) -> Iterator[Finding]:
    for path in sorted(city.path.iterdir()):
        if path.name not in KNOWN:
            yield Finding(
                "warning", "foreign-file", f"{path.name} lies in the twin's folder and is not of it", path.name
            )
    # an older version of a raster or model is kept beside the newest, under a higher number and the same name
    for folder, newest in (
        ("rasters", [info.path for info in city.rasters.list()]),
        ("meshes", [info.path for info in city.models.list()]),
    ):
        names = {path.name.partition("-")[2] for path in newest}
        for path in sorted((city.path / folder).glob("*")):
            if path.name.partition("-")[2] not in names:
                text = f"{folder}/{path.name} belongs to nothing in the database"
                yield Finding("warning", "foreign-file", text, path.name)
    for info in city.models.list():
        if not info.path.is_file():
            text = f"the file {info.path.name} of the model of '{info.id}' is gone; load it again"
            yield Finding("error", "missing-file", text, info.id)
    known = {run.id for run in city.runs.list()}
    kept = {path.name for path in (city.path / "runs").glob("*")}
    for name in sorted(kept - known):
        yield Finding("warning", "foreign-file", f"runs/{name} belongs to no run; it may be removed", name)
    for name in sorted(known - kept):
        yield Finding("error", "missing-file", f"the frames of run {name} are gone; run it again", name)


def _some(ids: Iterable[str]) -> str:
    return ", ".join(ids)
