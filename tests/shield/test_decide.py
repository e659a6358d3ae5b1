"""Who has to say yes before anything acts: by hand, and as a machine that any sequence of decisions is thrown at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.shield.test_policy import TEXT
from twin.model.action import Action
from twin.model.response.proposal import Decision, Proposal, Reason, Refusal, Step
from twin.shield.decide import played, standing
from twin.shield.policy import Policy, parse_policy

POLICY = parse_policy(TEXT, "p.toml")


def proposal(
    *kinds: str, agent: str = "flood_watch", made: float = 0.0, expires: float = 1200.0, level: int = 0
) -> Proposal:
    return Proposal(agent, "1", made, expires, level, tuple(Step(Action(kind, 0.0, "t")) for kind in kinds))


def yes(to: Proposal, by: str, role: str, at: float = 10.0, **more: object) -> Decision:
    return replace(Decision(to.hash, "approve", by, role, at), **more)


PUMP, CLOSE = proposal("pump"), proposal("close_road")


def test_low_levels_act_by_themselves_and_high_ones_wait() -> None:
    assert standing(proposal("inspect"), [], 5.0, None).acts
    assert standing(proposal(), [], 5.0, None).acts
    assert standing(PUMP, [], 5.0, None).state == "dry_run"
    found = standing(PUMP, [], 5.0, POLICY)
    assert (found.state, found.missing) == ("open", ("chief",))
    assert standing(CLOSE, [], 5.0, POLICY).missing == ("chief", "department")
    assert standing(proposal("send_alert"), [], 5.0, POLICY).state == "recorded_only"
    assert standing(proposal("breach"), [yes(proposal("breach"), "p1", "chief")], 15.0, POLICY).state == "recorded_only"


def test_nobody_who_may_means_dry_run() -> None:
    nobody = parse_policy(TEXT.replace('kinds = ["evacuate", "close_road"]', 'kinds = ["evacuate"]'), "p.toml")
    assert standing(CLOSE, [], 5.0, nobody).state == "dry_run"


def test_one_person_approves_level_2_and_two_level_3() -> None:
    assert standing(PUMP, [yes(PUMP, "p1", "chief")], 20.0, POLICY).acts
    chief, department = yes(CLOSE, "p1", "chief"), yes(CLOSE, "p3", "department")
    assert standing(CLOSE, [chief], 20.0, POLICY).missing == ("department",)
    assert standing(CLOSE, [department], 20.0, POLICY).missing == ("chief",)
    assert standing(CLOSE, [chief, department], 20.0, POLICY).acts
    assert standing(CLOSE, [chief, yes(CLOSE, "p1", "department")], 20.0, POLICY).missing == ("department",)
    assert standing(CLOSE, [chief, yes(CLOSE, "exercise:p1", "department")], 20.0, POLICY).missing == ("department",)


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (yes(PUMP, "p9", "chief"), "unknown_person"),
        (yes(PUMP, "flood_watch", "chief"), "unknown_person"),
        (yes(PUMP, "p3", "chief"), "not_his_role"),
        (yes(PUMP, "p3", "field"), "not_entitled"),
        (yes(PUMP, "p1", "chief", at=-1.0), "not_in_time"),
        (yes(PUMP, "p1", "chief", at=21.0), "not_in_time"),
        (yes(PUMP, "p1", "chief", at=float("nan")), "not_in_time"),
        (yes(PUMP, "p1", "chief", verdict="yes"), "no_verdict"),
    ],
)
def test_decisions_without_force_are_listed(decision: Decision, why: str) -> None:
    found = standing(PUMP, [decision], 20.0, POLICY)
    assert found.state == "open"
    assert [code for _, code in found.powerless] == [why]


def test_who_runs_the_agent_has_no_say_in_it() -> None:
    own = proposal("evacuate", agent="evacuation")
    chief = yes(own, "p1", "chief")
    assert standing(own, [chief, yes(own, "p2", "department")], 20.0, POLICY).missing == ("department",)
    assert standing(own, [chief, yes(own, "p3", "department")], 20.0, POLICY).acts
    assert standing(proposal("pump", agent="p1"), [], 20.0, POLICY).state == "dry_run"


def test_an_approval_is_of_this_hash_once_and_not_for_long() -> None:
    other = replace(PUMP, expires=1201.0)
    assert standing(other, [yes(PUMP, "p1", "chief")], 20.0, POLICY).state == "open"
    approval = yes(PUMP, "p1", "chief", at=10.0)
    assert standing(PUMP, [approval], 610.0, POLICY).acts
    late = standing(PUMP, [approval], 611.0, POLICY)
    assert (late.state, late.why.code) == ("open", "standing.lapsed")
    assert standing(PUMP, [approval], 20.0, POLICY, used={PUMP.hash}).state == "expired"
    assert standing(PUMP, [yes(PUMP, "p1", "chief", at=1199.0)], 1201.0, POLICY).state == "expired"
    assert standing(PUMP, [], 1e9, POLICY).state == "expired"


def test_any_entitled_person_rejects_for_good() -> None:
    chief, department = yes(CLOSE, "p1", "chief"), yes(CLOSE, "p3", "department")
    no = yes(CLOSE, "p2", "department", verdict="reject", at=11.0)
    assert standing(CLOSE, [chief, department, no], 20.0, POLICY).state == "rejected"
    assert standing(CLOSE, [chief, department, no], 10.5, POLICY).acts
    assert standing(PUMP, [yes(PUMP, "p3", "field", verdict="reject")], 20.0, POLICY).state == "open"
    inspect = proposal("inspect")
    assert standing(inspect, [yes(inspect, "p1", "chief", verdict="reject")], 20.0, POLICY).state == "rejected"


def test_equity_is_overridden_with_a_reason_and_nothing_else_is() -> None:
    unfair, harmful = (Refusal(name, -1, Reason("x")) for name in ("equity", "harm"))
    plain, silent = yes(PUMP, "p1", "chief"), yes(PUMP, "p1", "chief", override=("equity",), reason=" ")
    given = yes(PUMP, "p1", "chief", override=("equity", "harm"), reason="의논함")
    assert standing(PUMP, [plain], 20.0, POLICY, refusals=[unfair]).missing == ("override:equity",)
    assert standing(PUMP, [silent], 20.0, POLICY, refusals=[unfair]).state == "open"
    assert standing(PUMP, [given], 20.0, POLICY, refusals=[unfair]).acts
    assert standing(PUMP, [given], 20.0, POLICY, refusals=[harmful]).state == "rejected"


def test_players_decide_in_exercises_only_and_their_decisions_say_so() -> None:
    assert played(POLICY, PUMP, 179.0) == ()
    (decision,) = played(POLICY, PUMP, 180.0)
    assert (decision.by, decision.verdict, decision.at) == ("exercise:p1", "approve", 180.0)
    assert standing(PUMP, [decision], 200.0, POLICY).acts
    assert played(POLICY, proposal("clear"), 300.0)[0].verdict == "reject"
    assert played(POLICY, proposal("pump", agent="rogue"), 300.0)[0].verdict == "reject"
    real = parse_policy(TEXT.split("[[player]]")[0].replace("exercise = true", "exercise = false"), "p.toml")
    assert played(real, PUMP, 300.0) == played(None, PUMP, 300.0) == ()
    assert [code for _, code in standing(PUMP, [decision], 200.0, real).powerless] == ["no_exercise"]


class Approvals(RuleBasedStateMachine):
    """Anybody decides anything at any time; what acts is held against the rules written down again."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.used: set[str] = set()
        self.rows: list[Decision] = []
        self.pool = [
            PUMP,
            CLOSE,
            proposal("evacuate", agent="evacuation"),
            proposal("engine", expires=500.0),
            proposal("power_cut"),
        ]
        self.policy: Policy | None = POLICY
        self.over: set[str] = set()

    @rule(seconds=st.floats(0.0, 400.0))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(
        n=st.integers(0, 4), by=st.sampled_from(["p1", "p2", "p3", "p4", "flood_watch", "evacuation", "exercise:p1"]),
        role=st.sampled_from(["chief", "department", "field", "nobody"]), back=st.sampled_from([0.0, 0.0, 0.0, -100.0, 700.0]),
        verdict=st.sampled_from(["approve"] * 8 + ["reject", "maybe"]), forged=st.booleans(),
    )  # fmt: skip
    def somebody_decides(self, n: int, by: str, role: str, back: float, verdict: str, forged: bool) -> None:
        hash_ = self.pool[n].hash[:-1] + "x" if forged else self.pool[n].hash
        self.rows.append(Decision(hash_, verdict, by, role, self.now - back))

    @precondition(lambda self: any(self.acting()))
    @rule()
    def the_loop_acts_once(self) -> None:
        self.used |= {p.hash for p in self.acting()}

    def acting(self) -> list[Proposal]:
        return [p for p in self.pool if standing(p, self.rows, self.now, self.policy, self.used).acts]

    @invariant()
    def only_what_the_right_persons_approved_acts(self) -> None:
        people = {"p1": {"chief", "department"}, "p2": {"department"}, "p3": {"department", "field"}}
        reach = {
            "chief": {"pump", "engine", "close_road", "evacuate"},
            "department": {"close_road", "evacuate"},
            "field": {"engine"},
        }
        level2 = {"chief", "field"}
        for p in self.acting():
            kind = p.steps[0].action.kind
            assert kind != "power_cut"
            assert self.now <= p.expires
            assert p.hash not in self.used
            valid = {
                (d.by.removeprefix("exercise:"), d.role)
                for d in self.rows
                if d.proposal == p.hash and d.verdict == "approve" and p.made <= d.at <= self.now <= d.at + 600.0 and d.at <= p.expires
                and d.role in people.get(d.by.removeprefix("exercise:"), set()) and kind in reach[d.role]
                and not (d.by == "p2" and p.agent == "evacuation")
            }  # fmt: skip
            if kind in ("pump", "engine"):
                assert any(role in level2 for _, role in valid)
            else:
                assert any(a != b for a, r in valid if r == "chief" for b, q in valid if q == "department")

    @invariant()
    def nothing_ended_comes_back(self) -> None:
        for p in self.pool:
            state = standing(p, self.rows, self.now, self.policy, self.used).state
            if p.hash in self.over:
                assert state in ("rejected", "expired")
            if state in ("rejected", "expired"):
                self.over.add(p.hash)

    @invariant()
    def the_order_of_rows_changes_nothing(self) -> None:
        for p in self.pool:
            one = standing(p, self.rows, self.now, self.policy, self.used)
            assert one == standing(p, self.rows[::-1], self.now, self.policy, self.used)


TestApprovals = Approvals.TestCase
TestApprovals.settings = settings(max_examples=40, stateful_step_count=30, deadline=None, derandomize=True)
