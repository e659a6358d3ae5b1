"""What a file's own columns are in the words of the twin: names, units, unknown values, vocabularies.

A column keeps its own name unless it is one of those below. A value that cannot be what its column says becomes
unknown and is quarantined as a part of its record; nothing else of the record is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from ingest.formats.words import STRUCTURES, UNITS, USES, WORDS
from twin.model.finding import Finding, Quarantined
from twin.names import ATTRIBUTES

#: name in the twin -> smallest and largest value that can be meant (units of `names.ATTRIBUTES`)
RANGES = {
    "height": (0.0, 1000.0), "ground": (-500.0, 9000.0), "storeys": (0, 200), "basements": (0, 30),
    "first_floor": (-10.0, 30.0), "year": (1, 2200), "floor_area": (0.0, 1e8), "residents": (0.0, 1e8),
    "capacity": (0.0, 1e7), "width": (0.0, 5000.0), "lanes": (0, 50), "level": (-500.0, 9000.0),
    "depth": (0.0, 1000.0), "rate": (0.0, 1e5), "fuel_model": (0, 300), "roughness": (0.0, 1.0),
    "diameter": (0.0, 20.0), "level_up": (-500.0, 9000.0), "level_down": (-500.0, 9000.0), "inlet_area": (0.0, 100.0),
}  # fmt: skip

#: numbers that registers write where they know nothing; only counted as such outside a column's range
SENTINELS = {-1.0, -99.0, -999.0, -9998.0, -9999.0, -99999.0, -32768.0, 9999.0}

_KNOWN = {word: attribute for attribute, words in WORDS.items() for word in words}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_INFINITE = float("inf")
_TRUE = {"true", "t", "y", "yes", "1", "예", "유", "있음"}
_FALSE = {"false", "f", "n", "no", "0", "아니오", "무", "없음"}


def attribute_of(column: str) -> str | None:
    """Return the name in the twin for a file's column, None when it is the file's own.

    >>> attribute_of("Measured_Height")
    'height'
    """
    return _KNOWN.get(_plain_name(column))


def unit_of(column: str) -> tuple[str, float] | None:
    """Return the unit of a known column and what makes the twin's of it, None where it is the twin's own.

    >>> unit_of("관경")
    ('mm', 0.001)
    """
    return UNITS.get(_plain_name(column))


def _plain_name(column: str) -> str:
    return re.sub(r"[\s_\-]", "", column).lower()


class Columns:
    """The columns of one layer, batch after batch; remembers what is to be said about them at the end.

    texts  whether the format writes numbers as text, so that there is nothing to be said about it
    """

    def __init__(self, where: str, *, texts: bool = False) -> None:
        self.where, self.texts = where, texts
        self.quarantined: list[Quarantined] = []
        self._renamed: dict[str, str] = {}
        self._unknown: Counter[tuple[str, float]] = Counter()
        self._words: dict[str, Counter[str]] = {"use": Counter(), "structure": Counter()}
        self._read_as_number: Counter[str] = Counter()
        self._left: dict[str, str] = {}

    def tidy(
        self, columns: Mapping[str, Sequence[object]], ids: Sequence[str], lines: Sequence[int]
    ) -> dict[str, list[object]]:
        """Return the attributes of a batch of n records: known columns in the twin's words, the others as they are.

        columns  column name -> n values of the file
        ids, lines  of the n records, for what is quarantined
        """
        out: dict[str, list[object]] = {}
        own = {name for name in columns if attribute_of(name) is None}
        for name, values in columns.items():
            if all(v is None for v in values):
                continue
            attribute = attribute_of(name)
            if attribute is None or attribute in out:
                out[self._free(name, out, own)] = self._own(name, values, ids, lines)
                continue
            tidied = self._known(name, attribute, values, ids, lines)
            if tidied is None:
                out[self._free(f"file_{name}" if name in ATTRIBUTES else name, out, own)] = self._own(
                    name, values, ids, lines
                )
                continue
            out[attribute] = tidied
            if name != attribute:
                unit = unit_of(name)
                self._renamed[f"{name} ({unit[0]})" if unit else name] = attribute
            if attribute in self._words and any(v != t for v, t in zip(values, tidied, strict=True)):
                out[self._free(f"file_{name}" if name in ATTRIBUTES else name, out, own)] = self._own(
                    name, values, ids, lines
                )
        return out

    def _own(self, name: str, values: Sequence[object], ids: Sequence[str], lines: Sequence[int]) -> list[object]:
        """Return values of a column that is the file's own, without those that no database holds."""
        for i, value in enumerate(values):
            if value.__class__ is float and value in (_INFINITE, -_INFINITE):
                self.quarantined.append(
                    Quarantined(
                        int(lines[i]), f"{name} is not a finite number", f"{name} = {value!r}", ids[i], part=True
                    )
                )
        return [_plain(v) for v in values]

    def findings(self) -> list[Finding]:
        """Return what is to be said about all batches so far."""
        said = []
        if self._renamed:
            pairs = ", ".join(f"{a} = {b}" for a, b in self._renamed.items())
            said.append(
                Finding("info", "columns", f"{self.where}: columns taken as known attributes: {pairs}", self.where)
            )
        for (column, value), n in self._unknown.items():
            said.append(
                Finding("info", "unknown-value", f"{self.where}: {column} = {value:g} means unknown in {n} records")
            )
        for column, n in self._read_as_number.items():
            said.append(
                Finding("info", "text-number", f"{self.where}: {column} is text; {n} values were read as numbers")
            )
        for column, why in self._left.items():
            said.append(Finding("warning", "column", f"{self.where}: column '{column}' {why}", self.where))
        for attribute, words in self._words.items():
            if words:
                some = ", ".join(f"'{w}' ({n})" for w, n in words.most_common(5))
                said.append(
                    Finding("info", "word", f"{self.where}: {attribute} is other for the words {some}", self.where)
                )
        return said

    def _known(
        self, name: str, attribute: str, values: Sequence[object], ids: Sequence[str], lines: Sequence[int]
    ) -> list[object] | None:
        """Return the values of a known attribute, None when the column does not hold what its name says."""
        kind = ATTRIBUTES[attribute].type
        if attribute in self._words:
            return self._vocabulary(attribute, values)
        if kind == "text":
            return [_text(v) for v in values]
        if kind == "boolean":
            found: list[object] = [_boolean(v) for v in values]
            reasons: dict[int, str] = {i: "is neither yes nor no" for i, f in enumerate(found) if f is None}
            return self._checked(name, values, found, reasons, ids, lines)
        low, high = RANGES[attribute]
        unit = unit_of(name)
        numbers: list[object] = []
        reasons = {}
        texts = 0
        for i, value in enumerate(values):
            number: float | None = None
            if isinstance(value, int | float) and not isinstance(value, bool):
                number = value
            elif isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
                number = float(value)
                texts += 1
            elif value is not None and value != "":
                reasons[i] = "is not a number"
            if unit is not None and number is not None and number not in SENTINELS:
                number = round(number * unit[1], 12)
            if number is None or number != number:  # noqa: PLR0124  only NaN differs from itself
                numbers.append(None)
            elif low <= number <= high:
                numbers.append(round(number) if kind == "integer" and float(number).is_integer() else number)
            else:
                numbers.append(None)
                if number in SENTINELS:
                    self._unknown[name, float(number)] += 1
                else:
                    reasons[i] = f"is outside {low:g} to {high:g} {ATTRIBUTES[attribute].unit}"
            if kind == "integer" and isinstance(numbers[-1], float):
                numbers[-1] = None
                reasons[i] = "is not a whole number"
        self._read_as_number.update({name: texts} if texts and not self.texts else {})
        return self._checked(name, values, numbers, reasons, ids, lines)

    def _checked(
        self,
        name: str,
        values: Sequence[object],
        found: list[object],
        reasons: Mapping[int, str],
        ids: Sequence[str],
        lines: Sequence[int],
    ) -> list[object] | None:
        """Return `found` with its faults quarantined, or None when most values are faults: another thing is meant."""
        bad = {i: why for i, why in reasons.items() if values[i] is not None and values[i] != ""}
        good = sum(v is not None for v in found)
        if len(bad) > good and len(bad) > 1:
            self._left[name] = f"does not hold {ATTRIBUTES[attribute_of(name) or name].en}: kept as the file's own"
            return None
        for i, why in bad.items():
            self.quarantined.append(
                Quarantined(int(lines[i]), f"{name} {why}", f"{name} = {values[i]!r}"[:10_000], ids[i], part=True)
            )
        return found

    def _vocabulary(self, attribute: str, values: Sequence[object]) -> list[object] | None:
        table = USES if attribute == "use" else STRUCTURES
        known: dict[str | None, str | None] = {}
        for text in set(map(_text, values)):
            word = (text or "").strip().lower()
            known[text] = next((to for to, pattern in table if re.search(pattern, word)), "other") if word else None
        if known and all(v is None or re.fullmatch(r"[\d\s.\-]*", str(v)) for v in known):
            return None  # codes of a list that the file does not bring along
        out: list[object] = []
        for value in values:
            text = _text(value)
            out.append(known[text])
            if known[text] == "other" and text not in ("other", "기타"):
                self._words[attribute][str(text)] += 1
        return out

    @staticmethod
    def _free(name: str, taken: Mapping[str, object], own: set[str]) -> str:
        """Return `name`, or with a number where an attribute of the twin or another column has it already."""
        n, free = 2, name
        while free in taken or (free in ATTRIBUTES and name not in own and free != name):
            free = f"{name}_{n}"
            n += 1
        return free


def _plain(value: object) -> object:
    """Return a value that a database can hold: NaN is unknown, dates are ISO 8601, text can be encoded."""
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124  NaN test
    if value is None or isinstance(value, str | int):
        return value
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, bytes):
        return value.hex()
    return value


def _text(value: object) -> str | None:
    """Return a value as text; whole floats without their point, because ids come as floats from some tables."""
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else None if value != value else str(value)  # noqa: PLR0124  NaN test
    return str(_plain(value))


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower().removesuffix(".0")
    return True if word in _TRUE else False if word in _FALSE else None
