"""The paired simulation behind a proposal: every member of the forecast with it and without it.

A proposal that leaves the hazard as it is shares the members' runs, and only the town lives through them twice; one
that changes the hazard has each member run again from where it stands now, around what is changed: see `local`.
Without steps the difference is exactly 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import RefusedError
from twin.hazards import make
from twin.model.response.proposal import MEASURES, Effect, Proof
from twin.physics.crowd.site import ACTIONS
from twin.runs.response.courses import Layout, outlook_of
from twin.runs.response.forecast import LEFT_OUT, Branch
from twin.runs.response.local import again
from twin.runs.response.pool import Shared, Together

if TYPE_CHECKING:
    from twin.model.action import Action
    from twin.model.field import Bounds
    from twin.model.response.proposal import Proposal
    from twin.model.response.view import Outlook
    from twin.model.run import Frame
    from twin.runs.response.crowds import Crowd
    from twin.runs.response.damage import Prices
    from twin.runs.response.targets import Targets
    from twin.runs.response.town import Outcome, Town

LOW, HIGH = 0.05, 0.95
ALWAYS = "damage"
"""Measure that is told of the whole city even where nothing comes to anything: a proof without any effect is none."""
HARMED = ("person_minutes_water", "person_minutes_fire", "person_minutes_crowd", "damage", "lost_access")
"""Measures in which a proposal has to gain something when it harms in one of them."""
CROWD_AHEAD = 600.0
"""s that a crowd is walked on in a proof: people who are there now have left by then."""
NOWHERE: Bounds = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Now:
    """What all proofs of a cycle begin with; see `Prover`."""

    town: Town
    outlook: Outlook
    layout: Layout
    prices: Prices
    targets: Targets


@dataclass(frozen=True, slots=True, eq=False)
class _Member:
    """A member of the forecast as it is without a proposal: what has been approved earlier acts in it.

    number  in the outlook of the cycle;   seen  its own where it was run anew since, of one member
    acts    on the hazard, on the way to the horizon;   frames  see `Branch`
    """

    branch: Branch
    number: int
    seen: Outlook | None = None
    acts: tuple[Action, ...] = ()
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Life:
    """A member through which the town is to live, with a proposal or without."""

    now: Shared[_Now]
    member: Shared[_Member]
    proposal: Proposal | None


@dataclass(frozen=True, slots=True, eq=False)
class _Lived:
    """What the town has been through.

    refused  what the hazard says of actions that it does not take
    area     west, south, east, north in m of what was run anew
    member   as it is now, where it was run anew without a proposal
    """

    outcome: Outcome
    refused: Sequence[str] = ()
    area: Bounds = NOWHERE
    member: _Member | None = None


@dataclass(slots=True, eq=False)
class Prover:
    """Proves the proposals of one cycle; what happens without them is worked out once.

    crowd     as cameras and turnstiles have it, which is exact here: its proof knows more than a city would
    town      as it is believed to be now;   outlook, branches  the forecast, and from where to run it again
    """

    town: Town
    outlook: Outlook
    branches: Sequence[Branch]
    layout: Layout
    prices: Prices
    targets: Targets
    together: Together
    crowd: Crowd | None = None
    _without: list[Outcome] | None = None
    _now: Shared[_Now] = field(init=False)
    _members: list[Shared[_Member]] = field(init=False)

    def __post_init__(self) -> None:
        self._now = Shared(_Now(self.town, self.outlook, self.layout, self.prices, self.targets))
        self._members = [
            Shared(_Member(branch, number, frames=branch.frames)) for number, branch in enumerate(self.branches)
        ]

    def prove(self, proposal: Proposal) -> Proof:
        """Return the effects of a proposal, the whole city first and then by district.

        Raises RefusedError where the hazard does not take an action as it is: persons shall not approve what cannot be.
        """
        without = self._without = self._before() if self._without is None else self._without
        after = self._lives(proposal)
        refused = [text for lived in after for text in lived.refused]
        if refused:
            raise RefusedError(refused[0])
        pairs = self._with_crowds(proposal, [(one, other.outcome) for one, other in zip(without, after, strict=True)])
        districts = sorted({d for pair in pairs for one in pair for table in one.values.values() for d in table})
        effects = [effect for district in districts for effect in _effects(pairs, district)]
        areas = [lived.area for lived in after if lived.area != NOWHERE]
        west, south, east, north = zip(*(areas or [NOWHERE]), strict=True)
        return Proof(
            proposal.hash,
            self.outlook.id,
            len(pairs),
            tuple(branch.setting.scenario.seed for branch in self.branches),
            self.outlook.horizon,
            tuple(effects),
            self.layout.grid.cell if areas else 0.0,
            (min(west), min(south), max(east), max(north)),
        )

    def _before(self) -> list[Outcome]:
        """Return what each member comes to by itself; what has been approved earlier acts in it from now on."""
        found = self._lives(None)
        self._members = [
            old if lived.member is None else Shared(lived.member)
            for old, lived in zip(self._members, found, strict=True)
        ]
        return [lived.outcome for lived in found]

    def _lives(self, proposal: Proposal | None) -> list[_Lived]:
        """Return what comes of a proposal, or of none, in every member."""
        return list(self.together(_lived, [_Life(self._now, member, proposal) for member in self._members]))

    def _with_crowds(
        self, proposal: Proposal, pairs: Sequence[tuple[Outcome, Outcome]]
    ) -> list[tuple[Outcome, Outcome]]:
        """Return the pairs with what the crowd goes through, where the proposal does something at its gates.

        All members share the first one's water: how people walk is what takes the time, and the same people walk.
        """
        if self.crowd is None or not any(step.action.kind in ACTIONS for step in proposal.steps):
            return list(pairs)
        courses = [_Walk(self.crowd.copy(), self.outlook, one) for one in (None, proposal)]
        before, after = self.together(_walked, courses)
        return [
            (one.adding("person_minutes_crowd", {}, before), other.adding("person_minutes_crowd", {}, after))
            for one, other in pairs
        ]


def _lived(life: _Life) -> _Lived:
    """Return what the town has been through at the horizon.

    The hazard is run anew only where something else is done to it than in the member as it is without the proposal.
    """
    now, member, proposal = life.now.value, life.member.value, life.proposal
    seen, number = (now.outlook, member.number) if member.seen is None else (member.seen, 0)
    outcome, acts = _town(now, member.branch, proposal, seen, number)
    if acts == member.acts:
        return _Lived(outcome)
    begin, horizon = now.outlook.made, now.outlook.horizon
    anew = again(member.branch, member.frames, now.layout, (member.acts, acts), begin, begin + horizon)
    if anew.refused and proposal is not None:
        return _Lived(outcome, anew.refused, anew.area)
    seen = outlook_of(now.layout, [anew.moments], begin, horizon, now.outlook.id)
    outcome, _ = _town(now, member.branch, proposal, seen, 0)
    is_so = replace(member, seen=seen, acts=acts, frames=anew.frames) if proposal is None else None
    return _Lived(outcome, area=anew.area, member=is_so)


def _town(
    now: _Now, branch: Branch, proposal: Proposal | None, seen: Outlook, member: int
) -> tuple[Outcome, tuple[Action, ...]]:
    """Return what the town has been through at the horizon, and what was done to the hazard on the way."""
    town, begin = now.town.copy(), now.outlook.made
    if proposal is not None:
        town.take(proposal, begin)
    acts = town.advance(begin + now.outlook.horizon, seen, member)
    kinds = frozenset(make(branch.setting.scenario.hazard).measures) - LEFT_OUT
    water = now.prices.water(seen.homes.depth[member].max(axis=0))
    lit = {id_ for id_, fire in zip(seen.homes.ids, seen.homes.fire[member].any(axis=0), strict=True) if fire}
    each = np.maximum(water, now.prices.fire(lit)) if lit else water
    outcome = town.outcome().adding("damage", *now.prices.by_district(each))
    return outcome, tuple(now.targets.placed(act) for act in acts if act.kind in kinds)


@dataclass(frozen=True, slots=True, eq=False)
class _Walk:
    """A crowd to be walked on from now, with a proposal or without."""

    crowd: Crowd
    outlook: Outlook
    proposal: Proposal | None


def _walked(walk: _Walk) -> float:
    """Return the person-minutes that a crowd spends too close together, up to `CROWD_AHEAD` s from now."""
    crowd, seen, now = walk.crowd, walk.outlook, walk.outlook.made
    if walk.proposal is not None:
        crowd.take(walk.proposal, now)
    for time in np.arange(now, now + min(CROWD_AHEAD, seen.horizon) + 1.0, 60.0).tolist():
        k = max(int(np.searchsorted(seen.sites.times, time, side="right")) - 1, 0)
        crowd.advance(time, seen.sites.depth[0, k], seen.homes.depth[0, k])
    return crowd.person_minutes()


def _effects(pairs: Sequence[tuple[Outcome, Outcome]], district: str) -> list[Effect]:
    """Return the effects in a district, measure by measure; those that no member counts are left out.

    But for `ALWAYS`.
    """
    found = []
    for measure in MEASURES:
        before = np.array([one.of(measure, district) for one, _ in pairs])
        after = np.array([other.of(measure, district) for _, other in pairs])
        if not (before.any() or after.any() or (measure == ALWAYS and not district)):
            continue
        gain = after - before
        low, median, high = np.quantile(gain, [LOW, 0.5, HIGH]).tolist()
        found.append(
            Effect(measure, district, median, low, high, float(np.median(before)), tuple(float(g) for g in gain))
        )
    return found


def only_harms(proof: Proof) -> bool:
    """Return whether a proof shows harm to people, their ways or what they own, and a gain in nothing."""
    whole = [effect for effect in proof.effects if not effect.district and effect.measure in HARMED]
    return any(effect.low > 0 for effect in whole) and not any(effect.median < 0 for effect in whole)
