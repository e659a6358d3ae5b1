"""How the command line speaks: data on stdout, progress and errors on stderr, JSON when asked."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

#: a bar appears only when the work has lasted this long, in s
PATIENCE = 1.0


class Report(Protocol):
    """Tell how far the work is: `fraction` 0..1, or below 0 when unknown; `note` what is being done."""

    def __call__(self, fraction: float, note: str = "") -> None:
        """Say so."""
        ...


def plain(value: object) -> object:
    """Return `value` as what JSON can say: dataclasses as objects, times as ISO text, numpy numbers as numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    item = getattr(value, "item", None)
    if callable(item):
        return item()
    if isinstance(value, Iterable):
        return list(value)
    return str(value)


def say(text: str) -> None:
    """Print a line for a person."""
    print(text, flush=True)


def remark(text: str) -> None:
    """Print a line that is not data: progress, findings, errors."""
    print(text, file=sys.stderr, flush=True)


def say_json(value: object) -> None:
    """Print one JSON document. Numbers that JSON does not know (NaN) are an error here, not at the reader."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=plain, allow_nan=False), flush=True)


def say_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their headings, columns as wide as they must be; Korean letters take two places."""
    from rich.cells import cell_len

    cells = [[str(c) if c is not None else "" for c in row] for row in rows]
    widths = [max([cell_len(h), *(cell_len(r[i]) for r in cells)]) for i, h in enumerate(head)]

    def line(texts: Sequence[str]) -> str:
        return "  ".join(t + " " * (w - cell_len(t)) for t, w in zip(texts, widths, strict=True)).rstrip()

    say(line(head))
    for row in cells:
        say(line(row))


def time_left(seconds: float) -> str:
    """Return how long it still takes, for a person: "남은 시간 1:29 left"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"남은 시간 {f'{hours}:{minutes:02}' if hours else minutes}:{rest:02} left"


class _Bar:
    """A moving bar with what is said of it (a file, the time left), for a terminal."""

    def __init__(self, title: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[note]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task(title, total=1.0, note="")
        self._bar.start()

    def show(self, note: str, fraction: float) -> None:
        known = fraction >= 0
        self._bar.update(
            self._task, note=note, total=1.0 if known else None, completed=min(fraction, 1.0) if known else 0.0
        )

    def close(self) -> None:
        self._bar.stop()


class _Lines:
    """A line at every tenth of the way, where stderr is a file or a pipe."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._shown = -1

    def show(self, note: str, fraction: float) -> None:
        tenth = int(10 * min(fraction, 1.0)) if fraction >= 0 else 0
        if tenth > self._shown:
            self._shown = tenth
            remark(", ".join(filter(None, (f"{self._title}: {10 * tenth} %", note))))

    def close(self) -> None:
        """Nothing is left to end."""


@contextmanager
def progress(title: str) -> Iterator[Report]:
    """Give a `Report` that shows on stderr how far the work is once it has lasted a second."""
    begin = time.monotonic()
    display: _Bar | _Lines | None = None

    def report(fraction: float, note: str = "") -> None:
        nonlocal display
        if display is None:
            if time.monotonic() - begin < PATIENCE:
                return
            display = _Bar(title) if sys.stderr.isatty() else _Lines(title)
        display.show(note, fraction)

    try:
        yield report
    finally:
        if display is not None:
            display.close()
