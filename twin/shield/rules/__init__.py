"""The rules of the shield, one file each; a rule is a pure function and returns why not, or None.

STEP   look at one step alone                       (item, known) -> Refusal | None
JOINT  look at all steps of the cycle together      (items, known) -> the number of an item -> Refusal
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from twin.model.response.proposal import Refusal
from twin.shield.known import Item, Known
from twin.shield.rules.access import access
from twin.shield.rules.awards import awards
from twin.shield.rules.bounds import bounds
from twin.shield.rules.capacity import capacity
from twin.shield.rules.confidence import confidence
from twin.shield.rules.contradiction import contradiction
from twin.shield.rules.kinds import kinds
from twin.shield.rules.params import params
from twin.shield.rules.reopening import reopening
from twin.shield.rules.shelter import shelter
from twin.shield.rules.targets import targets
from twin.shield.rules.times import times
from twin.shield.rules.units import units
from twin.shield.rules.way import way

StepRule = Callable[[Item, Known], Refusal | None]
JointRule = Callable[[Sequence[Item], Known], Mapping[int, Refusal]]

STEP: tuple[StepRule, ...] = (kinds, targets, params, times, confidence, awards, shelter, way, reopening)
"""In the order they are asked: what a rule takes for granted stands before it."""

JOINT: tuple[JointRule, ...] = (contradiction, units, capacity, access, bounds)
