"""What a fire in a building is made of: rooms, linings, vents, fans, fires, devices; frozen, with SI units and kW.

Heights of vents and fires are above the floor of their (first) room; temperatures in degC at this border.
"""

from __future__ import annotations

from dataclasses import dataclass

OUTSIDE = "outside"
"""The id that stands for the open air in `Vent.between` and `Fan.between`; no room may be called so."""

Series = tuple[tuple[float, float], ...]
"""Pairs (time s, value), times rising; straight between them, constant before the first and after the last."""


@dataclass(frozen=True, slots=True)
class Lining:
    """One homogeneous layer behind a surface; its back faces air at the temperature outside.

    conductivity   W m-1 K-1    > 0
    density        kg m-3       > 0
    specific_heat  J kg-1 K-1   > 0
    thickness      m            > 0
    emissivity     1            0 .. 1
    """

    conductivity: float
    density: float
    specific_heat: float
    thickness: float
    emissivity: float = 0.9


GYPSUM = Lining(0.16, 790.0, 900.0, 0.016, 0.9)
"""Gypsum board of 5/8 inch, as in the verification inputs of CFAST (NIST)."""

CONCRETE = Lining(1.6, 2400.0, 750.0, 0.15, 0.9)
"""Concrete as in the user's guide case of CFAST (NIST, NUREG-1824), here 0.15 m thick."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room of two layers, hot above cool.

    id             its name in results and errors
    area           m2        of the floor, > 0
    height         m         floor to ceiling, > 0
    floor          m         height of the floor above the building's datum (any; differences count)
    perimeter      m         of the walls; None: of a square of this area
    ceiling, walls, ground   Lining or None: adiabatic (no heat passes and all radiation comes back)
    leakage        m2        area of cracks to the open air, spread from 5 to 95 % of the height
    mixed          a shaft or stair: one layer, everything that enters is mixed through the whole room
    """

    id: str
    area: float
    height: float
    floor: float = 0.0
    perimeter: float | None = None
    ceiling: Lining | None = GYPSUM
    walls: Lining | None = GYPSUM
    ground: Lining | None = CONCRETE
    leakage: float = 0.0
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class Vent:
    """An opening between two rooms, or a room and OUTSIDE.

    id        its name
    between   ids of the rooms; of a ceiling vent the lower first (OUTSIDE may be either)
    kind      "wall": door, window; "ceiling": hatch, stair, shaft, roof vent
    width     m     of a wall vent, > 0
    sill      m     lower edge of a wall vent above the floor of the first room that is not OUTSIDE, >= 0
    soffit    m     upper edge, > sill; must lie within that room; what lies outside the other is shut
    area      m2    of a ceiling vent, > 0
    round     a ceiling vent that is round; else square
    open      1     share that is open, 0 .. 1, one value or a Series; `ZoneFire.set_open` goes before it
    """

    id: str
    between: tuple[str, str]
    kind: str = "wall"
    width: float = 0.0
    sill: float = 0.0
    soffit: float = 0.0
    area: float = 0.0
    round: bool = False
    open: float | Series = 1.0


@dataclass(frozen=True, slots=True)
class Fan:
    """Air moved by force from the first room (or OUTSIDE) to the second.

    id        its name
    between   ids, from and to
    flow      m3 s-1   of the gas it takes, >= 0
    height    m        of its two mouths above the floor of the room each is in
    cutoff    Pa       rise of pressure at which it weakens and at which it stands still; straight between
    open      1        share of the flow, 0 .. 1, one value or a Series
    """

    id: str
    between: tuple[str, str]
    flow: float
    height: float
    cutoff: tuple[float, float] = (200.0, 300.0)
    open: float | Series = 1.0


@dataclass(frozen=True, slots=True)
class Fuel:
    """What burns: C, H, O, N atoms of a molecule, and what a kg of it gives.

    heat_of_combustion   kJ kg-1   > 0
    radiative_fraction   1         share of the heat that leaves as radiation, 0 .. < 1
    soot, co, hcn        kg kg-1   yields by mass of fuel burnt
    """

    carbon: float = 1.0
    hydrogen: float = 4.0
    oxygen: float = 0.0
    nitrogen: float = 0.0
    heat_of_combustion: float = 50_000.0
    radiative_fraction: float = 0.35
    soot: float = 0.0
    co: float = 0.0
    hcn: float = 0.0


METHANE = Fuel()
WOOD = Fuel(6.0, 10.0, 5.0, 0.0, 17_100.0, 0.37, 0.015, 0.004, 0.0)
"""Wood pallets as in the user's guide case of CFAST (NIST, NUREG-1824): C6H10O5."""


@dataclass(frozen=True, slots=True)
class Fire:
    """A fire that would release this heat if it had air enough.

    id         its name
    room       id of the room it burns in
    heat       kW     one value or a Series; what oxygen allows of it is released
    area       m2     of the burning fuel, > 0
    height     m      of its base above the floor, 0 .. height of the room
    place      "centre", "wall" or "corner": how much of the plume can draw air
    fuel       what burns
    """

    id: str
    room: str
    heat: float | Series
    area: float = 1.0
    height: float = 0.0
    place: str = "centre"
    fuel: Fuel = METHANE


@dataclass(frozen=True, slots=True)
class Device:
    """A detector or sprinkler under the ceiling.

    id           its name
    room         id of its room
    kind         "heat", "smoke" or "sprinkler"
    activation   degC, of the link, for heat and sprinkler; % m-1 of obscuration for smoke
    rti          (m s)^0.5   response time index of the link, > 0
    distance     m           from the axis of the fires of its room
    spray        mm s-1      water on the floor area of a sprinkler, > 0
    """

    id: str
    room: str
    kind: str = "sprinkler"
    activation: float = 68.0
    rti: float = 50.0
    distance: float = 2.0
    spray: float = 0.07


@dataclass(frozen=True, slots=True)
class Ambient:
    """The air outside and at the start.

    outside    degC
    inside     degC   of all rooms and linings at the start; None: as outside
    pressure   Pa     absolute, outside at height 0 of the building's datum
    oxygen     1      mass fraction of dry air
    humidity   1      relative, outside, 0 .. 1; the air inside holds as much water per kg
    """

    outside: float = 20.0
    inside: float | None = None
    pressure: float = 101_325.0
    oxygen: float = 0.23
    humidity: float = 0.5
