from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import InputError, UsageError
from twin.store import coding

TEXT = st.text(st.characters(exclude_categories=()), max_size=20)  # lone surrogates and NUL too


@settings(deadline=None, derandomize=True)
@given(TEXT)
def test_any_text_comes_back(text: str) -> None:
    packed = coding.pack(text)
    packed.encode()
    assert coding.unpack(packed) == text
    assert coding.unpack(coding.pack(packed)) == packed


@settings(deadline=None, derandomize=True)
@given(st.lists(TEXT, max_size=5))
def test_many_texts_are_packed_as_one_by_one(texts: list[str]) -> None:
    assert list(coding.pack_all(texts)) == [coding.pack(text) for text in texts]


VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_infinity=False, allow_nan=False) | TEXT


@settings(deadline=None, derandomize=True)
@given(st.dictionaries(TEXT, st.lists(VALUES, min_size=3, max_size=3), max_size=4))
def test_attributes_come_back_as_they_were(attributes: dict[str, list[object]]) -> None:
    rows = coding.encode_rows(attributes, ["a", "b", "c"])
    assert all(row.isascii() and "\0" not in row for row in rows)
    back = coding.decode_rows(rows)
    for name, values in attributes.items():
        assert back.get(name, [None] * 3) == values
        assert [type(v) for v in back.get(name, [None] * 3)] == [type(v) for v in values]


def test_columns_are_whole_across_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "SLICE", 2)
    rows = ['{"a":1}', "{}", '{"b":2}', '{"a":3,"b":4}', "{}"]
    assert coding.decode_rows(rows) == {"a": [1, None, None, 3, None], "b": [None, None, 2, 4, None]}
    assert coding.decode_rows([]) == {}


def test_numpy_dates_and_nested_values_have_a_form() -> None:
    row = coding.encode_rows(
        {
            "array": np.array([1, 2]),
            "float": [np.float64("nan"), np.float32(0.5)],
            "when": [date(2026, 1, 2), np.datetime64("2026-01-02T03:04")],
            "nested": [{"a": [float("nan"), 1]}, ("x", None)],
            "flag": [np.bool_(True), None],
        },
        ["a", "b"],
    )
    assert json.loads(row[0]) == {"array": 1, "flag": True, "nested": {"a": [None, 1]}, "when": "2026-01-02"}
    assert json.loads(row[1]) == {"array": 2, "float": 0.5, "nested": ["x", None], "when": "2026-01-02T03:04:00"}


def test_unknown_is_left_out_and_order_of_columns_does_not_matter() -> None:
    assert coding.encode_rows({"b": [1], "a": [float("nan")], "c": [None]}, ["x"]) == ['{"b":1}']
    assert coding.encode_rows({"b": [1], "a": [2]}, ["x"]) == coding.encode_rows({"a": [2], "b": [1]}, ["x"])
    assert coding.encode_rows({}, ["x", "y"]) == ["{}", "{}"]


@pytest.mark.parametrize("value", [float("inf"), [1.0, float("-inf")], b"\x00", Decimal(1), object()])
def test_what_json_cannot_hold_is_refused_by_name(value: object) -> None:
    with pytest.raises(InputError, match=r"feature 'b7': attribute '높이' cannot be stored: "):
        coding.encode_rows({"높이": [1, value]}, ["b6", "b7"])
    with pytest.raises(InputError, match="cannot be stored"):
        coding.encode_mapping({"x": value})


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(UsageError, match=r"has no zone: say which one, as in 2026-01-02T00:00:00\+09:00"):
        coding.naive_utc(datetime(2026, 1, 2))
    moment = datetime.fromisoformat("2026-01-02T09:00+09:00")
    assert coding.naive_utc(moment) == datetime(2026, 1, 2)
    assert coding.aware(coding.naive_utc(moment)) == moment
    assert coding.aware(datetime(2026, 1, 2)).tzinfo is UTC
