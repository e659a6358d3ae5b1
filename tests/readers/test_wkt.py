"""Well-known text: a shape a line, its system stated by a person or by SRID, nothing lost."""

from __future__ import annotations

import pytest

from ingest.readers.wkt import reader
from ingest.reading import ReadOptions
from twin.errors import InputError
from twin.model.feature import Features
from twin.model.finding import Counted, Quarantined


def read(path, **options):
    items = list(reader.read(path, ReadOptions(**options)))
    assert isinstance(items[-1], Counted)
    return [i for i in items if isinstance(i, Features)], [i for i in items if isinstance(i, Quarantined)], items[-1]


def test_lines_become_features_and_others_are_kept(tmp_path):
    path = tmp_path / "대피소.wkt"
    path.write_text("POINT(1 2)\n\nPOLYGON((0 0\nLINESTRING(0 0,1 1)\nPOINT EMPTY\n", encoding="utf-8-sig")
    features, bad, counted = read(path, crs="EPSG:5186")
    assert features[0].ids == ["대피소:1", "대피소:4", "대피소:5"]
    assert features[0].lines.tolist() == [1, 4, 5]
    assert (features[0].crs, features[0].kind) == ("EPSG:5186", "shelter")
    assert [(q.line, q.raw) for q in bad] == [(3, "POLYGON((0 0")]
    assert (counted.lines, counted.unit) == (4, "lines")


def test_srid_is_a_coordinate_system_and_without_one_none_is_made_up(tmp_path):
    path = tmp_path / "a.wkt"
    path.write_text("SRID=5179;POINT(1 2)\nPOINT(3 4)\n")
    features, _, _ = read(path)
    assert [(f.crs, f.ids) for f in features] == [("EPSG:5179", ["a:1"]), (None, ["a:2"])]
    assert features[0].kind == "feature"


def test_what_is_no_text_is_refused(tmp_path):
    path = tmp_path / "a.wkt"
    path.write_bytes(b"POINT(\xff\xfe")
    with pytest.raises(InputError, match=r"a\.wkt: is not text"):
        read(path)
    path.write_bytes(b"")
    with pytest.raises(InputError, match="empty"):
        read(path)


def test_sniff(tmp_path):
    assert reader.sniff(b"  polygon((0 0", tmp_path / "a.WKT")
    assert not reader.sniff(b'PROJCS["x"', tmp_path / "a.wkt")
    assert not reader.sniff(b"POINT(1 1)", tmp_path / "a.txt")
