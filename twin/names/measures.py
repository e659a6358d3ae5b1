"""What people call the measures of a response (`twin.model.response.proposal.MEASURES`), in Korean and English."""

from __future__ import annotations

MEASURE_NAMES = {
    "person_minutes_water": ("물속 인·분", "person-minutes in water"),
    "person_minutes_fire": ("화염·연기 인·분", "person-minutes at fire"),
    "person_minutes_crowd": ("과밀 인·분", "person-minutes in a crush"),
    "damage": ("피해액(원)", "damage, KRW"),
    "response_time": ("출동시간(초)", "response time, s"),
    "lost_access": ("고립 인·분", "person-minutes without access"),
    "cost": ("대응비용(원)", "cost, KRW"),
    "false_alarm_cost": ("헛경보 비용(원)", "cost of false alarms, KRW"),
    "exposure": ("노출 인·분", "exposure, person-minutes"),
}
"""measure -> Korean, English; `exposure`: what is summed up of people in water, at fire and in a crush."""
