"""Equity: no district gets worse than without the action by more than a share, unless a person gives a reason."""

from __future__ import annotations

from twin.model.response.proposal import Proof, Proposal, Reason, Refusal
from twin.shield.limits import Limits


def equity(proposal: Proposal, proof: Proof | None, limits: Limits) -> Refusal | None:
    """Refuse a proposal as a whole that makes a district worse off, at the upper end of the interval of an effect.

    A rise counts beyond `equity_share` of the figure without the action and beyond what `limits.equity` leaves out.
    """
    if proof is None or proof.proposal != proposal.hash:
        return None  # `harm` refuses what is not proven
    for effect in proof.effects:
        if effect.district and effect.measure in limits.equity:
            limit = max(limits.equity[effect.measure], limits.equity_share * abs(effect.without))
            if not effect.high <= limit:
                values: dict[str, float | str] = {
                    "district": effect.district,
                    "measure": effect.measure,
                    "high": effect.high,
                    "limit": limit,
                }
                return Refusal("equity", -1, Reason("shield.equity", values))
    return None
