"""Random small plannings for Hypothesis."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st

from twin.coordination.resources import Resource
from twin.coordination.tasks import ARRIVES, DONE, Task, Use
from twin.model.response.city import Unit

SHELTER = Resource("shelter", 12.0)
HYDRANT = Resource("hydrant", 2.0, opens=200.0, closes=2500.0)
ROAD = Resource("road", single=True)
RESOURCES = (SHELTER, HYDRANT, ROAD)


@st.composite
def uses(draw):
    found = []
    if draw(st.booleans()):
        found.append(Use("shelter", float(draw(st.integers(0, 8)))))
    if draw(st.booleans()):
        lasts = draw(st.sampled_from([0.0, 300.0, 900.0]))
        found.append(Use("hydrant", float(draw(st.integers(1, 2))), draw(st.sampled_from([ARRIVES, DONE])), lasts))
    if draw(st.booleans()):
        found.append(Use("road", 0.0, DONE, 600.0, draw(st.sampled_from(["flight", "detour"]))))
    return tuple(found)


@st.composite
def plannings(draw, most_units=4, most_tasks=9, shared=True):
    """Return tasks, units, travel; kinds, seats, speeds, windows, ways that do not exist and units out of service."""
    kinds = ["crew", "bus"]
    tasks = [
        Task(
            f"t{k:02d}",
            draw(st.sampled_from(kinds)),
            k,
            float(draw(st.integers(0, 500))),
            float(draw(st.sampled_from([0, 0, 300, 1200]))),
            float(draw(st.integers(-100, 3000))),
            float(draw(st.sampled_from([0, 1, 2, 5, 10]))),
            draw(uses()) if shared else (),
            draw(st.sampled_from([0, 0, 20, 60])),
        )
        for k in range(draw(st.integers(0, most_tasks)))
    ]
    units = [
        Unit(
            f"u{k}",
            draw(st.sampled_from(kinds)),
            k,
            draw(st.sampled_from([0.0, 0.0, 400.0, math.inf])),
            draw(st.sampled_from([1.0, 0.5, 1.3])),
            draw(st.sampled_from([0, 45])),
        )
        for k in range(draw(st.integers(0, most_units)))
    ]
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    travel = rng.integers(0, 900, (len(units) + len(tasks), len(tasks))).astype(float)
    travel[rng.random(travel.shape) < 0.05] = math.inf
    return tasks, units, travel
