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


def test_a_budget_of_two_hazards_has_the_columns_of_both(tmp_path: Path) -> None:
    fire = {"in": 0.0, "out": 5.0, "stored": 9.0, "error_relative": 0.0, "parts": {"fuel_at_start": 14.0}, "unit": "MJ"}
    water = {"in": 1.0, "out": 0.0, "stored": 1.0, "error_relative": 0.0, "parts": {"rain": 1.0}, "unit": "m3"}
    provenance.write_budget(tmp_path, [{"time": 0.0, **water, "also": [fire]}, {"time": 60.0, **water, "also": [fire]}])
    head, first, _ = (tmp_path / "budget.csv").read_text().splitlines()
    assert head == (
        "time_s,in_m3,out_m3,stored_m3,error_relative,rain_m3,in_MJ,out_MJ,stored_MJ,error_relative_MJ,fuel_at_start_MJ"
    )
    assert first == "0.0,1.0,0.0,1.0,0.0,1.0,0.0,5.0,9.0,0.0,14.0"
    provenance.write_budget(tmp_path, [])
    assert (tmp_path / "budget.csv").read_text() == "time_s,in_m3,out_m3,stored_m3,error_relative\n"
