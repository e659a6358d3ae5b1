"""What is shared between processes: written once, read once, gone with its owner."""

from __future__ import annotations

import gc
import pickle
from pathlib import Path

import numpy as np

from twin.runs.response.pool import Shared, several


def total(task: tuple[Shared[np.ndarray], int]) -> float:
    shared, number = task
    return float(shared.value.sum()) + number


def test_tasks_in_other_processes_see_what_is_shared() -> None:
    shared = Shared(np.arange(1000.0))
    with several(2) as together:
        assert list(together(total, [(shared, number) for number in range(4)])) == [499500.0 + n for n in range(4)]


def test_a_shared_thing_is_written_once_read_once_and_removed_with_its_owner() -> None:
    shared = Shared(np.arange(1000.0))
    sent = pickle.dumps(shared)
    assert len(sent) < 200
    assert pickle.dumps(shared) == sent
    first, second = pickle.loads(sent), pickle.loads(sent)
    assert first.value is second.value
    np.testing.assert_array_equal(first.value, shared.value)
    _, (name,) = shared.__reduce__()
    assert Path(name).exists()
    del shared
    gc.collect()
    assert not Path(name).exists()
