"""How the command line speaks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from twin import console


@dataclass
class Noun:
    path: Path
    when: datetime
    n: object


def test_json_says_dataclasses_times_paths_and_numpy(capsys: pytest.CaptureFixture[str]) -> None:
    console.say_json({"a": Noun(Path("x/y"), datetime(2026, 7, 1, tzinfo=UTC), np.int64(3)), "b": (1, 2), "c": {"x"}})
    assert json.loads(capsys.readouterr().out) == {
        "a": {"path": "x/y", "when": "2026-07-01T00:00:00+00:00", "n": 3},
        "b": [1, 2],
        "c": ["x"],
    }


def test_json_refuses_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="JSON"):
        console.say_json({"a": float("nan")})


def test_table_lines_up_korean(capsys: pytest.CaptureFixture[str]) -> None:
    console.say_table(("name", "n"), [("가온시", 1), ("a", None)])
    assert capsys.readouterr().out.splitlines() == ["name    n", "가온시  1", "a"]


def test_progress_is_silent_while_short_and_on_stderr_when_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with console.progress("load") as report:
        report(0.5)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(console, "PATIENCE", 0.0)
    with console.progress("load") as report:
        report(0.5, "roads.osm")
        report(-1)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["load: 50 %, roads.osm"]


@pytest.mark.parametrize(("seconds", "text"), [(9.4, "0:09"), (89, "1:29"), (3723, "1:02:03")])
def test_time_left_is_a_clock(seconds: float, text: str) -> None:
    assert text in console.time_left(seconds)
