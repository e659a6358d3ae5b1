"""Scenario documents: a file in, a validated `Scenario` out, or one error that names every field that is wrong.

A document is TOML or strict YAML. Units stand in the names of the keys (`duration_min`, `cell_m`, `mm_per_h`);
the table that is named after the hazard goes to it as it stands. `scenarios/cloudburst_70mm.toml` shows all keys.
"""

from __future__ import annotations

import difflib
import itertools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import InputError, MissingError, RefusedError, UsageError, suggest
from twin.model.action import Action
from twin.model.scenario import Inflow, Scenario, Series
from twin.rooms import discover
from twin.runs.storm import storm
from twin.runs.strict_yaml import load_yaml, resolve

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from twin.runs.schema import Document, RainPart

MAX_BYTES = 1_000_000
MAX_FRAMES = 10_000
MM_PER_H = 1e-3 / 3600
#: units that a measure's keys may end in (`level_m`, `rate_m3_per_s`)
SI_UNITS = ("_m3_per_s", "_m")


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

    from twin.runs.schema import Document

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
    wrong += _one_unit(fields, "duration", ("s", "min", "h"), "")
    wrong += _one_unit(fields, "frame_every", ("s", "min"), "")
    if document is not None:
        wrong += _together(document, getattr(hazards.get(chosen), "measures", ()))
    if wrong or document is None:
        keys = sorted({*Document.model_fields, *([chosen] if chosen in hazards else [])})
        raise InputError(f"{name}: {'; '.join(wrong)}. Known keys: {', '.join(keys)}")
    resolved = resolve(params)
    assert isinstance(resolved, dict)
    return _built(document, resolved)


def _sentence(error: ErrorDetails, model: type[BaseModel], known: set[str]) -> str:
    """Return one field's fault: its place, what is wrong, what was found."""
    place = ""
    for part in error["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f"{'.' if place else ''}{part}"
    if error["type"] == "missing":
        return f"{place} is missing"
    if error["type"] == "extra_forbidden":
        *parents, key = (p for p in error["loc"] if isinstance(p, str))
        names = known if not parents else set(_part(model, parents[0]).model_fields)
        near = difflib.get_close_matches(str(key), sorted(names), n=1, cutoff=0.7)
        return f"{place} is not a known key{f' (did you mean {near[0]}?)' if near else ''}"
    text = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    found = f" (found {error['input']!r:.60})" if not isinstance(error["input"], dict) else ""
    return f"{place} {text}{found}"


def _part(model: type[BaseModel], key: str) -> type[BaseModel]:
    """Return the model of the table under `key`."""
    from twin.runs import schema

    parts: dict[str, type[BaseModel]] = {
        "rain": schema.RainPart,
        "inflow": schema.InflowPart,
        "measure": schema.MeasurePart,
    }
    return parts.get(key, model)


def _one_unit(fields: Mapping[str, object], stem: str, units: tuple[str, ...], place: str) -> Iterator[str]:
    """Yield a fault when not exactly one of `stem`_`unit` is given."""
    keys = [f"{stem}_{unit}" for unit in units]
    given = [key for key in keys if key in fields]
    if not given:
        yield f"{place}{stem} is missing, give one of {', '.join(keys)}"
    if len(given) > 1:
        yield f"{place}{' and '.join(given)} say the same, give one of them"


def _together(document: Document, measures: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong between fields that are each in their range."""
    duration, every = _seconds(document, "duration"), _seconds(document, "frame_every")
    if duration and every and every > duration:
        yield f"frame_every of {every:g} s is longer than the duration of {duration:g} s"
    if duration and every and duration / every > MAX_FRAMES:
        yield f"frame_every of {every:g} s makes {duration / every:,.0f} frames, at most {MAX_FRAMES:,} are kept"
    if document.area is not None:
        west, south, east, north = document.area
        if west >= east or south >= north:
            yield f"area {document.area} must be west, south, east, north with west < east and south < north"
    if document.rain is not None:
        yield from _rain_together(document.rain)
    for number, inflow in enumerate(document.inflow):
        yield from _table(inflow.times_min, inflow.m3_per_s, f"inflow[{number}].", "m3_per_s")
    for number, measure in enumerate(document.measure):
        if duration and 60 * measure.at_min > duration:
            yield f"measure[{number}].at_min {measure.at_min:g} is after the end of the run at {duration / 60:g} min"
        if measure.kind not in measures:
            yield f"measure[{number}].kind '{measure.kind}' is not known, {suggest(measure.kind, measures)}"


def _rain_together(rain: RainPart) -> Iterator[str]:
    """Yield what is wrong between the keys of the rain."""
    given = rain.model_fields_set
    table, shaped = given & {"times_min", "mm_per_h"}, given - {"times_min", "mm_per_h"}
    if bool(table) == bool(shaped):
        yield "rain takes either times_min with mm_per_h, or depth_mm with duration_min and shape"
    elif shaped:
        yield from (f"rain.{key} is missing" for key in ("depth_mm", "shape") if getattr(rain, key) is None)
        yield from _one_unit(dict.fromkeys(given), "duration", ("s", "min", "h"), "rain.")
    elif rain.times_min is None or rain.mm_per_h is None:
        yield f"rain.{'times_min' if rain.times_min is None else 'mm_per_h'} is missing"
    else:
        yield from _table(rain.times_min, rain.mm_per_h, "rain.", "mm_per_h")
        if rain.mm_per_h[-1] != 0:
            yield f"rain.mm_per_h must end with 0: its last time says when the rain stops (found {rain.mm_per_h[-1]:g})"


def _table(times: list[float], values: list[float], place: str, name: str) -> Iterator[str]:
    if len(times) != len(values):
        yield f"{place}times_min has {len(times)} entries, {place}{name} has {len(values)}"
    if any(b <= a for a, b in itertools.pairwise(times)):
        yield f"{place}times_min must rise (found {times!r:.60})"


def _seconds(part: BaseModel, stem: str) -> float:
    """Return the duration in s that a table gives under `stem` and one of the units; 0 when it gives none."""
    from twin.runs.schema import SECONDS

    for unit, factor in SECONDS.items():
        value = getattr(part, f"{stem}_{unit}", None)
        if value is not None:
            return factor * float(value)
    return 0.0


def _built(document: Document, params: dict[str, object]) -> Scenario:
    """Return the scenario in SI."""
    area = None
    if document.area is not None:
        west, south, east, north = document.area
        area = (west, south, east, north)
    return Scenario(
        title=document.title,
        title_en=document.title_en,
        hazard=document.hazard,
        start=document.start,
        duration=_seconds(document, "duration"),
        frame_every=_seconds(document, "frame_every"),
        cell=document.cell_m,
        seed=document.seed,
        area=area,
        rain=None if document.rain is None else _rain(document.rain),
        inflows=tuple(
            Inflow(i.name, i.x, i.y, Series(tuple(60 * t for t in i.times_min), tuple(i.m3_per_s)), i.radius_m)
            for i in document.inflow
        ),
        edges=document.edges,
        params=params,
        measures=tuple(Action(m.kind, 60 * m.at_min, m.target, _params(m.model_extra or {})) for m in document.measure),
    )


def _params(extra: Mapping[str, object]) -> dict[str, object]:
    """Return a measure's own keys as the hazard knows them: SI, so the unit in the name falls away."""
    bare = {key: next((key.removesuffix(u) for u in SI_UNITS if key.endswith(u)), key) for key in extra}
    return {bare[key]: resolve(value) for key, value in extra.items()}


def _rain(rain: RainPart) -> Series:
    """Return the rain rate in m s-1 as steps."""
    if rain.times_min is not None and rain.mm_per_h is not None:
        return Series(tuple(60 * t for t in rain.times_min), tuple(MM_PER_H * v for v in rain.mm_per_h), step=True)
    assert rain.depth_mm is not None
    assert rain.shape is not None
    start = 60 * (rain.start_min or 0.0)
    return storm(1e-3 * rain.depth_mm, _seconds(rain, "duration"), rain.shape, start)
