from __future__ import annotations

import pytest

from twin.runs.execution import pace as paces
from twin.runs.execution.pace import CancelledError, Pace


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is moved."""
    now = [100.0]
    monkeypatch.setattr(paces.time, "monotonic", lambda: now[0])
    return now


def test_time_left_follows_from_the_pace_since_the_first_step(clock) -> None:
    told: list[tuple[float, float]] = []
    pace = Pace(1000.0, 0.0, lambda done, left: told.append((done, left)), None)
    pace.frame(0.0)
    clock[0] += 60  # compiling
    pace(10.0)
    assert told == []
    clock[0] += 1
    pace(20.0)
    clock[0] += 0.1
    pace(21.0)
    clock[0] += 8.9
    pace.frame(110.0)
    assert [done for done, _ in told] == [0.02, 0.11]
    pace.frame(1000.0)
    assert told[-1] == (1.0, 0.0)


def test_time_left_is_that_of_the_steps(clock) -> None:
    told: list[float] = []
    pace = Pace(1000.0, 500.0, lambda _done, left: told.append(left), None)
    clock[0] += 60
    pace(500.0)
    pace(510.0)
    clock[0] += 1
    pace(520.0)
    assert told == [pytest.approx(48.0)]


def test_the_end_is_said_at_once() -> None:
    said = iter([False, True])
    pace = Pace(10.0, 0.0, None, lambda: next(said))
    pace(1.0)
    with pytest.raises(CancelledError):
        pace(2.0)
    Pace(10.0, 0.0, None, lambda: True).frame(10.0)
