"""The empirical formula gives the published values."""

from __future__ import annotations

import pytest

from twin.errors import UsageError
from twin.physics.urban_fire import hamada


def test_published_value() -> None:
    assert hamada.spread_rate(20, 5, 1, 0.6, constant=1.5) == pytest.approx(0.040633342232, rel=1e-10)


@pytest.mark.parametrize(("direction", "five", "ten"), [("down", 4.71, 7.77), ("side", 1.38, 1.96), ("up", 1.27, 1.53)])
def test_values_of_the_reference(direction: str, five: float, ten: float) -> None:
    found = [60 * float(hamada.spread_rate(10, 3, v, direction=direction)) for v in (5, 10)]
    assert found == pytest.approx([five, ten], abs=0.005)
    assert 60 * float(hamada.spread_rate(10, 3, 10, 0.5)) == pytest.approx(5.78, abs=0.005)


def test_unknown_direction_is_refused() -> None:
    with pytest.raises(UsageError, match="'sideways' is not known; known: down, side, up"):
        hamada.spread_rate(10, 3, 10, direction="sideways")
