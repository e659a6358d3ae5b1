"""What an agent proposes, who decides on it, and what is told to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.model.action import Action
from twin.model.response.canonical import digest


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of the message catalogue with the values that stand in its sentence, ids and numbers."""

    code: str
    values: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """What a step asks of a unit.

    unit      kind of unit
    node      of the network, where it is done
    service   s that it takes there
    earliest  s from the start of the run before which it makes no sense
    deadline  s from the start of the run by which it has to be done, to be of use
    weight    what it is worth to be done in time (people at risk, by the agent's own count)
    """

    unit: str
    node: int
    service: float
    earliest: float
    deadline: float
    weight: float


@dataclass(frozen=True, slots=True)
class Award:
    """Which unit does the work of a step, and when; s from the start of the run.

    edges  of the network it drives, in their order
    """

    unit: str
    leaves: float
    arrives: float
    done: float
    edges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a proposal; with `work` it begins when the unit of `award` has done it, else at `action.at`."""

    action: Action
    work: Work | None = None
    award: Award | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one agent wants to do in one cycle, for one reason: it is approved or rejected as a whole.

    agent, version  who
    made, expires   s from the start of the run; after `expires` it can no longer be approved
    level           approval level 0..4, see `twin.shield.levels`; the highest of its steps
    steps           what is done; none: a mere remark (level 0 or 1)
    evidence        ids of readings, reports and outlooks it rests on
    """

    agent: str
    version: str
    made: float
    expires: float
    level: int
    steps: tuple[Step, ...] = ()
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 over everything in it: what an approval is bound to."""
        return digest(self)

    @property
    def id(self) -> str:
        """The first 12 digits of the hash: what people say."""
        return self.hash[:12]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person, or the policy, decided on exactly one proposal.

    proposal  its whole hash
    verdict   approve or reject
    by, role  who, and in which role
    at        s from the start of the run
    reason    in that person's words; must not be empty to override the rule of equity
    override  names of shield rules that a person gives a reason against
    """

    proposal: str
    verdict: str
    by: str
    role: str
    at: float
    reason: str = ""
    override: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the shield did not let a step through.

    rule  name of the rule;   step  number of the step in its proposal, -1: the proposal as a whole
    """

    rule: str
    step: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Effect:
    """What a proposal changes, over the members of an ensemble: with it minus without it.

    measure  name of `MEASURES`;   district  id, "" : the whole city
    median, low, high  of the differences over members; low and high are their 5 and 95 % points
    without  median of the course without it
    members  each difference, in the order of members
    """

    measure: str
    district: str
    median: float
    low: float
    high: float
    without: float
    members: tuple[float, ...] = ()


MEASURES = {
    "person_minutes_water": "person min",
    "person_minutes_fire": "person min",
    "person_minutes_crowd": "person min",
    "damage": "KRW",
    "response_time": "s",
    "lost_access": "person min",
    "cost": "KRW",
    "false_alarm_cost": "KRW",
}
"""What outcomes are measured in -> unit. Less is better for all of them."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The paired simulation behind a proposal.

    proposal   its whole hash;   outlook  id of the forecast it starts from
    members    number of pairs;  seeds    of each member
    horizon    s from `Proposal.made`
    effects    the whole city first, then district by district
    cell       m, of the simulation;   area  west, south, east, north of the window, all 0: no hazard was run anew
    """

    proposal: str
    outlook: str
    members: int
    seeds: tuple[int, ...]
    horizon: float
    effects: tuple[Effect, ...]
    cell: float = 0.0
    area: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Alert:
    """A message to people, in the words of CAP 1.2.

    event            what happens, in words of the catalogue
    urgency          Immediate, Expected, Future, Past, Unknown
    severity         Extreme, Severe, Moderate, Minor, Unknown
    certainty        Observed, Likely, Possible, Unlikely, Unknown
    onset, expires   s from the start of the run
    areas            ids of districts
    """

    event: str
    urgency: str
    severity: str
    certainty: str
    onset: float
    expires: float
    areas: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()
