"""The paired simulation behind a proposal: every member of the forecast with it and without it.

A proposal that leaves the hazard as it is shares the members' runs, and only the town lives through them twice; one
that changes the hazard has each member run again from where it stands now. Without steps the difference is exactly 0.
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
from twin.runs.response.courses import Layout, Moment, outlook_of
from twin.runs.response.forecast import LEFT_OUT, look_ahead
from twin.runs.response.town.outcome import Outcome

if TYPE_CHECKING:
    from twin.model.action import Action
    from twin.model.response.proposal import Proposal
    from twin.model.response.view import Outlook
    from twin.runs.response.crowds import Crowd
    from twin.runs.response.damage import Prices
    from twin.runs.response.forecast import Branch, Together
    from twin.runs.response.targets import Targets
    from twin.runs.response.town import Town

LOW, HIGH = 0.05, 0.95
ALWAYS = "damage"
"""Measure that is told of the whole city even where nothing comes to anything: a proof without any effect is none."""
CROWD_AHEAD = 600.0
"""s that a crowd is walked on in a proof: people who are there now have left by then."""


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
    _without: list[_Lived] | None = None

    def prove(self, proposal: Proposal) -> Proof:
        """Return the effects of a proposal, the whole city first and then by district.

        Raises RefusedError where the hazard does not take an action as it is: persons shall not approve what cannot be.
        """
        if self._without is None:
            self._without = self._lived(None, [_Lived(self.outlook, m) for m in range(len(self.branches))])
        after = self._lived(proposal, self._without)
        pairs = [(one.outcome, other.outcome) for one, other in zip(self._without, after, strict=True)]
        pairs = self._with_crowds(proposal, pairs)
        districts = sorted({d for pair in pairs for one in pair for table in one.values.values() for d in table})
        effects = [effect for district in districts for effect in _effects(pairs, district)]
        grid = self.layout.grid
        return Proof(
            proposal.hash,
            self.outlook.id,
            len(pairs),
            tuple(branch.setting.scenario.seed for branch in self.branches),
            self.outlook.horizon,
            tuple(effects),
            grid.cell,
            grid.bounds,
        )

    def _lived(self, proposal: Proposal | None, before: Sequence[_Lived]) -> list[_Lived]:
        """Return what each member comes to.

        before  each member as it is without the proposal. What has been approved earlier acts in both: a member is run
                anew only where something else is done to the hazard than there
        """
        found = [self._once(proposal, one) for one in before]
        now, until = self.outlook.made, self.outlook.made + self.outlook.horizon
        other = [m for m, (one, there) in enumerate(zip(found, before, strict=True)) if one.acts != there.acts]
        anew = [_Again(self.layout, self.branches[m], found[m].acts, now, until) for m in other]
        for m, (moments, refused) in zip(other, self.together(_again, anew), strict=True):
            if refused and proposal is not None:
                raise RefusedError(refused[0])
            seen = outlook_of(self.layout, [moments], now, self.outlook.horizon, self.outlook.id)
            found[m] = replace(self._once(proposal, _Lived(seen, 0)), acts=found[m].acts)
        return found

    def _once(self, proposal: Proposal | None, one: _Lived) -> _Lived:
        """Return what the town has been through at the horizon, and what was done to the hazard on the way."""
        town, seen, member = self.town.copy(), one.seen, one.member
        now = self.outlook.made
        if proposal is not None:
            town.take(proposal, now)
        acts = town.advance(now + self.outlook.horizon, seen, member)
        kinds = frozenset(make(self.branches[0].setting.scenario.hazard).measures) - LEFT_OUT
        water = self.prices.water(seen.homes.depth[member].max(axis=0))
        lit = {id_ for id_, fire in zip(seen.homes.ids, seen.homes.fire[member].any(axis=0), strict=True) if fire}
        each = np.maximum(water, self.prices.fire(lit)) if lit else water
        outcome = town.outcome().adding("damage", *self.prices.by_district(each))
        return _Lived(seen, member, tuple(self.targets.placed(act) for act in acts if act.kind in kinds), outcome)

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


@dataclass(frozen=True, slots=True, eq=False)
class _Lived:
    """A member that was lived through: what was seen, what was done to the hazard, what it came to."""

    seen: Outlook
    member: int
    acts: tuple[Action, ...] = ()
    outcome: Outcome = field(default_factory=lambda: Outcome({}))


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


@dataclass(frozen=True, slots=True, eq=False)
class _Again:
    """A member to be run from `now` to `until` with further actions."""

    layout: Layout
    branch: Branch
    acts: tuple[Action, ...]
    now: float
    until: float


def _again(one: _Again) -> tuple[list[Moment], list[str]]:
    """Return a member run anew from now on with actions, and what the hazard says of those that it refuses."""
    branch = one.branch
    hazard = make(branch.setting.scenario.hazard)
    hazard.start(branch.setting)
    hazard.load(branch.saved, branch.done)
    refused: list[str] = []
    ahead = look_ahead(hazard, one.layout, one.now, one.until, [*branch.coming, *one.acts], refused)
    return ahead, refused


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
