"""What a response shows to the outside, and the verbs of the command line that show it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.notices import cap_rules
from tests.runs.response.village import DRILL, POLICY, UNDER, village, written
from twin import runs, store
from twin.cli import app
from twin.errors import MissingError, RefusedError, TwinError, UsageError
from twin.runs.response.public import STATES
from twin.runs.response.respond import RESPONSE
from twin.shield.decide import STATES as STANDINGS

START = datetime.fromisoformat("2026-07-15T15:00:00+09:00")
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


def call(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def fails(error: type[TwinError], *words: object) -> str:
    """Return what a verb says as it ends in an error; `twin.cli.main` turns the class into the exit code."""
    done = call(*words)
    assert done.exit_code != 0
    assert isinstance(done.exception, error), (done.exception, done.output)
    return str(done.exception)


def test_alerts_become_cap_drafts_of_an_exercise(answered, tmp_path: Path) -> None:
    reason = {"code": "flood.rain", "values": {"about": "", "now": 50.0, "peak": 80.0, "sum": 40.0}}
    alert = {
        "event": "flood",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Likely",
        "onset": 600.0,
        "expires": 1800.0,
        "areas": ["east"],
        "reasons": [reason],
    }
    nowhere, over = alert | {"areas": []}, alert | {"expires": 600.0}
    with store.open_city(answered.twin) as city:
        file = city.runs.folder(answered.dry) / RESPONSE
        text = file.read_text(encoding="utf-8")
        rows = [{"time": 600.0, "agent": "flood_watch", "alert": one} for one in (nowhere, alert, over)]
        file.write_text(json.dumps(json.loads(text) | {"alerts": rows}), encoding="utf-8")
        try:
            found = [path for path in runs.notices(city, answered.dry, tmp_path) if path.suffix == ".xml"]
        finally:
            file.write_text(text, encoding="utf-8")
    assert [path.name for path in found] == [f"{answered.dry}-001.xml"]
    assert cap_rules.faults(found[0].read_bytes()) == []
    root = ET.fromstring(found[0].read_text(encoding="utf-8"))
    assert (root.tag, root.findtext(f"{CAP}status")) == (f"{CAP}alert", "Exercise")
    assert {area.text for area in root.iter(f"{CAP}areaDesc")} == {"동동"}
    lat, lon = map(float, next(root.iter(f"{CAP}polygon")).text.split()[0].split(","))
    assert 33 < lat < 43
    assert 124 < lon < 132


def test_notices_hold_a_feed_of_the_closures_that_were_carried_out(answered, tmp_path: Path) -> None:
    done = call("notices", answered.twin, answered.acted, tmp_path / "out", "--json")
    assert done.exit_code == 0, done.output
    files = [Path(name) for name in json.loads(done.stdout)["files"]]
    assert all(file.is_file() for file in files)
    feed = json.loads((tmp_path / "out" / "closures.json").read_text(encoding="utf-8"))
    assert feed["exercise"] is True
    with store.open_city(answered.twin) as city:
        begun = {
            step.action.target: one.begun
            for one in runs.proposals(city, answered.acted)
            for step in one.proposal.steps
            if one.begun is not None and step.action.kind == "close_road"
        }
    assert {row["road"] for row in feed["closures"]} >= set(begun) >= {UNDER}
    for row in feed["closures"]:
        if row["road"] == UNDER:
            assert row["name"] == "마을 지하차도"
            since = (datetime.fromisoformat(row["validFrom"]) - START).total_seconds()
            assert since >= begun[UNDER] > 0
            assert row["validTo"] is None or row["validTo"] > row["validFrom"]
    linked = json.loads((tmp_path / "out" / "closures.jsonld").read_text(encoding="utf-8"))
    assert {entity["type"] for entity in linked} == {"RoadSegment"}
    assert len(linked) == len(feed["closures"])


def test_nothing_that_was_only_proposed_is_closed(answered, tmp_path: Path) -> None:
    with store.open_city(answered.twin) as city:
        runs.notices(city, answered.dry, tmp_path)
    assert UNDER not in (tmp_path / "closures.json").read_text(encoding="utf-8")


def test_the_register_tells_decisions_by_role_and_never_by_name(answered, tmp_path: Path) -> None:
    done = call("register", "export", tmp_path, "--twin", answered.twin)
    assert done.exit_code == 0, done.output
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(tmp_path.iterdir()))
    with store.open_city(answered.twin) as city:
        above = [p for p in runs.proposals(city, answered.acted) if p.proposal.level >= 2]
    assert all(p.proposal.id in text for p in above)
    assert "operator" in text
    for name in ("박일손", "김실장", "이담당", "Park Ilson", "Kim Siljang", "exercise:", "player"):
        assert name not in text, name
    assert STATES["approved"][0] in text
    alone = call("register", "export", tmp_path / "alone", "--json")
    assert alone.exit_code == 0
    assert all(p.proposal.id not in (tmp_path / "alone" / "register.json").read_text() for p in above)


def test_every_state_of_a_proposal_has_a_public_word() -> None:
    assert {*STANDINGS, "unsafe", "refused"} <= set(STATES)


def test_proposals_are_listed_and_shown_with_their_proof(answered) -> None:
    listed = json.loads(call("proposals", answered.twin, answered.acted, "--json").stdout)["proposals"]
    approved = json.loads(call("proposals", answered.twin, answered.acted, "--state", "approved", "--json").stdout)[
        "proposals"
    ]
    assert 0 < len(approved) <= len(listed)
    assert {row["state"] for row in approved} == {"approved"}
    one = next(row for row in approved if row["proposal"]["level"] == 3)
    told = {}
    for language in ("ko", "en"):
        shown = call("proposals", answered.twin, answered.acted, one["id"], "--language", language)
        assert shown.exit_code == 0, shown.output
        assert one["hash"] in shown.stdout
        assert "exercise:kim" in shown.stdout
        told[language] = shown.stdout
    assert told["ko"] != told["en"]
    table = call("proposals", answered.twin, answered.acted[:6])
    assert table.exit_code == 0
    assert all(row["id"] in table.stdout for row in listed)
    assert "write more of its id" in fails(UsageError, "proposals", answered.twin, answered.acted, "zz")
    assert "known:" in fails(MissingError, "proposals", answered.twin, "nowhere")


def test_the_journal_is_verified_from_the_command_line(answered) -> None:
    done = call("audit", "verify", answered.twin, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["intact"] is True
    strange = call("audit", "verify", answered.twin, "--head", "0" * 64)
    assert strange.exit_code == 3


def test_a_person_decides_at_the_command_line_and_the_run_goes_on(tmp_path: Path) -> None:
    short = DRILL.replace("duration_min = 20", "duration_min = 10")
    documents = written(tmp_path, flood=short, policy=POLICY)
    village(tmp_path).close()
    twin, flood, policy = tmp_path / "village.twin", documents["flood"], documents["policy"]
    go = ("run", twin, flood, "--agents", "pumps_gates", "--policy", policy, "--wait", "--threads", 1)
    first = json.loads(call(*go, "--json").stdout)
    assert first["status"] == "partial"
    run = first["run"]
    rows = json.loads(call("proposals", twin, run, "--state", "open", "--json").stdout)["proposals"]
    assert rows
    as_park = ("--as", "park", "--role", "operator", "--policy", policy)
    assert "one of" in fails(UsageError, "decide", twin, run, rows[0]["id"], *as_park)
    assert "one of" in fails(UsageError, "decide", twin, run, rows[0]["id"], *as_park, "--approve", "--reject")
    as_lee = ("--as", "lee", "--role", "department", "--policy", policy)
    assert "no force" in fails(RefusedError, "decide", twin, run, rows[0]["id"], *as_lee, "--approve")
    for number, row in enumerate(rows):
        words = ("--approve", "--reason", "물이 온다") if number == 0 else ("--reject",)
        done = call("decide", twin, run, row["id"], *as_park, *words)
        assert done.exit_code == 0, done.output
        assert done.stdout.strip()
    later = json.loads(call(*go, "--resume", "--json").stdout)
    assert (later["run"], later["status"]) == (run, "done")
    states = {row["id"]: row["state"] for row in json.loads(call("proposals", twin, run, "--json").stdout)["proposals"]}
    assert states[rows[0]["id"]] == "approved"
    assert {states[row["id"]] for row in rows[1:]} <= {"rejected"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--policy", "p.toml"), "add --agents all"),
        (("--wait",), "add --agents all"),
        (("--agents", "all", "--members", 2), "agents answer one run"),
        (("--agents", "al"), "Did you mean 'all'?"),
    ],
)
def test_words_that_do_not_go_together_are_refused(answered, words, says: str) -> None:
    assert says in fails(UsageError, "run", answered.twin, answered.documents["flood"], *words)


def test_a_run_without_agents_has_no_answer(tmp_path: Path) -> None:
    documents = written(tmp_path, flood=DRILL)
    with village(tmp_path) as city:
        run = runs.simulate(city, documents["flood"], threads=1)
        for verb in (runs.proposals, runs.response_of, runs.score):
            with pytest.raises(MissingError, match="had no agents; run it with --agents all"):
                verb(city, run.id)
        with pytest.raises(MissingError, match="had no agents"):
            runs.notices(city, run.id, tmp_path / "out")
