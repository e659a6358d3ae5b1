"""A made-up station concourse: 60 x 24 m, three entrances, two exits to the platforms and a passage."""

from __future__ import annotations

from tests.physics.crowd.grounds import box
from twin.physics.crowd.plan import Gate, Plan, Zone
from twin.physics.crowd.site import CrowdSite, Flow, Standing


def concourse() -> Plan:
    return Plan(
        (box(0, 0, 60, 24),),
        obstacles=(*(box(x, 7, x + 1, 8) for x in (12, 24, 36, 48)), box(26, 15, 36, 18)),
        gates=(
            Gate("exit 1", (0, 10), (0, 14)),
            Gate("exit 2", (60, 10), (60, 14)),
            Gate("exit 3", (28, 24), (32, 24), open=False),
            Gate("platform a", (10, 0), (16, 0), capacity=3.0, goal=False),
            Gate("platform b", (44, 0), (50, 0), capacity=3.0, goal=False),
        ),
        zones=(Zone("west", box(0, 0, 20, 24)), Zone("middle", box(20, 0, 40, 24)), Zone("east", box(40, 0, 60, 24))),
    )


def station(people: float = 1200.0, minutes: float = 20.0, seed: int = 1) -> CrowdSite:
    """Return it with so many people in so many minutes: trains bring half of them, the street the others."""
    end = 60.0 * minutes
    rate = people / 4 / end
    down = {"platform a": 0.5, "platform b": 0.5}
    flows = (
        Flow("platform a", (0.0, end), (rate,), {}),
        Flow("platform b", (0.0, end), (rate,), {}),
        Flow("exit 1", (0.0, end), (rate,), down, groups=0.2),
        Flow("exit 2", (0.0, end), (rate,), down),
    )
    return CrowdSite(concourse(), flows, seed, (Standing("middle", 20, (0.0, 60.0)),))
