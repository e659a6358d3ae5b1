"""The crowd of a scenario: people on foot at one place, cameras over it, gates that water shuts and agents move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from twin.physics.crowd.plan import Gate, Plan, Zone
from twin.physics.crowd.site import ACTIONS, CrowdSite, Flow, Standing

if TYPE_CHECKING:
    import numpy as np
    import shapely
    from numpy.typing import NDArray

    from twin.model.response.city import Facts
    from twin.model.response.drill import CrowdSite as Described
    from twin.model.response.drill import Gate as DescribedGate
    from twin.model.response.proposal import Proposal

WADE = 0.2
"""m of water at the thing behind an exit from which nobody leaves by it (보행곤란수심 of children)."""
BEFORE = 6.0
"""m before a gate that its camera watches (design)."""
SETTING_OUT = 600.0
"""s from the start within which those who are there begin to leave, evenly (design)."""
WHOLE = "place"
"""Id of the zone that is the place as a whole, but for what the gates' cameras watch."""


@dataclass(slots=True, eq=False)
class Crowd:
    """A crowd in the middle of things.

    behind  exit -> whether its water is that of a site (else of a home), and its position
    shut    gates that water has shut, with whether they were open before
    """

    described: Described
    site: CrowdSite
    behind: Mapping[str, tuple[bool, int]]
    shut: dict[str, bool] = field(default_factory=dict)

    def advance(self, now: float, sites: NDArray[np.floating], homes: NDArray[np.floating]) -> None:
        """Let people walk up to `now` s; exits whose way is under water are shut, and opened when it has fallen.

        sites, homes  (n,) m of water there
        """
        if now > self.site.time:
            self.site.advance(now)
        doors = {door.gate: door.is_open for door in self.site.doors()}
        for gate, (is_site, number) in self.behind.items():
            wet = float((sites if is_site else homes)[number]) > WADE
            if wet and gate not in self.shut:
                self.shut[gate] = doors[gate]
                self.site.apply("open_exit", gate, 0.0)
            elif not wet and gate in self.shut and self.shut.pop(gate):
                self.site.apply("open_exit", gate)

    def take(self, proposal: Proposal, now: float) -> None:
        """Do at the gates what an approved proposal says; a gate under water stays shut whatever anybody says."""
        del now
        for step in proposal.steps:
            action = step.action
            if action.kind not in ACTIONS or (action.kind == "open_exit" and action.target in self.shut):
                continue
            share, to = action.params.get("share", 1.0), action.params.get("to", "")
            self.site.apply(action.kind, action.target, float(str(share)), str(to))

    def densities(self) -> dict[str, float]:
        """Return camera -> people m-2 where it is densest, by the names that `crowd_watch` knows."""
        return {count.zone: count.peak for count in self.site.counts()}

    def person_minutes(self) -> float:
        """Return the person-minutes at the alarm's density and more, so far."""
        return self.site.person_seconds(self.described.alarm) / 60.0

    def copy(self) -> Crowd:
        """Return the same, independent."""
        return Crowd(self.described, self.site.copy(), self.behind, dict(self.shut))


def crowd_of(described: Described, facts: Facts, duration: float, seed: int) -> Crowd:
    """Return a crowd as a scenario describes it.

    duration  s of the run: as long as people come;   seed  of who comes when

    Raises InputError where the place cannot be.
    """
    places = {home.id: (False, number) for number, home in enumerate(facts.homes)}
    places |= {site.id: (True, number) for number, site in enumerate(facts.sites)}
    gates = tuple(_gate(gate) for gate in described.gates)
    plan = Plan((described.area,), described.holes, (), gates, tuple(_zones(described)))
    flows = [
        Flow(gate.id, (0.0, duration), (gate.rate,), {}) for gate in described.gates if not gate.exit and gate.rate > 0
    ]
    here = [Standing(WHOLE, described.people, (0.0, SETTING_OUT))] if described.people else []
    behind = {gate.id: places[gate.edge_of] for gate in described.gates if gate.edge_of in places and gate.exit}
    return Crowd(described, CrowdSite(plan, flows, seed, here), behind)


def _gate(gate: DescribedGate) -> Gate:
    start, end = gate.line
    return Gate(gate.id, start, end, gate.open and gate.exit, min(inf, gate.capacity), gate.exit)


def _zones(described: Described) -> list[Zone]:
    """Return what cameras watch: the ground before each gate, and the rest of the place."""
    import shapely

    ground = shapely.Polygon(described.area, described.holes)
    rest, zones = ground, []
    for gate in described.gates:
        near = shapely.LineString(gate.line).buffer(BEFORE).intersection(ground)
        part = max(shapely.get_parts(near), key=shapely.area)
        side = "out" if gate.exit else "in"
        behind = f"@{gate.edge_of}" if gate.exit and gate.edge_of else ""
        zones.append(Zone(f"{side}:{gate.id}{behind}", _ring(part)))
        rest = rest.difference(part)
    whole = max(shapely.get_parts(rest), key=shapely.area)
    return [*zones, Zone(WHOLE, _ring(whole))]


def _ring(shape: shapely.Geometry) -> tuple[tuple[float, float], ...]:
    import shapely

    return tuple((float(x), float(y)) for x, y in shapely.get_coordinates(shapely.get_exterior_ring(shape)))
