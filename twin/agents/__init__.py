"""Agents: one file each, found by being here. A room holds an object called `agent`.

An agent looks at a `View` and proposes. It keeps no state: what it has to remember stands in the view (`board`,
`running`, `away`, `closed`). Teams: "response" (all that act by forecasts), and the baselines "nearest" and "sop".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Protocol, cast

from twin.errors import UsageError, suggest
from twin.model.response.proposal import Alert, Proposal
from twin.model.response.view import View
from twin.rooms import discover

ALWAYS = ("time", "cycle", "every", "facts")
"""What every agent sees of a view."""

RESPONSE = "response"
"""The team that "all" means."""


class Agent(Protocol):
    """Something that sees and proposes, and can do nothing else.

    name, version  who; the version changes with every change of what it proposes
    team           "response", or a baseline it is measured against
    sees           attributes of the view that it looks at, beside `ALWAYS`
    """

    @property
    def name(self) -> str:
        """Return by what it is called."""
        ...

    @property
    def version(self) -> str:
        """Return which one it is."""
        ...

    @property
    def team(self) -> str:
        """Return with whom it acts."""
        ...

    @property
    def sees(self) -> tuple[str, ...]:
        """Return what it looks at."""
        ...

    def propose(self, view: View) -> Iterable[Proposal | Alert]:
        """Return what it wants done now. Same view, same answer."""
        ...


class Limited:
    """A view of which only what an agent `sees` can be looked at; the rest raises UsageError."""

    __slots__ = ("_name", "_sees", "_view")

    def __init__(self, view: View, name: str, sees: tuple[str, ...]) -> None:
        self._view, self._name, self._sees = view, name, sees

    def __getattr__(self, attribute: str) -> object:
        if attribute not in self._sees:
            raise UsageError(
                f"agent '{self._name}' looked at '{attribute}' of its view and does not say that it sees it; "
                f"{suggest(attribute, self._sees)}"
            )
        return getattr(self._view, attribute)


def limited(view: View, agent: Agent) -> View:
    """Return the view with all that the agent does not say it sees out of reach.

    Raises UsageError where the agent names something that a view does not have.
    """
    names = {field.name for field in fields(View)}
    for seen in agent.sees:
        if seen not in names:
            raise UsageError(f"agent '{agent.name}' says it sees '{seen}'; {suggest(seen, names)}")
    return cast("View", Limited(view, agent.name, (*ALWAYS, *agent.sees)))


def make(names: str | Iterable[str]) -> list[Agent]:
    """Return agents by name, in alphabetical order, each once.

    names  "all" (the response), a team, an agent, or several of these, as a list or joined by commas; "none": nobody

    Raises UsageError for a name that is not known.
    """
    rooms = cast("dict[str, Agent]", discover(__name__, "agent"))
    teams = {agent.team for agent in rooms.values()}
    wanted = names.split(",") if isinstance(names, str) else list(names)
    chosen: dict[str, Agent] = {}
    for word in (word.strip() for word in wanted):
        if word == "none":
            continue
        team = RESPONSE if word == "all" else word
        found = {name: agent for name, agent in rooms.items() if name == word or agent.team == team}
        if not found:
            raise UsageError(f"agent '{word}' is not known; {suggest(word, {*rooms, *teams, 'all', 'none'})}")
        chosen |= found
    return [chosen[name] for name in sorted(chosen)]
