"""How fast files go in, whole way: read, converted, checked, stored, committed; and how much memory that takes.

Each load runs in a process of its own, after a small one of the same kind has warmed the libraries up.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from tests.measures import Measure

ROOT = Path(__file__).parent.parent.parent
WEST, SOUTH = 200_000.0, 540_000.0
USES = ("단독주택", "공동주택", "제1종근린생활시설", "업무시설", "공장")


def footprints(path: Path, n: int) -> None:
    """Write a GeoPackage of n buildings as a register gives them: id, use, storeys, height, year."""
    import geopandas
    import shapely

    rng = np.random.default_rng(1)
    x, y = WEST + (np.arange(n) % 1000) * 20.0, SOUTH + (np.arange(n) // 1000) * 20.0
    width, depth, turn = rng.uniform(6, 16, n), rng.uniform(6, 16, n), rng.uniform(0, np.pi, n)
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) / 2
    u, v = corner[:, 0] * width[:, None], corner[:, 1] * depth[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    rings = np.stack([x[:, None] + u * cos - v * sin, y[:, None] + u * sin + v * cos], axis=-1)
    table = {
        "건물관리번호": [f"{41360:05d}{i:020d}" for i in range(n)],
        "주용도": rng.choice(USES, n),
        "지상층수": rng.integers(1, 25, n),
        "높이": rng.uniform(3, 70, n).round(1),
        "사용승인연도": rng.integers(1960, 2026, n),
    }
    frame = geopandas.GeoDataFrame(table, geometry=shapely.polygons(rings), crs="EPSG:5186")
    frame.to_file(path, layer="buildings", driver="GPKG", engine="pyogrio")


def cityjson(path: Path, n: int) -> None:
    """Write a CityJSON 2.0 of n LoD1 blocks with semantics."""
    rng = np.random.default_rng(2)
    x, y = (np.arange(n) % 500) * 20_000, (np.arange(n) // 500) * 20_000
    ground, height = rng.integers(10_000, 30_000, n), rng.integers(3_000, 60_000, n)
    ring = np.array([[0, 0], [12_000, 0], [12_000, 9_000], [0, 9_000]])
    base = np.stack([x[:, None] + ring[:, 0], y[:, None] + ring[:, 1]], axis=-1)
    levels = np.stack([ground, ground + height], axis=1)
    vertices = np.concatenate(
        [np.concatenate([base, np.broadcast_to(levels[:, k, None, None], (n, 4, 1))], axis=-1) for k in (0, 1)], axis=1
    )
    faces = [[[3, 2, 1, 0]], [[4, 5, 6, 7]], *([[i, (i + 1) % 4, 4 + (i + 1) % 4, 4 + i]] for i in range(4))]
    kinds = {
        "surfaces": [{"type": t} for t in ("GroundSurface", "RoofSurface", "WallSurface")],
        "values": [[0, 1, 2, 2, 2, 2]],
    }
    objects = {}
    for i in range(n):
        shell = [[[8 * i + corner for corner in face[0]]] for face in faces]
        solid = {"type": "Solid", "lod": "1", "boundaries": [shell], "semantics": kinds}
        attributes = {"measuredHeight": height[i] / 1000.0, "storeysAboveGround": int(height[i] // 3000)}
        objects[f"B{i:07d}"] = {"type": "Building", "attributes": attributes, "geometry": [solid]}
    document = {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/5186"},
        "transform": {"scale": [0.001] * 3, "translate": [WEST, SOUTH, 0.0]},
        "CityObjects": objects,
        "vertices": vertices.reshape(-1, 3).tolist(),
    }
    path.write_text(json.dumps(document))


def observations(path: Path, n: int) -> None:
    """Write a CSV of n readings of 50 gauges every 10 minutes, and the declaration beside it."""
    rng = np.random.default_rng(3)
    gauges = 50
    time = np.datetime64("2025-01-01T00:00") + np.arange(-(-n // gauges)) * np.timedelta64(10, "m")
    stamp = np.repeat(np.char.replace(time.astype(str), "T", " "), gauges)[:n]
    value = rng.gamma(2.0, 0.4, n).round(3)
    name = np.tile([f"수위계{i:02d}" for i in range(gauges)], len(time))[:n]
    rows = [f"{g},{t},{v}" for g, t, v in zip(name.tolist(), stamp.tolist(), value.tolist(), strict=True)]
    path.write_text("관측소,시각,수위\n" + "\n".join(rows) + "\n")
    path.with_name(f"{path.name}.toml").write_text(
        'content = "series"\n[time]\ncolumn = "시각"\nzone = "Asia/Seoul"\n[thing]\ncolumn = "관측소"\n'
        '[[value]]\ncolumn = "수위"\nproperty = "water_level"\nunit = "m"\n'
    )


#: measure -> suffix of the file, who writes it, records in the long form, in the short form
LOADS: dict[str, tuple[str, Callable[[Path, int], None], int, int]] = {
    "footprints": (".gpkg", footprints, 200_000, 2_000),
    "cityjson_buildings": (".city.json", cityjson, 50_000, 500),
    "csv_observations": (".csv", observations, 1_000_000, 10_000),
}
BOUNDS = {"footprints": ">= 20000", "cityjson_buildings": ">= 5000", "csv_observations": ">= 100000"}


def child(folder: str, small: str, large: str) -> None:
    """Load a small file, then a large one; print records, seconds and the greatest memory in MB (in a process of its own)."""
    from ingest.load import load
    from twin import store

    with store.create(Path(folder) / "city.twin", crs="EPSG:5186") as city:
        load(city, small)
        report = load(city, large)[0]
    assert report.quarantined == 0
    print(json.dumps({"stored": report.stored, "seconds": report.seconds, "peak_mb": peak_mb()}))


def peak_mb() -> float:
    """Return the greatest memory of this process in MB.

    On Linux from its own map: `ru_maxrss` of a child begins at what its parent had when it was born.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def measure(short: bool) -> Iterator[Measure]:
    """Yield the rates of the three kinds of file and the greatest memory of any of the loads."""
    peaks = []
    for name, (suffix, write, many, few) in LOADS.items():
        n = few if short else many
        with tempfile.TemporaryDirectory() as folder:
            small, large = Path(folder) / f"small{suffix}", Path(folder) / f"large{suffix}"
            write(small, 50)
            write(large, n)
            code = f"from tests.benchmarks.ingest import child; child({folder!r}, {str(small)!r}, {str(large)!r})"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
            assert done.returncode == 0, done.stderr
            found = json.loads(done.stdout)
        peaks.append(found["peak_mb"])
        yield Measure(f"ingest.{name}_per_s", found["stored"] / found["seconds"], "s-1", BOUNDS[name])
    yield Measure("ingest.peak_memory_mb", max(peaks), "MB", "<= 2048")
