"""Bounded actions per cycle, of each agent and in all; nobody can crowd out the others."""

from __future__ import annotations

from collections.abc import Sequence

from twin.model.response.proposal import Reason, Refusal
from twin.shield.known import Item, Known


def bounds(items: Sequence[Item], known: Known) -> dict[int, Refusal]:
    """Refuse steps beyond the bounds. The first of each agent go before the second of any."""
    ranked: list[tuple[int, str, int]] = []
    count: dict[str, int] = {}
    for n, item in enumerate(items):
        agent = item.proposal.agent
        ranked.append((count.get(agent, 0), agent, n))
        count[agent] = count.get(agent, 0) + 1
    found: dict[int, Refusal] = {}
    limits = known.limits
    for place, (rank, agent, n) in enumerate(sorted(ranked)):
        if rank >= limits.steps_per_agent:
            values: dict[str, float | str] = {"agent": agent, "limit": limits.steps_per_agent}
            found[n] = Refusal("bounds", items[n].number, Reason("shield.bounds.agent", values))
        elif place - len(found) >= limits.steps_in_all:
            values = {"agent": agent, "limit": limits.steps_in_all}
            found[n] = Refusal("bounds", items[n].number, Reason("shield.bounds.all", values))
    return found
