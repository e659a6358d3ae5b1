"""What has been approved becomes jobs: what a unit has to do, or what begins at a time without one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.model.action import Action
from twin.model.response.proposal import Award, Proposal, Work
from twin.runs.response.town.ground import Ground

DRIVEN_BY_HAZARD = frozenset({"engine"})
"""Kinds of action whose vehicles the hazard itself drives: it is told when they leave."""


@dataclass(frozen=True, slots=True)
class Job:
    """One step.

    number    of the step, in the order in which they were taken;   at  s from when on it may begin
    home      position of the home that it is for, -1: none;   district  position
    x, y      m, where it is done
    """

    number: int
    action: Action
    work: Work | None
    award: Award | None
    at: float
    home: int
    district: int
    x: float
    y: float


def jobs_of(ground: Ground, proposal: Proposal, at: float, number: int) -> list[Job]:
    """Return the jobs of a proposal that is taken at `at` s, the first with this number.

    A step that asks for a unit and got none is no job: nobody comes.
    """
    jobs: list[Job] = []
    for step in proposal.steps:
        if step.work is not None and step.award is None:
            continue
        home = ground.home.get(step.action.target, -1)
        site = ground.site.get(step.action.target, -1)
        node = -1 if step.work is None else step.work.node
        roads = ground.roads
        district = len(ground.districts)
        x = y = float("nan")
        if home >= 0:
            x, y, district = float(ground.x[home]), float(ground.y[home]), int(ground.district[home])
        elif site >= 0:
            place = ground.facts.sites[site]
            x, y, district = place.x, place.y, int(ground.site_district[site])
        elif 0 <= node < len(roads.x):
            x, y = float(roads.x[node]), float(roads.y[node])
            district = int(ground.districts_at(np.array([x]), np.array([y]))[0])
        begins = max(at, step.action.at) if step.award is None else max(at, step.award.leaves)
        jobs.append(
            Job(number + len(jobs), step.action, step.work, step.award, begins, home, district, x, y),
        )
    return jobs
