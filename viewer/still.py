"""A still for a report: the same moment, colours and figures as the map, drawn without a browser or a screen."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from twin.errors import InputError, MissingError, UsageError
from viewer import palette, pictures
from viewer.caption import Caption, framed, spoken
from viewer.facts import fictional, name_of, title_of
from viewer.hazards import building_colours, burns
from viewer.moments import label
from viewer.plain import PARAGRAPH, plain
from viewer.quantities import class_names
from viewer.scene import LAID, of_buildings, render
from viewer.words import index as language_index
from viewer.words import say, validation

if TYPE_CHECKING:
    from twin.model.run import Run
    from twin.store import City

#: px, the rendered picture; the strip comes below it
SIZE = (1600, 960)

#: s, how far a time may lie outside the run by rounding
HALF = 0.5

#: names of sources that are written out
SOURCES = 4


def draw(city: City, run_id: str, file: Path | str, time: float | None = None, language: str = "ko") -> Path:
    """Write a PNG of a run at a moment, with a strip that says what it is, and return its path.

    run_id    the run, or the first letters of its id
    time      s from the start of the run, the nearest frame is drawn; None: the last frame that the run has
    language  "ko" or "en"; without a font that has Hangul the strip is in English and a RuntimeWarning says so

    Raises MissingError (no such run, no frames, no terrain), InputError (not a .png, no such folder) and
    UsageError (an unknown language, a time before or after the run).
    """
    from PIL import Image

    path = Path(file)
    if path.suffix.lower() != ".png":
        raise InputError(f"{path}: a still is a .png file; found suffix {path.suffix or 'none'!r}")
    if not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} is not there; make it first")
    language_index(language)
    run = city.runs.get(run_id)
    if not any(r.quantity == "elevation" for r in city.rasters.list()):
        raise MissingError(f"{city.path} has no terrain to draw on; load a raster of quantity 'elevation'")
    frames = pictures.frames(city, run.id)
    if not frames.times:
        raise MissingError(f"run {run.id} ({run.status}) has no frames; simulate it again")
    last = frames.times[-1]
    if time is not None and not -HALF <= time <= last + HALF:
        raise UsageError(
            f"run {run.id} ({run.status}) has no minute {time / 60:g}: it goes from 0 to {last / 60:g}; "
            "ask for a minute within, or simulate longer"
        )
    number = frames.at(time)
    tongue = spoken(language)
    image = Image.fromarray(render(city, run.id, number, SIZE))
    framed(image, caption(city, run, frames.times[number], tongue)).save(path, "PNG", optimize=True)
    return path


def caption(city: City, run: Run, time: float, language: str) -> Caption:
    """Return what the strip says about a run at `time` s."""
    names = list(dict.fromkeys(PurePath(s.file).name for s in city.sources.list()))
    text = ", ".join(plain(n) for n in names[:SOURCES])
    if len(names) > SOURCES:
        text += " " + say("still_more", language, n=len(names) - SOURCES)
    return Caption(
        title=name_of(city),
        subtitle=title_of(run, language),
        moment=label(city, run.id, time, language),
        sources=f"{say('still_sources', language)}: {text}",
        state=say("still_state", language, run=run.id, snapshot=run.snapshot),
        validated=f"{say('validated', language)}: {plain(validation(run.hazard, run.validated, language), PARAGRAPH)}",
        made_up=fictional(city),
        language=language,
        legend=blocks(city, run, language),
    )


def blocks(city: City, run: Run, language: str) -> tuple[tuple[str, list[tuple[palette.Colour, str]]], ...]:
    """Return the blocks of the strip's legend: what lies on the ground, and what colours the buildings."""
    found = []
    frames = pictures.frames(city, run.id)
    if "depth" in frames.quantities:
        found.append((say("legend_water", language), palette.scale("water").rows))
    for quantity in [name for name in LAID if name in frames.quantities][:1]:
        scale = pictures.scale_of(city, run.id, quantity)
        rows = list(zip(scale.colours, class_names(scale, language), strict=True))
        found.append((say(f"legend_{quantity}", language), rows))
    scale, _ = of_buildings(city, run.id, 0)
    fire = burns(city, run.id)
    colour = building_colours(city, run.id)[0] if fire else "depth"
    untouched = say("legend_unburnt" if fire else "legend_dry", language)
    named = list(zip(scale.colours, class_names(scale, language), strict=True))
    found.append((say(f"legend_building_{colour}", language), [(palette.base("dry_building"), untouched), *named]))
    return tuple(found)
