from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.runs.pool import Pool
from tests.runs.town import SCENARIO, document, town
from twin import runs
from twin.errors import InputError, MissingError, UnstableError, UsageError
from twin.runs.consequences.exposure import blocked_cells, buildings, water_at
from twin.runs.ensembles.statistics import quantiles, ranks

SPREAD = "[ensemble]\nmembers = 5\nrain_cv = 0.3\n"
FLOOD = SCENARIO + "[flood]\norder = 1\n"


@pytest.fixture
def city(tmp_path: Path):
    with town(tmp_path) as city:
        yield city


@pytest.fixture
def pooled(city, monkeypatch):
    for name in ("twin.runs.document.read", "twin.hazards"):
        monkeypatch.setattr(sys.modules[name], "discover", lambda _package, _name: {"flood": Pool})
    return city


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a run that is not its record, by name."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != "run.json")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def test_without_spread_it_is_the_single_run(city, tmp_path: Path) -> None:
    path = document(tmp_path, FLOOD.replace("duration_min = 40", "duration_min = 20"))
    single = runs.simulate(city, path, threads=1)
    many = runs.ensemble(city, path, members=1)
    assert (many.status, many.members, many.frames) == ("done", 1, single.frames)
    assert many.budget == single.budget
    assert many.cell_updates == single.cell_updates
    with pytest.raises(
        InputError, match=r"rain\.toml: .*nothing differs between its 2 members.*rain_cv, rain_shift_min"
    ):
        runs.ensemble(city, path, members=2)
    one, all_ = runs.open_frames(city, single.id), runs.open_frames(city, many.id)
    assert all_.times == one.times
    for i in range(len(one.times)):
        np.testing.assert_array_equal(all_.read("depth", i), one.read("depth", i))
        np.testing.assert_array_equal(all_.read("level", i), one.read("level", i))
        np.testing.assert_array_equal(all_.read("exceedance_now", i), one.read("depth", i) > np.float32(0.3))
    for name in ("max_depth", "max_depth_p10", "max_depth_p50", "max_depth_p90"):
        np.testing.assert_array_equal(all_.summary(name), one.summary("max_depth"))
    for name in ("arrival", "arrival_p10", "arrival_p50"):
        np.testing.assert_array_equal(all_.summary(name), one.summary("arrival"))
    np.testing.assert_array_equal(all_.summary("exceedance"), one.summary("max_depth") > np.float32(0.3))
    of, footprints = buildings(city)
    depth = water_at(of.geometry, one, blocked_cells(one, footprints)).depth
    assert rows(city, many) == [(i, float(d > 0.3), d, d, d) for i, d in zip(of.ids, depth, strict=True)]
    assert runs.ensemble_facts(city, many.id)["buildings_with_probability"]["0.9"] == (depth > 0.3).sum() > 0
    assert runs.assess(city, many.id).as_dict()["buildings_affected"] > 0


def rows(city, run) -> list[tuple]:
    import duckdb

    return duckdb.sql(f"SELECT * FROM '{city.runs.folder(run.id) / 'buildings.parquet'}'").fetchall()


def test_the_number_of_workers_does_not_matter(pooled, tmp_path: Path) -> None:
    path = document(tmp_path, SCENARIO + SPREAD)
    told: list[float] = []
    first = runs.ensemble(pooled, path, workers=1, progress=lambda done, _left: told.append(done))
    assert told == sorted(told)
    assert told[-1] == 1
    folder = pooled.runs.folder(first.id)
    expected = contents(folder)
    assert {n.split("/")[0] for n in expected} == {"frames.zarr", "buildings.parquet"}
    assert runs.ensemble(pooled, path, workers=2) == first
    record = json.loads((folder / "run.json").read_text())
    assert [d["member"] for d in record["draws"]] == [0, 1, 2, 3, 4]
    (folder / "frames.zarr" / ".zgroup").unlink()
    second = runs.ensemble(pooled, path, workers=2)
    assert (second.id, second.budget) == (first.id, first.budget)
    assert contents(folder) == expected
    assert [r.members for r in pooled.runs.list()] == [5]


def test_quantiles_are_those_of_the_members(pooled, tmp_path: Path) -> None:
    run = runs.ensemble(pooled, document(tmp_path, SCENARIO + SPREAD + "threshold_m = 0.06\n"))
    assert (run.title, run.title_en) == ("분지에 비 · 앙상블 5", "Rain on a basin · ensemble of 5")
    record = json.loads((pooled.runs.folder(run.id) / "run.json").read_text())
    deep = np.sort([0.06 * d["rain"] for d in record["draws"]]).astype(np.float32)
    frames = runs.open_frames(pooled, run.id)
    found = [frames.summary(f"max_depth_p{p}")[3, 3] for p in (10, 50, 90)]
    np.testing.assert_allclose(found, deep[[0, 2, 4]], rtol=1e-6)
    assert frames.summary("exceedance")[3, 3] == pytest.approx((deep > 0.06).mean())
    assert frames.notes("exceedance")["threshold_m"] == 0.06
    assert frames.notes("max_depth_p90")["quantile"] == 0.9
    assert frames.notes("depth")["cell_methods"] == "realization: median"
    assert not list(pooled.runs.folder(run.id).glob("members*"))


def test_ranks_are_values_of_members() -> None:
    values = np.array([[4.0, np.nan], [1.0, 5.0], [3.0, np.nan], [2.0, np.nan]], np.float32)
    low, middle, high = ranks(values, [0.1, 0.5, 0.9])
    np.testing.assert_array_equal(low, [1, 5])
    np.testing.assert_array_equal(middle, [2, np.nan])
    np.testing.assert_array_equal(high, [4, np.nan])
    (same,) = quantiles(values, [0.5])
    np.testing.assert_array_equal(same, middle)


@pytest.mark.parametrize("how", ["breaks_above", "dies_above"])
def test_a_member_that_fails_is_reported_and_the_others_stand(pooled, tmp_path: Path, how: str) -> None:
    rate = 0.06 / 1200 * 1.1
    run = runs.ensemble(pooled, document(tmp_path, SCENARIO + SPREAD + f"[flood]\n{how} = {rate}\n"), workers=2)
    record = json.loads((pooled.runs.folder(run.id) / "run.json").read_text())
    hard = [d["member"] for d in record["draws"] if d["rain"] > 1.1]
    assert 0 < len(hard) < 5
    assert (run.status, run.members) == ("partial", 5 - len(hard))
    missing = record["ensemble"]["missing"]
    assert [m["member"] for m in missing] == hard
    said = "rain is too much" if how == "breaks_above" else "its process ended with exit status 9 (pool: out of luck)"
    assert said in missing[0]["error"]
    assert runs.open_frames(pooled, run.id).status == "partial"


def test_when_no_member_is_left_nothing_is(pooled, tmp_path: Path) -> None:
    with pytest.raises(UnstableError, match=r"no member was finished: .*negative depth at 600 s"):
        runs.ensemble(pooled, document(tmp_path, SCENARIO + SPREAD + "[flood]\nbreaks_at = 600\n"), workers=1)
    assert pooled.runs.list() == []
    # what the scenario itself cannot begin with is said once, before any member begins
    with pytest.raises(UnstableError, match=r"rain\.toml: pool: .*rain is too much"):
        runs.ensemble(pooled, document(tmp_path, SCENARIO + SPREAD + "[flood]\nbreaks_above = 0.0\n"), workers=1)
    assert pooled.runs.list() == []
    assert not list((pooled.path / "runs").glob("*"))


def test_a_cancelled_ensemble_keeps_the_members_it_has(pooled, tmp_path: Path) -> None:
    path = document(tmp_path, SCENARIO + SPREAD.replace("5", "60"))
    share = [0.0]
    run = runs.ensemble(
        pooled, path, workers=1, progress=lambda done, _left: share.append(done), cancel=lambda: share[-1] > 0.05
    )
    assert run.status == "partial"
    assert 1 <= run.members < 60
    facts = runs.ensemble_facts(pooled, run.id)
    assert (facts["asked"], facts["members"], facts["stopped"]) == (60, run.members, "cancelled")


def test_what_is_no_ensemble(pooled, tmp_path: Path, monkeypatch) -> None:
    run = runs.simulate(pooled, document(tmp_path, SCENARIO))
    with pytest.raises(MissingError, match="is no ensemble"):
        runs.ensemble_facts(pooled, run.id)
    with pytest.raises(InputError, match="has inflow_cv and no inflow; breach_time and no breach; take it out"):
        runs.ensemble(pooled, document(tmp_path, SCENARIO + SPREAD + "inflow_cv = 0.1\nbreach_time_min = 1\n"))
    monkeypatch.setattr(Pool, "outputs", ("speed",))
    with pytest.raises(UsageError, match="has no depth; there are no ensembles of it"):
        runs.ensemble(pooled, document(tmp_path, SCENARIO))
