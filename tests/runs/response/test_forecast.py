"""The forecast is told what was observed and reported, and nothing of what is to come but an uncertain nowcast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs.response.laid import Laid, laid_out
from tests.runs.response.village import DRILL, FIRE, LOW, RESPONSE, village
from twin.model.action import Action
from twin.model.response.view import Outlook, Report
from twin.model.scenario import Ignition, Series
from twin.runs.response.forecast import Forecaster, Known

FEW = settings(derandomize=True, deadline=None, max_examples=4)
BREACH = Action("breach", 300.0, "L-1", {"line": [[200_182.0, 450_000.0], [200_182.0, 450_200.0]], "width": 40.0})
BROKEN = Report("breach/L-1", "breach", 200_182.0, 450_100.0, 360.0, 400.0, "L-1")
PUMP = Action("pump", 60.0, "here", {"x": 200_130.0, "y": 450_100.0, "rate": 1.0, "mode": "on"})


def bytes_of(outlook: Outlook | None) -> list[object]:
    assert outlook is not None
    found: list[object] = [outlook.made, outlook.horizon]
    for course in (outlook.homes, outlook.sites, outlook.edges):
        found += [
            course.ids,
            course.times.tobytes(),
            course.depth.tobytes(),
            course.product.tobytes(),
            course.fire.tobytes(),
        ]
    return found


def same(one: Outlook | None, other: Outlook | None) -> bool:
    return bytes_of(one) == bytes_of(other)


def at(forecaster: Forecaster, time: float, **known: object) -> Outlook:
    found = forecaster.outlook(Known(time, **known))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def first(laid: Laid) -> Outlook:
    return at(laid.forecaster(), 300.0)


def test_every_member_is_looked_at_from_now_to_the_horizon(laid: Laid, first: Outlook) -> None:
    assert first.homes.times.tolist() == [300.0 + 150.0 * k for k in range(7)]
    assert (first.made, first.horizon) == (300.0, 900.0)
    depth = first.homes.depth[:, :, first.homes.ids.index(LOW)]
    assert depth.shape == (2, 7)
    assert (np.diff(depth.max(axis=0)) > -1e-3).all()
    assert depth[0, -1] != depth[1, -1]
    late = at(laid.forecaster(), 1100.0)
    assert late.horizon == 100.0
    assert laid.forecaster().outlook(Known(1200.0)) is None


@FEW
@given(st.floats(0, 500), st.sampled_from([0.0, 600.0, 1500.0]))
def test_breaches_and_rain_to_come_do_not_change_what_is_expected(laid: Laid, first, mm_h: float, width: float) -> None:
    """Rain beyond the horizon and the nowcast's error of time; breaches and failures that nobody knows of."""
    rain = laid.scenario.rain
    changed = {}
    if width:
        again = replace(BREACH, at=700.0, params={**BREACH.params, "width": 20.0})
        changed["measures"] = (BREACH, again, Action("pump", 290.0, "P-1", {"rate": 0.0}))
    far = 300.0 + 900.0 + 5 * laid.stage.drill.nowcast_shift
    later = Series((*rain.times, far), (*rain.values, mm_h / 3.6e6), step=True)
    assert same(at(laid.forecaster(rain=later, **changed), 300.0), first)


def test_rain_of_the_next_minutes_is_a_nowcast_with_its_error(laid: Laid) -> None:
    forecaster = laid.forecaster()
    rain = laid.scenario.rain
    for number in range(2):
        told = forecaster.nowcast(number, 700.0)
        assert [told.at(t) for t in (0.0, 300.0, 650.0)] == [rain.at(t) for t in (0.0, 300.0, 650.0)]
        assert told.at(720.0) != rain.at(720.0)
    again = laid.forecaster().nowcast(1, 700.0)
    assert again == forecaster.nowcast(1, 700.0) != forecaster.nowcast(0, 700.0)


def test_a_reported_breach_is_in_it_and_a_later_one_of_the_same_levee_is_not(laid: Laid, first: Outlook) -> None:
    forecaster = laid.forecaster(measures=(BREACH,))
    before = at(forecaster, 300.0)
    after = at(forecaster, 600.0, reports=(BROKEN,))
    without = at(laid.forecaster(), 600.0)
    assert same(before, first)
    assert not same(after, without)
    assert after.homes.depth.sum() > 1.1 * without.homes.depth.sum()
    anew = laid.forecaster(measures=(BREACH,))
    assert same(at(anew, 600.0, reports=(BROKEN,)), after)
    twice = laid.forecaster(measures=(BREACH, replace(BREACH, at=900.0, params={**BREACH.params, "width": 150.0})))
    assert same(at(twice, 600.0, reports=(BROKEN,)), after)


def test_nobody_knows_how_wide_a_breach_is(laid: Laid) -> None:
    forecaster = laid.forecaster(measures=(BREACH,))
    at(forecaster, 600.0, reports=(BROKEN,))
    widths = [branch.done[0].params["width"] for branch in forecaster.branches]
    assert len({*widths, BREACH.params["width"]}) == 3


def test_a_failure_is_known_by_telemetry_after_its_delay(laid: Laid) -> None:
    failed = Action("pump", 60.0, "P-1", {"rate": 0.0})
    forecaster = laid.forecaster(measures=(failed,))
    assert forecaster._happened(0, Known(119.0)) == []
    assert forecaster._happened(0, Known(120.0)) == [failed]


def test_going_on_is_the_same_as_beginning_anew(laid: Laid) -> None:
    going = laid.forecaster()
    at(going, 0.0)
    assert same(at(going, 600.0), at(laid.forecaster(), 600.0))
    steps = laid.forecaster()
    for time in (0.0, 240.0, 480.0):
        at(steps, time)
    other = at(laid.forecaster(), 600.0)
    assert at(steps, 600.0).homes.depth == pytest.approx(other.homes.depth, abs=2e-3)


def test_what_was_done_is_in_it_and_what_was_done_late_too(laid: Laid) -> None:
    going, without = laid.forecaster(), laid.forecaster()
    for forecaster in (going, without):
        at(forecaster, 0.0)
    pumped, plain = at(going, 600.0, done=(PUMP,)), at(without, 600.0)
    n = plain.homes.ids.index(LOW)
    assert pumped.homes.depth[:, -1, n].max() < plain.homes.depth[:, -1, n].max() - 0.05
    assert same(pumped, at(laid.forecaster(), 600.0, done=(PUMP,)))
    off = replace(PUMP, at=590.0, params={**PUMP.params, "mode": "off"})
    later = at(going, 900.0, done=(PUMP, off))
    assert later.homes.depth[:, -1, n].max() > pumped.homes.depth[:, -1, n].min()
    assert [a.kind for a in going.branches[0].done] == ["pump", "pump"]


def test_hindsight_knows_all_beforehand_without_error(laid: Laid) -> None:
    perfect = at(laid.forecaster(perfect=True, measures=(BREACH,)), 0.0)
    blind = at(laid.forecaster(perfect=True), 0.0)
    assert perfect.homes.depth.shape[0] == 1
    assert perfect.homes.depth[0, -1].sum() > blind.homes.depth[0, -1].sum()
    whole = laid.forecaster(perfect=True)
    assert whole._expected(0, Known(0.0)).rain == laid.scenario.rain


@pytest.fixture(scope="module")
def ablaze(tmp_path_factory) -> Laid:
    with village(tmp_path_factory.mktemp("ablaze")) as city:
        return laid_out(city, FIRE + RESPONSE)


SEEN = Report("fire/home-12", "fire", 200_076.0, 450_024.0, 180.0, 240.0, "home-12")


def test_a_fire_is_expected_from_when_it_was_reported(ablaze: Laid) -> None:
    forecaster = ablaze.forecaster()
    assert forecaster.outlook(Known(600.0)) is None
    burning = at(forecaster, 600.0, reports=(SEEN,))
    assert burning.homes.fire[:, :, burning.homes.ids.index("home-12")].any(axis=1).all()
    other = Ignition("다른 곳", 60.0, ((200_150.0, 450_150.0),), 5.0)
    secret = ablaze.forecaster(ignitions=(*ablaze.scenario.ignitions, other))
    assert same(at(secret, 600.0, reports=(SEEN,)), burning)
    assert same(at(ablaze.forecaster(ignitions=()), 600.0, reports=(SEEN,)), burning)
    second = replace(SEEN, id="fire/home-30", target="home-30", x=200_166.0, y=450_024.0, time=400.0)
    more = at(forecaster, 900.0, reports=(SEEN, second))
    assert same(more, at(ablaze.forecaster(), 900.0, reports=(SEEN, second)))
    assert more.homes.fire[:, -1, more.homes.ids.index("home-30")].all()
    assert ablaze.forecaster(perfect=True).outlook(Known(0.0)) is not None


def test_rain_and_fire_together_forecast_what_is_known_of_each(tmp_path) -> None:
    fire = FIRE.split("[weather]")[1].split("[fire]")[0].split("[[ignition]]")
    text = DRILL.replace('"flood"', '"flood+fire"') + "[weather]" + fire[0] + "[[ignition]]" + fire[1]
    with village(tmp_path) as city:
        laid = laid_out(city, text)
    forecaster = laid.forecaster()
    assert forecaster._expected(0, Known(0.0)).hazard == "flood"
    assert forecaster._expected(0, Known(0.0)).params == {"order": 1}
    dry = at(forecaster, 300.0)
    assert not dry.homes.fire.any()
    both = at(forecaster, 300.0, reports=(SEEN,))
    assert both.homes.fire.any()
    assert both.homes.depth.any()
