"""A response over the ground of `small`, made by the store's own verbs: districts, roads that cross, and a run with agents.

What is shown is what stands on the board: proposals in every state, a proof by district, hostile words, a score.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from tests.viewer import small
from tests.viewer.small import CRS, SOUTH, START, WEST
from twin.model.action import Action
from twin.model.feature import Features
from twin.model.field import Grid
from twin.model.response.proposal import Award, Decision, Effect, Proof, Proposal, Reason, Refusal, Step, Work
from twin.model.run import Budget, Frame, Run
from twin.runs.frames.store import FrameWriter
from twin.runs.provenance import write_record
from twin.runs.response.respond import RESPONSE
from twin.runs.response.score import SCORE, compared
from twin.settings import data_folder
from twin.shield.policy import parse_policy
from twin.store.journal import Actor, Entry

if TYPE_CHECKING:
    from pathlib import Path

    from twin.store import City

DONE, WAITS = "small0done", "small0waits"
HOSTILE = "<img src=x onerror=alert(1)> **굵게** \u202e"
SCENARIO = """
title = "심야 호우"
hazard = "flood"
start = 2026-07-15T22:00:00+09:00
duration_min = 50
frame_every_min = 10
cell_m = 5

[rain]
depth_mm = 60
duration_min = 50
shape = "huff2"

[response]
cycle_min = 10
members = 4
night = true

[[response.force]]
kind = "crew"
number = 2
at = "b00000"
"""


def build(path: Path, names: list[str] | None = None) -> City:
    """Return a small city with four districts, streets that cross, a shelter, and two runs with agents."""
    city = small.build(path, names)
    side = 480.0
    half = side / 2
    quarters = [
        shapely.box(WEST + i * half, SOUTH + j * half, WEST + (i + 1) * half, SOUTH + (j + 1) * half)
        for i in range(2)
        for j in range(2)
    ]
    across = [
        shapely.LineString([(WEST, SOUTH + 60 * i + 3), (WEST + side, SOUTH + 60 * i + 3)])
        for i in range(int(side / 60))
    ]
    called = ["윗동", "아랫동", HOSTILE, "강변동"]
    batches = [
        Features(
            "boundary", [f"d{i}" for i in range(4)], np.array(quarters, dtype=object), CRS, {"name": called},
            np.arange(1, 5), layer="dong",
        ),
        Features(
            "road", [f"x{i}" for i in range(len(across))], np.array(across, dtype=object), CRS,
            {"class": ["residential"] * len(across), "name": [f"{i}번길" for i in range(len(across))]},
            np.arange(1, len(across) + 1), layer="across",
        ),
        Features(
            "shelter", ["s1"], np.array([shapely.Point(WEST + 450, SOUTH + 450)], dtype=object), CRS,
            {"name": ["가온초등학교"], "capacity": [300]}, np.array([1]),
        ),
    ]  # fmt: skip
    with city.writing(file="more.gpkg", sha256="3" * 64, reader="vector", licence="가상 데이터 (fictional)") as tx:
        for batch in batches:
            tx.features(batch)
        tx.finish({})
    answer(city, WAITS, waits=True)
    answer(city, DONE, waits=False)
    return city


def home(i: int, minutes: float, unit: str, node: int) -> Step:
    """Return a home that a crew fetches."""
    action = Action("evacuate", 600.0, f"b{i:05d}", {"shelter": "s1", "mode": "foot", "by": "crew", "edges": [0, 1]})
    work = Work("crew", node, 300.0, 600.0, 3000.0, 4.0)
    start = 60.0 * minutes
    return Step(action, work, Award(unit, start, start + 120.0, start + 420.0, (3, 4, 5)))


def proposals() -> dict[str, tuple[Proposal, str, float | None]]:
    """Return name -> a proposal, its state at the end, and when it was carried out."""
    leave = Reason(
        "evacuation.below.crew", {"about": "d0", "homes": 2, "people": 11, "chance": 0.75, "minutes": 25, "shelters": 1}
    )
    soon = Reason("traffic.close_road", {"about": "d2", "minutes": 12, "roads": 1})
    police = Award("police-01", 1260.0, 1380.0, 1560.0, (10, 11))
    close = Step(
        Action("close_road", 1200.0, "r1", {"edges": [4, 5, 6]}), Work("police", 9, 180.0, 1200.0, 3000.0, 3.0), police
    )
    pump = Step(Action("pump", 600.0, "P1", {"on": True}))
    gone = Reason("nobody.says", {"what": HOSTILE})
    return {
        "evacuate": (Proposal("evacuation", "1", 600.0, 2400.0, 3, (home(0, 14, "crew-01", 4), home(1, 14, "crew-02", 5)), (leave,), ("o1", "g1")), "approved", 840.0),
        "close": (Proposal("traffic", "1", 1200.0, 3000.0, 3, (close,), (soon,), ("o2",)), "approved", 1440.0),
        "pump": (Proposal("pumps_gates", "1", 600.0, 1200.0, 2, (pump,), (Reason("pump.before_rain", {"pumps": 1, "now": 30, "peak": 60}),)), "expired", None),
        "no": (Proposal("traffic", "1", 600.0, 2400.0, 3, (Step(Action("close_road", 600.0, "x3", {"edges": [7]})),), (gone,)), "rejected", None),
        "unsafe": (Proposal("evacuation", "1", 1200.0, 2400.0, 3, (home(2, 24, "crew-01", 6),), (leave,)), "refused", None),
        "look": (Proposal("field_crews", "1", 0.0, 1800.0, 1, (Step(Action("inspect", 0.0, "T1", {})),), (Reason("inspect.gauge", {"about": "T1"}),)), "approved", 0.0),
        "late": (Proposal("evacuation", "1", 1800.0, 3600.0, 3, (home(9, 34, "crew-02", 7),), (leave,), ("o3",)), "open", None),
    }  # fmt: skip


def proof(proposal: Proposal, scale: float) -> Proof:
    """Return a proof that helps one district, and harms none by much; `scale` 0: nothing changes."""

    def effect(measure: str, district: str, gains: tuple[float, ...], without: float) -> Effect:
        found = tuple(scale * gain for gain in gains)
        low, median, high = np.quantile(found, [0.05, 0.5, 0.95]).tolist()
        return Effect(measure, district, median, low, high, without, found)

    less, unsure = (-420.0, -310.0, -520.0, -390.0), (-30.0, 12.0, -8.0, 4.0)
    effects = (
        effect("person_minutes_water", "", tuple(a + b for a, b in zip(less, unsure, strict=True)), 1480.0),
        effect("cost", "", (600000.0, 600000.0, 600000.0, 600000.0), 0.0),
        effect("lost_access", "", unsure, 90.0),
        effect("person_minutes_water", "d0", less, 900.0),
        effect("person_minutes_water", "d1", (0.0, 0.0, 0.0, 0.0), 460.0),
        effect("person_minutes_water", "d2", unsure, 120.0),
    )
    area = (WEST, SOUTH, WEST + 480.0, SOUTH + 480.0)
    return Proof(proposal.hash, "outlook-1", 4, (11, 12, 13, 14), 2400.0, effects, 10.0, area)


def answer(city: City, run: str, *, waits: bool) -> None:
    """Add a run with agents: board, journal, record, frames, and for one that has ended its score."""
    named = proposals()
    for time, (name, (proposal, state, _)) in enumerate(named.items()):
        city.board.propose(run, int(proposal.made // 600), proposal)
        if proposal.level >= 2:
            city.board.prove(run, time, proposal.made, proof(proposal, 0.0 if name == "pump" else 1.0))
        if name in {"evacuate", "close"}:
            for role, after in (("chief", 180.0), ("department", 240.0)):
                who = f"exercise:player-{role}"
                city.board.decide(run, 1, Decision(proposal.hash, "approve", who, role, proposal.made + after))
        if name == "no":
            said = Decision(proposal.hash, "reject", "kim-secret", "chief", 900.0, f"다른 길이 없음 {HOSTILE}")
            city.board.decide(run, 1, said)
        if state == "refused":
            refusal = Refusal("way", 0, Reason("shield.way.hazard"))
            told = {"id": proposal.hash, "cycle": 2, "what": {"agent": proposal.agent, "refusals": (refusal,)}}
            city.journal.append(
                Entry("refusal", Actor("system", "system"), START + timedelta(seconds=1200), run, content=told)
            )
    complaint = {"id": "flood_watch", "cycle": 1, "what": Reason("guard.raised", {"what": HOSTILE})}
    city.journal.append(Entry("cut_off", Actor("agent", "flood_watch", "1"), START, run, content=complaint))
    folder = city.runs.folder(run)
    frames(folder, run)
    (folder / RESPONSE).write_text(json.dumps(response(named, waits=waits), ensure_ascii=False), "utf-8")
    if not waits:
        (folder / SCORE).write_text(json.dumps(score(run)), "utf-8")
    city.runs.add(
        Run(
            run, "심야 호우와 대응", "hash", "flood", "partial" if waits else "done", 6, 96 * 96, 3000.0, 1.0, 10,
            Budget(1000.0, 100.0, 900.0, 3e-12), START + timedelta(hours=1 + (not waits)), city.snapshot, "0.1.0",
            title_en="Night rain and its response",
        ),
        SCENARIO,
    )  # fmt: skip


def frames(folder: Path, run: str) -> None:
    """Write the frames of the flood that is answered."""
    grid = Grid(CRS, WEST, SOUTH, 5.0, 96, 96)
    writer = FrameWriter(folder, grid, START, ("depth",), {"run": run})
    for i in range(6):
        writer.add(Frame(600.0 * i, {"depth": small.depth(grid, i / 5)}))
    writer.close({"max_depth": small.depth(grid, 1.0)})
    write_record(folder, {"findings": []})


def response(named: dict[str, tuple[Proposal, str, float | None]], *, waits: bool) -> dict[str, Any]:
    """Return the record of a response, as a run writes it."""
    file = data_folder("assets") / "policies" / "exercise.toml"
    policy = parse_policy(file.read_text("utf-8"), "exercise.toml")
    names = sorted({proposal.agent for proposal, _, _ in named.values()} | {"flood_watch"})
    track = [
        {"time": 60.0 * i, "units": {"crew-01": min(i // 4, 8), "crew-02": 3, "police-01": 9 if i > 20 else 2}}
        for i in range(51)
    ]
    why = {"code": "flood.possible", "values": {"about": "d2", "chance": 0.4, "people": 30}}
    alert = {
        "event": "flood", "urgency": "Expected", "severity": "Severe", "certainty": "Possible", "onset": 900.0,
        "expires": 2700.0, "areas": ["d2"], "reasons": [why],
    }  # fmt: skip
    rows = [
        {"from": i / 10, "forecasts": 40 - 4 * i, "chance": i / 10 + 0.05, "came": min(1.0, i / 10 + 0.08)}
        for i in range(10)
    ]
    return {
        "agents": [{"name": name, "version": "1", "team": "response"} for name in names],
        "policy": {"name": "exercise.toml", "version": policy.version, "hash": policy.hash, "exercise": True},
        "coordinate": "auction",
        "cycles": 4,
        "waits_at": 1800.0 if waits else None,
        "cycle_s": 600.0,
        "members": 4,
        "proposals": [
            {"hash": p.hash, "agent": p.agent, "cycle": int(p.made // 600), "state": state, "begun": begun}
            for p, state, begun in named.values()
            if state != "refused"
        ],
        "alerts": [{"time": 600.0, "agent": "flood_watch", "alert": alert}],
        "offences": {"flood_watch": 1},
        "outcome": {"values": {}, "outside": {}, "details": {}},
        "forecast": {"homes": 220, "brier": 0.142, "brier_of_the_mean": 0.21, "reliability": rows},
        "track": track,
        "done": [],
    }


def score(run: str) -> dict[str, Any]:
    """Return a score in which the plan beats no action, loses to the fixed procedure, and equals the nearest unit."""
    rng = np.random.default_rng(4)
    plan = 1000.0 + rng.normal(0, 40, 8)
    exposure = {
        "none": plan * 1.8,
        "nearest": plan + rng.normal(0, 60, 8),
        "sop": plan * 0.8,
        "plan": plan,
        "hindsight": plan * 0.7,
    }
    courses = {name: [float(v) for v in values] for name, values in exposure.items()}
    return {
        "measures": {"person_minutes_water": courses, "exposure": courses},
        "against": {other: compared(courses["plan"], courses[other]) for other in ("none", "nearest", "sop")},
        "regret": 0.27,
        "run": run,
        "members": 8,
        "cell": 20.0,
        "forecast": {},
        "spread": {},
    }  # fmt: skip
