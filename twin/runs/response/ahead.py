"""A hazard on its way ahead: at which times it is looked at, and what it is told on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from twin.runs.execution.march import REFUSED, tried

if TYPE_CHECKING:
    from twin.hazards import Hazard
    from twin.model.action import Action
    from twin.model.run import Frame

LOOKS = 6
"""Times at which a forecast is looked at, evenly over its horizon, besides its beginning."""
KEPT = 5
"""Frames for each look that are kept of what can be run again in part: of an hour one every two minutes."""


def look_ahead(
    hazard: Hazard,
    now: float,
    until: float,
    actions: Sequence[Action],
    *,
    kept: int = 1,
    stops: Collection[float] = (),
    refused: list[str] | None = None,
) -> Iterator[Frame]:
    """Yield the frames of a hazard, which stands at `now`, `kept` times for each look until `until`.

    Actions are carried out at their times, those before now at once.

    stops    s, further times at which a time step is to end
    refused  takes what the hazard says of actions that it does not take
    """
    todo = sorted(actions, key=lambda action: action.at)
    halts = sorted({time for time in stops if now < time < until})
    reached = now
    for number in range(LOOKS * kept + 1):
        time = now + (until - now) * number / (LOOKS * kept)
        while (todo and todo[0].at <= time) or (halts and halts[0] <= time):
            if halts and (not todo or halts[0] < todo[0].at):
                halt = halts.pop(0)
                if halt > reached:
                    hazard.advance(halt)
                    reached = halt
                continue
            action = todo.pop(0)
            if action.at > reached:
                hazard.advance(action.at)
                reached = action.at
            note = tried(hazard, action).note
            if refused is not None and note.startswith(REFUSED):
                refused.append(note.removeprefix(REFUSED))
        yield hazard.advance(time)
        reached = time


def looks(frames: Sequence[Frame]) -> Sequence[Frame]:
    """Return those of the frames of a `look_ahead` that are looks."""
    return frames[:: (len(frames) - 1) // LOOKS]
