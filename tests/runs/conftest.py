"""One town, flooded for real and burnt for show: what assessing, comparing and exporting are tested on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import shapely

from tests.runs.ember import DOCUMENT, ROOMS, Ember
from tests.runs.town import SCENARIO, batch, document, town
from twin import runs
from twin.hazards.flood import FloodHazard
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


#: an engine that comes to high-1 in time, and people of two houses who are away before and after the fire
MEASURES = """
[[measure]]
kind = "engine"
at_min = 5
target = "high-1"
[[measure]]
kind = "evacuate"
at_min = 10
target = "low-1"
[[measure]]
kind = "evacuate"
at_min = 39
target = "low-3"
"""
RAIN = SCENARIO[SCENARIO.index("[rain]") :]
ROADS = batch(
    "road",
    ["R-1", "R-2"],
    [shapely.LineString([(0, 60), (120, 60)]), shapely.LineString([(290, 190), (295, 195)])],
    name=["산길", None],
    width=[6.0, 4.0],
)


@dataclass(frozen=True)
class Burnt:
    city: City
    run: Run
    fought: Run
    both: Run


@pytest.fixture(scope="session")
def burnt(tmp_path_factory) -> Iterator[Burnt]:
    """A town after a fire, the same with measures, and with rain that floods it at the same time."""
    folder = tmp_path_factory.mktemp("burnt")
    both = DOCUMENT.replace('"fire"', '"flood+fire"') + RAIN + "[flood]\norder = 1\n"
    with town(folder, SHELTER, HOSPITAL, ROADS) as city:
        # only while it is simulated: the fixture lasts as long as the session, and others want the real hazards
        with pytest.MonkeyPatch.context() as patch:
            for name in ROOMS:
                patch.setattr(
                    sys.modules[name], "discover", lambda _package, _name: {"fire": Ember, "flood": FloodHazard}
                )
            run = runs.simulate(city, document(folder, DOCUMENT))
            fought = runs.simulate(city, document(folder, DOCUMENT + MEASURES))
            both_run = runs.simulate(city, document(folder, both), threads=1)
        yield Burnt(city, run, fought, both_run)
