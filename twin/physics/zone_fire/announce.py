"""Says, once in a process, that kernels are being compiled: the first run after an installation waits for it."""

from __future__ import annotations

import logging
from typing import Any

import numba.core.event

event: Any = numba.core.event
log = logging.getLogger(__name__)

MESSAGE = (
    "실내 화재 코드를 이 컴퓨터에 맞게 한 번 컴파일합니다 / compiling the indoor fire kernels for this computer, once"
)


class Announcer(event.Listener):  # type: ignore[misc]  # numba has no types for it
    """Listens for compilations of functions of this package; copies taken from disk make no such event."""

    def __init__(self) -> None:
        self.said = False

    def on_start(self, event: Any) -> None:
        """Say it at the first one; as a warning, which reaches a terminal where nobody has set up logging."""
        if not self.said and event.data["dispatcher"].py_func.__module__.startswith(__package__):
            self.said = True
            log.warning(MESSAGE)

    def on_end(self, event: Any) -> None:
        """Do nothing: when it goes on, it is done."""


def announce() -> None:
    """Say from now on, once, when kernels are being compiled."""
    event.register("numba:compile", Announcer())
