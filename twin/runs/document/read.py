"""From a file to a scenario, or to one sentence that says all that is wrong with it."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import InputError, MissingError, RefusedError, UsageError, suggest
from twin.model.scenario import Scenario
from twin.rooms import discover
from twin.runs.document.checks import one_unit, together
from twin.runs.document.strict_yaml import load_yaml, resolve
from twin.runs.document.units import built

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails


MAX_BYTES = 1_000_000


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

    hazards = discover("twin.hazards", "hazard")
    chosen = str(raw.get("hazard", ""))
    params = raw.get(chosen, {}) if chosen in hazards else {}
    fields = {key: value for key, value in raw.items() if not (chosen in hazards and key == chosen)}
    wrong: list[str] = []
    document = None
    try:
        document = Document.model_validate(fields)
    except ValidationError as error:
        known = {*Document.model_fields, *([chosen] if chosen in hazards else [])}
        wrong += [_sentence(e, Document, known) for e in error.errors()]
    if "hazard" in raw and chosen not in hazards:
        wrong.append(f"hazard '{chosen}' is not known; {suggest(chosen, hazards)}".rstrip("."))
    if not isinstance(params, dict):
        wrong.append(f"{chosen} must be a table of the hazard's parameters, found {params!r:.60}")
    wrong += one_unit(fields, "duration", ("s", "min", "h"), "")
    wrong += one_unit(fields, "frame_every", ("s", "min"), "")
    if document is not None:
        wrong += together(document, getattr(hazards.get(chosen), "measures", ()))
    if wrong or document is None:
        keys = sorted({*Document.model_fields, *([chosen] if chosen in hazards else [])})
        # the list of keys helps who has mistyped one, and hides every other fault from the eye
        known_keys = f". Known keys: {', '.join(keys)}" if any("is not a known key" in one for one in wrong) else ""
        raise InputError(f"{name}: {'; '.join(wrong)}{known_keys}")
    resolved = resolve(params)
    assert isinstance(resolved, dict)
    return built(document, resolved, Path(name).parent)


def _sentence(error: ErrorDetails, model: type[BaseModel], known: set[str]) -> str:
    """Return one field's fault: its place, what is wrong, what was found."""
    place = ""
    for part in error["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f"{'.' if place else ''}{part}"
    if error["type"] == "missing":
        return f"{place} is missing"
    if error["type"] == "extra_forbidden":
        *parents, key = (p for p in error["loc"] if isinstance(p, str))
        names = known if not parents else set(_part(model, parents[-1]).model_fields)
        near = difflib.get_close_matches(str(key), sorted(names), n=1, cutoff=0.7)
        return f"{place} is not a known key{f' (did you mean {near[0]}?)' if near else ''}"
    text = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    found = f" (found {error['input']!r:.60})" if not isinstance(error["input"], dict) else ""
    return f"{place} {text}{found}"


def _part(model: type[BaseModel], key: str) -> type[BaseModel]:
    """Return the model of the table under `key`."""
    from twin.runs.document import schema

    parts: dict[str, type[BaseModel]] = {
        "rain": schema.RainPart,
        "gauge": schema.GaugePart,
        "edge": schema.EdgesPart,
        "west": schema.EdgePart,
        "east": schema.EdgePart,
        "south": schema.EdgePart,
        "north": schema.EdgePart,
        "ensemble": schema.EnsemblePart,
        "inflow": schema.InflowPart,
        "measure": schema.MeasurePart,
    }
    return parts.get(key, model)
