"""Run the slow proofs: `python -m tests.measures validation|bench [NAME ...]` writes build/<which>.json and a table.

A measure is one file under tests/validation/ or tests/benchmarks/ with a function `measure(short)` that yields
`Measure`s. `make test` runs the same functions with short=True and holds validation to its bounds; it never
holds a speed to a bound.
"""

from __future__ import annotations

import importlib
import json
import operator
import os
import pkgutil
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.physics.cases.files import NoSharedData

FOLDERS = {"validation": "tests.validation", "bench": "tests.benchmarks"}
COMPARE = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure with its bound ("<= 0.001"; "" when there is none) and, where one was run beside it, a peer's."""

    name: str
    value: float
    unit: str
    bound: str = ""
    peer: str | None = None
    peer_value: float | None = None

    @property
    def holds(self) -> bool:
        """Return whether the value keeps its bound (an `abs<=` bound looks at the magnitude)."""
        if not self.bound:
            return True
        op, limit = self.bound.split()
        value = abs(self.value) if op.startswith("abs") else self.value
        return bool(COMPARE[op.removeprefix("abs")](value, float(limit)))

    @property
    def ratio(self) -> float | None:
        """Return value / peer_value."""
        return self.value / self.peer_value if self.peer_value else None


def modules(which: str) -> list[str]:
    """Return the names of the measure files of `validation` or `bench`, sorted."""
    folder = importlib.import_module(FOLDERS[which])
    return sorted(
        m.name for m in pkgutil.iter_modules(folder.__path__) if not m.name.startswith(("_", "test_", "conftest"))
    )


def run(which: str, module: str, *, short: bool) -> Iterator[Measure]:
    """Yield the measures of one file."""
    yield from importlib.import_module(f"{FOLDERS[which]}.{module}").measure(short)


def main(argv: list[str]) -> int:
    """Run all (or the named) files, write the JSON, print the table. Returns 1 when a validation bound is broken."""
    if not argv or argv[0] not in FOLDERS:
        print(__doc__, file=sys.stderr)
        return 2
    which, wanted = argv[0], argv[1:]
    results: list[Measure] = []
    for module in wanted or modules(which):
        begin = time.perf_counter()
        print(f"{module} ...", file=sys.stderr, flush=True)
        try:
            results += run(which, module, short=False)
        except NoSharedData as missing:
            if os.environ.get("CI"):
                raise
            print(f"NOT MEASURED: {module}: {missing}", file=sys.stderr, flush=True)
            continue
        print(f"{module}: {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
    path = Path("build") / f"{which}.json"
    path.parent.mkdir(exist_ok=True)
    kept = json.loads(path.read_text()) if wanted and path.exists() else []
    rows = {row["name"]: row for row in kept}
    rows |= {m.name: asdict(m) | {"holds": m.holds, "ratio": m.ratio} for m in results}
    path.write_text(json.dumps([rows[name] for name in sorted(rows)], indent=1, ensure_ascii=False) + "\n")
    width = max((len(m.name) for m in results), default=0)
    for m in results:
        peer = f"  {m.peer}: {m.peer_value:.4g} ({m.ratio:.3g}x)" if m.peer and m.peer_value and m.ratio else ""
        print(f"{'ok   ' if m.holds else 'SHORT'} {m.name:<{width}}  {m.value:.5g} {m.unit}  {m.bound}{peer}")
    short = [m.name for m in results if not m.holds]
    print(
        f"{len(results) - len(short)} of {len(results)} hold; written to {path}"
        + (f"; short: {', '.join(short)}" if short else "")
    )
    return int(bool(short) and which == "validation")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
