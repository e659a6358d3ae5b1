"""What cannot be is refused, by id and value."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from twin.errors import InputError
from twin.physics.zone_fire.chemistry import products
from twin.physics.zone_fire.constants import CO, CO2, OXYGEN, SOOT, WATER
from twin.physics.zone_fire.engine import ZoneFire
from twin.physics.zone_fire.rooms import GYPSUM, METHANE, OUTSIDE, Ambient, Device, Fan, Fire, Fuel, Room, Vent

ROOM = Room("hall", 20.0, 2.5)
LOFT = Room("loft", 20.0, 2.5, floor=2.8)
DOOR = Vent("door", ("hall", OUTSIDE), "wall", 0.9, 0.0, 2.0)
FIRE = Fire("sofa", "hall", 500.0)
SPRINKLER = Device("head", "hall")
FAN = Fan("fan", ("hall", OUTSIDE), 0.1, 2.0)

BAD: list[tuple[dict[str, Any], str]] = [
    ({"rooms": []}, "rooms: there is none"),
    ({"rooms": [ROOM, ROOM]}, "room 'hall': the id is empty or taken"),
    ({"rooms": [replace(ROOM, id=OUTSIDE)]}, "stands for the open air"),
    ({"rooms": [replace(ROOM, area=0.0)]}, "room 'hall': area is 0 m2"),
    ({"rooms": [replace(ROOM, height=0.0)]}, "room 'hall': height is 0 m"),
    ({"rooms": [replace(ROOM, area=math.nan)]}, "room 'hall': area is nan m2"),
    ({"rooms": [replace(ROOM, floor=math.inf)]}, "room 'hall': floor is inf m"),
    ({"rooms": [replace(ROOM, perimeter=3.0)]}, "room 'hall': perimeter is 3 m"),
    ({"rooms": [replace(ROOM, leakage=-1.0)]}, "room 'hall': leakage is -1 m2"),
    ({"rooms": [replace(ROOM, ceiling=replace(GYPSUM, thickness=0.0))]}, "thickness of the ceiling is 0 m"),
    ({"vents": [replace(DOOR, between=("hall", "hal"))]}, "vent 'door': room 'hal' is not known; known: hall"),
    ({"vents": [replace(DOOR, between=("hall", "hall"))]}, "joins 'hall' with itself"),
    ({"vents": [replace(DOOR, soffit=3.0)]}, "vent 'door': soffit over the floor of 'hall' is 3 m"),
    ({"vents": [replace(DOOR, sill=-0.5)]}, "vent 'door': sill over the floor of 'hall' is -0.5 m"),
    ({"vents": [replace(DOOR, sill=2.0)]}, "vent 'door': soffit"),
    ({"vents": [replace(DOOR, width=math.nan)]}, "vent 'door': width is nan m"),
    ({"vents": [replace(DOOR, kind="dor")]}, "vent 'door': kind 'dor' is not known"),
    ({"vents": [replace(DOOR, open=1.5)]}, "open share at 0 s is 1.5"),
    ({"vents": [replace(DOOR, open=((5.0, 1.0), (1.0, 0.0)))]}, "times must be finite and rise"),
    ({"vents": [replace(DOOR, open=())]}, "empty series"),
    ({"rooms": [ROOM, LOFT], "vents": [replace(DOOR, between=("hall", "loft"))]}, "does not touch room 'loft'"),
    ({"vents": [Vent("hatch", ("hall", OUTSIDE), "ceiling")]}, "vent 'hatch': area is 0 m2"),
    ({"fires": [replace(FIRE, room="attic")]}, "fire 'sofa': room 'attic' is not known; known: hall"),
    ({"fires": [replace(FIRE, heat=-1.0)]}, "fire 'sofa': heat at 0 s is -1 kW"),
    ({"fires": [replace(FIRE, heat=math.nan)]}, "fire 'sofa': heat at 0 s is nan kW"),
    ({"fires": [replace(FIRE, height=2.5)]}, "fire 'sofa': height is 2.5 m"),
    ({"fires": [replace(FIRE, place="center")]}, "place 'center' is not known"),
    ({"fires": [replace(FIRE, area=0.0)]}, "fire 'sofa': area is 0 m2"),
    ({"fires": [replace(FIRE, fuel=replace(METHANE, radiative_fraction=1.0))]}, "radiative fraction is 1"),
    ({"fires": [replace(FIRE, fuel=replace(METHANE, soot=0.9))]}, "fire 'sofa': yields of soot 0.9"),
    ({"devices": [replace(SPRINKLER, room="x")]}, "device 'head': room 'x' is not known"),
    ({"devices": [replace(SPRINKLER, rti=0.0)]}, "device 'head': response time index is 0"),
    ({"devices": [replace(SPRINKLER, kind="co")]}, "device 'head': kind 'co' is not known"),
    ({"fans": [replace(FAN, height=4.0)]}, "fan 'fan': height over the floor of 'hall' is 4 m"),
    ({"fans": [replace(FAN, cutoff=(300.0, 200.0))]}, "fan 'fan': second cutoff is 200 Pa"),
    ({"ambient": Ambient(outside=math.nan)}, "ambient: temperature outside is nan degC"),
    ({"ambient": Ambient(humidity=2.0)}, "ambient: humidity is 2"),
]


@pytest.mark.parametrize(("change", "says"), BAD, ids=lambda x: x if isinstance(x, str) else "")
def test_what_cannot_be_is_refused_by_id_and_value(change: dict[str, Any], says: str) -> None:
    given: dict[str, Any] = {"rooms": [ROOM], "vents": [DOOR], "fires": [FIRE], "devices": [SPRINKLER], "fans": [FAN]}
    if "rooms" in change and not change.get("vents"):
        given |= {"vents": [], "fires": [], "devices": [], "fans": []}
    with pytest.raises(InputError) as error:
        ZoneFire(**(given | change))
    assert says in str(error.value)


def test_verbs_refuse_what_is_unknown() -> None:
    zones = ZoneFire([ROOM], [DOOR], [FIRE])
    with pytest.raises(InputError, match=r"vent or fan 'dor' is not known; known: door\. Did you mean 'door'"):
        zones.set_open("dor", 1.0)
    with pytest.raises(InputError, match="vent 'door': open share is 2"):
        zones.set_open("door", 2.0)
    with pytest.raises(InputError, match="fire 'bed' is not known"):
        zones.set_fire("bed", 0.0)
    with pytest.raises(InputError, match="until is nan"):
        zones.advance(math.nan)
    with pytest.raises(InputError, match="'pressure' must have the shape"):
        zones.load({})


def test_methane_burns_by_its_formula() -> None:
    made = products(METHANE, "f")
    # CH4 + 2 O2 -> CO2 + 2 H2O, kg per kg of methane
    assert made[[CO2, WATER, OXYGEN]] == pytest.approx(
        [44.009 / 16.043, 2 * 18.015 / 16.043, -2 * 31.998 / 16.043], 1e-4
    )
    assert made.sum() == pytest.approx(1.0)


def test_yields_come_out_and_mass_is_kept() -> None:
    made = products(Fuel(6.0, 10.0, 5.0, 0.0, 17_100.0, 0.3, soot=0.015, co=0.004), "f")
    assert made[[SOOT, CO]] == pytest.approx([0.015, 0.004])
    assert made.sum() == pytest.approx(1.0)
    assert np.isfinite(made).all()


def test_a_round_room_is_a_room() -> None:
    round_ = replace(ROOM, perimeter=2 * math.sqrt(math.pi * ROOM.area))
    assert ZoneFire([round_], [], []).upper_temperature.shape == (1,)
