from __future__ import annotations

import json
from typing import Any

import pytest

from twin.errors import UsageError
from twin.impact import Rules


def test_the_defaults_are_said_in_full() -> None:
    said: Any = Rules().as_dict()
    assert json.loads(json.dumps(said)) == said
    assert said["defra"]["debris_form"] == "by-depth"
    assert said["defra"]["most_limit"] == 2.5
    assert [x["rating_to"] for x in said["defra"]["limits"]] == [0.75, 1.25, 2.5, None]
    assert said["aidr"]["limits"][1] == {"class": "H2", "product_m2_s": 0.6, "depth_m": 0.5, "speed_m_s": 2.0}
    assert [v["class"] for v in said["vehicles"]] == ["small_car", "large_vehicle", "emergency"]
    assert list(Rules().unverified()) == []


def test_another_limit_is_marked_as_not_seen() -> None:
    assert [d["code"] for d in Rules(most_limit=2.0).unverified()] == ["defra_most_limit"]


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"debris": "by-dept"}, "Did you mean 'by-depth'"),
        ({"most_limit": 2.2}, r"2\.2 .* known: 2\.5 and 2"),
        ({"emergency_m": 0.1}, r"emergency_m is 0\.1; .*small car, 0\.3"),
        ({"emergency_m2_s": 11.0}, "emergency_m2_s is 11"),
    ],
)
def test_what_nobody_uses_is_refused(chosen: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        Rules(**chosen)
