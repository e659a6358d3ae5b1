"""The books of a run while it goes: budgets frame by frame, what measures did, how long each phase took."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin.model.run import Budget


@dataclass(slots=True)
class Course:
    """How a run has gone so far.

    frames   the budget at each frame
    effects  what measures did
    phases   wall seconds per phase
    """

    frames: list[dict[str, Any]] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    phases: dict[str, float] = field(default_factory=dict)


def books_of(budget: Budget) -> dict[str, Any]:
    """Return a budget as the record holds it; `also`: those of the other hazards, where there are any."""
    books: dict[str, Any] = {
        "in": budget.inflow,
        "out": budget.outflow,
        "stored": budget.stored,
        "error_relative": budget.error_relative,
        "parts": dict(budget.parts),
        "unit": budget.unit,
    }
    return books | ({"also": [books_of(other) for other in budget.also]} if budget.also else {})
