"""What can be done to a running hazard, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Action:
    """`kind` is a word the hazard knows (barrier, pump); `at` is s from the start of the run; `target` an id or ""."""

    kind: str
    at: float = 0.0
    target: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action changed at once: `cells` touched, and a sentence for the journal."""

    action: Action
    cells: int
    note: str
