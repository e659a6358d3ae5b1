"""What DuckDB and Arrow cannot hold as it is: lone surrogates in text, and attributes of any name and type.

NUL, control characters and script text pass through both unchanged. A lone surrogate (from JSON, or from a file
name that is not UTF-8) has no UTF-8 form: such a text is kept behind a mark in JSON's own escapes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time

import numpy as np

from twin.errors import InputError, UsageError

MARK = "\x1b\\"

#: rows whose attributes are decoded at one go: as dictionaries they take several times the memory of columns
SLICE = 20_000


def pack(text: str) -> str:
    """Return a text that can be stored, from which `unpack` gives back exactly `text`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return MARK + json.dumps(text)
    return MARK + json.dumps(text) if text.startswith(MARK) else text


def unpack(text: str) -> str:
    """Return what was given to `pack`."""
    return str(json.loads(text.removeprefix(MARK))) if text.startswith(MARK) else text


def pack_all(texts: Sequence[str]) -> Sequence[str]:
    """Return `pack` of each; one look at all of them when there is nothing to do."""
    joined = "\n".join(texts)
    try:
        joined.encode()
    except UnicodeEncodeError:
        return [pack(text) for text in texts]
    return [pack(text) for text in texts] if MARK in joined else texts


def encode_rows(attributes: Mapping[str, Sequence[object]], ids: Sequence[str]) -> list[str]:
    """Return each row's attributes as JSON text in plain ASCII, names in order, unknown values (None, NaN) left out.

    Raises InputError for a value that JSON cannot hold (infinity, bytes, an object), naming feature and attribute.
    """
    if not attributes:
        return ["{}"] * len(ids)
    columns = [_encode_column(name, attributes[name], ids) for name in sorted(attributes)]
    return ["{" + ",".join([pair for pair in row if pair]) + "}" for row in zip(*columns, strict=True)]


def _encode_column(name: str, column: Sequence[object], ids: Sequence[str]) -> list[str]:
    """Return '"name":value' of each value, "" where it is unknown. The usual types are written without detours."""
    encode = json.JSONEncoder(allow_nan=False, separators=(",", ":"), default=_plain).encode
    head = encode(name) + ":"
    values: Sequence[object] = column.tolist() if hasattr(column, "tolist") else column
    pairs: list[str] = []
    for position, value in enumerate(values):
        if value is None:
            pairs.append("")
        elif type(value) is str:
            pairs.append(head + encode(value))
        elif type(value) is int or (type(value) is float and math.isfinite(value)):
            pairs.append(head + repr(value))
        else:
            try:
                known = _finite(value)
                pairs.append("" if known is None else head + encode(known))
            except (TypeError, ValueError) as error:
                raise InputError(f"feature '{ids[position]}': attribute '{name}' cannot be stored: {error}") from error
    return pairs


def decode_rows(rows: Sequence[str]) -> dict[str, list[object]]:
    """Return attribute name -> values (None where a row has none) of JSON texts, names in alphabetical order."""
    columns: dict[str, list[object]] = {}
    for start in range(0, len(rows), SLICE):
        decoded: list[dict[str, object]] = json.loads(f"[{','.join(rows[start : start + SLICE])}]")
        for name in set().union(*decoded) - columns.keys():
            columns[name] = [None] * start
        for name, column in columns.items():
            column.extend([row.get(name) for row in decoded])
    return {name: columns[name] for name in sorted(columns)}


def encode_mapping(mapping: Mapping[str, object]) -> str:
    """Return a mapping as JSON text, NaN as null. Raises InputError for what JSON cannot hold."""
    try:
        return json.dumps(_finite(dict(mapping)), default=_plain, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"a value cannot be stored: {error}") from error


def naive_utc(moment: datetime) -> datetime:
    """Return the moment as the store keeps it: UTC without a zone. Raises UsageError when it has no zone."""
    if moment.tzinfo is None:
        raise UsageError(f"time {moment.isoformat()} has no zone: say which one, as in {moment.isoformat()}+09:00")
    return moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    """Return a stored moment with its zone."""
    return moment.replace(tzinfo=UTC)


def _plain(value: object) -> object:
    """Return what JSON can hold instead of `value`: dates as ISO text."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(f"JSON has no form for a value of type {type(value).__name__}")


def _finite(value: object) -> object:
    """Return a value with every NaN in it as None. Raises ValueError for an infinite number."""
    if isinstance(value, np.generic | np.ndarray):
        return _finite(value.tolist())
    if isinstance(value, float):
        if math.isinf(value):
            raise ValueError("it is infinite; give a number, or none")
        return None if math.isnan(value) else value
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value
