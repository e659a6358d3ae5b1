"""Figures of a fire inside a building, from what its run wrote down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from twin.errors import UsageError
from twin.runs.consequences.indoor import indoor_facts


def room(name: str, **changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "id": name, "name": name, "storey": "1F", "people": 2, "inside": 0, "down": 0, "hottest_c": 40.0,
        "untenable_s": None, "why": "", "caught": 0, "left_s": 100.0, "margin_s": None,
    }  # fmt: skip
    return usual | changes


def city(folder: Path, record: Mapping[str, Any]) -> Any:
    """Return what `record` needs of a city: a run with a folder."""
    (folder / "run.json").write_text(json.dumps(record))
    runs = SimpleNamespace(folder=lambda _: folder, get=lambda id_: SimpleNamespace(id=id_))
    return SimpleNamespace(runs=runs)


def test_rooms_are_counted_by_when_and_why_they_fail(tmp_path: Path) -> None:
    rooms = [
        room("hall", untenable_s=90.0, why="visibility", margin_s=-10.0, caught=1),
        room("kitchen", untenable_s=60.0, why="temperature", margin_s=20.0, left_s=40.0, hottest_c=300.0),
        room("attic", untenable_s=200.0, why="visibility", left_s=None, inside=2, down=1),
        room("shed"),
    ]
    state = {"people": 8, "out": 6, "exposed": 3, "alarm_s": 30.0, "last_out_s": 100.0}
    facts = indoor_facts(city(tmp_path, {"rooms": rooms, "evacuation": [state]}), "abc")
    assert {k: facts[k] for k in ("people", "people_out", "people_inside", "people_down", "people_exposed")} == {
        "people": 8, "people_out": 6, "people_inside": 2, "people_down": 1, "people_exposed": 3,
    }  # fmt: skip
    assert (facts["rooms"], facts["rooms_untenable"], facts["rooms_short"], facts["people_caught"]) == (4, 3, 2, 1)
    assert (facts["first_untenable"], facts["first_untenable_s"]) == ("kitchen", 60.0)
    assert facts["reasons"] == {"temperature": 1, "visibility": 2}
    assert (facts["least_margin"], facts["least_margin_s"]) == ("hall", -10.0)
    assert (facts["hottest"], facts["hottest_c"]) == ("kitchen", 300.0)
    assert [r["name"] for r in facts["rooms_detail"]] == ["kitchen", "hall", "attic", "shed"]


def test_a_house_in_which_nothing_happens(tmp_path: Path) -> None:
    facts = indoor_facts(city(tmp_path, {"rooms": [room("hall")]}), "abc")
    assert (facts["people"], facts["rooms_untenable"], facts["first_untenable_s"], facts["least_margin"]) == (
        2,
        0,
        None,
        None,
    )


def test_a_run_without_rooms_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run abc has no rooms"):
        indoor_facts(city(tmp_path, {"findings": []}), "abc")
