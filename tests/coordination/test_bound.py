"""The optional bound; skipped loudly where OR-Tools is not installed, but for the error that says so."""

from __future__ import annotations

import importlib.util
import sys
import warnings

import pytest

from tests.coordination.towns import seconds, street_grid, work
from twin.coordination.auction import auction
from twin.coordination.bound import bound
from twin.coordination.improve import improve
from twin.coordination.problem import case
from twin.coordination.tasks import Settings
from twin.errors import MissingError


def posed(seed: int):
    town = street_grid()
    tasks, units = work(*town, seed, 4, 14)
    return case(tasks, units, seconds(town[0], tasks, units))


def test_without_the_solver_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools.sat.python.cp_model", None)
    monkeypatch.setitem(sys.modules, "ortools", None)
    one = posed(0)
    with pytest.raises(MissingError, match=r"gaon-twin\[bound\]"):
        bound(one, auction(one))


def test_no_plan_is_beyond_the_bound_and_the_search_reaches_it_on_small_problems() -> None:
    if importlib.util.find_spec("ortools") is None:
        message = "NOT TESTED: OR-Tools is not installed (extra `bound`)"
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.warn(message, pytest.PytestWarning, stacklevel=1)
        pytest.skip(message)
    for seed in (0, 3, 5):
        one = posed(seed)
        first = auction(one)
        better = improve(one, first, Settings(iterations=3000))
        found = bound(one, first)
        assert found == bound(one, first)
        assert first.met <= better.met <= found.bound + 1e-6
        assert found.met == pytest.approx(found.bound)
        assert better.met == pytest.approx(found.bound)
