"""Draw the figures of docs/validation and fill its tables: `python -m tests.plots [table] [NAME ...]` (minutes for all).

The tables come from build/validation.json and build/bench.json, which `make validation` and `make bench` write.
"""

from __future__ import annotations

import sys

from tests.plots import flood, indoor, paper, tables, urban, wildfire

FIGURES = flood.FIGURES | wildfire.FIGURES | urban.FIGURES | indoor.FIGURES


def main(wanted: list[str]) -> int:
    """Draw all figures, or those named, and fill the tables."""
    unknown = [name for name in wanted if name not in FIGURES and name != "table"]
    if unknown:
        print(f"no figure is called {', '.join(unknown)}; known: table, {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    paper.begin()
    for name in wanted or FIGURES:
        if name != "table":
            paper.save(FIGURES[name](), name)
    tables.fill()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
