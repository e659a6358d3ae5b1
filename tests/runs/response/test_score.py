"""The score: a plan against what else could have been done, on the same weather, member by member."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from twin import runs, store
from twin.cli import app
from twin.errors import InputError, UsageError
from twin.runs.response.score import COURSES, SCORE, _approved, compared


def test_what_is_saved_is_counted_by_hand() -> None:
    found = compared([8.0, 4.0, 0.0], [10.0, 10.0, 10.0])
    assert found["saved"] == pytest.approx(6.0)
    assert found["ratio"] == pytest.approx(12.0 / 30.0)
    assert 2.0 <= found["low"] < 6.0 < found["high"] <= 10.0
    assert found["better"] is True
    assert found["ratio_low"] == pytest.approx(1 - found["high"] / 10)
    assert found["ratio_high"] == pytest.approx(1 - found["low"] / 10)
    worse = compared([10.0, 10.0, 10.0], [8.0, 4.0, 0.0])
    assert (worse["saved"], worse["low"], worse["high"]) == pytest.approx((-6.0, -found["high"], -found["low"]))
    assert worse["better"] is False
    # some draws of members hold nothing to divide by
    assert (worse["ratio"], worse["ratio_low"], worse["ratio_high"]) == (None, None, None)


def test_the_interval_is_of_pairs_and_not_of_members() -> None:
    """What differs from member to member, but not by what is done, widens nothing."""
    weather = np.array([10.0, 500.0, 90.0, 3000.0, 0.5])
    found = compared(weather, weather + 2.0)
    assert (found["saved"], found["low"], found["high"]) == pytest.approx((2.0, 2.0, 2.0))
    assert found["better"] is True


def test_the_same_is_nothing_saved() -> None:
    same = compared([3.0, 0.0], [3.0, 0.0])
    assert (same["saved"], same["low"], same["high"], same["better"]) == (0.0, 0.0, 0.0, False)
    nothing = compared([0.0, 0.0], [0.0, 0.0])
    assert (nothing["saved"], nothing["ratio"], nothing["ratio_low"]) == (0.0, None, None)
    one = compared([1.0], [3.0])
    assert (one["low"], one["high"], one["ratio"]) == (2.0, 2.0, pytest.approx(1 / 3))


def test_a_plan_of_nothing_is_no_action_on_every_member(answered) -> None:
    shares: list[float] = []
    with store.open_city(answered.twin) as city:
        assert runs.score_of(city, answered.dry) is None
        told = runs.response_of(city, answered.dry)
        # remarks were carried out, and they do nothing
        assert all(p.steps == () for _, p in _approved(city, answered.dry, told))
        facts = runs.score(city, answered.dry, members=2, workers=1, progress=shares.append)
        assert runs.score_of(city, answered.dry) == json.loads(json.dumps(facts, default=float))
        (city.runs.folder(answered.dry) / SCORE).write_text("{")
        with pytest.raises(InputError, match="score the run again"):
            runs.score_of(city, answered.dry)
    assert shares == pytest.approx([k / 10 for k in range(1, 11)])
    assert (facts["run"], facts["members"], facts["cell"]) == (answered.dry, 2, 20.0)
    for table in facts["measures"].values():
        assert list(table) == list(COURSES)
        assert all(len(values) == 2 for values in table.values())
        assert table["plan"] == table["none"]
    first, second = facts["measures"]["damage"]["none"]
    assert first != second  # other weather
    assert first > 0
    assert {name: facts["against"][name]["saved"] for name in ("none",)} == {"none": 0.0}
    assert set(facts["against"]) == {"none", "nearest", "sop"}
    assert facts["forecast"]["homes"] > 0
    assert facts["spread"]["rain_cv"] == 0.3


def test_an_approved_plan_is_held_against_the_same_weather(answered) -> None:
    with store.open_city(answered.twin) as city:
        plan = _approved(city, answered.acted, runs.response_of(city, answered.acted))
    words = ["score", answered.twin, answered.acted, "--members", 1, "--threads", 1]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    assert "사후최적" in done.stdout
    with store.open_city(answered.twin) as city:
        facts = runs.score_of(city, answered.acted)
    assert facts is not None
    assert any(proposal.steps for _, proposal in plan)
    assert [time for time, _ in plan] == sorted(time for time, _ in plan)
    measures = facts["measures"]
    assert measures["cost"]["plan"][0] > measures["cost"]["none"][0] == 0
    assert measures["damage"]["plan"] != measures["damage"]["none"]
    against = facts["against"]["none"]
    (none,), (mine,) = measures["exposure"]["none"], measures["exposure"]["plan"]
    assert against["saved"] == pytest.approx(none - mine)


def test_what_cannot_be_scored_says_why(answered, tmp_path) -> None:
    text = answered.documents["flood"].read_text().replace("[ensemble]\nrain_cv = 0.3\n", "")
    calm = tmp_path / "calm.toml"
    calm.write_text(text)
    with store.open_city(answered.twin) as city:
        run = runs.respond(city, calm, agents="none", threads=1)
        assert run.id != runs.respond(city, answered.documents["flood"], agents="none", threads=1).id
        with pytest.raises(UsageError, match="no table 'ensemble'"):
            runs.score(city, run.id, members=1, workers=1)
