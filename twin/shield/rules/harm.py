"""No action whose proven effect may be harm beyond the limit, and none of level 2 or more without a proof."""

from __future__ import annotations

import math

from twin.model.response.proposal import Effect, Proof, Proposal, Reason, Refusal
from twin.shield.limits import Limits

PROVEN = 2
"""Level from which a proposal needs a proof."""


def harm(proposal: Proposal, proof: Proof | None, limits: Limits) -> Refusal | None:
    """Refuse a proposal as a whole whose effect on the city, at the upper end of its interval, is above the limit.

    A proof of another proposal, without members, without an effect on the whole city, or with figures that are no
    numbers, proves nothing.
    """
    if not proposal.steps or (proof is None and proposal.level < PROVEN):
        return None
    if proof is None:
        return _refused("shield.harm.unproven")
    if proof.proposal != proposal.hash:
        return _refused("shield.harm.other_proposal", proof.proposal[:12])
    city = [effect for effect in proof.effects if not effect.district]
    if proof.members < 1 or not city or not all(sound(effect) for effect in proof.effects):
        return _refused("shield.harm.unsound")
    for effect in city:
        if effect.measure in limits.harm:
            limit = max(limits.harm[effect.measure], limits.harm_share * abs(effect.without))
            if effect.high > limit:
                return _refused("shield.harm.limit", effect.measure, effect.high, limit)
    return None


def sound(effect: Effect) -> bool:
    """Return whether the figures of an effect are numbers in their order."""
    figures = (effect.low, effect.median, effect.high, effect.without, *effect.members)
    return all(math.isfinite(f) for f in figures) and effect.low <= effect.median <= effect.high


def _refused(code: str, measure: str = "", high: float = 0.0, limit: float = 0.0) -> Refusal:
    return Refusal("harm", -1, Reason(code, {"measure": measure, "high": high, "limit": limit}))
