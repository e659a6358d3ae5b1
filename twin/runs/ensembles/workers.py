"""Worker processes that run the members of an ensemble: one at a time each, and one that dies is replaced."""

from __future__ import annotations

import json
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from twin.runs.ensembles.member import Plan

Answer = tuple[int, dict[str, Any]]
"""Number of a member and what was said of it: `share` done, `done` (its books) or `failed` (why)."""

ASK_EVERY = 0.2
"""Seconds between two questions whether to go on."""
_MAIN = "from twin.runs.ensembles.member import main; main()"
_ALONE = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Workers:
    """Processes that work through members. Each is a fresh interpreter with one thread for its solver."""

    def __init__(self, plan: Plan, numbers: Sequence[int], count: int) -> None:
        """Begin with `count` workers on the members `numbers`."""
        self._plan = plan
        self._todo: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in numbers:
            self._todo.put(number)
        self._left = len(numbers)
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock, self._stopped = threading.Lock(), False
        self._slots = [
            threading.Thread(target=self._serve, args=(slot,), daemon=True) for slot in range(min(count, len(numbers)))
        ]
        for slot in self._slots:
            slot.start()

    def answers(self, ask: Callable[[], None]) -> Iterator[Answer]:
        """Yield what workers say until every member is done or failed.

        ask  called now and then; what it raises ends it
        """
        while self._left:
            ask()
            try:
                number, answer = self._answers.get(timeout=ASK_EVERY)
            except queue.Empty:
                continue
            self._left -= "share" not in answer
            yield number, answer

    def stop(self) -> None:
        """End all workers at once."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.kill()
        for slot in self._slots:
            slot.join()

    def _serve(self, slot: int) -> None:
        """Hand members to one process after another until none is left."""
        log = self._plan.folder / f"worker-{slot}.log"
        process: subprocess.Popen[bytes] | None = None
        while not self._stopped:
            try:
                number = self._todo.get_nowait()
            except queue.Empty:
                break
            process = process or self._start(log)
            if process is None:
                break
            if not self._one(process, number):
                self._answers.put((number, {"failed": f"its process {_end(process.wait(), log)}"}))
                self._forget(process)
                process = None
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            process.wait()
            self._forget(process)

    def _start(self, log: Path) -> subprocess.Popen[bytes] | None:
        """Return a new process that has the plan, None after `stop`."""
        path = os.pathsep.join(p for p in sys.path if p)
        with self._lock, log.open("wb") as errors:
            if self._stopped:
                return None
            process = subprocess.Popen(  # noqa: S603 (our own interpreter and our own words)
                [sys.executable, "-P", "-c", _MAIN],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=os.environ | _ALONE | {"PYTHONPATH": path},
            )
            self._running.add(process)
        _hand(process, self._plan)
        return process

    def _one(self, process: subprocess.Popen[bytes], number: int) -> bool:
        """Let a process run a member and pass on what it says; False when the process ends before it is done."""
        _hand(process, number)
        assert process.stdout is not None
        for line in process.stdout:
            answer = json.loads(line)
            self._answers.put((number, answer))
            if "share" not in answer:
                return True
        return False

    def _forget(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running.discard(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # the process has died with something unread: there is nobody to read it


def _hand(process: subprocess.Popen[bytes], thing: object) -> None:
    """Write to a process; one that has died is noticed by whoever listens to it."""
    assert process.stdin is not None
    try:
        process.stdin.write(pickle.dumps(thing))
        process.stdin.flush()
    except BrokenPipeError:
        return


def _end(code: int, log: Path) -> str:
    """Return in words how a process has ended, with the last line it wrote."""
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit status {code}"
    lines = log.read_text(errors="replace").strip().splitlines()
    return f"{how} ({lines[-1][:300]})" if lines else how


@contextmanager
def working(plan: Plan, numbers: Sequence[int], count: int) -> Iterator[Workers]:
    """Give workers that are all ended at the end."""
    workers = Workers(plan, numbers, count)
    try:
        yield workers
    finally:
        workers.stop()
