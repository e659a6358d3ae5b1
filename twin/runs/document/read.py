"""From a file to a scenario, or to one sentence that says all that is wrong with it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import InputError, MissingError, RefusedError, UsageError, suggest
from twin.hazards._together import EVERY, LEAST, MOST
from twin.model.scenario import Scenario
from twin.rooms import discover
from twin.runs.document.checks import one_unit, together
from twin.runs.document.strict_yaml import load_yaml, resolve
from twin.runs.document.units import built

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails


MAX_BYTES = 1_000_000
UNKNOWN_KEY = " is not a known key"
JOINED = "together"
"""Table of a document of several hazards: how they look at each other."""


def read_scenario(path: Path | str) -> Scenario:
    """Return the what-if that a document describes.

    path  a .toml, .yaml or .yml file in UTF-8

    Raises MissingError (no such file), UsageError (another suffix), RefusedError (too large), InputError (not
    readable, or the fields that are wrong, all in one sentence).
    """
    return parse_scenario(read_text(path), str(path))


def read_text(path: Path | str) -> str:
    """Return the text of a document. Raises MissingError, RefusedError (too large), InputError (not UTF-8)."""
    file = Path(path)
    if not file.is_file():
        raise MissingError(f"{path}: there is no such scenario file")
    if file.stat().st_size > MAX_BYTES:
        raise RefusedError(f"{path}: {file.stat().st_size:,} bytes; a scenario has at most {MAX_BYTES:,}")
    raw = file.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{path}: the file is UTF-16; save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}: line {line}: not UTF-8{_looks_like(raw)}; save it as UTF-8") from None


def _looks_like(raw: bytes) -> str:
    try:
        raw.decode("cp949")
    except UnicodeDecodeError:
        return ""
    return ", it reads as CP949"


def parse_scenario(text: str, name: str) -> Scenario:
    """Return the what-if of a document's text; `name` is the file's name, its suffix says TOML or YAML."""
    match Path(name).suffix.lower():
        case ".toml":
            try:
                raw: object = tomllib.loads(text)
            except tomllib.TOMLDecodeError as error:
                raise InputError(f"{name}: {error}") from None
            except RecursionError:
                raise RefusedError(f"{name}: nested too deep; refused") from None
        case ".yaml" | ".yml":
            raw = load_yaml(text, name)
        case suffix:
            raise UsageError(f"{name}: a scenario is a .toml, .yaml or .yml file, not '{suffix}'")
    if not isinstance(raw, dict):
        raise InputError(f"{name}: a scenario is a table of keys, found {type(raw).__name__}")
    return _scenario(raw, name)


def _scenario(raw: dict[str, object], name: str) -> Scenario:
    from pydantic import ValidationError

    from twin.runs.document.schema import Document

    rooms = discover("twin.hazards", "hazard")
    parts = _hazards(raw.get("hazard", ""), rooms)
    tables = [*parts, *([JOINED] if len(parts) > 1 else [])]
    fields = {key: value for key, value in raw.items() if key not in tables}
    wrong: list[str] = []
    document = None
    try:
        document = Document.model_validate(fields)
    except ValidationError as error:
        wrong += [_sentence(e, Document, {*Document.model_fields, *tables}) for e in error.errors()]
    if "hazard" in raw:
        wrong += _hazard_faults(str(raw["hazard"]), rooms)
    wrong += [
        f"{table} must be a table of the hazard's parameters, found {raw[table]!r:.60}"
        for table in tables
        if not isinstance(raw.get(table, {}), dict)
    ]
    wrong += one_unit(fields, "duration", ("s", "min", "h"), "")
    wrong += one_unit(fields, "frame_every", ("s", "min"), "")
    if document is not None:
        measures = [kind for part in parts for kind in getattr(rooms[part], "measures", ())]
        wrong += together(document, list(dict.fromkeys(measures)), parts)
    params: dict[str, object] = {}
    if not wrong:
        params, faults = _params(raw, parts)
        wrong += faults
    if wrong or document is None:
        keys = sorted({*Document.model_fields, *tables})
        # the list of keys helps who has mistyped one, and hides every other fault from the eye
        strange = any(UNKNOWN_KEY in one and "." not in one.partition(UNKNOWN_KEY)[0] for one in wrong)
        known_keys = f". Known keys: {', '.join(keys)}" if strange else ""
        raise InputError(f"{name}: {'; '.join(wrong)}{known_keys}")
    return built(document, params, Path(name).parent)


def _hazards(chosen: object, rooms: Mapping[str, object]) -> list[str]:
    """Return the hazards that a document names and that are there, each once."""
    return [part for part in dict.fromkeys(str(chosen).split("+")) if part in rooms]


def _hazard_faults(chosen: str, rooms: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with the name of the hazard, or the names that "+" joins."""
    parts = chosen.split("+")
    for part in dict.fromkeys(parts):
        if part not in rooms:
            yield f"hazard '{part}' is not known; {suggest(part, rooms)}".rstrip(".")
        elif parts.count(part) > 1:
            yield f"hazard '{chosen}' names '{part}' {parts.count(part)} times; name each one once"


def _params(raw: Mapping[str, object], parts: Sequence[str]) -> tuple[dict[str, object], list[str]]:
    """Return the parameters of the hazard, of several a table each and how often they look at each other; faults."""
    tables = {part: resolve(raw.get(part, {})) for part in parts}
    if len(parts) == 1:
        (only,) = tables.values()
        assert isinstance(only, dict)
        return only, []
    joined = resolve(raw.get(JOINED, {}))
    assert isinstance(joined, dict)
    faults = [
        f"{JOINED}.{key} is not a known key{' (did you mean every_s?)' if 'every' in key else ', known: every_s'}"
        for key in joined
        if key != "every_s"
    ]
    every = joined.get("every_s", EVERY)
    if isinstance(every, bool) or not isinstance(every, int | float) or not LEAST <= every <= MOST:
        faults.append(f"{JOINED}.every_s must be a number from {LEAST:g} to {MOST:g} (found {every!r:.60})")
        return {}, faults
    return tables | {JOINED: {"every": float(every)}}, faults


def _sentence(error: ErrorDetails, model: type[BaseModel], known: set[str]) -> str:
    """Return one field's fault: its place, what is wrong, what was found."""
    place = ""
    for part in error["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f"{'.' if place else ''}{part}"
    if error["type"] == "missing":
        return f"{place} is missing"
    if error["type"] == "extra_forbidden":
        *parents, key = (p for p in error["loc"] if isinstance(p, str))
        fields = _part(model, parents[-1]).model_fields.items() if parents else ()
        names = {field.alias or own for own, field in fields} if parents else known
        near = difflib.get_close_matches(str(key), sorted(names), n=1, cutoff=0.7)
        hint = f" (did you mean {near[0]}?)" if near else f", known: {', '.join(sorted(names))}" if parents else ""
        return f"{place}{UNKNOWN_KEY}{hint}"
    text = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    found = f" (found {error['input']!r:.60})" if not isinstance(error["input"], dict) else ""
    return f"{place} {text}{found}"


def _part(model: type[BaseModel], key: str) -> type[BaseModel]:
    """Return the model of the table under `key`."""
    from twin.runs.document import response, schema

    parts: dict[str, type[BaseModel]] = {
        "rain": schema.RainPart,
        "gauge": schema.GaugePart,
        "edge": schema.EdgesPart,
        "west": schema.EdgePart,
        "east": schema.EdgePart,
        "south": schema.EdgePart,
        "north": schema.EdgePart,
        "weather": schema.WeatherPart,
        "moisture_percent": schema.MoisturePart,
        "ignition": schema.IgnitionPart,
        "ensemble": schema.EnsemblePart,
        "inflow": schema.InflowPart,
        "measure": schema.MeasurePart,
        "response": response.ResponsePart,
        "force": response.ForcePart,
        "crowd": response.CrowdPart,
        "gate": response.GatePart,
    }
    return parts.get(key, model)
