"""The command line: parse, one call, print. Exit 0 done, 1 refused, 2 wrong usage, 3 `check` has findings.

show   demo, serve                               city   new, load, info, check
runs   run, runs, assess, compare, export        words  what the verbs share
response   proposals, decide, score, notices, audit, register
"""

from __future__ import annotations

import sys

from twin.cli import show, city, runs, response  # isort: skip  # the order in which help lists the verbs
from twin.cli.words import app
from twin.console import remark
from twin.errors import TwinError

__all__ = ["app", "city", "main", "response", "runs", "show"]


def main() -> None:
    """Run the command line; a `TwinError` is one line on stderr and its exit code."""
    try:
        app()
    except TwinError as error:
        remark(f"twin: {error}")
        sys.exit(error.exit_code)
