"""Runs: their books in the unit of their hazard, what they found, and what an ensemble is of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from twin.names import PARTS, readable

if TYPE_CHECKING:
    from datetime import datetime

    from twin.model.run import Budget, Run
    from twin.store import City


STATUS = {"done": "완료", "partial": "중단됨", "failed": "실패"}
"""State of a run in Korean."""

PLACE = 60
"""Letters up to which the place of a finding stands in its line; lists of ids stand in the record."""

BOOKS = {"m3": ("물수지", "water budget"), "MJ": ("열수지", "heat budget")}
"""Unit of a budget -> what it is called in Korean and English."""

FUEL, FUEL_BOOK, FUEL_LEFT = "fuel_at_start", ("연료·열수지", "fuel and heat budget"), ("남은 연료", "left")
"""Term that a budget of fuel has; what such a budget is called, and what is stored in it."""


def stopped(city: City, begun: datetime, *, many: bool) -> str:
    """Return what is said when somebody stops a run that began at `begun`; `many`: an ensemble."""
    if not any(run.status == "partial" and run.started >= begun for run in city.runs.list()):
        return "twin: 준비하다가 멈췄습니다; 남은 것이 없습니다 · stopped while it was being prepared; nothing was kept"
    kept = "twin: 멈췄습니다; 계산한 데까지 부분 실행으로 남습니다 · stopped; what was done is a partial run"
    return kept if many else f"{kept}; 이어서 하려면 --resume goes on"


def run_facts(run: Run) -> dict[str, Any]:
    """Return a run with its budget, in the unit that the budget states."""
    return {
        "run": run.id,
        "scenario": run.title,
        "hazard": run.hazard,
        "status": run.status,
        "members": run.members,
        "frames": run.frames,
        "cells": run.cells,
        "simulated_s": run.simulated_s,
        "wall_s": run.wall_s,
        "cell_updates": run.cell_updates,
        "budget": _budget_facts(run.budget),
        "started": run.started,
        "snapshot": run.snapshot,
        "code": run.code,
        "validated": run.validated,
    }


def _budget_facts(budget: Budget) -> dict[str, Any]:
    """Return a budget; `also` holds those of the other hazards of the run, where there are any."""
    facts: dict[str, Any] = {
        "unit": budget.unit,
        "in": budget.inflow,
        "out": budget.outflow,
        "stored": budget.stored,
        "error_relative": budget.error_relative,
        "parts": dict(budget.parts),
    }
    return facts | ({"also": [_budget_facts(other) for other in budget.also]} if budget.also else {})


def run_lines(run: Run) -> list[str]:
    """Return what a person is to know of a run at once, a line each."""
    minutes = f"{run.simulated_s / 60:.0f}"
    return [
        f"실행 run {run.id}: {run.title}: {STATUS.get(run.status, '')} {run.status}",
        (
            f"  모의 {minutes}분, 프레임 {run.frames}개, 격자 {run.cells:,}칸, 계산 {run.wall_s:.1f}초 · "
            f"{run.frames} frames over {minutes} min, {run.cells:,} cells, {run.wall_s:.1f} s"
        ),
        f"  검증 validation: {run.validated}",
    ]


def finding_lines(findings: Iterable[Mapping[str, str]], *, warnings: bool) -> Iterator[str]:
    """Yield the findings of a run as lines, the place of each only where it is short enough to be read.

    warnings  False: they have been told already
    """
    for finding in findings:
        if warnings or finding["severity"] != "warning":
            place = finding["where"]
            yield f"    {finding['severity']}: {finding['message']}" + (
                f" ({place})" if 0 < len(place) <= PLACE else ""
            )


def budget_tables(budget: Budget) -> Iterator[tuple[tuple[str, str, str], list[tuple[str, str, str]]]]:
    """Yield the budgets of a run for a person, a table for each hazard: headings, and rows as of `budget_rows`."""
    for one in (budget, *budget.also):
        ko, en = FUEL_BOOK if FUEL in one.parts else BOOKS.get(one.unit, ("수지", "budget"))
        yield (ko, en, _shown(one)[0]), budget_rows(one)


def budget_rows(budget: Budget) -> list[tuple[str, str, str]]:
    """Return the lines of a budget for a person: its terms that are not 0, the sums, the error as a share."""
    size = _shown(budget)[1]
    terms = [
        (*PARTS.get(name, (name, name)), _amount(amount / size))
        for name, amount in budget.parts.items()
        if amount and name != "stored"  # it is among the sums
    ]
    stored = FUEL_LEFT if FUEL in budget.parts else ("저류" if budget.unit == "m3" else "축적", "stored")
    sums = (("합계 유입", "in", budget.inflow), ("합계 유출", "out", budget.outflow), (*stored, budget.stored))
    error = ("오차 (비율)", "error, relative", f"{budget.error_relative:.1e}")
    return [*terms, *((ko, en, _amount(amount / size)) for ko, en, amount in sums), error]


def _amount(value: float) -> str:
    """Return an amount with one digit; what is rounded to nothing has no sign."""
    return f"{round(value, 1) + 0.0:,.1f}"


def _shown(budget: Budget) -> tuple[str, float]:
    """Return the unit in which a budget is told, and how many of its own are in that."""
    return readable(budget.unit, max(map(abs, (budget.inflow, budget.outflow, budget.stored, *budget.parts.values()))))


def ensemble_rows(facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the lines of an ensemble for a person."""
    deep = facts["threshold_m"]
    ko, en = ("연소", "that burn") if deep is None else (f"침수심 {deep:g} m 초과", f"above {deep:g} m")
    counted = facts["buildings_with_probability"]
    return [
        ("구성원", "members", f"{facts['members']} / {facts['asked']}"),
        *(
            (f"{ko} 확률 {float(p):.0%} 이상 건물", f"buildings, {p} or more {en}", f"{n:,}")
            for p, n in counted.items()
        ),
    ]
