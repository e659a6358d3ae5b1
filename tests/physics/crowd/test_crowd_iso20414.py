"""Short forms of the verification tests; the whole of them runs as a validation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.physics.crowd import iso20414
from tests.physics.crowd.iso20414 import TESTS, Result


@pytest.mark.parametrize("test", TESTS, ids=lambda t: t.__name__)
def test_verification_test_passes(test: Callable[[], Result]) -> None:
    quick = {
        "counterflow": lambda: iso20414.counterflow(against=(0, 50)),
        "door_flow": lambda: iso20414.door_flow(seeds=(1,)),
        "speed_and_density": lambda: iso20414.speed_and_density((1.0, 3.0)),
    }
    result = quick.get(test.__name__, test)()
    print(result)
    assert result.passed, str(result)


def test_each_is_asked_once() -> None:
    assert len(TESTS) == 15
    numbers = sorted({1, *range(2, 15), 18})
    assert len(numbers) == 15


def test_a_result_can_fail() -> None:
    assert not Result(2, "speed", 41.0, 40.0, 0.5, "s", "-").passed
    assert not Result(11, "flow", 1.4, 1.33, 0.0, "1/m/s", "-", "<=").passed
    assert not Result(6, "counter-flows", float("-inf"), 0.0, 0.0, "s", "-", ">").passed
