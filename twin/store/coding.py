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
    names = sorted(attributes)
    if not names:
        return ["{}"] * len(ids)
    columns = [_plain_column(attributes[name]) for name in names]
    encode = json.JSONEncoder(allow_nan=False, separators=(",", ":"), default=_plain).encode
    rows: list[str] = []
    for id_, values in zip(ids, zip(*columns, strict=True), strict=True):
        row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        try:
            rows.append(encode(row))
        except ValueError:
            rows.append(encode({name: _finite(value, name, id_) for name, value in row.items()}))
        except TypeError as error:
            raise InputError(f"feature '{id_}': an attribute cannot be stored: {error}") from error
    return rows


def decode_rows(rows: Sequence[str]) -> dict[str, list[object]]:
    """Return attribute name -> values (None where a row has none) of JSON texts, names in alphabetical order."""
    decoded: list[dict[str, object]] = [json.loads(row) for row in rows]
    names = sorted(set().union(*decoded)) if decoded else []
    return {name: [row.get(name) for row in decoded] for name in names}


def encode_mapping(mapping: Mapping[str, object]) -> str:
    """Return a mapping as JSON text. Raises InputError for what JSON cannot hold."""
    try:
        return json.dumps(dict(mapping), default=_plain, ensure_ascii=True)
    except TypeError as error:
        raise InputError(f"a value cannot be stored as JSON: {error}") from error


def naive_utc(moment: datetime) -> datetime:
    """Return the moment as the store keeps it: UTC without a zone. Raises UsageError when it has no zone."""
    if moment.tzinfo is None:
        raise UsageError(f"time {moment.isoformat()} has no zone: say which one, as in {moment.isoformat()}+09:00")
    return moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    """Return a stored moment with its zone."""
    return moment.replace(tzinfo=UTC)


def _plain_column(column: Sequence[object]) -> list[object]:
    values: Sequence[object] = column.tolist() if hasattr(column, "tolist") else column
    return [None if type(value) is float and math.isnan(value) else value for value in values]


def _plain(value: object) -> object:
    """Return what JSON can hold instead of `value`: dates as ISO text, arrays as lists, numpy scalars as numbers."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, np.datetime64):
        return str(value)
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"a value of type {type(value).__name__}")


def _finite(value: object, name: str, id_: str) -> object:
    if isinstance(value, float | np.floating):
        if math.isinf(value):
            raise InputError(f"feature '{id_}': attribute '{name}' is infinite; give a number, or none")
        return None if math.isnan(value) else float(value)
    if isinstance(value, dict):
        return {key: _finite(inner, name, id_) for key, inner in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_finite(inner, name, id_) for inner in value]
    return value
