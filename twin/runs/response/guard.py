"""Listening to agents without depending on them: what raises, hangs, floods or makes no sense is cut off and named.

An agent runs in a thread of its own and is given up after a wall limit that no sound agent comes near, so that what a
sound one says never depends on the clock. A child process could be killed for sure, but a copy of a process with
threads of databases and compilers in it may lock up, and a fresh one costs a second and a copy of the forecast for each
agent and cycle; a thread costs a tenth of a millisecond. One that is given up is told to end, which ends loops in
Python; one that sleeps in a library stays, and its agent is suspended at once: there is never more than one of it.

This holds off faults, not an intruder: code within the process can reach everything. But what an agent hands over is
copied into plain values in its own thread, so that none of its objects is touched outside, and the arrays of a sealed
view stand on bytes that nobody can write to.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, cast

import numpy as np

from twin.errors import InputError
from twin.model.response.city import Facts
from twin.model.response.proposal import Alert, Proposal, Reason
from twin.model.response.view import View
from twin.shield.plain import plain_alert, plain_proposal
from twin.shield.rules.contradiction import disagree

T = TypeVar("T")


class Listened(Protocol):
    """What the guard needs of an agent; see `twin.agents.Agent`."""

    @property
    def name(self) -> str:
        """Return by what it is called."""
        ...

    def propose(self, view: View) -> Iterable[Proposal | Alert]:
        """Return what it wants done now."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an agent may ask of those who listen.

    seconds    s on the wall for one answer
    proposals  and alerts in one answer;   steps  in all of them together
    offences   after which an agent is suspended for the rest of the run

    All [design]: no source behind the numbers.
    """

    seconds: float = 60.0
    proposals: int = 200
    steps: int = 2000
    offences: int = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """What one agent said in one cycle; with a complaint nothing of it counts.

    complaint  code `guard.*` with what was found; None: all is well
    """

    agent: str
    proposals: tuple[Proposal, ...] = ()
    alerts: tuple[Alert, ...] = ()
    complaint: Reason | None = None


@dataclass(slots=True)
class Guard:
    """Listens to agents over a run and remembers who gave offence.

    offences  agent -> complaints so far;   suspended  agent -> the complaint for which
    """

    bounds: Bounds = field(default_factory=Bounds)
    offences: dict[str, int] = field(default_factory=dict)
    suspended: dict[str, Reason] = field(default_factory=dict)

    def hear(self, name: str, agent: Listened, view: View) -> Heard:
        """Return what an agent, known by a name, says to a view; nothing of one that is suspended."""
        if name in self.suspended:
            return Heard(name, complaint=Reason("guard.suspended", {"for": self.suspended[name].code}))
        heard = guarded(name, agent, view, self.bounds)
        if heard.complaint is not None:
            self.offences[name] = self.offences.get(name, 0) + 1
            if self.offences[name] >= self.bounds.offences or heard.complaint.code == "guard.slow":
                self.suspended[name] = heard.complaint
        return heard


def guarded(name: str, agent: Listened, view: View, bounds: Bounds) -> Heard:
    """Return what an agent says to a view, or a complaint.

    name  by which the agent is known: it speaks for no other
    view  sealed, see `sealed`; the agent gets a copy of its outermost layer
    """
    said: list[Heard] = []
    own = replace(view, board=tuple((_again(p), d) for p, d in view.board)) if type(view) is View else view

    def listen() -> None:
        try:
            said.append(_answer(name, agent, own, bounds))
        except _GivenUp:
            return
        except BaseException as error:  # noqa: BLE001  whatever an agent raises is its own fault and nobody else's
            said.append(_complaint(name, "guard.raised", _told(error)))

    thread = threading.Thread(target=listen, name=f"agent {name}", daemon=True)
    thread.start()
    thread.join(bounds.seconds)
    if thread.is_alive():
        _end(thread)
        return Heard(name, complaint=Reason("guard.slow", {"seconds": bounds.seconds}))
    return said[0] if said else _complaint(name, "guard.raised", "nothing came back")


class _GivenUp(BaseException):
    """Raised in the thread of an agent that took too long."""


def _end(thread: threading.Thread) -> None:
    """Tell a thread to end at its next step in Python."""
    if thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_GivenUp))


def _told(error: BaseException) -> str:
    """Return what an error says, where it can say it."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  the error is the agent's own class
        return type(error).__name__


def _answer(name: str, agent: Listened, view: View, bounds: Bounds) -> Heard:
    """Return what an agent says as plain values, or what is wrong with it. Runs in the agent's thread."""
    answer = agent.propose(view)
    if isinstance(answer, str | bytes | Mapping) or not isinstance(answer, Iterable):
        return _complaint(name, "guard.nonsense", f"a {type(answer).__name__[:40]} for proposals")
    given: list[object] = []
    for entry in answer:
        given.append(entry)
        if len(given) > bounds.proposals:
            return _complaint(name, "guard.flood", f"more than {bounds.proposals} proposals")
    proposals: list[Proposal] = []
    alerts: list[Alert] = []
    try:
        for one in given:
            if type(one) is Alert:
                alerts.append(plain_alert(one))
            else:
                proposals.append(plain_proposal(one))
    except InputError as error:
        return _complaint(name, "guard.nonsense", str(error))
    if sum(len(p.steps) for p in proposals) > bounds.steps:
        return _complaint(name, "guard.flood", f"more than {bounds.steps} steps")
    strange = next((p.agent for p in proposals if p.agent != name), None)
    if strange is not None:
        return _complaint(name, "guard.foreign_name", strange)
    against = disagree([step.action for p in proposals for step in p.steps])
    if against is not None:
        return _complaint(name, "guard.contradiction", f"{against.kind} {against.target}")
    return Heard(name, tuple(proposals), tuple(alerts))


def _complaint(name: str, code: str, found: str) -> Heard:
    text = found.encode(errors="replace").decode()[:200]
    return Heard(name, complaint=Reason(code, {"found": text}))


def _again(proposal: Proposal) -> Proposal:
    """Return a proposal of the board as a copy of its own: a param that an agent changes changes nowhere else."""
    return plain_proposal(proposal)


def sealed(view: View, facts: Facts | None = None) -> View:
    """Return a view in which nothing can be changed: its arrays stand on bytes, its tables are read only.

    facts  of the same city, sealed before (`seal`); they stay the same over a run

    The board is copied for each agent anew when it is listened to.
    """
    return replace(seal(replace(view, board=()), facts), board=view.board)


def seal(thing: T, facts: Facts | None = None) -> T:
    """Return a dataclass with all arrays, tables and dataclasses in it sealed.

    facts  stands for the facts that are found in it
    """
    return cast("T", _sealed(thing, facts))


def _sealed(value: object, facts: Facts | None) -> object:
    if type(value) is np.ndarray:
        return np.frombuffer(value.tobytes(), value.dtype).reshape(value.shape) if value.size else value.copy()
    if isinstance(value, Facts) and facts is not None:
        return facts
    if is_dataclass(value) and not isinstance(value, type):
        new = {f.name: _sealed(old, facts) for f in fields(value) if (old := getattr(value, f.name)) is not None}
        changed = {name: made for name, made in new.items() if made is not getattr(value, name)}
        return replace(cast("Any", value), **changed) if changed else value
    if isinstance(value, Mapping):
        return MappingProxyType({key: _sealed(entry, facts) for key, entry in value.items()})
    if isinstance(value, tuple):
        made = tuple(_sealed(entry, facts) for entry in value)
        return made if any(a is not b for a, b in zip(made, value, strict=True)) else value
    return value
