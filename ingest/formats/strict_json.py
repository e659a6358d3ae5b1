"""JSON, read strictly: no NaN, no second key of one name in silence, no nesting without end; and piece by piece."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from json.decoder import scanstring  # type: ignore[attr-defined]  # not in the stubs, stable since 3.0
from pathlib import Path
from typing import Any

import numpy as np

from twin.errors import InputError, RefusedError

#: nesting that no city needs; how deep the decoder itself goes differs between versions of Python
DEEPEST = 200

_BLANK = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')


class Strict(json.JSONDecoder):
    """A decoder that refuses what JSON does not have and remembers what it has but should not.

    repeated  keys that came twice in one object, since the last `take`

    A number too large for a float reads as infinite: who takes a number looks whether it is finite.
    """

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=self._object, parse_constant=_constant)
        self.repeated: list[str] = []

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            self.repeated += sorted({key for key in keys if keys.count(key) > 1})
        return found

    def take(self) -> list[str]:
        """Return and forget what was remembered."""
        found, self.repeated = self.repeated, []
        return found


def _constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


@contextmanager
def reading(where: str, line: int = 1) -> Iterator[None]:
    """Turn what JSON readers complain of into one sentence that names the line.

    line  of the file at which the text starts
    """
    try:
        yield
    except json.JSONDecodeError as error:
        at = line + error.lineno - 1
        raise InputError(f"{where}:{at}: not JSON: {error.msg} (column {error.colno})") from error
    except RecursionError as error:
        raise InputError(f"{where}:{line}: nested too deep to be read") from error
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{where}:{line}: not JSON: {error}") from error


def text_of(path: Path, most: int, advice: str = "cut it into smaller files") -> str:
    """Return the text of a JSON file: UTF-8, or UTF-16 and UTF-32 as the standard tells them apart.

    most    bytes that are read at most
    advice  what to do with a larger file
    Raises RefusedError (too large) and InputError (empty, not text).
    """
    size = path.stat().st_size
    if size > most:
        raise RefusedError(f"{path.name}: {size:,} bytes are more than the {most:,} that are read at once; {advice}")
    data = path.read_bytes()
    if not data.strip():
        raise InputError(f"{path.name}: the file is empty")
    if nesting(data) > DEEPEST and nesting(_STRING.sub(b"", data)) > DEEPEST:
        raise InputError(f"{path.name}: nested too deep to be read: more than {DEEPEST} levels")
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path.name}:{line}: not {error.encoding}: {error.reason} at byte {error.start}") from error


def nesting(data: bytes) -> int:
    """Return the greatest number of brackets and braces that stand open at once, those inside strings counted too."""
    level = most = 0
    for start in range(0, len(data), 1 << 22):
        # "[" and "{", "]" and "}" differ by one bit
        folded = np.frombuffer(data[start : start + (1 << 22)], np.uint8) | 0x20
        signs = folded[(folded == ord("{")) | (folded == ord("}"))]
        if len(signs):
            levels = level + np.cumsum(np.where(signs == ord("{"), 1, -1))
            most, level = max(most, int(levels.max())), int(levels[-1])
    return most


class Cursor:
    """A place in a JSON text, from which one value after the other is taken."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        """Return the next character that is not blank, "" at the end."""
        self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]  # the pattern matches the empty text
        return self.text[self.at : self.at + 1]

    def expect(self, sign: str) -> None:
        """Move behind a sign that must come next."""
        if self.peek() != sign:
            raise json.JSONDecodeError(f"expecting '{sign}'", self.text, self.at)
        self.at += 1

    def value(self, decoder: json.JSONDecoder) -> Any:
        """Return the next value and move behind it."""
        self.peek()
        found, self.at = decoder.raw_decode(self.text, self.at)
        return found

    def members(self) -> Iterator[str]:
        """Yield the keys of the object that comes next; who iterates takes the value of each before the next."""
        self.expect("{")
        if self.peek() == "}":
            self.at += 1
            return
        while True:
            self.expect('"')
            key, self.at = scanstring(self.text, self.at, True)
            self.expect(":")
            yield key
            if self.peek() == ",":
                self.at += 1
                continue
            self.expect("}")
            return
