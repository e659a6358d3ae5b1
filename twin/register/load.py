"""Read the register: one TOML document per entry; what all share stands in `_common.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from twin.errors import InputError, MissingError, suggest
from twin.register.entry import Entry
from twin.settings import data_folder

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

COMMON = "_common.toml"


def load(folder: Path | None = None) -> dict[str, Entry]:
    """Return id -> entry of all documents in a folder, in the order of their ids.

    folder  None: the register of this project, `assets/register`

    Raises MissingError (no such folder, no entry in it) and InputError (what is wrong in which document, all of it).
    """
    folder = folder or data_folder("assets") / "register"
    files = sorted(path for path in folder.glob("*.toml") if path.name != COMMON)
    if not files:
        raise MissingError(f"{folder}: there is no register; it is a folder of TOML documents, one per entry")
    common = _table(folder / COMMON) if (folder / COMMON).is_file() else {}
    entries = [_entry(path, common) for path in files]
    return {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.id)}


def _entry(path: Path, common: Mapping[str, Any]) -> Entry:
    document = {**common, **_table(path)}
    try:
        entry = Entry.model_validate(document)
    except ValidationError as error:
        raise InputError(f"{path.name}: {'; '.join(_sentence(one) for one in error.errors())}") from None
    if entry.id != path.stem:
        raise InputError(f"{path.name}: its id is '{entry.id}'; name the file {entry.id}.toml, or change the id")
    if entry.ends is not None and entry.ends < entry.begins:
        raise InputError(f"{path.name}: it ends on {entry.ends}, before it begins on {entry.begins}")
    days = [change.date for change in entry.changes]
    if days != sorted(days):
        raise InputError(f"{path.name}: its changes are not in the order of their days; write the oldest first")
    if entry.changes[-1].version != entry.version:
        raise InputError(
            f"{path.name}: version {entry.version}, but its last change is of {entry.changes[-1].version}; say what"
            " has changed"
        )
    return entry


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: not a TOML document in UTF-8: {error}") from None
    except RecursionError:
        raise InputError(f"{path.name}: nested too deep; an entry has two levels") from None


def _sentence(error: ErrorDetails) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        known = dict(_fields(Entry)).get(len(error["loc"]) - 1, set())
        return f"'{place}' is not a field; {suggest(str(error['loc'][-1]), known)}"
    if error["type"] == "missing":
        return f"'{place}' is not there"
    return f"'{place}': {error['msg']}, found {error['input']!r:.60}"


def _fields(model: type[BaseModel]) -> Iterator[tuple[int, set[str]]]:
    """Yield how deep -> fields that may stand there: enough to guess what was meant."""
    yield 0, set(model.model_fields)
    yield 1, {"ko", "en", "used", "kind", "says", "report", "tests", "level", "reason", "roles"}
    yield 2, {"ko", "en", "name", "licence", "date", "version", "says"}
