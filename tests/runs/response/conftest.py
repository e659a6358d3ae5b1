"""One village, laid out once; and one that was answered twice: by agents whom nobody approves, and in an exercise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.runs.response.laid import Laid, laid_out
from tests.runs.response.village import DRILL, EXERCISE, village, written
from twin import runs


@pytest.fixture(scope="session")
def laid(tmp_path_factory) -> Iterator[Laid]:
    """The village laid out for the flood."""
    with village(tmp_path_factory.mktemp("laid")) as city:
        yield laid_out(city)


@dataclass(frozen=True)
class Answered:
    """Paths of a twin and its documents; ids of a run without a policy, and of one under that of an exercise."""

    twin: Path
    documents: dict[str, Path]
    dry: str
    acted: str


@pytest.fixture(scope="session")
def answered(tmp_path_factory) -> Answered:
    """The village after two runs with agents."""
    folder = tmp_path_factory.mktemp("answered")
    documents = written(folder, flood=DRILL, exercise=EXERCISE)
    with village(folder) as city:
        dry = runs.respond(city, documents["flood"], threads=1)
        acted = runs.respond(city, documents["flood"], policy=documents["exercise"], threads=1)
    return Answered(folder / "village.twin", documents, dry.id, acted.id)
