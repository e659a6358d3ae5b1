"""No agent, hazard or impact model without an entry in the register, and no entry without what it is about."""

from __future__ import annotations

import importlib.util
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import twin.agents
import twin.hazards
import twin.impact
from twin.register import check, load
from twin.rooms import discover

ROOT = Path(__file__).parent.parent.parent
ENTRIES = load()


def rooms(package: object) -> Iterator[str]:
    """Yield the dotted names of the rooms in a folder; files with an underscore are its furniture."""
    for info in pkgutil.iter_modules(package.__path__):
        if not info.name.startswith("_"):
            yield f"{package.__name__}.{info.name}"


KNOWN = {
    "agent": sorted(rooms(twin.agents)),
    "hazard": sorted(rooms(twin.hazards)),
    "impact": [*rooms(twin.impact), "twin.physics.crowd"],
    "language_model": ["twin.language"],
}


def test_every_model_has_an_entry_and_every_entry_a_model() -> None:
    assert check(ENTRIES, KNOWN) == []


@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_a_model_without_an_entry_and_an_entry_without_a_model_are_found(kind: str) -> None:
    here = sorted({room for entry in ENTRIES.values() if entry.kind == kind for room in entry.rooms})
    assert here
    assert check(ENTRIES, {kind: here}) == []
    (missing,) = check(ENTRIES, {kind: [*here, "twin.somewhere.unheard_of"]})
    assert "unheard_of has no entry" in missing
    (gone,) = check(ENTRIES, {kind: here[1:]})
    assert f"{here[0]}, which is not there" in gone


@pytest.mark.parametrize("id_", sorted(ENTRIES))
def test_what_an_entry_points_to_is_there(id_: str) -> None:
    entry = ENTRIES[id_]
    for path in (entry.performance.report, *entry.performance.tests):
        assert (ROOT / path).exists(), f"{id_}: {path} is not there"
    for room in entry.rooms:
        assert importlib.util.find_spec(room) is not None


@pytest.mark.parametrize("id_", [id_ for id_, entry in sorted(ENTRIES.items()) if entry.kind == "agent"])
def test_an_entry_is_of_the_version_the_agent_says(id_: str) -> None:
    assert ENTRIES[id_].version == discover("twin.agents", "agent")[id_].version
