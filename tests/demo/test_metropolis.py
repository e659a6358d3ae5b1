"""The city for work at scale, made small: deterministic, valid, in parts."""

from __future__ import annotations

import hashlib
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from ingest.gaon import metropolis


def test_same_bytes_and_valid_footprints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metropolis, "PER_FILE", 4_000)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, second = metropolis.write(tmp_path / "a", 10_000), metropolis.write(tmp_path / "b", 10_000)
    assert [f.name for f in first] == [f.name for f in second]
    for one, other in zip(first, second, strict=True):
        assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()
    tables = [geopandas.read_parquet(f) for f in first[1:]]
    assert [len(t) for t in tables] == [4_000, 4_000, 2_000]
    shapes = np.concatenate([t.geometry.to_numpy() for t in tables])
    assert tables[0].crs.to_epsg() == 5186
    assert shapely.is_valid(shapes).all()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (left == right).all(), "footprints overlap"
    ids = [i for t in tables for i in t["register_id"]]
    assert len(set(ids)) == 10_000
    assert all(len(i) == 25 and i.isdigit() for i in ids)
    west, south, east, north = shapely.total_bounds(shapes)
    assert east - west <= metropolis.SIDE
    assert north - south <= metropolis.SIDE


def test_a_different_size_is_the_same_city_grown(tmp_path: Path) -> None:
    table = next(metropolis.parts(500))
    assert len(table) == 500
    assert set(table["use"]) >= {"residential", "commercial"}
    assert table["half_basement"].any()
    assert (table["height"] > 0).all()
