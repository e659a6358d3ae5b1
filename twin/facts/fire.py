"""What fires do, in lines and tables for a person: at the end of a run, and in an assessment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from twin.facts.shapes import COUNTED, Table, counted, minutes

ROWS = 20
"""Buildings or rooms that a table shows."""

STATES = {"heated": "가열", "burning": "연소 중", "burnt_out": "전소", "extinguished": "진화"}
CAUSES = {
    "given": "발화점",
    "radiation": "복사열",
    "contact": "화염 접촉",
    "brand": "비화",
    "vegetation": "식생",
    "unknown": "미상",
}
"""Words of the record -> what people call them in Korean."""


def outcome_lines(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a run of a fire came to, a line each; `results` as of `runs.outcome`."""
    fire, rooms = results.get("fire"), results.get("indoor_fire")
    if fire is not None:
        states = fire["buildings"]
        total = sum(n for name, n in states.items() if name != "heated")
        each = ", ".join(f"{STATES.get(name, name)} {name.replace('_', ' ')} {n:,}" for name, n in states.items())
        yield f"  연소 면적 burnt {fire['burnt_ha']:,.1f} ha · 연소 건물 buildings burnt {total:,}" + (
            f" ({each})" if each else ""
        )
    if rooms is not None:
        first = rooms["first_untenable_s"]
        when = "" if first is None else f" · 첫 위험 first after {first / 60:.1f} min"
        yield f"  위험해진 실 rooms untenable {rooms['rooms_untenable']:,} / {rooms['rooms']:,}{when}"


def fire_lines(facts: Mapping[str, Any]) -> list[str]:
    """Return the sums of an assessment of a fire for a person, a line each."""
    heated, plants = facts["buildings_heated"], facts["burnt_vegetation_ha"]
    ground = "" if plants is None else f" (식생 vegetation {plants:,.1f} ha)"
    return [
        (
            f"연소 건물 buildings burnt: {facts['buildings_affected']:,} / {facts['buildings_total']:,}, "
            f"가열 heated {heated:,}"
        ),
        f"연소 면적 ground burnt: {facts['burnt_ha']:,.1f} ha{ground}",
        (
            f"노출 인구 people exposed: {facts['people_exposed']:,.0f}, "
            f"미리 대피 evacuated in time {facts['people_evacuated_in_time']:,.0f}"
        ),
        f"피해액 damage: {facts['damage_krw'] / 1e8:,.1f} 억원 ({facts['curve']}, {facts['price_year']}년 가격 prices)",
    ]


def fire_tables(facts: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the tables of an assessment of a fire: title with the rules that hold, headings, rows."""
    yield (
        f"상태별 건물 · buildings by state ({facts['state_rule']}; {facts['damage_rule']}; {facts['people_rule']})",
        ("상태", "state", *COUNTED),
        [(STATES.get(name, name), name, *counted(group)) for name, group in facts["by_state"].items()],
    )
    if facts["by_cause"]:
        yield (
            "발화 원인별 건물 · buildings by what lit them",
            ("원인", "cause", *COUNTED),
            [(CAUSES.get(name, name), name, *counted(group)) for name, group in facts["by_cause"].items()],
        )
    roads = facts["roads"]
    if roads["closed"]:
        yield (
            f"통제 도로 · roads in the fire, {roads['closed_km']:,.1f} of {roads['km']:,.1f} km ({roads['rule']})",
            ("road", "name", "class", "from min", "until min", "m"),
            [
                (r["id"], r["name"], r["class"], minutes(r["from_s"]), minutes(r["until_s"]), f"{r['length_m']:,.0f}")
                for r in roads["closed"][:ROWS]
            ],
        )
    if facts["facilities"]:
        yield (
            f"대피소·중요시설 · shelters and places that are needed, reached by fire ({facts['place_rule']})",
            ("place", "name", "class", "from min"),
            [(f["id"], f["name"], f["class"] or f["kind"], minutes(f["arrival_s"])) for f in facts["facilities"]],
        )
    yield (
        "건물, 불붙은 순 · buildings, the first to burn first",
        ("building", "name", "use", "state", "cause", "by", "from min", "people", "damage 만원"),
        [
            (b["id"], b["name"], b["use"], b["state"], b["cause"], b["by"], minutes(b["ignited_s"]),
             f"{b['residents']:,.0f}", f"{b['damage_krw'] / 1e4:,.0f}")
            for b in facts["buildings"][:ROWS]
        ],
    )  # fmt: skip


def room_lines(facts: Mapping[str, Any]) -> list[str]:
    """Return what a fire inside a building came to for its people, a line each."""
    return [
        f"위험해진 실 rooms untenable: {facts['rooms_untenable']:,} / {facts['rooms']:,}",
        (
            f"노출 인원 people exposed: {_count(facts['people_exposed'])} / {_count(facts['people'])}, "
            f"남은 인원 still inside {_count(facts['people_inside'])}"
        ),
    ]


def room_tables(facts: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the rooms of a fire inside a building, the first to become untenable first."""
    yield (
        "실, 위험해진 순 · rooms, the first to become untenable first",
        ("room", "name", "storey", "people", "untenable min", "why", "hottest C"),
        [
            (r["id"], r["name"], r.get("storey") or "", _count(r["people"]), minutes(r["untenable_s"]),
             r.get("why") or "", f"{r['hottest_c']:.0f}")
            for r in facts["rooms_detail"][:ROWS]
        ],
    )  # fmt: skip


def _count(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
