from __future__ import annotations

import numpy as np
import pytest

from tests.runs.frames.test_frames import GRID, START
from twin.errors import UsageError
from twin.model.run import Frame
from twin.names import QUANTITIES
from twin.runs.frames.derived import DERIVED, derivable, derive
from twin.runs.frames.store import Frames, FrameWriter, read_frames

#: depth m, velocity east and north m s-1 -> AIDR class, Defra rating
CASES = [
    (0.0, 0.0, 0.0, 0, 0.0),
    (0.04, 3.0, 0.0, 1, 0.04 * 0.5),  # a film of water: its speed does not count
    (0.2, 0.6, 0.8, 1, 0.2 * 1.5),
    (0.4, 0.0, -1.0, 2, 0.4 * 1.5),
    (1.0, 0.3, 0.4, 3, 1.0),
    (1.5, 0.0, 0.0, 4, 0.75),
    (3.0, 0.0, 1.0, 5, 4.5),
    (5.0, 3.0, 4.0, 6, 27.5),
]


@pytest.fixture
def frames(tmp_path) -> Frames:
    fields = {name: np.zeros(GRID.shape, np.float32) for name in ("depth", "velocity_x", "velocity_y")}
    for column, (depth, east, north, _, _) in enumerate(CASES[: GRID.nx]):
        for name, value in zip(fields, (depth, east, north), strict=True):
            fields[name][0, column] = value
    for name, value in zip(fields, CASES[-1], strict=False):
        fields[name][1, 0] = value
    writer = FrameWriter(tmp_path, GRID, START, tuple(fields), {}, {"elevation": np.full(GRID.shape, 12.5)})
    writer.add(Frame(0.0, fields))
    writer.close({})
    return read_frames(tmp_path / "frames.zarr")


@pytest.mark.parametrize("number", range(len(CASES)))
def test_values_at_a_moment(frames: Frames, number: int) -> None:
    place = (0, number) if number < GRID.nx else (1, 0)
    depth, east, north, danger, rating = CASES[number]
    assert frames.read("speed", 0)[place] == pytest.approx(np.hypot(east, north))
    assert frames.read("hazard_class", 0)[place] == danger
    assert frames.read("rating", 0)[place] == pytest.approx(rating)
    level = frames.read("level", 0)[place]
    assert np.isnan(level) if depth == 0 else level == pytest.approx(12.5 + depth)


def test_what_can_be_made_from_what() -> None:
    assert derivable(("depth",)) == ()
    assert derivable(("depth", "elevation")) == ("level",)
    assert derivable(("depth", "speed")) == ("hazard_class", "rating")
    assert derivable(("depth", "velocity_x", "velocity_y")) == ("hazard_class", "rating", "speed")
    assert set(DERIVED) <= set(QUANTITIES)
    assert derive("speed", lambda _name: np.float32(3)).dtype == np.float32


def test_what_cannot_be_made_is_not_known(tmp_path) -> None:
    writer = FrameWriter(tmp_path, GRID, START, ("depth",), {})
    writer.add(Frame(0.0, {"depth": np.zeros(GRID.shape, np.float32)}))
    writer.close({})
    with pytest.raises(UsageError, match="no frames of 'level'; known: depth"):
        read_frames(tmp_path / "frames.zarr").read("level", 0)
