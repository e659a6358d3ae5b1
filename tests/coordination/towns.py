"""Made-up work in made-up towns: who would be asked for what, where, by when.

The numbers are those of the probe that chose the method: service 4 to 12 min, deadlines 10 to 50 min, weights 1, 2, 5 and
10, 6 m/s on the road. Deadlines are made up, so a share of weight in time compares methods and promises nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.coordination.tasks import Task
from twin.geometry.network import network_of, parts, travel_seconds
from twin.geometry.network.lines import Line
from twin.model.response.city import Network, Unit

SPEED = 6.0
"""m/s."""


def street_grid(side: int = 30, block: float = 60.0) -> tuple[Network, NDArray[np.int64], NDArray[np.int64]]:
    """Return a street grid with a building at each crossing, 19 m off the street; its crossings and its buildings."""
    n = side * side
    y, x = (np.arange(n) // side) * block, (np.arange(n) % side) * block
    node = np.arange(n).reshape(side, side)
    start = np.concatenate([node[1:].ravel(), node[:, 1:].ravel(), np.arange(n)])
    end = np.concatenate([node[:-1].ravel(), node[:, :-1].ravel(), np.arange(n) + n])
    length = np.concatenate([np.full(2 * side * (side - 1), block), np.full(n, np.hypot(12.0, 15.0))])
    return (
        network(np.append(x, x + 12.0), np.append(y, y + 15.0), start, end, length),
        np.arange(n),
        np.arange(n, 2 * n),
    )


def network(x, y, start, end, length, road=None) -> Network:
    """Return roads all of one kind, at 6 m/s; every edge a road of its own unless `road` says which."""
    k = len(start)
    road = np.arange(k) if road is None else np.asarray(road)
    return Network(
        np.asarray(x, float), np.asarray(y, float), np.asarray(start, np.int32), np.asarray(end, np.int32),
        np.asarray(length, float), np.full(k, SPEED), np.full(k, 2.0), road.astype(np.int32),
        tuple(f"r{i}" for i in range(int(road.max(initial=-1)) + 1)), np.zeros(k, bool), np.zeros(k, bool),
    )  # fmt: skip


def gaon() -> tuple[Network, NDArray[np.int64], NDArray[np.int64]]:
    """Return the roads of the demo city as its files are made from, and twice the nodes of their main part."""
    import shapely

    from ingest.gaon.city import district

    lines = [
        Line(f"r{number:04d}", shapely.get_coordinates(road.line), SPEED, max(road.lanes, 1), over=road.level > 0)
        for number, road in enumerate(district().roads)
    ]
    roads = network_of(lines)
    main = np.flatnonzero(parts(roads) == 0)
    return roads, main, main


def work(
    roads: Network,
    starts: NDArray[np.int64],
    places: NDArray[np.int64],
    seed: int,
    units: int = 8,
    tasks: int = 40,
) -> tuple[list[Task], list[Unit]]:
    """Return tasks and units of one instance."""
    rng = np.random.default_rng(seed)
    at = rng.choice(starts, units, replace=False)
    where = rng.choice(places, tasks, replace=False)
    service, deadline = rng.integers(240, 720, tasks), rng.integers(600, 3000, tasks)
    weight = rng.choice([1.0, 2.0, 5.0, 10.0], tasks, p=[0.5, 0.25, 0.15, 0.1])
    return (
        [
            Task(f"t{k:03d}", "crew", int(where[k]), float(service[k]), 0.0, float(deadline[k]), float(weight[k]))
            for k in range(tasks)
        ],
        [Unit(f"u{k:02d}", "crew", int(node)) for k, node in enumerate(at)],
    )


def seconds(roads: Network, tasks: list[Task], units: list[Unit]) -> NDArray[np.float64]:
    """Return (units + tasks, tasks) s of travel."""
    goals = [task.node for task in tasks]
    return travel_seconds(roads, [*(unit.node for unit in units), *goals])[:, goals]
