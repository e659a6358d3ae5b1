"""XML elements with text made safe: whatever a text holds, it stays text, and the document reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

#: what XML 1.0 does not allow in a document, not even escaped; turns of the direction of writing are allowed there,
#: but can make a text read as another one, and no message needs them
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Element:
    """An element with children, or with text."""

    name: str
    inside: tuple[Element, ...] | str


def element(name: str, *inside: Element | None) -> Element:
    """Return an element with the children that are not None."""
    return Element(name, tuple(child for child in inside if child is not None))


def text(name: str, value: str) -> Element:
    """Return an element with text; what XML cannot hold is replaced by U+FFFD."""
    return Element(name, _FORBIDDEN.sub("\ufffd", value).strip())


def optional(name: str, value: str) -> Element | None:
    """Return an element with text, None when there is none."""
    return text(name, value) if value.strip() else None


def written(root: Element, namespace: str) -> bytes:
    """Return a document in UTF-8, indented by two blanks."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', *_lines(root, 0, f' xmlns="{escape(namespace)}"')]
    return ("\n".join(lines) + "\n").encode()


def _lines(one: Element, depth: int, attributes: str = "") -> Iterator[str]:
    pad = "  " * depth
    if isinstance(one.inside, str):
        yield f"{pad}<{one.name}{attributes}>{escape(one.inside)}</{one.name}>"
        return
    yield f"{pad}<{one.name}{attributes}>"
    yield from _all(one.inside, depth + 1)
    yield f"{pad}</{one.name}>"


def _all(children: Iterable[Element], depth: int) -> Iterator[str]:
    for child in children:
        yield from _lines(child, depth)
