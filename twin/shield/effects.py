"""The two rules that need a proof: harm, and equity between districts. Asked before persons decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twin.model.response.proposal import Proof, Proposal
from twin.shield.limits import Limits
from twin.shield.rules.equity import equity
from twin.shield.rules.harm import harm
from twin.shield.screen import Screened, Verdict

OVERRIDABLE = frozenset({"equity"})
"""Rules against which an entitled person may give a reason; against all others nobody may."""


def screen_effects(proposals: Iterable[Proposal], proofs: Mapping[str, Proof], limits: Limits) -> Screened:
    """Return proposals with what their proofs have against them.

    proofs  whole hash of a proposal -> its proof

    A proposal passes unless a rule refuses it that nobody may override. One that only `equity` refuses passes with that
    refusal: hand it to `twin.shield.decide.standing`, which lets it act only where a person overrides it with a reason.
    """
    verdicts = []
    for proposal in proposals:
        proof = proofs.get(proposal.hash)
        found = [rule(proposal, proof, limits) for rule in (harm, equity)]
        refusals = tuple(refusal for refusal in found if refusal is not None)
        stands = all(refusal.rule in OVERRIDABLE for refusal in refusals)
        verdicts.append(Verdict(proposal.hash, proposal.agent, proposal if stands else None, refusals))
    return Screened(tuple(verdicts))
