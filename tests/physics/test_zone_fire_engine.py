"""The zone model as a whole: balances, keeping, frames, openings, oxygen, devices, what people take up."""

from __future__ import annotations

import numpy as np
import pytest

from twin.physics.zone_fire.engine import ZoneFire
from twin.physics.zone_fire.network import CLOSE_PRESSURE
from twin.physics.zone_fire.rooms import CONCRETE, GYPSUM, OUTSIDE, WOOD, Ambient, Device, Fan, Fire, Fuel, Room, Vent

GROWING = ((0.0, 0.0), (120.0, 600.0), (600.0, 600.0))
SMOKY = Fuel(6.0, 10.0, 5.0, 0.3, 17_100.0, 0.35, soot=0.03, co=0.05, hcn=0.001)


def flat(devices: tuple[Device, ...] = (), fuel: Fuel = WOOD) -> ZoneFire:
    """Return three rooms and a stair on two storeys with a fire in the first."""
    rooms = [
        Room("bed", 14.0, 2.4),
        Room("hall", 9.0, 2.4, leakage=0.005),
        Room("stair", 6.0, 5.2, mixed=True),
        Room("attic", 20.0, 2.4, floor=2.8),
    ]
    vents = [
        Vent("bed-hall", ("bed", "hall"), "wall", 0.9, 0.0, 2.0),
        Vent("window", ("bed", OUTSIDE), "wall", 1.2, 0.9, 2.0),
        Vent("hall-stair", ("hall", "stair"), "wall", 0.9, 0.0, 2.0),
        Vent("stair-attic", ("stair", "attic"), "wall", 0.9, 2.8, 4.8),
        Vent("hatch", ("attic", OUTSIDE), "ceiling", area=0.2),
    ]
    fans = [Fan("hood", ("hall", OUTSIDE), 0.05, 2.2)]
    return ZoneFire(rooms, vents, [Fire("bed", "bed", GROWING, 1.0, 0.4, fuel=fuel)], devices, fans)


def everything(zones: ZoneFire) -> dict[str, np.ndarray]:
    return zones.save()


def same(a: ZoneFire, b: ZoneFire) -> bool:
    """Return whether two engines stand at the same point to the last bit."""
    return all(np.array_equal(x, everything(b)[name], equal_nan=True) for name, x in everything(a).items())


def test_mass_and_energy_are_kept() -> None:
    zones = flat()
    zones.advance(300.0)
    energy, mass = zones.energy, zones.mass
    assert energy["released"] > 100
    assert abs(energy["error"]) < 1e-9 * energy["released"]
    assert abs(mass["error"]) < 1e-9 * mass["fuel"]
    assert energy["to_linings"] > 0
    assert energy["through_vents"] > 0


def test_hot_gas_lies_over_cool_and_reaches_every_room() -> None:
    zones = flat()
    zones.advance(300.0)
    assert (zones.upper_temperature >= zones.lower_temperature - 0.01).all()
    assert zones.upper_temperature[0] > 250
    assert (zones.upper_temperature[1:] > 25).all()
    assert 0.2 < zones.interface[0] < 2.0
    assert (zones.optical_density > 0).all()
    assert (zones.oxygen <= 0.2301).all()


def test_air_at_rest_stays_at_rest() -> None:
    zones = ZoneFire([Room("a", 10.0, 2.5), Room("b", 10.0, 2.5, 2.5)], [Vent("h", ("a", "b"), "ceiling", area=1.0)])
    zones.advance(600.0)
    assert zones.upper_temperature == pytest.approx([20.0, 20.0], abs=1e-4)
    assert zones.pressure == pytest.approx([0.0, 0.0], abs=CLOSE_PRESSURE)


def test_a_run_goes_on_to_the_last_bit() -> None:
    straight, first = flat(), flat()
    straight.advance(200.0)
    first.advance(90.0)
    saved = first.save()
    straight.advance(300.0)
    second = flat()
    second.load(saved)
    second.advance(300.0)
    assert same(straight, second)


def test_frames_at_whole_seconds_change_nothing() -> None:
    straight, framed = flat(), flat()
    straight.advance(180.0)
    for time in range(7, 181, 1):
        framed.advance(float(time))
        assert framed.heat_release[0] >= 0  # looking changes nothing either
    assert same(straight, framed)


def test_frames_at_odd_times_change_little() -> None:
    straight, framed = flat(), flat()
    straight.advance(180.0)
    for time in np.arange(0.7, 180.0, 0.7):
        framed.advance(float(time))
    framed.advance(180.0)
    assert framed.upper_temperature == pytest.approx(straight.upper_temperature, abs=1.5)
    assert framed.interface == pytest.approx(straight.interface, abs=0.02)


def test_shutting_the_door_keeps_the_smoke_out() -> None:
    left_open, shut = flat(), flat()
    shut.set_open("bed-hall", 0.0)
    for zones in (left_open, shut):
        zones.advance(240.0)
    assert shut.upper_temperature[1] < 21
    assert left_open.upper_temperature[1] > 80
    assert shut.lower_optical_density[1] < 1e-6


def test_a_fire_without_air_goes_out() -> None:
    room = Room("store", 12.0, 2.4, 0.0, None, CONCRETE, CONCRETE, CONCRETE, leakage=0.002)
    zones = ZoneFire([room], fires=[Fire("f", "store", 300.0, 0.5, fuel=WOOD)])
    zones.advance(20.0)
    assert zones.heat_release[0] == pytest.approx(300.0)
    zones.advance(900.0)
    assert zones.heat_release[0] < 60
    assert 0.02 < zones.oxygen[0] < 0.18
    assert (zones.state.species >= -1e-9).all()


def test_putting_a_fire_out_stops_it() -> None:
    zones = flat()
    zones.advance(120.0)
    zones.set_fire("bed", 0.0)
    hot = zones.upper_temperature[0]
    zones.advance(400.0)
    assert zones.heat_release[0] == 0
    assert zones.upper_temperature[0] < hot / 2


def test_detectors_go_off_in_order_and_a_sprinkler_holds_the_fire() -> None:
    devices = (
        Device("smoke", "bed", "smoke", activation=24.0),
        Device("heat", "bed", "heat", activation=57.0, rti=50.0),
        Device("head", "bed", "sprinkler", activation=68.0, rti=50.0, spray=0.1),
        Device("far", "attic", "sprinkler", activation=141.0),
    )
    zones = flat(devices)
    zones.advance(400.0)
    smoke, heat, head, far = zones.activated
    assert 0 < smoke < heat < head < 200
    assert np.isinf(far)
    free = flat()
    free.advance(400.0)
    assert zones.heat_release[0] < 0.5 * free.heat_release[0]
    # Q_act exp(-(t - t_act) u^1.8/3), the head at the height of its fire
    at_head = np.interp(head, *zip(*GROWING, strict=True))
    assert zones.heat_release[0] == pytest.approx(at_head * np.exp(-(400 - head) * 0.1**1.8 / 3), rel=0.03)


def test_smoke_and_heat_are_taken_up_where_the_fire_is() -> None:
    zones = flat(fuel=SMOKY)
    doses = []
    for time in (60.0, 150.0, 300.0):
        zones.advance(time)
        doses.append((zones.fed_gas[0], zones.fed_heat[0]))
    assert (np.diff(doses, axis=0) > 0).all()
    assert zones.fed_heat[0] > zones.fed_heat[1]
    assert zones.fed_heat[0] > 1


def test_quarter_steps_change_little() -> None:
    coarse, fine = flat(), flat()
    coarse.advance(240.0)
    for time in np.arange(0.25, 240.01, 0.25):
        fine.advance(float(time))
    assert fine.upper_temperature == pytest.approx(coarse.upper_temperature, rel=0.01, abs=1.0)
    assert fine.interface == pytest.approx(coarse.interface, abs=0.03)


def test_rooms_in_another_order_give_the_same() -> None:
    rooms = [Room("a", 10.0, 2.5), Room("b", 20.0, 2.5), Room("c", 8.0, 2.5)]
    vents = [Vent("ab", ("a", "b"), "wall", 0.9, 0, 2), Vent("bc", ("b", "c"), "wall", 0.9, 0, 2)]
    vents += [Vent("c-", ("c", OUTSIDE), "wall", 1.0, 1, 2)]
    fire = [Fire("f", "a", 200.0, 0.5)]
    one, other = ZoneFire(rooms, vents, fire), ZoneFire(rooms[::-1], vents[::-1], fire)
    for zones in (one, other):
        zones.advance(120.0)
    assert one.upper_temperature == pytest.approx(other.upper_temperature[::-1], abs=0.5)


def test_linings_take_heat_and_keep_it() -> None:
    heat = {}
    for name, lining in (("gypsum", GYPSUM), ("concrete", CONCRETE), ("none", None)):
        room = Room("a", 12.0, 2.5, 0.0, None, lining, lining, lining)
        zones = ZoneFire([room], [Vent("d", ("a", OUTSIDE), "wall", 0.9, 0, 2)], [Fire("f", "a", 300.0, 0.5)])
        zones.advance(300.0)
        heat[name] = zones.upper_temperature[0]
    assert heat["concrete"] < heat["gypsum"] < heat["none"]


def test_cold_air_outside_comes_in_low_and_warm_air_leaves_high() -> None:
    zones = ZoneFire([Room("a", 12.0, 2.5)], [Vent("d", ("a", OUTSIDE), "wall", 0.9, 0, 2)], ambient=Ambient(0.0, 25.0))
    zones.advance(30.0)
    assert zones.lower_temperature[0] < zones.upper_temperature[0]
    assert zones.mass["through_vents"] < 0
