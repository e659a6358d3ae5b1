"""The proof of nothing: proposals without steps, and with steps that do nothing, over members of a flood and of a fire.

A paired simulation is worth something only if with and without are the same run but for the proposal. Here there is
nothing between them, so that every difference, of every member, measure and district, has to be exactly 0.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.measures import Measure
from tests.runs.response.laid import laid_out, proposed
from tests.runs.response.village import DRILL, FIRE, HIGH, LOW, RESPONSE, UNDER, village
from twin.model.action import Action
from twin.model.response.view import Report
from twin.runs.response.forecast import Known

SEEN = Report("fire/home-12", "fire", 200_076.0, 450_024.0, 180.0, 240.0, "home-12")


def differences(text: str, times: tuple[float, ...]) -> Iterator[tuple[float, float]]:
    """Yield each difference of proofs of nothing at some times, with the value that there is without."""
    with tempfile.TemporaryDirectory() as folder, village(Path(folder)) as city:
        laid = laid_out(city, text)
    forecaster = laid.forecaster()
    for now in times:
        prover = laid.prover(forecaster, Known(now, (SEEN,)))
        for targets in ((), (LOW,), (HIGH, LOW, UNDER)):
            steps = [Action("inspect", now + 30.0 * number, target) for number, target in enumerate(targets)]
            for effect in prover.prove(proposed(*steps, made=now)).effects:
                yield from (
                    (gain, effect.without) for gain in (*effect.members, effect.low, effect.median, effect.high)
                )


def measure(short: bool) -> Iterator[Measure]:
    flood = list(differences(DRILL, (300.0,) if short else (0.0, 300.0, 600.0)))
    fire = list(differences(FIRE + RESPONSE, (600.0,) if short else (300.0, 600.0, 900.0)))
    both = flood + fire
    yield Measure("agents.empty_action.effect", max(abs(gain) for gain, _ in both), "1", "== 0")
    yield Measure("agents.empty_action.differences", len(both), "1", ">= 100")
    # not because nothing happens: there is something that could have differed
    yield Measure("agents.empty_action.flooded", max(without for _, without in flood), "1", ">= 1")
    yield Measure("agents.empty_action.burnt", max(without for _, without in fire), "1", ">= 1")
