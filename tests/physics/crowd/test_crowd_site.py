"""A place as the response drives it: what people do, what cameras count, what actions change."""

from __future__ import annotations

import numpy as np
import pytest

from tests.physics.crowd.stations import station
from twin.errors import UsageError


def test_people_come_and_go_and_are_counted() -> None:
    site = station(200, 4)
    site.advance(120)
    state = site.crowd.state
    assert sum(c.persons for c in site.counts()) == len(site.crowd.inside)
    assert {c.zone for c in site.counts()} == {"west", "middle", "east"}
    assert all(c.level in "ABCDEF" and c.peak >= 0 and c.area > 400 for c in site.counts())
    assert (
        sum(d.entered for d in site.doors()) == (np.isfinite(state.entered) & (site.crowd.people.entrance >= 0)).sum()
    )
    site.advance(500)
    assert site.still_here() == 0
    assert site.through() == len(site.crowd.people)
    assert site.person_seconds(0.0) > 20 * 200
    assert site.person_seconds(0.0) == pytest.approx(sum(site.person_seconds(0.0, z) for z in site.zones))


def test_the_same_seed_is_the_same_people() -> None:
    one, same, other = (station(100, 2, seed).crowd.people for seed in (1, 1, 2))
    assert np.array_equal(one.ready, same.ready)
    assert np.array_equal(one.goal, same.goal)
    assert len(one) != len(other) or not np.array_equal(one.ready, other.ready)


def test_actions_change_what_they_are_for() -> None:
    site = station(300, 3)
    site.advance(60)
    held, opened, diverted, nothing = (site.copy() for _ in range(4))
    held.apply("hold_entrance", "exit 1", 1.0)
    opened.apply("open_exit", "exit 3")
    diverted.apply("divert", "exit 1", 1.0, to="exit 2")
    for one in (site, held, opened, diverted, nothing):
        one.advance(240)
    left = [{d.gate: d for d in one.doors()} for one in (site, held, opened, diverted, nothing)]
    assert np.array_equal(site.crowd.state.position, nothing.crowd.state.position)
    assert site.person_seconds(0.5) == nothing.person_seconds(0.5)
    assert left[1]["exit 1"].waiting > 0
    assert left[0]["exit 1"].waiting == 0
    assert left[0]["exit 3"].left == 0
    assert left[2]["exit 3"].left > 0
    assert left[3]["exit 1"].left < left[0]["exit 1"].left


def test_alarms_name_the_zone_and_end() -> None:
    site = station(200, 2)
    site.apply("open_exit", "exit 1", 0.0)
    site.apply("open_exit", "exit 2", 0.0)
    site.advance(60)
    assert site.alarms(now=True) == () or all(zone in site.zones for zone, _ in site.alarms(now=True))
    crowd = site.crowd
    x, y = np.meshgrid(np.arange(2.0, 5.0, 0.4), np.arange(10.0, 13.0, 0.4))
    for second in range(61, 80):
        crowd.record.note(float(second), 1.0, np.column_stack([x.ravel(), y.ravel()]))
    zone, alarm = site.alarms(now=True)[-1]
    assert zone == "west"
    assert alarm.level == 3
    assert alarm.peak > 5


def test_water_on_the_floor_slows_them() -> None:
    dry, wet = station(100, 2), station(100, 2)
    dry.advance(100)
    wet.advance(100, factor=0.5)
    assert wet.through() < dry.through()
    x, y = wet.grid
    wet.advance(101, factor=np.ones((len(y), len(x))))


def test_what_is_unknown_is_named() -> None:
    site = station(10, 1)
    with pytest.raises(UsageError, match="exit 1"):
        site.apply("open_exit", "exit1")
    with pytest.raises(UsageError, match="hold_entrance"):
        site.apply("hold", "exit 1")
    with pytest.raises(UsageError, match="within 0 and 1"):
        site.apply("divert", "exit 1", 2.0)
    with pytest.raises(UsageError, match="zone"):
        site.person_seconds(1.0, "roof")
