from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

import numpy as np
import pytest

from tests.store.kit import boxes, writing
from twin import store
from twin.errors import InputError, MissingError, UsageError
from twin.model.run import Budget, Run

RUN = Run(
    "1a2b3c", "집중호우 70 mm", "ff" * 32, "flood", "done", 13, 400, 3600.0, 1.25, 9_000_000_000,
    Budget(10.0, 2.5, 7.5, 1e-9, {"rain": 10.0, "outflow": 2.5}), datetime(2026, 3, 1, 5, tzinfo=UTC), 6, "0.1.0", "held", "Cloudburst",
)  # fmt: skip


def test_a_run_comes_back(city: store.City) -> None:
    city.runs.add(RUN, "title = 'a\0\ud800'")
    path = city.path
    city.close()
    with store.open_city(path) as again:
        assert again.runs.list() == [RUN]
        assert again.runs.get("1a") == again.runs.get("1a2b3c") == RUN
        assert again.runs.scenario_text("1a2b") == "title = 'a\0\ud800'"
        assert again.runs.folder("1a2b3c") == again.path / "runs" / "1a2b3c"


def test_any_mapping_may_hold_the_parts_of_the_budget(city: store.City) -> None:
    budget = replace(RUN.budget, parts=MappingProxyType({"rain": np.float64(10.0), "outflow": 2.5}))
    city.runs.add(replace(RUN, budget=budget, cells=np.int64(400)), "")
    assert city.runs.get("1a2b3c") == RUN


def test_runs_do_not_change_the_snapshot(city: store.City) -> None:
    with writing(city) as tx:
        tx.features(boxes(["a"]))
    city.runs.add(RUN, "")
    assert city.snapshot == 1


def test_a_prefix_must_be_clear(city: store.City) -> None:
    with pytest.raises(MissingError, match="run '1a' is not in this twin; known: none"):
        city.runs.get("1a")
    for id_, hour in (("1a2b3c", 5), ("1a2bff", 3), ("1a", 4)):
        city.runs.add(replace(RUN, id=id_, started=datetime(2026, 3, 1, hour, tzinfo=UTC)), "")
    assert [run.id for run in city.runs.list()] == ["1a2bff", "1a", "1a2b3c"]
    assert city.runs.get("1a").id == "1a"
    with pytest.raises(UsageError, match="run '1a2' can be any of 1a2b3c, 1a2bff"):
        city.runs.get("1a2")
    for unknown in ("", "zz", "%"):
        with pytest.raises(MissingError, match="known: 1a, 1a2b3c, 1a2bff"):
            city.runs.get(unknown)


def test_impacts_belong_to_a_run_and_a_curve(city: store.City) -> None:
    city.runs.add(RUN, "")
    impact = {
        "buildings_affected": np.int64(12),
        "damage_krw": 1.5e9,
        "depth": [0.5, float("nan")],
        "when": RUN.started,
    }
    city.runs.put_impact("1a", "jrc", impact)
    assert city.runs.impact("1a2b3c", "jrc") == {
        "buildings_affected": 12,
        "damage_krw": 1.5e9,
        "depth": [0.5, None],
        "when": "2026-03-01T05:00:00+00:00",
    }
    assert city.runs.impact("1a", "other") is None
    city.runs.put_impact("1a", "jrc", {"a": 1})
    assert city.runs.impact("1a", "jrc") == {"a": 1}
    with pytest.raises(MissingError):
        city.runs.put_impact("x", "jrc", {})
    city.runs.add(replace(RUN, status="partial"), "")
    assert city.runs.get("1a").status == "partial"
    assert city.runs.impact("1a", "jrc") is None


@pytest.mark.parametrize("id_", ["", "..", "../x", "a/b", "a\\b", "-x", "a" * 101, "가"])
def test_an_id_that_is_no_plain_name_has_no_folder(city: store.City, id_: str) -> None:
    with pytest.raises(InputError, match="not made of letters"):
        city.runs.folder(id_)
    with pytest.raises(InputError):
        city.runs.add(replace(RUN, id=id_), "")
