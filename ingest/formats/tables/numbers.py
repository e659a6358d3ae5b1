"""Columns of texts to numbers, strictly: a cell is a plain decimal number, blank, or bad with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

#: numbers that registers write where there is no reading
SENTINELS = (-9999.0, -9999.9, -99999.0, -999.9, -999.0)

#: larger than anything that is measured in a city, in any unit
_LARGEST = 1e30
_NAN = float("nan")
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
#: float() takes more than numbers (1_000, nan, full-width digits), all of it outside these signs
_SIGNS = re.compile(r"[0-9.eE+\- \n]*")


@dataclass(frozen=True, slots=True)
class Numbers:
    """`values` (n,) float64, NaN where there is none; `bad` says why, by position (blank cells are not bad)."""

    values: NDArray[np.float64]
    bad: dict[int, str]


def parse(cells: Sequence[str], decimal: str = ".", thousands: str = "", missing: Collection[str] = ()) -> Numbers:
    """Return the numbers in `cells`.

    decimal, thousands  signs within a number; "1,5" is 1.5 only where decimal = ",", and never 15
    missing             texts that mean "no value"
    """
    n = len(cells)
    if decimal == "." and not thousands and not missing and _SIGNS.fullmatch("\n".join(cells)):
        try:
            values = np.fromiter((float(cell) if cell else _NAN for cell in cells), dtype=np.float64, count=n)
        except ValueError:
            pass
        else:
            odd = np.flatnonzero(np.abs(values) >= _LARGEST).tolist()
            values[odd] = np.nan
            return Numbers(values, {i: _reason(cells[i]) for i in odd})
    form = _form(decimal, thousands)
    values = np.full(n, np.nan)
    bad: dict[int, str] = {}
    for i, cell in enumerate(cells):
        text = cell.strip()
        if not text or text in missing:
            continue
        if form.fullmatch(text) is None:
            bad[i] = _reason(text)
            continue
        number = float(text.replace(thousands, "").replace(decimal, ".") if thousands else text.replace(decimal, "."))
        if abs(number) < _LARGEST:
            values[i] = number
        else:
            bad[i] = _reason(text)
    return Numbers(values, bad)


def _form(decimal: str, thousands: str) -> re.Pattern[str]:
    if decimal == "." and not thousands:
        return _PLAIN
    point = re.escape(decimal)
    whole = rf"(?:[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+|[0-9]+)" if thousands else "[0-9]+"
    return re.compile(rf"[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?")


def _reason(text: str) -> str:
    if "," in text:
        return f"'{text}' is no plain number; say decimal = ',' or thousands = ',' in the declaration"
    if _PLAIN.fullmatch(text.strip()):
        return f"'{text}' is no number that can be measured"
    return f"'{text}' is no plain number"
