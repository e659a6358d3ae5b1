"""Hold the register against what there is: no model without an entry, no entry without a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from twin.errors import suggest
from twin.register.entry import KINDS, Entry


def check(entries: Mapping[str, Entry], known: Mapping[str, Iterable[str]]) -> list[str]:
    """Return what is wrong, a sentence each; nothing when all goes together.

    known  kind of entry -> dotted names of the rooms there are; kinds that are not named are not looked at
    """
    return [sentence for kind in KINDS if kind in known for sentence in _of_kind(kind, entries, sorted(known[kind]))]


def _of_kind(kind: str, entries: Mapping[str, Entry], rooms: list[str]) -> Iterator[str]:
    claimed: dict[str, list[str]] = {}
    for id_, entry in entries.items():
        if entry.kind == kind:
            for room in entry.rooms:
                claimed.setdefault(room, []).append(id_)
    for room in rooms:
        ids = claimed.get(room, [])
        if not ids:
            yield (
                f"{kind} {room} has no entry in the register; write assets/register/{room.rpartition('.')[2]}.toml,"
                " like the others there"
            )
        elif len(ids) > 1 and kind != "impact":
            yield f"{kind} {room} stands in several entries: {', '.join(ids)}"
    for room in sorted(set(claimed) - set(rooms)):
        yield f"entry {', '.join(claimed[room])} is of the {kind} {room}, which is not there; {suggest(room, rooms)}"
