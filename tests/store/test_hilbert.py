from __future__ import annotations

import numpy as np

from twin.store import hilbert


def test_the_curve_walks_to_a_neighbour_at_every_step() -> None:
    side = 32
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    steps = hilbert.distance(column, row)
    order = np.argsort(steps)
    moves = np.abs(np.diff(column[order])) + np.abs(np.diff(row[order]))
    assert set(moves) == {1}
    assert sorted(steps) == list(range(side * side))


def test_no_two_cells_share_a_key() -> None:
    rng = np.random.default_rng(1)
    cells = np.unique(rng.integers(0, 2**hilbert.BITS, (5000, 2)), axis=0)
    assert len(np.unique(hilbert.distance(cells[:, 0], cells[:, 1]))) == len(cells)


def test_key_is_the_same_whatever_else_is_there() -> None:
    x, y = np.array([200_000.0, 210_000.0]), np.array([550_000.0, 560_000.0])
    assert hilbert.key(x, y)[0] == hilbert.key(x[:1], y[:1])[0]


def test_what_has_no_place_comes_last_and_far_away_stays_in_the_frame() -> None:
    keys = hilbert.key(np.array([np.nan, 1e30, -1e30, np.inf]), np.array([0.0, 1e30, -1e30, 0.0]))
    assert list(keys == hilbert.NOWHERE) == [True, False, False, True]
    assert (keys[1:3] < hilbert.NOWHERE).all()


def test_near_places_have_near_keys() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.uniform(180_000, 210_000, 20_000), rng.uniform(360_000, 390_000, 20_000)
    order = np.argsort(hilbert.key(x, y))
    step = np.hypot(np.diff(x[order]), np.diff(y[order]))
    assert np.median(step) < 300
