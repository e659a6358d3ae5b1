"""Where a proposal stands: who has decided on exactly it, who has still to, and whether it may act.

The answer is worked out from rows, each time anew: nothing is remembered between two questions, so that it is the same
after a restart. Silence never approves anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from twin.model.response.proposal import Decision, Proposal, Reason, Refusal
from twin.shield.effects import OVERRIDABLE
from twin.shield.levels import RECORDED, level_of_proposal
from twin.shield.policy import EVERY, PLAYED, Person, Player, Policy, Role

APPROVE, REJECT = "approve", "reject"
STATES = ("open", "approved", "rejected", "expired", "dry_run", "recorded_only")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a proposal stands.

    state      one of `STATES`; only what is approved acts
    missing    roles that have still to approve; "override:RULE" where a person has to give a reason against a rule
    why        in codes
    counted    decisions that made the state
    powerless  decisions without force, each with why
    """

    state: str
    missing: tuple[str, ...]
    why: Reason
    counted: tuple[Decision, ...] = ()
    powerless: tuple[tuple[Decision, str], ...] = ()

    @property
    def acts(self) -> bool:
        """Return whether it may be carried out now, once."""
        return self.state == "approved"


def standing(
    proposal: Proposal,
    decisions: Iterable[Decision],
    at: float,
    policy: Policy | None,
    used: Collection[str] = (),
    refusals: Iterable[Refusal] = (),
) -> Standing:
    """Return where a proposal stands.

    at        s from the start of the run
    used      whole hashes of proposals that were carried out
    refusals  what the shield has against it; see `screen_effects`

    Level 0 and 1 act by themselves. Level 2 needs a person whose role reaches its level and kinds; level 3 two persons,
    one of each role of `Policy.level3`. An approval holds for exactly this hash, from when it was given for
    `Policy.expiry` s and not beyond `Proposal.expires`. Any entitled person rejects for good. The one who runs the
    agent has no say, and an agent has none. Level 4 is recorded and never acts.
    """
    key, level = proposal.hash, level_of_proposal(proposal)
    mine = sorted((d for d in decisions if d.proposal == key), key=lambda d: (d.at, d.by, d.role, d.verdict))
    counted, powerless = _weighed(proposal, level, mine, at, policy)
    rejected = tuple(d for d in counted if d.verdict == REJECT)
    approvals = tuple(d for d in counted if d.verdict == APPROVE)
    held = tuple(refusals)
    hard = [refusal for refusal in held if refusal.rule not in OVERRIDABLE]

    def stands(state: str, code: str, missing: tuple[str, ...] = (), by: tuple[Decision, ...] = ()) -> Standing:
        return Standing(state, missing, Reason(f"standing.{code}", {"level": level}), by, powerless)

    if key in used:
        return stands("expired", "used")
    if hard:
        return stands("rejected", "shield")
    if rejected:
        return stands("rejected", "rejected", by=rejected)
    if level >= RECORDED:
        return stands("recorded_only", "recorded")
    if not at <= proposal.expires:
        return stands("expired", "expired")
    if level >= 2 and (policy is None or not _reachable(proposal, level, policy)):
        return stands("dry_run", "no_policy" if policy is None else "nobody_may")
    valid = tuple(d for d in approvals if policy is not None and at <= d.at + policy.expiry)
    missing = _overrides(held, valid)
    if policy is not None and level >= 2:
        missing = (*_missing(level, _kinds(proposal), valid, policy), *missing)
    if missing:
        return stands("open", "lapsed" if approvals and not valid else "waiting", missing, valid)
    return stands("approved", "by_itself" if level < 2 else "approved", by=valid)


def played(policy: Policy | None, proposal: Proposal, at: float) -> tuple[Decision, ...]:
    """Return what the players of an exercise have decided on a proposal by `at` s; nothing where it is no exercise.

    Each decision carries the mark `PLAYED` before its person. Who neither approves nor rejects stays silent.
    """
    if policy is None or not policy.exercise:
        return ()
    kinds = _kinds(proposal)
    found = []
    for player in policy.players:
        verdict = _verdict_of(player, proposal.agent, kinds)
        when = proposal.made + player.after
        if verdict and when <= at:
            by = f"{PLAYED}{player.person}"
            found.append(Decision(proposal.hash, verdict, by, player.role, when, "exercise"))
    return tuple(found)


def _verdict_of(player: Player, agent: str, kinds: frozenset[str]) -> str:
    if agent in player.rejects or kinds & frozenset(player.rejects):
        return REJECT
    return APPROVE if EVERY in player.approves or (kinds and kinds <= frozenset(player.approves)) else ""


def _kinds(proposal: Proposal) -> frozenset[str]:
    return frozenset(step.action.kind for step in proposal.steps)


def _weighed(
    proposal: Proposal, level: int, decisions: Sequence[Decision], at: float, policy: Policy | None
) -> tuple[tuple[Decision, ...], tuple[tuple[Decision, str], ...]]:
    """Return the decisions that have force, and those that have none with why."""
    counted, powerless = [], []
    for decision in decisions:
        code = _why_not(proposal, level, decision, at, policy)
        if code:
            powerless.append((decision, code))
        else:
            counted.append(decision)
    return tuple(counted), tuple(powerless)


def _why_not(proposal: Proposal, level: int, decision: Decision, at: float, policy: Policy | None) -> str:
    """Return why a decision has no force, "" where it has."""
    if policy is None:
        return "no_policy"
    if decision.verdict not in (APPROVE, REJECT):
        return "no_verdict"
    if not proposal.made <= decision.at <= min(at, proposal.expires):
        return "not_in_time"
    if decision.by.startswith(PLAYED) and not policy.exercise:
        return "no_exercise"
    person = _person(decision, policy)
    if person is None:
        return "unknown_person"
    if proposal.agent in (*person.agents, person.id):
        return "proposer"
    role = policy.roles.get(decision.role)
    if role is None or decision.role not in person.roles:
        return "not_his_role"
    return "" if _entitled(role, proposal, level, decision.verdict) else "not_entitled"


def _entitled(role: Role, proposal: Proposal, level: int, verdict: str) -> bool:
    """Return whether a role may decide: to approve it has to reach every kind, to reject one is enough.

    What acts by itself needs no approval, but whoever may approve level 2 may stop it.
    """
    kinds = _kinds(proposal)
    if verdict == APPROVE:
        return role.may(level, kinds)
    return any(role.may(max(level, 2), frozenset({kind})) for kind in kinds) or not kinds


def _person(decision: Decision, policy: Policy) -> Person | None:
    return policy.persons.get(decision.by.removeprefix(PLAYED))


def _missing(level: int, kinds: frozenset[str], valid: Sequence[Decision], policy: Policy) -> tuple[str, ...]:
    """Return the roles that have still to approve; of level 2 one of those that are named is enough."""
    if level < 3:
        return () if valid else tuple(sorted(r.id for r in policy.roles.values() if r.may(level, kinds)))
    first, second = (sorted({d.by.removeprefix(PLAYED) for d in valid if d.role == role}) for role in policy.level3)
    if any(a != b for a in first for b in second):
        return ()
    if first and second:  # one person in both roles: somebody else has to be the second
        return (policy.level3[1],)
    return tuple(role for role, by in zip(policy.level3, (first, second), strict=True) if not by)


def _overrides(refusals: Sequence[Refusal], approvals: Sequence[Decision]) -> tuple[str, ...]:
    """Return which rules nobody who approves has given a reason against."""
    given = {rule for d in approvals if d.reason.strip() for rule in d.override}
    return tuple(f"override:{rule}" for rule in sorted({r.rule for r in refusals} - given))


def _reachable(proposal: Proposal, level: int, policy: Policy) -> bool:
    """Return whether the policy knows enough persons who could ever approve this."""
    kinds = _kinds(proposal)
    free = [p for p in policy.persons.values() if proposal.agent not in (*p.agents, p.id)]
    able = {
        role.id: {p.id for p in free if role.id in p.roles} for role in policy.roles.values() if role.may(level, kinds)
    }
    if level < 3:
        return any(able.values())
    first, second = (able.get(role, set()) for role in policy.level3)
    return any(a != b for a in first for b in second)
