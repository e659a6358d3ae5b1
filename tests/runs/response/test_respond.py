"""Runs with agents in a twin: they wait, are decided on, go on, and come out the same; what they leave behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.runs.response.laid import course_of
from tests.runs.response.village import DRILL, EXERCISE, POLICY, village, written
from twin import runs, store
from twin.errors import InputError, MissingError, RefusedError, UsageError
from twin.runs.response.respond import read_policy
from twin.store import City

AGENTS = "pumps_gates,traffic"


def counts(city: City, run: str) -> dict[str, int]:
    """Return how many rows of each kind a run has on the board and in the journal."""
    found = {f"journal {kind}": 0 for kind in ()}
    for row in city.journal.read(run):
        found[f"journal {row.entry.kind}"] = found.get(f"journal {row.entry.kind}", 0) + 1
    for kind in ("event", "forecast", "task", "bid", "plan", "proposal", "proof", "approval", "action", "outcome"):
        found[f"board {kind}"] = len(city.board.read(kind, run))
    return found


def test_a_run_nobody_approves_has_the_water_of_one_without_agents(answered) -> None:
    with store.open_city(answered.twin) as city:
        dry = runs.open_frames(city, answered.dry)
        none = runs.respond(city, answered.documents["flood"], agents="none", threads=1)
        other = runs.open_frames(city, none.id)
        acted = runs.open_frames(city, answered.acted)
        for frame in range(3):
            depth = dry.read("depth", frame)
            assert np.array_equal(depth, other.read("depth", frame), equal_nan=True)
        assert not np.array_equal(acted.read("depth", 2), dry.read("depth", 2), equal_nan=True)
        told = runs.response_of(city, answered.dry)
        assert told["done"] == []
        assert told["policy"] is None
        assert runs.response_of(city, answered.acted)["done"]
        states = {one.proposal.level: set() for one in runs.proposals(city, answered.dry)}
        for one in runs.proposals(city, answered.dry):
            states[one.proposal.level].add(one.state)
        assert states[2] <= {"dry_run", "refused"}
        assert states[3] <= {"dry_run", "refused"}
        assert runs.response_of(city, none.id)["cycles"] == 2


def test_an_exercise_is_marked_as_one_and_everything_has_a_row(answered) -> None:
    with store.open_city(answered.twin) as city:
        begun = [one for one in runs.proposals(city, answered.acted) if one.begun is not None]
        above = [one for one in begun if one.proposal.level >= 2]
        assert above
        for one in above:
            assert one.proof is not None
            assert one.proof.proposal == one.proposal.hash
            assert all(decision.by.startswith("exercise:") for decision in one.decisions)
            assert len({d.by for d in one.decisions if d.verdict == "approve"}) >= one.proposal.level - 1
        rows = counts(city, answered.acted)
        assert rows["board plan"] == rows["journal plan"] == 2
        assert rows["board proposal"] == rows["journal proposal"] == len(runs.proposals(city, answered.acted))
        assert rows["board action"] == len(begun)
        kinds = {row.entry.kind: row.entry.actor.kind for row in city.journal.read(answered.acted)}
        assert (kinds["proposal"], kinds["approval"], kinds["plan"]) == ("agent", "exercise", "system")
        assert city.journal.verify().intact


def test_a_run_that_is_done_is_not_computed_again_and_another_policy_is_another_run(answered) -> None:
    with store.open_city(answered.twin) as city:
        before = counts(city, answered.acted)
        again = runs.respond(city, answered.documents["flood"], policy=answered.documents["exercise"], threads=1)
        assert again.id == answered.acted != answered.dry
        assert counts(city, answered.acted) == before
        with pytest.raises(MissingError, match="never begun"):
            runs.respond(city, answered.documents["flood"], agents="sop", resume=True)
        with pytest.raises(MissingError, match="no such policy file"):
            runs.respond(city, answered.documents["flood"], policy="nowhere.toml")
        with pytest.raises(UsageError, match="agent 'nobody' is not known"):
            runs.respond(city, answered.documents["flood"], agents="nobody")
        plain = runs.respond(city, answered.documents["flood"], agents="none", threads=1)
        assert runs.proposals(city, plain.id) == []


def test_it_waits_is_decided_on_by_who_may_and_goes_on_the_same(tmp_path: Path) -> None:
    documents = written(tmp_path, flood=DRILL, policy=POLICY, exercise=EXERCISE)
    rules = documents["policy"]
    with village(tmp_path) as city:

        def go(*, resume: bool = False, wait: bool = True):
            return runs.respond(
                city, documents["flood"], agents=AGENTS, policy=rules, wait=wait, resume=resume, threads=1
            )

        first = go()
        run = first.id
        assert (first.status, first.simulated_s) == ("partial", 0.0)
        assert runs.response_of(city, run)["waits_at"] == 0.0
        waiting = [one for one in runs.proposals(city, run) if one.state == "open"]
        assert waiting
        plans, _ = course_of(city, run)
        before = counts(city, run)

        again = go(resume=True)
        assert (again.status, counts(city, run), course_of(city, run)[0]) == ("partial", before, plans)

        two = next(one.proposal for one in waiting if one.proposal.level == 2)
        wrong: list[tuple[dict[str, object], type[Exception], str]] = [
            ({"by": "nobody"}, RefusedError, "unknown person"),
            ({"by": "lee", "role": "department"}, RefusedError, "not entitled"),
            ({"role": "chief"}, RefusedError, "not his role"),
            ({"policy": documents["exercise"]}, UsageError, "not the policy of run"),
            ({"verdict": "perhaps"}, (RefusedError, UsageError), "verdict"),
            ({"policy": "nowhere.toml"}, MissingError, "no such policy"),
        ]
        for changed, error, says in wrong:
            words = {"verdict": "approve", "by": "park", "role": "operator", "policy": rules, **changed}
            with pytest.raises(error, match=says):
                runs.decide(city, run, two.id, **words)
        with pytest.raises(MissingError, match="not on the board"):
            runs.decide(city, run, "ffffffffffffffffff", verdict="approve", by="park", role="operator", policy=rules)
        assert counts(city, run) == before

        for one in waiting:
            if one.proposal.level == 2:
                stands = runs.decide(
                    city, run, one.proposal.id, verdict="approve", by="park", role="operator", policy=rules
                )
                assert stands.acts
            else:
                stands = runs.decide(
                    city, run, one.proposal.id, verdict="approve", by="kim", role="chief", policy=rules, reason="급함"
                )
                assert (stands.state, stands.missing) == ("open", ("department",))
        threes = [one for one in waiting if one.proposal.level == 3]
        if threes:
            assert go(resume=True).status == "partial"
            assert runs.response_of(city, run)["waits_at"] == 0.0
            for one in threes:
                runs.decide(city, run, one.proposal.id, verdict="reject", by="lee", role="department", policy=rules)
        later = go(resume=True)
        assert course_of(city, run)[0][: len(plans)] == plans
        while later.status == "partial":
            assert runs.response_of(city, run)["waits_at"] >= 600.0
            for one in runs.proposals(city, run):
                if one.state == "open":
                    role = ("park", "operator") if one.proposal.level == 2 else ("lee", "department")
                    runs.decide(city, run, one.proposal.id, verdict="reject", by=role[0], role=role[1], policy=rules)
            later = go(resume=True)
        assert later.status == "done"
        states = {one.proposal.hash: one.state for one in runs.proposals(city, run)}
        assert {states[one.proposal.hash] for one in waiting if one.proposal.level == 2} == {"approved"}
        assert {states[one.proposal.hash] for one in threes} <= {"rejected"}
        rows = counts(city, run)
        assert rows["board plan"] == rows["journal plan"] == 2
        assert rows["journal proposal"] == rows["board proposal"]
        assert rows["journal decide"] == rows["board approval"]
        names = {row.entry.actor.id for row in city.journal.read(run) if row.entry.kind == "decide"}
        assert names <= {"park", "kim", "lee"}
        with pytest.raises(RefusedError, match="does not wait"):
            runs.decide(city, run, two.id, verdict="approve", by="park", role="operator", policy=rules)
        assert city.journal.verify().intact


def test_a_run_without_a_policy_takes_no_decision(answered) -> None:
    with store.open_city(answered.twin) as city:
        (one, *_) = [p for p in runs.proposals(city, answered.dry) if p.proposal.level == 2]
        words = {"verdict": "approve", "by": "park", "role": "operator", "policy": answered.documents["exercise"]}
        with pytest.raises(UsageError, match="has no policy"):
            runs.decide(city, answered.dry, one.proposal.id, **words)


REPLAY = """
import json, sys
from pathlib import Path
from tests.runs.response.laid import course_of
from tests.runs.response.village import DRILL, EXERCISE, village, written
from twin import runs
folder = Path(sys.argv[1])
documents = written(folder, flood=DRILL, exercise=EXERCISE)
with village(folder) as city:
    run = runs.respond(city, documents["flood"], policy=documents["exercise"], threads=1)
    print(json.dumps([run.id, *course_of(city, run.id)]))
"""


def test_a_replay_is_the_same_whatever_the_hash_seed(answered, tmp_path: Path) -> None:
    began = []
    for seed in ("0", "1"):
        (tmp_path / seed).mkdir()
        command = [sys.executable, "-c", REPLAY, str(tmp_path / seed)]
        env = os.environ | {"PYTHONHASHSEED": seed}
        root = Path(__file__).parents[3]
        began.append(
            subprocess.Popen(command, env=env, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
    found = []
    for one in began:
        out, error = one.communicate(timeout=300)
        assert one.returncode == 0, error
        found.append(json.loads(out.splitlines()[-1]))
    assert found[0] == found[1]
    with store.open_city(answered.twin) as city:
        assert found[0][1:] == list(course_of(city, answered.acted))


def test_a_policy_in_another_coding_is_refused_in_a_sentence(tmp_path) -> None:
    file = tmp_path / "policy.toml"
    file.write_bytes('version = "상황실"\n'.encode("cp949"))
    with pytest.raises(InputError, match="not UTF-8, it reads as CP949"):
        read_policy(file)
    file.write_bytes('version = "1"\n'.encode("utf-16"))
    with pytest.raises(InputError, match="UTF-16"):
        read_policy(file)
