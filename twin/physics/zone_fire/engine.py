"""The public face of the zone model: rooms, vents and fires in, arrays per room out. It knows no city, file or clock.

Two layers per room (hot above cool) on a graph of rooms and vents, by the published equations of CFAST: Peacock,
Reneke, Forney, "CFAST, Volume 1: Technical Reference Guide", NIST Technical Note 1889v1; own code, own numerics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, UnstableError
from twin.physics.zone_fire.arrays import work
from twin.physics.zone_fire.build import at_rest, building, check, gas_energy
from twin.physics.zone_fire.checks import known, number
from twin.physics.zone_fire.constants import (
    COLDER,
    FUEL_MASS,
    GAS_START,
    GAVE_TOO_MUCH,
    HOTTEST,
    LOWER,
    MASS_OUT,
    MASS_START,
    OXYGEN,
    PRESSED_TOO_MUCH,
    RADIATED_OUT,
    RELEASED,
    SOOT,
    STEPS,
    THROUGH_VENTS,
    TO_LININGS,
    TOO_HOT,
    UPPER,
    WITH_FUEL,
    ZERO_C,
)
from twin.physics.zone_fire.kernels import advance, look
from twin.physics.zone_fire.openings import INTERFACE, T_LOWER, T_UPPER
from twin.physics.zone_fire.people import EXTINCTION, EYES
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
        parts = self.rooms, self.vents, self.fires, self.devices, self.fans, self.ambient
        check(*parts)
        self.building = building(*parts)
        self.state = at_rest(self.building, len(self.devices))
        self._work = work(len(self.rooms), len(self.building.vent_kind), len(self.fires))
        ducts: list[Vent | Fan] = [*self.vents, *self.fans]
        self._vent = {v.id: i for i, v in enumerate(ducts)}
        self._fire = {f.id: i for i, f in enumerate(self.fires)}

    # -- looking: arrays (rooms,), a copy each ------------------------------------------------------------------

    @property
    def time(self) -> float:
        """S since the start."""
        return float(self.state.clock[0])

    def _look(self, column: int) -> Rooms:
        """Return a column of how openings see the rooms."""
        look(self.building, self.state, self._work.seen)
        return self._work.seen[:-1, column].copy()

    def _breathed(self) -> NDArray[np.bool_]:
        """(rooms,), where people breathe the hot layer."""
        return (self.interface <= EYES) | (self.building.mixed > 0)

    @property
    def upper_temperature(self) -> Rooms:
        """(rooms,) degC."""
        return self._look(T_UPPER) - ZERO_C

    @property
    def lower_temperature(self) -> Rooms:
        """(rooms,) degC; of a mixed room that of its one layer."""
        return self._look(T_LOWER) - ZERO_C

    @property
    def interface(self) -> Rooms:
        """(rooms,) m, height of the underside of the hot layer above the room's floor; at most 0.9999 of the height."""
        return self._look(INTERFACE)

    @property
    def pressure(self) -> Rooms:
        """(rooms,) Pa at the floor, over the air outside at the same height."""
        return self.state.pressure.copy()

    def concentration(self, species: int) -> NDArray[np.float64]:
        """(rooms, 2) kg m-3 of a species (see `constants`) in the cool and the hot layer."""
        volume = self.building.area * self.building.height
        parts = np.stack([volume - self.state.upper_volume, self.state.upper_volume], axis=1)
        return np.asarray(self.state.species[:, :, species] / parts)

    def fraction(self, species: int) -> NDArray[np.float64]:
        """(rooms, 2) 1, mass fraction of a species (see `constants`) in the cool and the hot layer."""
        return np.asarray(self.state.species[:, :, species] / self.state.species.sum(axis=2))

    @property
    def optical_density(self) -> Rooms:
        """(rooms,) m-1, to base 10, of the hot layer."""
        return np.asarray(self.concentration(SOOT)[:, UPPER] * (EXTINCTION / np.log(10)))

    @property
    def lower_optical_density(self) -> Rooms:
        """(rooms,) m-1, to base 10, of the cool layer."""
        return np.asarray(self.concentration(SOOT)[:, LOWER] * (EXTINCTION / np.log(10)))

    @property
    def oxygen(self) -> Rooms:
        """(rooms,) 1, mass fraction in the layer in which people breathe: hot when its underside is below 1.5 m."""
        both = self.fraction(OXYGEN)
        return np.where(self._breathed(), both[:, UPPER], both[:, LOWER])

    @property
    def fed_gas(self) -> Rooms:
        """(rooms,) 1, fractional effective dose of CO, HCN and CO2 since the start at 1.5 m; 1: half cannot go on."""
        return self.state.dose[:, 0].copy()

    @property
    def fed_heat(self) -> Rooms:
        """(rooms,) 1, fractional effective dose of hot air and radiation since the start at 1.5 m."""
        return self.state.dose[:, 1].copy()

    @property
    def heat_release(self) -> Rooms:
        """(rooms,) kW, of the fires of each room now, after oxygen and sprinklers."""
        return np.bincount(self.building.fire_room, self.state.heat, len(self.rooms)) / 1000

    @property
    def surface_temperature(self) -> NDArray[np.float64]:
        """(rooms, 4) degC, of ceiling, walls above and below the interface, ground; NaN where there is no lining."""
        there = self.building.stuff[:, :, 3] > 0
        return np.where(there, self.state.surface - ZERO_C, np.nan)

    @property
    def activated(self) -> NDArray[np.float64]:
        """(devices,) s, when each device went off; inf where it has not."""
        return self.state.activated.copy()

    @property
    def energy(self) -> dict[str, float]:
        """MJ since the start: released, with_fuel, to_linings, radiated_out, through_vents (out), stored, error.

        with_fuel is the enthalpy of unburnt fuel gas, given off at the temperature of the start; stored is in the gas.
        """
        books = self.state.books
        stored = gas_energy(self.building, self.state) - books[GAS_START]
        error = stored - (
            books[RELEASED] + books[WITH_FUEL] - books[TO_LININGS] - books[RADIATED_OUT] - books[THROUGH_VENTS]
        )
        parts = {
            "released": books[RELEASED],
            "with_fuel": books[WITH_FUEL],
            "to_linings": books[TO_LININGS],
            "radiated_out": books[RADIATED_OUT],
            "through_vents": books[THROUGH_VENTS],
            "stored": stored,
            "error": error,
        }
        return {name: float(value) / 1e6 for name, value in parts.items()}

    @property
    def mass(self) -> dict[str, float]:
        """All in kg since the start: fuel given off, through_vents (out), stored (more than at the start), error."""
        books = self.state.books
        stored = float(self.state.species.sum() - books[MASS_START])
        fuel, out = float(books[FUEL_MASS]), float(books[MASS_OUT])
        return {"fuel": fuel, "through_vents": out, "stored": stored, "error": stored - (fuel - out)}

    @property
    def steps(self) -> int:
        """Steps taken so far, without those repeated shorter."""
        return int(self.state.books[STEPS])

    # -- going on -----------------------------------------------------------------------------------------------

    def advance(self, until: float) -> None:
        """Go on to `until` s. Raises UnstableError naming the room that left its valid range, InputError for NaN."""
        if not np.isfinite(until):
            raise InputError(f"advance: until is {until:g} s; it must be a finite time")
        room = advance(self.building, self.state, self._work, float(until))
        if room >= 0:
            why, found = int(self._work.lost[0]), float(self._work.lost[1])
            raise UnstableError(
                f"room {self.rooms[room].id!r} left its valid range at {self.time:.3f} s: {_why(why, found)}; before "
                f"it, its pressure was {self.pressure[room]:.4g} Pa and its hot layer had "
                f"{self.upper_temperature[room]:.4g} degC; look for a fire far too large for the room, a room without "
                f"any opening, or one without linings"
            )

    def set_open(self, vent: str, share: float) -> None:
        """Open a vent or fan from now on to this share, 0 .. 1; its series counts no more. Raises InputError."""
        known("set_open", "vent or fan", vent, self._vent)
        number(f"vent {vent!r}", "open share", share, 0.0, 1.0, "")
        self.state.vent_share[self._vent[vent]] = share

    def set_fire(self, fire: str, share: float) -> None:
        """Let a fire burn from now on with this share of its series, 0 .. 1 (0: put out). Raises InputError."""
        known("set_fire", "fire", fire, self._fire)
        number(f"fire {fire!r}", "share", share, 0.0, 1.0, "")
        self.state.fire_share[self._fire[fire]] = share

    # -- keeping ------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by name; arrays only."""
        return {name: array.copy() for name, array in self.state._asdict().items()}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood, in an engine that was made alike; what follows is the same to the last bit.

        Raises InputError when the arrays are those of other rooms, vents, fires or devices.
        """
        for name, array in self.state._asdict().items():
            if name not in saved or saved[name].shape != array.shape:
                found = saved[name].shape if name in saved else "nothing"
                raise InputError(
                    f"load: {name!r} must have the shape {array.shape}, found {found}; load into an engine made alike"
                )
        for name, array in self.state._asdict().items():
            array[:] = saved[name]


def _why(code: int, found: float) -> str:
    """Return in words why a step could not be taken; `found` in K or Pa, as it is of the code."""
    if code == PRESSED_TOO_MUCH:
        return f"the pressure would become {found:.4g} Pa"
    if code == GAVE_TOO_MUCH:
        return "its openings would take more gas than a layer holds"
    limit = f"over {HOTTEST:g} K" if code == TOO_HOT else f"more than {COLDER:g} K colder than outside and the start"
    return f"a layer would have {found - ZERO_C:.4g} degC, {limit}"
