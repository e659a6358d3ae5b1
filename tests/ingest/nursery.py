"""A process that has everything loaded and bears children that load files, one after another, until somebody kills them.

Each line it reads names a twin and files, as JSON. The child writes "begin PID", then the name of each file at the
moment when `load` has returned: that is the acknowledgement. Run as `python -m tests.ingest.nursery`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import duckdb  # noqa: F401 - so that a child need not
import pyarrow as pa  # noqa: F401 - so that a child need not
import rasterio  # noqa: F401 - so that a child need not
import shapely  # noqa: F401 - so that a child need not

from ingest.load import load
from ingest.reading import ReadOptions
from twin import store
from twin.rooms import discover


def say(word: str) -> None:
    """Write a line at once, in one piece."""
    os.write(1, f"{word}\n".encode())


def live(twin: str, files: list[str]) -> None:
    """Load the files, say each when it is in."""
    say(f"begin {os.getpid()}")
    with store.open_city(twin) as city:
        for file in files:
            load(city, file, ReadOptions(crs="EPSG:5186", layer=Path(file).stem))
            say(Path(file).name)
    say("end")


def main() -> None:
    """Bear a child for each line of stdin and bury it."""
    discover("ingest.readers", "reader")
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            live(order["twin"], order["files"])
            os._exit(0)
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
