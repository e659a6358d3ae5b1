"""The public face of the zone model: rooms, vents and fires in, arrays per room out. It knows no city, file or clock.

Two layers per room (hot above cool) on a graph of rooms and vents, by the published equations of CFAST: Peacock, Reneke,
Forney, "CFAST, Volume 1: Technical Reference Guide", NIST Technical Note 1889v1; own code and own numerics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.physics.zone_fire.rooms import Ambient, Device, Fan, Fire, Room, Vent

Rooms = NDArray[np.float64]
"""One value per room, in the order the rooms were given."""


class ZoneFire:
    """Rooms with fires in them.

    rooms     at least one; ids differ
    vents     openings between rooms or to OUTSIDE
    fires     what burns
    devices   detectors and sprinklers
    fans      air moved by force
    ambient   the air outside and at the start

    Steps of its own end on whole seconds: frames at whole seconds do not change what follows, to the last bit.

    Raises InputError naming the id and the value of what cannot be.
    """

    def __init__(
        self,
        rooms: Sequence[Room],
        vents: Sequence[Vent] = (),
        fires: Sequence[Fire] = (),
        devices: Sequence[Device] = (),
        fans: Sequence[Fan] = (),
        ambient: Ambient | None = None,
    ) -> None:
        self.rooms, self.vents, self.fires = tuple(rooms), tuple(vents), tuple(fires)
        self.devices, self.fans, self.ambient = tuple(devices), tuple(fans), ambient or Ambient()
        self.time = 0.0

    # -- looking: arrays (rooms,), a copy each ------------------------------------------------------------------

    @property
    def upper_temperature(self) -> Rooms:
        """(rooms,) degC."""
        raise NotImplementedError

    @property
    def lower_temperature(self) -> Rooms:
        """(rooms,) degC."""
        raise NotImplementedError

    @property
    def interface(self) -> Rooms:
        """(rooms,) m, height of the underside of the hot layer above the room's floor; the room's height: no layer."""
        raise NotImplementedError

    @property
    def pressure(self) -> Rooms:
        """(rooms,) Pa at the floor, over the air outside at the same height."""
        raise NotImplementedError

    @property
    def optical_density(self) -> Rooms:
        """(rooms,) m-1, to base 10, of the hot layer."""
        raise NotImplementedError

    @property
    def lower_optical_density(self) -> Rooms:
        """(rooms,) m-1, to base 10, of the cool layer."""
        raise NotImplementedError

    @property
    def oxygen(self) -> Rooms:
        """(rooms,) 1, mass fraction in the layer in which people breathe: hot when its underside is below 1.5 m."""
        raise NotImplementedError

    @property
    def fed_gas(self) -> Rooms:
        """(rooms,) 1, fractional effective dose of CO, HCN and CO2 since the start at 1.5 m; 1: half cannot go on."""
        raise NotImplementedError

    @property
    def fed_heat(self) -> Rooms:
        """(rooms,) 1, fractional effective dose of hot air and radiation since the start at 1.5 m."""
        raise NotImplementedError

    @property
    def heat_release(self) -> Rooms:
        """(rooms,) kW, of the fires of each room now, after oxygen and sprinklers."""
        raise NotImplementedError

    @property
    def activated(self) -> NDArray[np.float64]:
        """(devices,) s, when each device went off; inf where it has not."""
        raise NotImplementedError

    @property
    def energy(self) -> dict[str, float]:
        """MJ since the start: released, to_linings, through_vents (out), fuel_left (of the series), stored, error."""
        raise NotImplementedError

    @property
    def mass(self) -> dict[str, float]:
        """kg since the start: fuel, through_vents (out), stored (more than at the start), error."""
        raise NotImplementedError

    # -- going on -----------------------------------------------------------------------------------------------

    def advance(self, until: float) -> None:
        """Go on to `until` s. Raises UnstableError naming the room that left its valid range."""
        raise NotImplementedError

    def set_open(self, vent: str, share: float) -> None:
        """Open a vent or fan from now on to this share, 0 .. 1; its series counts no more. Raises InputError."""
        raise NotImplementedError

    def set_fire(self, fire: str, share: float) -> None:
        """Let a fire burn from now on with this share of its series, 0 .. 1 (0: put out). Raises InputError."""
        raise NotImplementedError

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by name; arrays only."""
        raise NotImplementedError

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood, in an engine that was made alike; what follows is the same to the last bit."""
        raise NotImplementedError
