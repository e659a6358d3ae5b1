from __future__ import annotations

from tests.viewer.small import RUN
from viewer.moments import elapsed, label, short, start


def test_moments_are_in_the_clock_of_the_city(city) -> None:
    begin = start(city, RUN)
    assert begin is not None
    assert begin.isoformat() == "2026-07-15T22:00:00+09:00"
    assert label(city, RUN, 3900.0, "ko") == "2026-07-15 23:05 · 시작 후 1:05"
    assert label(city, RUN, 3900.0, "en") == "2026-07-15 23:05 · 1:05 after the start"
    assert short(city, RUN, 600.0) == "22:10"
    assert elapsed(59.0) == "0:01"
