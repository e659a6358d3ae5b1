"""The room graph as the engine wants it: rooms with linings and cracks, vents, fires, detectors and sprinklers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from twin.hazards.indoor_fire.design import COMBUSTION, FUELS, USES, Curve, curve
from twin.hazards.indoor_fire.graph import LEAST, OUTSIDE, Graph, Joint
from twin.hazards.indoor_fire.params import Params
from twin.model.finding import Finding

if TYPE_CHECKING:
    from twin.physics.zone_fire import rooms as zone
    from twin.physics.zone_fire.engine import ZoneFire

#: a room this many times higher than its floor is long is a shaft: smoke fills it from top to bottom at once
SHAFT = 2.0
#: C at which a heat detector goes off, % m-1 at which a smoke detector does (24 %/m: CFAST), and their RTI
DETECTORS = {"heat": (57.0, 50.0), "smoke": (24.0, 5.0)}


@dataclass(frozen=True, slots=True)
class Burning:
    """What may burn: in a room from `begin` s on, or, where that is inf, once its contents catch fire."""

    id: str
    room: int
    begin: float
    curve: Curve
    area: float


@dataclass(frozen=True, slots=True)
class Building:
    """The engine and how its parts belong to the graph.

    vents    number of a joint -> ids of its vents that open and shut
    fires    those given first, then one per other room
    """

    engine: ZoneFire
    vents: dict[int, str]
    fires: tuple[Burning, ...]
    findings: tuple[Finding, ...]


def begins(graph: Graph, params: Params, ignitions: Sequence[tuple[str, int, float]]) -> tuple[Burning, ...]:
    """Return what may burn; `ignitions`: name, room, s."""
    burning = [_burning(graph, params, name, room, at) for name, room, at in ignitions]
    if params.spread:
        lit = {room for _, room, _ in ignitions}
        burning += [
            _burning(graph, params, f"contents of {room.id}", n, math.inf)
            for n, room in enumerate(graph.rooms)
            if n not in lit and not room.empty
        ]
    return tuple(burning)


def _burning(graph: Graph, params: Params, name: str, room: int, begin: float) -> Burning:
    use = USES[params.use]
    area = min(graph.rooms[room].area, params.fire_area_m2 or math.inf)
    peak = params.peak_kw or use.release * area
    load = params.fire_load_mj_per_m2 or use.load
    return Burning(name, room, begin, curve(params.growth, peak, COMBUSTION * load * area), area)


def built(graph: Graph, params: Params, fires: Sequence[Burning], shares: Sequence[float], outside: float) -> Building:
    """Return the engine at time 0; `shares`: how far each joint stands open."""
    from twin.physics.zone_fire import rooms as zone
    from twin.physics.zone_fire.engine import ZoneFire

    lining = {"gypsum": zone.GYPSUM, "concrete": zone.CONCRETE, "none": None}[params.linings]
    floor = None if params.linings == "none" else zone.CONCRETE
    rooms = [
        zone.Room(
            room.id,
            room.area,
            room.height,
            room.floor,
            room.perimeter,
            ceiling=lining,
            walls=lining,
            ground=floor,
            leakage=params.leakage_m2_per_m2 * room.perimeter * room.height,
            mixed=room.height > SHAFT * math.sqrt(room.area),
        )
        for room in graph.rooms
    ]
    vents: list[zone.Vent] = []
    of: dict[int, str] = {}
    lost: list[str] = []
    for number, (joint, share) in enumerate(zip(graph.joints, shares, strict=True)):
        vent = _vent(graph, joint, passing(joint, share, params))
        if vent is None:
            lost.append(joint.id)
            continue
        vents.append(vent)
        of[number] = vent.id
    fuel = zone.Fuel(**asdict(FUELS[params.fuel]))
    burn = [
        zone.Fire(
            fire.id,
            graph.rooms[fire.room].id,
            fire.curve.series(fire.begin) if math.isfinite(fire.begin) else fire.curve.peak,
            fire.area,
            min(params.fire_height_m, 0.9 * graph.rooms[fire.room].height),
            params.fire_place,
            fuel,
        )
        for fire in fires
    ]
    engine = ZoneFire(
        rooms,
        vents,
        burn,
        _devices(graph, params),
        ambient=zone.Ambient(outside=outside, inside=params.inside_c),
    )
    for fire in fires:
        if not math.isfinite(fire.begin):
            engine.set_fire(fire.id, 0.0)
    said = [Finding("warning", "no_overlap", f"{len(lost)} openings lie beyond their rooms: left out")] if lost else []
    words = f"{params.linings} for all {len(rooms)} rooms: the model says nothing of them"
    said.append(Finding("info", "linings", f"linings of walls and ceilings: {words}"))
    return Building(engine, of, tuple(fires), tuple(said))


def passing(joint: Joint, share: float, params: Params) -> float:
    """Return the share of a joint through which gas passes: of a shut door the gap under it, over its whole height.

    So much air leaks round a door, not only at the floor; and a slit in the last millimetres of cool air above the
    floor would make the engine's steps very short.
    """
    return max(share, min(1.0, params.door_gap_m / joint.height)) if joint.kind == "door" else share


def _vent(graph: Graph, joint: Joint, share: float) -> zone.Vent | None:
    """Return the vent of a joint, None where it lies beyond its rooms."""
    from twin.physics.zone_fire import rooms as zone

    names = tuple(zone.OUTSIDE if r == OUTSIDE else graph.rooms[r].id for r in joint.rooms)
    between = (names[0], names[1])
    if joint.kind == "stair":
        return zone.Vent(joint.id, between, "ceiling", area=joint.area, open=share)
    inside = [graph.rooms[r] for r in joint.rooms if r != OUTSIDE]
    low = max(joint.sill, *(room.floor for room in inside), -math.inf)
    high = min(joint.sill + joint.height, *(room.floor + room.height for room in inside), math.inf)
    if high - low < LEAST:
        return None
    first = inside[0].floor
    return zone.Vent(joint.id, between, width=joint.width, sill=low - first, soffit=high - first, open=share)


def _devices(graph: Graph, params: Params) -> list[zone.Device]:
    """Return a detector and a sprinkler for every room, as the parameters say."""
    from twin.physics.zone_fire import rooms as zone

    made = []
    if params.detectors != "none":
        activation, rti = DETECTORS[params.detectors]
        made += [
            zone.Device(f"detector {r.id}", r.id, params.detectors, activation, rti, params.detector_m)
            for r in graph.rooms
        ]
    if params.sprinklers:
        made += [
            zone.Device(
                f"sprinkler {r.id}", r.id, "sprinkler", params.sprinkler_c, params.sprinkler_rti, params.sprinkler_m,
                params.sprinkler_mm_per_s,
            )
            for r in graph.rooms
        ]  # fmt: skip
    return made
