"""One town, flooded for real: what assessing, comparing and exporting are tested on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import shapely

from tests.runs.town import SCENARIO, batch, document, town
from twin import runs
from twin.model.run import Run
from twin.store import City

#: a ring wall round low-2, above all water
WALL = """
[[measure]]
kind = "barrier"
target = "W-1"
level_m = 30
"""

SHELTER = batch("shelter", ["S-1", "S-2"], [shapely.Point(200, 104), shapely.Point(10, 100)], name=["경로당", "학교"])
HOSPITAL = batch("facility", ["H-1"], [shapely.box(196, 86, 204, 90)], name=["의원"], **{"class": ["hospital"]})
WALL_LINE = batch(
    "levee", ["W-1"], [shapely.LineString([(198, 99), (222, 99), (222, 121), (198, 121), (198, 99)])], level=[None]
)


@dataclass(frozen=True)
class Flooded:
    city: City
    run: Run
    walled: Run


@pytest.fixture(scope="session")
def flooded(tmp_path_factory) -> Iterator[Flooded]:
    """A town after 60 mm of rain, and the same with a wall round one house."""
    folder = tmp_path_factory.mktemp("flooded")
    fast = SCENARIO + "[flood]\norder = 1\n"
    with town(folder, SHELTER, HOSPITAL, WALL_LINE) as city:
        run = runs.simulate(city, document(folder, fast), threads=1)
        walled = runs.simulate(city, document(folder, fast + WALL), threads=1)
        yield Flooded(city, run, walled)
