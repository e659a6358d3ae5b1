"""Who watches a run: tells how far it is and how long it still takes, and ends it when a person says so."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

#: reports how far a run is: share done 0..1, seconds left by the pace so far
Progress = Callable[[float, float], None]

TELL_EVERY = 0.2
"""Seconds between two reports within a frame."""


class CancelledError(Exception):
    """A person has cancelled the run. It never leaves this package: the run is kept as partial."""


class Pace:
    """Watches a run (`hazards.Watch`): called with the time that has been reached.

    duration  s that the run simulates
    since     s at which it begins (above 0 when it goes on from a checkpoint)
    progress  told the share done and the seconds left, at every frame and now and then within one
    cancel    asked at every call; True ends the run
    """

    def __init__(
        self, duration: float, since: float, progress: Progress | None, cancel: Callable[[], bool] | None
    ) -> None:
        self._duration, self._since = duration, since
        self._progress, self._cancel = progress, cancel
        self._told = time.monotonic()
        self._first: tuple[float, float] | None = None
        self._interrupted = False

    def __call__(self, reached: float) -> None:
        """Look up between two time steps. Raises CancelledError, and KeyboardInterrupt after Ctrl-C."""
        if reached > self._since:
            # what came before (compiling, starting workers) says nothing about the pace
            self._first = self._first or (time.monotonic(), reached)
            if time.monotonic() - self._told >= TELL_EVERY and reached > self._first[1]:
                self._tell(reached)
        self._end()

    def frame(self, reached: float) -> None:
        """Look up at a frame. Raises as above."""
        if reached > self._since:
            self._tell(reached)
            self._first = self._first or (time.monotonic(), reached)
        if reached < self._duration:
            self._end()

    def _tell(self, reached: float) -> None:
        self._told = time.monotonic()
        if self._progress is None:
            return
        begun, since = self._first or (self._told, self._since)
        left = (self._told - begun) / (reached - since) * (self._duration - reached) if reached > since else 0.0
        self._progress(reached / self._duration, left)

    def _end(self) -> None:
        if self._interrupted:
            raise KeyboardInterrupt
        if self._cancel is not None and self._cancel():
            raise CancelledError

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let the first Ctrl-C end the run between two time steps, so that its arrays are whole; a second one at once.

        Only the main thread hears Ctrl-C; in others, and where the program has a handler of its own, nothing changes.
        """
        before = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is not threading.main_thread() or before is not signal.default_int_handler:
            yield
            return

        def heard(number: int, frame: FrameType | None) -> None:
            del number, frame
            self._interrupted = True
            signal.signal(signal.SIGINT, before)

        signal.signal(signal.SIGINT, heard)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
