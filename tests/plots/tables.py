"""Tables of docs/validation, from build/validation.json and build/bench.json, between the markers of the pages."""

from __future__ import annotations

from tests.figures import between, measured, table
from tests.plots.paper import FOLDER

TABLES = {
    "flood": ("flood.md", "validation", "flood."),
    "fire": ("fire.md", "validation", "fire."),
    "fire speed": ("fire.md", "bench", "fire."),
}
"""Name in the marker -> page, file under build/, how the names of its figures begin."""


def fill() -> None:
    """Put the figures into the pages. A table of which nothing has been measured here is left as it is."""
    for name, (page, which, start) in TABLES.items():
        lines = [(f"`{key}`", row) for key, row in measured(which).items() if key.startswith(start)]
        if lines:
            path = FOLDER / page
            path.write_text(between(path.read_text(), f"table: {name}", table(lines)))
