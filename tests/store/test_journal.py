from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.kit import CRS
from twin import store
from twin.errors import InputError, TwinError, UsageError
from twin.model.response.proposal import Effect, Reason
from twin.store import pins
from twin.store.chain import GENESIS, LISTED, row_hash
from twin.store.journal import Actor, Entry, JournalRoom

START = datetime(2026, 7, 1, 14, 5, tzinfo=UTC)
AGENT = Actor("agent", "evacuation", "1.0")


class Clock:
    """A clock that stands still until somebody sets it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(city: store.City, clock: Clock) -> Iterator[JournalRoom]:
    yield JournalRoom(city.database, clock)


def entry(n: int = 0, **more: object) -> Entry:
    return Entry("propose", AGENT, START + timedelta(seconds=n), "run1", content={"n": n}, **more)


def sql(city: store.City, *statements: str) -> None:
    with city.database.transaction() as cursor:
        for statement in statements:
            cursor.execute(statement)


def codes(journal: JournalRoom, head: str | None = None) -> set[str]:
    verdict = journal.verify(head)
    assert verdict.intact == (not verdict.flaws)
    return {flaw.code for flaw in verdict.flaws}


def test_a_row_holds_what_was_appended_and_follows_the_row_before(journal: JournalRoom) -> None:
    effect = Effect("damage", "", -1.5, -2.0, 0.0, 10.0, (-1.0, -2.0))
    full = Entry(
        "decide", Actor("person", "kim", "duty officer"), START, "run1", {"reading:1": "ab"}, "approve",
        (Reason("deep_water", {"depth": 0.5}),), "policy 2", "cd", effect, ({"by": "kim"},), {"빈": None, "π": 0.1 + 0.2},
    )  # fmt: skip
    first, second = journal.append(entry(1), full)
    assert (first.number, first.prev_hash, second.number, second.prev_hash) == (1, GENESIS, 2, first.row_hash)
    assert journal.read() == [first, second]
    read = journal.read()[1].entry
    assert read.actor == full.actor
    assert read.inputs == {"reading:1": "ab"}
    assert read.reasons == [{"code": "deep_water", "values": {"depth": 0.5}}]
    assert read.effect["members"] == [-1.0, -2.0]
    assert read.content == {"빈": None, "π": 0.1 + 0.2}
    assert read.event == START
    assert (read.policy, read.policy_hash, read.decision, read.approvals) == (
        "policy 2",
        "cd",
        "approve",
        [{"by": "kim"}],
    )


def test_read_by_run_kind_and_number(journal: JournalRoom) -> None:
    journal.append(entry(1), dataclasses.replace(entry(2), run="run2"), dataclasses.replace(entry(3), kind="decide"))
    assert [row.number for row in journal.read(run="run1")] == [1, 3]
    assert [row.number for row in journal.read(kinds=["propose"])] == [1, 2]
    assert [row.number for row in journal.read(kinds=[])] == []
    assert [row.number for row in journal.read(run="run1", after=1)] == [3]
    assert journal.append() == []


@pytest.mark.parametrize("content", [np.nan, float("inf"), {1: 2}, datetime(2026, 1, 1), {"a"}])
def test_what_canonical_json_does_not_hold_is_refused_and_leaves_nothing(journal: JournalRoom, content: object) -> None:
    with pytest.raises(InputError):
        journal.append(entry(1), Entry("propose", AGENT, content=content))
    assert journal.read() == []
    assert journal.verify().intact


def test_unknown_actors_and_the_kind_of_the_journal_itself_are_refused(journal: JournalRoom) -> None:
    with pytest.raises(UsageError, match="Did you mean 'agent'"):
        journal.append(Entry("propose", Actor("agnt", "x")))
    with pytest.raises(UsageError, match="by the journal itself"):
        journal.append(Entry("break", AGENT))
    with pytest.raises(UsageError, match="no zone"):
        journal.append(Entry("propose", AGENT, datetime(2026, 1, 1)))


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)


def test_no_false_alarm_on_an_untouched_journal_whatever_is_in_it(tmp_path: Path) -> None:
    with store.create(tmp_path / "c.twin", CRS) as city:

        @given(plain, st.text(st.characters()), st.datetimes(timezones=st.just(UTC)))
        def hold(content: object, text: str, event: datetime) -> None:
            row = city.journal.append(
                Entry(text if text != "break" else "", Actor("exercise", text, text), event, text, {text: text}, text, [text],
                      text, text, content, [content], content)
            )[0]  # fmt: skip
            assert city.journal.read(after=row.number - 1) == [row]
            assert row.entry.content == content
            assert row.entry.run == text

        hold()
        verdict = city.journal.verify()
        assert verdict.flaws == ()
        assert verdict.rows > 10
    with store.open_city(tmp_path / "c.twin") as city:
        assert city.journal.verify(verdict.hash) == verdict


def test_an_empty_journal_is_intact(journal: JournalRoom) -> None:
    verdict = journal.verify()
    assert (verdict.intact, verdict.rows, verdict.number, verdict.hash) == (True, 0, 0, GENESIS)


def test_the_course_of_a_run_does_not_hang_on_when_and_after_what_it_was_recorded(
    journal: JournalRoom, clock: Clock
) -> None:
    journal.append(entry(1), entry(2))
    clock.now += timedelta(days=3)
    again = [dataclasses.replace(entry(n), run="run2") for n in (1, 2)]
    journal.append(*again)
    journal.append(dataclasses.replace(entry(1), run="run3"), dataclasses.replace(entry(3), run="run3"))
    assert journal.course("run1") == journal.course("run2") != journal.course("run3")


# what is wrong is found


def test_an_edit_is_found_even_when_its_row_is_hashed_anew(city: store.City, journal: JournalRoom) -> None:
    journal.append(*map(entry, range(5)))
    sql(city, "UPDATE journal SET decision = 'approve' WHERE number = 2")
    assert codes(journal) == {"edited"}
    rehash(city, 2)
    assert codes(journal) == {"link"}


def rehash(city: store.City, *numbers: int) -> None:
    """Do what a forger would do: make row hashes, and the links to them, right again."""
    with city.database.transaction() as cursor:
        for number in numbers:
            query = cursor.execute("SELECT * FROM journal WHERE number = ?", [number])
            names = [column[0] for column in query.description]
            row = dict(zip(names, query.fetchall()[0], strict=True))
            prev = cursor.execute("SELECT row_hash FROM journal WHERE number = ?", [number - 1]).fetchall()
            row["prev_hash"] = prev[0][0] if prev and len(numbers) > 1 else row["prev_hash"]
            cursor.execute(
                "UPDATE journal SET row_hash = ?, prev_hash = ? WHERE number = ?",
                [row_hash(row), row["prev_hash"], number],
            )


def test_a_chain_forged_to_its_end_is_found_by_the_head(city: store.City, journal: JournalRoom) -> None:
    journal.append(*map(entry, range(5)))
    sql(city, "UPDATE journal SET decision = 'approve' WHERE number = 2")
    rehash(city, 2, 3, 4, 5)
    assert codes(journal) == {"head_foreign"}


def test_a_forged_chain_with_a_forged_head_is_found_by_days_and_by_an_auditor(
    city: store.City, journal: JournalRoom, clock: Clock
) -> None:
    kept = journal.append(*map(entry, range(3)))[-1].row_hash
    clock.now += timedelta(days=1)
    journal.append(entry(4))
    assert codes(journal, kept) == set()
    sql(city, "UPDATE journal SET decision = 'approve' WHERE number = 2")
    rehash(city, 2, 3, 4)
    pin = pins.read(city.path)
    last = journal.read()[-1]
    pins.write(city.path, dataclasses.replace(pin, end=dataclasses.replace(pin.end, hash=last.row_hash)), pin)
    assert codes(journal) == {"days"}
    (city.path / "ledger" / "journal.days").unlink()
    assert codes(journal) == {"days"}
    pins.write(city.path, pins.Pin(pins.End(4, last.row_hash, "2026-07-02")), None)
    assert codes(journal) == set()  # who forges everything is found by nobody here ...
    assert codes(journal, kept) == {"auditor"}  # ... but by who has kept a hash


def test_a_deleted_row_is_missing(city: store.City, journal: JournalRoom) -> None:
    journal.append(*map(entry, range(5)))
    sql(city, "DELETE FROM journal WHERE number IN (2, 3)")
    verdict = journal.verify()
    assert [flaw.code for flaw in verdict.flaws] == ["missing", "link"]
    assert verdict.flaws[0].text == "rows 2 to 3 are not there"


def test_a_cut_end_is_found_and_so_is_a_journal_emptied(city: store.City, journal: JournalRoom) -> None:
    journal.append(*map(entry, range(5)))
    sql(city, "DELETE FROM journal WHERE number = 5")
    assert codes(journal) == {"cut"}
    sql(city, "DELETE FROM journal")
    assert codes(journal) == {"cut"}


def test_rows_in_another_order_and_doubled_rows_are_found(city: store.City, journal: JournalRoom) -> None:
    journal.append(*map(entry, range(5)))
    sql(city, "UPDATE journal SET number = CASE number WHEN 2 THEN 3 WHEN 3 THEN 2 ELSE number END")
    assert codes(journal) == {"edited", "link"}
    sql(city, "UPDATE journal SET number = CASE number WHEN 2 THEN 3 WHEN 3 THEN 2 ELSE number END")
    assert codes(journal) == set()
    sql(city, "INSERT INTO journal SELECT * FROM journal WHERE number = 3")
    assert codes(journal) == {"order", "link"}


def test_rows_added_by_another_hand_are_not_covered_by_the_head(city: store.City, journal: JournalRoom) -> None:
    journal.append(*map(entry, range(2)))
    sql(city, "INSERT INTO journal SELECT * REPLACE (3 AS number, row_hash AS prev_hash) FROM journal WHERE number = 2")
    rehash(city, 3)
    assert codes(journal) == {"beyond"}


def test_a_lost_foreign_or_torn_head_is_found(city: store.City, journal: JournalRoom) -> None:
    journal.append(entry(1))
    head = city.path / "ledger" / "journal.head"
    kept = head.read_text()
    head.unlink()
    assert codes(journal) == {"head_missing"}
    head.write_text(kept[:20])
    assert codes(journal) == {"head_unreadable"}
    for document in ("[]", "{}", '{"format":"other"}', kept.replace('"number":1', '"number":"1"')):
        head.write_text(document)
        assert codes(journal) == {"head_unreadable"}
    head.write_text(kept.replace(journal.read()[0].row_hash, "f" * 64))
    assert codes(journal) == {"head_foreign"}
    head.write_text(kept)
    assert codes(journal) == set()


def test_a_journal_that_goes_on_after_a_cut_says_so_for_good(city: store.City, journal: JournalRoom) -> None:
    journal.append(*map(entry, range(5)))
    sql(city, "DELETE FROM journal WHERE number > 3")
    row = journal.append(entry(9))[0]
    assert row.number == 5
    assert codes(journal) == {"break"}
    (flaw,) = journal.verify().flaws
    assert flaw.number == 4
    assert '"number":5' in flaw.text
    journal.append(entry(10))
    assert codes(journal) == {"break"}


@pytest.mark.parametrize("damage", [None, "{}", "gone"])
def test_a_journal_goes_on_without_a_head_and_says_so(
    city: store.City, journal: JournalRoom, damage: str | None
) -> None:
    journal.append(entry(1))
    head = city.path / "ledger" / "journal.head"
    head.write_text(damage) if damage else head.unlink()
    journal.append(entry(2))
    assert codes(journal) == {"break"}
    assert [row.entry.kind for row in journal.read()] == ["propose", "break", "propose"]


def test_a_break_is_not_forgotten_when_the_row_that_says_it_is_rolled_back(
    city: store.City, journal: JournalRoom
) -> None:
    journal.append(*map(entry, range(5)))
    sql(city, "DELETE FROM journal WHERE number > 3")
    with pytest.raises(KeyError), city.database.transaction():
        journal.append(entry(9))
        raise KeyError
    assert codes(journal) == {"cut"}


def test_many_flaws_are_counted_and_the_first_listed(city: store.City, journal: JournalRoom) -> None:
    journal.append(*map(entry, range(LISTED + 10)))
    sql(city, "UPDATE journal SET decision = 'x'")
    verdict = journal.verify()
    assert len(verdict.flaws) == LISTED
    assert verdict.flawed == LISTED + 10


def test_damaged_days_are_found_and_do_not_stop_the_journal(
    city: store.City, journal: JournalRoom, clock: Clock
) -> None:
    for _ in range(4):
        journal.append(entry(1))
        clock.now += timedelta(days=1)
    days = city.path / "ledger" / "journal.days"
    kept = days.read_text()
    assert [line["number"] for line in pins.read_days(city.path)] == [1, 2, 3]
    assert codes(journal) == set()
    lines = kept.splitlines(keepends=True)
    for damaged in (
        "",
        "".join(lines[:1]),
        "".join(lines[::-1]),
        "".join(lines[1:]),
        kept.replace('"number":2', '"number":1'),
    ):
        days.write_text(damaged)
        assert codes(journal) == {"days"}, damaged
    days.write_text("nonsense")
    assert codes(journal) == {"days"}
    journal.append(entry(1))
    assert codes(journal) == {"days"}
    days.write_text(kept)


def test_a_head_that_is_no_hash_is_refused(journal: JournalRoom) -> None:
    with pytest.raises(UsageError, match="64 digits"):
        journal.verify("12ab")


# crashes, threads, transactions


@pytest.mark.parametrize("rows", [1, 3])
def test_a_crash_between_commit_and_head_is_no_finding(
    city: store.City, journal: JournalRoom, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is newer than the head: the head has announced just this row."""
    journal.append(entry(1))
    crash(monkeypatch)
    with pytest.raises(TwinError, match="head of the journal cannot be written"):
        journal.append(*map(entry, range(rows)))
    monkeypatch.undo()
    verdict = journal.verify()
    assert (verdict.intact, verdict.pending, verdict.number) == (True, True, 1 + rows)
    journal.append(entry(5))
    verdict = journal.verify()
    assert (verdict.intact, verdict.pending, verdict.number) == (True, False, 2 + rows)


def test_a_crash_between_announcement_and_commit_is_no_finding(city: store.City, journal: JournalRoom) -> None:
    """The head is newer than the database: what it announced was never committed."""
    journal.append(entry(1))
    with pytest.raises(KeyError), city.database.transaction():
        journal.append(entry(2))
        raise KeyError
    assert pins.read(city.path).after is not None
    verdict = journal.verify()
    assert (verdict.intact, verdict.pending, verdict.number) == (True, False, 1)
    journal.append(entry(3))
    assert [row.entry.content["n"] for row in journal.read()] == [1, 3]
    assert codes(journal) == set()


def test_a_row_that_was_not_announced_is_found_although_a_crash_came(
    city: store.City, journal: JournalRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.append(entry(1))
    crash(monkeypatch)
    with pytest.raises(TwinError):
        journal.append(entry(2))
    monkeypatch.undo()
    sql(city, "UPDATE journal SET decision = 'approve' WHERE number = 2")
    rehash(city, 2)
    assert codes(journal) == {"beyond"}
    sql(city, "DELETE FROM journal")
    assert codes(journal) == {"cut"}


def crash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the write of the head fail that comes after the commit."""
    whole = pins.write

    def failing(folder: Path, pin: pins.Pin, before: pins.Pin | None) -> None:
        if pin.after is None:
            raise TwinError("the head of the journal cannot be written")
        whole(folder, pin, before)

    monkeypatch.setattr(pins, "write", failing)


def test_a_full_disk_is_said(city: store.City, journal: JournalRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TwinError, match="make room"):
        journal.append(entry(1))
    monkeypatch.undo()
    assert journal.read() == []
    assert journal.verify().intact


def test_kill_9_at_random_moments_leaves_an_intact_journal(tmp_path: Path) -> None:
    path = tmp_path / "c.twin"
    store.create(path, CRS).close()
    code = (
        "import sys; from twin import store; from twin.store.journal import *\n"
        f"city = store.open_city({str(path)!r})\n"
        "while True:\n"
        "    print(city.journal.append(Entry('x', Actor('system', 's')))[0].number, flush=True)"
    )
    rng, told = np.random.default_rng(4), 0
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
            for _ in range(int(rng.integers(2, 40))):
                told = int(child.stdout.readline())
            threading.Event().wait(float(rng.uniform(0, 0.02)))
            child.kill()
        with store.open_city(path) as city:
            verdict = city.journal.verify()
            assert verdict.flaws == ()
            assert verdict.rows >= told


def test_threads_append_one_after_the_other(journal: JournalRoom) -> None:
    threads = [threading.Thread(target=lambda: [journal.append(entry(n)) for n in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = journal.verify()
    assert (verdict.flaws, verdict.rows, verdict.pending) == ((), 40, False)


def test_appends_inside_one_transaction_stand_or_fall_with_it(city: store.City, journal: JournalRoom) -> None:
    journal.append(entry(1))
    with city.database.transaction():
        journal.append(entry(2))
        journal.append(entry(3))
        assert len(journal.read()) == 3
    assert codes(journal) == set()
    assert pins.read(city.path).end.number == 3
    with pytest.raises(KeyError), city.database.transaction():
        journal.append(entry(4))
        journal.append(entry(5))
        raise KeyError
    assert codes(journal) == set()
    journal.append(entry(6))
    assert codes(journal) == set()
    assert len(journal.read()) == 4
