"""From the units people write to SI: minutes, mm/h and the keys of measures become seconds, m s-1 and bare names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import MissingError
from twin.model.action import Action
from twin.model.scenario import Boundary, Gauge, Inflow, Scenario, Series
from twin.runs.document.fire import ignition_of, weather_of
from twin.runs.document.storm import storm
from twin.runs.document.strict_yaml import resolve

if TYPE_CHECKING:
    from pydantic import BaseModel

    from twin.runs.document.schema import Document, EdgesPart, EnsemblePart, GaugePart, RainPart

MM_PER_H = 1e-3 / 3600
#: units that a measure's keys may end in, the longer ones first, and the factor to SI; litres, kilowatts and degrees
#: stay what they are, as the quantities of fires in `twin.names`
UNITS = {
    "_m3_per_s": 1.0,
    "_l_per_min": 1 / 60,
    "_l_per_s": 1.0,
    "_kw_per_m2": 1.0,
    "_m_per_s": 1.0,
    "_percent": 0.01,
    "_deg": 1.0,
    "_min": 60.0,
    "_kw": 1.0,
    "_m2": 1.0,
    "_m3": 1.0,
    "_h": 3600.0,
    "_c": 1.0,
    "_m": 1.0,
    "_s": 1.0,
}


def seconds(part: BaseModel, stem: str) -> float:
    """Return the duration in s that a table gives under `stem` and one of the units; 0 when it gives none."""
    from twin.runs.document.parts import SECONDS

    for unit, factor in SECONDS.items():
        value = getattr(part, f"{stem}_{unit}", None)
        if value is not None:
            return factor * float(value)
    return 0.0


def built(document: Document, params: dict[str, object], folder: Path) -> Scenario:
    """Return the scenario in SI; files that it names lie in `folder`."""
    from twin.runs.document.response import drill_of

    rain = document.rain
    file = "" if rain is None or rain.file is None else str(folder / rain.file)
    return Scenario(
        title=document.title,
        title_en=document.title_en,
        hazard=document.hazard,
        start=document.start,
        duration=seconds(document, "duration"),
        frame_every=seconds(document, "frame_every"),
        cell=document.cell_m,
        seed=document.seed,
        area=None if document.area is None else _bounds(document.area),
        rain=None if rain is None else _rain(rain),
        gauges=() if rain is None else tuple(_gauge(g) for g in rain.gauge or ()),
        rain_from=file or ("" if rain is None else rain.source or ""),
        rain_digest=_digest(Path(file)) if file else "",
        inflows=tuple(
            Inflow(i.name, i.x, i.y, Series(_times(i.times_min), tuple(i.m3_per_s)), i.radius_m)
            for i in document.inflow
        ),
        edges=document.edges,
        boundaries=_boundaries(document.edge),
        weather=weather_of(document.weather),
        ignitions=tuple(ignition_of(part) for part in document.ignition),
        ensemble={} if document.ensemble is None else _spread(document.ensemble),
        params=params,
        response=drill_of(document.response),
        measures=tuple(Action(m.kind, 60 * m.at_min, m.target, si(m.model_extra or {})) for m in document.measure),
    )


def _spread(part: EnsemblePart) -> dict[str, float]:
    """Return the spread in SI, by the names of `Spread`; what is yes or no is 1 or 0."""
    told = si(part.model_dump()).items()
    return {name: float(v) if isinstance(v, bool) else v for name, v in told if isinstance(v, int | float)}


def si(extra: Mapping[str, object]) -> dict[str, object]:
    """Return a measure's own keys as the hazard knows them: in SI, so the unit in the name falls away."""
    out: dict[str, object] = {}
    for key, value in extra.items():
        unit = next((u for u in UNITS if key.endswith(u) and key != u), "")
        out[key.removesuffix(unit)] = _scaled(resolve(value), UNITS.get(unit, 1.0))
    return out


def _scaled(value: object, factor: float) -> object:
    """Return numbers, also in lists, times a factor; whatever else as it is."""
    if factor == 1.0 or isinstance(value, bool | str):
        return value
    if isinstance(value, list):
        return [_scaled(v, factor) for v in value]
    return factor * value if isinstance(value, int | float) else value


def _bounds(area: list[float]) -> tuple[float, float, float, float]:
    west, south, east, north = area
    return west, south, east, north


def _times(minutes: list[float]) -> tuple[float, ...]:
    return tuple(60 * t for t in minutes)


def _gauge(part: GaugePart) -> Gauge:
    return Gauge(part.name, part.x, part.y, _rates(part.times_min, part.mm_per_h))


def _rates(minutes: list[float], mm_per_h: list[float]) -> Series:
    """Return a rain rate in m s-1 as steps."""
    return Series(_times(minutes), tuple(MM_PER_H * v for v in mm_per_h), step=True)


def _rain(rain: RainPart) -> Series | None:
    """Return the rain rate in m s-1 as steps; None when it differs from place to place."""
    if rain.gauge is not None or rain.source is not None or rain.file is not None:
        return None
    if rain.times_min is not None and rain.mm_per_h is not None:
        return _rates(rain.times_min, rain.mm_per_h)
    assert rain.depth_mm is not None
    assert rain.shape is not None
    start = 60 * (rain.start_min or 0.0)
    return storm(1e-3 * rain.depth_mm, seconds(rain, "duration"), rain.shape, start)


def _boundaries(edges: EdgesPart | None) -> dict[str, Boundary]:
    """Return what the sides do that the document names."""
    out: dict[str, Boundary] = {}
    for side in ("west", "east", "south", "north"):
        part = None if edges is None else getattr(edges, side)
        if part is not None:
            values = part.level_m if part.kind == "level" else part.m2_per_s
            series = Series(_times(part.times_min), tuple(values)) if part.times_min and values else None
            out[side] = Boundary(part.kind, series)
    return out


def _digest(file: Path) -> str:
    """Return the SHA-256 of a file, or of all files below a folder. Raises MissingError when there is none."""
    if not file.exists():
        raise MissingError(f"{file}: the scenario names this file of rain maps, and there is none")
    digest = hashlib.sha256()
    for path in sorted(p for p in file.rglob("*") if p.is_file()) if file.is_dir() else [file]:
        digest.update(path.relative_to(file).as_posix().encode() + b"\0")
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
