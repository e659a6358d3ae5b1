"""The proof of a proposal: what it changes over the members of a forecast, with intervals and by district."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from twin.model.response.drill import Drill
from twin.names import MEASURE_NAMES
from viewer import palette
from viewer.deployment import districts, facts
from viewer.page import proof_maps
from viewer.page import proposal as words
from viewer.plain import markup
from viewer.response import listed
from viewer.words import index, say

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from twin.model.response.proposal import Effect, Proof
    from twin.runs.response.decide import Listed
    from twin.store import City
    from viewer.page.head import Subject

#: seeds that are written out
SEEDS = 8


def show(city: City, subject: Subject) -> None:
    """Draw the proof of the proposal that the reader chooses."""
    language, run = subject.language, subject.run
    assert run is not None
    proved = [one for one in listed(city, run.id) if one.proof is not None]
    st.html(f"<h2>{say('page_proof', language)}</h2>")
    if not proved:
        st.info(say("proof_none", language))
        return
    one = words.choose(city, run.id, proved, language)
    assert one.proof is not None
    with st.container(border=True):
        words.card(city, run.id, one, language)
    note = say("proof_note", language, members=one.proof.members)
    st.html(f'<h2>{say("effects", language)}</h2><div class="note">{markup(note, 600)}</div>')
    whole = [effect for effect in one.proof.effects if not effect.district]
    if any(effect.median or effect.low or effect.high for effect in one.proof.effects):
        _effects(city, run.id, one, one.proof, whole, language)
    else:
        st.info(say("effects_none", language))
        if whole:
            st.dataframe(of_effects(whole, language), hide_index=True, alt=say("effects", language))
    words.draw_steps(city, run.id, one, language)
    _basis(city, run.id, one, one.proof, language)


def _effects(city: City, run: str, one: Listed, proof: Proof, whole: list[Effect], language: str) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.dataframe(of_effects(whole, language), hide_index=True, alt=say("effects", language))
    with right:
        measure = st.selectbox(
            say("choose_measure", language),
            by_weight(proof),
            format_func=lambda name: measure_name(name, language),
            key=f"measure_{one.proposal.id}",
        )
        st.altair_chart(
            chart(city, proof, measure, language),
            alt=say("interval_alt", language, measure=measure_name(measure, language)),
        )
    if not facts(city).districts:
        st.caption(say("districts_none", language))
        return
    proof_maps.show(city, run, one, proof, measure, language)
    st.html(f"<h3>{say('by_district', language)} · {markup(measure_name(measure, language))}</h3>")
    frame = of_districts(city, proof, measure, language)
    st.dataframe(frame, hide_index=True, height=38 + 35 * min(len(frame), 10), alt=say("by_district", language))


def measure_name(name: str, language: str) -> str:
    """Return what people call a measure."""
    return MEASURE_NAMES[name][index(language)]


def by_weight(proof: Proof) -> list[str]:
    """Return the measures of a proof: those that change first, people before money."""
    changed = {e.measure for e in proof.effects if e.low or e.high or e.median}
    names = dict.fromkeys(e.measure for e in proof.effects)
    return sorted(names, key=lambda name: (name not in changed, name not in words.FIRST))


def judged(effect: Effect, language: str) -> str:
    """Return what an interval says: less, more, the same, or nothing."""
    if effect.low == effect.high == 0:
        return say("effect_same", language)
    if effect.high < 0:
        return say("effect_less", language)
    return say("effect_more" if effect.low > 0 else "effect_open", language)


def of_effects(effects: list[Effect], language: str) -> pd.DataFrame:
    """Return one row per measure of the whole city."""
    import pandas as pd

    return pd.DataFrame(
        {
            say("column_measure_of", language): [measure_name(e.measure, language) for e in effects],
            say("column_without", language): [f"{e.without:,.0f}" for e in effects],
            say("column_change", language): [words.number(e.median) for e in effects],
            say("column_low", language): [words.number(e.low) for e in effects],
            say("column_high", language): [words.number(e.high) for e in effects],
            say("column_judged", language): [judged(e, language) for e in effects],
        }
    )


def of_districts(city: City, proof: Proof, measure: str, language: str) -> pd.DataFrame:
    """Return one row per district, with and without the proposal, and the whole city last."""
    import pandas as pd

    found = {e.district: e for e in proof.effects if e.measure == measure}
    names = districts(city)
    rows = [*sorted(names, key=lambda id_: (id_ not in found, names[id_])), *([""] if "" in found else [])]
    none = say("none_in_district", language)
    return pd.DataFrame(
        {
            say("column_district", language): [names.get(id_) or say("whole_city", language) for id_ in rows],
            say("column_without", language): [f"{found[i].without:,.0f}" if i in found else none for i in rows],
            say("column_with", language): [
                f"{max(found[i].without + found[i].median, 0.0):,.0f}" if i in found else none for i in rows
            ],
            say("column_change", language): [words.interval(found[i]) if i in found else none for i in rows],
            say("column_judged", language): [judged(found[i], language) if i in found else "–" for i in rows],
        }
    )


def chart(city: City, proof: Proof, measure: str, language: str) -> alt.LayerChart | alt.FacetChart:
    """Return medians and intervals of a measure, the whole city first, with each member and 0 marked."""
    import altair as alt
    import pandas as pd

    names = districts(city)
    found = [e for e in proof.effects if e.measure == measure]
    found.sort(key=lambda e: (bool(e.district), e.median, names.get(e.district, "")))
    found = [e for e in found if not e.district or e.low or e.high][:12]
    labels = [names.get(e.district, e.district) if e.district else say("whole_city", language) for e in found]
    rows = pd.DataFrame(
        {
            "name": labels,
            "low": [e.low for e in found],
            "high": [e.high for e in found],
            "median": [e.median for e in found],
        }
    )
    members = pd.DataFrame(
        [{"name": label, "value": value} for label, e in zip(labels, found, strict=True) for value in e.members],
        columns=["name", "value"],
    )
    ink, accent = palette.css(palette.base("ink")), palette.css(palette.base("ordered"))
    y = alt.Y("name:N", sort=labels, title=None, axis=alt.Axis(labelLimit=140))
    title = say("interval_title", language)
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=ink, strokeDash=[4, 3]).encode(x="zero:Q")
    bars = (
        alt.Chart(rows).mark_rule(color=accent, strokeWidth=3).encode(y=y, x=alt.X("low:Q", title=title), x2="high:Q")
    )
    ticks = (
        alt.Chart(members)
        .mark_tick(color=accent, opacity=0.45, thickness=1.5, size=14)
        .encode(y=y, x=alt.X("value:Q", title=title))
    )
    dots = (
        alt.Chart(rows)
        .mark_point(color=accent, fill="white", filled=True, size=70, stroke=accent, strokeWidth=2, opacity=1)
        .encode(y=y, x=alt.X("median:Q", title=title))
    )
    return alt.layer(zero, bars, ticks, dots).properties(height=46 + 32 * len(found))


def _basis(city: City, run: str, one: Listed, proof: Proof, language: str) -> None:
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        items = "".join(f"<dt>{markup(k)}</dt><dd>{markup(v, 200)}</dd>" for k, v in basis(one, proof, language))
        st.html(f'<h3>{say("made_from", language)}</h3><dl class="facts">{items}</dl>')
    with right, st.container(border=True, height="stretch"):
        items = "".join(f"<li>{markup(text, 600)}</li>" for text in assumed(city, run, language))
        st.html(f'<h3>{say("assumed", language)}</h3><ul class="limits">{items}</ul>')


def basis(one: Listed, proof: Proof, language: str) -> list[tuple[str, str]]:
    """Return what a proof rests on: members, horizon, grid, seeds, forecast, evidence."""
    west, south, east, north = proof.area
    area = say("proof_area_none", language)
    if east > west:
        area = say("proof_area_value", language, east=east - west, north=north - south)
    seeds = ", ".join(str(seed) for seed in proof.seeds[:SEEDS]) + ("…" if len(proof.seeds) > SEEDS else "")
    return [
        (say("proof_members", language), say("proof_members_value", language, n=proof.members)),
        (say("proof_horizon", language), say("proof_horizon_value", language, minutes=proof.horizon / 60)),
        (say("proof_cell", language), f"{proof.cell:g} m" if proof.cell else "–"),
        (say("proof_area", language), area),
        (say("proof_seeds", language), seeds or "–"),
        (say("proof_outlook", language), proof.outlook),
        (
            say("proof_evidence", language),
            say("proof_evidence_value", language, n=len(one.proposal.evidence)),
        ),
        (say("proof_hash", language), one.proposal.hash),
    ]


def assumed(city: City, run: str, language: str) -> list[str]:
    """Return what the forecasts behind the proofs of a run assume, as its scenario says it."""
    from twin.runs.document import parse_scenario

    scenario = parse_scenario(city.runs.scenario_text(run), "scenario.toml")
    drill = scenario.response or Drill()
    found = [] if scenario.response is not None else [say("assumed_none", language)]
    if scenario.rain is not None:
        rain = {"percent": f"{100 * drill.nowcast_cv:g}", "minutes": drill.nowcast_shift / 60}
        found.append(say("assumed_nowcast", language, **rain))
    senses = {"noise": drill.noise, "minutes": drill.delay / 60, "percent": f"{100 * drill.lost:g}"}
    return [
        *found,
        say("assumed_known", language, percent=f"{100 * drill.known_cv:g}"),
        say("assumed_senses", language, **senses),
        say("assumed_compliance", language, percent=f"{100 * drill.compliance:g}", minutes=drill.preparing / 60),
        say("assumed_night" if drill.night else "assumed_day", language),
        say("assumed_unverified", language),
    ]
