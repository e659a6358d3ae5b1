from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.runs.stage import Staged, still
from tests.runs.town import SOUTH, WEST
from twin.runs.consequences.exposure import places_of
from twin.runs.consequences.over_time import DepthSeries, has_speed, stay, watch


def column(*depths: float) -> np.ndarray:
    return np.array(depths)[:, None]


def test_a_stay_by_hand() -> None:
    """0.1 m is passed half-way up and two thirds down: 50 s + 100 s + 66.7 s."""
    found = stay((0, 100, 200, 300), column(0.0, 0.2, 0.3, 0.0), 0.1)
    assert found.since[0] == pytest.approx(50)
    assert found.during[0] == pytest.approx(50 + 100 + 200 / 3)
    assert (found.peak[0], found.at_end[0]) == (200, False)


def test_water_there_from_the_start_and_at_the_end() -> None:
    found = stay((0, 60, 120), column(0.5, 0.5, 0.5), 0.1)
    assert (found.since[0], found.during[0], found.peak[0], found.at_end[0]) == (0, 120, 0, True)


def test_two_visits_are_added_and_the_first_is_the_beginning() -> None:
    found = stay((0, 100, 200, 300, 400), column(0, 0.2, 0, 0.4, 0.4), 0.1)
    assert found.since[0] == pytest.approx(50)
    assert found.during[0] == pytest.approx(50 + 50 + 75 + 100)


def test_a_dry_place_and_a_run_without_frames() -> None:
    dry = stay((0, 100), column(0, 0), 0.1)
    assert np.isnan([dry.since[0], dry.peak[0]]).all()
    assert (dry.during[0], dry.at_end[0]) == (0, False)
    assert stay((), np.zeros((0, 3)), 0.1).during.tolist() == [0, 0, 0]


@given(st.lists(st.floats(0, 2), min_size=2, max_size=8), st.floats(0.01, 1), st.floats(0, 0.5))
def test_a_higher_limit_is_never_passed_longer_or_earlier(depths: list[float], limit: float, more: float) -> None:
    times = np.arange(len(depths)) * 60.0
    low, high = (stay(times, column(*depths), x) for x in (limit, limit + more))
    assert 0 <= high.during[0] <= low.during[0] + 1e-9 <= times[-1] + 1e-6
    if np.isfinite(high.since[0]):
        assert low.since[0] <= high.since[0]


def test_every_frame_is_read_once_and_thin_water_has_no_speed() -> None:
    shape = Staged.grid.shape
    fields = {
        "depth": np.stack([np.full(shape, 0.04), np.full(shape, 0.06)]),
        "velocity_x": np.full((2, *shape), 3.0),
        "velocity_y": np.full((2, *shape), 4.0),
    }
    seen = []

    class Eye:
        def see(self, i: int, depth: np.ndarray, speed: np.ndarray) -> None:
            seen.append((i, float(depth.max()), float(speed.max())))

    frames = Staged((0, 300), fields)
    watch(frames, [Eye()])
    assert [(i, speed) for i, _, speed in seen] == [(0, 0), (1, 5)]
    assert has_speed(frames)
    slow = Staged((0, 300), {"depth": fields["depth"]})
    assert not has_speed(slow)
    watch(slow, [Eye()])
    assert [speed for _, _, speed in seen[2:]] == [0, 0]
    watch(Staged((0,), {}), [Eye()])
    assert len(seen) == 4
    watch(Staged((0,), {"depth": fields["depth"], "speed": fields["velocity_y"] / 2}), [Eye()])
    assert seen[-1][2] == 0


def test_depths_at_places_over_time() -> None:
    frames = still([0.0, 0.25, 0.5])
    free = np.zeros(frames.grid.shape, dtype=bool)
    places = places_of(np.array([shapely.box(WEST + 20, SOUTH + 20, WEST + 30, SOUTH + 30)] * 2), frames.grid, free)
    series = DepthSeries(places.only(np.array([1])), frames)
    watch(frames, [series])
    assert series.depths.tolist() == [[0.0], [0.25], [0.5]]
