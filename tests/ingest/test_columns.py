"""Columns in another unit, by their name or by the custom of registers."""

from __future__ import annotations

import pytest

from ingest.formats.columns import Columns, unit_of


def test_pipe_diameters_of_registers_are_millimetres_and_that_is_said() -> None:
    columns = Columns("drains.gpkg")
    out = columns.tidy({"관경": [600, 1000, None, -1, 99_999]}, list("abcde"), [1, 2, 3, 4, 5])
    assert out["diameter"] == [0.6, 1.0, None, None, None]
    assert [q.reason for q in columns.quarantined] == ["관경 is outside 0 to 20 m"]
    assert any("관경 (mm) = diameter" in f.message for f in columns.findings())


def test_levels_of_both_ends_and_metres_stay_what_they_are() -> None:
    out = Columns("x").tidy(
        {"diameter": [0.6], "시점 관저고": [10.2], "종점관저고": ["9.8"], "inlet_area": [0.24]}, ["a"], [1]
    )
    assert out == {"diameter": [0.6], "level_up": [10.2], "level_down": [9.8], "inlet_area": [0.24]}


@pytest.mark.parametrize(
    ("column", "unit"), [("관경(mm)", ("mm", 1e-3)), ("관경", ("mm", 1e-3)), ("diameter", None), ("관경(m)", None)]
)
def test_units_by_name(column: str, unit: tuple[str, float] | None) -> None:
    assert unit_of(column) == unit


def test_a_plain_diameter_in_millimetres_is_not_guessed() -> None:
    columns = Columns("x")
    out = columns.tidy({"diameter": [600, 450, 800]}, list("abc"), [1, 2, 3])
    assert "diameter" not in out
    assert any("does not hold diameter" in f.message for f in columns.findings())
