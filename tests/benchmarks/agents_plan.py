"""How much of the weight is done in time, and how long planning takes: 8 units and 40 tasks, 60 units and 600 tasks.

12 instances each. `weight_in_time`, `auction` (without the search) and `nearest` (who is free first takes what is nearest)
are of the street grid of 30 x 30 crossings, on which the probe behind the method had 0.936, 0.905 and 0.554; those with
`gaon` in their names of the roads of the demo city, where the ways are longer and nothing came from a probe. Planning is
counted from the roads on: ways, auction, search, in s of wall time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from tests.coordination.towns import gaon, seconds, street_grid, work
from tests.measures import Measure
from twin.coordination.auction import auction
from twin.coordination.firstfree import first_free
from twin.coordination.improve import improve
from twin.coordination.problem import case
from twin.coordination.tasks import Settings

METHODS = ("nearest", "auction", "weight_in_time")


def shares(town, instances: int, settings: Settings) -> tuple[dict[str, float], list[float]]:
    """Return the share of the weight that each method does in time, over all instances, and s of each planning."""
    met, asked, spent = dict.fromkeys(METHODS, 0.0), 0.0, []
    for seed in range(instances):
        tasks, units = work(*town, seed)
        begin = time.perf_counter()
        posed = case(tasks, units, seconds(town[0], tasks, units))
        first = auction(posed)
        better = improve(posed, first, settings)
        spent.append(time.perf_counter() - begin)
        for name, plan in zip(METHODS, (first_free(posed), first, better), strict=True):
            met[name] += plan.met
        asked += sum(task.weight for task in tasks)
    return {name: weight / asked for name, weight in met.items()}, spent


def measure(short: bool) -> Iterator[Measure]:
    """Yield shares of weight in time and s; the short form plans two instances on the grid, with a short search."""
    settings = Settings(iterations=200) if short else Settings()
    grid = street_grid()
    shares(grid, 1, Settings(iterations=1))  # compiled
    towns = {"grid": grid} if short else {"grid": grid, "gaon": gaon()}
    found = {name: shares(town, 2 if short else 12, settings) for name, town in towns.items()}
    for name, (share, _) in found.items():
        front = "agents.plan_8x40." if name == "grid" else f"agents.plan_8x40.{name}."
        bound = ">= 0.945" if name == "grid" else ""
        yield Measure(f"{front}weight_in_time", share["weight_in_time"], "1", bound, "nearest unit", share["nearest"])
        yield Measure(f"{front}auction", share["auction"], "1")
        yield Measure(f"{front}nearest", share["nearest"], "1")
    yield Measure("agents.plan_8x40.wall_s", median(s for _, spent in found.values() for s in spent), "s", "<= 1.5")
    tasks, units = work(*grid, 0, 60, 600)
    begin = time.perf_counter()
    posed = case(tasks, units, seconds(grid[0], tasks, units))
    better = improve(posed, auction(posed), settings)
    yield Measure("agents.plan_60x600.wall_s", time.perf_counter() - begin, "s", "<= 30")
    asked = sum(task.weight for task in tasks)
    yield Measure("agents.plan_60x600.weight_in_time", better.met / asked, "1")
    yield Measure("agents.plan_60x600.nearest", first_free(posed).met / asked, "1")
