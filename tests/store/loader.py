"""A process that loads batch after batch into a twin until it is killed. Run by `test_crash`.

It imports everything once; for each line on its standard input it forks a child that does the loading, prints the
child's number, waits for its end and prints "ended". After each commit the child adds the batch to the
acknowledgements: what stands there must never be lost.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import duckdb  # noqa: F401 - imported before the fork, so that a child starts in no time
import numpy as np
import pandas as pd  # noqa: F401 - as above
import pyarrow as pa  # noqa: F401 - as above
import pyproj  # noqa: F401 - as above
import rasterio.warp  # noqa: F401 - as above

from tests.store.kit import boxes, plane, readings, writing
from twin import store

ROWS = 40


def load(path: Path, acknowledgements: Path) -> None:
    log = os.open(acknowledgements, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with store.open_city(path) as city:
        batch = len(city.sources.list())
        while True:
            batch += 1
            with writing(city, f"{batch}") as tx:
                tx.features(boxes([f"{batch}-{i}" for i in range(ROWS)], height=[float(batch)] * ROWS))
                tx.features(boxes(["clock"], kind="facility", height=[float(batch)]))
                minutes = np.datetime64("2026-01-01", "m") + np.arange(ROWS) + ROWS * batch
                tx.observations(readings([str(m) for m in minutes], np.arange(ROWS) + batch))
                tx.raster(plane(0, 0, 10, 8, 8, slope=(batch, 1.0)), f"r{batch % 3}")
                tx.finish({"batch": batch})
            os.write(log, f"{batch}\n".encode())


def main(path: Path, acknowledgements: Path) -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            load(path, acknowledgements)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
