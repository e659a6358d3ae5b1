"""Structures, uses and roofs with their numbers. What is marked unverified was not checked against its source."""

from __future__ import annotations

from dataclasses import dataclass

SLOW, MEDIUM, FAST, ULTRA = 600.0, 300.0, 150.0, 75.0
"""s to 1 MW of a fire that grows with the square of time (names as in EN 1991-1-2, annex E; unverified)."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What burns and shines of a building of one kind.

    time_to_1mw  s       of growth; None: as the use has it
    load         MJ m-2  fire load of the structure itself, per floor area
    emitting     1       share of the facade that shines when it is all alight; None: its openings
    roof         1       share of the radiation that the facades cannot hold and that leaves as a flame above the roof
    wall         whether the outer wall itself can be ignited; else only what is behind its openings
    throws       1       firebrands per energy released, relative to bare timber
    catches      1       probability that one capable brand on the roof starts a fire
    """

    time_to_1mw: float | None
    load: float
    emitting: float | None
    roof: float
    wall: bool
    throws: float
    catches: float


STRUCTURES = ("timber", "masonry", "concrete", "steel")
"""In the order of their codes."""

# Timber: the growth of class "ultra fast" reaches 250 kW m-2 over 100 to 200 m2 in 375 to 530 s; the building table of
# ELMFIRE has 375 to 600 s to the peak. Behind plaster or mortar: class "fast" (assumption). 600 MJ m-2 for the frame,
# floors and roof of a timber house (unverified; about 35 kg m-2 of wood). The brand columns are assumptions: only the
# product of `catches` of timber and the rate in `brands.Brands` is calibrated, on one event.
CLASSES = {
    ("timber", True): Structure(ULTRA, 600.0, 1.0, 1.0, wall=True, throws=1.0, catches=0.50),
    ("timber", False): Structure(FAST, 600.0, 0.6, 1.0, wall=False, throws=0.7, catches=0.30),
    ("masonry", True): Structure(None, 100.0, 0.5, 0.5, wall=True, throws=0.3, catches=0.20),
    ("masonry", False): Structure(None, 100.0, None, 0.5, wall=False, throws=0.3, catches=0.10),
    ("concrete", True): Structure(None, 0.0, 0.5, 0.0, wall=True, throws=0.05, catches=0.02),
    ("concrete", False): Structure(None, 0.0, None, 0.0, wall=False, throws=0.02, catches=0.01),
    ("steel", True): Structure(FAST, 50.0, 0.5, 0.5, wall=True, throws=0.1, catches=0.10),
    ("steel", False): Structure(None, 0.0, None, 0.5, wall=False, throws=0.05, catches=0.05),
}
"""(structure, combustible cladding) -> numbers."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a use brings into a building.

    load         MJ m-2   mean fire load per floor area
    hrrpua       kW m-2   heat release rate per floor area
    time_to_1mw  s        of growth
    openings     1        share of the facade that is openings
    """

    load: float
    hrrpua: float
    time_to_1mw: float
    openings: float


# Fire loads: EN 1991-1-2 table E.4 (means, as transcribed by a third party) for dwelling, hospital, office, school,
# shopping centre, theatre and transport; industrial and agricultural are assumptions. 250 kW m-2: table E.5
# (unverified); shops: geometric middle of the spread 270 to 1200 (Hopkin et al. 2019), rounded down. Shares of
# openings: assumptions.
USES = {
    "residential": Use(780.0, 250.0, MEDIUM, 0.25),
    "apartment": Use(780.0, 250.0, MEDIUM, 0.30),
    "commercial": Use(600.0, 500.0, FAST, 0.40),
    "office": Use(420.0, 250.0, MEDIUM, 0.40),
    "industrial": Use(600.0, 250.0, FAST, 0.15),
    "school": Use(285.0, 250.0, MEDIUM, 0.30),
    "hospital": Use(230.0, 250.0, MEDIUM, 0.30),
    "fire_station": Use(420.0, 250.0, MEDIUM, 0.30),
    "station": Use(100.0, 250.0, SLOW, 0.30),
    "public": Use(420.0, 250.0, MEDIUM, 0.30),
    "religious": Use(300.0, 250.0, FAST, 0.20),
    "agricultural": Use(600.0, 250.0, FAST, 0.15),
    "other": Use(780.0, 250.0, MEDIUM, 0.25),
}

STOREY_HEIGHT = 3.0
"""m, where only one of height and storeys is known (assumption)."""

HIGHEST, MOST_STOREYS, LARGEST = 1000.0, 200.0, 5e6
"""m, storeys and m2 of floor beyond which a number is an error: a little more than the greatest buildings there are."""

OPENING_HEIGHT = 1.2
"""m of a window (assumption)."""

FLOORS_FROM = {"masonry": 3, "concrete": 2, "steel": 2}
"""Storeys from which each storey of a building is a node of its own, because its slabs hold a fire (assumption;
walls of masonry carry concrete slabs where they are higher than two storeys). Not of timber: it burns through."""

STAIRS, ENCLOSED_FROM = 1800.0, 5
"""s that a storey burns until the fire goes up open stairs, and storeys from which stairs are enclosed and it does not
(assumptions; enclosed from the fifth on: Enforcement Decree of the Korean Building Act, article 35, unverified)."""

DIVIDED, DWELLINGS = 1000.0, {"residential": 250.0, "apartment": 100.0}
"""m2 of floor that burn at once at most. Fire compartments by the Enforcement Decree of the Korean Building Act, art.
46, and its rules, art. 14: each storey, and 1000 m2 up to the tenth; taken for all buildings. Less where walls between
dwellings hold, which they do not in timber (assumption). One part burns after the other (assumption)."""

COMPARTMENT = 100.0
"""m2 of floor that burn as one room where the flame out of its windows is asked for (assumption)."""

FACTOR = 0.8
"""Share of the fire load that burns: combustion factor m of EN 1991-1-2 (unverified)."""
