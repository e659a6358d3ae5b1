"""Three tests of the National Bureau of Standards in several rooms: a burner of 110 kW, a corridor, a room beside it.

MV100A: corridor open to the outside; MV100O: shut; MV100Z: the room beside the corridor open. Measured layers are the
reduction of NIST's experiment database. Reported: model over experiment, upper-layer rise in the burn room (tree 1) and
in the corridor (mean of trees 3 to 5), mean from 600 to 880 s; layer height in the corridor.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.measures import Measure
from tests.physics.cases import cfast
from tests.physics.cases.files import shared_folder

TESTS = ("MV100A", "MV100O", "MV100Z")
CORRIDOR_TREES = (3, 4, 5)
TIMES = np.arange(600.0, 881.0, 20.0)
BURN_ROOM, CORRIDOR = 0, 2


def measured(path: Path) -> tuple[float, float]:
    """Return mean layer height in m and upper temperature in degC over the times."""
    rows = np.genfromtxt(path, delimiter=",", skip_header=1)
    within = (rows[:, 0] >= TIMES[0]) & (rows[:, 0] <= TIMES[-1])
    return float(rows[within, 1].mean()), float(rows[within, 3].mean())


def ratios(test: str) -> tuple[float, float, float]:
    """Return model over experiment: rise in the burn room, rise in the corridor, layer height in the corridor."""
    folder = shared_folder() / "validation" / "fire" / "firemodels_exp" / "NBS_Multi-Room"
    case = cfast.read(cfast.folder() / "Validation" / "NBS" / f"{test}.in")
    zones = case.engine()
    hot, low = [], []
    for time in TIMES:
        zones.advance(float(time))
        hot.append(zones.upper_temperature)
        low.append(zones.interface)
    rises, heights = np.mean(hot, axis=0) - case.ambient.outside, np.mean(low, axis=0)
    burn = measured(folder / f"NBS_{test}_Tree1_layer.csv")[1] - case.ambient.outside
    trees = np.array([measured(folder / f"NBS_{test}_Tree{n}_layer.csv") for n in CORRIDOR_TREES]).mean(axis=0)
    corridor = trees[1] - case.ambient.outside
    return rises[BURN_ROOM] / burn, rises[CORRIDOR] / corridor, heights[CORRIDOR] / trees[0]


def measure(short: bool) -> Iterator[Measure]:
    del short  # a second
    for test in TESTS:
        burn, corridor, height = ratios(test)
        yield Measure(f"fire.zone.nbs_{test.lower()}.burn_room", float(burn), "1")
        yield Measure(f"fire.zone.nbs_{test.lower()}.corridor", float(corridor), "1")
        yield Measure(f"fire.zone.nbs_{test.lower()}.corridor_height", float(height), "1")
