"""Write the register for the public: JSON for machines, and one page that needs nothing but itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from twin.errors import InputError, TwinError
from twin.register.entry import Entry, Text
from twin.register.page import page

JSON, HTML = "register.json", "index.html"
FORMAT = "gaon-register-1"
WITHHELD = Text(ko="(이름 비공개)", en="(name withheld)")


@dataclass(frozen=True, slots=True)
class Decided:
    """A line of the public decision log. There is no field for a name: the public learns the role.

    time      aware moment of the decision
    proposal  first digits of its hash;   agent, level  who proposed it, and its approval level
    verdict   approve, reject, or what became of it (expired, refused)
    role      of who decided;   reason, outcome   in both languages
    """

    time: datetime
    run: str
    proposal: str
    agent: str
    level: int
    verdict: str
    role: str
    reason: Text
    outcome: Text


def export(
    folder: Path | str, entries: Mapping[str, Entry], decisions: Sequence[Decided] = (), persons: Sequence[str] = ()
) -> list[Path]:
    """Write `register.json` and `index.html` into a folder and return their paths.

    decisions  the decision log, shown in the order of time
    persons    names and signs of people, which are taken out of every text of the log

    Raises InputError (a time without zone) and TwinError (the folder may not be written).
    """
    for line in decisions:
        if line.time.tzinfo is None:
            raise InputError(f"decision on {line.proposal}: its time {line.time} has no zone")
    names = sorted((name for name in persons if name.strip()), key=lambda name: (-len(name), name))
    log = [_without_names(line, names) for line in sorted(decisions, key=lambda line: (line.time, line.proposal))]
    document = {
        "format": FORMAT,
        "entries": [entry.model_dump(mode="json") for entry in entries.values()],
        "decisions": [_line(line) for line in log],
    }
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        (target / JSON).write_text(text, encoding="utf-8", errors="replace")
        (target / HTML).write_text(page(document), encoding="utf-8", errors="replace")
    except OSError as error:
        raise TwinError(f"{target}: the register cannot be written; choose a folder that may be ({error})") from error
    return [target / JSON, target / HTML]


def _line(line: Decided) -> dict[str, object]:
    return {
        "time": line.time.astimezone(UTC).isoformat(timespec="seconds"), "run": line.run, "proposal": line.proposal,
        "agent": line.agent, "level": line.level, "verdict": line.verdict, "role": line.role,
        "reason": line.reason.model_dump(), "outcome": line.outcome.model_dump(),
    }  # fmt: skip


def _without_names(line: Decided, names: Sequence[str]) -> Decided:
    """Return a line in which no text holds one of `names`; the longest are taken out first."""
    return replace(
        line,
        role=_taken_out(line.role, names, f"{WITHHELD.ko} {WITHHELD.en}"),
        reason=_both(line.reason, names),
        outcome=_both(line.outcome, names),
    )


def _both(text: Text, names: Sequence[str]) -> Text:
    return Text(ko=_taken_out(text.ko, names, WITHHELD.ko), en=_taken_out(text.en, names, WITHHELD.en))


def _taken_out(text: str, names: Sequence[str], instead: str) -> str:
    for name in names:
        text = text.replace(name, instead)
    return text
