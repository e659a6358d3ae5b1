"""Files that belong to a transaction: written aside, moved into place just before the commit.

Each is named after the `seq` of its row. After a crash between the move and the commit, a file numbered beyond
the last committed `seq` belongs to nothing, and the next opening removes it; no other file is ever removed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path

INCOMING = "incoming"
_NUMBERED = re.compile(r"(\d{12})-.*\.(tif|glb)")


class Staged:
    """The files of one transaction."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._waiting: dict[Path, Path] = {}

    def path(self, target: str) -> Path:
        """Return where to write a file that shall become `target` ("rasters/000000000012-dtm.tif")."""
        aside = self.folder / INCOMING / Path(target).name
        aside.parent.mkdir(exist_ok=True)
        self._waiting[aside] = self.folder / target
        return aside

    def now(self, target: str) -> Path:
        """Return where the bytes of `target` are at this moment: still aside, or in place."""
        aside = self.folder / INCOMING / Path(target).name
        return aside if aside in self._waiting else self.folder / target

    def publish(self) -> None:
        """Move all files into place, each flushed to the disk before."""
        for aside, target in self._waiting.items():
            with aside.open("rb") as file:
                os.fsync(file.fileno())
            target.parent.mkdir(exist_ok=True)
            aside.replace(target)
        self._tidy()

    def discard(self) -> None:
        """Remove all files, wherever they have got to."""
        for aside, target in self._waiting.items():
            aside.unlink(missing_ok=True)
            target.unlink(missing_ok=True)
        self._tidy()

    def _tidy(self) -> None:
        with contextlib.suppress(OSError):  # not there, or not empty: the database spills there too
            (self.folder / INCOMING).rmdir()


def numbered(folder: str, seq: int, name: str, suffix: str) -> str:
    """Return the path inside the twin of the file of row `seq`; `name` is only for people who look."""
    words = re.sub(r"[^\w-]+", "_", name).strip("_")[:60] or "unnamed"
    return f"{folder}/{seq:012d}-{words}{suffix}"


def sweep(folder: Path, last: int) -> None:
    """Remove what a crash has left: everything put aside, and numbered files beyond the last committed `seq`."""
    shutil.rmtree(folder / INCOMING, ignore_errors=True)
    for place in ("rasters", "meshes"):
        for path in (folder / place).glob("*"):
            match = _NUMBERED.fullmatch(path.name)
            if match and int(match[1]) > last:
                path.unlink()
