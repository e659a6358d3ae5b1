from __future__ import annotations

import numpy as np

from tests.runs.stage import Staged
from twin.impact import DEBRIS
from twin.runs.consequences.over_time import watch
from twin.runs.consequences.worst import WorstOfFrames, worst_moments

FORM = DEBRIS["by-depth"]
SHAPE = Staged.grid.shape
CELLS = SHAPE[0] * SHAPE[1]


def course(**summaries: float) -> tuple[Staged, WorstOfFrames]:
    """Deep and slow, then shallow and fast: 1.0 m at 0.1 m/s, 0.1 m at 1.5 m/s."""
    fields = {
        "depth": np.stack([np.full(SHAPE, 1.0), np.full(SHAPE, 0.1)]),
        "velocity_x": np.stack([np.full(SHAPE, 0.1), np.full(SHAPE, 1.5)]),
        "velocity_y": np.zeros((2, *SHAPE)),
    }
    frames = Staged((0, 300), fields, {name: np.full(SHAPE, value) for name, value in summaries.items()})
    seen = WorstOfFrames(CELLS, FORM)
    watch(frames, [seen])
    return frames, seen


def test_the_worst_of_the_frames_is_no_mixture_of_them() -> None:
    frames, seen = course(max_depth=1.0)
    worst = worst_moments(frames, FORM, seen)
    assert (worst.aidr_from, worst.rating_from) == ("frames", "frames")
    assert set(worst.aidr.tolist()) == {3}
    np.testing.assert_allclose(worst.rating, 1.0 * (0.1 + 0.5) + 1.0, rtol=1e-6)


def test_the_summaries_of_every_step_give_the_same_class() -> None:
    frames, seen = course(max_depth=1.0, max_speed=1.5, max_hazard=0.15)
    worst = worst_moments(frames, FORM, seen)
    assert worst.aidr_from == "steps"
    assert set(worst.aidr.tolist()) == {3}


def test_a_peak_between_two_frames_counts() -> None:
    frames, seen = course(max_depth=1.5, max_speed=1.5, max_hazard=0.15)
    worst = worst_moments(frames, FORM, seen)
    assert set(worst.aidr.tolist()) == {4}
    np.testing.assert_allclose(worst.rating, 1.5 * 0.5 + 1.0)


def test_the_greatest_rating_of_every_step_is_taken_where_the_run_keeps_it() -> None:
    """Depth times (speed + 0.5) of every step, and the debris factor of the greatest depth."""
    frames, seen = course(max_depth=1.0, max_rating=0.75)
    worst = worst_moments(frames, FORM, seen)
    assert worst.rating_from == "steps"
    assert set(worst.rating.tolist()) == {1.75}
    assert (worst.rating >= seen.rating).all()
    assert set(worst_moments(frames, DEBRIS["constant"], seen).rating.tolist()) == {1.75}


def test_without_frames_of_speed_the_rating_is_a_bound_and_says_so() -> None:
    frames, _ = course(max_depth=1.0, max_speed=1.5, max_hazard=0.15)
    worst = worst_moments(frames, FORM, None)
    assert (worst.aidr_from, worst.rating_from) == ("steps", "maxima")
    np.testing.assert_allclose(worst.rating, 0.15 + 0.5 + 1.0, rtol=1e-6)


def test_depth_alone_is_still_water_and_says_so() -> None:
    frames, _ = course(max_depth=1.0)
    worst = worst_moments(frames, FORM, None)
    assert (worst.aidr_from, worst.rating_from) == ("depth", "depth")
    assert set(worst.aidr.tolist()) == {3}
    assert set(worst.rating.tolist()) == {1.5}


def test_dry_is_no_class() -> None:
    frames = Staged((0,), {}, {"max_depth": np.zeros(SHAPE)})
    worst = worst_moments(frames, DEBRIS["constant"], None)
    assert worst.aidr.max() == worst.rating.max() == 0
