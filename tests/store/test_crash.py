"""Kill a loading process at random moments: what was acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.store.kit import CRS
from tests.store.loader import ROWS
from twin import store

ROUNDS = 20


def check(path: Path, acknowledged: list[int]) -> int:
    """Hold the twin against what was acknowledged; return how many batches it has."""
    with store.open_city(path) as city:
        sources = city.sources.list()
        batches = [source.report["batch"] for source in sources]
        assert batches == list(range(1, len(batches) + 1))
        assert set(acknowledged) <= set(batches)
        last = len(batches)
        with city.database.cursor() as cursor:
            per_batch = "SELECT count(*), max(seq) FROM {} GROUP BY source ORDER BY source"
            features = cursor.execute(per_batch.format("feature_log")).fetchall()
            readings = cursor.execute(per_batch.format("observation")).fetchall()
            files = {row[0] for row in cursor.execute("SELECT file FROM raster").fetchall()}
        assert [row[0] for row in features] == [ROWS + 1] * last
        assert [row[0] for row in readings] == [ROWS] * last
        assert len(files) == last
        assert files == {p.relative_to(city.path).as_posix() for p in (city.path / "rasters").iterdir()}
        assert not (city.path / "incoming").exists()
        assert city.snapshot == last * (2 * ROWS + 2)
        assert city.features.count("building") == last * ROWS
        if last:
            assert city.features.read("facility").column("height") == [float(last)]
            times, values = city.sensors.series("gauge:level")
            newest = city.sensors.current()[0]
            assert len(times) == last * ROWS
            assert (newest.time.replace(tzinfo=None), newest.value) == (times[-1].item(), values[-1])
            assert city.rasters.list()[-1].source == last
            info = city.rasters.list()[-1]
            assert info.path.stat().st_size > 0
        return last


def test_kill_9_loses_nothing_acknowledged_and_leaves_nothing_by_half(tmp_path: Path) -> None:
    rng = random.Random(20)
    path, log = tmp_path / "c.twin", tmp_path / "acknowledged"
    store.create(path, CRS).close()
    log.touch()
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-m", "tests.store.loader", str(path), str(log)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        for _ in range(ROUNDS):
            nursery.stdin.write("go\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline())
            before = log.stat().st_size
            until = time.monotonic() + 20 * (rng.random() < 0.8)  # some are killed while they open
            while log.stat().st_size == before and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(rng.uniform(0.0, 0.2))
            os.kill(child, signal.SIGKILL)
            assert nursery.stdout.readline() == "ended\n"
            acknowledged = [int(line) for line in log.read_text().split()]
            stored = check(path, acknowledged)
            assert stored - len(acknowledged) in range(ROUNDS + 1)  # a commit may be made and not yet be told
        nursery.stdin.close()
        nursery.wait(10)
    assert len(acknowledged) > ROUNDS // 2
