"""What everybody in the response knows of the city: homes, sites, roads, units. Static but for the units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Roads as a graph of n nodes and k edges, each edge passable both ways.

    x, y        (n,) float64 m      nodes, in the city's coordinates
    start, end  (k,) int32          nodes of each edge
    length      (k,) float64 m
    speed       (k,) float64 m s-1  of a car on the free road, > 0
    lanes       (k,) float64        in both directions together, > 0
    road        (k,) int32          position in `roads`
    roads       ids of the road features
    over        (k,) bool           a bridge: water on the ground does not reach it
    foot        (k,) bool           for people on foot only
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    length: NDArray[np.float64]
    speed: NDArray[np.float64]
    lanes: NDArray[np.float64]
    road: NDArray[np.int32]
    roads: tuple[str, ...]
    over: NDArray[np.bool_]
    foot: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Home:
    """A building with people in it, by the floor they are on.

    x, y           m    a point inside it
    node           of the network, from which people set out
    below, ground, upper   people in half-basements, on the ground floor, above
    first_floor    m    above ground
    district       id of the district, "" where it lies in none
    use            as `names.ATTRIBUTES` says
    """

    id: str
    x: float
    y: float
    node: int
    below: float
    ground: float
    upper: float
    first_floor: float = 0.0
    district: str = ""
    use: str = ""

    @property
    def people(self) -> float:
        """All people in it."""
        return self.below + self.ground + self.upper


@dataclass(frozen=True, slots=True)
class Site:
    """A place that matters to the response.

    kind      shelter, hospital, fire_station, pump, gate, underpass, levee, hydrant, station
    x, y      m    a point inside it
    node      of the network, nearest to it; -1: none is near
    capacity  people (shelter), engines (fire_station); 0: none or not known
    edges     of the network on it (underpass)
    params    attributes by their names in `names.ATTRIBUTES`
    """

    id: str
    kind: str
    name: str
    x: float
    y: float
    node: int
    capacity: float = 0.0
    edges: tuple[int, ...] = ()
    params: Mapping[str, float | str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """The city as the response knows it; the same over a run.

    homes, sites  in the order of their ids
    districts     id -> name
    """

    homes: tuple[Home, ...]
    sites: tuple[Site, ...]
    districts: Mapping[str, str]
    roads: Network

    def of(self, kind: str) -> tuple[Site, ...]:
        """Return the sites of a kind, in the order of their ids."""
        return tuple(site for site in self.sites if site.kind == kind)


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that drives out and does work.

    kind   crew (door to door, barriers, inspections), pump_crew, police (closures), engine, bus
    node   where it is, or the next node it comes to
    free   s from the start of the run, when it can take work; infinity: it is out of service
    speed  share of a car's speed on the road, 1: as a car
    seats  people it takes along
    """

    id: str
    kind: str
    node: int
    free: float = 0.0
    speed: float = 1.0
    seats: int = 0
