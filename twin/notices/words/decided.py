"""Where a proposal stands, and why an agent was not heard."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "standing.by_itself": ("사람의 승인이 필요 없는 단계입니다.", "A level that needs no person's approval."),
    "standing.approved": ("승인되었습니다.", "Approved."),
    "standing.rejected": ("반려되었습니다.", "Rejected."),
    "standing.shield": ("안전 규칙에 어긋나 거부되었습니다.", "Refused by a safety rule."),
    "standing.recorded": (
        "기록만 합니다. 결정은 이 시스템 밖의 기관이 합니다.",
        "Recorded only; an authority outside decides.",
    ),
    "standing.expired": ("승인되지 않은 채 기한이 지났습니다.", "Its time ran out without approval."),
    "standing.used": ("이미 한 번 실행되었습니다.", "It has been carried out once already."),
    "standing.lapsed": ("승인의 기한이 지났습니다.", "Its approval has lapsed."),
    "standing.waiting": ("승인을 기다립니다.", "Waiting for approval."),
    "standing.no_policy": ("승인 규정이 없어 모의로만 둡니다.", "No policy of approval: dry-run only."),
    "standing.nobody_may": ("승인할 수 있는 사람이 없어 모의로만 둡니다.", "Nobody may approve it: dry-run only."),
    "plan.no_unit": ("이 일을 맡을 수 있는 종류의 출동대가 없습니다.", "There is no unit of the kind that this takes."),
    "plan.no_seats": ("태울 자리가 있는 차량이 없습니다.", "No vehicle has the seats for it."),
    "plan.no_way": ("물이나 불을 지나지 않는 길이 없습니다.", "There is no way that water and fire leave open."),
    "plan.late": ("기한 안에 갈 수 있는 출동대가 없습니다.", "No unit can be there in time."),
    "plan.full": ("대피소에 자리가 없습니다.", "The shelter has no room left."),
    "plan.road_taken": ("그 도로는 다른 일에 쓰입니다.", "The road is taken for something else."),
    "plan.unknown": ("그 일의 자리가 도로에서 찾아지지 않습니다.", "Its place is not found on the roads."),
    "plan.busy": ("모든 출동대가 더 급한 일을 하고 있습니다.", "All units have more urgent work."),
    "guard.raised": (
        "에이전트가 오류로 멈추어 이번 제안을 받지 않았습니다.",
        "The agent failed; it was not heard this time.",
    ),
    "guard.slow": ("에이전트가 제때 답하지 않아 제외했습니다.", "The agent did not answer in time and was cut off."),
    "guard.flood": (
        "에이전트가 너무 많은 것을 제안하여 받지 않았습니다.",
        "The agent proposed too much and was not heard.",
    ),
    "guard.nonsense": ("에이전트의 답이 형식에 맞지 않았습니다.", "The agent's answer was not in the set form."),
    "guard.foreign_name": ("에이전트가 다른 이름으로 제안했습니다.", "The agent proposed under another name."),
    "guard.contradiction": ("에이전트의 제안이 서로 어긋났습니다.", "The agent contradicted itself."),
    "guard.suspended": ("에이전트가 앞서 제외되어 있습니다.", "The agent has been cut off before."),
}
