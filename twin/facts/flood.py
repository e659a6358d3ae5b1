"""What water does to a city, in lines and tables for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from twin.facts.shapes import COUNTED, Table, counted, minutes


def flood_lines(facts: Mapping[str, Any]) -> list[str]:
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


def flood_tables(facts: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the tables of an assessment for a person: title with the limits that hold, headings, rows."""
    rules, roads = facts["rules"], facts["roads"]
    defra = rules["defra"]
    yield (
        f"위험 등급별 인구 · people by hazard class, AIDR H1 to H6 ({facts['hazard_rule']})",
        ("class", "up to m2/s", "m", "m/s", *COUNTED),
        [
            (name, *_limits(rules["aidr"]["limits"], name), *counted(group))
            for name, group in facts["by_hazard_class"].items()
        ],
    )
    yield (
        (
            f"위험도별 인구 · people by hazard rating, Defra (HR = d (v + 0.5) + DF; DF {defra['debris_form']}: "
            f"{defra['debris_text']}; danger for most up to {defra['most_limit']:g}; {facts['rating_rule']})"
        ),
        ("class", "from", *COUNTED),
        [
            (limit["class"], f"{limit['rating_from']:g}", *counted(facts["by_defra_class"][limit["class"]]))
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
                (u["id"], u["name"], minutes(car["from_s"]), minutes(car["until_s"]), u["depth_max_m"])
                for u in under
                for car in [u["closed"]["small_car"]]
            ],
        )
    if facts["basements_flooded"]:
        yield (
            f"침수 지하층 · basements that take water, of {facts['basements_modelled']} in the run",
            ("building", "name", "half-basement", "from min", "depth m", "people"),
            [
                (b["id"], b["name"], "yes" if b["half_basement"] else "", minutes(b["from_s"]), b["depth_max_m"],
                 f"{b['residents']:,.0f}")
                for b in facts["basements_flooded"][:20]
            ],
        )  # fmt: skip
    if facts["facilities"]:
        yield (
            "대피소·중요시설 · shelters and places that are needed, reached by water",
            ("place", "name", "class", "from min", "depth m", "AIDR", "Defra"),
            [
                (f["id"], f["name"], f["class"] or f["kind"], minutes(f["affected_from_s"]), f["depth_max"],
                 f["hazard_class"], f["defra_class"])
                for f in facts["facilities"]
            ],
        )  # fmt: skip
    yield (
        "건물, 깊은 순 · buildings, the deepest water first",
        ("building", "name", "use", "depth m", "from min", "for min", "storeys", "basements", "damage 만원"),
        [
            (b["id"], b["name"], b["use"], f"{b['depth_max']:.2f}", minutes(b["affected_from_s"]),
             minutes(b["affected_for_s"]), b["storeys_wet"], b["basements_wet"], f"{b['damage_krw'] / 1e4:,.0f}")
            for b in facts["buildings"][:20]
        ],
    )  # fmt: skip


def _limits(limits: list[dict[str, Any]], name: str) -> tuple[object, ...]:
    """Return the limits of a class of AIDR; the last has none."""
    for limit in limits:
        if limit["class"] == name:
            return limit["product_m2_s"], limit["depth_m"], limit["speed_m_s"]
    return "", "", ""
