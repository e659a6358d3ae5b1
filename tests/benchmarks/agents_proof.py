"""How long one forecast and one proof take on the demo city: six members over an hour, at first order, two workers.

The night's cloudburst half an hour after its beginning. A proof stands alone here: what happens without the proposal,
which a cycle works out once for all of its proposals, is worked out for each. The mobile pump and the barrier stand
where the water is deepest at a home; both change the flood, which is run again in a window around them
(`twin.runs.response.local`), beside a proof that runs the whole city again. A road sign leaves the flood as it is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

import ingest
import twin
from ingest.reading import ReadOptions
from tests.measures import Measure
from tests.runs.response.laid import Laid, laid_out, proposed
from tests.runs.response.village import DRILL, village
from twin.hazards import make
from twin.model.action import Action
from twin.model.response.drill import Drill
from twin.model.response.view import Outlook
from twin.runs.document import parse_scenario
from twin.runs.inputs.ready import made_ready
from twin.runs.response.courses import layout_of
from twin.runs.response.forecast import Forecaster, Known
from twin.runs.response.pool import Together, here, several
from twin.runs.response.prove import Prover
from twin.runs.response.stage import stage_of

CLOUDBURST = Path(__file__).parents[2] / "scenarios" / "gaon_night_cloudburst.toml"
NOW, TIMES, WORKERS = 1800.0, 3, 2
"""s from the start of the run; how often each is timed; processes."""
HALF = 40.0
"""m, half the length of the barrier."""


def city() -> Laid:
    """Return the demo city, laid out for the cloudburst with the members, cell and horizon that a drill has."""
    usual = Drill()
    with tempfile.TemporaryDirectory() as folder:
        files = ingest.demo.write(Path(folder) / "files")
        with twin.create(Path(folder) / "gaon.twin", crs="EPSG:5186") as made:
            list(ingest.load.load(made, files, ReadOptions(licence="made up")))
            scenario = parse_scenario(CLOUDBURST.read_text(encoding="utf-8"), CLOUDBURST.name)
            drill = replace(
                scenario.response or usual,
                members=usual.members,
                horizon=usual.horizon,
                forecast_cell=usual.forecast_cell,
            )
            acting, fine = made_ready(made, replace(scenario, response=drill), make(scenario.hazard))
            stage = stage_of(made, acting, fine)
            return Laid(acting, fine, layout_of(made, stage.facts, fine.grid), stage)


def hamlet() -> Laid:
    """Return the small place that tests know, laid out for its drill."""
    with tempfile.TemporaryDirectory() as folder, village(Path(folder)) as made:
        return laid_out(made, DRILL)


def actions(laid: Laid, outlook: Outlook, now: float) -> Mapping[str, Action]:
    """Return what is proved, by name: at the home with the deepest water."""
    worst = int(np.argmax(outlook.homes.depth[0].max(axis=0)))
    home = next(home for home in laid.stage.facts.homes if home.id == outlook.homes.ids[worst])
    line = [[home.x - HALF, home.y], [home.x + HALF, home.y]]
    grid, ground = laid.fine.grid, laid.fine.fields["elevation"]
    level = float(ground[int((home.y - grid.south) / grid.cell), int((home.x - grid.west) / grid.cell)]) + 1.0
    return {
        "pump": Action("pump", now + 60.0, "mobile", {"x": home.x, "y": home.y, "rate": 0.3, "mode": "on"}),
        "barrier": Action("barrier", now + 60.0, "line", {"line": line, "level": level}),
        "sign": Action("message_sign", now + 60.0, "board", {"avoid": [0]}),
    }


def proofs(laid: Laid, together: Together, now: float, times: int) -> Iterator[tuple[str, float]]:
    """Yield the s that each proof takes and, as "forecast" and "whole", a forecast and a proof by the whole grid."""
    stage = laid.stage
    forecaster = Forecaster(laid.scenario, stage.coarse, stage.coarse_layout, stage.drill, together)
    forecaster.outlook(Known(1.0))  # the processes begin, and compile what they need
    begin = time.perf_counter()
    outlook = forecaster.outlook(Known(now))
    yield "forecast", time.perf_counter() - begin
    assert outlook is not None
    town = stage.town(2)
    town.advance(now, outlook, 0)
    whole = [replace(branch, frames=()) for branch in forecaster.branches]
    tried = [(name, action, forecaster.branches, times) for name, action in actions(laid, outlook, now).items()]
    for name, action, branches, often in [*tried, ("whole", tried[0][1], whole, 1)]:
        spent = []
        for _ in range(often):
            prover = Prover(town.copy(), outlook, branches, stage.coarse_layout, stage.prices, stage.targets, together)
            begin = time.perf_counter()
            proof = prover.prove(proposed(action, made=now))
            spent.append(time.perf_counter() - begin)
        west, south, east, north = proof.area
        print(f"{name}: {median(spent):.1f} s, {east - west:.0f} x {north - south:.0f} m run again", file=sys.stderr)
        yield name, median(spent)


def measure(short: bool) -> Iterator[Measure]:
    """Yield the wall times; the short form proves in the village, in this process."""
    if short:
        spent = dict(proofs(hamlet(), here, 300.0, 1))
    else:
        laid = city()
        with several(WORKERS) as together:
            spent = dict(proofs(laid, together, NOW, TIMES))
    bound = "" if short else "<= 20"
    yield Measure("agents.proof.wall_s", max(spent["pump"], spent["barrier"]), "s", bound)
    yield Measure("agents.proof.whole_city.wall_s", spent["whole"], "s")
    yield Measure("agents.proof.people_only.wall_s", spent["sign"], "s")
    yield Measure("agents.forecast.wall_s", spent["forecast"], "s")
