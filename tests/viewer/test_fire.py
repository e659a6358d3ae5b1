"""A run of a fire: what the page says of it, what it draws, and that nothing of a flood stands on it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import numpy as np
import pytest

from tests.viewer import ablaze, small
from tests.viewer.test_page import deck, html, layer, page, tables
from tests.viewer.test_palette import BLIND, linear
from twin.rooms import discover
from twin.runs.consequences.fates import STATES
from twin.store import City
from viewer import blaze, desk, hazards, inside, moments, palette, pictures, quantities
from viewer.crews import engines, groups
from viewer.damage import depths, fire, impact
from viewer.layers import At, burning, rooms
from viewer.layers.engines import marks
from viewer.page import stage
from viewer.page.budget import kind_of, table
from viewer.page.engines import said_of
from viewer.page.fire_impact import STATES as ASSESSED
from viewer.page.legend import legend
from viewer.words import CATALOGUE, say, validation

#: words that only water has
WATER = re.compile("침수|수심|물수지|[Ff]lood|[Ww]ater depth|물이 닿")


@pytest.fixture(scope="module")
def ablaze_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    held = list(desk._held)
    with small.build(tmp_path_factory.mktemp("ablaze") / "ablaze.twin", across=4, frames=3) as city:
        ablaze.fire(city)
        ablaze.both(city)
        ablaze.many(city)
        ablaze.inside(city)
        desk.hold(city)
        yield city
    desk._held[:] = held


def said(at, language: str) -> str:
    """Return all that a page says of its run: not what the city's sensors measure, nor where prices come from."""
    text = html(at).split(f"<h2>{say('sensors', language)}")[0]
    return " ".join([text, *(m.label for m in at.metric), *(c.value for c in at.caption), *(i.value for i in at.info)])


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_whole_page_of_a_fire(ablaze_city: City, language: str) -> None:
    at = page(lang=language, run=ablaze.FIRE)
    assert not at.exception
    assert [e.value for e in at.error] == [say("fire_at_edge", language, sides=("서쪽", "west")[language == "en"])], (
        "what is cut off at the edge is told loud"
    )
    facts = impact(ablaze_city, ablaze.FIRE)
    assert at.metric[0].label == say("kpi_burnt", language)
    assert at.metric[0].value == say("kpi_burnt_value", language, n=facts["buildings_affected"]) != "0"
    text = html(at)
    for key in ("burning", "causes", "order", "fire_impact", "budget_fuel", "engines", "legend_building_fire"):
        assert say(key, language) in text, key
    assert not WATER.search(said(at, language)), WATER.search(said(at, language))
    held = next(w.value for w in at.warning)
    assert "20" in held.replace("\\", "")


def test_the_first_choices_fit_the_hazard(ablaze_city: City) -> None:
    first = {run: (hazards.building_colours(ablaze_city, run)[0], quantities.drawn(pictures.frames(ablaze_city, run))[0])
             for run in (small.RUN, ablaze.FIRE, ablaze.MANY, ablaze.BOTH)}  # fmt: skip
    assert first == {
        small.RUN: ("depth", "depth"),
        ablaze.FIRE: ("fire", "fire_state"),
        ablaze.MANY: ("probability", "burn_probability_now"),
        ablaze.BOTH: ("fire", "depth"),
    }
    assert quantities.drawn(pictures.frames(ablaze_city, ablaze.INSIDE)) == ("upper_temperature", "interface_height")


def test_the_map_opens_at_the_moment_in_which_most_burns_and_on_the_fire(ablaze_city: City) -> None:
    frames = pictures.frames(ablaze_city, ablaze.FIRE)
    burns = [int((frames.read("fire_state", i) == pictures.VEGETATION).sum()) for i in range(len(frames.times))]
    assert burns[pictures.fullest(ablaze_city, ablaze.FIRE)] == max(burns)
    west, south, east, north = pictures.reach(ablaze_city, ablaze.FIRE)
    box = frames.grid.bounds
    assert (west, south) == box[:2], "it began in that corner"
    assert east <= box[2]
    assert north <= box[3]
    assert pictures.reach(ablaze_city, small.RUN) == pictures.frames(ablaze_city, small.RUN).grid.bounds


def test_buildings_have_their_state_at_every_moment(ablaze_city: City) -> None:
    fates = {f.id: f for f in blaze.fates(ablaze_city, ablaze.FIRE)}
    assert set(fates) == set(ablaze.FATES)
    for id_, told in ablaze.FATES.items():
        assert fates[id_].states.tolist() == [ablaze.state_of(told, i) for i in range(ablaze.FRAMES)]
    assert [f.id for f in blaze.fates(ablaze_city, ablaze.FIRE)][:2] == ["b00000", "b00001"]
    assert blaze.counts(tuple(fates.values()), -1) == (1, 1, 2, 1)
    assert blaze.causes(tuple(fates.values())) == {"brand": 1, "contact": 1, "radiation": 1, "vegetation": 1}
    assert blaze.fates(ablaze_city, small.RUN) == ()
    assert ASSESSED == STATES[1:]


def test_the_shells_say_when_by_what_and_from_where(ablaze_city: City) -> None:
    at = At(ablaze.FIRE, "fire_state", 3, "fire", "ko", 1800.0)
    records = json.loads(burning.layer.records(ablaze_city, at))
    by_tip = {r["tip"].split("\n")[0]: r for r in records}
    assert len(records) == len(ablaze.FATES)
    assert "11:20 발화 · 복사열 (건물 0에서)" in by_tip["건물 1"]["tip"]
    assert "11:10 발화 · 숲·풀의 불" in by_tip["건물 0"]["tip"], "the place of vegetation is no name for people"
    assert "11:40 진화" in by_tip["건물 2"]["tip"]
    assert "열을 받았으나" in by_tip["건물 4"]["tip"]
    now, later = (stage.layers(ablaze_city, At(ablaze.FIRE, "fire_state", i, "fire", "ko", 600.0 * i)) for i in (2, 3))
    changed = [a.id for a, b in zip(now, later, strict=True) if a.to_json() != b.to_json()]
    assert changed == ["quantity", "burning", "engines"]
    shells = next(x for x in now if x.id == "burning").to_json()
    assert shells != next(x for x in later if x.id == "burning").to_json()
    assert "/layers/burning.json?" in shells, "the shells travel once, by address"
    assert burning.layer.deck(ablaze_city, At(ablaze.FIRE, "fire_state", 3, "height", "ko", 1800.0)) is None


def test_states_are_told_apart_by_every_eye() -> None:
    for name in ("building_fire", "fire_state"):
        colours = [*palette.scale(name).colours, palette.base("dry_building")]
        for eye, matrix in BLIND.items():
            seen = [np.clip(matrix @ linear(c), 0, 1) ** (1 / 2.4) for c in colours]
            apart = min(float(np.linalg.norm(a - b)) for i, a in enumerate(seen) for b in seen[:i])
            assert apart > 0.15, (name, eye, apart)


def test_sensors_of_today_are_not_shown_beside_a_fire_of_another_day(ablaze_city: City) -> None:
    at = At(ablaze.FIRE, "fire_state", 3, "fire", "ko", 1800.0)
    assert "sensors" not in [x.id for x in stage.layers(ablaze_city, at)]
    assert say("legend_sensor", "ko") not in legend(ablaze_city, at, "")
    assert "sensors" in [x.id for x in stage.layers(ablaze_city, At(ablaze.BOTH, "depth", 3, "fire", "ko", 1800.0))]


def test_moments_within_minutes_are_told_to_the_second(ablaze_city: City) -> None:
    assert moments.short(ablaze_city, ablaze.FIRE, 90.0) == "11:01"
    assert moments.short(ablaze_city, ablaze.INSIDE, 90.0) == "11:01:30"
    assert "0:01:30" in moments.label(ablaze_city, ablaze.INSIDE, 90.0, "ko")


def test_the_legend_counts_the_buildings_of_the_moment(ablaze_city: City) -> None:
    at = At(ablaze.FIRE, "fire_state", 5, "fire", "ko", 3000.0)
    text = legend(ablaze_city, at, "now")
    assert "다 탐 · 2동" in text
    assert "진화됨 · 1동" in text
    assert "타는 숲·풀 · " in text
    assert " ha" in text
    for quantity in quantities.drawn(pictures.frames(ablaze_city, ablaze.FIRE)):
        assert "<li>" in legend(ablaze_city, At(ablaze.FIRE, quantity, 0, "fire", "en"), "")
        assert pictures.frame_png(ablaze_city, ablaze.FIRE, quantity, 0).startswith(b"\x89PNG")


def test_engines_stand_where_they_arrived(ablaze_city: City) -> None:
    found = engines(ablaze_city, ablaze.FIRE)
    there, waits = (said_of(engine, "ko") for engine in found)
    assert (there, found[0].length) == ("", 1234.0)
    assert waits == "가까운 도로가 없어 직선거리로 셈함, 5.0분부터 갈 길 없음"
    assert said_of(found[1], "en") == "no road near: straight line, no way since minute 5.0"
    assert [len(groups(found, time)) for time in (0.0, 1499.0, 1500.0, None)] == [0, 0, 1, 1]
    (mark,) = marks(ablaze_city, At(ablaze.FIRE, "fire_state", 3, "fire", "ko", 1800.0))
    assert mark["v"] == "소방차 1"
    assert "b00009-1" in str(mark["tip"])
    at = page(run=ablaze.FIRE)
    (rows,) = tables(at, say("column_station", "ko"))
    assert rows[say("column_arrived", "ko")].tolist() == ["11:25", say("not_arrived", "ko")]


def test_tables_of_the_fire_hold_the_figures_of_the_assessment(ablaze_city: City) -> None:
    facts, at = fire(ablaze_city, ablaze.FIRE), page(run=ablaze.FIRE)
    by_state = tables(at, say("column_state", "ko"), say("column_damage_eok", "ko"))[0]
    assert by_state[say("column_buildings", "ko")].tolist()[:-1] == [b["buildings"] for b in facts["by_state"].values()]
    (rows,) = tables(at, say("column_building", "ko"), say("column_damage", "ko"))
    assert len(rows) == len(facts["buildings"])
    assert rows[say("column_damage", "ko")].is_monotonic_decreasing


def test_a_flood_with_a_fire_in_it_says_both_and_mixes_neither(ablaze_city: City) -> None:
    at = page(run=ablaze.BOTH)
    assert not at.exception
    labels = [m.label for m in at.metric]
    assert labels == [say(f"kpi_{k}", "ko") for k in (
        "burnt", "fire_damage", "fire_people", "area", "buildings", "damage", "people", "depth")]  # fmt: skip
    facts = impact(ablaze_city, ablaze.BOTH)
    assert at.metric[4].value == say("kpi_buildings_value", "ko", n=facts["alone"]["flood"]["buildings_affected"])
    text = html(at)
    for key in ("budget_water", "budget_fuel", "impact", "fire_impact", "burning"):
        assert say(key, "ko") in text, key
    ids = [x["id"] for x in deck(at)["layers"]]
    assert {"quantity", "burning", "engines", "buildings"} <= set(ids)
    assert depths(ablaze_city, ablaze.BOTH)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_ensemble_of_fires_says_how_likely_each_building_burns(ablaze_city: City, language: str) -> None:
    at = page(lang=language, run=ablaze.MANY)
    assert not at.exception
    assert not at.error
    text = html(at)
    assert say("burn_chance", language) in text
    assert say("spread_wind_turn", language, value="12") in text
    (rows,) = tables(at, say("column_burn_chance", language))
    assert rows[say("column_burn_chance", language)].tolist() == ["100 %", "50 %"]
    assert rows[say("column_arrival_p50", language)].tolist() == ["0:12", "1:00"]
    assert not WATER.search(said(at, language)), WATER.search(said(at, language))
    assert say("share_burnt", language, members=4) in text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_fire_inside_shows_rooms_and_who_is_late(ablaze_city: City, language: str) -> None:
    at = page(lang=language, run=ablaze.INSIDE)
    assert not at.exception
    assert [m.label for m in at.metric][:2] == [say("kpi_rooms", language), say("kpi_trapped", language)]
    assert at.metric[1].value == say("kpi_trapped_value", language, n=1)
    (rows,) = tables(at, say("column_untenable", language))
    assert rows[say("column_untenable", language)].tolist() == ["1:02", "1:15", "–"]
    assert rows[say("column_margin", language)].tolist() == [
        say("margin_left", language, minutes="0:22"), say("margin_inside", language), "–"]  # fmt: skip
    assert any("침실" in e.value for e in at.error)
    ids = [x["id"] for x in deck(at)["layers"]]
    assert "rooms" in ids
    assert "buildings" not in ids, "walls up to the roof would hide the rooms"
    assert layer(at, "quantity")["image"].endswith(f"/frames/{ablaze.INSIDE}/upper_temperature/3.png")
    assert not WATER.search(said(at, language)), WATER.search(said(at, language))


def test_rooms_alone_are_drawn_and_name_themselves(ablaze_city: City) -> None:
    at = At(ablaze.INSIDE, "interface_height", 3, "height", "ko", 90.0)
    tips = [f["properties"]["tip"] for f in json.loads(rooms.layer.records(ablaze_city, at))["features"]]
    assert tips[0] == "거실\n처음 인원 2명\n1:02부터 쓸 수 없음 (온도)\n여유: 0:22 남음"
    drawn = pictures.field(ablaze_city, ablaze.INSIDE, "interface_height", 3)
    assert np.isnan(drawn).sum() == drawn.size - 3 * 16 * 20, "beside the rooms there is no smoke layer at the floor"
    assert "m²" in legend(ablaze_city, at, "")
    assert [room.id for room in inside.shown(ablaze_city, ablaze.INSIDE)] == ["s1", "s2", "s3"]


def test_budgets_are_named_by_what_they_are_of(ablaze_city: City) -> None:
    kinds = {run: [kind_of(b) for b in hazards.budgets(ablaze_city.runs.get(run))]
             for run in (small.RUN, ablaze.FIRE, ablaze.BOTH, ablaze.INSIDE)}  # fmt: skip
    assert kinds == {
        small.RUN: ["water"],
        ablaze.FIRE: ["fuel"],
        ablaze.BOTH: ["water", "fuel"],
        ablaze.INSIDE: ["heat"],
    }
    fuel = table(ablaze.ENERGY, "ko")
    assert fuel[say("column_amount_GJ", "ko")].tolist() == pytest.approx([0.2, 1.0, 100.0, 0.0, 1.2, 98.8])
    assert fuel[say("column_share_fuel", "ko")].iloc[-1] == pytest.approx(98.8)


@pytest.mark.parametrize("name", sorted(discover("viewer.layers", "layer")))
def test_no_layer_fails_on_a_run_of_another_hazard(ablaze_city: City, name: str) -> None:
    view = discover("viewer.layers", "layer")[name]
    for run in (small.RUN, ablaze.FIRE, ablaze.BOTH, ablaze.MANY, ablaze.INSIDE):
        quantity = quantities.drawn(pictures.frames(ablaze_city, run))[0]
        at = At(run, quantity, 1, hazards.building_colours(ablaze_city, run)[0], "en", 600.0)
        drawn = view.deck(ablaze_city, at)
        assert drawn is None or drawn.id == name


def test_models_say_the_same_in_both_languages() -> None:
    from twin.hazards.fire import VALIDATED as FIRE
    from twin.hazards.flood import VALIDATED as FLOOD
    from twin.hazards.indoor_fire import VALIDATED as INSIDE

    assert validation("fire", FIRE, "ko") == CATALOGUE["validated_fire"][0]
    assert validation("fire", FIRE, "en") == FIRE
    assert validation("indoor_fire", INSIDE, "ko") == CATALOGUE["validated_indoor_fire"][0]
    both = f"flood: {FLOOD[1]} fire: {FIRE} How they act on each other is not validated."
    assert validation("flood+fire", both, "ko") == " ".join(
        CATALOGUE[key][0] for key in ("validated_flood_1", "validated_fire", "validated_together")
    )
    assert validation("flood+fire", "Something older.", "ko") == "Something older."
