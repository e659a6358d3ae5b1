"""A member run again in a window: the same as in the whole grid where it matters, and untouched everywhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from twin.hazards import Setting, make
from twin.model.action import Action
from twin.model.asset import Asset
from twin.model.field import Grid
from twin.model.scenario import Inflow, Scenario, Series
from twin.runs.response.ahead import KEPT, LOOKS, look_ahead, looks
from twin.runs.response.courses import Layout, Moment, Spots, moment_of
from twin.runs.response.forecast import Branch
from twin.runs.response.local import REACH, Again, again, places_of

GRID = Grid("EPSG:5186", 200_000.0, 450_000.0, 20.0, 100, 80)
"""2 km by 1.6 km."""
NOW, UNTIL = 1200.0, 3000.0
POND = 200_500.0, 450_500.0
INSIDE, OUTSIDE = "U-in", "U-out"


def ground() -> np.ndarray:
    """Return rough ground that falls to the west, with a stream in the north and a pond in the south-west."""
    rng = np.random.default_rng(2)
    y, x = np.mgrid[: GRID.ny, : GRID.nx] * GRID.cell
    stream = 3.0 * np.exp(-(((y - 1300) / 60) ** 2))
    pond = 2.0 * np.exp(-(((x - 500) / 90) ** 2) - ((y - 500) / 90) ** 2)
    return 0.002 * x - stream - pond + 0.05 * rng.random(GRID.shape)


def underpass(id_: str, x: float, y: float) -> Asset:
    return Asset("underpass", id_, ((x - 40, y), (x + 40, y)), {"depth": 3.0, "width": 8.0})


@pytest.fixture(scope="module")
def layout() -> Layout:
    """Return every cell as a home, and two underpasses with a site each."""
    cells = np.arange(GRID.nx * GRID.ny)
    ids = tuple(f"h{k}" for k in cells)
    homes = Spots(ids, cells, cells, most=False, dry=np.zeros(len(cells), bool))
    at = np.array([25 * GRID.nx + 30, 10 * GRID.nx + 80])
    sites = Spots((INSIDE, OUTSIDE), np.arange(2), at, most=False, dry=np.zeros(2, bool))
    none = np.zeros(0, np.int64)
    edges = Spots((), none, none, most=True, dry=np.zeros(0, bool))
    return Layout(GRID, homes, sites, edges, (INSIDE, OUTSIDE), np.arange(2), none)


@pytest.fixture(scope="module")
def branch() -> Branch:
    """Return a member under steady rain, with what it sees ahead."""
    scenario = Scenario(
        title="rain",
        hazard="flood",
        start=datetime(2026, 7, 15, 15, tzinfo=UTC),
        duration=UNTIL,
        frame_every=600.0,
        cell=GRID.cell,
        rain=Series((0.0, UNTIL), (2e-5, 2e-5)),
        inflows=(Inflow("stream", 201_900.0, 451_300.0, Series((0.0, UNTIL), (20.0, 40.0)), 50.0),),
        edges="open",
        params={"order": 1, "infiltration": "none"},
    )
    things = {"underpass": [underpass(INSIDE, 200_610.0, 450_510.0), underpass(OUTSIDE, 201_610.0, 450_210.0)]}
    setting = Setting(GRID, scenario, {"elevation": ground()}, assets=things)
    hazard = make("flood")
    hazard.start(setting)
    hazard.advance(NOW)
    saved = hazard.save()
    frames = tuple(look_ahead(hazard, NOW, UNTIL, (), kept=KEPT))
    return Branch(setting, saved, (), (), frames)


def pump(rate: float = 1.0, mode: str = "on") -> Action:
    return Action("pump", NOW + 70.0, "mobile", {"x": POND[0], "y": POND[1], "rate": rate, "mode": mode})


def run(branch: Branch, layout: Layout, *acts: Action, had: tuple[Action, ...] = ()) -> Again:
    return again(branch, branch.frames, layout, (had, acts), NOW, UNTIL)


def whole(branch: Branch, layout: Layout, *acts: Action) -> list[Moment]:
    return again(branch, (), layout, ((), acts), NOW, UNTIL).moments


def own(branch: Branch, layout: Layout) -> list[Moment]:
    return [moment_of(layout, frame) for frame in looks(branch.frames)]


def depths(moments: list[Moment]) -> np.ndarray:
    return np.array([moment.homes[0].reshape(GRID.shape) for moment in moments])


def within(area: tuple[float, float, float, float]) -> np.ndarray:
    x = GRID.west + (np.arange(GRID.nx) + 0.5) * GRID.cell
    y = GRID.south + (np.arange(GRID.ny) + 0.5) * GRID.cell
    return ((y > area[1]) & (y < area[3]))[:, None] & ((x > area[0]) & (x < area[2]))


def test_a_pump_empties_the_pond_as_it_does_in_the_whole_grid(branch: Branch, layout: Layout) -> None:
    found = run(branch, layout, pump())
    west, south, east, north = found.area
    assert (east - west, north - south) == (2 * REACH + GRID.cell, 2 * REACH + GRID.cell)
    before, after = depths(own(branch, layout)), depths(found.moments)
    expected = depths(whole(branch, layout, pump()))
    assert (expected - before).min() < -0.05
    np.testing.assert_allclose(after, expected, atol=0.005)
    inside = within(found.area)
    np.testing.assert_array_equal(after[:, ~inside], before[:, ~inside])
    assert [moment.time for moment in found.moments] == [moment.time for moment in own(branch, layout)]
    assert len(found.moments) == LOOKS + 1
    assert len(found.frames) == len(branch.frames)


def test_what_does_nothing_changes_nothing_to_the_last_bit(branch: Branch, layout: Layout) -> None:
    found = run(branch, layout, pump(0.0, "off"))
    assert found.area != GRID.bounds
    for one, other in zip(found.moments, own(branch, layout), strict=True):
        for name in ("homes", "sites", "edges"):
            for a, b in zip(getattr(one, name), getattr(other, name), strict=True):
                np.testing.assert_array_equal(a, b)


def test_what_was_done_before_counts_on_both_sides(branch: Branch, layout: Layout) -> None:
    """A member in which one pump works already, and then a second: as both in the whole grid."""
    first = run(branch, layout, pump(0.5))
    other = Action("pump", NOW + 130.0, "second", {"x": POND[0] + 60, "y": POND[1], "rate": 0.5, "mode": "on"})
    both = again(branch, first.frames, layout, ((pump(0.5),), (pump(0.5), other)), NOW, UNTIL)
    assert both.area[0] == first.area[0] + 60
    np.testing.assert_allclose(depths(both.moments), depths(whole(branch, layout, pump(0.5), other)), atol=0.01)


def test_an_underpass_in_the_window_takes_the_difference_and_one_outside_keeps_its_water(
    branch: Branch, layout: Layout
) -> None:
    found = run(branch, layout, pump(5.0))
    last, mine = found.moments[-1].sites[0], own(branch, layout)[-1].sites[0]
    assert mine.min() > 0.5
    assert last[1] == mine[1]
    assert last[0] != mine[0]


def test_a_window_whose_rim_is_not_calm_grows_up_to_the_whole_grid(branch: Branch, layout: Layout) -> None:
    dam = [[201_000.0, 451_100.0], [201_000.0, 451_500.0]]
    wall = Action("barrier", NOW + 60.0, "dam", {"line": dam, "level": 5.0})
    found = run(branch, layout, wall)
    assert found.area == GRID.bounds
    assert (depths(found.moments) - depths(own(branch, layout))).max() > 0.5
    np.testing.assert_allclose(depths(found.moments), depths(whole(branch, layout, wall)), atol=0.01)


def test_without_a_place_or_frames_the_whole_grid_is_run(branch: Branch, layout: Layout) -> None:
    line = Action("pump", NOW, "somewhere", {"rate": 1.0})
    assert places_of([line]) is None
    assert places_of([pump(), replace(pump(), params={"x": "?", "y": 1.0})]) is None
    assert places_of([replace(pump(), params={"x": np.nan, "y": 1.0})]) is None
    assert run(branch, layout, line).area == GRID.bounds
    assert again(branch, (), layout, ((), (pump(),)), NOW, UNTIL).frames == ()


def test_what_the_hazard_does_not_take_is_told(branch: Branch, layout: Layout) -> None:
    low = Action("barrier", NOW, "low", {"line": [[POND[0], POND[1]], [POND[0] + 50, POND[1]]], "level": -99.0})
    found = run(branch, layout, low)
    assert len(found.refused) == 1
    assert "below -99 m" in found.refused[0]


def test_drains_lead_out_of_any_window_so_there_is_none(branch: Branch) -> None:
    hazard = make("flood")
    hazard.start(branch.setting)
    hazard.load(branch.saved, branch.done)
    hazard.engine.structures["drains"] = hazard.engine.structures["underpasses"]
    assert not hazard.confine((10, 20, 10, 20), branch.frames)
    del hazard.engine.structures["drains"]
    assert hazard.confine((10, 20, 10, 20), branch.frames)
