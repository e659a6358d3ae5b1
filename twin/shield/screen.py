"""The shield: what agents propose, judged step by step and all together, before anybody proves or approves it.

Nothing here depends on the order in which proposals come in. Where two steps cannot both pass, that goes first whose
agent, and then whose hash, comes first; closing a road goes before opening it.

A proposal that loses steps is another proposal: it has a new hash, and an approval of the old one does not hold for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from twin.errors import InputError
from twin.model.response.proposal import Proposal, Reason, Refusal, Step
from twin.model.response.view import View
from twin.shield.known import Item, Known
from twin.shield.known import known as look
from twin.shield.levels import RECORDED, level_of, level_of_proposal
from twin.shield.limits import Limits
from twin.shield.plain import plain_proposal
from twin.shield.rules import JOINT, STEP
from twin.shield.rules.evidence import evidence
from twin.shield.ways import safe_way


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one proposal.

    came      hash with which it came, "" where it has none
    agent     who proposed it, "" where it does not say
    passed    what is left of it; None: nothing
    refusals  why steps, or all of it, were refused
    """

    came: str
    agent: str
    passed: Proposal | None
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Screened:
    """What became of all of them, in the order in which they came in."""

    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> tuple[Proposal, ...]:
        """Return what may be proved and put to persons."""
        return tuple(verdict.passed for verdict in self.verdicts if verdict.passed is not None)

    @property
    def refusals(self) -> Mapping[str, tuple[Refusal, ...]]:
        """Return hash with which a proposal came -> why it or steps of it were refused."""
        return {verdict.came: verdict.refusals for verdict in self.verdicts if verdict.refusals}


@dataclass(slots=True)
class _Case:
    """A proposal while it is judged."""

    came: str
    given: Proposal
    steps: dict[int, Step] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


def screen(
    proposals: Iterable[object], view: View, limits: Limits, gates: Collection[str] = (), *, approved: bool = False
) -> Screened:
    """Return what is left of proposals when all that the rules of `twin.shield.rules` refuse is taken out.

    proposals  whatever agents handed over, of any type
    gates      ids of the gates of a crowd, which are no sites of the city
    approved   ask once more, right before persons' approvals are carried out: the world may have changed. A proposal
               passes as a whole and with the hash that was approved, or not at all

    An evacuation that leaves its way open gets the fastest one that no member of the forecast bars; it is written into
    the step, so that the way which is walked is the one that was judged. The level is never below the table's.
    """
    known = look(view, limits, gates, bound=approved)
    given = list(proposals)
    verdicts: list[Verdict | None] = [None] * len(given)
    cases: dict[int, _Case] = {}
    seen: set[str] = set()
    for n, one in enumerate(given):
        try:
            made = plain_proposal(one)
            came = made.hash
        except InputError as error:
            agent = one.agent if type(one) is Proposal and type(one.agent) is str else ""
            refusal = Refusal("plain", -1, Reason("shield.plain", {"what": str(error)[:200]}))
            verdicts[n] = Verdict("", agent[:200], None, (refusal,))
            continue
        refusal_of_all = _as_a_whole(made, known, twice=came in seen)
        seen.add(came)
        if refusal_of_all is not None:
            verdicts[n] = Verdict(came, made.agent, None, (refusal_of_all,))
        else:
            cases[n] = _Case(came, made)
    _step_by_step(cases.values(), known)
    _together(cases.values(), known)
    for n, case in cases.items():
        verdicts[n] = _verdict(case, known)
    return Screened(tuple(verdict for verdict in verdicts if verdict is not None))


def _as_a_whole(made: Proposal, known: Known, *, twice: bool) -> Refusal | None:
    """Return why a proposal is refused before any of its steps is looked at."""
    now = known.view.time
    earliest = now - (known.limits.expiry if known.bound else known.view.every)
    code = ""
    if not made.agent or not made.version:
        code = "shield.proposal.nobody"
    elif twice:
        code = "shield.proposal.twice"
    elif not earliest <= made.made <= now:
        code = "shield.proposal.made"
    elif made.expires < now or made.expires <= made.made:
        code = "shield.proposal.expired"
    if code:
        values: dict[str, float | str] = {"made": made.made, "expires": made.expires, "now": now}
        return Refusal("proposal", -1, Reason(code, values))
    return evidence(made, known)


def _step_by_step(cases: Iterable[_Case], known: Known) -> None:
    """Ask the rules that look at one step; fill in ways that were left open."""
    kept: dict[object, object] = {}
    for case in cases:
        for number, given in enumerate(case.given.steps):
            step = given if known.bound else _filled(given, known, kept)
            item = Item(case.given, number, step, level_of(step.action))
            refusal = next((found for rule in STEP if (found := rule(item, known)) is not None), None)
            if refusal is None:
                case.steps[number] = step
            else:
                case.refusals.append(refusal)
        if known.bound and case.refusals:
            case.steps.clear()


def _filled(step: Step, known: Known, kept: dict[object, object]) -> Step:
    """Return an evacuation with a way, where it had none and there is a safe one."""
    action = step.action
    home, site = known.homes.get(action.target), known.sites.get(str(action.params.get("shelter", "")))
    if action.kind != "evacuate" or action.params.get("edges") or home is None or site is None:
        return step
    nodes = range(len(known.roads.x))
    if site.node not in nodes or home.node not in nodes or home.node == site.node:
        return step
    mode = str(action.params.get("mode", "foot"))
    begins = step.award.done if step.work and step.award else action.at
    edges = safe_way(known, mode, home.node, site.node, begins, kept)
    return replace(step, action=replace(action, params={**action.params, "edges": edges})) if edges else step


def _together(cases: Iterable[_Case], known: Known) -> None:
    """Ask the rules that look at all steps, until they have nothing more to refuse.

    A step that falls may take others with it; what it made room for stays refused in this cycle.
    """
    ordered = sorted(cases, key=lambda case: (case.given.agent, case.came))
    while True:
        found = False
        for rule in JOINT:
            places = [(case, number) for case in ordered for number in sorted(case.steps)]
            items = _items(places)
            for n, refusal in sorted(rule(items, known).items()):
                case, number = places[n]
                case.refusals.append(refusal)
                case.steps.pop(number, None)
                if known.bound:
                    case.steps.clear()
                found = True
        if not found:
            return


def _items(places: Sequence[tuple[_Case, int]]) -> list[Item]:
    return [Item(case.given, n, case.steps[n], level_of(case.steps[n].action)) for case, n in places]


def _verdict(case: _Case, known: Known) -> Verdict:
    """Return what is left of a proposal, with the level and the expiry that it may have."""
    given, refusals = case.given, tuple(sorted(case.refusals, key=lambda r: r.step))
    if (given.steps and not case.steps) or (known.bound and refusals):
        return Verdict(case.came, given.agent, None, refusals)
    steps = tuple(case.steps[number] for number in sorted(case.steps))
    asked = min(max(given.level, 0), RECORDED)
    needed = max((level_of(step.action) for step in given.steps), default=0)
    level = level_of_proposal(replace(given, steps=steps, level=asked if asked > needed else 0))
    expires = min(given.expires, given.made + known.limits.expiry)
    made = replace(given, steps=steps, level=level, expires=expires)
    if known.bound and made.hash != case.came:
        refusal = Refusal("proposal", -1, Reason("shield.proposal.changed", {"level": level, "expires": expires}))
        return Verdict(case.came, given.agent, None, (refusal,))
    return Verdict(case.came, given.agent, made, refusals)
