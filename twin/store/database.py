"""The one open file of a twin: who holds it, how it is locked down, one cursor per unit of work, one writer.

A process opens a file once; a second `open_city` of it in the same process shares the handle and its writing lock.
User input reaches this database, so it can read and write nothing outside the twin's folder, and no setting of
that can be changed while it is open.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import BusyError, InputError, TwinError, UsageError
from twin.store import files, schema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from twin.settings import Settings

FILE = "twin.duckdb"

_guard = threading.Lock()
_open: dict[Path, Database] = {}


class Database:
    """A DuckDB file that this process holds, shared by every `City` that opened it here.

    seq  last number of the log that is committed
    """

    def __init__(self, folder: Path, connection: DuckDBPyConnection) -> None:
        self.folder = folder
        self.users = 0
        self.seq = 0
        self._closed = False
        self._connection = connection
        self._writing = threading.Lock()
        self._change: DuckDBPyConnection | None = None
        self._changer: int | None = None
        self._after: dict[str, Callable[[], None]] = {}

    @contextlib.contextmanager
    def cursor(self) -> Iterator[DuckDBPyConnection]:
        """Give a cursor for one unit of work; what is registered on it goes with it."""
        if self._closed:
            raise UsageError(f"{self.folder}: this twin is closed; open it again")
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    @property
    def changing(self) -> bool:
        """Return whether this thread is inside a transaction of its own."""
        return self._changer == threading.get_ident()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[DuckDBPyConnection]:
        """Give the cursor of the one writing transaction: commit at the end, roll back on any exception.

        Waits while another thread writes. Raises UsageError when this thread writes already, TwinError when the
        disk or the memory is full.
        """
        import duckdb

        if self.changing:
            raise UsageError(f"{self.folder}: this thread already writes; finish that transaction first")
        with self._writing, self.cursor() as cursor:
            cursor.execute("BEGIN")
            self._change, self._changer = cursor, threading.get_ident()
            try:
                yield cursor
                cursor.execute("COMMIT")
                for step in self._after.values():
                    step()
            except (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException) as error:
                _roll_back(cursor)
                raise TwinError(
                    f"{self.folder}: writing failed, what was stored before is kept; make room on the disk or raise"
                    f" TWIN_MEMORY_LIMIT, then open the twin again ({error})"
                ) from error
            except BaseException:
                _roll_back(cursor)
                raise
            finally:
                self._change, self._changer = None, None
                self._after.clear()

    def after_commit(self, name: str, step: Callable[[], None]) -> None:
        """Have `step` done when this thread's transaction is committed, before another thread writes.

        name  a step of the same name takes the place of an earlier one of this transaction
        """
        self._after[name] = step

    def awaits(self, name: str) -> bool:
        """Return whether a step of this name waits for the commit of this thread's transaction."""
        return self.changing and name in self._after

    @contextlib.contextmanager
    def change(self) -> Iterator[DuckDBPyConnection]:
        """Give the cursor of this thread's transaction when it is inside one, else of a new one."""
        if self.changing and self._change is not None:
            yield self._change
        else:
            with self.transaction() as cursor:
                yield cursor

    @contextlib.contextmanager
    def look(self) -> Iterator[DuckDBPyConnection]:
        """Give a cursor to read with; inside this thread's transaction the one that sees its changes."""
        if self.changing and self._change is not None:
            yield self._change
        else:
            with self.cursor() as cursor:
                yield cursor

    def close(self) -> None:
        """Write everything into the file and let go of it."""
        self._closed = True
        self._connection.close()


def hold(folder: Path, settings: Settings) -> Database:
    """Return the open database of a twin's folder, opening it when this process does not hold it yet.

    The first to open it removes the files a crash has left.
    Raises BusyError (another process holds it) and InputError (not a database, or not of a twin).
    """
    key = folder.resolve()
    with _guard:
        database = _open.get(key)
        if database is None:
            new = not (key / FILE).exists()
            database = Database(key, _connect(key, settings))
            try:
                database.seq = 0 if new else _last(key, database)
            except BaseException:
                database.close()
                raise
            files.sweep(key, database.seq)
            _open[key] = database
        database.users += 1
        return database


def release(database: Database) -> None:
    """Give back what `hold` gave; the last one closes the file."""
    with _guard:
        database.users -= 1
        if database.users == 0:
            del _open[database.folder]
            database.close()


def _last(folder: Path, database: Database) -> int:
    """Return the last number of the log of a twin of this version. Raises InputError."""
    with database.cursor() as cursor:
        meta = schema.read_meta(cursor)
    schema.check(folder, meta)
    if meta["schema"] != str(schema.VERSION):
        with database.transaction() as cursor:
            schema.lift(cursor, meta)
    return int(meta["seq"] or 0)


def _connect(folder: Path, settings: Settings) -> DuckDBPyConnection:
    import duckdb

    path = folder / FILE
    try:
        connection = duckdb.connect(
            str(path), config={"threads": settings.threads, "memory_limit": settings.memory_limit}
        )
    except duckdb.ProgrammingError as error:
        raise UsageError(
            f"{settings.threads} threads and {settings.memory_limit!r} of memory: the database does not take these;"
            f" set TWIN_THREADS to 1 or more and TWIN_MEMORY_LIMIT to a size such as 4GB ({error})"
        ) from error
    except duckdb.Error as error:
        raise _translated(path, str(error)) from error
    allowed = str(folder).replace("'", "''")
    for setting in (
        "SET GLOBAL python_enable_replacements = false",
        f"SET temp_directory = '{allowed}/{files.INCOMING}/spill'",
        f"SET allowed_directories = ['{allowed}/']",  # must come before the next line, which freezes it
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        connection.execute(setting)
    return connection


def _translated(path: Path, message: str) -> BusyError | InputError:
    holder = re.search(r"held in (?P<program>.*?) \(PID (?P<pid>\d+)\)", message)
    if holder:
        return BusyError(
            f"{path}: process {holder['pid']} ({Path(holder['program']).name}) holds this twin;"
            " use that process (its server answers for the twin), or end it and try again"
        )
    if "set lock" in message:
        return BusyError(f"{path}: another process holds this twin; end it and try again ({message})")
    if "Permission denied" in message:
        return InputError(f"{path}: may not be written; a twin needs a folder in which it can write ({message})")
    if "not a valid DuckDB database file" in message:
        return InputError(f"{path}: not a DuckDB file; restore the twin from a copy, or make a new one")
    return InputError(f"{path}: the database does not open; restore the twin from a copy ({message})")


def _roll_back(cursor: DuckDBPyConnection) -> None:
    """Roll back; an instance that a full disk has killed can no longer, and has nothing open either."""
    import duckdb

    with contextlib.suppress(duckdb.Error):
        cursor.execute("ROLLBACK")
