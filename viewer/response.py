"""How agents answered a run: what they proposed, what became of it, who may decide; from the twin's own records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from twin import runs
from twin.errors import InputError, TwinError
from twin.model.response.proposal import Reason
from twin.notices.words import known, say
from twin.runs.response.public import STATES
from twin.runs.response.respond import RESPONSE, read_policy
from twin.settings import data_folder
from twin.shield.levels import level_of_proposal
from viewer.memo import remember
from viewer.plain import SENTENCE, plain
from viewer.words import index, known_label
from viewer.words import say as tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin.model.response.proposal import Proposal
    from twin.runs.response.decide import Listed
    from twin.shield.policy import Policy
    from twin.store import City

#: state of a proposal -> the sign before its word, in the order in which they are listed
ICONS = {
    "open": "◐",
    "approved": "✓",
    "rejected": "×",
    "refused": "⊘",
    "unsafe": "△",
    "expired": "◇",
    "dry_run": "▷",
    "recorded_only": "▤",
    "undecided": "○",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What the shield kept back: in which cycle, whose, which rules, with how many steps each; `id` as it came."""

    id: str
    cycle: int
    agent: str
    rules: tuple[tuple[Reason, int], ...]


def answered(city: City, run: str) -> bool:
    """Return whether agents took part in a run."""
    return bool(run) and (city.runs.folder(run) / RESPONSE).is_file()


def version(city: City, run: str) -> str:
    """Return what changes whenever a response does: it goes on when persons have decided, without new data."""
    written = (city.runs.folder(run) / RESPONSE).stat().st_mtime_ns
    return f"{written:x}-{len(city.board.read('approval', run))}"


def told(city: City, run: str) -> dict[str, Any]:
    """Return the record of a response. Raises InputError for one that cannot be read."""
    return _told(city, run, version(city, run))


@remember(size=4)
def _told(city: City, run: str, version: str) -> dict[str, Any]:
    del version
    try:
        return runs.response_of(city, run)
    except ValueError as error:
        raise InputError(f"run {run}: its {RESPONSE} cannot be read: {error}; run it again") from error


def listed(city: City, run: str) -> tuple[Listed, ...]:
    """Return the proposals of a run in the order they were made."""
    return _listed(city, run, version(city, run))


@remember(size=4)
def _listed(city: City, run: str, version: str) -> tuple[Listed, ...]:
    del version
    return tuple(runs.proposals(city, run))


def state_of(city: City, run: str, one: Listed) -> str:
    """Return the state of a proposal, one of `ICONS`; what nobody decided before the run ended is `undecided`."""
    if one.state == "open" and told(city, run)["waits_at"] is None:
        return "undecided"
    return one.state


def state_name(state: str, language: str) -> str:
    """Return the sign and the word of a state."""
    word = STATES[state][index(language)] if state in STATES else known_label("state", state, language)
    return f"{ICONS.get(state, '·')} {word}"


def kept_back(city: City, run: str) -> tuple[Kept, ...]:
    """Return what the shield kept back in a run, in whole or in part, in the order in which it happened."""
    return _kept_back(city, run, version(city, run))


@remember(size=4)
def _kept_back(city: City, run: str, version: str) -> tuple[Kept, ...]:
    del version
    found = []
    for row in city.journal.read(run=run, kinds=("refusal",)):
        content: Any = row.entry.content
        what = content["what"]
        if "refusals" not in what:  # a step that the hazard did not take: it names no agent
            continue
        counts: dict[str, tuple[Reason, int]] = {}
        for one in what["refusals"]:
            reason = Reason(one["reason"]["code"], one["reason"]["values"])
            counts[reason.code] = (reason, counts.get(reason.code, (reason, 0))[1] + 1)
        found.append(Kept(str(content["id"]), int(content["cycle"]), str(what["agent"]), tuple(counts.values())))
    return tuple(found)


def cut_off(city: City, run: str) -> list[tuple[int, str, Reason]]:
    """Return cycle, agent and complaint of each time an agent was not heard."""
    found = []
    for row in city.journal.read(run=run, kinds=("cut_off",)):
        content: Any = row.entry.content
        what = content["what"]
        found.append((int(content["cycle"]), str(content["id"]), Reason(what["code"], what["values"])))
    return found


@lru_cache(maxsize=32)
def _policy(digest: str) -> Policy | None:
    for file in sorted((data_folder("assets") / "policies").glob("*.toml")):
        try:
            found = read_policy(file)
        except TwinError:  # another one may be right
            continue
        if found is not None and found.hash == digest:
            return found
    return None


def policy_of(city: City, run: str) -> Policy | None:
    """Return the policy of a run where it is one of the project's own; None: it is not at hand, or there was none."""
    rules = told(city, run)["policy"]
    return None if rules is None else _policy(str(rules["hash"]))


def role_name(city: City, run: str, role: str, language: str) -> str:
    """Return what people call a role; its id where the policy is not at hand."""
    policy = policy_of(city, run)
    found = None if policy is None else policy.roles.get(role)
    return plain(role if found is None else (found.ko, found.en)[index(language)])


def roles_for(city: City, run: str, proposal: Proposal) -> tuple[str, ...]:
    """Return ids of the roles whose approval a proposal needs: of level 3 each, of level 2 one; none where unknown."""
    policy, level = policy_of(city, run), level_of_proposal(proposal)
    if policy is None or level not in (2, 3):
        return ()
    if level == 3:
        return policy.level3
    kinds = frozenset(step.action.kind for step in proposal.steps)
    return tuple(sorted(role.id for role in policy.roles.values() if role.may(level, kinds)))


@lru_cache(maxsize=1)
def _registered() -> dict[str, tuple[str, str]]:
    from twin.register import load

    return {id_: (entry.name.ko, entry.name.en) for id_, entry in load().items() if entry.kind == "agent"}


def agent_name(agent: str, language: str) -> str:
    """Return what the register calls an agent; its own name where it has no entry."""
    found = _registered().get(agent)
    return plain(agent) if found is None else plain(found[index(language)])


def sentence(reason: Reason, language: str, names: Mapping[str, str]) -> str:
    """Return the sentence of a reason as plain text; one that the catalogue cannot say is told by its code."""
    if known(reason.code):
        try:
            return plain(say(reason, language, names), SENTENCE)
        except InputError:  # an agent of somebody else left out a value of the sentence
            pass
    return tell("reason_unknown", language, code=plain(reason.code))


def command(*parts: object) -> str:
    """Return a command line that a shell takes as it stands."""
    import shlex

    return " ".join(shlex.quote(str(part)) for part in parts)
