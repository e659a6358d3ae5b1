"""What the colours mean: every class with its limits as text, and how much ground it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette, pictures, quantities
from viewer.blaze import HECTARE, counts, fates
from viewer.crews import engines, hydrants
from viewer.deployment import CLOSES, orders, waiting
from viewer.facts import status_of
from viewer.hazards import floods, indoors
from viewer.plain import SENTENCE, markup
from viewer.record import ensemble
from viewer.response import answered
from viewer.words import say

if TYPE_CHECKING:
    from twin.store import City
    from viewer.layers import At

Row = tuple[palette.Colour, str]


#: colours of the base map -> what they are; sensors first: where no water flows they are left out
BASE = (
    ("sensor", "legend_sensor"),
    ("water", "legend_river"),
    ("road_main", "legend_main"),
    ("green", "legend_green"),
)


def legend(city: City, at: At, moment: str) -> str:
    """Return the legend of the map as HTML."""
    language = at.language
    parts = [f'<div class="legend" lang="{language}"><h3>{markup(say("legend", language))}</h3>']
    if at.run:
        run = city.runs.get(at.run)
        if run.status != "done":
            parts.append(f'<div class="badge">{markup(status_of(run, language))}</div>')
        parts.append(_quantity(city, at, moment))
    if not indoors(city, at.run):
        parts.append(_buildings(city, at))
    parts += [
        group("", [(palette.base(colour), say(key, language)) for colour, key in keys]) for keys in marks(city, at)
    ]
    parts.append(f'<div class="hint last">{markup(say("map_hint", language))}</div></div>')
    return "".join(parts)


def marks(city: City, at: At) -> list[tuple[tuple[str, str], ...]]:
    """Return the blocks of what is drawn in one colour: colour of the base map -> key of what it is."""
    water, found = floods(city, at.run), []
    if any(engine.there(None) for engine in engines(city, at.run)):
        found.append((("engine", "legend_engine"), ("hydrant", "legend_hydrant"))[: 1 + bool(hydrants(city, at.run))])
    if water:
        found.append((("closed", "legend_closed"), ("closed_some", "legend_closed_some")))
    kinds = {order.action.kind for order in orders(city, at.run)}
    response = (
        *((("unit", "legend_unit"),) if answered(city, at.run) else ()),
        *((("ordered", "legend_ordered"),) if kinds & set(CLOSES) or waiting(city, at.run) else ()),
        *((("evacuated", "legend_evacuated"),) if "evacuate" in kinds else ()),
    )
    if response:
        found.insert(0, response)
    if indoors(city, at.run):
        return found
    return [*found, BASE if water or not at.run else BASE[1:]]


def _quantity(city: City, at: At, moment: str) -> str:
    """Return the block of the quantity on the map."""
    frames, language = pictures.frames(city, at.run), at.language
    title = quantities.label(
        at.quantity,
        language,
        members=bool(ensemble(city, at.run)),
        over_time=quantities.moving(frames, at.quantity),
    )
    return group(title, classes(city, at), moment, quantities.notes(frames, at.quantity, language))


def _buildings(city: City, at: At) -> str:
    """Return the block of what colours the buildings."""
    language = at.language
    name = at.colour if at.run else "height"
    if name == "fire":
        return group(say("legend_building_fire", language), burning(city, at))
    rows, notes = palette.scale(name).rows, []
    if name != "height":
        untouched = "legend_dry" if floods(city, at.run) else "legend_unburnt"
        rows.insert(0, (palette.base("dry_building"), say(untouched, language)))
    if name == "probability":
        notes.append(quantities.share(ensemble(city, at.run), language))
    return group(say(f"legend_building_{name}", language), rows, "", notes)


def burning(city: City, at: At) -> list[Row]:
    """Return colour and text of each state of buildings in a fire, with their number at the moment."""
    here = fates(city, at.run)
    numbers = counts(here, at.index if at.time is not None else -1)
    scale = palette.scale("building_fire")
    rows = [(palette.base("dry_building"), say("legend_unburnt", at.language))]
    for colour, name, n in zip(scale.colours, quantities.class_names(scale, at.language), numbers, strict=True):
        rows.append((colour, say("class_buildings", at.language, name=name, n=n)))
    return rows


def classes(city: City, at: At) -> list[Row]:
    """Return colour and text of each class of the quantity that is shown, with the area that it has at the moment."""
    scale = pictures.scale_of(city, at.run, at.quantity)
    areas = pictures.areas(city, at.run, at.quantity, at.index)
    room = indoors(city, at.run)
    return [
        (colour, say("class_area", at.language, name=name, area=area_text(area, room=room)))
        for colour, name, area in zip(scale.colours, quantities.class_names(scale, at.language), areas, strict=True)
    ]


def area_text(area: float, *, room: bool = False) -> str:
    """Return an area (m2) in hectares, within a building in square metres."""
    return f"{area:,.0f} m²" if room else f"{area / HECTARE:,.1f} ha"


def group(title: str, rows: list[Row], note: str = "", more: list[str] | None = None) -> str:
    """Return one block of a legend: a title, a note under it, a swatch with text per row, and notes below them."""
    head = f"<h4>{markup(title)}</h4>" if title else ""
    small = f'<div class="hint">{markup(note)}</div>' if note else ""
    items = "".join(
        f'<li><span class="swatch" style="background:{palette.css(colour)}"></span>{markup(text)}</li>'
        for colour, text in rows
    )
    below = "".join(f'<div class="hint">{markup(text, SENTENCE)}</div>' for text in more or ())
    return f"{head}{small}<ul>{items}</ul>{below}"
