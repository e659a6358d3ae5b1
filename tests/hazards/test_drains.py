"""The drains of a city under a flood: joined, said, blocked, saved; and those of Gaon."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
import pytest

from twin.errors import InputError
from twin.hazards import Setting
from twin.hazards.flood import FloodHazard
from twin.hazards.flood.drains import GULLY, SPACING, afterwards, found
from twin.model.action import Action
from twin.model.asset import Asset
from twin.model.field import Grid
from twin.model.finding import Finding
from twin.model.scenario import Scenario, Series

GRID = Grid("EPSG:5186", 200_000.0, 450_000.0, 5.0, 60, 40)
X, Y = GRID.west, GRID.south
RAIN = Series((0.0, 1200.0), (100e-3 / 3600, 0.0), step=True)


def ground() -> np.ndarray:
    """Return a street plain that falls to a trough in the east, (40, 60), with a sag in its middle."""
    y, x = np.mgrid[:40, :60] * 5.0 + 2.5
    plain = 20 - 0.002 * x - 0.5 * np.exp(-(((x - 150) / 30) ** 2) - ((y - 100) / 30) ** 2)
    return np.where(x > 285, 15.0, plain)


def pipe(name: str, *points: tuple[float, float], **params: float) -> Asset:
    return Asset("drain", name, tuple((X + x, Y + y) for x, y in points), {"diameter": 0.6} | params)


def point(name: str, x: float, y: float, **params: float | str) -> Asset:
    return Asset("drain", name, ((X + x, Y + y),), params)


PIPES = (
    pipe("D1", (100, 100), (150, 100), level_up=18.3, level_down=18.0),
    pipe("D2", (150, 100), (220, 100), level_up=18.0, level_down=17.5),
    pipe("D3", (220, 100), (292, 100), level_up=17.5, level_down=16.5),
)
INLETS = tuple(point(f"I{k}", 145 + 5 * k, 100, **{"class": "inlet", "inlet_area": 0.24}) for k in range(3))


def begun(
    things: tuple[Asset, ...] = PIPES + INLETS, elevation: np.ndarray | None = None, **params: object
) -> FloodHazard:
    flood = FloodHazard()
    given = {"order": 1, "drains": "swmm"} | params
    scenario = Scenario(
        "test", "flood", datetime(2026, 7, 1, tzinfo=UTC), 1800.0, 60.0, 5.0, rain=RAIN, edges="closed", params=given
    )
    fields = {"elevation": ground() if elevation is None else elevation}
    flood.start(Setting(GRID, scenario, fields, assets={"drain": list(things)}))
    return flood


def said(findings: list[Finding]) -> str:
    return " | ".join(f.message for f in findings)


def test_drains_take_the_sag_dry_and_the_budget_closes() -> None:
    with_, without = begun(), begun(drains="none")
    assert "3 pipes, 4 shafts, 3 inlets, 1 outfalls with flap gates, in SWMM" in said(with_.findings)
    wet, dry = without.advance(1500.0), with_.advance(1500.0)
    sag = np.s_[19:21, 29:31]
    assert dry.fields["depth"][sag].mean() < 0.5 * wet.fields["depth"][sag].mean()
    budget = with_.budget()
    assert budget.parts["drained"] > 100
    assert budget.parts["outfall"] > 0.8 * budget.parts["drained"]
    assert abs(budget.error_relative) < 1e-6
    assert dry.assets["drain_level"].keys() == {"D1", "D2", "D3"}
    assert dry.assets["drain_level"]["D2"] > 0.05
    books = found(with_.engine).books()
    assert abs(books["error"]) < 0.01 * books["drained"]
    assert afterwards(with_.engine) == []
    assert afterwards(without.engine) == []


def test_none_says_that_they_are_not_modelled() -> None:
    flood = begun(drains="none")
    assert "the city has 6 drains; they are not modelled (drains = none)" in said(flood.findings)
    assert found(flood.engine) is None
    assert "no feature of kind 'drain' in the area" in said(begun(things=()).findings)


def test_where_no_inlets_are_known_every_shaft_is_one_and_that_is_said() -> None:
    flood = begun(PIPES)
    assert "the city knows no inlets; each shaft has gullies of 0.16 m2, one for 15 m of pipe" in said(flood.findings)
    drains = found(flood.engine)
    assert drains.inlets.area == pytest.approx(GULLY / SPACING * np.array([25.0, 60.0, 71.0]))


def test_what_the_city_does_not_know_is_said() -> None:
    things = (
        *PIPES,
        pipe("N", (100, 50), (150, 50), diameter=math.nan),
        pipe("G", (100, 150), (150, 101)),
        point("far", 20, 180, **{"class": "빗물받이"}),
        point("out", 350, 100, **{"class": "inlet", "inlet_area": 0.2}),
        point("cover", 150, 100, **{"class": "manhole"}),
        INLETS[0],
    )
    text = said(begun(things).findings)
    assert "pipes without a diameter were left out: 1 (N)" in text
    assert "laid 1 m under the ground: 1 (G)" in text
    assert "1 ends of pipes lie within 2 m of another pipe" in text
    assert "inlets farther than 50 m from a shaft take no water: 2 (far, out)" in text
    assert "1 inlets state no area; taken as 0.16 m2" in text


def test_inlets_under_buildings_use_the_street_beside() -> None:
    share = np.zeros(GRID.shape)
    share[18:23, 27:32] = 1.0
    flood = FloodHazard()
    scenario = Scenario(
        "test",
        "flood",
        datetime(2026, 7, 1, tzinfo=UTC),
        900.0,
        60.0,
        5.0,
        rain=RAIN,
        params={"order": 1, "drains": "swmm"},
    )
    fields = {"elevation": ground(), "building_share": share}
    flood.start(Setting(GRID, scenario, fields, assets={"drain": [*PIPES, INLETS[0], INLETS[2]]}))
    rows, columns = found(flood.engine)._cells
    assert not flood.engine.solid[rows, columns].any()


def test_blocked_inlets_keep_the_water_and_clearing_them_lets_it_go() -> None:
    flood = begun()
    effect = flood.apply(Action("drain", params={"share": 1.0}))
    assert effect.note == "100% of 3 inlets and 0 pipes blocked"
    flood.advance(900.0)
    assert flood.budget().parts["drained"] == 0
    effect = flood.apply(Action("drain", 900.0, params={"share": 0, "x": X + 150, "y": Y + 100, "radius": 6.0}))
    assert effect.note == "cleared: 3 inlets and 0 pipes"
    flood.advance(1200.0)
    assert flood.budget().parts["drained"] > 20


def test_measures_find_targets_and_refuse_what_is_not_there() -> None:
    flood = begun()
    assert flood.apply(Action("drain", target="I1", params={"share": 0.5})).cells == 1
    effect = flood.apply(
        Action("drain", target="D2", params={"share": 0.7, "part": "all", "points": [[0, 0]], "diameter": 0.6})
    )
    assert effect.note == "70% of 3 inlets and 1 pipes blocked"
    near = {"points": [[X + 255, Y + 100]], "share": 1, "part": "pipes", "radius": 10}
    assert flood.apply(Action("drain", target="pump 3", params=near)).note == "100% of 0 inlets and 1 pipes blocked"
    with pytest.raises(InputError, match="'part' is 'inlet'; known: all, inlets, pipes"):
        flood.apply(Action("drain", params={"share": 1, "part": "inlet"}))
    with pytest.raises(InputError, match="'share' is 2; it must be a number from 0 to 1"):
        flood.apply(Action("drain", params={"share": 2}))
    with pytest.raises(InputError, match="there is nothing of 'inlets' at x = 0"):
        flood.apply(Action("drain", params={"share": 1, "x": 0, "y": 0}))
    with pytest.raises(InputError, match="target 'D9' is no pipe and no inlet"):
        flood.apply(Action("drain", target="D9", params={"share": 1}))
    with pytest.raises(InputError, match="this run has no drains"):
        begun(drains="none").apply(Action("drain", params={"share": 1}))


def test_a_resumed_run_is_the_same_to_the_last_bit() -> None:
    act = Action("drain", 301.0, "D3", {"share": 0.5, "part": "all"})
    first = begun()
    first.advance(301.0)
    first.apply(act)
    first.advance(600.0)
    saved = first.save()
    expected = first.advance(900.0)
    parts = first.budget().parts
    del first
    second = begun()
    second.load(saved, [act])
    found_ = second.advance(900.0)
    assert np.array_equal(expected.fields["depth"], found_.fields["depth"])
    assert expected.assets == found_.assets
    assert second.budget().parts == parts


@pytest.fixture(scope="module")
def gaon() -> tuple[Grid, np.ndarray, list[Asset]]:
    """Return the basin south of Gaon's river: grid of 10 m, its ground, its pipes and inlets."""
    from ingest.gaon import drains, plan, terrain

    west, south, east, north = 500.0, 520.0, 1500.0, 1100.0
    grid = Grid(
        plan.CRS, plan.WEST + west, plan.SOUTH + south, 10.0, int((east - west) / 10), int((north - south) / 10)
    )
    xs, ys = np.meshgrid(np.arange(west + 5, east, 10), np.arange(south + 5, north, 10))
    move = np.array([plan.WEST, plan.SOUTH])
    pipes, _ = drains.network()
    things = []
    for k, p in enumerate(pipes):
        xy = np.array(p.line.coords)
        if ((xy > (west, south)) & (xy < (east, north))).all():
            params = {"diameter": p.diameter / 1000, "level_up": p.top, "level_down": p.foot}
            things.append(Asset("drain", f"P{k}", tuple(map(tuple, (xy + move).tolist())), params))
    for k, (word, area, _, place) in enumerate(drains.points()):
        if west < place.x < east and south < place.y < north:
            params = {"class": word} | ({"inlet_area": area} if area else {})
            things.append(Asset("drain", f"Q{k}", ((place.x + plan.WEST, place.y + plan.SOUTH),), params))
    return grid, terrain.ground().at(xs, ys), things


def test_the_basin_of_gaon_drains_to_the_river(gaon: tuple[Grid, np.ndarray, list[Asset]]) -> None:
    grid, elevation, things = gaon
    depth = {}
    for how in ("none", "swmm"):
        flood = FloodHazard()
        rain = Series((0.0, 900.0), (60e-3 / 3600, 0.0), step=True)
        scenario = Scenario(
            "g",
            "flood",
            datetime(2026, 7, 1, tzinfo=UTC),
            1200.0,
            60.0,
            10.0,
            rain=rain,
            params={"order": 1, "drains": how},
        )
        flood.start(Setting(grid, scenario, {"elevation": elevation}, assets={"drain": things}))
        depth[how] = flood.advance(1200.0).fields["depth"].sum() * 100.0
        budget = flood.budget()
        assert abs(budget.error_relative) < 1e-6
    assert "outfalls with flap gates" in said(flood.findings)
    books = found(flood.engine).books()
    assert books["drained"] > 0.08 * budget.parts["rain"]
    assert books["outfall"] > 0
    assert abs(books["error"]) < 0.02 * books["drained"]
    assert depth["swmm"] < depth["none"]
