"""What a fire refuses, what it assumes and says so: parameters, fields, weather, ignitions, buildings."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from tests.hazards.hillside import CELL, GRASS, GRID, STREET, at, begun, codes, do, ground, house, street, wind
from twin.errors import InputError, UsageError
from twin.hazards import Setting
from twin.hazards.fire import FireHazard
from twin.hazards.fire.edge import onto_buildings, onto_cells
from twin.hazards.fire.params import Params, checked
from twin.hazards.fire.passed import Passed
from twin.hazards.fire.things import around, built, near
from twin.hazards.fire.weather import course
from twin.hazards.fire.works import Works
from twin.model.asset import Asset
from twin.model.scenario import Gauge, Ignition, Scenario, Series, Weather


def steps(*values: float, every: float = 600.0) -> Series:
    return Series(tuple(every * i for i in range(len(values))), values, step=True)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"brand_facter": 2.0}, "Did you mean 'brand_factor'"),
        ({"spread_rate_factor": -1.0}, "from 0.001 to 100"),
        ({"spread_rate_factor": True}, "must be a number"),
        ({"crown": "vanwagner"}, "'cruz', 'rothermel', 'none'"),
        ({"spotting": True}, "'on', 'off'"),
    ],
)
def test_parameters_are_checked_by_name(params: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        begun(params=params)


def test_all_parameters_have_defaults_that_pass_their_own_check() -> None:
    given = {name: getattr(Params(), name) for name in Params.__slots__}
    assert checked(given) == checked({}) == Params()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("fuel_model", 77.0, "fuel model 77 at row 3, column 4"),
        ("fuel_model", 0.0, "'fuel_model' is not between 1 and 256"),
        ("fuel_model", np.nan, "'fuel_model' is not between"),
        ("canopy_cover", 70.0, "a share, not per cent"),
        ("canopy_bulk_density", 20.0, "a hundred times"),
        ("building_share", -0.1, "'building_share' is not between"),
        ("depth", -9999.0, "'depth' is not between"),
    ],
)
def test_fields_out_of_range_are_refused_with_their_place(name: str, value: float, said: str) -> None:
    field = ground()["fuel_model"] if name == "fuel_model" else np.zeros(GRID.shape)
    field[3, 4] = value
    with pytest.raises(InputError, match=said) as error:
        begun(fields={name: field})
    assert "200045.0" in str(error.value) or "row 3" in str(error.value)


def test_a_field_of_another_grid_is_refused() -> None:
    with pytest.raises(InputError, match=r"\(3, 3\)"):
        begun(fields={"canopy_cover": np.zeros((3, 3))})


def test_ground_that_is_not_known_does_not_burn() -> None:
    height = ground()["elevation"]
    height[:, 40:] = np.nan
    fire = begun({}, {"elevation": height}, ignitions=(Ignition("g", points=(at(350, 300),)),))
    frame = fire.advance(3600.0)
    assert not (frame.fields["fire_state"][:, 40:] > 0).any()
    assert np.isfinite(frame.fields["fire_state"]).all()


@pytest.mark.parametrize(
    ("weather", "said"),
    [
        (Weather(steps(-1.0)), "wind_speed is -1 at 0 s"),
        (Weather(steps(3.0), steps(900.0)), "wind_direction is 900"),
        (Weather(humidity=steps(25.0)), "not per cent"),
        (Weather(temperature=steps(20.0, 300.0)), "temperature is 300 at 600 s"),
        (Weather(moisture={"1h": steps(6.0)}), "moisture of 1h is 6"),
        (Weather(moisture={"2h": steps(0.06)}), "'2h' is not known"),
        (Weather(Series((0.0, 0.0), (1.0, 2.0), step=True)), "times must rise"),
        (Weather(Series((), (), step=True)), "no value"),
    ],
)
def test_weather_that_cannot_be_is_refused(weather: Weather, said: str) -> None:
    with pytest.raises(InputError, match=said):
        begun(weather=weather)


def test_weather_that_is_not_stated_is_assumed_and_said() -> None:
    fire = begun(weather=None)
    assert "no_weather" in codes(fire)
    said = next(f.message for f in fire.findings if f.code == "moisture_assumed")
    assert "1h 6.0%" in said
    assert "woody 90.0%" in said
    aired = course(Weather(temperature=steps(25.0), humidity=steps(0.2)))
    assert "from temperature and humidity" in aired.findings[0].message
    assert not course(wind()).findings


def test_the_course_of_the_weather_holds_each_value_until_the_next() -> None:
    made = course(
        Weather(steps(2.0, 5.0), Series((300.0,), (90.0,), step=True), moisture={"1h": steps(0.08, 0.05, every=900.0)})
    )
    assert made.times == [0.0, 300.0, 600.0, 900.0]
    assert [made.next(time) for time in (0.0, 300.0, 899.0, 900.0)] == [300.0, 600.0, 900.0, float("inf")]
    assert (made.at(0.0).wind_speed, made.at(599.0).wind_speed, made.at(600.0).wind_speed) == (2.0, 2.0, 5.0)
    assert made.at(0.0).wind_from == 90.0
    assert (made.at(899.0).moisture.one, made.at(900.0).moisture.one) == (0.08, 0.05)


def test_drier_air_lets_the_fire_run_faster() -> None:
    areas = []
    for humidity in (0.8, 0.15):
        weather = Weather(steps(5.0), steps(270.0), steps(20.0), steps(humidity))
        areas.append(
            (begun({}, weather=weather, params={"spotting": "off"}).advance(900.0).fields["fire_state"] > 0).sum()
        )
    assert areas[1] > 1.5 * areas[0]


def pond() -> dict[str, np.ndarray]:
    depth = np.zeros(GRID.shape)
    depth[20:25, 20:25] = 1.0
    return {"depth": depth}


@pytest.mark.parametrize(
    ("ignition", "said"),
    [
        (Ignition("far", points=(at(-50, 300),)), "ignition 'far' at 199950.0, 450300.0 is outside the area"),
        (Ignition("long", points=(at(10, 300), at(900, 300))), "ignition 'long' at 200900.0.*outside the area"),
        (
            Ignition("duck", points=(at(225, 225),)),
            "ignition 'duck' at 200225.0, 450225.0: the ground there is under water",
        ),
        (Ignition("road", points=(at(700, 300),)), "of fuel model 91, which does not burn .built up, or nothing says"),
        (Ignition("who", target="h99"), "building 'h99' is not known.*18 are known"),
        (Ignition("nowhere"), "give its place"),
        (Ignition("past", at=-5.0, points=(at(100, 300),)), "begins at -5 s"),
        (Ignition("hole", points=(at(100, 300),), radius=-1.0), "radius is -1"),
    ],
)
def test_ignitions_that_cannot_be_are_refused_with_what_and_where(ignition: Ignition, said: str) -> None:
    with pytest.raises(InputError, match=said):
        begun(fields=pond(), ignitions=(ignition,))


def test_an_ignition_where_no_terrain_is_known_is_told_that() -> None:
    bare = ground()
    bare["elevation"][25:35, 5:25] = np.nan
    with pytest.raises(
        InputError, match="no terrain is known there, so that nothing is known of what grows on it, and"
    ):
        begun({}, fields=bare)


def test_points_lines_circles_and_buildings_ignite() -> None:
    line = begun({}, ignitions=(Ignition("line", points=(at(100, 100), at(100, 500))),), params={"spotting": "off"})
    assert (line.advance(0.0).fields["fire_state"] == 1.0).sum() >= 40
    circle = begun({}, ignitions=(Ignition("circle", points=(at(205, 305),), radius=35.0),))
    assert (circle.advance(0.0).fields["fire_state"] == 1.0).sum() == pytest.approx(np.pi * 3.5**2, abs=4)
    beside = begun(
        ignitions=(Ignition("place", points=(at(525, 264),)),), fields={"fuel_model": np.full(GRID.shape, 91.0)}
    )
    beside.advance(20.0)
    assert [row["id"] for row in beside.aftermath()["buildings"] if row["cause"] == "given"] == ["h00"]
    later = begun(
        {}, ignitions=(Ignition("b", at=400.0, points=(at(100, 300),)), Ignition("a", at=100.0, points=(at(300, 300),)))
    )
    assert later.advance(99.0).fields["fire_state"].max() == 0
    assert later.advance(100.0).fields["fire_state"].max() == 1
    assert later.summary()["fire_arrival"][30, 30] == 100.0
    later.advance(400.0)
    assert later.summary()["fire_arrival"][30, 10] == 400.0


def test_a_target_that_is_no_building_burns_at_the_place_it_was_given() -> None:
    fire = begun(ignitions=(Ignition("wood", points=(at(200, 300),), target="FOREST-7"),))
    assert fire.advance(0.0).fields["fire_state"][30, 20] == 1.0


def test_nothing_to_burn_and_nothing_that_lights_it_are_said() -> None:
    fire = begun({}, {"fuel_model": np.full(GRID.shape, 91.0)}, ignitions=())
    assert {"no_ignition", "nothing_burns"} <= set(codes(fire))
    assert fire.advance(7200.0).fields["fire_state"].max() == 0
    assert "ignition_late" in codes(begun(ignitions=(Ignition("late", at=9000.0, points=(at(100, 300),)),)))


def test_buildings_that_say_little_are_counted_by_what_was_assumed() -> None:
    bare = [
        Asset("building", f"b{i}", house("x", 530 + 20 * i, 300).points, {"height": 0.0} if i else {}) for i in range(3)
    ]
    fire = begun({"building": [*bare, Asset("building", "point", (at(10, 10),))]})
    said = {f.where: f.message for f in fire.findings if f.code == "building_assumed"}
    assert "of 3 of 3 buildings" in said["structure"]
    assert "masonry" in said["structure"]
    assert "2 buildings state a height below 0.5" in next(
        f.message for f in fire.findings if f.code == "building_too_small"
    )
    left = next(f for f in fire.findings if f.code == "building_left_out")
    assert left.where == "point"
    assert "ground" not in said


def test_a_sliver_and_numbers_that_cannot_be_do_not_refuse_the_city() -> None:
    wrong = {"height": 3000.0, "storeys": 900, "floor_area": 1e9, "ground": 99_999.0}
    rest = [
        house("odd", 530, 300, **wrong),
        house("text", 550, 300, storeys="900"),
        house("low", 570, 300, height=4.0, storeys=7, structure="concrete"),
        Asset("building", "sliver", tuple(at(x, y) for x, y in ((90, 90), (90.1, 90), (90.1, 90.1), (90, 90)))),
    ]
    fire = begun({"building": [*street(1, 1), *rest]})
    said = {f.where: f.message for f in fire.findings if f.code == "building_too_large"}
    assert said["height"] == "1 buildings state a height above 1,000: taken as unknown (the first: odd)"
    assert said["storeys"] == "2 buildings state a storeys above 200: taken as unknown (the first: odd, text)"
    assert said.keys() == {"height", "storeys", "floor_area", "ground"}
    (low,) = [f.message for f in fire.findings if f.code == "building_too_low"]
    assert "1 buildings have less than 1.5 m of height per storey" in low
    assert "low" in low
    (left,) = [f for f in fire.findings if f.code == "building_left_out"]
    assert left.where == "sliver"
    assert fire.advance(600.0).time == 600.0


def test_buildings_take_part_when_they_reach_over_the_edge_and_not_beyond_it() -> None:
    over, beyond, tiny = house("over", 796, 300), house("beyond", 900, 300), house("tiny", 100, 100)
    small = Asset(
        "building",
        "tiny",
        tuple(at(x, y) for x, y in ((101, 101), (102, 101), (102, 102), (101, 102), (101, 101))),
        tiny.params,
    )
    sliver = Asset("building", "sliver", tuple(at(x, y) for x, y in ((90, 90), (91, 90), (91, 90.02), (90, 90))))
    made, left = built([over, beyond, small, sliver], GRID)
    assert made.ids == ["over", "tiny"]
    assert left == ["beyond", "sliver"]
    assert made.cell[made.owner == 0].tolist() == [30 * GRID.nx + 79]
    assert made.cell[made.owner == 1].tolist() == [10 * GRID.nx + 10]


def test_cells_near_buildings_are_those_within_forty_metres() -> None:
    made, _ = built(street(1, 1), GRID)
    burnable = np.zeros(GRID.shape, bool)
    burnable[:, :52] = True
    pairs = near(made, burnable, GRID)
    x = (pairs.cell % GRID.nx + 0.5) * CELL
    assert pairs.distance.max() <= 40
    assert x.min() == 485.0
    assert pairs.distance.min() == pytest.approx(6.0)
    found, which = pairs.of_cells(pairs.cell[:3])
    assert found.tolist() == [0, 1, 2]
    assert which.tolist() == [0, 1, 2]
    assert sorted(pairs.of_buildings(np.array([0]))[0].tolist()) == list(range(len(pairs.cell)))


def test_grass_ignites_by_heat_after_a_dose_and_not_below_its_limit() -> None:
    made, _ = built([house("a", 300, 300)], GRID)
    pairs = near(made, np.ones(GRID.shape, bool), GRID)
    dose = np.zeros(GRID.nx * GRID.ny)
    area = made.area
    lit = onto_cells(dose, pairs, np.array([900.0]), area, 10.0, CELL, 0.06)
    assert not len(lit)
    assert not dose.any()
    touched = onto_cells(dose, pairs, np.array([1100.0]), area, 10.0, CELL, 0.06)
    assert len(touched)
    assert pairs.distance[np.isin(pairs.cell, touched)].max() <= CELL / 2 + 1
    times = []
    for moisture in (0.03, 0.2):
        dose[:] = 0
        count = 0
        while len(onto_cells(dose, pairs, np.array([60_000.0]), area, 1.0, CELL, moisture)) <= len(touched):
            count += 1
        times.append(count)
    assert 1 <= times[0] < times[1]


def test_works_tell_what_closes_and_opens() -> None:
    works = Works((2, 3))
    mask = np.array([[True, False, False], [True, False, False]])
    works.wetten(mask, 100.0)
    shut, opened = works.change(0.0)
    assert (shut == mask).all()
    assert not opened.any()
    works.clear(mask[::-1] & np.array([[True], [False]]), np.full((2, 3), 50.0))
    assert (works.next(0.0), works.next(50.0), works.next(100.0)) == (50.0, 100.0, np.inf)
    assert not works.change(60.0)[0].any()
    shut, opened = works.change(100.0)
    assert opened.tolist() == [[False, False, False], [True, False, False]]


def test_without_buildings_or_vegetation_the_other_burns_alone() -> None:
    towns = begun(params={"vegetation": "off"}, ignitions=(Ignition("h", target="h00"),))
    assert not (towns.advance(1800.0).fields["fire_state"] == 1.0).any()
    assert towns.aftermath()["buildings"]
    woods = begun(params={"buildings": "off"})
    woods.advance(1800.0)
    assert woods.aftermath()["buildings"] == []
    assert abs(woods.budget().error_relative) < 1e-9


def test_asking_before_the_start_and_loading_another_grid_are_refused() -> None:
    with pytest.raises(UsageError, match="not been started"):
        FireHazard().advance(10.0)
    fire = begun({})
    fire.advance(600.0)
    saved = fire.save()
    small = FireHazard()
    grid = type(GRID)(GRID.crs, GRID.west, GRID.south, CELL, 8, 6)
    calm = Scenario("t", "fire", datetime(2026, 4, 1, tzinfo=UTC), 600.0, 60.0, CELL)
    small.start(Setting(grid, calm, {"elevation": np.zeros(grid.shape)}))
    with pytest.raises(InputError):
        small.load(saved, [])
    with pytest.raises(InputError, match="elevation"):
        FireHazard().start(Setting(grid, calm, {}))


def test_water_and_built_cells_hold_no_fuel() -> None:
    fire = begun(fields=pond() | {"building_share": np.where(np.arange(GRID.nx) < 3, 0.6, 0.4) * np.ones((GRID.ny, 1))})
    burnable = fire.world.ground.burnable
    assert not burnable[20:25, 20:25].any()
    assert not burnable[:, :3].any()
    assert burnable[:, 3:20].all()
    assert fire.world.ground.fuel[22, 22] == 98
    assert {GRASS, STREET} <= set(np.unique(fire.world.ground.fuel))


def test_a_broken_watch_ends_the_run_and_it_can_go_on() -> None:
    fire, other = begun(), begun()

    def stop(time: float) -> None:
        if time >= 300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fire.advance(1500.0, stop)
    assert fire.world.time == 300.0
    a, b = fire.advance(1500.0), other.advance(1500.0)
    assert (a.fields["fire_state"] == b.fields["fire_state"]).all()
    assert do(fire, "wet", "h00").cells == 0


def test_flames_beside_a_house_heat_it_as_their_view_factor_says() -> None:
    made, _ = built([house("a", 300, 300), house("far", 500, 300)], GRID)
    pairs = near(made, np.ones(GRID.shape, bool), GRID)
    passed = Passed.none(GRID.nx * GRID.ny)
    cell = 30 * GRID.nx + 27
    gap = float(pairs.distance[(pairs.cell == cell) & (pairs.building == 0)][0])
    assert gap == pytest.approx(300 - 275)
    flames = {"rate": 0.5, "intensity": 5000.0, "flame": 4.0, "depth": 6.0, "kind": 1, "heat": 100.0}
    given = {name: np.array([value]) for name, value in flames.items()}
    passed.come(np.array([cell]), np.array([100.0]), until=np.array([140.0]), **given)
    flux, strongest = onto_buildings(passed, pairs, 119.0, 121.0, CELL, 2)
    x, y = CELL / 2 / (gap - CELL / 2), 2.0 / (gap - CELL / 2)
    ax, ay = np.hypot(1, x), np.hypot(1, y)
    view = 2 / np.pi * (x / ax * np.arctan(y / ax) + y / ay * np.arctan(x / ay))
    assert flux[0] == pytest.approx(117 * (1 - np.exp(-0.3 * 6.0)) * view)
    assert flux[1] == 0
    assert strongest.tolist() == [cell, -1]
    early, _ = onto_buildings(passed, pairs, 100.0, 110.0, CELL, 2)
    assert 0 < early[0] < flux[0]
    half, _ = onto_buildings(passed, pairs, 135.0, 145.0, CELL, 2)
    whole, _ = onto_buildings(passed, pairs, 135.0, 140.0, CELL, 2)
    assert half[0] == pytest.approx(whole[0] / 2)
    after, _ = onto_buildings(passed, pairs, 150.0, 160.0, CELL, 2)
    assert not after.any()


def test_what_a_cell_gives_off_adds_up_to_its_heat() -> None:
    passed = Passed.none(4)
    one = {name: np.ones(2) for name in ("rate", "intensity", "flame", "depth", "kind")}
    passed.come(
        np.array([2, 0]), np.array([10.0, 20.0]), until=np.array([30.0, 60.0]), heat=np.array([8.0, 4.0]), **one
    )
    assert passed.given(20.0) == pytest.approx(4.0)
    fuel = np.full(4, 10.0)
    for time in (20.0, 30.0, 45.0, 60.0, 90.0):
        passed.end(time)
        assert passed.given(time) + passed.left(time, fuel) == pytest.approx(40.0)
    assert passed.given(90.0) == 12.0
    assert passed.state(25.0).tolist() == [1.0, 0.0, 1.0, 0.0]
    assert passed.state(40.0).tolist() == [1.0, 0.0, 2.0, 0.0]
    assert not len(passed.active)


def test_cells_around_buildings_are_those_of_their_boxes_widened() -> None:
    made, _ = built([house("a", 301, 303), house("rim", 796, 595)], GRID)
    mask = around(made, GRID, 12.0)
    rows, columns = np.nonzero(mask)
    first = mask[:, :60]
    assert (np.nonzero(first)[0].min(), np.nonzero(first)[0].max()) == (29, 32)
    assert (np.nonzero(first)[1].min(), np.nonzero(first)[1].max()) == (28, 32)
    assert first.sum() == 4 * 5
    assert (rows.max(), columns.max()) == (GRID.ny - 1, GRID.nx - 1)
    assert not around(built([], GRID)[0], GRID, 12.0).any()


def test_rain_wets_fine_fuel_while_it_falls_and_puts_out_brands() -> None:
    rain = Series((0.0, 600.0, 1200.0, 1800.0, 2400.0), (0.0, 2e-6, 1e-6, 1e-8, 0.0), step=True)
    made = course(wind(), rain)
    assert made.wet == [(600.0, 1800.0)]
    assert made.times == [0.0, 600.0, 1800.0]
    assert [made.at(time).rains for time in (0.0, 600.0, 1799.0, 1800.0)] == [False, True, True, False]
    assert made.at(600.0).moisture.one == 0.35
    assert made.at(600.0).moisture.herb == made.at(0.0).moisture.herb
    assert made.at(1800.0).moisture.one == made.at(0.0).moisture.one < 0.35
    assert [f.code for f in made.findings] == ["rain_wets"]
    assert "10 to 30 min" in made.findings[0].message


def test_a_fire_in_the_rain_stays_where_it_is_and_throws_nothing() -> None:
    wet = Series((0.0, 3000.0), (5e-6, 0.0), step=True)
    dry, rainy = begun(params={"brand_factor": 20.0}), begun(params={"brand_factor": 20.0}, rain=wet)
    for fire in (dry, rainy):
        fire.advance(1500.0)
    assert rainy.world.passed.count < dry.world.passed.count / 20
    assert "rain_wets" in codes(rainy)
    assert "rain_wets" not in codes(dry)
    ignitions = (Ignition("h", target="h00"),)
    grounds = {"fuel_model": np.full(GRID.shape, 91.0)}
    spots = []
    for rain in (None, wet):
        fire = begun(
            {"building": street()},
            grounds,
            weather=wind(15.0),
            ignitions=ignitions,
            params={"brand_factor": 50.0},
            rain=rain,
        )
        fire.advance(2900.0)
        spots.append(int(fire.world.town.by_brand.sum()))
    assert spots[0] > 0
    assert spots[1] == 0
    seen = begun(gauges=(Gauge("g", 0.0, 0.0, wet),))
    assert "rain_unseen" in codes(seen)


def test_a_building_tells_the_fuel_it_had() -> None:
    fire = begun({"building": street()}, ignitions=(Ignition("h", target="h00"),))
    fire.advance(1200.0)
    (row,) = [r for r in fire.aftermath()["buildings"] if r["id"] == "h00"]
    assert 0 < row["energy_mj"] < row["load_mj"]
