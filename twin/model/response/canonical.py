"""One spelling of everything that is hashed: canonical JSON, and SHA-256 over it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

from twin.errors import InputError


def canonical(value: object) -> str:
    """Return `value` as JSON with sorted keys, no blanks and UTF-8 text: same content, same text, on every machine.

    Dataclasses become objects, tuples lists, aware times ISO text in UTC. Raises InputError for what JSON does not
    know: NaN, infinity, sets, naive times.
    """
    try:
        return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise InputError(f"{value!r:.200} cannot be written as canonical JSON: {error}") from error


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits. Raises InputError as above."""
    try:
        return hashlib.sha256(canonical(value).encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise InputError(f"{value!r:.200} holds half a character and cannot be hashed: {error}") from error


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise InputError(f"{value!r:.200}: keys of canonical JSON are texts")
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise InputError(f"{value!r}: a time without zone cannot be hashed")
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    item = getattr(value, "item", None)
    if callable(item):  # a number of numpy
        return item()
    raise InputError(f"{value!r:.200} of {type(value).__name__} cannot be written as canonical JSON")
