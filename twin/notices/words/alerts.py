"""What alerts say: events with their CAP category, guidance, and the reasons of the watches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """What happens.

    name      in Korean, in English
    category  in the words of CAP 1.2;   response  what people are asked to do, in the words of CAP 1.2
    """

    name: tuple[str, str]
    category: str
    response: str


EVENTS = {
    "flood": Event(("침수", "Flooding"), "Met", "Prepare"),
    "fire": Event(("화재 확산", "Spreading fire"), "Fire", "Prepare"),
    "crowd": Event(("인파 밀집", "Dangerous crowding"), "Safety", "Avoid"),
}

#: event -> what people are told to do; general words, no place and no number
GUIDANCE = {
    "flood": (
        "반지하와 지하 공간에서 나와 높은 곳으로 갈 준비를 하십시오. 물에 잠긴 도로와 지하차도에 들어가지 마십시오.",
        "Leave basements and be ready to move to higher ground. Do not enter flooded roads or underpasses.",
    ),
    "fire": (
        "창문을 닫고 대피할 준비를 하십시오. 연기와 불길에서 멀어지고 소방차의 길을 막지 마십시오.",
        "Close windows and be ready to leave. Keep away from smoke and flames and keep the way free for fire engines.",
    ),
    "crowd": (
        "그 곳으로 가지 마십시오. 안에 있으면 흐름에 맞추어 가장자리로 나오십시오.",
        "Do not go there. If you are inside, move with the flow towards the edge.",
    ),
    "over": ("경보가 끝났습니다.", "The warning has ended."),
}

SENTENCES: dict[str, tuple[str, str]] = {
    "flood.warning": (
        "{about}: 약 {minutes}분 안에 침수될 수 있습니다 (가능성 {chance}, 위험 인원 약 {people}명).",
        "{about}: flooding may begin within some {minutes} min (chance {chance}, some {people} people in danger).",
    ),
    "flood.possible": (
        "{about}: 침수될 가능성이 있습니다 (가능성 {chance}, 위험 인원 약 {people}명).",
        "{about}: flooding is possible (chance {chance}, some {people} people in danger).",
    ),
    "flood.over": (
        "{about}: 침수 위험이 낮아졌습니다 (가능성 {chance}).",
        "{about}: the danger of flooding has gone down (chance {chance}).",
    ),
    "flood.rain": (
        "강한 비: 지금 {now} mm/h, 예상 최대 {peak} mm/h, 누적 {sum} mm.",
        "Heavy rain: {now} mm/h now, up to {peak} mm/h expected, {sum} mm in all.",
    ),
    "flood.rising": (
        "{about}: 수위 {level} m, 시간당 {rise} m 오르고 있습니다.",
        "{about}: level {level} m, rising by {rise} m per hour.",
    ),
    "fire.warning": (
        "{about}: 약 {minutes}분 안에 불이 닿을 수 있습니다 (가능성 {chance}, 위험 인원 약 {people}명).",
        "{about}: fire may arrive within some {minutes} min (chance {chance}, some {people} people in danger).",
    ),
    "fire.possible": (
        "{about}: 불이 닿을 가능성이 있습니다 (가능성 {chance}, 위험 인원 약 {people}명).",
        "{about}: fire may reach it (chance {chance}, some {people} people in danger).",
    ),
    "fire.over": (
        "{about}: 불이 닿을 위험이 낮아졌습니다 (가능성 {chance}).",
        "{about}: the danger of fire has gone down (chance {chance}).",
    ),
    "fire.reported": ("화재 신고: {place}.", "Fire reported: {place}."),
    "fire.wind": (
        "강한 바람 {speed} m/s, 풍향 {direction}도: 불이 빨리 번질 수 있습니다.",
        "Strong wind of {speed} m/s from {direction} degrees: fire may spread fast.",
    ),
}
