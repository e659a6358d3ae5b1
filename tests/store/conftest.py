from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.kit import CRS
from twin import store


@pytest.fixture
def city(tmp_path: Path) -> Iterator[store.City]:
    with store.create(tmp_path / "city.twin", CRS) as made:
        yield made
