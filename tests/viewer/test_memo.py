from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from viewer.memo import remember


@dataclass
class Fake:
    path: str = "a.twin"
    snapshot: int = 1


def test_asks_once_per_snapshot_and_forgets_the_oldest() -> None:
    asked: list[Any] = []

    @remember(size=2)
    def double(city: Any, n: int) -> int:
        asked.append((city.snapshot, n))
        return 2 * n

    here = Fake()
    assert [double(here, 1), double(here, 1), double(here, 2)] == [2, 2, 4]  # type: ignore[arg-type]
    assert asked == [(1, 1), (1, 2)]
    here.snapshot = 2
    assert double(here, 1) == 2  # type: ignore[arg-type]
    assert asked[-1] == (2, 1)
    here.snapshot = 1
    double(here, 2)  # type: ignore[arg-type]
    double(here, 1)  # type: ignore[arg-type]
    assert asked[-1] == (1, 1)
    assert len(asked) == 4
