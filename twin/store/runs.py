"""Runs of scenarios: provenance and impacts in the database, frames in a folder of the run's own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.errors import InputError, MissingError, UsageError, suggest
from twin.model.run import Budget, Run
from twin.store.coding import encode_mapping, naive_utc, pack, unpack

if TYPE_CHECKING:
    from twin.store.database import Database

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


class RunRoom:
    """The runs of a city."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def folder(self, id: str) -> Path:  # noqa: A002 - the word of the contract
        """Return the folder of a run's files, there or not. Raises InputError for an id that is no plain name."""
        if not _ID.fullmatch(id):
            raise InputError(f"run id {id!r} is not made of letters, digits, '-' and '_'")
        return self._database.folder / "runs" / id

    def add(self, run: Run, scenario_text: str) -> None:
        """Store a run; the same id again replaces it, and its impacts have to be assessed anew."""
        self.folder(run.id)
        document = {field.name: getattr(run, field.name) for field in fields(run)}
        document["budget"] = _budget(run.budget)
        with self._database.change() as cursor:
            cursor.execute("DELETE FROM impact WHERE run = ?", [run.id])
            cursor.execute(
                "INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?)",
                [run.id, naive_utc(run.started), encode_mapping(document), pack(scenario_text)],
            )

    def list(self) -> list[Run]:
        """Return all runs, the first started first."""
        with self._database.cursor() as cursor:
            rows = cursor.execute("SELECT run FROM run ORDER BY started, id").fetchall()
        return [_run(json.loads(text)) for (text,) in rows]

    def get(self, id: str) -> Run:  # noqa: A002 - the word of the contract
        """Return the run whose id this is or begins with. Raises MissingError, or UsageError when several do."""
        return _run(json.loads(self._text("run", id)))

    def scenario_text(self, id: str) -> str:  # noqa: A002 - the word of the contract
        """Return the scenario document of a run as it was written."""
        return unpack(self._text("scenario", id))

    def put_impact(self, id: str, curve: str, impact: Mapping[str, object]) -> None:  # noqa: A002 - as above
        """Store what a run did to the city by one damage curve. Raises InputError for what JSON cannot hold."""
        run = self.get(id).id
        text = encode_mapping(impact)
        with self._database.change() as cursor:
            cursor.execute("INSERT OR REPLACE INTO impact VALUES (?, ?, ?)", [run, curve, text])

    def impact(self, id: str, curve: str) -> dict[str, Any] | None:  # noqa: A002 - the word of the contract
        """Return a stored impact, None when the run was not assessed with this curve."""
        run = self.get(id).id
        with self._database.look() as cursor:
            rows = cursor.execute("SELECT impact FROM impact WHERE run = ? AND curve = ?", [run, curve]).fetchall()
        return dict(json.loads(rows[0][0])) if rows else None

    def _text(self, column: str, id_: str) -> str:
        with self._database.look() as cursor:
            rows = cursor.execute(
                f"SELECT id, {column} FROM run WHERE starts_with(id, ?) ORDER BY id",  # noqa: S608 - our own column name
                [id_],
            ).fetchall()
            known = rows or cursor.execute("SELECT id, '' FROM run").fetchall()
        texts: dict[str, str] = dict(known)
        if not rows or not id_:
            raise MissingError(f"run '{id_}' is not in this twin; {suggest(id_, texts)}")
        if id_ not in texts and len(texts) > 1:
            raise UsageError(f"run '{id_}' can be any of {', '.join(texts)}; write more of its id")
        return texts.get(id_) or next(iter(texts.values()))


def _budget(budget: Budget) -> dict[str, Any]:
    """Return a budget as a document, with those of other hazards in it."""
    document = {field.name: getattr(budget, field.name) for field in fields(budget)}
    return document | {"also": [_budget(other) for other in budget.also]}


def _run(document: dict[str, Any]) -> Run:
    budget, started = Budget.of(document.pop("budget")), datetime.fromisoformat(document["started"])
    return Run(**document | {"budget": budget, "started": started})
