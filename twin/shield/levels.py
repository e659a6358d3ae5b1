"""Approval levels 0 to 4, and which kind of action needs which. What the table does not know is never carried out.

Levels after `agents.md` 6 (design), which follows in-, on- and out-of-the-loop control.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twin.model.action import Action
from twin.model.response.proposal import Proposal


@dataclass(frozen=True, slots=True)
class Level:
    """What an approval level means, and how many persons have to say yes; `who` in Korean and English."""

    number: int
    ko: str
    en: str
    who_ko: str
    who_en: str
    persons: int


LEVELS = (
    Level(0, "관찰·계산", "observe, compute", "없음", "nobody", 0),
    Level(1, "내부 제안", "internal suggestion", "자동, 기록", "automatic, logged", 0),
    Level(2, "되돌릴 수 있는 운영 조치", "reversible, operational", "운영자 1인", "one operator", 1),
    Level(3, "시민 이동에 영향", "affects public movement", "2인 (상황실장 + 담당부서)", "two persons", 2),
    Level(4, "강제 또는 비가역", "coercive or irreversible", "시스템 밖 기관 결정", "an agency, outside the system", 0),
)
"""By number. No number of persons carries out level 4: the system only records it."""

RECORDED = 4
"""Level of what is recorded and never carried out."""

KINDS: Mapping[str, int] = {
    "inspect": 1,
    **dict.fromkeys(("message_sign", "pump", "gate", "barrier", "underpass", "basement", "drain", "engine"), 2),
    **dict.fromkeys(("hydrant", "wet", "green_wave", "open_exit"), 2),
    **dict.fromkeys(("close_road", "reopen_road", "evacuate", "clear", "alert", "hold_entrance", "divert"), 3),
    **dict.fromkeys(("evacuation_order", "power_cut", "send_alert"), RECORDED),
}
"""Kind of action -> its level."""


def level_of(action: Action) -> int:
    """Return the level of an action, whatever its agent says; of a kind that is not known 4.

    Boards and pumps of an underpass are operational, but to close or open it moves people as a closed road does; a fire
    break that takes down buildings cannot be undone.
    """
    if action.kind == "underpass" and "closed" in action.params:
        return 3
    if action.kind == "clear" and action.params.get("demolish", False) is not False:
        return RECORDED
    return KINDS.get(action.kind, RECORDED)


def level_of_proposal(proposal: Proposal) -> int:
    """Return the level of a proposal: the highest of its steps, or what its agent states where that is higher."""
    stated = min(max(proposal.level, 0), RECORDED)
    return max([stated, *(level_of(step.action) for step in proposal.steps)])
