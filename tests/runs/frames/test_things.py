from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np

from twin.model.run import Frame
from twin.runs.frames.things import Things, held_quantities, read_things

TIMES = (0.0, 60.0, 120.0)


def filled() -> Things:
    things = Things()
    things.add(Frame(0.0, {}, {"pump_rate": {"P-1": 0.5}, "building_fire": {}}))
    things.add(Frame(60.0, {}, {"building_fire": {"B-2": 1.0, "B-1": 2.0}, "pump_rate": {"P-1": 0.25}}))
    things.add(Frame(120.0, {}, {"building_fire": {"B-1": 3.0}}))
    return things


def test_values_come_back_as_they_were(tmp_path: Path) -> None:
    filled().write(tmp_path)
    assert held_quantities(tmp_path) == ("building_fire", "pump_rate")
    ids, values = read_things(tmp_path, TIMES, "building_fire")["building_fire"]
    assert ids == ("B-2", "B-1")
    np.testing.assert_array_equal(values, [[np.nan, np.nan], [1.0, 2.0], [np.nan, 3.0]])
    everything = read_things(tmp_path, TIMES)
    np.testing.assert_array_equal(everything["pump_rate"][1], [[0.5], [0.25], [np.nan]])


def test_what_was_saved_goes_on_the_same(tmp_path: Path) -> None:
    whole, (one, other) = filled(), (tmp_path / "one", tmp_path / "other")
    again = Things()
    again.load(whole.save())
    for things, folder in ((whole, one), (again, other)):
        things.add(Frame(180.0, {}, {"building_fire": {"B-3": 4.0, "B-1": 3.0}}))
        folder.mkdir()
        things.write(folder)
    assert (one / "assets.parquet").read_bytes() == (other / "assets.parquet").read_bytes()


def test_without_values_there_is_no_table(tmp_path: Path) -> None:
    filled().write(tmp_path)
    empty = Things()
    empty.add(Frame(0.0, {}, {"building_fire": {}}))
    empty.load(empty.save())
    empty.write(tmp_path)
    assert held_quantities(tmp_path) == ()
    assert read_things(tmp_path, TIMES) == {}


def test_twenty_thousand_burning_buildings_over_a_hundred_frames_are_small() -> None:
    ids, things = [f"B-{i:06d}" for i in range(20_000)], Things()
    values = dict.fromkeys(ids, 2.0)
    tracemalloc.start()
    for number in range(20):
        things.add(Frame(60.0 * number, {}, {"building_fire": values}))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    # 12 bytes a value, and the names once: a hundred frames are 26 MB
    assert held < 20 * 20_000 * 12 + 3e6
