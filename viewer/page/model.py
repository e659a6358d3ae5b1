"""How far the figures can be trusted: what is validated and how, what is not, and which state made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from twin.names import readable
from viewer import pictures
from viewer.damage import impact
from viewer.facts import status_of
from viewer.hazards import budgets, parts
from viewer.moments import document
from viewer.page.budget import kind_of
from viewer.plain import PARAGRAPH, SENTENCE, markup
from viewer.words import say, validation

if TYPE_CHECKING:
    from twin.model.run import Run
    from twin.store import City
    from viewer.page.head import Subject


def show(city: City, subject: Subject) -> None:
    """Draw validation, limits and provenance of the run; the state of the data alone without one."""
    language, run = subject.language, subject.run
    st.html(f"<h2>{say('model', language)}</h2>")
    columns = st.columns(3 if run else 1, gap="medium")
    if run is not None:
        sentence = validation(run.hazard, run.validated, language)
        with columns[0], st.container(border=True, height="stretch"):
            st.html(f"<h3>{say('validated', language)}</h3><p>{markup(sentence, PARAGRAPH)}</p>")
        limits = "".join(f"<li>{say(f'not_validated_{what}', language)}</li>" for what in doubtful(city, run))
        if run.status != "failed":
            doubts = "".join(
                f"<li>{markup(say(f'doubt_{code}', language, value=value), SENTENCE)}</li>"
                for code, value in ((d["code"], d["value"]) for d in impact(city, run.id).get("unverified", []))
            )
            limits += f"<li>{say('unverified_values', language)}<ul>{doubts}</ul></li>" if doubts else ""
        with columns[1], st.container(border=True, height="stretch"):
            st.html(f'<h3>{say("not_validated", language)}</h3><ul class="limits">{limits}</ul>')
    with columns[-1], st.container(border=True, height="stretch"):
        items = "".join(f"<dt>{name}</dt><dd>{markup(value)}</dd>" for name, value in provenance(city, run, language))
        st.html(f'<h3>{say("provenance", language)}</h3><dl class="facts">{items}</dl>')


def doubtful(city: City, run: Run) -> list[str]:
    """Return what of a run nobody has compared with a city, by its hazards."""
    found = []
    for hazard in parts(run):
        if hazard == "flood":
            found += ["flood", *([] if drained(city, run.id) else ["drains"]), "damage", "people"]
        elif hazard == "fire":
            found += ["fire", "fuel", "crews", "fire_damage", "fire_people"]
        elif hazard == "indoor_fire":
            found += ["indoor_fire", "evacuation"]
    return found


def drained(city: City, run: str) -> bool:
    """Return whether a run's scenario has storm drains carry water."""
    scenario = document(city, run)
    params = scenario.get("flood") or scenario.get("params") or {}
    return str(params.get("drains", "none")) != "none"


def provenance(city: City, run: Run | None, language: str) -> list[tuple[str, str]]:
    """Return names and values of what made the figures: run, state of the data, code, systems, grid, budget."""
    rows = [
        (say("snapshot", language), str(run.snapshot if run else city.snapshot)),
        (say("crs", language), city.crs),
        (say("vertical", language), city.vertical or say("vertical_unknown", language)),
    ]
    if run is None:
        return rows
    if run.status != "failed":
        grid = pictures.frames(city, run.id).grid
        rows.append((say("grid", language), say("grid_value", language, nx=grid.nx, ny=grid.ny, cell=grid.cell)))
    books = []
    for budget in budgets(run):
        kind = kind_of(budget)
        amount = budget.outflow if kind == "fuel" else budget.inflow
        unit, size = readable(budget.unit, amount)
        value = say(f"budget_value_{kind}", language, error=budget.error_relative, amount=amount / size, unit=unit)
        books.append((say(f"budget_error_{kind}", language), value))
    return [
        (say("run_id", language), run.id),
        (say("status", language), status_of(run, language)),
        (say("code", language), run.code),
        *rows,
        *books,
    ]
