"""What the tests of loading share: an empty city, and a reader that yields what a test hands it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from ingest import load
from twin import store
from twin.model.feature import Features


class Told:
    """A reader of `.told` files that yields a list of items, or raises what is in it."""

    name = "told"
    suffixes = (".told",)

    def __init__(self) -> None:
        self.items: dict[str, Sequence[object]] = {}

    def sniff(self, head: bytes, path: Path) -> bool:
        return head.startswith(b"told")

    def read(self, path: Path, options: object) -> Iterator[Any]:
        for item in self.items[path.name]:
            if isinstance(item, BaseException):
                raise item
            yield item


@pytest.fixture
def city(tmp_path: Path) -> Iterator[store.City]:
    with store.create(tmp_path / "city.twin", crs="EPSG:5186") as opened:
        yield opened


@pytest.fixture
def tell(tmp_path: Path, city: store.City, monkeypatch: pytest.MonkeyPatch) -> Callable[..., load.LoadReport]:
    """Return a function that loads items as if a file had held them."""
    reader = Told()
    known = load.discover("ingest.readers", "reader")
    monkeypatch.setattr(load, "discover", lambda package, name: {**known, "told": reader})

    def loaded(*items: object, name: str = "a.told") -> load.LoadReport:
        (tmp_path / name).write_text(f"told {len(reader.items)}")
        reader.items[name] = items
        return load.load(city, tmp_path / name)[0]

    return loaded


@pytest.fixture
def squares() -> Callable[..., Features]:
    """Return a function that makes n buildings of 10 m in a row, from a lower left corner on."""

    def made(
        n: int, x: float = 200_000.0, y: float = 545_000.0, crs: str | None = "EPSG:5186", **more: Any
    ) -> Features:
        west = x + np.arange(n) * 20.0
        return Features(
            kind=more.pop("kind", "building"),
            ids=more.pop("ids", [f"b{i}" for i in range(n)]),
            geometry=more.pop("geometry", shapely.box(west, y, west + 10.0, y + 10.0)),
            crs=crs,
            attributes=more.pop("attributes", {}),
            lines=np.arange(1, n + 1),
            **more,
        )

    return made
