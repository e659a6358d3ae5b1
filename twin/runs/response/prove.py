"""The paired simulation behind a proposal: every member of the forecast with it and without it.

A proposal that leaves the hazard as it is shares the members' runs, and only the town lives through them twice; one
that changes the hazard has each member run again from where it stands now. Without steps the difference is exactly 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import RefusedError
from twin.hazards import make
from twin.model.response.proposal import MEASURES, Effect, Proof
from twin.runs.response.courses import Layout, Moment, outlook_of
from twin.runs.response.forecast import LEFT_OUT, look_ahead

if TYPE_CHECKING:
    from twin.model.action import Action
    from twin.model.response.proposal import Proposal
    from twin.model.response.view import Outlook
    from twin.runs.response.damage import Prices
    from twin.runs.response.forecast import Branch, Together
    from twin.runs.response.targets import Targets
    from twin.runs.response.town import Outcome, Town

LOW, HIGH = 0.05, 0.95


@dataclass(slots=True, eq=False)
class Prover:
    """Proves the proposals of one cycle; what happens without them is worked out once.

    town      as it is believed to be now;   outlook, branches  the forecast, and from where to run it again
    """

    town: Town
    outlook: Outlook
    branches: Sequence[Branch]
    layout: Layout
    prices: Prices
    targets: Targets
    together: Together
    _without: list[Outcome] | None = None

    def prove(self, proposal: Proposal) -> Proof:
        """Return the effects of a proposal, the whole city first and then by district.

        Raises RefusedError where the hazard does not take an action as it is: persons shall not approve what cannot be.
        """
        if self._without is None:
            self._without = [self._lived(None, m)[0] for m in range(len(self.branches))]
        lived = [self._lived(proposal, m) for m in range(len(self.branches))]
        after = [outcome for outcome, _ in lived]
        changed = [m for m, (_, acts) in enumerate(lived) if acts]
        now, horizon = self.outlook.made, self.outlook.horizon
        anew = [_Again(self.layout, self.branches[m], tuple(lived[m][1]), now, now + horizon) for m in changed]
        for m, (moments, refused) in zip(changed, self.together(_again, anew), strict=True):
            if refused:
                raise RefusedError(refused[0])
            seen = outlook_of(self.layout, [moments], now, horizon, self.outlook.id)
            after[m] = self._lived(proposal, 0, seen)[0]
        pairs = list(zip(self._without, after, strict=True))
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

    def _lived(
        self, proposal: Proposal | None, member: int, outlook: Outlook | None = None
    ) -> tuple[Outcome, list[Action]]:
        """Return what the town has been through at the horizon, and what was done to the hazard on the way."""
        town, seen = self.town.copy(), outlook or self.outlook
        now = self.outlook.made
        if proposal is not None:
            town.take(proposal, now)
        acts = town.advance(now + self.outlook.horizon, seen, member)
        hazard = make(self.branches[0].setting.scenario.hazard)
        water = self.prices.water(seen.homes.depth[member].max(axis=0))
        lit = {id_ for id_, fire in zip(seen.homes.ids, seen.homes.fire[member].any(axis=0), strict=True) if fire}
        each = np.maximum(water, self.prices.fire(lit)) if lit else water
        kinds = frozenset(hazard.measures) - LEFT_OUT
        done = [self.targets.placed(act) for act in acts if act.kind in kinds]
        return town.outcome().adding("damage", *self.prices.by_district(each)), done


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
    """Return the effects in a district, measure by measure; those that no member counts are left out."""
    found = []
    for measure in MEASURES:
        before = np.array([one.of(measure, district) for one, _ in pairs])
        after = np.array([other.of(measure, district) for _, other in pairs])
        if not (before.any() or after.any()):
            continue
        gain = after - before
        low, median, high = np.quantile(gain, [LOW, 0.5, HIGH]).tolist()
        found.append(
            Effect(measure, district, median, low, high, float(np.median(before)), tuple(float(g) for g in gain))
        )
    return found
