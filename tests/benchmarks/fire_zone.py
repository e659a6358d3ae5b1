"""Speed of the zone model: eight rooms for an hour, in CPU seconds, all physics on.

The case is the corridor fire of CFAST's user guide (NUREG-1824): eight rooms of concrete, ten openings, two fans, a fire
of 2.5 MW. Without the shared data a corridor of eight rooms like it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.measures import Measure
from tests.physics.cases import cfast
from tests.physics.cases.files import NoSharedData
from twin.physics.zone_fire.engine import ZoneFire
from twin.physics.zone_fire.rooms import CONCRETE, OUTSIDE, WOOD, Fire, Room, Vent

GUIDE = "Verification/NRC_Users_Guide/G_Transient_Fire_in_Corridor/Transient_in_Corridor.in"


def corridor() -> ZoneFire:
    """Return eight rooms in a row with wide openings, cracks at both ends, and the fire in the last."""
    rooms = [Room(f"{i}", 60.0, 6.1, 0.0, None, CONCRETE, CONCRETE, CONCRETE) for i in range(8)]
    vents = [Vent(f"v{i}", (f"{i}", f"{i + 1}"), "wall", 4.1, 0.0, 6.1) for i in range(7)]
    vents += [Vent(f"c{i}", (i, OUTSIDE), "wall", 2.0, 0.0, 0.0254) for i in ("0", "7")]
    heat = ((0.0, 0.0), (420.0, 2500.0), (840.0, 2500.0), (1330.0, 0.0))
    return ZoneFire(rooms, vents, [Fire("pallets", "7", heat, 1.3, 0.44, fuel=WOOD)])


def eight_rooms() -> ZoneFire:
    """Return the case of the guide, or one like it."""
    try:
        return cfast.read(cfast.folder() / GUIDE).engine()
    except NoSharedData:
        return corridor()


def measure(short: bool) -> Iterator[Measure]:
    eight_rooms().advance(2.0)  # compiles, or reads what was compiled
    hour = 360.0 if short else 3600.0
    spent = []
    for _ in range(1 if short else 3):
        zones, begin = eight_rooms(), time.process_time()
        zones.advance(hour)
        spent.append(time.process_time() - begin)
    # the short form runs six minutes; it is only to show that it runs
    yield Measure("fire.zone_8rooms_1h.cpu_s", min(spent), "s", "<= 1")
