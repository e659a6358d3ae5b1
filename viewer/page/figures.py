"""The figures that matter, four to a row: of the flood, of the fire, of the building that burns inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from viewer import hazards
from viewer.damage import fire, flood
from viewer.inside import margin_of, rooms
from viewer.plain import markdown
from viewer.record import ensemble, record
from viewer.words import known_label, say

if TYPE_CHECKING:
    from twin.store import City
    from viewer.page.head import Subject

Card = tuple[str, dict[str, Any], dict[str, Any]]

#: code of the findings that a reader must not miss: the fire stood at a side of the area
EDGE = "fire_at_edge"


def show(city: City, subject: Subject) -> None:
    """Draw the figures of each hazard of the run, and what must not be missed; nothing without a run that worked."""
    run, language = subject.run, subject.language
    if run is None or run.status == "failed":
        return
    sides = [str(f.get("where")) for f in record(city, run.id).get("findings") or [] if f["code"] == EDGE]
    if sides:
        named = ", ".join(markdown(known_label("side", side, language)) for side in dict.fromkeys(sides))
        st.error(say(EDGE, language, sides=named))
    if ensemble(city, run.id) and hazards.floods(city, run.id):
        st.caption(say("figures_of_median", language))
    if ensemble(city, run.id) and hazards.burns(city, run.id):
        st.caption(say("fire_impact_note_members", language))
    if hazards.burns(city, run.id):
        _row(of_fire(fire(city, run.id)), language)
    if hazards.floods(city, run.id):
        _row(of_flood(flood(city, run.id), language), language)
    if hazards.indoors(city, run.id):
        _row(of_rooms(city, run.id, language), language)


def _row(cards: list[Card], language: str) -> None:
    for column, (name, value, note) in zip(st.columns(4), cards, strict=False):
        column.metric(
            say(f"kpi_{name}", language),
            say(f"kpi_{name}_value", language, **value),
            say(f"kpi_{name}_note", language, **note),
            delta_color="off",
            delta_arrow="off",
            border=True,
        )


def of_flood(facts: dict[str, Any], language: str) -> list[Card]:
    """Return what the water does: buildings, damage, people, the deepest water at a building."""
    total, affected = int(facts["buildings_total"]), int(facts["buildings_affected"])
    curve = markdown(known_label("curve", str(facts["curve"]), language))
    deepest = max((float(b["depth_max"]) for b in facts["buildings"]), default=0.0)
    share = {"total": total, "share": 100 * affected / max(total, 1), "limit": float(facts["affected_from_m"])}
    half = {"wet": facts["half_basements_wet"], "half": facts["half_basements"]}
    return [
        ("buildings", {"n": affected}, share),
        ("damage", money(facts["damage_krw"]), {"year": facts["price_year"], "curve": curve}),
        ("people", {"n": float(facts["people_exposed"])}, half),
        ("depth", {"depth": deepest}, {}),
    ]


def of_fire(facts: dict[str, Any]) -> list[Card]:
    """Return what the fire does: buildings that burn, damage, people, burnt ground."""
    total, n = int(facts["buildings_total"]), int(facts["buildings_affected"])
    share = {"total": total, "share": 100 * n / max(total, 1), "out": facts["by_state"]["burnt_out"]["buildings"]}
    return [
        ("burnt", {"n": n}, share),
        ("fire_damage", money(facts["damage_krw"]), {"year": facts["price_year"]}),
        ("fire_people", {"n": float(facts["people_exposed"])}, {"away": float(facts["people_evacuated_in_time"])}),
        ("area", {"area": float(facts["burnt_ha"])}, {}),
    ]


def money(krw: float) -> dict[str, Any]:
    """Return won in the units in which each language counts them."""
    return {"eok": float(krw) / 1e8, "billion": float(krw) / 1e9}


def of_rooms(city: City, run: str, language: str) -> list[Card]:
    """Return what the fire does inside: rooms that cannot be used, those left too late, the least margin, the heat."""
    found = rooms(city, run)
    margins = [room.margin for room in found if room.margin is not None]
    cards: list[Card] = [
        ("rooms", {"n": sum(room.untenable is not None for room in found)}, {"total": len(found)}),
        ("trapped", {"n": sum(room.trapped for room in found)}, {}),
    ]
    if margins:
        cards.append(("margin", {"minutes": margin_of(min(margins), language)}, {}))
    known = [room for room in found if room.hottest is not None]
    if known:
        hottest = max(known, key=lambda room: room.hottest or 0.0)
        cards.append(("hottest", {"hot": hottest.hottest}, {"room": markdown(hottest.name)}))
    return cards
