"""The page's logic, run as Streamlit runs it, without a browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.viewer import small
from tests.viewer.small import RUN
from twin import store
from viewer import desk
from viewer.damage import impact
from viewer.words import say

APP = Path(__file__).parent.parent.parent / "viewer" / "app.py"


def page(**query: str) -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def html(at: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in at.get("html"))


def deck(at: AppTest) -> dict:
    return json.loads(at.get("deck_gl_json_chart")[0].proto.json)


def layer(at: AppTest, name: str) -> dict:
    return next(x for x in deck(at)["layers"] if x["id"] == name)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_whole_page_in_both_languages(city, language: str) -> None:
    at = page(lang=language)
    assert not at.exception
    assert not at.error
    facts = impact(city, RUN)
    assert at.metric[0].label == say("kpi_buildings", language)
    assert at.metric[0].value == say("kpi_buildings_value", language, n=facts["buildings_affected"])
    assert f"{facts['people_exposed']:,.0f}" in at.metric[2].value
    text = html(at)
    for key in ("map", "impact", "sensors", "sources", "model", "legend", "fictional"):
        assert say(key, language) in text
    assert "가온시" in text
    for doubt in facts["unverified"]:
        assert say("doubt_" + doubt["code"], language, value=doubt["value"]) in text
    shown = (
        " ".join(m.label for m in at.metric)
        + " ".join(c.value for c in at.caption)
        + " ".join(b.label for b in at.button)
    )
    assert bool(re.search("[가-힣]", shown)) == (language == "ko")


def tables(at: AppTest, *columns: str) -> list:
    """Return the tables of a page that have all these columns."""
    return [frame.value for frame in at.dataframe if set(columns) <= set(frame.value.columns)]


def test_tables_hold_the_figures_of_the_map(city) -> None:
    at = page()
    facts = impact(city, RUN)
    (by_class,), (by_building,) = tables(at, "침수심 등급", "건물 (동)"), tables(at, "건물", "피해액 (만원)")
    assert by_class["건물 (동)"].iloc[-1] == facts["buildings_affected"]
    assert by_class["건물 (동)"].iloc[:-1].tolist() == [b["buildings"] for b in facts["by_depth"]]
    assert len(by_building) == min(facts["buildings_affected"], 500)
    assert by_building["피해액 (만원)"].is_monotonic_decreasing
    counts = by_building["침수심 등급"].value_counts().to_dict()
    assert counts == {
        c: n for c, n in zip(by_class["침수심 등급"], by_class["건물 (동)"], strict=True) if n and c in counts
    }


def test_no_host_but_ours_and_small_messages(city) -> None:
    at = page()
    text = at.get("deck_gl_json_chart")[0].proto.json
    assert "://" not in text
    assert deck(at)["mapProvider"] is None if "mapProvider" in deck(at) else True
    assert len(text) < 12_000


def test_the_clock_moves_the_water_and_nothing_else(city) -> None:
    at = page()
    assert at.select_slider(key="frame").value == 5
    before = deck(at)
    at.button(key="back").click().run()
    assert at.select_slider(key="frame").value == 4
    assert layer(at, "quantity")["image"].endswith(f"/frames/{RUN}/depth/4.png")
    at.select_slider(key="frame").set_value(1).run()
    assert layer(at, "quantity")["image"].endswith("/depth/1.png")
    assert "2026-07-15 22:10" in html(at)
    after = deck(at)
    assert after["initialViewState"] == before["initialViewState"]
    same = [
        (a, b)
        for a, b in zip(before["layers"], after["layers"], strict=True)
        if a["id"] not in {"quantity", "closures"}
    ]
    assert all(a == b for a, b in same)
    at.button(key="back").click().run()
    at.button(key="back").click().run()
    assert at.select_slider(key="frame").value == 0


def test_playing_steps_on_and_stops_at_the_end(city) -> None:
    at = page()
    at.select_slider(key="frame").set_value(3).run()
    assert at.button(key="play").label == "재생"
    at.button(key="play").click().run()
    assert at.session_state["playing"]
    assert at.button(key="play").label == "일시정지"
    assert at.select_slider(key="frame").value == 4
    at.run()
    at.run()
    assert at.select_slider(key="frame").value == 5
    assert not at.session_state["playing"]
    at.button(key="play").click().run()
    assert at.select_slider(key="frame").value == 0, "from the end it plays from the beginning"


def test_choices_of_colour_and_water(city) -> None:
    at = page()
    by_depth = layer(at, "buildings")["getFillColor"]
    at.segmented_control(key=f"colour_{RUN}").set_value("height").run()
    assert layer(at, "buildings")["getFillColor"] != by_depth
    assert say("legend_building_height", "ko") in html(at)
    at.selectbox(key=f"quantity_{RUN}").set_value("max_depth").run()
    assert layer(at, "quantity")["image"].endswith(f"/frames/{RUN}/max_depth/0.png")
    assert say("moment_max", "ko") in html(at)
    assert not at.get("select_slider") or not [s for s in at.select_slider if s.key == "frame"]


def test_language_switch_is_kept_in_the_address(city) -> None:
    at = page()
    at.segmented_control(key="language").set_value("en").run()
    assert "en" in at.query_params["lang"]
    assert at.metric[0].label == "Buildings affected"


def test_unknown_run_and_language_in_the_address(city) -> None:
    at = page(run="<script>alert(1)</script>", lang="xx")
    assert not at.exception
    assert "찾을 수 없어" in at.warning[0].value
    assert "\\<script\\>" in at.warning[0].value
    assert at.metric


def test_hostile_names_stand_as_text(city, hostile: list[str]) -> None:
    text = html(page())
    assert "<script>alert" not in text
    assert "시청 <b>" not in text
    names = [x for frame in page().dataframe for column in frame.value for x in frame.value[column].tolist()]
    assert not [n for n in names if isinstance(n, str) and "\u202e" in n]


@pytest.fixture
def other(tmp_path: Path):
    """A second city for pages that the common one cannot show; the common one comes back."""
    before = desk.city()
    with small.build(tmp_path / "other.twin", across=3, frames=3) as here:
        desk.hold(here)
        yield here
        desk.hold(before)


def test_partial_and_failed_runs_say_so(city, other) -> None:
    run = other.runs.get(RUN)
    other.runs.add(replace(run, status="partial"), small.SCENARIO)
    at = page()
    assert "(20분)" in at.warning[0].value
    assert "cancelled" in at.warning[0].value
    assert at.selectbox(key="run").options[0].startswith("시간당 70 mm 집중호우 [중단된 모의]")
    assert '<div class="badge">중단된 모의</div>' in html(at)
    other.runs.add(replace(run, status="failed"), small.SCENARIO)
    at = page()
    assert "실패했습니다" in at.error[0].value
    assert not at.metric
    assert not at.exception
    assert [x["id"] for x in deck(at)["layers"]] == ["terrain", "water", "roads", "buildings", "sensors"]


def test_a_part_that_fails_says_so_and_the_rest_stays(city, other) -> None:
    import shutil

    shutil.rmtree(other.runs.folder(RUN) / "frames.zarr")
    at = page()
    assert not at.exception
    assert len(at.error) >= 1
    assert "simulate it again" in at.error[0].value.replace("\\", "")
    assert say("sources", "ko") in html(at)


def test_a_city_without_runs_shows_itself(city, tmp_path: Path) -> None:
    before = desk.city()
    with store.create(tmp_path / "bare.twin", crs=small.CRS) as bare:
        desk.hold(bare)
        at = page()
        desk.hold(before)
    assert not at.exception
    assert "아직 모의 결과가 없습니다" in at.info[0].value
    assert "bare" in html(at)
    assert say("sensors_none", "ko") in [i.value for i in at.info]


def test_every_quantity_of_the_run_can_be_chosen_and_has_its_legend(city) -> None:
    at = page()
    choice = at.selectbox(key=f"quantity_{RUN}")
    assert choice.options[:5] == [
        "시각별 침수심", "시각별 유속", "시각별 위험도 (Defra)", "시각별 위험등급 (AIDR)", "시각별 수면 표고"
    ]  # fmt: skip
    assert {"최대 침수심", "최대 유속", "최대 위험도", "침수 지속시간", "도달 시각"} <= set(choice.options)
    says = {"rating": "FD2320", "hazard_class": "H3 차량", "duration": "젖음 한계", "arrival": "0 – 10 min"}
    for quantity, text in says.items():
        at.selectbox(key=f"quantity_{RUN}").set_value(quantity).run()
        assert not at.exception
        assert f"/{quantity}/" in layer(at, "quantity")["image"]
        assert text in html(at)
    at.selectbox(key=f"quantity_{RUN}").set_value("rating").run()
    assert "잔해계수(DF) 없음" in html(at)


def test_things_below_the_ground_follow_the_clock(city) -> None:
    at = page()
    under, cellars = tables(at, "이름", "그 시각 수심 (m)")
    assert under["그 시각 수심 (m)"].tolist() == [2.5, 0.0]
    assert under["최대 수심 (m)"].tolist() == [2.6, 0.0], "the greatest between two frames counts"
    assert under["끝에 찬 비율 (%)"].tolist()[0] == 25.0
    assert under["입구 도달"].tolist() == ["22:11", "–"]
    assert under["계단 보행 어려움 0.17 m"].tolist() == ["22:21", "–"]
    assert cellars["그 시각 수심 (m)"].tolist() == [0.5], "a basement that stays dry is left out"
    at.select_slider(key="frame").set_value(2).run()
    assert tables(at, "이름", "그 시각 수심 (m)")[0]["그 시각 수심 (m)"].tolist() == [1.0, 0.0]
    (pumps,) = tables(at, "이름", "그 시각", "최대")
    assert pumps[["그 시각", "최대"]].to_numpy().tolist() == [["멈춤", "0.25 m³/s 배수"]]


def test_closed_roads_are_those_of_the_assessment(city) -> None:
    at = page()
    facts = impact(city, RUN)["roads"]
    (vehicles,) = tables(at, "차종")
    assert vehicles["전체 기간 (곳)"].tolist() == [v["closed_roads"] for v in facts["by_vehicle"].values()]
    assert vehicles["그 시각 (곳)"].tolist() == [v["closed_roads"] for v in list(facts["over_time"][5].values())[1:]]
    assert facts["closed"]
    (roads,) = tables(at, "이름", "승용차", "대형차")
    assert len(roads) == len(facts["closed"])
    assert roads["승용차"].str.match(r"^22:\d0 – 모의 끝$").any()


def test_the_budget_adds_up_in_its_table(city) -> None:
    (budget,) = tables(page(), "항목", "부피 (m³)")
    volume = dict(zip(budget["항목"], budget["부피 (m³)"], strict=True))
    assert volume["강우"] + volume["유입"] == volume["들어온 물 합계"] == 1000.0
    assert volume["들어온 물 합계"] == volume["나간 물 합계"] + volume["남은 물"]


def test_findings_and_measures_are_told_the_worst_first(city) -> None:
    at = page()
    (found,) = tables(at, "정도", "내용")
    assert found["정도"].tolist() == ["주의", "알림"]
    (done,) = tables(at, "조치", "결과")
    assert done.to_numpy().tolist() == [["22:10", "펌프", "P1", "pump 'P1' runs"]]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_ensemble_is_shown_by_its_probabilities(city, other, language: str) -> None:
    many = small.ensemble(other)
    at = page(run=many, lang=language)
    assert not at.exception
    assert len(at.error) == 0
    assert "'q'" in str(layer(at, "buildings")["getFillColor"]) or "q == 1" in layer(at, "buildings")["getFillColor"]
    text = html(at)
    assert ("강우량 ±30%, 강우 시각 ±5분" if language == "ko" else "rain ±30%, time of rain ±5 min") in text
    assert "조도" not in text
    (rows,) = tables(at, say("column_chance", language), say("column_p90", language))
    assert rows[say("column_chance", language)].tolist() == ["100 %", "75 %", "50 %", "25 %", "25 %"]
    assert "UnstableError" in " ".join(w.value for w in at.warning)
    options = at.selectbox(key=f"quantity_{many}").options
    assert len(options) == 6, "the median stands once, not as greatest depth too"
    at.selectbox(key=f"quantity_{many}").set_value("exceedance").run()
    assert say("share_above", language, members=4, threshold=0.3).replace("&", "&amp;") in html(at)
    assert "≥ 90 %" in html(at)
