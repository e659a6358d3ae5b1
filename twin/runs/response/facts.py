"""From an open twin to the city as the response knows it; what is missing is said.

Homes are the buildings that are no part of another, with the people who live there, perhaps none. People are shared
equally among their floors: the storeys above ground, and one half-basement where there is one. Districts are the areas
of the boundary layer with the most of them; others overlap it (the city as a whole).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.geometry.network import lines_of, nearest, network_of
from twin.hazards.flood.underground import together
from twin.model.finding import Finding
from twin.model.response.city import Facts, Home, Network, Site
from twin.names import ATTRIBUTES
from twin.runs.consequences.exposure import buildings, residents
from twin.runs.inputs.assets import assets_of

if TYPE_CHECKING:
    import shapely

    from twin.model.feature import Features
    from twin.model.field import Bounds
    from twin.store import City

FAR = 500.0
"""m from a road beyond which a place is off the network; assumed."""

CARRIES = 3.0
"""m of a road inside an underpass from which it runs through it."""

KINDS = ("shelter", "pump", "gate", "levee", "hydrant")
"""Kinds of features that are sites as they stand."""

USES = ("hospital", "fire_station", "station")
"""Uses of buildings, and classes of facilities, that make a site."""


def facts_of(city: City) -> tuple[Facts, list[Finding]]:
    """Return the city as the response knows it, and what is missing for that.

    Works on a city without roads, residents, shelters or districts: places are then off the network (node -1), homes,
    shelters and districts none.
    """
    findings: list[Finding] = []
    network = _network(city, findings)
    districts, shapes = _districts(city, findings)
    homes = _homes(city, network, districts, shapes, findings)
    sites = _sites(city, network, findings)
    return Facts(homes, sites, dict(sorted(districts.items())), network), findings


def _network(city: City, findings: list[Finding]) -> Network:
    everywhere = city.features.extent()
    roads = assets_of(city, "road", everywhere) if everywhere is not None else []
    network = network_of(lines_of(roads))
    if not len(network.start):
        findings.append(
            Finding("warning", "no_roads", f"none of {len(roads)} roads is a line; nobody can drive or walk anywhere")
        )
    elif network.foot.all():
        findings.append(Finding("warning", "no_roads_for_cars", "all roads are for people on foot; no unit can drive"))
    return network


def _districts(city: City, findings: list[Finding]) -> tuple[dict[str, str], NDArray[np.object_]]:
    """Return id -> name of the districts, in the order of their shapes."""
    import shapely

    layers = sorted((-info.count, info.name) for info in city.features.layers() if info.kind == "boundary")
    if not layers:
        findings.append(Finding("warning", "no_districts", "no boundaries; nothing can be told by district"))
        return {}, np.empty(0, dtype=object)
    areas = city.features.read("boundary", layer=layers[0][1])
    if len(layers) > 1:
        others = ", ".join(name for _, name in layers[1:])
        findings.append(
            Finding("info", "districts_of", f"districts are those of layer '{layers[0][1]}', not of {others}")
        )
    solid = np.flatnonzero(shapely.get_dimensions(areas.geometry) == 2)
    if not len(solid):
        findings.append(Finding("warning", "no_districts", f"no boundary of layer '{layers[0][1]}' is an area"))
    areas = areas.take(solid)
    names = areas.column("name")
    return {id_: str(name or id_) for id_, name in zip(areas.ids, names, strict=True)}, areas.geometry


def _homes(
    city: City,
    network: Network,
    districts: dict[str, str],
    shapes: NDArray[np.object_],
    findings: list[Finding],
) -> tuple[Home, ...]:
    import shapely

    found, _ = buildings(city)
    if found is None:
        findings.append(Finding("warning", "no_buildings", "no buildings; nobody lives anywhere"))
        return ()
    people, unknown = residents(city, found)
    if unknown:
        findings.append(
            Finding("warning", "residents_unknown", f"of {unknown} homes nobody knows how many people live there")
        )
    if not (people > 0).any():
        findings.append(Finding("warning", "no_residents", f"none of {len(found)} buildings has people in it"))
    placed = np.flatnonzero(shapely.get_dimensions(found.geometry) >= 0)
    found, people = found.take(placed), people[placed]
    centre = shapely.point_on_surface(found.geometry)
    x, y = shapely.get_x(centre), shapely.get_y(centre)
    node = nearest(network, x, y, within=FAR)
    if len(network.start) and (far := node < 0).any():
        count, off = int(far.sum()), people[far].sum()
        findings.append(
            Finding("warning", "homes_off_roads", f"{count} homes with {off:g} people are over {FAR:g} m from any road")
        )
    inside = _containing(centre, list(districts), shapes)
    if districts and not all(inside):
        count = inside.count("")
        findings.append(
            Finding("info", "homes_outside", f"{count} homes lie in no district: only the city's sums have them")
        )
    half = np.array([value is True for value in found.column("half_basement")], dtype=bool)
    if "half_basement" not in found.attributes:
        findings.append(Finding("info", "half_basements_unknown", "no building says whether it has a half-basement"))
    storeys = np.maximum(np.nan_to_num(found.numbers("storeys"), nan=1.0), 1.0)
    share = people / (storeys + half)
    first = np.maximum(np.nan_to_num(found.numbers("first_floor")), 0.0)
    uses = [str(use or "") for use in found.column("use")]
    homes = [
        Home(
            id=found.ids[i],
            x=float(x[i]),
            y=float(y[i]),
            node=int(node[i]),
            below=float(share[i] * half[i]),
            ground=float(share[i]),
            upper=float(share[i] * (storeys[i] - 1)),
            first_floor=float(first[i]),
            district=inside[i],
            use=uses[i],
        )
        for i in range(len(found))
    ]
    return tuple(sorted(homes, key=lambda home: home.id))


def _containing(points: NDArray[np.object_], ids: Sequence[str], shapes: NDArray[np.object_]) -> list[str]:
    """Return the id of the first shape that each point lies in, by their ids, "" for none."""
    import shapely

    out = [""] * len(points)
    if not len(shapes):
        return out
    point, shape = shapely.STRtree(shapes).query(points, predicate="intersects")
    for i, j in sorted(((int(p), ids[int(s)]) for p, s in zip(point, shape, strict=True)), reverse=True):
        out[i] = j
    return out


def _sites(city: City, network: Network, findings: list[Finding]) -> tuple[Site, ...]:
    sites = [site for kind in KINDS for site in _of_kind(city, kind)] + _served(city)
    x, y = np.array([site.x for site in sites]), np.array([site.y for site in sites])
    node = nearest(network, x, y, within=FAR)
    sites = [replace(site, node=int(node[i])) for i, site in enumerate(sites)]
    sites += _underpasses(city, network, findings)
    counts = Counter(site.kind for site in sites)
    for kind, use in (("shelter", "nobody can be sent anywhere"), ("hospital", "no access can be lost")):
        if not counts[kind]:
            findings.append(Finding("warning", f"no_{kind}s", f"no site of kind '{kind}' in the city: {use}"))
    open_ = [site.id for site in sites if site.kind == "shelter" and site.capacity <= 0]
    if open_:
        findings.append(
            Finding("warning", "shelter_capacity", f"{len(open_)} shelters state no capacity; they take any number")
        )
    twice = sorted(id_ for id_, count in Counter(site.id for site in sites).items() if count > 1)
    if twice:
        named = ", ".join(twice[:5])
        findings.append(
            Finding("warning", "sites_twice", f"{len(twice)} ids name several sites; the first counts: {named}")
        )
    first = {site.id: site for site in sorted(sites, key=lambda site: (site.kind, site.id), reverse=True)}
    return tuple(first[id_] for id_ in sorted(first))


def _of_kind(city: City, kind: str) -> list[Site]:
    if not city.features.count(kind):
        return []
    return [_site(kind, *one) for one in _placed(city.features.read(kind))]


def _served(city: City) -> list[Site]:
    """Return hospitals, fire stations and stations: buildings by their use, facilities by their class or use.

    A facility inside a building of the same use is that building.
    """
    import shapely

    out: list[Site] = []
    found, _ = buildings(city)
    walls: list[tuple[str, shapely.Geometry]] = []
    if found is not None:
        uses = found.column("use")
        kept = np.array([use in USES for use in uses], dtype=bool)
        for features, i, point in _placed(found.take(kept)):
            use = str(features.column("use")[i])
            walls.append((use, features.geometry[i]))
            out.append(_site(use, features, i, point))
    if city.features.count("facility"):
        for features, i, point in _placed(city.features.read("facility")):
            words = [str(features.column(name)[i] or "").lower() for name in ("use", "class")]
            use = next((word for word in words if word in USES), "")
            if use and not any(of == use and shapely.intersects(wall, point) for of, wall in walls):
                out.append(_site(use, features, i, point))
    return out


def _placed(features: Features) -> list[tuple[Features, int, shapely.Geometry]]:
    """Return (features, row, a point inside) of those that have a place, once for each id."""
    import shapely

    points = shapely.point_on_surface(features.geometry)
    rows: dict[str, int] = {}
    for i, point in enumerate(points):
        if point is not None and not point.is_empty:
            rows.setdefault(features.ids[i], i)
    return [(features, i, points[i]) for i in rows.values()]


def _site(kind: str, features: Features, i: int, point: shapely.Geometry, edges: tuple[int, ...] = ()) -> Site:
    import shapely

    params = {
        name: value
        for name in ATTRIBUTES
        if name in features.attributes and isinstance(value := features.attributes[name][i], float | int | str | bool)
    }
    capacity = params.get("capacity", 0.0)
    return Site(
        id=features.ids[i],
        kind=kind,
        name=str(params.get("name", "")),
        x=float(shapely.get_x(point)),
        y=float(shapely.get_y(point)),
        node=-1,
        capacity=max(float(capacity), 0.0) if isinstance(capacity, int | float) else 0.0,
        edges=edges,
        params=params,
    )


def _underpasses(city: City, network: Network, findings: list[Finding]) -> list[Site]:
    """Return one site for each underpass, by the id of its deepest piece, as the flood names it, with all its edges."""
    import shapely

    everywhere: Bounds | None = city.features.extent("underpass")
    if everywhere is None:
        return []
    features = city.features.read("underpass")
    row = {id_: i for i, id_ in reversed(list(enumerate(features.ids)))}
    marked = _tunnels(city, network)
    out, without = [], []
    for pieces in together(assets_of(city, "underpass", everywhere)):
        ids = sorted(dict.fromkeys(piece.id for piece in pieces))
        shape = shapely.union_all(features.geometry[[row[id_] for id_ in ids]])
        edges = _edges_in(network, shape, marked)
        first = row[pieces[0].id]
        point = shapely.point_on_surface(features.geometry[first])
        site = _site("underpass", features, first, point, edges)
        x, y = site.x, site.y
        node = int(nearest(network, [x], [y], within=FAR)[0])
        params = dict(site.params) | ({"parts": " ".join(ids)} if len(ids) > 1 else {})
        out.append(replace(site, node=node, params=params))
        if not edges:
            without.append(site.id)
    if without:
        named = ", ".join(without[:5])
        findings.append(
            Finding("warning", "underpass_no_road", f"no road runs through {len(without)} underpasses: {named}")
        )
    return out


def _tunnels(city: City, network: Network) -> NDArray[np.bool_]:
    """Return (k,) which edges are of roads that say they are a tunnel."""
    if not len(network.start):
        return np.zeros(0, bool)
    roads = city.features.read("road")
    levels = [str(level or "") for level in roads.column("layer")]
    said = {
        id_
        for id_, word, level in zip(roads.ids, roads.column("tunnel"), levels, strict=True)
        if (word is not None and str(word).lower() not in {"", "no", "false", "0"}) or level.startswith("-")
    }
    return np.array([road in said for road in network.roads], dtype=bool)[network.road]


def _edges_in(network: Network, shape: shapely.Geometry, marked: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the edges that run through an underpass: of roads marked as tunnels, else of the road longest inside."""
    import shapely

    if not len(network.start):
        return ()
    a, b = network.start, network.end
    ends = np.stack([np.column_stack([network.x[n], network.y[n]]) for n in (a, b)], axis=1)
    lines = np.asarray(shapely.linestrings(ends), dtype=object)
    near = np.sort(shapely.STRtree(lines).query(shape, predicate="intersects"))
    near = near[~network.over[near] & ~network.foot[near]]
    inside = np.asarray(shapely.length(shapely.intersection(lines[near], shape)), dtype=np.float64)
    runs = (inside >= CARRIES) | (inside >= network.length[near] / 2)
    near, inside = near[runs], inside[runs]
    if not len(near):
        return ()
    if marked[near].any():
        return tuple(near[marked[near]].tolist())
    longest = int(np.argmax(np.bincount(network.road[near], inside)))
    return tuple(near[network.road[near] == longest].tolist())
