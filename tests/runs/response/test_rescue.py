"""Scores of RoboCup Rescue counted by hand, and the law by which people in a fire lose health."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.runs.town import batch, town
from twin.errors import InputError, MissingError
from twin.runs.consequences.fates import STATES, Fates
from twin.runs.document import parse_scenario
from twin.runs.response.rescue import FACTORS, HP, Cast, Group, called_out, cast_of, document_of, legacy, rsl21
from twin.runs.response.rescue.result import ENDURES, health, state_of
from twin.store import City

START = datetime(2026, 4, 11, 2, tzinfo=UTC)
CAST = Cast(
    ("a", "b"),
    (Group("civilian-1", "a", 1.0, 2.0, 2), Group("civilian-3", "b", 3.0, 4.0)),
    {"engine": (Group("firebrigade-1", "r", 5.5, 6.0),), "police": (Group("policeforce-1", "r", 7.0, 8.0),)},
    (),
    (),
)


@pytest.mark.parametrize(
    ("hp", "score"),
    [
        ([HP, HP, HP], 3.0),
        ([HP, 0.0], math.exp(-2.5)),  # one of two lives, half of the points are left
        ([5000.0, 5000.0], 2 * math.exp(-2.5)),
        ([2500.0], math.exp(-3.75)),
        ([0.0, 0.0], 0.0),
        ([], 0.0),
    ],
)
def test_rsl21_by_hand(hp: list[float], score: float) -> None:
    assert rsl21(hp) == pytest.approx(score, rel=1e-12)
    assert rsl21(np.array(hp) / 100, 100.0) == pytest.approx(score, rel=1e-12)


def test_legacy_by_hand() -> None:
    # (1 + 0.5) * sqrt((100 * 1 + 300 * 0.66) / 400) = 1.5 * sqrt(0.745)
    assert legacy([HP, 0.0], [100.0, 300.0], ["unburnt", "heating"]) == pytest.approx(1.294701, abs=1e-6)
    assert legacy([HP], [50.0], ["unburnt"]) == 2.0
    assert legacy([HP], [50.0], ["burnt_out"]) == 0.0
    # 0.33 + 0 + 0.9 + 0.75 + 0.5 + 0.25 of six equal buildings
    states = ["burning", "inferno", "water", "minor", "moderate", "severe"]
    assert legacy([HP], [10.0] * 6, states) == pytest.approx(2 * math.sqrt(2.73 / 6), rel=1e-12)
    assert legacy([], [10.0], ["unburnt"]) == 0.0
    assert legacy([HP], [], []) == 2.0


@pytest.mark.parametrize("hp", [[-1.0], [HP + 1], [math.nan]])
def test_health_that_cannot_be(hp: list[float]) -> None:
    with pytest.raises(InputError, match="health points"):
        rsl21(hp)


def test_buildings_that_cannot_be() -> None:
    with pytest.raises(InputError, match=r"'ablaze'.*not known"):
        legacy([HP], [1.0], ["ablaze"])
    with pytest.raises(InputError, match="> 0 m2"):
        legacy([HP], [0.0], ["unburnt"])
    with pytest.raises(InputError, match="2 areas of 1"):
        legacy([HP], [1.0, 2.0], ["unburnt"])
    with pytest.raises(InputError, match="hp_max"):
        rsl21([1.0], 0.0)


def test_health_falls_evenly_while_the_building_burns() -> None:
    half = {"a": (100.0, 100.0 + ENDURES / 2)}
    assert health(CAST, half, {}).tolist() == [HP / 2, HP / 2, HP]
    assert health(CAST, {"a": (0.0, 10 * ENDURES)}, {}).tolist() == [0.0, 0.0, HP]
    assert health(CAST, {"b": (math.inf, math.inf)}, {}).tolist() == [HP] * 3


def test_who_is_fetched_loses_no_more() -> None:
    burns = {"a": (100.0, 6000.0), "b": (100.0, 6000.0)}
    away = {"a": 100.0 + ENDURES / 4, "b": 50.0}
    assert health(CAST, burns, away).tolist() == [0.75 * HP, 0.75 * HP, HP]


@pytest.mark.parametrize(
    ("state", "share", "word"),
    [
        ("unburnt", math.nan, "unburnt"),
        ("heated", math.nan, "unburnt"),
        ("burning", 0.1, "heating"),
        ("burning", 0.5, "burning"),
        ("burning", 0.9, "inferno"),
        ("extinguished", 0.1, "minor"),
        ("extinguished", 0.5, "moderate"),
        ("extinguished", math.nan, "severe"),
        ("burnt_out", 1.0, "burnt_out"),
    ],
)
def test_states_of_a_building(state: str, share: float, word: str) -> None:
    none = np.full(1, np.nan)
    number = np.array([STATES.index(state)], dtype=np.int8)
    fate = Fates(number, number[None], none, none, none, [""], [""], np.array([share]), none)
    assert state_of(fate, 0, watered=False) == word
    assert state_of(fate, 0, watered=True) == ("water" if word == "unburnt" else word)
    assert word in FACTORS


def test_document_of_the_map() -> None:
    sent = called_out(CAST, "b", 120.0)
    text = document_of(CAST, START, ignite=["b"], wind=(5.0, 225.0), measures=sent, title='화재 "시험"')
    scenario = parse_scenario(text, "made.toml")
    assert scenario.title == '화재 "시험"'
    assert (scenario.hazard, scenario.duration, scenario.frame_every, scenario.cell) == ("fire", 6000.0, 60.0, 2.0)
    assert [one.target for one in scenario.ignitions] == ["b"]
    assert dict(scenario.params) == {"tank_l": 7500.0}
    (action,) = scenario.measures
    assert (action.kind, action.at, action.target) == ("engine", 120.0, "b")
    assert action.params["from"] == [5.5, 6.0]
    assert scenario.response is not None
    assert [(f.kind, f.x, f.y) for f in scenario.response.forces] == [("engine", 5.5, 6.0), ("police", 7.0, 8.0)]
    assert parse_scenario(document_of(CAST, START, ignite=["b"], params={}), "made.toml").params == {}


def test_fires_of_the_map_burn_by_themselves() -> None:
    burning = replace(CAST, fires=(Group("fire-9", "a", 0.0, 0.0),))
    scenario = parse_scenario(document_of(burning, START, ignite=["b", "a"]), "made.toml")
    assert [one.target for one in scenario.ignitions] == ["a", "b"]


def test_a_document_that_cannot_be() -> None:
    with pytest.raises(InputError, match="names no fire"):
        document_of(CAST, START)
    with pytest.raises(InputError, match="'c', no building"):
        document_of(CAST, START, ignite=["c"])
    with pytest.raises(InputError, match="no time zone"):
        document_of(CAST, datetime(2026, 4, 11), ignite=["a"])


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    point = shapely.Point(25, 25)
    with town(
        tmp_path,
        batch(
            "population", ["civilian-1", "x"], [point.buffer(4), point], residents=[3, 9], at=["high-1", None],
            **{"class": ["civilian", None]},
        ),
        batch("feature", ["firebrigade-2"], [point], at=["high-1"], **{"class": ["fire_brigade"]}),
    ) as made:  # fmt: skip
        yield made


def test_cast_of_a_city(city: City) -> None:
    cast = cast_of(city)
    assert cast.people == 3
    assert [(g.id, g.at) for g in cast.civilians] == [("civilian-1", "high-1")]
    assert list(cast.units) == ["engine"]
    assert (cast.refuges, cast.fires) == ((), ())
    assert "high-1" in cast.buildings


def test_a_city_without_a_scenario_says_what_to_load(tmp_path: Path) -> None:
    with town(tmp_path) as made, pytest.raises(MissingError, match=r"scenario\.xml"):
        cast_of(made)
