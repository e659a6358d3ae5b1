"""A peer in its own interpreter: it is asked in lines, answers in JSON, and waits while others have their turn."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[3]
ALONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def python_of(environment: str) -> Path:
    """Return the interpreter of an environment that `make peers` makes."""
    return ROOT / "build" / "peers" / environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


class Talk:
    """A script of a peer, at work. `first` is what it said when it was ready."""

    def __init__(self, python: Path, module: str, *words: str) -> None:
        """Start the script with the words of its command line. Raises RuntimeError when it does not answer."""
        self.module = module
        self.process = subprocess.Popen(
            [str(python), "-m", module, *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **ALONE},
        )  # fmt: skip
        self.first = self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.communicate(timeout=60)

    def ask(self, line: object) -> dict[str, Any]:
        """Return the answer to a line. Raises RuntimeError when the script has ended."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.communicate()
            raise RuntimeError(f"{self.module} ended with {self.process.returncode}, not with an answer; see above why")
        return dict(json.loads(line))
