"""Roads as a graph, for everybody who drives or walks in the city.

junctions  how centre lines join; thinning: into few pieces
lines      which roads of a city are lines, by class
graph      lines become a `Network`; nearest nodes, parts
ways       fastest ways at one moment: seconds, next edges, who is cut off
timed      fastest ways while water rises and falls; its kernels stand in `heap`

Pure functions over `twin.model.response.city.Network`. Scipy, shapely and numba are loaded where they are used.
"""

from twin.geometry.network.graph import nearest, network_of, parts, usable
from twin.geometry.network.lines import CLASSES, Line, lines_of
from twin.geometry.network.timed import Passable, Route, earliest, fastest
from twin.geometry.network.ways import access, leading, only_access, towards, travel_seconds

__all__ = [
    "CLASSES",
    "Line",
    "Passable",
    "Route",
    "access",
    "earliest",
    "fastest",
    "leading",
    "lines_of",
    "nearest",
    "network_of",
    "only_access",
    "parts",
    "towards",
    "travel_seconds",
    "usable",
]
