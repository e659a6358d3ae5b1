"""A run with agents: the hazard goes its way, and those who answer it see, propose, wait for persons and act."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import agents as teams
from twin.errors import MissingError
from twin.model.response.canonical import digest
from twin.runs.document.read import read_text
from twin.runs.execution.simulate import conducted, document_of, known_run, named
from twin.runs.frames.store import has_frames
from twin.runs.provenance import run_id
from twin.runs.response.courses import layout_of
from twin.runs.response.memory import TwinMemory
from twin.runs.response.pool import several
from twin.runs.response.stage import stage_of
from twin.settings import Settings
from twin.shield.policy import Policy, parse_policy

if TYPE_CHECKING:
    from twin.agents import Agent
    from twin.model.response.proposal import Proposal
    from twin.model.run import Run
    from twin.model.scenario import Scenario
    from twin.runs.execution.march import Conductor
    from twin.runs.execution.pace import Progress
    from twin.runs.inputs.prepare import Prepared
    from twin.runs.response.control import Control
    from twin.store import City

RESPONSE = "answered.json"
"""File of a run that says how it was answered."""


def respond(
    city: City,
    scenario: Scenario | Path | str,
    *,
    agents: str | Sequence[str] = "all",
    policy: Path | str | None = None,
    coordinate: str = "auction",
    wait: bool = False,
    resume: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Run:
    """Return the run of a scenario that agents answer; one that is done already is not computed again.

    agents      "all", a team or names, see `twin.agents.make`
    policy      a document of who may approve what; None: what needs a person stays a proposal
    coordinate  "auction", or "nearest": the unit that is free first takes what is nearest
    wait        stop where persons have to decide ("partial"); their decisions stand in the twin, and with `resume` the
                run goes on. False: what nobody decides expires, and nothing of it is done
    resume      go through a run again that has stopped: up to where it stood everything comes out the same, with the
                decisions that were made since

    The run's folder gets `answered.json`; blackboard and journal of the twin get every step of it.
    Raises what `simulate` and `twin.agents.make` raise, MissingError (no such policy) and InputError (a wrong one).
    """
    file = "" if not isinstance(scenario, Path | str) else str(scenario)
    document, text = document_of(scenario)
    team, rules = teams.make(agents), read_policy(policy)
    identity = response_id(city, document, team, rules, coordinate)
    known = known_run(city, identity)
    if known is not None and known.status == "done" and has_frames(city.runs.folder(identity)):
        return known
    if known is None and resume:
        raise MissingError(
            f"run {identity} of this scenario, agents and policy was never begun; run it without --resume"
        )
    workers = threads or Settings.from_environment().threads
    held: list[Control] = []
    with named(file), several(workers) as together:

        def conduct(acting: Scenario, ready: Prepared) -> Conductor:
            stage = stage_of(city, acting, ready)
            ready.findings += stage.findings
            versions = {agent.name: agent.version for agent in team}
            told = ("", "") if rules is None else (rules.version, rules.hash)
            memory = TwinMemory(city, acting, identity, versions, told)
            layout = layout_of(city, stage.facts, ready.grid)
            control = stage.control(acting, ready, layout, team, rules, memory, together)
            control.coordinate, control.waits = coordinate, wait
            held.append(control)
            return control

        try:
            run = conducted(city, document, text, identity, conduct, threads=workers, progress=progress, cancel=cancel)
        finally:
            if held and held[0].deepest is not None:
                write_response(city.runs.folder(identity), held[0], team, rules, coordinate)
    return run


def response_id(city: City, scenario: Scenario, team: Sequence[Agent], policy: Policy | None, coordinate: str) -> str:
    """Return the id of a run with agents: of scenario, city and code as ever, and of who answers by which rules."""
    who = {
        "run": run_id(scenario, city.snapshot),
        "agents": [(agent.name, agent.version) for agent in team],
        "policy": "" if policy is None else policy.hash,
        "coordinate": coordinate,
        "response": None if scenario.response is None else repr(scenario.response),
        # a run keeps its document, and a score asks that for the weather it is to meet
        "ensemble": dict(scenario.ensemble),
    }
    return hashlib.sha256(digest(who).encode()).hexdigest()[:12]


def read_policy(path: Path | str | None) -> Policy | None:
    """Return the policy of a file. Raises MissingError where there is none, InputError where it is wrong."""
    if path is None:
        return None
    file = Path(path)
    if not file.is_file():
        raise MissingError(f"{path}: there is no such policy file")
    return parse_policy(read_text(file), str(path))


def write_response(
    folder: Path, control: Control, team: Sequence[Agent], policy: Policy | None, coordinate: str
) -> None:
    """Write how a run was answered into its folder."""
    outcome = control.outcome()
    record: dict[str, Any] = {
        "agents": [{"name": agent.name, "version": agent.version, "team": agent.team} for agent in team],
        "policy": None
        if policy is None
        else {"name": policy.name, "version": policy.version, "hash": policy.hash, "exercise": policy.exercise},
        "coordinate": coordinate,
        "cycles": control.cycles,
        "waits_at": control.waits_at,
        "cycle_s": control.drill.cycle,
        "members": control.drill.members,
        "proposals": [
            {"hash": hash_, "agent": one.proposal.agent, "cycle": one.cycle, "state": one.state, "begun": one.begun}
            | ({} if one.carried is None else {"steps": _numbers(one.proposal, one.carried)})
            for hash_, one in control.open.items()
        ],
        "alerts": [{"time": time, "agent": agent, "alert": asdict(alert)} for time, agent, alert in control.alerts],
        "offences": dict(control.guard.offences),
        "outcome": {"values": outcome.values, "outside": outcome.outside, "details": outcome.details},
        "forecast": control.forecasts.facts(),
        "track": control.track,
        "done": [asdict(action) for action in control.done],
    }
    part = folder / (RESPONSE + ".part")
    part.write_text(json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    part.replace(folder / RESPONSE)


def _numbers(whole: Proposal, part: Proposal) -> list[int]:
    """Return which steps of a proposal were carried out."""
    kept = list(part.steps)
    return [n for n, step in enumerate(whole.steps) if step in kept]


def response_of(city: City, run: str) -> dict[str, Any]:
    """Return how a run was answered. Raises MissingError for a run without agents."""
    found = city.runs.get(run)
    file = city.runs.folder(found.id) / RESPONSE
    if not file.is_file():
        raise MissingError(f"run {found.id} ('{found.title}') had no agents; run it with --agents all")
    return dict(json.loads(file.read_text(encoding="utf-8")))
