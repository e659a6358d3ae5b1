"""Who may approve what: a document in TOML, read strictly. Without one nothing of level 2 or more acts.

version = "2026-07"
expiry_min = 15              # an approval that is not used by then is void
exercise = false             # true: the players of an exercise decide, and all they decide is marked

[limits]                     # stricter than the shield's own, never looser
way_share = 0.05

[[role]]
id = "chief"
ko = "상황실장"
en = "head of the situation room"
levels = [2, 3]
kinds = ["*"]                # or kinds of action

[[person]]
id = "p1"
ko = "홍길동"
en = "Hong"
roles = ["chief"]
agents = []                  # agents that this person runs, and whose proposals he never approves

[level3]
roles = ["chief", "department"]   # one person of each

[[player]]                   # of an exercise
person = "p1"
role = "chief"
after_min = 3
approves = ["*"]             # kinds of action;   rejects: kinds, or agents
rejects = []
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from twin.errors import InputError, suggest
from twin.model.response.canonical import digest
from twin.shield.levels import KINDS
from twin.shield.limits import Limits

EVERY = "*"
PLAYED = "exercise:"
"""Stands before the person of a decision that a player of an exercise made."""
LONGEST = 24 * 60.0
"""min, that an approval, or the delay of a player, can mean."""


@dataclass(frozen=True, slots=True)
class Role:
    """What persons in a role may approve: levels, and kinds of action ("*": all)."""

    id: str
    ko: str
    en: str
    levels: tuple[int, ...]
    kinds: tuple[str, ...]

    def may(self, level: int, kinds: frozenset[str]) -> bool:
        """Return whether the role reaches a level and all of some kinds."""
        return level in self.levels and (EVERY in self.kinds or kinds <= frozenset(self.kinds))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who decides; `agents` are those he runs himself."""

    id: str
    ko: str
    en: str
    roles: tuple[str, ...]
    agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Player:
    """Who plays a person in an exercise, and decides `after` s from when a proposal was made."""

    person: str
    role: str
    after: float
    approves: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """Persons, roles and rules of approval.

    expiry    s      after which an approval is void
    level3    roles of which one person each has to approve what is of level 3
    exercise  whether players decide
    """

    name: str
    version: str
    expiry: float
    roles: Mapping[str, Role]
    persons: Mapping[str, Person]
    level3: tuple[str, str]
    limits: Limits = field(default_factory=Limits)
    exercise: bool = False
    players: tuple[Player, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 over all of it but the name of its file."""
        return digest(
            {
                "version": self.version,
                "expiry": self.expiry,
                "roles": dict(self.roles),
                "persons": dict(self.persons),
                "level3": self.level3,
                "limits": self.limits.as_dict(),
                "exercise": self.exercise,
                "players": self.players,
            }
        )


T = TypeVar("T", Role, Person)
TOP = ("version", "expiry_min", "exercise", "limits", "role", "person", "level3", "player")


def parse_policy(text: str, name: str, limits: Limits | None = None) -> Policy:
    """Return the policy of a document's text.

    name    of the file, for errors;   limits  that the policy may make stricter

    Raises InputError for what is no TOML, unknown keys, roles or persons that are not there, and looser limits.
    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{name}: {error or 'nested too deep'}") from None
    top = _Table(raw, name, TOP)
    roles = {role.id: role for role in _unique([_role(part) for part in top.tables("role", _ROLE)], name, "role")}
    people = [_person(part, roles) for part in top.tables("person", _PERSON)]
    persons = {person.id: person for person in _unique(people, name, "person")}
    for label in ("ko", "en"):
        names = sorted(getattr(person, label) for person in people if getattr(person, label))
        if len(set(names)) < len(names):
            raise InputError(f"{name}: two persons have one name; one person under two ids could approve twice")
    exercise = top.flag("exercise")
    players = tuple(_player(part, persons) for part in top.tables("player", _PLAYER))
    if players and not exercise:
        raise InputError(f"{name}: it has players and is no exercise; set exercise = true, or take them out")
    given = top.table("limits")
    return Policy(
        name,
        top.text("version"),
        60 * top.number("expiry_min", 0.1, LONGEST, 15.0),
        roles,
        persons,
        _pair(top.table("level3"), roles, name),
        (limits or Limits()).stricter(given, f"{name}: limits"),
        exercise,
        players,
    )


_ROLE = ("id", "ko", "en", "levels", "kinds")
_PERSON = ("id", "ko", "en", "roles", "agents")
_PLAYER = ("person", "role", "after_min", "approves", "rejects")


class _Table:
    """A table of the document whose keys are known; each value is asked for by type."""

    def __init__(self, raw: Mapping[str, object], where: str, names: tuple[str, ...]) -> None:
        self.raw, self.where = raw, where
        for key in raw:
            if key not in names:
                raise InputError(f"{where}: key '{key}' is not known; {suggest(key, names)}")

    def text(self, key: str, *, least: int = 1) -> str:
        value = self.raw.get(key, "")
        if not isinstance(value, str) or not least <= len(value) <= 200:
            raise InputError(f"{self.where}: '{key}' is {value!r:.60}; it must be a text of {least} to 200 characters")
        return value

    def flag(self, key: str) -> bool:
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            raise InputError(f"{self.where}: '{key}' is {value!r:.60}; it must be true or false")
        return value

    def number(self, key: str, least: float, greatest: float, otherwise: float) -> float:
        value = self.raw.get(key, otherwise)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= greatest:
            raise InputError(f"{self.where}: '{key}' is {value!r:.60}; it must be from {least:g} to {greatest:g}")
        return float(value) if math.isfinite(value) else otherwise

    def texts(self, key: str, known: Mapping[str, object] | None = None) -> tuple[str, ...]:
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise InputError(f"{self.where}: '{key}' is {value!r:.60}; it must be a list of texts")
        for entry in value:
            if known is not None and entry not in known:
                raise InputError(f"{self.where}: '{entry}' in '{key}' is not known; {suggest(entry, known)}")
        return tuple(value)

    def table(self, key: str) -> Mapping[str, object]:
        value = self.raw.get(key, {})
        if not isinstance(value, dict):
            raise InputError(f"{self.where}: '{key}' is {value!r:.60}; it must be a table")
        return value

    def tables(self, key: str, names: tuple[str, ...]) -> list[_Table]:
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise InputError(f"{self.where}: '{key}' is {value!r:.60}; write [[{key}]]")
        return [_Table(entry, f"{self.where}: {key}[{n}]", names) for n, entry in enumerate(value)]


def _role(part: _Table) -> Role:
    levels = part.raw.get("levels", [])
    if not isinstance(levels, list) or not levels or not all(type(e) is int and e in (2, 3) for e in levels):
        raise InputError(
            f"{part.where}: 'levels' is {levels!r:.60}; it must be of 2 and 3: the others need nobody here"
        )
    kinds = part.texts("kinds", {**KINDS, EVERY: 0})
    if not kinds:
        raise InputError(f"{part.where}: 'kinds' is missing; name kinds of action, or \"{EVERY}\"")
    return Role(part.text("id"), part.text("ko"), part.text("en"), tuple(levels), kinds)


def _person(part: _Table, roles: Mapping[str, Role]) -> Person:
    has, id_ = part.texts("roles", roles), part.text("id")
    if id_.startswith(PLAYED):
        raise InputError(f"{part.where}: 'id' is {id_!r:.60}; '{PLAYED}' is kept for the players of exercises")
    return Person(id_, part.text("ko", least=0), part.text("en", least=0), has, part.texts("agents"))


def _player(part: _Table, persons: Mapping[str, Person]) -> Player:
    person, role = part.text("person"), part.text("role")
    if person not in persons:
        raise InputError(f"{part.where}: person '{person}' is not known; {suggest(person, persons)}")
    if role not in persons[person].roles:
        raise InputError(f"{part.where}: '{person}' has no role '{role}'; {suggest(role, persons[person].roles)}")
    approves = part.texts("approves", {**KINDS, EVERY: 0})
    after = 60 * part.number("after_min", 0.0, LONGEST, 0.0)
    return Player(person, role, after, approves, part.texts("rejects"))


def _pair(raw: Mapping[str, object], roles: Mapping[str, Role], name: str) -> tuple[str, str]:
    part = _Table(raw, f"{name}: level3", ("roles",))
    pair = part.texts("roles", roles)
    if len(pair) != 2 or pair[0] == pair[1]:
        raise InputError(f"{name}: level3: 'roles' is {list(pair)!r}; it must name two different roles")
    return pair[0], pair[1]


def _unique(parts: list[T], name: str, what: str) -> list[T]:
    ids = [part.id for part in parts]
    twice = sorted(id_ for id_ in set(ids) if ids.count(id_) > 1)
    if twice:
        raise InputError(f"{name}: {what} '{twice[0]}' is given twice")
    return parts
