"""YAML without its traps: no aliases, no anchors, no tags, no merge keys, no duplicate keys, and text stays text.

Scalars come back as text. One that was written without quotes is a `Plain`, and the schema decides what it is:
`NO`, `0123` and `12:30:45` stay as they were written wherever the schema says text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from twin.errors import InputError, RefusedError

#: no scenario needs more: a document beyond this is an accident or an attack
MAX_NODES = 20_000
MAX_DEPTH = 20

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


class Plain(str):
    """A scalar that stood in the file without quotes: its type is the schema's business."""

    __slots__ = ()


def resolve(value: object) -> object:
    """Return a value with every `Plain` in it as number, truth value, nothing or text (YAML 1.2 core, no octals)."""
    if isinstance(value, dict):
        return {key: resolve(v) for key, v in value.items()}
    if isinstance(value, list):
        return [resolve(v) for v in value]
    if not isinstance(value, Plain):
        return value
    if value in {"", "~", "null"}:
        return None
    if value in {"true", "false"}:
        return value == "true"
    if _INTEGER.fullmatch(value):
        return int(value)
    if _FLOAT.fullmatch(value):
        return float(value)
    return str(value)


def load_yaml(text: str, name: str) -> object:
    """Return the document as dicts, lists and text.

    name  the file, for the errors

    Raises InputError (syntax, aliases, tags, duplicate keys, several documents), RefusedError (too deep, too many).
    """
    import yaml

    try:
        events = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        return _Composer(name, events).document()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise InputError(f"{name}: line {line}: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise InputError(f"{name}: {' '.join(str(error).split())}") from None


class _Composer:
    """Builds plain values from parser events, and refuses what the strict dialect does not have."""

    def __init__(self, name: str, events: Iterator[object]) -> None:
        self.name = name
        self.events = events
        self.nodes = 0

    def document(self) -> object:
        """Return the one document of the stream."""
        import yaml

        value: object = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._wrong(event, "a second document begins; a scenario is one document")
                value = self._node(next(self.events), 1)
        return value

    def _node(self, event: object, depth: int) -> object:
        import yaml

        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise RefusedError(f"{self.name}: more than {MAX_NODES} values or {MAX_DEPTH} levels; refused")
        if isinstance(event, yaml.AliasEvent):
            raise self._wrong(event, f"alias *{event.anchor}; aliases are refused, write the value out")
        assert isinstance(event, yaml.NodeEvent)
        if event.anchor is not None:
            raise self._wrong(event, f"anchor &{event.anchor}; anchors are refused, write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self._wrong(event, f"tag {tag}; tags are refused")
        if isinstance(event, yaml.ScalarEvent):
            return Plain(event.value) if event.implicit[0] else str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
                items.append(self._node(inner, depth + 1))
            return items
        return self._mapping(depth)

    def _mapping(self, depth: int) -> dict[str, object]:
        import yaml

        pairs: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, str):
                raise self._wrong(event, "a key is not text")
            if key == "<<":
                raise self._wrong(event, "merge key '<<'; merge keys are refused, write the values out")
            if key in pairs:
                raise self._wrong(event, f"key '{key}' stands twice")
            pairs[str(key)] = self._node(next(self.events), depth + 1)
        return pairs

    def _wrong(self, event: object, what: str) -> InputError:
        mark = getattr(event, "start_mark", None)
        return InputError(f"{self.name}: line {mark.line + 1 if mark else 0}: {what}")
