"""The wildfire engine beside pyretechnics: one machine, one run, one thread each, taking turns.

GR2 for 12 h, SH5 for 6 h and a mosaic for 12 h on a million cells of 30 m, as `peers/fire_cases.py` says. The figure is
burned cells per CPU second, rates of spread and all; a ratio is ours over the peer's, the median of the turns; the
headline is the worst case. What each gets wrong stands beside it: burned cells against the exact ellipse, or against
the converged reference of the mosaic.

The peer lives in an environment of its own (peers/README.md). Without it the ratios are left out, aloud.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.peers.fire_cases import CELL, FUELS, MOISTURE, PATCH, PATCHES, SIDE, START, WIND
from tests.benchmarks.peers.talking import ROOT, Talk, python_of
from tests.measures import Measure
from tests.physics.cases.files import shared_folder
from twin.physics.wildfire.front import Front
from twin.physics.wildfire.moisture import Moisture
from twin.physics.wildfire.rates import rates

PYTHON = python_of("fire")
SCRIPT = "tests.benchmarks.peers.run_pyretechnics"
UNIT = "cell CPU-s-1"
CASES = {"gr2": 12, "sh5": 6, "mosaic": 12}
"""Hours."""
TURNS = 5


def fuels(case: str, side: int = SIDE) -> NDArray[np.int16]:
    """Return (side, side) numbers of fuel models. Raises NoSharedData for the mosaic."""
    if case != "mosaic":
        return np.full((side, side), FUELS[case.upper()], np.int16)
    pattern = np.loadtxt(reference() / "mosaic_pattern_50x50.csv", int, delimiter=",")
    return np.kron(np.array(PATCHES, np.int16)[pattern], np.ones((PATCH, PATCH), np.int16))[:side, :side]


def reference() -> Path:
    """Return the folder of the converged cases. Raises NoSharedData."""
    return shared_folder() / "validation" / "fire" / "spread_reference"


def exact_cells(case: str) -> float:
    """Return how many cells burn by the ellipse, or in the converged run of the mosaic. Raises NoSharedData."""
    hours = CASES[case]
    if case == "mosaic":
        return float(np.loadtxt(reference() / f"mosaic_burned_cells_per_patch_{hours}h.csv", delimiter=",").sum())
    with (reference() / "uniform_cases.csv").open() as file:
        (row,) = (r for r in csv.DictReader(file) if r["fuel"] == case.upper() and int(r["hours"]) == hours)
    return float(row["cells_30m"])


def ours(numbers: NDArray[np.int16], hours: int) -> tuple[int, float]:
    """Return the burned cells of a fire of ours, and its CPU seconds."""
    moisture = Moisture(MOISTURE["1h"], MOISTURE["10h"], MOISTURE["100h"], MOISTURE["herb"], MOISTURE["woody"])
    cpu = time.process_time()
    front = Front((numbers.shape[0], numbers.shape[1]), CELL)
    front.burn(rates(numbers, moisture, wind_speed=WIND[0], wind_from=WIND[1]), 0.0)
    front.ignite([START[0]], [START[1]], 0.0)
    front.advance(3600.0 * hours)
    return int(front.burnt.sum()), time.process_time() - cpu


def match(case: str, turns: int) -> tuple[str, list[tuple[tuple[int, float], tuple[int, float]]]]:
    """Return the peer's version, and turn by turn cells and CPU seconds of ours and of the peer's."""
    numbers, hours = fuels(case), CASES[case]
    ours(numbers, 1)  # compiled code is loaded
    with TemporaryDirectory() as folder:
        file = Path(folder) / "fuels.npy"
        np.save(file, numbers)
        with Talk(PYTHON, SCRIPT, str(file), str(hours), *map(str, START)) as peer:
            version = f"{peer.first['peer']} {peer.first['version']}"
            found = []
            for _ in range(turns):
                said = peer.ask("go")
                if said["edge"]:
                    raise RuntimeError(f"{version} has reached the edge of the grid on {case}; its area says nothing")
                found.append((ours(numbers, hours), (said["cells"], said["cpu_s"])))
    return version, found


def measure(short: bool) -> Iterator[Measure]:
    """Yield our speed and, where the peer is installed, the ratios and both errors."""
    if short or not PYTHON.exists():
        if not short:
            print(
                f"\n*** fire.vs_pyretechnics: NOT MEASURED. It is not installed in {PYTHON.parents[1].relative_to(ROOT)}; "
                "make that environment with `make peers` (Python 3.11) and measure again. ***\n",
                file=sys.stderr,
                flush=True,
            )
        numbers = fuels("gr2")
        ours(numbers, 1)
        cells, cpu = ours(numbers, 2)
        yield Measure("fire.gr2_with_rates.cells_per_cpu_s", cells / cpu, UNIT)
        return
    ratios = []
    for case in CASES:
        version, turns = match(case, TURNS)
        own, theirs = (median(cells / cpu for cells, cpu in side) for side in zip(*turns, strict=True))
        exact = exact_cells(case)
        name = f"fire.vs_pyretechnics.{case}"
        yield Measure(f"{name}.cells_per_cpu_s", own, UNIT, "", version, theirs)
        yield Measure(
            f"{name}.area_error", turns[0][0][0] / exact - 1, "1", "abs<= 0.015", version, turns[0][1][0] / exact - 1
        )
        ratio = median((a / b) / (c / d) for (a, b), (c, d) in turns)
        ratios.append((ratio, f"{version}: {theirs:,.0f}, ours {own:,.0f} {UNIT} ({case})"))
    yield Measure("fire.vs_pyretechnics.ratio", *min(ratios)[:1], "1", ">= 5", min(ratios)[1])
