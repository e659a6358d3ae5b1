"""Times as people write them, to UTC: all texts of a column at once, grouped by their shape.

A shape is a text with every digit replaced by 0 ("2026-07-01 09:00" -> "0000-00-00 00:00"); a column of a million
times has a handful of shapes, so each is understood once and its digits are read as a matrix.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from twin.errors import InputError, MissingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

#: how a strptime word looks in a shape; groups are named by what they hold
_WORDS = {
    "Y": "(?P<Y>0000)", "m": "(?P<m>00?)", "d": "(?P<d>00?)", "H": "(?P<H>00?)", "I": "(?P<H>00?)", "M": "(?P<M>00?)",
    "S": "(?P<S>00?)", "f": "(?P<f>0{1,9})", "p": "(?P<p>AM|PM|am|pm|오전|오후)", "z": "(?P<z>Z|[+-]00:?00)", "%": "%",
}  # fmt: skip

#: the shapes that are understood without being declared: ISO 8601, its basic form, and Korean ways of writing them
_KNOWN = re.compile(
    r"(?P<Y>0000)(?P<s>-|/|\. ?|년 ?)(?P<m>00?)(?:(?P=s)|월 ?)(?P<d>00?)(?:일|\.)?"
    r"(?:[T ] ?(?:(?P<p>오전|오후) ?)?(?P<H>00?)"
    r"(?:(?::|시 ?)(?P<M>00)(?:(?::|분 ?)(?P<S>00)(?:[.,](?P<f>0{1,9}))?)?(?:분|초)?|시)"
    r"(?: ?(?P<q>AM|PM|am|pm))?)?(?: ?(?P<z>Z|[+-]00(?::?00)?))?"
)
_BASIC = re.compile(r"(?P<Y>0000)(?P<m>00)(?P<d>00)(?:T?(?P<H>00)(?P<M>00)(?P<S>00)?)?(?P<z>Z)?")

_EPOCH = {"0000000000": 1_000_000, "0000000000000": 1_000}
_UNCLEAR = "time '{}' comes twice or not at all in {} (the clock was changed); give its offset"
_MINUTE = 60 * 10**6
_DAY = 86_400 * 10**6


@dataclass(frozen=True, slots=True)
class Times:
    """`utc` (n,) datetime64[us], NaT where it is bad; `reasons` says why, by position."""

    utc: NDArray[np.datetime64]
    reasons: dict[int, str]


def parse(texts: Sequence[str], form: str = "auto", zone: str | None = None) -> Times:
    """Return the instants that `texts` name.

    form  "auto" (ISO 8601 and relatives), "epoch" (s), "epoch_ms", or a strptime pattern of
          %Y %m %d %H %I %M %S %f %p %z
    zone  IANA name of the zone of texts without an offset

    24:00 is the midnight that ends the day. Raises MissingError when a text has no offset and no zone is given.
    """
    index: dict[str, int] = {}
    codes = np.fromiter((index.setdefault(text, len(index)) for text in texts), dtype=np.int64, count=len(texts))
    different = list(index)
    utc = np.full(len(different), np.datetime64("NaT", "us"), dtype="datetime64[us]")
    why: dict[int, str] = {}
    groups: dict[str, list[int]] = {}
    for i, text in enumerate(different):
        groups.setdefault(_shape(text), []).append(i)
    for shape, places in groups.items():
        result = _parse_shape(shape, [different[i] for i in places], form, zone)
        utc[places] = result.utc
        why.update({places[i]: reason for i, reason in result.reasons.items()})
    bad = np.flatnonzero(np.isin(codes, list(why))) if why else ()
    return Times(utc[codes], {int(i): why[int(codes[i])] for i in bad})


def localise(readings: NDArray[np.datetime64], zone: str | None) -> Times:
    """Return the instants at which the clocks of `zone` show `readings` (n,); NaT stays NaT, without a reason."""
    there = ~np.isnat(readings)
    local = np.where(there, readings.astype("datetime64[us]").astype(np.int64), 0)
    utc, unclear = _to_utc(local, _zone(zone, str(readings[0]) if len(readings) else ""))
    reasons = {int(i): _UNCLEAR.format(readings[i], zone) for i in np.flatnonzero(unclear & there)}
    return Times(np.where(there & ~unclear, utc.astype("datetime64[us]"), np.datetime64("NaT", "us")), reasons)


_TO_ZERO = str.maketrans("123456789", "000000000")


def _shape(text: str) -> str:
    return text.translate(_TO_ZERO)


def _parse_shape(shape: str, texts: list[str], form: str, zone: str | None) -> Times:
    """Return the instants of texts that all have one shape."""
    if not shape:
        return _all_bad(texts, "the time is empty")
    if form in ("epoch", "epoch_ms") or (form == "auto" and shape in _EPOCH):
        return _epoch(shape, texts, form)
    layout = (_KNOWN.fullmatch(shape) or _BASIC.fullmatch(shape)) if form == "auto" else _pattern(form).fullmatch(shape)
    if layout is None:
        how = "is written in no known way; declare [time] format" if form == "auto" else f"does not follow '{form}'"
        return _all_bad(texts, f"time '{texts[0]}' {how}")
    held = layout.groupdict()
    digits = np.array(texts, dtype=f"U{len(shape)}").view(np.uint32).reshape(len(texts), len(shape)).astype(
        np.int64
    ) - ord("0")

    def number(name: str, default: int) -> NDArray[np.int64]:
        if held.get(name) is None:
            return np.full(len(texts), default, dtype=np.int64)
        first, end = layout.span(name)
        return digits[:, first:end] @ (10 ** np.arange(end - first - 1, -1, -1))

    year, month, day = number("Y", 1970), number("m", 1), number("d", 1)
    hour, minute, second = number("H", 0), number("M", 0), number("S", 0)
    fraction = number("f", 0) * 10**6 // 10 ** len(held.get("f") or "")
    if half := held.get("p") or held.get("q"):
        bad_half = (hour < 1) | (hour > 12)
        hour = np.where(bad_half, 99, hour % 12 + (12 if half in ("오후", "PM", "pm") else 0))
    ends = (hour == 24) & (minute == 0) & (second == 0) & (fraction == 0)
    fits = (year > 0) & (year < 9999) & (month >= 1) & (month <= 12) & (day >= 1) & ((hour < 24) | ends)
    fits &= (minute < 60) & (second < 60)
    month_start = (np.where(fits, year, 1970) - 1970) * 12 + np.where(fits, month, 1) - 1
    first_day = month_start.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    next_month = (month_start + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    fits &= day <= next_month - first_day
    local = (first_day + day - 1) * _DAY + ((hour * 60 + minute) * 60 + second) * 10**6 + fraction
    reasons = {int(i): _why(texts[i], int(second[i])) for i in np.flatnonzero(~fits)}
    if held.get("z") is not None:
        utc = local - _offset(layout, held["z"], digits)
    else:
        utc, unclear = _to_utc(np.where(fits, local, 0), _zone(zone, texts[0]))
        reasons |= {int(i): _UNCLEAR.format(texts[i], zone) for i in np.flatnonzero(unclear & fits)}
        fits &= ~unclear
    return Times(np.where(fits, utc.astype("datetime64[us]"), np.datetime64("NaT", "us")), reasons)


def _all_bad(texts: list[str], why: str) -> Times:
    return Times(
        np.full(len(texts), np.datetime64("NaT", "us"), dtype="datetime64[us]"), dict.fromkeys(range(len(texts)), why)
    )


def _why(text: str, second: int) -> str:
    return (
        f"time '{text}' has a second 60, which no clock here can hold"
        if second == 60
        else f"time '{text}' does not exist"
    )


def _epoch(shape: str, texts: list[str], form: str) -> Times:
    """Return instants written as seconds or milliseconds since 1970; ten digits may also be a date with an hour."""
    if not re.fullmatch(r"-?0{1,16}", shape):
        return _all_bad(texts, f"time '{texts[0]}' is no number of seconds since 1970")
    scale = {"epoch": 1_000_000, "epoch_ms": 1_000}.get(form) or _EPOCH[shape]
    utc = (np.array(texts, dtype=np.int64) * scale).astype("datetime64[us]")
    reasons = {}
    if form == "auto" and len(shape) == 10:
        for i, text in enumerate(texts):
            if text[:2] in ("19", "20") and "01" <= text[4:6] <= "12":
                utc[i] = np.datetime64("NaT", "us")
                reasons[i] = f"time '{text}' may be a date with an hour or seconds since 1970; declare [time] format"
    return Times(utc, reasons)


@functools.cache
def _pattern(form: str) -> re.Pattern[str]:
    """Return the expression that the shape of a text in strptime pattern `form` fulfils."""
    out, seen = "", set()
    for word, sign in re.findall(r"%(.)|([^%])", form):
        if word and (word not in _WORDS or word in seen):
            raise InputError(
                f"time format '{form}': '%{word}' is not known here or stands twice; "
                "known: %Y %m %d %H %I %M %S %f %p %z"
            )
        seen.add(word)
        out += _WORDS[word] if word else re.escape(_shape(sign))
    if "Y" not in seen:
        raise InputError(f"time format '{form}' has no year (%Y)")
    return re.compile(out)


def _offset(layout: re.Match[str], written: str, digits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the offsets from UTC, in microseconds, that stand in the texts themselves."""
    if written == "Z":
        return np.zeros(len(digits), dtype=np.int64)
    first = layout.start("z")
    hours = digits[:, first + 1] * 10 + digits[:, first + 2]
    minutes = digits[:, -2] * 10 + digits[:, -1] if len(written) > 3 else np.zeros_like(hours)
    sign = -1 if written[0] == "-" else 1
    return np.asarray(sign * (hours * 60 + minutes) * _MINUTE, dtype=np.int64)


def _zone(zone: str | None, example: str) -> ZoneInfo:
    if zone is None:
        raise MissingError(
            f"time '{example}' has no offset and no zone is given; say which, for instance zone = 'Asia/Seoul'"
        )
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InputError(f"zone '{zone}' is not known; write an IANA name, for instance 'Asia/Seoul'") from error


def _to_utc(local: NDArray[np.int64], zone: ZoneInfo) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return UTC microseconds of local ones, and where the zone's clock makes that unclear.

    Days whose offset does not change are converted at once, days with a change of the clock one time at a time.
    """
    from datetime import datetime, timedelta

    days, where = np.unique(local // _DAY, return_inverse=True)
    origin = datetime(1970, 1, 1)  # noqa: DTZ001 (a local clock reading has no zone by nature)

    def offsets(reading: int) -> set[int]:
        moment = (origin + timedelta(microseconds=reading)).replace(tzinfo=zone)
        both = (moment.utcoffset(), moment.replace(fold=1).utcoffset())
        return {int(o / timedelta(microseconds=1)) for o in both if o is not None}

    shift = np.zeros(len(days), dtype=np.int64)
    changes = np.zeros(len(days), dtype=bool)
    for i, day in enumerate(days.tolist()):
        found = offsets(day * _DAY) | offsets((day + 1) * _DAY)
        changes[i] = len(found) > 1
        shift[i] = min(found)
    utc = local - shift[where]
    unclear = np.zeros(len(local), dtype=bool)
    for i in np.flatnonzero(changes[where]).tolist():
        found = offsets(int(local[i]))
        unclear[i] = len(found) > 1
        utc[i] = local[i] - min(found)
    return utc, unclear
