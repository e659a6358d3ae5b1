"""Policies are read strictly; limits become stricter only; levels are the table's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import InputError
from twin.model.action import Action
from twin.model.response.proposal import Proposal, Step
from twin.shield.levels import KINDS, LEVELS, level_of, level_of_proposal
from twin.shield.limits import MODES, STRICTER, Limits
from twin.shield.policy import parse_policy

TEXT = """
version = "2026-07"
expiry_min = 10
exercise = true

[limits]
way_share = 0.05
access_share = 0.6

[level3]
roles = ["chief", "department"]

[[role]]
id = "chief"
ko = "상황실장"
en = "head of the situation room"
levels = [2, 3]
kinds = ["*"]

[[role]]
id = "department"
ko = "담당부서"
en = "department in charge"
levels = [3]
kinds = ["evacuate", "close_road"]

[[role]]
id = "field"
ko = "현장지휘관"
en = "commander on site"
levels = [2]
kinds = ["engine", "hydrant", "wet"]

[[person]]
id = "p1"
ko = "가"
roles = ["chief", "department"]

[[person]]
id = "p2"
ko = "나"
roles = ["department"]
agents = ["evacuation"]

[[person]]
id = "p3"
ko = "다"
roles = ["department", "field"]

[[player]]
person = "p1"
role = "chief"
after_min = 3
approves = ["*"]
rejects = ["clear", "rogue"]
"""


def test_a_policy_is_read() -> None:
    policy = parse_policy(TEXT, "p.toml")
    assert policy.persons["p2"].agents == ("evacuation",)
    assert policy.roles["field"].levels == (2,)
    assert (policy.expiry, policy.level3, policy.exercise) == (600.0, ("chief", "department"), True)
    assert (policy.limits.way_share, policy.limits.access_share) == (0.05, 0.6)
    assert policy.players[0].after == 180.0


def test_the_hash_is_that_of_the_content() -> None:
    policy = parse_policy(TEXT, "p.toml")
    assert policy.hash == parse_policy(TEXT, "other.toml").hash
    assert policy.hash != parse_policy(TEXT.replace("expiry_min = 10", "expiry_min = 11"), "p.toml").hash
    assert policy.hash != parse_policy(TEXT.replace("way_share = 0.05", "way_share = 0.04"), "p.toml").hash


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("expiry_min = 10", "expire_min = 10", "Did you mean 'expiry_min'"),
        ("expiry_min = 10", "expiry_min = -1", "must be from"),
        ("expiry_min = 10", "expiry_min = nan", "must be from"),
        ("way_share = 0.05", "way_share = 0.5", "less strict than 0.1"),
        ("access_share = 0.6", "access_share = 0.4", "less strict than 0.5"),
        ("access_share = 0.6", "acess_share = 0.6", "Did you mean 'access_share'"),
        ("access_share = 0.6", "access_share = true", "must be a number"),
        ("access_share = 0.6", "steps_in_all = 7.5", "must be whole"),
        ('roles = ["chief", "department"]\n\n[[role]]', 'roles = ["chief"]\n\n[[role]]', "two different roles"),
        ('roles = ["chief", "department"]\n\n[[role]]', 'roles = ["chief", "chef"]\n\n[[role]]', "'chef' in 'roles' is not known"),
        ("levels = [2, 3]", "levels = [2, 4]", "must be of 2 and 3"),
        ('kinds = ["evacuate"', 'kinds = ["evacuat"', "Did you mean 'evacuate'"),
        ('id = "p2"', 'id = "p1"', "person 'p1' is given twice"),
        ('ko = "나"', 'ko = "가"', "two persons have one name"),
        ('id = "p2"', 'id = "exercise:p2"', "kept for the players"),
        ('person = "p1"', 'person = "p9"', "person 'p9' is not known"),
        ('role = "chief"\n', 'role = "field"\n', "has no role 'field'"),
        ("exercise = true", "exercise = false", "is no exercise"),
        ("exercise = true", 'exercise = "yes"', "true or false"),
        ('version = "2026-07"', "", "'version'"),
        ("[[player]]", "[player]", "[[player]]"),
        ("[limits]", "[limits", "p.toml"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError) as found:
        parse_policy(TEXT.replace(old, new, 1), "p.toml")
    assert says in str(found.value)
    assert str(found.value).startswith("p.toml")


@settings(deadline=None, derandomize=True)
@given(name=st.sampled_from(sorted(STRICTER)), factor=st.floats(0.0, 3.0))
def test_no_policy_loosens_a_limit(name: str, factor: float) -> None:
    limits = Limits()
    value = getattr(limits, name) * factor
    try:
        made = limits.stricter({name: value}, "here")
    except InputError:
        return
    before, after = getattr(limits, name), getattr(made, name)
    assert after <= before if STRICTER[name] == "less" else after >= before


def test_every_mode_has_its_limits_and_a_car_stops_before_a_lorry() -> None:
    limits = Limits()
    assert [limits.passing(mode) for mode in MODES] == [(0.2, 0.3), (0.3, 0.3), (0.5, 0.6), (0.5, 0.6)]
    assert limits.age("crowd_density") < limits.age("water_level") == 1800.0
    assert set(limits.as_dict()) >= set(STRICTER)


def proposal(level: int, *kinds: str) -> Proposal:
    return Proposal("a", "1", 0.0, 1.0, level, tuple(Step(Action(kind)) for kind in kinds))


def test_an_unknown_kind_is_never_carried_out_and_no_agent_lowers_a_level() -> None:
    assert level_of(Action("breach")) == level_of(Action("")) == level_of(Action("send_alert")) == 4
    assert level_of_proposal(proposal(0, "inspect", "close_road")) == 3
    assert level_of_proposal(proposal(-9, "pump")) == 2
    assert level_of_proposal(proposal(99, "pump")) == 4
    assert level_of_proposal(proposal(1)) == 1
    assert {level.number for level in LEVELS} == set(range(5)) >= set(KINDS.values())
    assert [level.persons for level in LEVELS] == [0, 0, 1, 2, 0]
