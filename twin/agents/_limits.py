"""From which water, heat and crowding something is dangerous or closed, by what agents go. Each with its source."""

from __future__ import annotations

STAIRS = 0.17
"""m of water at the head of the stairs from which a half-basement is left with difficulty.
Source: 국립재난안전연구원, experiment, as the press gives it (unverified at the institute)."""

WADE = 0.20
"""m of water in which a child of ten walks with difficulty: 보행곤란수심, 초등 5-6학년.
Source: 지하공간 수방 기준 해설."""

FLOOR = 0.50
"""m of water on a ground floor in which a woman walks with difficulty: 보행곤란수심.
Source: 지하공간 수방 기준 해설."""

WADE_PRODUCT = 0.3
"""m2 s-1, depth times speed up to which people stand safely. Source: AIDR Guideline 7-3, H1."""

CAR = 0.3
"""m of water in which a small car floats or stalls. Source: AIDR Guideline 7-3, H1."""

CAR_PRODUCT = 0.3
"""m2 s-1, the same. Source: AIDR Guideline 7-3, H1."""

LARGE = 0.5
"""m of water that a fire engine or a bus still passes. Source: AIDR Guideline 7-3, H2."""

LARGE_PRODUCT = 0.6
"""m2 s-1, the same. Source: AIDR Guideline 7-3, H2."""

UNDERPASS = 0.15
"""m of water in an underpass at which it is closed.
Source: rule of the ministry of land (국토교통부) of April 2024, as MBN reported it on 2024-05-26."""

EXTREME_HOUR, EXTREME_3H, EXTREME_ALONE = 50.0, 90.0, 72.0
"""mm in an hour and in three hours together, or in an hour alone: 극한호우, for which KMA sends an emergency text.
Source: KMA, rule of 2023-06-15, as the press gives it (asiae.co.kr 2025-08-13)."""

CROWD_CAUTION, CROWD_ALERT, CROWD_SERIOUS = 3.0, 4.0, 5.0
"""People m-2: 주의, 경계, 심각 of Seoul's crowd cameras. Source: city of Seoul, as SBS reported it in October 2023."""
