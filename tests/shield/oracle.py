"""A judge that shares nothing with the shield: brute force over what came through, in plain loops.

It knows the rules from `agents.md` 5 and the issue, and the numbers of `Limits` by their names; how the shield goes about it
it does not know.
"""

from __future__ import annotations

import itertools
import json
import math
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from twin.model.response.proposal import Proposal, Step
from twin.model.response.view import View
from twin.shield.limits import Limits

ACTS = {
    "inspect": 1, "message_sign": 2, "pump": 2, "gate": 2, "barrier": 2, "underpass": 2, "basement": 2, "drain": 2, "engine": 2,
    "hydrant": 2, "wet": 2, "green_wave": 2, "open_exit": 2, "close_road": 3, "reopen_road": 3, "evacuate": 3, "clear": 3,
    "alert": 3, "hold_entrance": 3, "divert": 3, "evacuation_order": 4, "power_cut": 4, "send_alert": 4,
}  # fmt: skip
MODE = {"engine": "emergency", "bus": "large", "pump_crew": "large", "crew": "car", "police": "car"}
WATER = ("depth", "underpass_depth")


def unsafe(view: View, limits: Limits, passed: tuple[Proposal, ...], gates: tuple[str, ...] = ()) -> list[str]:
    """Return a line for every unsafe thing among proposals that came through."""
    judge = Judge(view, limits, gates)
    wrong: list[str] = []
    for proposal in passed:
        wrong += judge.proposal(proposal)
        for step in proposal.steps:
            wrong += [f"{step.action.kind} {step.action.target}: {w}" for w in judged(judge.step, step)]
    return wrong + judged(judge.together, passed)


def judged(ask: Callable[[Any], list[str]], what: object) -> list[str]:
    """Return what is wrong; what makes so little sense that it cannot be judged is."""
    try:
        return ask(what)
    except (TypeError, KeyError, ValueError, IndexError, AttributeError) as error:
        return [f"cannot be judged: {error!r}"]


class Judge:
    def __init__(self, view: View, limits: Limits, gates: tuple[str, ...]) -> None:
        self.view, self.limits, self.gates, self.net = view, limits, gates, view.facts.roads
        self.homes = {h.id: h for h in view.facts.homes}
        self.sites = {s.id: s for s in view.facts.sites}
        self.units = {u.id: u for u in view.units}

    # ---- a proposal as a whole
    def proposal(self, p: Proposal) -> list[str]:
        wrong = []
        try:
            json.dumps(_plain(p), allow_nan=False)
        except (ValueError, TypeError) as error:
            return [f"not plain: {error}"]
        level = max([ACTS.get(s.action.kind, 4) for s in p.steps] or [0])
        for s in p.steps:
            if s.action.kind == "underpass" and "closed" in s.action.params:
                level = max(level, 3)
            if s.action.kind == "clear" and s.action.params.get("demolish"):
                level = 4
        if p.level < level or not 0 <= p.level <= 4:
            wrong.append(f"level {p.level} below {level}")
        if not (p.made <= self.view.time <= p.expires) or p.expires - p.made > self.limits.expiry:
            wrong.append("made or expires out of range")
        if p.steps:
            wrong += self.evidence(p)
        return wrong

    def evidence(self, p: Proposal) -> list[str]:
        now, sure, wrong = self.view.time, False, []
        if not p.evidence:
            return ["no evidence"]
        for id_ in p.evidence:
            readings = [r for r in self.view.readings if r.id == id_]
            reports = [r for r in self.view.reports if r.id == id_]
            if readings:
                r = readings[0]
                if r.mark or now - r.time > self.limits.ages.get(r.quantity, self.limits.reading_age) or r.time > now:
                    wrong.append(f"stale reading {id_}")
                sure = True
            elif reports:
                r = reports[0]
                if now - r.time > self.limits.report_age:
                    wrong.append(f"stale report {id_}")
                for o in self.view.reports:
                    same = (o.target == r.target != "") or math.hypot(o.x - r.x, o.y - r.y) <= self.limits.confirm_reach
                    if (
                        o.id != r.id
                        and o.kind == r.kind
                        and same
                        and abs(o.time - r.time) <= self.limits.confirm_within
                    ):
                        sure = True
            elif self.view.outlook is not None and self.view.outlook.id == id_:
                if now - self.view.outlook.made > self.limits.outlook_age:
                    wrong.append("stale outlook")
                sure = True
            else:
                wrong.append(f"foreign evidence {id_!r}")
        if not sure and any(ACTS.get(s.action.kind, 4) > 1 for s in p.steps):
            wrong.append("unconfirmed report carries a level above 1")
        return wrong

    # ---- one step
    def step(self, s: Step) -> list[str]:
        a, now = s.action, self.view.time
        if a.kind not in ACTS:
            return ["unknown kind"]
        wrong = []
        begins = s.award.leaves if s.award else a.at
        if begins < now or a.at < 0 or begins > now + self.limits.ahead:
            wrong.append(f"begins at {begins}")
        if (s.work is None) != (s.award is None):
            wrong.append("work without award, or award without work")
        roads = {*self.net.roads, "unde1"}
        things = {*self.homes, *self.sites, *self.net.roads, *(r.target for r in self.view.reports)}
        if a.kind == "evacuate":
            wrong += self.evacuation(s)
        elif a.kind in ("close_road", "reopen_road"):
            wrong += [] if a.target in roads else ["no such road"]
        elif a.kind in ("hold_entrance", "open_exit", "divert"):
            wrong += [] if a.target in (*self.gates, *self.sites) else ["no such gate"]
        elif a.kind == "inspect":
            wrong += [] if a.target in {*things, *(r.id for r in self.view.reports)} - {""} else ["nothing to inspect"]
        elif ACTS[a.kind] < 4 and a.kind != "alert" and a.target not in things | {""}:
            wrong.append("no such target")
        if a.kind == "drain" and a.params.get("share") != 0:
            wrong.append("blocks drains")
        for name in ("edges", "avoid"):
            for e in (
                a.params.get(name, ())
                if ACTS[a.kind] < 4 and a.kind not in ("alert", "hold_entrance", "open_exit", "divert")
                else ()
            ):
                if isinstance(e, bool) or not isinstance(e, int) or not 0 <= e < len(self.net.start):
                    wrong.append(f"edge {e!r}")
        if a.kind == "reopen_road" or (a.kind == "underpass" and a.params.get("closed") is False):
            wrong += self.led(self.shut_by(s), "car", s)
        if a.kind == "green_wave":
            wrong += self.led(self.shut_by(s), "emergency", s)
        if s.award and s.work:
            wrong += self.drive(s)
        return wrong

    def shut_by(self, s: Step) -> list[int]:
        given = list(s.action.params.get("edges", ()))
        if given:
            return given
        if s.action.target in self.net.roads:
            number = self.net.roads.index(s.action.target)
            return [e for e in range(len(self.net.start)) if self.net.road[e] == number]
        return list(self.sites[s.action.target].edges) if s.action.target in self.sites else []

    def led(self, edges: list[int], mode: str, s: Step) -> list[str]:
        begins = s.award.done if s.award else s.action.at
        return self.trip([(e, self.view.time, begins + self.limits.reopen_dry) for e in edges], mode, set())

    def drive(self, s: Step) -> list[str]:
        unit = self.units.get(s.award.unit)
        if unit is None or unit.kind != s.work.unit:
            return ["no such unit"]
        early, rest, spans = s.award.leaves, [], []
        for e in s.award.edges:
            if not 0 <= e < len(self.net.start):
                return ["no such edge"]
            if self.net.foot[e]:
                return ["car on a footway"]
            rest.append(float(self.net.length[e] / self.net.speed[e] / unit.speed))
        if s.award.arrives - s.award.leaves < sum(rest) - 1.0 or s.award.done < s.award.arrives + s.work.service - 1.0:
            return ["faster than the road allows"]
        for n, e in enumerate(s.award.edges):
            spans.append((e, early + sum(rest[:n]), s.award.arrives - sum(rest[n + 1 :])))
        armed = set()
        if unit.kind == "engine" and s.action.kind in ("engine", "wet", "hydrant"):
            left = 0.0
            for n in reversed(range(len(s.award.edges))):
                left += float(self.net.length[s.award.edges[n]])
                if left <= self.limits.engine_reach or n == len(s.award.edges) - 1:
                    armed.add(n)
        return self.trip(spans, MODE[unit.kind], armed)

    def evacuation(self, s: Step) -> list[str]:
        a, wrong = s.action, []
        home, site = self.homes.get(a.target), self.sites.get(a.params.get("shelter"))
        if home is None or site is None or site.kind != "shelter" or home.id in self.view.away:
            return ["no such home or shelter, or nobody there"]
        bus, at = a.params.get("mode") == "bus", home.node
        early = late = s.award.done if s.award else a.at
        late += self.limits.setting_out
        spans = []
        for e in a.params.get("edges", ()):
            a0, b0 = int(self.net.start[e]), int(self.net.end[e])
            if at not in (a0, b0):
                return ["broken way"]
            at = b0 if at == a0 else a0
            metres = float(self.net.length[e])
            before = early
            early += metres / float(self.net.speed[e]) if bus else metres / self.limits.foot_fast
            late += self.limits.bus_slow * metres / float(self.net.speed[e]) if bus else metres / self.limits.foot_slow
            spans.append((e, before, late))
            if bus and self.net.foot[e]:
                wrong.append("bus on a footway")
            if self.net.roads[self.net.road[e]] in self.view.closed:
                wrong.append("over a closed road")
        if at != site.node:
            wrong.append("way does not end at the shelter")
        if bus and (s.work is None or s.work.unit != "bus" or s.work.node != home.node):
            wrong.append("no bus")
        outlook, n = self.view.outlook, list(self.sites).index(site.id)
        if outlook is None:
            return [*wrong, "no forecast"]
        hit = 0
        for m in range(outlook.sites.depth.shape[0]):
            course = zip(outlook.sites.times, outlook.sites.depth[m, :, n], outlook.sites.fire[m, :, n], strict=True)
            hit += any((not d <= 0.2000001 or f) and t >= self.view.time for t, d, f in course)
        if hit / outlook.sites.depth.shape[0] > self.limits.shelter_share:
            wrong.append("shelter inside the hazard")
        return wrong + self.trip(spans, "large" if bus else "foot", set())

    def trip(self, spans: list[tuple[int, float, float]], mode: str, armed: set[int]) -> list[str]:
        """Return what is wrong with being on each edge at any moment between two."""
        if not spans:
            return []
        outlook, wrong = self.view.outlook, []
        deepest, strongest = getattr(self.limits, f"{mode}_depth"), getattr(self.limits, f"{mode}_product")
        for e, _, _ in spans:
            for r in self.view.readings:
                if r.quantity == "depth" and not r.mark and r.value > deepest and not self.net.over[e]:
                    young = 0 <= self.view.time - r.time <= self.limits.reading_age and r.received <= self.view.time
                    if (
                        young
                        and not r.sensor.endswith(":unde1")
                        and self.apart(e, r.x, r.y) < self.limits.reading_reach - 1e-6
                    ):
                        wrong.append(f"edge {e}: a reading of {r.value} m")
                belongs = r.sensor == "x:unde1" and e in self.sites["unde1"].edges and r.quantity in WATER
                if (
                    belongs
                    and not r.mark
                    and r.value > deepest
                    and 0 <= self.view.time - r.time <= self.limits.reading_age
                ):
                    if r.received <= self.view.time:
                        wrong.append(f"edge {e}: a reading of {r.value} m in the underpass")
        if outlook is None or self.view.time - outlook.made > self.limits.outlook_age:
            return [*wrong, "no forecast to judge a way by"]
        course, caught = outlook.edges, 0
        for m in range(course.depth.shape[0]):
            met = False
            for n, (e, early, late) in enumerate(spans):
                moments = [early, *(float(t) for t in course.times if early < t <= late)]
                for moment in moments:
                    k = max([0, *(i for i, t in enumerate(course.times) if t <= moment)])
                    wet = not (course.depth[m, k, e] <= deepest + 1e-6 and course.product[m, k, e] <= strongest + 1e-6)
                    wet = wet and not self.net.over[e]  # a bridge
                    met = met or wet or (bool(course.fire[m, k, e]) and n not in armed)
            caught += met
        if caught / course.depth.shape[0] > self.limits.way_share:
            wrong.append(f"way of mode {mode} meets water or fire in {caught} members")
        return wrong

    def apart(self, e: int, x: float, y: float) -> float:
        a, b = self.net.start[e], self.net.end[e]
        return min(
            math.hypot(self.net.x[a] + f * (self.net.x[b] - self.net.x[a]) - x, self.net.y[a] + f * (self.net.y[b] - self.net.y[a]) - y)
            for f in (i / 200 for i in range(201))
        )  # fmt: skip

    # ---- all together
    def together(self, passed: tuple[Proposal, ...]) -> list[str]:
        steps = [s for p in passed for s in p.steps]
        wrong = []
        count: dict[str, int] = defaultdict(int)
        for p in passed:
            count[p.agent] += len(p.steps)
        if len(steps) > self.limits.steps_in_all or any(n > self.limits.steps_per_agent for n in count.values()):
            wrong.append("more actions than a cycle may have")
        inside: dict[str, float] = defaultdict(float, self.view.sheltered)
        for s in steps:
            if s.action.kind == "evacuate":
                inside[s.action.params["shelter"]] += sum(
                    (h.below + h.ground + h.upper) for h in self.view.facts.homes if h.id == s.action.target
                )
        for id_ in {s.action.params["shelter"] for s in steps if s.action.kind == "evacuate"}:
            if inside[id_] > (self.sites[id_].capacity or self.limits.shelter_unstated) + 1e-5:
                wrong.append(f"{inside[id_]:.1f} people in {id_} for {self.sites[id_].capacity:g}")
        for a, b in itertools.combinations(steps, 2):
            wrong += self.pair(a, b)
        return wrong + self.timelines(steps) + self.cut(steps)

    def pair(self, a: Step, b: Step) -> list[str]:
        kinds = {a.action.kind, b.action.kind}
        if kinds == {"evacuate"} and a.action.target == b.action.target:
            return ["one home evacuated twice"]
        if kinds == {"close_road", "reopen_road"} and set(self.shut_by(a)) & set(self.shut_by(b)):
            return ["a road closed and opened"]
        if len(kinds) == 1 and kinds <= {"pump", "gate", "close_road"} and a.action.target == b.action.target != "":
            return ["one thing set twice"]
        return []

    def timelines(self, steps: list[Step]) -> list[str]:
        wrong = []
        for unit in self.view.units:
            mine = sorted(
                (s for s in steps if s.award and s.award.unit == unit.id),
                key=lambda s: (s.award.leaves, s.award.arrives, s.award.done),
            )
            where, free = {unit.node}, unit.free
            for s in mine:
                if s.award.leaves < free - 1.0:
                    wrong.append(f"{unit.id} is at two places")
                reached = set()
                for node in where:
                    at, ok = node, True
                    for e in s.award.edges:
                        ends = [int(self.net.start[e]), int(self.net.end[e])]
                        ok = ok and at in ends
                        at = ends[1 - ends.index(at)] if ok else -1
                    if ok:
                        reached.add(at)
                if s.work.node not in reached:
                    wrong.append(f"{unit.id} jumps")
                where, free = {s.work.node}, s.award.done
                if s.action.kind == "evacuate" and s.action.params.get("mode") == "bus":
                    where.add(self.sites[s.action.params["shelter"]].node)
        return wrong

    def cut(self, steps: list[Step]) -> list[str]:
        closing = [s for s in steps if s.action.kind == "close_road" or s.action.params.get("closed") is True]
        if not closing:
            return []
        force = {e for e in range(len(self.net.start)) if self.net.roads[self.net.road[e]] in self.view.closed}
        wet = set()
        outlook = self.view.outlook
        if outlook is not None and self.view.time - outlook.made <= self.limits.outlook_age:
            for e in range(len(self.net.start)):
                dry = (outlook.edges.depth[:, :, e] <= self.limits.emergency_depth + 1e-6) & (
                    outlook.edges.product[:, :, e] <= self.limits.emergency_product + 1e-6
                )
                dry = dry | self.net.over[e]
                hits = [bool((~dry[m] | outlook.edges.fire[m, :, e]).any()) for m in range(len(dry))]
                if sum(hits) / len(hits) > self.limits.way_share:
                    wet.add(e)
        wrong = []
        for site in self.view.facts.sites:
            if site.kind in ("hospital", "fire_station"):
                free, before = self.reach(site.node, wet), self.reach(site.node, wet | force)
                # any of the closures may be approved and the others not
                for several in ([*closing], *([s] for s in closing), *itertools.combinations(closing, 2)):
                    after = self.reach(site.node, wet | force | {e for s in several for e in self.shut_by(s)})
                    # readings may bar more roads than the forecast: the shield then compares with less
                    if after < self.limits.access_share * free - 1e-6 and after < before - 1e-6 and not self.soaked():
                        wrong.append(f"{site.id} cut off")
        return wrong

    def soaked(self) -> bool:
        return any(r.quantity in WATER and r.value > self.limits.emergency_depth for r in self.view.readings)

    def reach(self, node: int, shut: set[int]) -> float:
        seen, front, used = {node}, [node], set()
        while front:
            at = front.pop()
            for e in range(len(self.net.start)):
                ends = (int(self.net.start[e]), int(self.net.end[e]))
                if at in ends and e not in shut and not self.net.foot[e]:
                    used.add(e)
                    other = ends[1] if at == ends[0] else ends[0]
                    if other not in seen:
                        seen.add(other)
                        front.append(other)
        return float(sum(self.net.length[e] for e in used))


def _plain(p: Proposal) -> object:
    return [
        p.agent, p.version, p.made, p.expires, p.level, p.evidence,
        [[s.action.kind, s.action.at, s.action.target, dict(s.action.params)] for s in p.steps],
        [[s.award.unit, s.award.leaves, s.award.arrives, s.award.done, s.award.edges] for s in p.steps if s.award],
        [[s.work.unit, s.work.node, s.work.service, s.work.earliest, s.work.deadline, s.work.weight] for s in p.steps if s.work],
        [[r.code, dict(r.values)] for r in p.reasons],
    ]  # fmt: skip
