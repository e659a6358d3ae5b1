from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from tests.runs.town import document
from twin import runs
from twin.runs import provenance


def test_the_code_has_a_version_and_a_content() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{8}", provenance.code_version())


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    provenance.write_record(tmp_path / "run", {"title": "비", "frames": 3})
    assert [p.name for p in (tmp_path / "run").iterdir()] == ["run.json"]
    assert json.loads((tmp_path / "run" / "run.json").read_text()) == {"title": "비", "frames": 3}


def test_the_id_follows_scenario_city_and_code(tmp_path: Path, monkeypatch) -> None:
    scenario = runs.read_scenario(document(tmp_path))
    ids = [
        provenance.run_id(scenario, 7),
        provenance.run_id(scenario, 8),
        provenance.run_id(replace(scenario, seed=2), 7),
    ]
    monkeypatch.setattr(provenance, "code_version", lambda: "another")
    ids.append(provenance.run_id(scenario, 7))
    assert len(set(ids)) == 4
    monkeypatch.undo()
    assert provenance.run_id(replace(scenario, title="다른 이름"), 7) == ids[0]
