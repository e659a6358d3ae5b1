from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.kit import CRS
from twin import store
from twin.errors import InputError, MissingError, UsageError
from twin.model.action import Action
from twin.model.response.proposal import Award, Decision, Effect, Proof, Proposal, Reason, Step, Work
from twin.store.nouns import restored
from twin.store.schema import BOARD

STEP = Step(
    Action(
        "evacuate", 600, "home/1", {"shelter": "학교", "edges": [3, 4], "share": 0.1 + 0.2, "many": 2, "none": None}
    ),
    Work("crew", 7, 300.0, 0.0, 1800.0, 12.5),
    Award("crew1", 0.0, 120.5, 420.5, (3, 4)),
)
PROPOSAL = Proposal(
    "evacuation", "1.0", 300, 900.0, 3, (STEP, Step(Action("inspect"))), (Reason("deep", {"depth": 1, "id": "b"}),), ("r1",)
)  # fmt: skip
PROOF = Proof(PROPOSAL.hash, "outlook1", 2, (1, 2), 3600.0, (Effect("damage", "", -1.0, -2.0, 0.0, 5.0, (-1.0, -2.0)),))
APPROVED = Decision(PROPOSAL.hash, "approve", "kim", "duty officer", 360.0)


def test_rows_are_kept_in_their_order_with_what_was_said(city: store.City) -> None:
    for kind in BOARD:
        assert city.board.read(kind) == []
    one = city.board.post("event", "run1", 0, 300.0, "e1", {"what": "물", "depth": np.float64(0.5)})
    two = city.board.post("event", "run1", 1, 600.0, "e2", ("a", 1))
    city.board.post("event", "run2", 0, 0.0, "e1", None)
    city.board.post("task", "run1", 0, 300.0, "t1", {})
    assert city.board.read("event", "run1") == [one, two]
    assert city.board.read("event", "run1", cycle=1) == [two]
    assert city.board.read("event", id="e1", after=1)[0].run == "run2"
    assert (one.number, one.kind, one.cycle, one.time, one.content) == (
        1,
        "event",
        0,
        300.0,
        {"what": "물", "depth": 0.5},
    )
    assert two.content == ["a", 1]


def test_the_same_words_are_not_added_again_and_other_words_are_a_row_of_their_own(city: store.City) -> None:
    first = city.board.post("plan", "run1", 0, 0.0, "p", {"a": 1})
    assert city.board.post("plan", "run1", 3, 900.0, "p", {"a": 1}) == first
    city.board.post("plan", "run1", 4, 1200.0, "p", {"a": 2})
    city.board.post("plan", "run1", 4, 1200.0, "q", {})
    city.board.post("plan", "run1", 5, 1500.0, "p", {"a": 1})
    assert [row.content.get("a") for row in city.board.read("plan")] == [1, 2, None, 1]
    newest = city.board.newest("plan", "run1")
    assert list(newest) == ["p", "q"]
    assert newest["p"].cycle == 5


def test_many_rows_are_added_at_once_or_not_at_all(city: store.City) -> None:
    city.board.post("task", "run1", 0, 0.0, "b", {"n": 2})
    posts = city.board.post_all("task", "run1", 1, 300.0, {"a": {"n": 1}, "b": {"n": 2}, "c": {"n": 3}})
    assert [(post.id, post.number, post.cycle) for post in posts] == [("a", 2, 1), ("b", 1, 0), ("c", 3, 1)]
    assert city.board.read("task", after=1) == [posts[0], posts[2]]
    assert city.board.post_all("task", "run1", 2, 600.0, {}) == []
    with pytest.raises(InputError):
        city.board.post_all("task", "run1", 2, 600.0, {"d": 1, "e": float("nan")})
    with pytest.raises(UsageError):
        city.board.post_all("approval", "run1", 2, 600.0, {})
    assert len(city.board.read("task")) == 3


def test_a_proposal_comes_back_with_its_hash_after_a_restart(tmp_path: Path) -> None:
    with store.create(tmp_path / "c.twin", CRS) as city:
        city.board.propose("run1", 1, PROPOSAL)
        city.board.prove("run1", 1, 310.0, PROOF)
        city.board.decide("run1", 1, APPROVED)
    with store.open_city(tmp_path / "c.twin") as city:
        (pending,) = city.board.proposals("run1")
        assert pending.proposal.hash == PROPOSAL.hash
        assert pending.proposal.steps[0].award == STEP.award
        assert pending.proposal.steps[0].action.params == STEP.action.params
        assert (pending.cycle, pending.proof, pending.decisions) == (1, PROOF, (APPROVED,))
        assert city.board.find("run1", PROPOSAL.id) == pending.proposal
        assert city.board.proposals("run2") == []


values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@given(st.dictionaries(st.text(), values | st.lists(values)), st.integers() | st.floats(0, 1e9), st.text())
def test_whatever_a_proposal_holds_its_hash_is_the_same_again(params: dict, made: float, target: str) -> None:
    import json

    from twin.model.response.canonical import canonical

    proposal = Proposal("a", "1", made, 1e6, 2, (Step(Action("pump", made, target, params)),))
    assert restored(Proposal, json.loads(canonical(proposal))).hash == proposal.hash


def test_a_decision_is_bound_to_one_proposal_of_this_run(city: store.City) -> None:
    city.board.propose("run1", 1, PROPOSAL)
    with pytest.raises(MissingError, match="not on the board of run2"):
        city.board.decide("run2", 1, APPROVED)
    with pytest.raises(MissingError):  # the short form is for people; a decision carries the whole hash
        city.board.decide("run1", 1, dataclasses.replace(APPROVED, proposal=PROPOSAL.id))
    with pytest.raises(UsageError, match="Did you mean 'approve'"):
        city.board.decide("run1", 1, dataclasses.replace(APPROVED, verdict="aprove"))
    with pytest.raises(UsageError, match="who made it"):
        city.board.decide("run1", 1, dataclasses.replace(APPROVED, by=" "))
    assert city.board.read("approval") == []
    city.board.decide("run1", 1, APPROVED)
    city.board.decide("run1", 2, APPROVED)
    city.board.decide("run1", 2, dataclasses.replace(APPROVED, by="lee"))
    assert [d.by for d in city.board.proposals("run1")[0].decisions] == ["kim", "lee"]


def test_proofs_and_approvals_have_verbs_of_their_own(city: store.City) -> None:
    with pytest.raises(MissingError):
        city.board.prove("run1", 0, 0.0, PROOF)
    for kind in ("approval", "proof", "proposal"):
        with pytest.raises(UsageError, match="is written by"):
            city.board.post(kind, "run1", 0, 0.0, "x", {})
    with pytest.raises(UsageError, match="Did you mean 'event'"):
        city.board.read("events")
    with pytest.raises(InputError):
        city.board.post("event", "run1", 0, 0.0, "x", {"a": float("nan")})


def test_find_says_what_is_known(city: store.City) -> None:
    with pytest.raises(MissingError, match="known: none"):
        city.board.find("run1", "ab")
    found: dict[str, list[Proposal]] = {}
    for n in range(40):
        proposal = dataclasses.replace(PROPOSAL, made=n)
        city.board.propose("run1", 0, proposal)
        found.setdefault(proposal.hash[0], []).append(proposal)
    several = next(first for first, proposals in found.items() if len(proposals) > 1)
    with pytest.raises(UsageError, match="write more of it"):
        city.board.find("run1", several)
    with pytest.raises(MissingError):
        city.board.find("run1", "")


def test_a_proposal_changed_in_the_database_is_not_used(city: store.City) -> None:
    city.board.propose("run1", 1, PROPOSAL)
    with city.database.transaction() as cursor:
        cursor.execute("UPDATE board_proposal SET content = replace(content, '\"level\":3', '\"level\":1')")
    with pytest.raises(InputError, match="not what was proposed"):
        city.board.proposals("run1")
    with pytest.raises(InputError, match="has the fields"):
        restored(Proposal, {"agent": "x"})
    with pytest.raises(InputError, match="as an object"):
        restored(Proposal, [])


def test_posts_stand_or_fall_with_the_transaction_around_them(city: store.City) -> None:
    with pytest.raises(KeyError), city.database.transaction():
        city.board.propose("run1", 1, PROPOSAL)
        assert len(city.board.proposals("run1")) == 1
        raise KeyError
    assert city.board.proposals("run1") == []
