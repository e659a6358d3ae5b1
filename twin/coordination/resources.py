"""What the tasks of a plan share: how much of it there is, and when it is open."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from twin.coordination.tasks import ARRIVES, DONE, Stop, Task, Use
from twin.errors import InputError, suggest


@dataclass(frozen=True, slots=True)
class Resource:
    """Something shared.

    capacity       how much of it can be in use at a time: people, engines, seats
    opens, closes  s from the start of the run, between which it can be used
    single         for one purpose at a time: any number of uses for the same, none for another (a road)
    """

    id: str
    capacity: float = math.inf
    opens: float = 0.0
    closes: float = math.inf
    single: bool = False


def span(use: Use, stop: Stop) -> tuple[float, float]:
    """Return (from, to) s of a use, when its task is done as in `stop`."""
    begin = stop.arrives if use.begins == ARRIVES else stop.done
    return begin, begin + use.lasts


def narrowed(task: Task, resources: Mapping[str, Resource]) -> Task:
    """Return the task with such a window that whatever it uses is open when it uses it; the window can be empty.

    Raises InputError for a use of a resource that is not there, or that begins by no known rule.
    """
    earliest, deadline = task.earliest, task.deadline
    for use in task.uses:
        if use.resource not in resources:
            raise InputError(f"task {task.id!r} uses {use.resource!r}; {suggest(use.resource, resources)}")
        if use.begins not in {ARRIVES, DONE}:
            raise InputError(
                f"task {task.id!r}: a use begins by {use.begins!r}; {suggest(use.begins, (ARRIVES, DONE))}"
            )
        resource = resources[use.resource]
        before = task.service if use.begins == DONE else 0.0
        earliest = max(earliest, resource.opens - before)
        if math.isfinite(resource.closes):  # for good is longer than open: minus infinity, never in time
            deadline = min(deadline, resource.closes - use.lasts - before + task.service)
    return replace(task, earliest=earliest, deadline=deadline)
