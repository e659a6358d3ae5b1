"""The pages of a run with agents: queue, proof, decisions, score, register; and what of it lies on the map."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.viewer import answered, small
from tests.viewer.answered import DONE, HOSTILE, WAITS
from tests.viewer.test_page import html, layer, page, tables
from twin import runs, store
from twin.model.action import Action
from twin.model.response.proposal import Effect, Proposal, Reason, Step
from twin.names import MEASURE_NAMES
from twin.register import load
from twin.runs.response.score import SCORE, compared, score_of
from viewer import deployment, desk, response
from viewer.layers import At, evacuated, ordered, proposed, responders
from viewer.page import decisions, proof, proof_maps, proposal, queue, score
from viewer.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from twin.store import City

PAGES = ("city", "queue", "proof", "decisions", "score", "register")
HANGUL = re.compile("[가-힣]")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, hostile: list[str]) -> Iterator[City]:
    with answered.build(tmp_path_factory.mktemp("answered") / "town.twin", hostile) as city:
        yield city


@pytest.fixture(autouse=True)
def held(town: City) -> Iterator[None]:
    before = list(desk._held)  # other tests of this session show another city
    desk.hold(town)
    yield
    desk._held[:] = before


def named(town: City, name: str, run: str = DONE) -> runs.response.decide.Listed:
    wanted = answered.proposals()[name][0].hash
    return next(one for one in response.listed(town, run) if one.proposal.hash == wanted)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("run", [DONE, WAITS])
def test_every_page_in_both_languages_without_script_of_a_name(run: str, name: str, language: str) -> None:
    at = page(run=run, page=name, lang=language)
    assert not at.exception
    assert not at.error
    text = html(at)
    assert "<img src" not in text
    assert "<script>alert" not in text
    own = [m.label for m in at.metric] + [c.value for c in at.caption] + [b.label for b in at.button]
    assert bool(HANGUL.search(" ".join(own))) == (language == "ko" and bool(own))
    heads = re.findall(r"<h[23]>(.*?)</h[23]>", text)
    heads = [head for head in heads if "윗동" not in head]
    if language == "en":
        assert not HANGUL.search(" ".join(heads))


def test_a_run_without_agents_has_no_page_of_a_response() -> None:
    at = page(run=small.RUN, page="queue")
    assert not at.exception
    assert at.session_state["page"] == "city"
    assert say("map", "ko") in html(at)
    assert say("deployed", "ko") not in html(at)


def test_the_register_stands_in_both_languages_without_a_response(town: City) -> None:
    from viewer.page import register

    assert "evacuation" in load()
    for language in ("ko", "en"):
        at = page(run=small.RUN, page="register", lang=language)
        assert not at.exception
        assert len(at.expander) == len(load())
        text = html(at)
        assert load()["evacuation"].purpose.ko in text if language == "ko" else load()["evacuation"].purpose.en in text
    entry = load()["traffic"].model_dump(mode="json")
    entry["purpose"] = {"ko": HOSTILE, "en": HOSTILE}
    assert "&lt;img src=x onerror=alert(1)&gt;" in register.document(entry, "ko")
    assert "<img" not in register.document(entry, "ko")


def test_the_queue_counts_every_state_once(town: City) -> None:
    at = page(run=DONE, page="queue")
    (rows,) = tables(at, "상태", "가장 큰 효과", "승인하는 사람")
    assert len(rows) == len(answered.proposals())
    assert [m.value for m in at.metric] == ["0", "3", "2", "2"]
    assert sum(int(m.value) for m in at.metric) == len(rows)
    (cycles,) = tables(at, "주기", "✓ 실행됨")
    assert cycles.drop(columns="주기").to_numpy().sum() == len(rows)
    assert "○ 모의 끝까지 결정되지 않음" in rows["상태"].tolist(), "a run that has ended waits for nobody"
    (rules,) = tables(at, "규칙", "건수")
    assert rules.to_numpy().tolist() == [["대피", "가는 길이 물이나 불에 막힐 수 있습니다.", 1]]
    assert "에이전트가 오류로 멈추어" in html(at)
    (alerts,) = tables(at, "재난", "지역")
    assert alerts[["시각", "재난"]].to_numpy().tolist() == [["22:10", "침수"]]
    assert alerts["내용"].iloc[0].endswith("침수될 가능성이 있습니다 (가능성 40%, 위험 인원 약 30명).")


def test_states_are_told_apart_without_colour() -> None:
    assert len(set(response.ICONS.values())) == len(response.ICONS)
    for language in ("ko", "en"):
        words = {response.state_name(state, language) for state in response.ICONS}
        assert len(words) == len(response.ICONS)


def test_what_waits_stands_on_top_with_the_command_that_decides_it(town: City) -> None:
    at = page(run=WAITS, page="queue")
    waits = named(town, "late", WAITS).proposal.id
    (rows,) = tables(at, "상태", "가장 큰 효과")
    assert rows["제안 번호"].iloc[0] == waits
    assert rows["상태"].iloc[0] == "◐ 승인 대기"
    lines = [code.value for code in at.code]
    start = f"twin decide town.twin {WAITS} {waits} --approve --as PERSON"
    assert lines[:2] == [f"{start} --role {role} --policy exercise.toml" for role in ("chief", "department")]
    assert "--wait --resume" in lines[2]
    assert say("queue_how", "ko") in [c.value for c in at.caption]
    assert say("run_waits", "ko", clock="22:30") in " ".join(w.value for w in at.warning).replace("\\", "")
    assert not [code for code in page(run=DONE, page="queue").code if "decide" in code.value]


def test_a_command_of_a_hostile_policy_is_one_line_for_the_shell(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    import shlex

    facts = response.told(town, WAITS) | {"policy": {"name": "a b; rm -rf ~", "version": "1", "hash": "none"}}
    monkeypatch.setattr(queue, "told", lambda *_: facts)
    monkeypatch.setattr(response, "told", lambda *_: facts)
    (line,) = queue.decide_lines(town, WAITS, named(town, "late", WAITS))
    assert shlex.split(line)[-1] == "a b; rm -rf ~"
    assert queue.ROLE in line, "a policy that is not at hand leaves the role to the reader"


def test_filters_leave_what_fits() -> None:
    at = page(run=DONE, page="queue")
    at.multiselect(key="filter_agent").set_value(["traffic"]).run()
    (rows,) = tables(at, "상태", "가장 큰 효과")
    assert rows["에이전트"].unique().tolist() == ["교통"]
    at.multiselect(key="filter_state").set_value(["rejected"]).run()
    (rows,) = tables(at, "상태", "가장 큰 효과")
    assert rows["상태"].tolist() == ["× 반려"]
    at.multiselect(key="filter_agent").set_value(["field_crews"]).run()
    assert say("queue_filtered", "ko") in [i.value for i in at.info]


def test_the_way_from_a_proposal_to_its_proof(town: City) -> None:
    wanted = named(town, "close").proposal.id
    at = page(run=DONE, page="queue", proposal=wanted)
    assert at.selectbox(key="proposal").value == wanted
    at.selectbox(key="run").set_value(WAITS).run()
    assert at.selectbox(key="proposal").value == named(town, "late").proposal.id, "one that waits comes first"
    at = page(run=DONE, page="queue", proposal=wanted)
    at.button(key=f"proof_{wanted}").click().run()
    assert at.session_state["page"] == "proof"
    assert at.selectbox(key="proposal").value == wanted
    at.selectbox(key="proposal").set_value(named(town, "evacuate").proposal.id).run()
    (steps,) = tables(at, "대상", "방법")
    assert steps["방법"].tolist() == ["대피소 가온초등학교 · 대원이 집집마다"] * 2
    assert steps["출발"].tolist() == ["22:14", "22:14"]
    assert steps["대상"].tolist()[0] == "<script>alert(1)</script>"
    assert say("unknown_proposal", "ko", id="beef") in page(run=DONE, page="proof", proposal="beef").warning[0].value


def test_a_proof_shows_the_effects_of_the_board_with_their_intervals(town: City) -> None:
    one = named(town, "evacuate")
    assert one.proof is not None
    at = page(run=DONE, page="proof", proposal=one.proposal.id)
    (rows,) = tables(at, "항목", "판정", "5 %")
    assert rows["판정"].tolist() == ["▼ 줄어듦", "▲ 늘어남", "○ 줄었다고 할 수 없음"]
    water = next(e for e in one.proof.effects if e.measure == "person_minutes_water" and not e.district)
    assert rows["차이 (중앙값)"].iloc[0] == f"\u2212{-water.median:,.0f}"
    assert rows["95 %"].iloc[0] == f"\u2212{-water.high:,.0f}"
    (districts,) = tables(at, "구역", "제안대로")
    assert districts["구역"].tolist()[-1] == "도시 전체"
    assert districts.set_index("구역").loc["아랫동", "판정"] == "＝ 그대로"
    assert districts.set_index("구역").loc["강변동", "제안 없이"] == "없음"
    text = html(at)
    for seed in ("11, 12, 13, 14", "outlook-1", "4 × 2", one.proposal.hash, "±25%", "밤이라"):
        assert seed in text
    assert "480 × 480 m" in text


def test_nothing_that_changes_is_said_in_so_many_words(town: City) -> None:
    at = page(run=DONE, page="proof", proposal=named(town, "pump").proposal.id)
    assert say("effects_none", "ko") in [i.value for i in at.info]
    assert not at.get("deck_gl_json_chart")


def test_both_maps_share_their_scale_and_only_one_has_ways(town: City) -> None:
    at = page(run=DONE, page="proof", proposal=named(town, "evacuate").proposal.id)
    without, after = (json.loads(chart.proto.json) for chart in at.get("deck_gl_json_chart"))
    assert without["initialViewState"] == after["initialViewState"]
    both = [{x["id"]: x for x in deck["layers"]} for deck in (without, after)]
    assert both[0]["districts"]["getFillColor"] == both[1]["districts"]["getFillColor"]
    assert {"ways", "targets"} & set(both[0]) == set()
    assert {"ways", "targets"} <= set(both[1])
    classes = [
        {f["properties"]["tip"].split("\n")[0]: f["properties"]["g"] for f in deck["districts"]["data"]["features"]}
        for deck in both
    ]
    assert classes[0]["윗동"] > classes[1]["윗동"] >= 0
    assert classes[0]["강변동"] == classes[1]["강변동"] == -1, "nobody counted there has no class"
    assert "://" not in json.dumps([without, after])


def test_labels_of_classes_are_numbers_as_people_write_them() -> None:
    from viewer import palette

    assert proof_maps.labels(palette.fitted("harm", 0.0, 2.4e6))[1] == "500,000 – 1,000,000"
    assert proof_maps.labels(palette.fitted("harm", 0.0, 1e-9))[0].startswith("0.00 – ")


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [(-2.0, -1.0, "effect_less"), (1.0, 2.0, "effect_more"), (-1.0, 1.0, "effect_open"), (0.0, 0.0, "effect_same")],
)
def test_an_interval_says_no_more_than_it_shows(low: float, high: float, says: str) -> None:
    effect = Effect("damage", "", (low + high) / 2, low, high, 5.0)
    assert proof.judged(effect, "en") == say(says, "en")


def test_the_log_holds_every_decision_by_role_and_no_name(town: City) -> None:
    at = page(run=DONE, page="decisions")
    (rows,) = tables(at, "결정", "역할", "결과")
    found = [one for one in response.listed(town, DONE) if one.proposal.level >= 2]
    assert len(rows) == sum(max(len(one.decisions), 1) for one in found)
    assert set(rows["역할"]) == {"결정 없음", "상황실장", "상황실장 · 훈련", "담당부서 · 훈련"}
    rejected = rows[rows["결정"] == "반려"].iloc[0]
    assert rejected["역할"] == "상황실장", "a person is no player"
    assert rejected["결정한 까닭"].startswith("다른 길이 없음 <img")
    assert "\u202e" not in rejected["결정한 까닭"]
    assert "kim-secret" not in rows.to_csv() + html(at)
    assert at.success[0].value.startswith("✓")
    assert town.journal.verify().hash in [code.value for code in at.code]


def test_a_journal_that_was_edited_is_told_loud(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from twin.store.chain import Flaw

    broken = replace(town.journal.verify(), flaws=(Flaw("edited", 2, HOSTILE),), flawed=1)
    monkeypatch.setattr(type(town.journal), "verify", lambda _: broken)
    at = page(run=DONE, page="decisions")
    assert at.error[0].value.startswith("△")
    assert not at.success
    (flaws,) = tables(at, "줄", "어긋난 곳")
    assert flaws["줄"].tolist() == [2]


def test_a_loss_is_told_as_plain_as_a_win(town: City) -> None:
    at = page(run=DONE, page="score")
    (rows,) = tables(at, "방침", "계획은")
    assert rows["계획은"].tolist() == ["✓ 낫다", "○ 낫다고 할 수 없음", "× 못하다", "–", "–"]
    assert len(at.metric) == 5
    assert [m.delta.rpartition(" · ")[2] for m in at.metric[:3]] == ["✓ 낫다", "○ 낫다고 할 수 없음", "× 못하다"]
    facts = score_of(town, DONE)
    assert facts is not None
    for other, text in zip(("none", "nearest", "sop"), rows["계획 / 방침 (95 % 구간)"], strict=False):
        assert text.startswith(f"{facts['against'][other]['ratio']:.2f} (")
    (bins,) = tables(at, "예보 확률 (%)", "실제 비율 (%)")
    assert len(bins) == 10


def test_a_run_that_nobody_scored_shows_the_command(town: City) -> None:
    assert score_of(town, WAITS) is None
    at = page(run=WAITS, page="score")
    assert at.code[0].value == f"twin score town.twin {WAITS}"


def test_a_score_without_a_ratio_or_a_regret_says_so(town: City) -> None:
    nothing = [0.0] * 4
    facts = {"against": {o: compared(nothing, nothing) for o in score.OTHERS}, "regret": None, "measures": {}}
    rows = score.of_courses(facts, "en")
    assert rows["The plan is"].tolist()[:3] == ["○ not shown to be better"] * 3
    assert rows["Plan / course (95 %)"].tolist() == ["–"] * 5


def test_a_broken_score_is_an_error_of_its_part_alone(town: City, tmp_path: Path) -> None:
    file = town.runs.folder(DONE) / SCORE
    kept = file.read_text("utf-8")
    file.write_text("{", "utf-8")
    try:
        at = page(run=DONE, page="score")
    finally:
        file.write_text(kept, "utf-8")
    assert not at.exception
    assert "score the run again" in at.error[0].value.replace("\\", "")
    assert say("kpi_brier", "ko") in [m.label for m in at.metric], "the forecasts stay"


def test_units_and_orders_of_a_moment_are_those_of_the_record(town: City) -> None:
    track = {row["time"]: row["units"] for row in response.told(town, DONE)["track"]}
    for time in (0.0, 890.0, 1500.0):
        before = track[time // 60 * 60]
        assert {unit.id: unit.node for unit in deployment.posted(town, DONE, time)} == before
    there = {unit.id: (unit.task is not None, unit.there) for unit in deployment.posted(town, DONE, 1000.0)}
    assert there == {"crew-01": (True, True), "crew-02": (True, True), "police-01": (False, False)}
    kinds = [order.action.kind for order in deployment.orders(town, DONE)]
    assert kinds == ["inspect", "evacuate", "evacuate", "close_road"]
    assert deployment.orders(town, small.RUN) == ()
    assert deployment.posted(town, small.RUN, 0.0) == []


def test_a_closure_holds_until_somebody_opens_the_road(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    opens = Proposal("traffic", "1", 2400.0, 3000.0, 3, (Step(Action("reopen_road", 2400.0, "r1")),))
    found = (*response.listed(town, DONE), replace(named(town, "look"), proposal=opens, begun=2460.0, state="approved"))
    monkeypatch.setattr(deployment, "listed", lambda *_: found)
    orders = deployment._orders(town, DONE, "with an opening")
    (closed,) = (order for order in orders if deployment.closes(order.action))
    assert (closed.since, closed.until) == (1560.0, 2460.0)
    assert closed.holds(2459.0)
    assert not closed.holds(2460.0)


def test_what_waits_is_a_ghost_only_while_it_waits(town: City) -> None:
    late = [order for order in deployment.waiting(town, DONE) if order.action.target == "b00009"]
    assert [(order.since, order.until) for order in late] == [(1800.0, 3600.0)]
    begun = [order for order in deployment.waiting(town, DONE) if order.action.target == "r1"]
    assert [(order.since, order.until) for order in begun] == [(1200.0, 1440.0)]
    refused = [order for order in deployment.waiting(town, DONE) if order.action.target == "b00002"]
    assert refused == []


@pytest.mark.parametrize("view", [ordered.layer, evacuated.layer, proposed.layer])
def test_layers_of_a_response_travel_once_and_the_clock_is_in_their_colour(view, town: City) -> None:
    now = At(run=DONE, index=2, time=1300.0)
    deck, later = view.deck(town, now), view.deck(town, replace(now, index=4, time=2400.0))
    assert deck.data == later.data
    assert deck.get_fill_color != later.get_fill_color
    found = json.loads(view.records(town, now))["features"]
    assert found
    for feature in found:
        assert feature["properties"]["a"] < feature["properties"]["b"]
        assert "\u202e" not in feature["properties"]["tip"]
    assert json.loads(view.records(town, replace(now, run=small.RUN)))["features"] == []
    assert view.deck(town, replace(now, run=small.RUN)) is None


def test_marks_of_units_stand_at_their_nodes(town: City) -> None:
    marks = responders.marks(town, At(run=DONE, index=0, time=0.0, language="en"))
    assert {m["v"] for m in marks} == {"Crew 1", "Police 1"}
    places = deployment.nodes(town)
    assert [m["p"] for m in marks] == [places[0].tolist(), places[2].tolist(), places[3].tolist()]
    assert all("ready" in str(m["tip"]) for m in marks)


def test_the_map_shows_the_response_and_its_legend(town: City) -> None:
    at = page(run=DONE)
    at.select_slider(key="frame").set_value(3).run()
    for name in ("ordered", "evacuated", "proposed", "responders"):
        assert layer(at, name)
    text = html(at)
    for key in ("legend_unit", "legend_ordered", "legend_evacuated"):
        assert say(key, "ko") in text
    (units,) = tables(at, "출동 단위", "하고 있는 일")
    assert units["출동 단위"].tolist() == ["대원 1", "대원 2", "경찰 1"]


def test_a_reason_that_nobody_can_say_is_told_by_its_code(town: City) -> None:
    assert response.sentence(Reason("nobody.says", {}), "en", {}) == "Reason code nobody.says"
    assert response.sentence(Reason("shield.equity", {}), "en", {}) != "Reason code shield.equity"
    assert "traffic.dry" in response.sentence(Reason("traffic.dry", {}), "ko", {}), "a value is missing"


def test_every_kind_of_step_and_measure_has_a_name() -> None:
    from twin.model.response.proposal import MEASURES
    from twin.shield.levels import KINDS
    from viewer.messages import CATALOGUE

    assert {f"measure_{kind}" for kind in KINDS} <= set(CATALOGUE)
    assert set(MEASURES) <= set(MEASURE_NAMES)


def test_a_decision_that_comes_later_is_seen_though_the_city_did_not_change(town: City) -> None:
    from twin.model.response.proposal import Decision

    one = named(town, "late", WAITS)
    before = response.version(town, WAITS)
    town.board.decide(WAITS, 3, Decision(one.proposal.hash, "approve", "p1", "chief", 1800.0))
    assert response.version(town, WAITS) != before
    assert len(named(town, "late", WAITS).decisions) == len(one.decisions) + 1
    assert decisions.PERSONS <= one.proposal.level
    assert proposal.level(one.proposal, "en").startswith("Level 3")


def test_districts_are_told_without_the_name_of_their_city(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    response_facts = deployment.facts(town)
    ask = deployment.districts.__wrapped__  # type: ignore[attr-defined]
    called = {"a": "가온시(가상) 샘골동", "b": "가온시(가상) 남산동"}
    for told, names in ((called, {"a": "샘골동", "b": "남산동"}), ({"a": "가온시"}, {"a": "가온시"})):
        monkeypatch.setattr(deployment, "facts", lambda _, told=told: replace(response_facts, districts=told))
        assert ask(town) == names


def test_a_city_without_districts_tells_only_the_whole(tmp_path: Path) -> None:
    with store.create(tmp_path / "bare.twin", crs="EPSG:5186") as bare:
        assert deployment.nodes(bare).shape == (0, 2)
        assert deployment.districts(bare) == {}
        assert deployment.names(bare, "ko") == {}
        assert deployment.geometry(bare, Action("pump", 0.0, "P1")) is None
