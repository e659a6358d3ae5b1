"""One small city for all tests of the viewer, held as the pages' city."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.viewer import small
from viewer import desk

if TYPE_CHECKING:
    from twin.store import City


@pytest.fixture(scope="session")
def hostile(shared: Path) -> list[str]:
    """Names that want to be more than names."""
    return [str(n) for n in json.loads((shared / "hostile" / "names" / "gen_names.json").read_text("utf-8"))]


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory, hostile: list[str]) -> Iterator[City]:
    with small.build(tmp_path_factory.mktemp("viewer") / "small.twin", hostile) as city:
        desk.hold(city)
        yield city
        desk.release()
