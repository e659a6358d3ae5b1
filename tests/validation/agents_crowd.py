"""People on foot: the verification tests of ISO 20414 that apply, and two curves of the literature.

Weidmann's speeds (1993) in a corridor of 4 m, and the flow through doors of 1 to 3 m against the 1.2 to 1.9 persons
m-1 s-1 of the literature [unverified]. One set of numbers for all; which of them were set on what says `walking`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.measures import Measure
from tests.physics.crowd import iso20414
from tests.physics.crowd.grounds import flow_of, one_way, room


def measure(short: bool) -> Iterator[Measure]:
    results = []
    for test in iso20414.TESTS:
        results.append(iso20414.counterflow((1,), (0, 50)) if short and test is iso20414.counterflow else test())
        print(results[-1])
    yield Measure("agents.crowd.iso20414.passed", float(sum(r.passed for r in results)), "1", f">= {len(results)}")
    yield Measure("agents.crowd.iso20414.total", float(len(results)), "1", ">= 15")
    for density in (1.0, 3.0) if short else (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0):
        _, speed, weidmann = one_way(density)
        yield Measure(f"agents.crowd.speed_to_weidmann_at_{density:g}_per_m2", speed / weidmann, "1")
    for width in (1.0,) if short else (1.0, 1.2, 2.0, 3.0):
        crowd = room(width, 100 if short else 300, long=15.0, wide=10.0)
        crowd.advance(400.0)
        name = f"agents.crowd.door_{width:g}_m.specific_flow_unverified"
        yield Measure(name, flow_of(crowd.state.left) / width, "1/m/s")
