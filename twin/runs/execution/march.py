"""The common time base: a hazard goes from frame to frame and takes its measures on the way, in one way everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from twin.errors import TwinError
from twin.hazards import make
from twin.model.action import Action, Effect
from twin.model.run import Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.hazards import Hazard, Watch
    from twin.model.scenario import Scenario


REFUSED = "refused: "
"""Beginning of the note of an action that the hazard did not take."""


class Conductor(Protocol):
    """Who looks at a hazard while it runs and acts on it.

    every  s between two looks
    """

    every: float

    def act(self, frame: Frame) -> Sequence[Action]:
        """Return what is to be done to the hazard now, after a look at it."""
        ...


def hazard_of(scenario: Scenario) -> Hazard:
    """Return a new hazard of the scenario's kind. Raises MissingError for a kind that is not known."""
    return make(scenario.hazard)


def frame_times(scenario: Scenario) -> list[float]:
    """Return the times in s of the frames: every `frame_every` s from 0, and the end."""
    count = int(np.ceil(scenario.duration / scenario.frame_every - 1e-9))
    return [min(number * scenario.frame_every, scenario.duration) for number in range(count + 1)]


def look_times(scenario: Scenario, every: float) -> list[float]:
    """Return the times in s at which a conductor looks: every `every` s from 0, and the end."""
    count = int(np.ceil(scenario.duration / every - 1e-9))
    return [min(number * every, scenario.duration) for number in range(count + 1)]


def in_order(measures: tuple[Action, ...]) -> list[Action]:
    """Return measures as they are carried out: by time, and as the document has them where times are equal."""
    return sorted(measures, key=lambda m: m.at)


def march(
    hazard: Hazard,
    scenario: Scenario,
    watch: Watch,
    *,
    frames: int = 0,
    measures: int = 0,
    conductor: Conductor | None = None,
) -> Iterator[Effect | Frame]:
    """Yield the frames of a run and the effects of what is done to it, as they come.

    hazard    started, or loaded where so many frames and measures were done
    scenario  with its measures placed
    watch     called by the hazard on the way
    frames, measures   how many are done already
    conductor looks at the hazard between frames too, and acts on it; before anybody acts, measures of that time do

    Raises what the hazard and `watch` raise.
    """
    todo = in_order(scenario.measures)[measures:]
    shown = frame_times(scenario)[frames:]
    looks = [] if conductor is None else look_times(scenario, conductor.every)
    for until in sorted({*shown, *looks}):
        while todo and todo[0].at <= until:
            action = todo.pop(0)
            hazard.advance(action.at, watch)
            yield hazard.apply(action)
        frame = hazard.advance(until, watch)
        if until in shown:
            yield frame
        if conductor is not None and until in looks:
            for action in conductor.act(frame):
                yield tried(hazard, replace(action, at=until))


def tried(hazard: Hazard, action: Action) -> Effect:
    """Return what an action did; one that the hazard refuses is named and does not end the run."""
    try:
        return hazard.apply(action)
    except TwinError as error:
        return Effect(action, 0, f"{REFUSED}{error}")
