"""Where a fire break would lie: across the way from a fire to the homes that it will reach."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from twin.agents._acts import proposal, reason, step, taken, work
from twin.agents._places import node_at
from twin.agents._readings import recent
from twin.model.response.proposal import Proposal
from twin.model.response.view import Outlook, View

if TYPE_CHECKING:
    from twin.agents import Agent

HOMES = 5
"""Homes that fire will reach, from which a break is worth it (design)."""

LEAD = 1800.0
"""s that fire needs to the first of them, below which a break comes too late (design)."""

CALM = 12.0
"""m s-1 of wind above which brands fly over any break that a crew makes (design)."""

OFF, WIDTH, LONGEST, MARGIN = 40.0, 10.0, 400.0, 30.0
"""m: before the first home; width, greatest length, and what it reaches beyond the homes (design)."""

PACE = 0.1
"""m s-1 of a crew with machines (unverified: 360 m/h)."""

RECENT = 3600.0
"""s, age up to which a report says where it burns."""


def fire_break(
    agent: Agent, view: View, outlook: Outlook, catches: Mapping[int, tuple[float, float]], lasts: float
) -> Iterator[Proposal]:
    """Yield a break before homes that fire will reach, if there is time to make it and the wind lets it hold.

    catches  number of a home -> chance and s by when fire reaches it
    """
    homes = view.facts.homes
    fires = recent(view.reports, "fire", view.time, RECENT)
    crews = sum(unit.kind == "crew" and math.isfinite(unit.free) for unit in view.units)
    if any(kind == "clear" for kind, _ in taken(view)) or view.wind[0] > CALM or not fires or not crews:
        return
    late = {i: when for i, (_, when) in catches.items() if when >= view.time + LEAD}
    if len(late) < HOMES or len(late) < len(catches):
        return  # what burns soon lies between: a break would be behind the front
    fire = np.array([fires[-1].x, fires[-1].y])
    xy = np.array([(homes[i].x, homes[i].y) for i in sorted(late)])
    ahead = xy.mean(axis=0) - fire
    far = float(np.hypot(*ahead))
    if far < 1.0:
        return
    along = ahead / far
    across = np.array([-along[1], along[0]])
    first = float(((xy - fire) @ along).min()) - OFF
    side = (xy - fire) @ across
    left, right = float(side.min()) - MARGIN, float(side.max()) + MARGIN
    if first <= OFF or right - left > LONGEST:
        return
    line = [[float(v) for v in fire + first * along + at * across] for at in (left, right)]
    middle = fire + first * along
    node = node_at(view.facts, float(middle[0]), float(middle[1]))
    duration = (right - left) / PACE
    when = min(late.values())
    if node < 0 or view.time + duration > when:
        return
    target = homes[min(late, key=lambda i: (late[i], homes[i].id))].id
    people = sum(homes[i].people * catches[i][0] for i in late)
    task = work("crew", node, 300.0, view, when - duration, people)
    one = step("clear", view, target, {"line": line, "width": WIDTH, "duration": duration}, task)
    why = reason("fire.break", about=target, homes=len(late), length=right - left, minutes=(when - view.time) / 60)
    yield proposal(agent, view, (one,), (why,), (fires[-1].id, outlook.id), lasts)
