"""Two runs side by side, in rows for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

COMPARED = {
    "burnt_ha": ("연소 면적", "ground burnt", 1, "ha"),
    "buildings_burnt_out": ("전소 건물", "buildings burnt out", 1, ""),
    "buildings_extinguished": ("진화 건물", "buildings put out", 1, ""),
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


def compare_rows(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the lines of a comparison for a person: figure in two languages, first, second, difference."""
    yield "실행", "run", facts["first"], facts["second"], ""
    yield "시나리오", "scenario", facts["first_title"], facts["second_title"], ""
    for name, (ko, en, factor, unit) in COMPARED.items():
        if f"{name}_first" not in facts:
            continue
        title = "피해 건물" if name == "buildings_affected" and "burnt_ha_first" in facts else ko
        first, second, change = (factor * facts[f"{name}_{which}"] for which in ("first", "second", "difference"))
        form = ",.1f" if unit in {"ha", "억원"} else ",.0f"
        yield title, f"{en}, {unit}" if unit else en, f"{first:{form}}", f"{second:{form}}", f"{change:+{form}}"
    for name, ko, en in DEPTHS:
        if name in facts:
            yield ko, f"{en}, m", "", "", f"{facts[name]:.3f}"
    if "volume_m3_difference" in facts:
        yield "물의 양", "volume of the greatest depths, m3", "", "", f"{facts['volume_m3_difference']:+,.0f}"
    if "mean_arrival_difference_s" in facts:
        later = f"{facts['mean_arrival_difference_s'] / 60:+,.1f}"
        yield "화재 도달 (둘 다 탄 곳 평균)", "arrival of fire, mean where both burn, min", "", "", later
        yield "상태가 다른 건물", "buildings in another state", "", "", f"{len(facts['states_changed']):,}"
    if not facts["same_city"]:
        yield "도시 상태가 다름", "the states of the city differ", "", "", ""
