"""The five responses of the demo city: each approved plan against no action, the nearest unit and a fixed procedure.

A scenario is run once with all agents under the exercise policy; what was approved in it then meets further courses of
the same weather, and so does everything it is compared with (`twin.runs.response.score`). A ratio below 1 whose interval
ends below 1 is a plan that is better than the other course; where it is not, the score page and the table here say so.
The agents were looked at on the cloudburst, the breach and the hillside fire while they were made: these three are no
hold-outs. The station and the two emergencies at once are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import ingest
import twin
from ingest.reading import ReadOptions
from tests.measures import Measure
from tests.runs.response.village import DRILL, EXERCISE, village, written
from twin import runs

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "assets" / "policies" / "exercise.toml"
SCENARIOS = {
    "night_cloudburst": "gaon_night_cloudburst.toml",
    "breach": "gaon_breach_evacuation.toml",
    "hillside_fire": "gaon_hillside_response.toml",
    "station_crowd": "gaon_station_crowd.toml",
    "two_emergencies": "gaon_two_emergencies.toml",
}
"""Name in the measures -> document. The worst of it is what the agents are measured by."""
MEMBERS = 5


def measure(short: bool) -> Iterator[Measure]:
    """Yield the ratio of exposure of each plan to each other course, with the ends of its interval.

    short  the same of a village, and of a plan that nobody approved: it saves nothing against no action
    """
    if short:
        yield from of_a_village()
        return
    with tempfile.TemporaryDirectory() as folder:
        files = ingest.demo.write(Path(folder) / "files")
        with twin.create(Path(folder) / "gaon.twin", crs="EPSG:5186") as city:
            list(ingest.load.load(city, files, ReadOptions(licence="made up")))
            for name, document in SCENARIOS.items():
                run = runs.respond(city, ROOT / "scenarios" / document, policy=POLICY)
                yield from scored(name, runs.score(city, run.id, members=MEMBERS))


def of_a_village() -> Iterator[Measure]:
    """Yield the figures of a village in which nobody approves anything, and of one in an exercise."""
    with tempfile.TemporaryDirectory() as folder:
        documents = written(Path(folder), flood=DRILL, exercise=EXERCISE)
        with village(Path(folder)) as city:
            for name, policy in (("village_dry_run", None), ("village", documents["exercise"])):
                run = runs.respond(city, documents["flood"], policy=policy, threads=1)
                facts = runs.score(city, run.id, members=2, workers=1)
                yield from scored(name, facts)
                if policy is None:
                    yield Measure(
                        "agents.village_dry_run.saved", facts["against"]["none"]["saved"], "person min", "== 0"
                    )


def scored(name: str, facts: dict) -> Iterator[Measure]:
    """Yield the figures of one score."""
    better = 0
    for other, row in facts["against"].items():
        better += row["better"]
        stem = f"agents.{name}.exposure_ratio_to_{other}"
        if row["ratio"] is not None:
            yield Measure(stem, row["ratio"], "1")
            yield Measure(f"{stem}.low", row["ratio_low"], "1")
            yield Measure(f"{stem}.high", row["ratio_high"], "1")
        yield Measure(f"agents.{name}.saved_against_{other}", row["saved"], "person min")
    yield Measure(f"agents.{name}.courses_beaten", better, "1")
    if facts["regret"] is not None:
        yield Measure(f"agents.{name}.regret", facts["regret"], "1")
    brier = facts["forecast"]["brier"]
    if brier is not None:
        yield Measure(f"agents.{name}.brier", brier, "1", "", "always the mean", facts["forecast"]["brier_of_the_mean"])
