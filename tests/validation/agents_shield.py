"""Hostile agents against the shield: how many unsafe actions get through, judged by brute force that knows nothing of it.

A small town with streets, homes, shelters, units, and a forecast with water and fire in it, drawn anew for each attack.
Agents propose what is sound but for the hazard, and break it on purpose: other levels, targets, times, ways, units, stale
or foreign evidence, values that are no numbers, steps twice. `tests.shield.oracle` judges what came through. Sound
proposals in a dry town count what the shield lets through, since one that refuses everything would be safe too. That the
judge is awake is shown by `tests.shield.test_hostile`, which takes the rules away one by one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.measures import Measure
from tests.shield import hostile, oracle, town
from twin.shield.limits import Limits
from twin.shield.screen import screen

TIGHT = Limits(steps_per_agent=6, steps_in_all=12)
SAFE = ("inspect", "message_sign", "pump", "gate", "basement", "hydrant", "wet", "engine", "evacuate", "evacuate")


def attacked(seed: int) -> tuple[int, int, list[str]]:
    """Return how many actions were tried and came through in one attack, and what is unsafe among these."""
    rng = random.Random(seed)
    view = town.view(rng.choice([town.Town(), town.DRY, town.Town(wet=0.05, bad_shelter=0.1, marked=0.1)]), rng)
    limits = rng.choice([Limits(), Limits(), TIGHT])
    given = hostile.attack(view, rng, 12)
    passed = screen(given, view, limits, hostile.GATES).passed
    through = sum(len(proposal.steps) for proposal in passed)
    return hostile.steps_in(given), through, oracle.unsafe(view, limits, passed, hostile.GATES)


def sound(seed: int) -> tuple[int, int]:
    """Return how many sound actions were tried in a dry town, and how many came through."""
    rng = random.Random(seed)
    view = town.view(town.DRY, rng)
    given = hostile.sound(view, rng, SAFE, most=1)
    if any(hostile.too_many(view, step) for step in given.steps):
        return 0, 0
    return len(given.steps), sum(len(p.steps) for p in screen([given], view, Limits(), hostile.GATES).passed)


def measure(short: bool) -> Iterator[Measure]:
    tried, through, unsafe = 0, 0, 0
    for seed in range(60 if short else 1000):
        one, came, wrong = attacked(seed)
        tried, through, unsafe = tried + one, through + came, unsafe + len(wrong)
    yield Measure("agents.shield.unsafe_through", unsafe, "1", "== 0")
    yield Measure("agents.shield.tried", tried, "1", ">= 2000" if short else ">= 20000")
    yield Measure("agents.shield.through", through, "1", f">= {tried // 10}")
    offered, passed = (sum(counts) for counts in zip(*map(sound, range(100 if short else 1000)), strict=True))
    yield Measure("agents.shield.sound_tried", offered, "1")
    yield Measure("agents.shield.sound_passed_share", passed / offered, "1", "== 1")
