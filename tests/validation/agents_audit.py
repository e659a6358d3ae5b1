"""Random edits of a journal, as somebody with the database in hand could make them, and how many `verify` finds.

Edits are made by SQL in a transaction that is taken back; the head stays as it is, outside the database. Half of the
edits of fields are made by somebody who knows the format and hashes the row anew, some of those all rows after it too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tests.measures import Measure
from twin import store
from twin.model.response.proposal import Effect, Reason
from twin.store.chain import row_hash
from twin.store.journal import Actor, Entry, JournalRoom

ROWS = 60
START = datetime(2026, 7, 1, tzinfo=UTC)
KINDS = ("perceive", "propose", "refuse", "decide", "act")
ACTORS = (Actor("agent", "evacuation", "1.0"), Actor("person", "kim", "상황실장"), Actor("system", "shield", "1.0"))

Rng = np.random.Generator
Rows = list[dict[str, Any]]


class TakenBackError(Exception):
    """Ends the transaction of an edit."""


def entries(rng: Rng) -> Iterator[Entry]:
    """Yield entries like those of a response; every 20th says the same as the one before."""
    entry = None
    for n in range(ROWS):
        if entry is None or n % 20:
            entry = Entry(
                KINDS[n % len(KINDS)], ACTORS[n % len(ACTORS)], START + timedelta(seconds=300 * n), f"run{n // 40}",
                {f"reading:{n}": f"{rng.integers(1 << 60):x}"}, "approve" if n % 5 == 3 else "",
                (Reason("water_rises", {"depth": float(rng.random()), "곳": "신방동"}),), "1", "ab" * 32,
                Effect("damage", "", -float(rng.random()), -1.0, 0.0, 1.0, (0.1 + 0.2, -0.0)), (), {"n": n, "none": None},
            )  # fmt: skip
        yield entry


def changed(value: Any, rng: Rng) -> Any:
    """Return something else of the same type, as near to `value` as can be as often as not."""
    if isinstance(value, int):
        return value + int(rng.choice([-1000, -1, 1, 1000]))
    if isinstance(value, datetime):
        return value + timedelta(microseconds=int(rng.choice([-1, 1, 60_000_000, 86_400_000_000])))
    at = int(rng.integers(len(value) + 1))
    cut = value[:at] + value[at + 1 :]
    put = value[:at] + str(rng.choice(list(" 0aㄱ"))) + value[at:]
    return cut if rng.random() < 0.4 and cut != value else put


def edit_field(rows: Rows, rng: Rng) -> None:
    row = rows[rng.integers(len(rows))]
    column = sorted(row)[rng.integers(len(row))]
    row[column] = changed(row[column], rng)


def edit_and_hash(rows: Rows, rng: Rng) -> None:
    at = int(rng.integers(len(rows)))
    column = sorted(set(rows[at]) - {"row_hash"})[rng.integers(len(rows[at]) - 1)]
    rows[at][column] = changed(rows[at][column], rng)
    rows[at]["row_hash"] = row_hash(rows[at])
    if rng.random() < 0.5:
        chain(rows, at + 1)


def delete(rows: Rows, rng: Rng) -> None:
    at = int(rng.integers(len(rows) - 1))
    many = int(rng.integers(1, len(rows) - at))
    del rows[at : at + many]
    if rng.random() < 0.5:
        chain(rows, at)


def truncate(rows: Rows, rng: Rng) -> None:
    del rows[-int(rng.integers(1, len(rows) + 1)) :]


def swap(rows: Rows, rng: Rng) -> None:
    one, other = (int(n) for n in rng.choice(len(rows), 2, replace=False))
    what = rng.random()
    if what < 0.4:  # the numbers only
        rows[one]["number"], rows[other]["number"] = rows[other]["number"], rows[one]["number"]
        return
    rows[one], rows[other] = rows[other], rows[one]  # all that was said, each in the other's place
    for at in (one, other):
        rows[at]["number"] = at + 1
    if what < 0.7:
        chain(rows, min(one, other))


def insert(rows: Rows, rng: Rng) -> None:
    at = int(rng.integers(len(rows) + 1))
    rows.insert(at, {**rows[rng.integers(len(rows))]})
    if rng.random() < 0.5:
        chain(rows, at)


def chain(rows: Rows, start: int) -> None:
    """Make numbers, links and hashes right again from row `start` on, as a forger would."""
    for at in range(start, len(rows)):
        rows[at]["number"] = at + 1
        rows[at]["prev_hash"] = rows[at - 1]["row_hash"] if at else "0" * 64
        rows[at]["row_hash"] = row_hash(rows[at])


EDITS: tuple[Callable[[Rows, Rng], None], ...] = (edit_field, edit_and_hash, delete, truncate, swap, insert)


def found(city: store.City, journal: JournalRoom, edit: Callable[[Rows, Rng], None], rng: Rng) -> bool:
    """Return whether `verify` finds one edit. Raises AssertionError when the edit changed nothing."""
    try:
        with city.database.transaction() as cursor:
            columns = [name for (name, *_) in cursor.execute("DESCRIBE journal").fetchall()]
            stored = cursor.execute("SELECT * FROM journal ORDER BY number").fetchall()
            rows = [dict(zip(columns, values, strict=True)) for values in stored]
            edit(rows, rng)
            after = [tuple(row[name] for name in columns) for row in rows]
            assert sorted(after, key=str) != sorted(stored, key=str), f"{edit.__name__} changed nothing"
            for gone in set(stored) - set(after):
                cursor.execute("DELETE FROM journal WHERE row_hash = ?", [gone[columns.index("row_hash")]])
            for come in (row for n, row in enumerate(after) if row not in stored or row in after[:n]):
                cursor.execute(f"INSERT INTO journal VALUES ({', '.join('?' * len(columns))})", come)
            assert sorted(cursor.execute("SELECT * FROM journal").fetchall(), key=str) == sorted(after, key=str)
            seen = not journal.verify().intact
            raise TakenBackError
    except TakenBackError:
        return seen


def measure(short: bool) -> Iterator[Measure]:
    """Yield how many random edits were tried, and how many of them `verify` found."""
    rng = np.random.default_rng(11)
    tried = 60 if short else 1000
    with tempfile.TemporaryDirectory() as folder, store.create(Path(folder) / "c.twin", "EPSG:5186") as city:
        journal = city.journal
        for entry in entries(rng):
            journal.append(entry)
        assert journal.verify().intact, "an untouched journal is found wanting"
        count = sum(found(city, journal, EDITS[n % len(EDITS)], rng) for n in range(tried))
        assert journal.verify().intact, "an edit was not taken back"
    yield Measure("agents.audit.edits_tried", tried, "", f">= {tried}")
    yield Measure("agents.audit.edits_found", count, "", f">= {tried}")
