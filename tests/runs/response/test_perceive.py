"""What sensors and people say of the truth: late, with noise, with gaps, twice the same, and never beforehand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs.response.laid import Laid
from tests.runs.response.village import GRID, HIGH, LOW, UNDER
from twin.model.action import Action
from twin.model.scenario import Ignition
from twin.runs.response.courses import Moment
from twin.runs.response.perceive import EVERY, HISTORY, Senses, newest, rain_at

RUNS = settings(derandomize=True, deadline=None, max_examples=25)
SURE = {"noise": 0.0, "lost": 0.0, "delay": 0.0, "report_after": 0.0}


def senses(laid: Laid, *, drill: dict | None = None, **scenario: object) -> Senses:
    stage = laid.stage
    ground = laid.fine.fields["elevation"].ravel()
    return Senses(
        stage.facts, replace(stage.drill, **drill or {}), replace(laid.scenario, **scenario), stage.sensors, ground
    )


def moment(laid: Laid, time: float, home: float = 0.0, site: float = 0.0, lit: frozenset[str] = frozenset()) -> Moment:
    facts = laid.stage.facts

    def felt(n: int, value: float):
        return np.full(n, value, np.float32), np.zeros(n, np.float32), np.zeros(n, bool)

    return Moment(
        time, felt(len(facts.homes), home), felt(len(facts.sites), site), felt(len(facts.roads.start), 0.0), lit
    )


def watched(laid: Laid, one: Senses, waters: list[float], every: float = EVERY) -> Senses:
    """Let it look at water that stands everywhere, one depth after the other."""
    for number, water in enumerate(waters):
        depth = np.full(GRID.nx * GRID.ny // 4, water)
        one.look(moment(laid, number * every, water, water), depth, {"place": water})
    return one


def test_sensors_are_the_rain_gauge_the_level_gauge_and_one_in_each_underpass(laid: Laid) -> None:
    found = {(s.id, s.quantity) for s in laid.stage.sensors}
    assert found == {("rain", "rain_rate"), ("level", "water_level"), (UNDER, "depth")}


def test_a_sure_sensor_says_what_is_so_at_once(laid: Laid) -> None:
    one = watched(laid, senses(laid, drill=SURE), [0.0, 0.25, 0.5])
    history = one.history(2 * EVERY)
    ground = laid.fine.fields["elevation"].ravel()
    level = next(s for s in laid.stage.sensors if s.id == "level")
    assert [r.value for r in history[UNDER, "depth"]] == [0.0, 0.25, 0.5]
    assert [r.value for r in history["level", "water_level"]] == pytest.approx(
        ground[level.spot] + [0.0, 0.25, 0.5], abs=1e-3
    )
    assert [r.time for r in history[UNDER, "depth"]] == [0.0, EVERY, 2 * EVERY]
    assert all(r.received == r.time for rows in history.values() for r in rows)
    assert history["place", "crowd_density"][0].value == 0.0
    rain = history["rain", "rain_rate"][0].value
    assert rain == pytest.approx(rain_at(laid.scenario, 0.0), rel=0.3)
    assert rain > 0


def test_noise_delay_and_gaps_are_as_the_scenario_says(laid: Laid) -> None:
    drill = {"noise": 0.02, "delay": 120.0, "lost": 0.25}
    n = 400
    one = watched(laid, senses(laid, drill=drill), [1.0] * n)
    rows = one.history(n * EVERY)["level", "water_level"]
    whole = one._sent["level", "water_level"]
    late = np.array([r.received - r.time for r in whole])
    assert len(rows) < len(whole)  # what is older than HISTORY is not at hand
    assert min(r.time for r in rows) >= n * EVERY - HISTORY
    assert len(whole) / n == pytest.approx(0.75, abs=0.07)
    values = np.array([r.value for r in whole])
    assert values.std() == pytest.approx(0.02, rel=0.15)
    assert late.min() >= 60.0
    assert late.mean() == pytest.approx(120.0, rel=0.15)


def test_the_same_scenario_is_measured_the_same_and_another_seed_is_not(laid: Laid) -> None:
    waters = [0.0, 0.1, 0.4, 0.6, 0.6, 0.7]
    first, again = (watched(laid, senses(laid), waters) for _ in range(2))
    assert first.history(1e5) == again.history(1e5)
    assert first.reports(1e5) == again.reports(1e5)
    other = watched(laid, senses(laid, seed=99), waters)
    assert first._sent != other._sent


def test_what_happens_elsewhere_does_not_change_a_gauge(laid: Laid) -> None:
    one, other = senses(laid), senses(laid)
    for number in range(6):
        depth = np.full(400, 0.1 * number)
        one.look(moment(laid, number * EVERY, 0.0, 0.1 * number), depth, {})
        other.look(moment(laid, number * EVERY, 2.0, 0.1 * number, frozenset({HIGH})), depth, {"gate": 3.0})
    mine, theirs = one.history(1e4), other.history(1e4)
    assert mine == {key: rows for key, rows in theirs.items() if key[0] != "gate"}


@RUNS
@given(
    st.lists(st.floats(0, 3), min_size=4, max_size=12),
    st.lists(st.floats(0, 3), min_size=4, max_size=12),
    st.integers(0, 8),
)
def test_nothing_is_known_before_it_came_in_and_the_future_changes_nothing(laid: Laid, waters, others, cut) -> None:
    cut = min(cut, len(waters))
    one = watched(laid, senses(laid), waters)
    other = watched(laid, senses(laid), [*waters[:cut], *others])
    for now in np.arange(0.0, len(waters) * EVERY, 75.0):
        history, reports = one.history(now), one.reports(now)
        for row in [r for rows in history.values() for r in rows] + list(reports):
            assert row.time <= row.received <= now
        if now < cut * EVERY:
            assert history == other.history(now)
            assert reports == other.reports(now)


def test_an_old_reading_is_stale_and_a_float_that_sticks_is_frozen(laid: Laid) -> None:
    one = watched(laid, senses(laid, drill={"delay": 0.0, "lost": 0.0}), [0.3])
    late = {r.sensor: r.mark for r in newest(one.history(901.0), 901.0)}
    assert set(late.values()) == {"stale"}
    assert {r.mark for r in newest(one.history(900.0), 900.0)} == {""}
    stuck = watched(laid, senses(laid, drill={"delay": 0.0, "lost": 0.0}), [0.3] * 4)
    for number in range(4, 10):
        reading = stuck._sent[UNDER, "depth"][3]
        stuck._sent[UNDER, "depth"].append(replace(reading, time=number * EVERY, received=number * EVERY))
    marks = [r.mark for r in stuck.history(10 * EVERY)[UNDER, "depth"]]
    assert marks == [""] * 8 + ["frozen"] * 2
    assert newest(stuck.history(10 * EVERY), 10 * EVERY)[0].sensor == UNDER
    assert newest(stuck.history(10 * EVERY), 10 * EVERY)[0].mark == "frozen"


def test_a_dry_gauge_and_one_without_noise_are_not_frozen(laid: Laid) -> None:
    dry = watched(laid, senses(laid), [0.0] * 20)
    assert {r.mark for r in dry.history(1e4)[UNDER, "depth"]} == {""}
    sure = watched(laid, senses(laid, drill=SURE), [0.5] * 20)
    assert {r.mark for rows in sure.history(20 * EVERY).values() for r in rows} == {""}


def test_a_burning_house_is_reported_late_and_once(laid: Laid) -> None:
    one = senses(laid, drill={"report_after": 300.0})
    for time in (60.0, 120.0, 180.0):
        one.look(moment(laid, time, lit=frozenset({LOW, "not-a-home"})), None, {})
    (report,) = one.reports(1e5)
    home = next(h for h in laid.stage.facts.homes if h.id == LOW)
    assert (report.kind, report.target, report.time, report.x, report.y) == ("fire", LOW, 60.0, home.x, home.y)
    assert 60.0 + 300.0 / 8 < report.received < 60.0 + 300.0 * 8
    assert one.reports(report.received - 1e-6) == ()


def test_flooded_half_basements_call_in_part(laid: Laid) -> None:
    one = watched(laid, senses(laid), [0.0, 0.29, 0.31, 1.0])
    below = {h.id for h in laid.stage.facts.homes if h.below > 0}
    calls = one.reports(1e5)
    assert {r.kind for r in calls} == {"water"}
    assert {r.target for r in calls} < below
    assert 0 < len(calls)
    assert {r.time for r in calls} == {2 * EVERY}
    assert [r.value for r in calls] == [pytest.approx(0.31)] * len(calls)


def test_a_fire_in_the_open_is_seen_from_afar_and_not_quite_where_it_is(laid: Laid) -> None:
    spark = Ignition("언덕", 100.0, ((200_050.0, 450_050.0),), 5.0)
    one = senses(laid, ignitions=(spark,))
    one.look(moment(laid, 60.0), None, {})
    assert one.reports(1e5) == ()
    one.look(moment(laid, 120.0), None, {})
    (report,) = one.reports(1e5)
    away = np.hypot(report.x - 200_050, report.y - 450_050)
    assert (report.kind, report.target, report.time) == ("fire", "", 120.0)
    assert 0 < away < 150


def test_each_breach_is_reported_where_it_is(laid: Laid) -> None:
    first = Action("breach", 100.0, "L-1", {})
    again = Action("breach", 400.0, "L-1", {})
    free = Action("breach", 400.0, "", {"x": 200_100.0, "y": 450_050.0, "direction": 0.0, "width": 20.0})
    line = Action("breach", 400.0, "", {"line": [[200_000.0, 450_000.0], [200_020.0, 450_000.0]]})
    one = senses(laid, measures=(first, again, free, line))
    one.look(moment(laid, 120.0), None, {})
    levee = next(s for s in laid.stage.facts.sites if s.id == "L-1")
    assert [(r.target, r.x, r.y, r.time) for r in one.reports(1e5)] == [("L-1", levee.x, levee.y, 120.0)]
    for time in (420.0, 480.0):
        one.look(moment(laid, time), None, {})
    later = {(r.target, r.x, r.y) for r in one.reports(1e5) if r.time == 420.0}
    assert later == {("L-1", levee.x, levee.y), ("", 200_100.0, 450_050.0), ("", 200_010.0, 450_000.0)}
    assert len({r.id for r in one.reports(1e5)}) == len(one.reports(1e5)) == 4
