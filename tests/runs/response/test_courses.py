"""Fields and things of a frame at homes, sites and edges, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.runs.response.laid import Laid, laid_out
from tests.runs.response.village import HIGH, LOW, RESPONSE, UNDER
from tests.runs.town import SCENARIO, town
from twin.model.field import Grid
from twin.model.run import Frame
from twin.runs.response.courses import Layout, Moment, moment_of, outlook_of


def moment(layout: Layout, time: float = 0.0, things: dict | None = None, **fields: np.ndarray) -> Moment:
    return moment_of(layout, Frame(time, fields, things or {}))


def zeros(layout: Layout) -> np.ndarray:
    return np.zeros(layout.grid.shape, np.float32)


def of(layout: Layout, id_: str) -> int:
    return layout.homes.ids.index(id_)


def cells_of(layout: Layout, name: str, number: int) -> np.ndarray:
    spots = getattr(layout, name)
    return spots.cell[spots.owner == number]


def test_bridges_stay_dry_and_all_other_edges_are_as_deep_as_their_deepest_cell(laid: Laid) -> None:
    layout, roads = laid.layout, laid.stage.facts.roads
    depth, speed = zeros(layout) + 0.5, zeros(layout) + 2.0
    edge = int(np.flatnonzero(~roads.over)[0])
    depth.ravel()[cells_of(layout, "edges", edge)[0]] = 0.9
    found = moment(layout, depth=depth, velocity_x=speed, velocity_y=zeros(layout))
    bridges = np.array([roads.roads[k] == "R-0" for k in roads.road])
    assert (roads.over == bridges).all()
    assert bridges.any()
    assert not found.edges[0][bridges].any()
    assert not found.edges[1][bridges].any()
    assert (found.edges[0][~bridges] >= 0.5).all()
    assert found.edges[0][edge] == pytest.approx(0.9)
    assert found.edges[1][edge] == pytest.approx(1.8)


def test_a_home_is_as_deep_as_half_its_cells(laid: Laid) -> None:
    layout = laid.layout
    home = of(layout, HIGH)
    cells = cells_of(layout, "homes", home)
    half = len(cells) - len(cells) // 2
    for wet, expected in ((half - 1, 0.0), (half, 1.0)):
        depth = zeros(layout)
        depth.ravel()[cells[:wet]] = 1.0
        assert moment(layout, depth=depth).homes[0][home] == expected
    assert half > 1


def test_the_product_is_depth_times_speed_and_zero_where_nobody_says_how_fast(laid: Laid) -> None:
    layout = laid.layout
    depth = zeros(layout) + 0.5
    found = moment(layout, depth=depth, velocity_x=zeros(layout) + 3.0, velocity_y=zeros(layout) - 4.0)
    assert found.homes[1] == pytest.approx(np.full(len(layout.homes.ids), 2.5))
    assert not moment(layout, depth=depth).homes[1].any()
    assert not moment(layout, depth=depth).homes[2].any()


def test_what_nobody_knows_is_dry(laid: Laid) -> None:
    layout = laid.layout
    nan = np.full(layout.grid.shape, np.nan, np.float32)
    found = moment(layout, depth=nan, velocity_x=nan, velocity_y=nan)
    for felt in (found.homes, found.sites, found.edges):
        assert not felt[0].any()
        assert not felt[1].any()


def test_water_in_an_underpass_is_at_its_site_and_edges_only(laid: Laid) -> None:
    layout, facts = laid.layout, laid.stage.facts
    found = moment(layout, depth=zeros(layout) + 0.1, things={"underpass_depth": {UNDER: 2.5}})
    site = next(s for s in facts.sites if s.id == UNDER)
    inside = np.zeros(len(facts.roads.start), bool)
    inside[list(site.edges)] = True
    assert inside.any()
    assert (found.edges[0][inside] == 2.5).all()
    assert (found.edges[0][~inside] < 0.2).all()
    assert [s.id for s, d in zip(facts.sites, found.sites[0], strict=True) if d > 1] == [UNDER]
    shallow = moment(layout, depth=zeros(layout) + 0.7, things={"underpass_depth": {UNDER: 0.0}})
    assert shallow.edges[0][inside] == pytest.approx(0.7)


@pytest.mark.parametrize(("cell", "reach"), [(5.0, 2), (10.0, 1), (20.0, 1)])
def test_fire_reaches_ten_metres_and_at_least_the_next_cell(laid: Laid, cell: float, reach: int) -> None:
    coarse = laid.layout.grid
    n = int(200 / cell)
    grid = Grid(coarse.crs, coarse.west, coarse.south, cell, n, n)
    whole = Layout(
        grid, laid.layout.homes, laid.layout.sites, laid.layout.edges, (), laid.layout.sites_below, laid.layout.edges_below
    )  # fmt: skip
    every = type(whole.homes)(
        tuple(map(str, range(n * n))), np.arange(n * n), np.arange(n * n), most=True, dry=np.zeros(n * n, bool)
    )
    layout = Layout(grid, every, every, every, (), np.full(n * n, -1), np.full(n * n, -1))
    state = zeros(layout)
    row, column = n // 2, n // 3
    for value, burns in ((1.0, True), (2.0, False), (3.0, True), (4.0, False)):
        state[row, column] = value
        hot = moment(layout, fire_state=state).homes[2].reshape(n, n)
        expected = np.zeros((n, n), bool)
        expected[row - reach : row + reach + 1, column - reach : column + reach + 1] = burns
        assert (hot == expected).all()


def test_who_has_been_on_fire_is_lit(laid: Laid) -> None:
    states = {"home-01": 1.0, "home-02": 2.0, "home-03": 4.0}
    found = moment(laid.layout, things={"building_fire": states})
    assert found.lit == {"home-02", "home-03"}


def test_homes_in_the_basin_lie_deeper_in_standing_water_on_every_grid(laid: Laid) -> None:
    for layout, ready in ((laid.layout, laid.fine), (laid.stage.coarse_layout, laid.stage.coarse)):
        level = np.maximum(18.5 - ready.fields["elevation"], 0).astype(np.float32)
        found = moment(layout, depth=level)
        assert found.homes[0][of(layout, LOW)] > 0.1
        assert found.homes[0][of(layout, HIGH)] == 0


def test_an_outlook_has_members_times_and_things_in_this_order_and_cannot_be_changed(laid: Laid) -> None:
    layout = laid.layout
    members = [
        [moment(layout, t, depth=zeros(layout) + 0.1 * m + 0.01 * k) for k, t in enumerate((60.0, 120.0, 180.0))]
        for m in range(2)
    ]
    found = outlook_of(layout, members, 60.0, 120.0, "x")
    assert found.homes.times.tolist() == [60.0, 120.0, 180.0]
    for course, n in (
        (found.homes, 37),
        (found.sites, len(laid.stage.facts.sites)),
        (found.edges, len(layout.edges.ids)),
    ):
        assert course.depth.shape == course.product.shape == course.fire.shape == (2, 3, n)
        assert (course.depth.dtype, course.fire.dtype) == (np.float32, bool)
        with pytest.raises(ValueError, match="read-only"):
            course.depth[0, 0, 0] = 1.0
    assert found.homes.depth[1, 2] == pytest.approx(np.full(37, 0.12))
    assert found.edges.ids[:3] == ("0", "1", "2")


def test_a_city_without_underpasses_has_none_to_look_at(laid: Laid, tmp_path) -> None:
    with town(tmp_path) as city:
        found = laid_out(city, SCENARIO.replace("cell_m = 5", "cell_m = 10") + RESPONSE.split("[[response.force]]")[0])
    assert found.layout.underpasses == ()
    assert moment(found.layout, things={"underpass_depth": {"U": 1.0}}).sites[0].shape == (0,)
