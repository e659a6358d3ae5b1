"""Reservations: never more than there is, never outside of the window, never two purposes at once."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.coordination.calendar import Calendar
from twin.coordination.resources import Resource
from twin.errors import InputError, RefusedError

wishes = st.lists(
    st.tuples(
        st.sampled_from(["hall", "road"]),
        st.integers(0, 6).map(float),
        st.integers(-5, 30).map(float),
        st.one_of(st.integers(-5, 40).map(float), st.just(math.inf)),
        st.sampled_from(["flight", "detour"]),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(wishes)
def test_nothing_is_overbooked_whatever_is_asked_for(asked) -> None:
    resources = {"hall": Resource("hall", 10.0, 2.0, 35.0), "road": Resource("road", single=True)}
    calendar = Calendar(resources.values())
    for number, (name, amount, begin, end, purpose) in enumerate(asked):
        fits = calendar.fits(name, amount, begin, end, purpose)
        room = calendar.free(name, begin, end) if begin <= end else 0.0
        try:
            calendar.reserve(str(number), name, amount, begin, end, purpose)
        except RefusedError:
            assert not fits
        else:
            assert fits
            assert amount <= room
    kept = calendar.reservations
    for entry in kept:
        assert resources[entry.resource].opens <= entry.begin <= entry.end <= resources[entry.resource].closes
        same = [e for e in kept if e.resource == entry.resource and e.begin <= entry.begin < e.end]
        assert sum(e.amount for e in same) <= resources[entry.resource].capacity
        assert entry.resource == "hall" or len({e.purpose for e in same}) <= 1


def test_what_ends_makes_room_and_what_is_released_too() -> None:
    calendar = Calendar([Resource("hall", 10.0)])
    calendar.reserve("a", "hall", 8.0, 0.0, 100.0)
    assert calendar.free("hall", 0.0, 50.0) == 2.0
    assert not calendar.fits("hall", 3.0, 99.0, 101.0)
    assert calendar.fits("hall", 3.0, 100.0, 200.0)
    calendar.release("a")
    assert calendar.free("hall") == 10.0


def test_unknown_resources_and_refusals_say_what_there_is() -> None:
    calendar = Calendar([Resource("hall", 10.0)])
    with pytest.raises(InputError, match="Did you mean 'hall'"):
        calendar.free("hal")
    with pytest.raises(RefusedError, match=r"11 of 'hall' .* 10 of 10 are left"):
        calendar.reserve("a", "hall", 11.0, 0.0)
