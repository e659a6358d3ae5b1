"""Nouns of the response out of JSON: exactly what was written, so that their hashes are the same again."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from twin.errors import InputError

T = TypeVar("T")


def restored(kind: type[T], document: object) -> T:
    """Return a frozen dataclass of the response from what canonical JSON made of it.

    Numbers and texts stay as they are (1 is not made 1.0: it would have another hash). Raises InputError when the
    document has other fields.
    """
    if not isinstance(document, Mapping):
        raise InputError(f"a {kind.__name__} is written as an object, not as {document!r:.80}")
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    if sorted(document) != sorted(names):
        raise InputError(f"a {kind.__name__} has the fields {', '.join(names)}; found {', '.join(sorted(document))}")
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], document[name]) for name in names})


def _value(hint: Any, value: object) -> object:
    if isinstance(hint, type) and is_dataclass(hint):
        return restored(hint, value)
    if get_origin(hint) in {Union, types.UnionType} and value is not None:
        nouns = [choice for choice in get_args(hint) if isinstance(choice, type) and is_dataclass(choice)]
        return restored(nouns[0], value) if nouns else value
    if get_origin(hint) is tuple and isinstance(value, list):
        items = get_args(hint)
        each = items[:1] * len(value) if items[-1] is Ellipsis else items
        return tuple(_value(item, entry) for item, entry in zip(each, value, strict=True))
    return value
