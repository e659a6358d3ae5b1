"""kill -9 in the middle of loads: what was acknowledged is whole, what was not is whole or absent, nothing is doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.load import load
from ingest.reading import ReadOptions
from twin import store

ROUNDS, FILES = 20, 6
ROOT = Path(__file__).parent.parent.parent
SERIES = 'content = "series"\n[time]\ncolumn = "t"\nzone = "UTC"\n[thing]\nid = "{}"\n[[value]]\ncolumn = "v"\nproperty = "water_level"\nunit = "m"\n'


def written(folder: Path, number: int, rng: random.Random) -> Path:
    """Write file `number`: shapes, readings or a raster by turns, each with something of its own."""
    kind = number % 3
    if kind == 0:
        path = folder / f"f{number:03d}.wkt"
        lines = [f"POINT({200_000 + rng.random() * 900:.3f} {545_000 + rng.random() * 900:.3f})" for _ in range(300)]
        path.write_text("\n".join([*lines, "POINT(broken", "POINT EMPTY"]))
    elif kind == 1:
        path = folder / f"f{number:03d}.csv"
        rows = [
            f"2026-07-{day:02d}T{hour:02d}:{minute:02d}:00,{rng.random():.4f}"
            for day in (1, 2)
            for hour in range(24)
            for minute in range(0, 60, 10)
        ]
        path.write_text("t,v\n" + "\n".join([*rows, "2026-07-32T00:00:00,1"]))
        path.with_name(f"{path.name}.toml").write_text(SERIES.format(path.stem))
    else:
        path = folder / f"f{number:03d}.asc"
        head = f"ncols 60\nnrows 60\nxllcorner {200_000 + number * 10}\nyllcorner 545000\ncellsize 10\nNODATA_value -9999\n"
        path.write_text(head + "\n".join(" ".join(f"{rng.uniform(1, 99):.2f}" for _ in range(60)) for _ in range(60)))
    return path


def whole(city: store.City) -> dict[str, bool]:
    """Return file -> whether all of it is there, for every file of which anything is there."""
    layers = {info.name: info.count for info in city.features.layers()}
    streams = {stream.thing: stream.id for stream in city.sensors.datastreams()}
    rasters = {info.name: info for info in city.rasters.list()}
    bad: dict[str, int] = {}
    for row in city.quarantine.read():
        stem = Path(row.file).stem
        bad[stem] = bad.get(stem, 0) + 1
    sources = {Path(source.file).stem: source for source in city.sources.list()}
    found = {}
    for stem in {*layers, *streams, *rasters, *bad, *sources}:
        known = stem in sources and sources[stem].report["lines_in"]
        if stem in rasters:
            found[stem] = known == 1 and rasters[stem].path.stat().st_size > 0
        elif stem in streams:
            found[stem] = known == 289 and len(city.sensors.series(streams[stem])[0]) == 288 and bad[stem] == 1
        else:
            found[stem] = known == 302 and layers.get(stem) == 300 and bad.get(stem) == 2
    return found


@pytest.mark.timeout(240)
def test_nothing_acknowledged_is_lost(tmp_path):
    rng = random.Random(20)
    twin = tmp_path / "city.twin"
    store.create(twin, crs="EPSG:5186").close()
    files = [written(tmp_path, number, rng) for number in range(ROUNDS * FILES)]
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.ingest.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )  # fmt: skip
    assert nursery.stdin
    assert nursery.stdout
    acknowledged: set[str] = set()
    killed = 0
    try:
        for number in range(ROUNDS):
            batch = files[number * FILES : (number + 1) * FILES]
            nursery.stdin.write(json.dumps({"twin": str(twin), "files": [str(f) for f in batch]}) + "\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline().split()[1])
            for _ in range(rng.randrange(0, FILES - 1)):
                acknowledged.add(Path(nursery.stdout.readline().strip()).stem)
            time.sleep(rng.uniform(0.0, 0.08))
            os.kill(child, signal.SIGKILL)
            rest = list(iter(lambda: nursery.stdout.readline().strip(), "gone"))
            acknowledged |= {Path(word).stem for word in rest if word != "end"}
            killed += "end" not in rest
            with store.open_city(twin) as city:
                found = whole(city)
            assert [stem for stem, good in found.items() if not good] == []
            assert acknowledged <= set(found)
            assert not (twin / "incoming").exists()
    finally:
        nursery.stdin.close()
        nursery.wait(timeout=20)
        nursery.stdout.close()
    assert killed >= ROUNDS // 2, "the kills came too late to prove anything"
    assert len(acknowledged) < len(files)
    with store.open_city(twin) as city:
        before = {Path(source.file).stem for source in city.sources.list()}
        for file in files:
            report = load(city, file, ReadOptions(crs="EPSG:5186", layer=file.stem))[0]
            assert (report.duplicate == report.lines_in) == (file.stem in before)
        found = whole(city)
    assert all(found.values())
    assert len(found) == len(files)
