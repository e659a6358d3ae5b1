"""What the command line says as JSON (keys that other programs rely on), and the tables of an assessment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from twin.names import PARTS

if TYPE_CHECKING:
    from datetime import datetime

    from twin.model.run import Budget, Run
    from twin.store import City


STATUS = {"done": "완료", "partial": "중단됨", "failed": "실패"}
"""State of a run in Korean."""

PLACE = 60
"""Letters up to which the place of a finding stands in its line; lists of ids stand in the record."""

COMPARED = {
    "flooded_m2": ("침수 면적", "area under 0.1 m or more", 1e-4, "ha"),
    "buildings_affected": ("침수 건물", "buildings affected", 1, ""),
    "half_basements_wet": ("침수 반지하", "half-basements wet", 1, ""),
    "people_exposed": ("노출 인구", "people exposed", 1, ""),
    "damage_krw": ("피해액", "damage", 1e-8, "억원"),
}
"""Figure of two runs -> its name in Korean and English, factor and unit of what is shown."""

DEPTHS = (
    ("deepest_rise_m", "가장 깊어진 곳", "deepest rise of the greatest depth"),
    ("deepest_fall_m", "가장 얕아진 곳", "deepest fall of the greatest depth"),
    ("mean_depth_difference_m", "평균 차이", "mean difference of the greatest depth"),
)


def stopped(city: City, begun: datetime, *, many: bool) -> str:
    """Return what is said when somebody stops a run that began at `begun`; `many`: an ensemble."""
    if not any(run.status == "partial" and run.started >= begun for run in city.runs.list()):
        return "twin: 준비하다가 멈췄습니다; 남은 것이 없습니다 · stopped while it was being prepared; nothing was kept"
    kept = "twin: 멈췄습니다; 계산한 데까지 부분 실행으로 남습니다 · stopped; what was done is a partial run"
    return kept if many else f"{kept}; 이어서 하려면 --resume goes on"


def run_facts(run: Run) -> dict[str, Any]:
    """Return a run with its budget in m3."""
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
        "budget": {
            "in": run.budget.inflow,
            "out": run.budget.outflow,
            "stored": run.budget.stored,
            "error_relative": run.budget.error_relative,
            "parts": dict(run.budget.parts),
        },
        "started": run.started,
        "snapshot": run.snapshot,
        "code": run.code,
        "validated": run.validated,
    }


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


def impact_lines(facts: Mapping[str, Any]) -> list[str]:
    """Return the sums of an assessment for a person, a line each."""
    spread = sorted(facts["damage_by_curve_krw"].values())
    least, most = (f"{value / 1e8:,.1f}" for value in (spread[0], spread[-1]))
    return [
        f"침수 건물 buildings affected: {facts['buildings_affected']:,} / {facts['buildings_total']:,}",
        f"노출 인구 people exposed: {facts['people_exposed']:,.0f}",
        (
            f"피해액 damage: {facts['damage_krw'] / 1e8:,.1f} 억원 ({facts['curve']}, {facts['price_year']}년 가격 "
            f"prices; 확인된 곡선 모두 all verified curves: {least} - {most} 억원)"
        ),
    ]


def compare_rows(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the lines of a comparison for a person: figure in two languages, first, second, difference."""
    yield "실행", "run", facts["first"], facts["second"], ""
    yield "시나리오", "scenario", facts["first_title"], facts["second_title"], ""
    for name, (ko, en, factor, unit) in COMPARED.items():
        first, second, change = (factor * facts[f"{name}_{which}"] for which in ("first", "second", "difference"))
        form = ",.1f" if unit in {"ha", "억원"} else ",.0f"
        yield ko, f"{en}, {unit}" if unit else en, f"{first:{form}}", f"{second:{form}}", f"{change:+{form}}"
    for name, ko, en in DEPTHS:
        yield ko, f"{en}, m", "", "", f"{facts[name]:.3f}"
    yield "물의 양", "volume of the greatest depths, m3", "", "", f"{facts['volume_m3_difference']:+,.0f}"
    if not facts["same_city"]:
        yield "도시 상태가 다름", "the states of the city differ", "", "", ""


def budget_rows(budget: Budget) -> list[tuple[str, str, str]]:
    """Return the lines of a water budget for a person: its terms that are not 0, the sums, the error as a share."""
    terms = [(*PARTS.get(name, (name, name)), f"{volume:,.1f}") for name, volume in budget.parts.items() if volume]
    sums = (("합계 유입", "in", budget.inflow), ("합계 유출", "out", budget.outflow), ("저류", "stored", budget.stored))
    error = ("오차 (비율)", "error, relative", f"{budget.error_relative:.1e}")
    return [*terms, *((ko, en, f"{volume:,.1f}") for ko, en, volume in sums), error]


def ensemble_rows(facts: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return the lines of an ensemble for a person."""
    deep = f"{facts['threshold_m']:g} m"
    counted = facts["buildings_with_probability"]
    return [
        ("구성원", "members", f"{facts['members']} / {facts['asked']}"),
        *(
            (f"침수심 {deep} 초과 확률 {float(p):.0%} 이상 건물", f"buildings, {p} or more above {deep}", f"{n:,}")
            for p, n in counted.items()
        ),
    ]


def city_facts(city: City) -> dict[str, Any]:
    """Return what the twin holds: layers, rasters, models, sources, the latest value of each sensor, runs."""
    return {
        "twin": str(city.path),
        "crs": city.crs,
        "vertical": city.vertical,
        "zone": city.zone,
        "snapshot": city.snapshot,
        "layers": [{"name": i.name, "kind": i.kind, "count": i.count} for i in city.features.layers()],
        "rasters": [
            {"name": r.name, "quantity": r.quantity, "cell": r.cell, "bounds": r.bounds} for r in city.rasters.list()
        ],
        "models": [m.id for m in city.models.list()],
        "sources": [
            {"file": s.file, "sha256": s.sha256, "reader": s.reader, "licence": s.licence, "recorded_at": s.recorded_at}
            for s in city.sources.list()
        ],
        "sensors": [
            {
                "datastream": v.datastream,
                "thing": v.thing,
                "property": v.property,
                "unit": v.unit,
                "time": v.time,
                "value": v.value,
            }
            for v in city.sensors.current()
        ],
        "runs": [r.id for r in city.runs.list()],
    }


def impact_tables(facts: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...], list[tuple[object, ...]]]]:
    """Yield the tables of an assessment for a person: title with the limits that hold, headings, rows."""
    rules, roads = facts["rules"], facts["roads"]
    defra = rules["defra"]
    counted = ("buildings", "people", "damage 억원")
    yield (
        f"위험 등급별 인구 · people by hazard class, AIDR H1 to H6 ({facts['hazard_rule']})",
        ("class", "up to m2/s", "m", "m/s", *counted),
        [
            (name, *_limits(rules["aidr"]["limits"], name), *_counted(group))
            for name, group in facts["by_hazard_class"].items()
        ],
    )
    yield (
        (
            f"위험도별 인구 · people by hazard rating, Defra (HR = d (v + 0.5) + DF; DF {defra['debris_form']}: "
            f"{defra['debris_text']}; danger for most up to {defra['most_limit']:g}; {facts['rating_rule']})"
        ),
        ("class", "from", *counted),
        [
            (limit["class"], f"{limit['rating_from']:g}", *_counted(facts["by_defra_class"][limit["class"]]))
            for limit in defra["limits"]
        ],
    )
    if roads["total"]:
        yield (
            f"통제 도로 · roads closed, of {roads['total']} with {roads['km']:,.1f} km",
            ("vehicle", "above m", "above m2/s", "roads", "km"),
            [
                (v["en"], v["depth_m"], v["product_m2_s"], shut["closed_roads"], f"{shut['closed_km']:.1f}")
                for v in rules["vehicles"]
                for shut in [roads["by_vehicle"][v["class"]]]
            ],
        )
    under = [u for u in facts["underpasses"] if u["closed"]["small_car"]]
    if under:
        yield (
            f"차량 통행 불가 지하차도 · underpasses closed to cars, of {len(facts['underpasses'])}",
            ("underpass", "name", "from min", "until min", "depth m"),
            [
                (u["id"], u["name"], _minutes(car["from_s"]), _minutes(car["until_s"]), u["depth_max_m"])
                for u in under
                for car in [u["closed"]["small_car"]]
            ],
        )
    if facts["basements_flooded"]:
        yield (
            f"침수 지하층 · basements that take water, of {facts['basements_modelled']} in the run",
            ("building", "name", "half-basement", "from min", "depth m", "people"),
            [
                (b["id"], b["name"], "yes" if b["half_basement"] else "", _minutes(b["from_s"]), b["depth_max_m"],
                 f"{b['residents']:,.0f}")
                for b in facts["basements_flooded"][:20]
            ],
        )  # fmt: skip
    if facts["facilities"]:
        yield (
            "대피소·중요시설 · shelters and places that are needed, reached by water",
            ("place", "name", "class", "from min", "depth m", "AIDR", "Defra"),
            [
                (f["id"], f["name"], f["class"] or f["kind"], _minutes(f["affected_from_s"]), f["depth_max"],
                 f["hazard_class"], f["defra_class"])
                for f in facts["facilities"]
            ],
        )  # fmt: skip
    yield (
        "건물, 깊은 순 · buildings, the deepest water first",
        ("building", "name", "use", "depth m", "from min", "for min", "storeys", "basements", "damage 만원"),
        [
            (b["id"], b["name"], b["use"], f"{b['depth_max']:.2f}", _minutes(b["affected_from_s"]),
             _minutes(b["affected_for_s"]), b["storeys_wet"], b["basements_wet"], f"{b['damage_krw'] / 1e4:,.0f}")
            for b in facts["buildings"][:20]
        ],
    )  # fmt: skip


def _limits(limits: list[dict[str, Any]], name: str) -> tuple[object, ...]:
    """Return the limits of a class of AIDR; the last has none."""
    for limit in limits:
        if limit["class"] == name:
            return limit["product_m2_s"], limit["depth_m"], limit["speed_m_s"]
    return "", "", ""


def _counted(group: dict[str, Any]) -> tuple[object, ...]:
    return group["buildings"], f"{group['people']:,.0f}", f"{group['damage_krw'] / 1e8:,.1f}"


def _minutes(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 60:.0f}"
