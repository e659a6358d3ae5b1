"""From proposals to awards: ways, shelters, roads, what is bound already, and why a step is not done."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.coordination.towns import network
from twin.coordination.award import award, nearest
from twin.coordination.tasks import Settings
from twin.model.action import Action
from twin.model.response.city import Facts, Home, Network, Site, Unit
from twin.model.response.proposal import Decision, Proposal, Step, Work
from twin.model.response.view import Course, Outlook, View

SHORT = Settings(iterations=100)


def ladder(steps: int = 10) -> Network:
    """Return two streets of 600 m beside each other with rungs of 60 m: node k and k + steps + 1, a road each edge."""
    n = steps + 1
    x = np.tile(np.arange(n) * 60.0, 2)
    y = np.repeat([0.0, 60.0], n)
    low = np.arange(steps)
    start = np.concatenate([low, low + n, np.arange(n)])
    end = np.concatenate([low + 1, low + n + 1, np.arange(n) + n])
    return network(x, y, start, end, np.full(len(start), 60.0))


def view(units=(), **changes) -> View:
    homes = tuple(Home(f"h{k:02d}", k * 60.0, 0.0, k, 0.0, 4.0, 0.0) for k in range(11))
    sites = (Site("s1", "shelter", "", 0.0, 60.0, 11, 10.0), Site("s2", "shelter", "", 0.0, 60.0, 21, 0.0))
    return View(1000.0, 2, 300.0, Facts(homes, sites, {}, ladder()), units=tuple(units), **changes)


def step(
    kind="inspect", target="h05", node=5, unit="crew", weight=1.0, deadline=4000.0, service=60.0, **params
) -> Step:
    return Step(Action(kind, 1000.0, target, params), Work(unit, node, service, 0.0, deadline, weight))


def proposal(*steps: Step, agent: str = "a") -> Proposal:
    return Proposal(agent, "1", 1000.0, 2000.0, 2, steps)


def crews(n=1, node=0, **changes) -> list[Unit]:
    return [replace(Unit(f"u{k}", "crew", node), **changes) for k in range(n)]


def codes(awarded) -> list[str]:
    return [one.reason.code for one in awarded.unserved]


def test_a_step_gets_a_unit_its_times_and_its_way_and_the_rest_passes_through() -> None:
    free = Step(Action("message_sign", 1000.0, "r1", {"avoid": [1]}))
    came = [proposal(step(), free), Proposal("b", "1", 1000.0, 2000.0, 0)]
    found = award(came, view(crews()), SHORT)
    given_ = found.proposals[0].steps[0].award
    assert given_ is not None
    assert (given_.unit, given_.leaves, given_.arrives, given_.done) == ("u0", 1000.0, 1050.0, 1110.0)
    assert given_.edges == (0, 1, 2, 3, 4)
    assert found.proposals[0].steps[1] == free
    assert found.proposals[1] == came[1]
    assert came[0].steps[0].award is None
    assert (found.met, found.asked, found.unserved) == (1.0, 1.0, ())
    assert [bid.unit for bid in found.bids] == ["u0"]
    assert len(found.hash) == 64


def test_the_way_goes_round_closed_roads_and_water_that_most_members_foresee() -> None:
    edges = award([proposal(step())], view(crews(), closed=frozenset({"r2"})), SHORT).proposals[0].steps[0].award.edges
    assert 2 not in edges
    assert len(edges) == 7
    depth = np.zeros((4, 2, 31), np.float32)
    depth[:, 1, 3] = 0.4
    fire = np.zeros(depth.shape, bool)
    fire[:, :, 1] = True

    def way(kind: str, quantile: float = 0.5, **changes) -> tuple[int, ...]:
        course = Course(tuple(map(str, range(31))), np.array([0.0, 1500.0]), depth, np.zeros_like(depth), fire)
        seen = view(crews(kind=kind), outlook=Outlook("o", 900.0, 3600.0, course, course, course), **changes)
        made = award([proposal(step(unit=kind))], seen, replace(SHORT, quantile=quantile)).proposals
        return made[0].steps[0].award.edges if made else ()

    assert not {1, 3} & set(way("crew"))
    assert 1 not in way("engine")  # goes round flames where it can
    fire[:, :, 20:] = True
    assert 3 in way("engine")  # past them where it must, and through more water
    fire[:] = False
    depth[1:, 1, 3] = 0.0
    assert 3 in way("crew", 0.5)
    assert 3 not in way("crew", 1.0)


def test_what_nobody_can_do_says_why() -> None:
    came = [
        proposal(
            step(target="h01", unit="engine"),
            step(target="h02", node=-1),
            step(target="h03", deadline=1020.0),
            step("evacuate", "h04", 4, shelter="s2"),
            step("evacuate", "nobody", 4, shelter="s1"),
            step("evacuate", "h06", 4, shelter="nowhere"),
            step(target="h07", service=2900.0, weight=5.0),
            step(target="h08", service=2900.0, weight=1.0),
        )
    ]
    found = award(came, view(crews()), SHORT)
    assert codes(found) == [
        "plan.no_unit", "plan.no_way", "plan.late", "plan.full", "plan.unknown", "plan.unknown", "plan.busy",
    ]  # fmt: skip
    assert [one.step for one in found.unserved] == [0, 1, 2, 3, 4, 5, 7]
    assert len(found.proposals[0].steps) == 1
    assert award(came, view(), SHORT).proposals == ()
    bus = step("evacuate", "h04", 4, "bus", shelter="s1", mode="bus")
    assert codes(award([proposal(bus)], view([Unit("b", "bus", 0, math.inf, seats=40)]), SHORT)) == ["plan.no_unit"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 10), st.booleans(), st.integers(1, 9)), max_size=8, unique_by=lambda e: e[0]),
    st.integers(0, 12),
)
@pytest.mark.parametrize("rule", [award, nearest])
def test_a_shelter_is_never_over_capacity(rule, wanted, inside: int) -> None:
    steps = [step("evacuate", f"h{k:02d}", k, weight=float(w), shelter="s1") for k, _, w in wanted]
    steps = [s if with_work else replace(s, work=None) for s, (_, with_work, _) in zip(steps, wanted, strict=True)]
    seen = view(crews(3), sheltered={"s1": float(inside)})
    found = rule([proposal(*steps)], seen, SHORT)
    sent = sum(4.0 for one in found.proposals for _ in one.steps)
    assert inside + sent <= max(10.0, inside)
    assert len(found.unserved) + sent / 4.0 == len(wanted)
    assert sent / 4.0 == min(len(wanted), max(10 - inside, 0) // 4)


def test_a_bus_brings_people_to_the_shelter_and_goes_on_from_there() -> None:
    steps = [step("evacuate", f"h{k:02d}", k, "bus", shelter="s1", mode="bus") for k in (5, 6)]
    seen = view([Unit("b1", "bus", 0, seats=45), Unit("b2", "bus", 0, seats=3)])
    found = award([proposal(*steps)], seen, SHORT)
    first, second = sorted((s.award for s in found.proposals[0].steps), key=lambda given_: given_.leaves)
    assert first.unit == second.unit == "b1"
    ride = (7 if first.edges[-1] == 5 else 6) * 10.0
    assert second.arrives - first.done >= ride + len(second.edges) * 10.0 - 0.2
    assert second.edges[0] in {10, 20}  # both streets and the rung at the shelter


def test_a_corridor_of_people_is_no_diversion_and_a_closed_road_no_way_of_a_bus() -> None:
    flight = Step(Action("evacuate", 1000.0, "h03", {"shelter": "s1", "mode": "foot", "edges": [3, 2, 1, 0, 20]}))
    bus = Step(Action("evacuate", 1000.0, "h05", {"shelter": "s1", "mode": "bus", "edges": [4, 3]}))
    diversion = Step(Action("message_sign", 1000.0, "r7", {"avoid": [7], "via": [2]}))
    elsewhere = Step(Action("message_sign", 1000.0, "r8", {"avoid": [8], "via": [9]}))
    wave = Step(Action("green_wave", 1000.0, "h05", {"edges": [4], "speed": 1.2}))
    closing = Step(Action("close_road", 1000.0, "r4", {"edges": [4]}))
    found = award([proposal(diversion, elsewhere, wave, bus, flight, closing)], view(), SHORT)
    assert [s.action.kind for s in found.proposals[0].steps] == ["message_sign", "evacuate", "close_road"]
    assert codes(found) == ["plan.road_taken"] * 3
    open_ = award([proposal(bus, wave)], view(), SHORT)
    assert open_.unserved == ()
    assert codes(award([proposal(bus, wave)], view(closed=frozenset({"r4"})), SHORT)) == ["plan.road_taken"] * 2


def test_what_earlier_proposals_have_taken_is_not_given_twice() -> None:
    old = award([proposal(step("evacuate", "h05", 5, service=600.0, shelter="s1"))], view(crews()), SHORT).proposals[0]
    done = old.steps[0].award.done
    new = [
        proposal(
            step(target="h01", node=1),
            step("evacuate", "h02", 2, shelter="s1", weight=9.0),
            step("evacuate", "h03", 3, shelter="s1"),
        )
    ]
    waiting = award(new, view(crews(), board=((old, ()),)), SHORT)
    assert all(s.award.leaves >= done for s in waiting.proposals[0].steps)
    assert waiting.units[0].node == 5
    assert codes(waiting) == ["plan.full"]  # 4 of 10 places were taken, 4 more go
    no = Decision(old.hash, "reject", "p", "operator", 1000.0)
    yes = replace(no, verdict="approve")
    free = award(new, view(crews(), board=((old, (no,)),)), SHORT)
    assert min(s.award.leaves for s in free.proposals[0].steps) == 1000.0
    anew = award(
        [*new, proposal(*(replace(s, award=None) for s in old.steps))], view(crews(), board=((old, ()),)), SHORT
    )
    assert min(s.award.leaves for one in anew.proposals for s in one.steps) == 1000.0
    told = view(crews(free=done), board=((old, (yes,)),), running={"evacuate": ("h05",)})
    assert award(new, told, SHORT).units[0].free == done


def test_the_plan_before_is_kept_in_the_next_cycle() -> None:
    steps = [step(target=f"h{k:02d}", node=k, service=400.0) for k in (2, 8)]
    first = award([proposal(*steps)], view(crews(2, 5)), SHORT)
    kept = {s.action.target: s.award.unit for s in first.proposals[0].steps}
    moved = [replace(unit, node={"u0": 6, "u1": 4}[unit.id]) for unit in crews(2)]
    again = award([proposal(*steps)], view(moved), SHORT, first)
    assert {s.action.target: s.award.unit for s in again.proposals[0].steps} == kept


def test_the_baseline_has_the_same_form_and_takes_what_is_nearest() -> None:
    steps = [step(target="h01", node=1, service=2000.0), step(target="h08", node=8, weight=50.0, deadline=1500.0)]
    naive = nearest([proposal(*steps)], view(crews()), SHORT)
    assert naive.proposals[0].steps[0].award.leaves == 1000.0
    assert naive.proposals[0].steps[1].award.done > 1500.0
    assert (naive.met, naive.bids) == (1.0, ())
    assert award([proposal(*steps)], view(crews()), SHORT).met == 51.0


def test_the_order_of_proposals_does_not_change_who_does_what() -> None:
    came, seen = many()
    found = award(came, seen, SHORT)
    turned = award(came[::-1], seen, SHORT)
    assert sorted(one.hash for one in found.proposals) == sorted(one.hash for one in turned.proposals)


def many() -> tuple[list[Proposal], View]:
    """Return proposals of three agents that compete for two crews, and a view."""
    rng = np.random.default_rng(3)
    came = []
    for agent in ("a", "b", "c"):
        nodes = rng.choice(22, 6, replace=False).tolist()
        came.append(
            proposal(
                *(
                    step(target=f"x{n}", node=n, weight=float(rng.integers(1, 9)), deadline=1000.0 + 150 * k)
                    for k, n in enumerate(nodes)
                ),
                agent=agent,
            )
        )
    return came, view(crews(2))
