"""What a person decides on a proposal of a run that waits; and what stands on the blackboard, for people to read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.errors import RefusedError, UsageError
from twin.model.response.proposal import Decision
from twin.runs.document import parse_scenario
from twin.runs.response.respond import read_policy, response_of
from twin.shield.decide import Standing, standing
from twin.store.journal import Actor, Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin.model.response.proposal import Proof, Proposal
    from twin.shield.policy import Policy
    from twin.store import City


@dataclass(frozen=True, slots=True)
class Listed:
    """A proposal of a run as people look at it.

    state    open, approved, rejected, expired, dry_run, recorded_only or unsafe
    begun    s, None: it was not carried out
    carried  numbers of the steps that were carried out: those that were still safe then
    """

    proposal: Proposal
    cycle: int
    proof: Proof | None
    decisions: tuple[Decision, ...]
    state: str
    begun: float | None
    carried: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "id": self.proposal.id,
            "hash": self.proposal.hash,
            "cycle": self.cycle,
            "state": self.state,
            "begun_s": self.begun,
            "carried": list(self.carried),
            "proposal": asdict(self.proposal),
            "proof": None if self.proof is None else asdict(self.proof),
            "decisions": [asdict(decision) for decision in self.decisions],
        }


def proposals(city: City, run: str) -> list[Listed]:
    """Return the proposals of a run in the order they were made. Raises MissingError (no such run, no agents)."""
    found = city.runs.get(run)
    states: Mapping[str, Any] = {row["hash"]: row for row in response_of(city, found.id)["proposals"]}
    return [
        Listed(
            one.proposal,
            one.cycle,
            one.proof,
            one.decisions,
            str(states.get(one.proposal.hash, {}).get("state", "refused")),
            states.get(one.proposal.hash, {}).get("begun"),
            tuple(states.get(one.proposal.hash, {}).get("steps", ())),
        )
        for one in city.board.proposals(found.id)
    ]


def decide(
    city: City,
    run: str,
    proposal: str,
    *,
    verdict: str,
    by: str,
    role: str,
    policy: Path | str,
    reason: str = "",
    override: tuple[str, ...] = (),
) -> Standing:
    """Write what a person decided on exactly one proposal of a run that waits, and return where it stands then.

    proposal  its hash, or the first letters;   verdict  approve or reject
    policy    the document under which the run is made

    The run goes on with `respond(..., resume=True)`. Raises MissingError (no such run or proposal), UsageError (a
    verdict that is none, a policy that is not the run's), RefusedError (the run does not wait; the decision has no
    force by the policy: nothing is written).
    """
    found = city.runs.get(run)
    told, rules = response_of(city, found.id), _policy_of(city, found.id, policy)
    if told["waits_at"] is None:
        raise RefusedError(
            f"run {found.id} ({found.status}) does not wait for decisions; what nobody decided has expired. "
            "Run it with --wait, so that it stops where persons have to decide"
        )
    at = float(told["waits_at"])
    one = city.board.find(found.id, proposal)
    decision = Decision(one.hash, verdict, by, role, at, reason, override)
    before = next(p.decisions for p in city.board.proposals(found.id) if p.proposal.hash == one.hash)
    stands = standing(one, (*before, decision), at, rules)
    weak = next((why for given, why in stands.powerless if given == decision), "")
    if weak:
        raise RefusedError(f"{verdict} of {one.id} by '{by}' as '{role}' has no force: {weak.replace('_', ' ')}")
    post = city.board.decide(found.id, told["cycles"], decision)
    start = parse_scenario(city.runs.scenario_text(found.id), "scenario.toml").start
    city.journal.append(
        Entry(
            "decide",
            Actor("person", by, role),
            event=start + timedelta(seconds=at),
            run=found.id,
            inputs={one.id: one.hash},
            decision=verdict,
            policy=rules.version,
            policy_hash=rules.hash,
            approvals=[asdict(given) for given in stands.counted],
            content={"id": post.id, "cycle": post.cycle, "what": decision},
        )
    )
    return stands


def _policy_of(city: City, run: str, policy: Path | str) -> Policy:
    """Return the policy of a run. Raises UsageError for another one."""
    rules, told = read_policy(policy), response_of(city, run)["policy"]
    assert rules is not None
    if told is None:
        raise UsageError(f"run {run} has no policy: nobody may approve anything in it. Run it with --policy")
    if told["hash"] != rules.hash:
        raise UsageError(f"{policy}: not the policy of run {run}, which is '{told['name']}' ({told['hash'][:12]})")
    return rules
