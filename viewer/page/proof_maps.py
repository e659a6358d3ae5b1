"""A measure by district on two maps of one scale, without and with a proposal, with ways and targets of its steps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pydeck
import streamlit as st

from twin.names import MEASURE_NAMES
from twin.rooms import discover
from viewer import camera, palette
from viewer.deployment import districts as named
from viewer.deployment import facts, geometry, lines, names
from viewer.ground import lon_lat, point
from viewer.layers import At, LayerView
from viewer.layers._shapes import FLAT
from viewer.layers.responders import unit_name
from viewer.memo import remember
from viewer.page.legend import group
from viewer.page.stage import TOOLTIP
from viewer.plain import markup, plain
from viewer.words import index, known_label, say

if TYPE_CHECKING:
    from twin.model.response.proposal import Proof
    from twin.runs.response.decide import Listed
    from twin.store import City

#: px, a map beside its like; as narrow as on a phone
HEIGHT, WIDTH = 400, 400

#: how much wider than the city a map is
MARGIN = 1.12

#: m, detail of a border that a map of the whole city does not show
DETAIL = 8.0

#: targets that are marked on a map
TARGETS = 400

#: what lies under the districts' colours and over them, by the names of its layers
UNDER = ("water", "roads")

#: of 255, how far a district's colour hides the ground
HIDES = 205


@remember(size=2)
def _shapes(city: City) -> tuple[dict[str, Any], tuple[float, float, float, float]]:
    """Return id -> outline of a district in longitude and latitude, and the box around all of them in m."""
    import shapely

    batch = city.features.read("boundary", ids=list(facts(city).districts))
    solid = np.flatnonzero(shapely.get_dimensions(batch.geometry) == 2)
    batch = batch.take(solid)
    simple = shapely.simplify(batch.geometry, DETAIL)
    box = shapely.total_bounds(batch.geometry)
    shapes = lon_lat(np.asarray(simple, dtype=object), batch.crs)
    return dict(zip(batch.ids, shapes, strict=True)), (float(box[0]), float(box[1]), float(box[2]), float(box[3]))


def show(city: City, run: str, one: Listed, proof: Proof, measure: str, language: str) -> None:
    """Draw both maps and their legend."""
    without = {e.district: e.without for e in proof.effects if e.measure == measure and e.district}
    after = {e.district: max(e.without + e.median, 0.0) for e in proof.effects if e.measure == measure and e.district}
    scale = palette.fitted("harm", 0.0, max([*without.values(), *after.values(), 1e-9]))
    sides = {"without": (without, []), "with": (after, acts(city, one, language))}
    for column, (which, (values, more)) in zip(st.columns(2, gap="medium"), sides.items(), strict=True):
        with column:
            note = say(f"map_{which}_note", language)
            st.html(f'<h3>{say(f"map_{which}", language)}</h3><div class="note">{markup(note, 300)}</div>')
            st.pydeck_chart(
                pydeck.Deck(
                    layers=[*districts(city, run, values, measure, scale, language), *more],
                    initial_view_state=view(city),
                    map_provider=None,
                    tooltip={"text": "{tip}", "style": TOOLTIP},
                ),
                height=HEIGHT,
                key=f"map_{which}_{one.proposal.id}_{measure}",
                alt=say(
                    "map_proof_alt",
                    language,
                    measure=MEASURE_NAMES[measure][index(language)],
                    which=say(f"map_{which}", language),
                ),
            )
    rows = [(palette.base("dry_building"), say("none_in_district", language))]
    rows += list(zip(scale.colours, labels(scale), strict=True))
    marks = [
        (palette.base("unit"), say("legend_route", language)),
        (palette.base("ordered"), say("legend_target", language)),
    ]
    title = MEASURE_NAMES[measure][index(language)]
    st.html(f'<div class="legend wide" lang="{language}">{group(title, rows)}{group("", marks)}</div>')


def labels(scale: palette.Scale) -> list[str]:
    """Return the limits of classes as whole numbers, as people write them."""
    digits = 0 if scale.limits[1] - scale.limits[0] >= 1 else 2
    texts = [f"{limit:,.{digits}f}" for limit in scale.limits]
    return [f"{low} – {high}" for low, high in pairwise(texts)] + [f"≥ {texts[-1]}"]


def districts(
    city: City, run: str, values: dict[str, float], measure: str, scale: palette.Scale, language: str
) -> list[pydeck.Layer]:
    """Return the districts in the colours of their values, under the city's water and roads, and their outlines."""
    shapes, _ = _shapes(city)
    called, features = named(city), []
    for id_, shape in shapes.items():
        value = values.get(id_)
        # what is nothing at all has no class, as where nobody is counted
        number = int(scale.classify(np.array([value]))[0]) if value else -1
        shown = say("none_in_district", language) if value is None else f"{value:,.0f}"
        tip = f"{called.get(id_, plain(id_))}\n{MEASURE_NAMES[measure][index(language)]}: {shown}"
        properties = {"g": number, "tip": tip}
        features.append({"type": "Feature", "geometry": shape.__geo_interface__, "properties": properties})
    data = {"type": "FeatureCollection", "features": features}
    fill = palette.expression(scale.colours, "properties.g", palette.base("dry_building"), HIDES)
    layers = discover("viewer.layers", "layer")
    at = At(run=run, language=language)
    base = [layer.deck(city, at) for name in UNDER if isinstance(layer := layers[name], LayerView)]
    line = list(palette.base("line"))
    common: dict[str, Any] = {"data": data, "parameters": FLAT}
    filled = pydeck.Layer("GeoJsonLayer", id="districts", get_fill_color=fill, stroked=False, pickable=True, **common)
    outlined = pydeck.Layer(
        "GeoJsonLayer",
        id="outlines",
        filled=False,
        get_line_color=line,
        get_line_width=1,
        line_width_min_pixels=1.5,
        **common,
    )
    return [filled, *(layer for layer in base if layer is not None), outlined]


def acts(city: City, one: Listed, language: str) -> list[pydeck.Layer]:
    """Return the ways of units and the targets of the steps of a proposal."""
    called = names(city, language)
    ways: list[dict[str, Any]] = []
    targets: list[dict[str, Any]] = []
    for step in one.proposal.steps:
        what = plain(known_label("measure", step.action.kind, language))
        tip = f"{what} · {called.get(step.action.target, plain(step.action.target))}"
        shape = geometry(city, step.action)
        if shape is not None and len(targets) < TARGETS:
            targets.append({"type": "Feature", "geometry": shape, "properties": {"tip": tip}})
        way = [] if step.award is None else lines(city, step.award.edges)
        if step.award is not None and way:
            text = say("tip_way", language, unit=unit_name(step.award.unit, language), way=tip)
            shape = {"type": "MultiLineString", "coordinates": way}
            ways.append({"type": "Feature", "geometry": shape, "properties": {"tip": text}})
    found = []
    for name, rows, colour, width in (("ways", ways, "unit", 3), ("targets", targets, "ordered", 5)):
        if rows:
            found.append(
                pydeck.Layer(
                    "GeoJsonLayer",
                    id=name,
                    data={"type": "FeatureCollection", "features": rows},
                    get_line_color=[*palette.base(colour), 230] if name == "ways" else [255, 255, 255],
                    get_fill_color=[*palette.base(colour), 235],
                    get_line_width=width,
                    line_width_min_pixels=2 if name == "ways" else 1.5,
                    get_point_radius=12,
                    point_radius_min_pixels=5,
                    point_radius_max_pixels=9,
                    pickable=True,
                    parameters=FLAT,
                )
            )
    return found


@remember(size=2)
def view(city: City) -> pydeck.ViewState:
    """Return where both maps open: over all districts, from above."""
    _, (west, south, east, north) = _shapes(city)
    x, y = (west + east) / 2, (south + north) / 2
    lon, lat = point(x, y, city.crs)
    scale, _, _ = camera.fit(MARGIN * (east - west), MARGIN * (north - south), 0.0, 0.0, WIDTH, HEIGHT)
    zoom = camera.zoom(scale, lat)
    return pydeck.ViewState(longitude=lon, latitude=lat, zoom=zoom, pitch=0, bearing=0, min_zoom=8, max_zoom=20)
