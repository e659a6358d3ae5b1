"""SWMM input files: units, offsets, profiles, what is skipped and what is quarantined."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ingest.readers.swmm import reader
from ingest.reading import ReadOptions
from twin.errors import InputError
from twin.model.feature import Features
from twin.model.finding import Counted, Finding, Quarantined

SMALL = """\
[TITLE]
a street
[OPTIONS]
FLOW_UNITS           CMS
;;comment
[SUBCATCHMENTS]
S1 * J1 1 50 100 0.5 0
[JUNCTIONS]
;;Name Elev MaxDepth
J1   10.0  2.0  0 0 0 ; a manhole
J2   9.5   0    0 0 0
J3   9.4
[OUTFALLS]
O1   9.0   FREE   NO
[STORAGE]
T1   8.0   3.0  0  FUNCTIONAL 0 0 25
T2   8.0   3.0  0  TABULAR AREAS
[CURVES]
AREAS Storage 0 10 1 20
AREAS 2 30
[CONDUITS]
C1   J1 J2 50 0.013 0.1 0.2
C2   J2 O1 60 0.015 0 0
C3   J2 NOWHERE 60 0.015 0 0
C4   T1 T2 10 0.013 0 0
[PUMPS]
P1   T1 O1 * ON
[XSECTIONS]
C1 CIRCULAR 0.6 0 0 0 1
C2 RECT_CLOSED 1.0 2.0 0 0 1
C4 EGG 1.0 0 0 0 1
[COORDINATES]
J1 200000 450000
J2 200050 450000
O1 200110 450000
T1 200000 450100
T2 200010 450100
[VERTICES]
C2 200080 450010
"""


def read(path: Path, text: str, **options: str) -> list[object]:
    file = path / "small.inp"
    file.write_text(text, "utf-8")
    assert reader.sniff(text.encode()[:65536], file)
    return list(reader.read(file, ReadOptions(**{"crs": "EPSG:5186"} | options)))


def rows(items: list[object]) -> dict[str, dict[str, object]]:
    return {
        i: {name: column[k] for name, column in f.attributes.items()} | {"shape": f.geometry[k], "layer": f.layer}
        for f in items
        if isinstance(f, Features)
        for k, i in enumerate(f.ids)
    }


def test_nodes_and_conduits_in_metres(tmp_path: Path) -> None:
    items = read(tmp_path, SMALL)
    found = rows(items)
    assert list(found) == ["J1", "J2", "O1", "T1", "T2", "C1", "C2", "C4"]
    assert all(f.kind == "drain" and f.crs == "EPSG:5186" for f in items if isinstance(f, Features))
    assert (found["J1"]["class"], found["J1"]["level"], found["J1"]["depth"]) == ("manhole", 10.0, 2.0)
    assert found["J2"]["depth"] is None
    assert found["O1"]["class"] == "outfall"
    assert (found["T1"]["class"], found["T1"]["storage_area"], found["T2"]["storage_area"]) == ("storage", 25.0, 20.0)
    assert found["J1"]["shape"].coords[0] == (200000, 450000)
    c1, c2 = found["C1"], found["C2"]
    assert (c1["diameter"], c1["roughness"], c1["length"]) == (0.6, 0.013, 50.0)
    assert (c1["level_up"], c1["level_down"]) == pytest.approx((10.1, 9.7))
    assert list(c2["shape"].coords) == [(200050, 450000), (200080, 450010), (200110, 450000)]
    assert c2["diameter"] == pytest.approx(math.sqrt(8 / math.pi))
    assert (c2["height"], c2["width"]) == (1.0, 2.0)
    assert found["C4"]["diameter"] is None
    assert (found["J1"]["layer"], c1["layer"]) == ("drain_point", "drain")


def test_every_record_is_counted_and_every_skipped_section_said(tmp_path: Path) -> None:
    items = read(tmp_path, SMALL)
    said = [i.message for i in items if isinstance(i, Finding)]
    assert any("[SUBCATCHMENTS] was skipped, with 1 rows" in m for m in said)
    assert any("[PUMPS] was skipped, with 1 rows" in m for m in said)
    assert any("RECT_CLOSED (1), EGG (1) are no circles" in m for m in said)
    assert any("states no coordinate system; taken as EPSG:5186" in m for m in said)
    bad = {q.id: q.reason for q in items if isinstance(q, Quarantined)}
    assert bad == {
        "J3": "junction J3 has no [COORDINATES]",
        "C3": "conduit C3 leads from or to a node that was not read",
    }
    count = items[-1]
    assert isinstance(count, Counted)
    assert count.lines == len(rows(items)) + len(bad) == 10


def test_flow_units_of_the_united_states_are_feet(tmp_path: Path) -> None:
    items = read(tmp_path, SMALL.replace("CMS", "CFS"))
    found = rows(items)
    assert found["J1"]["level"] == pytest.approx(3.048)
    assert found["C1"]["diameter"] == pytest.approx(0.18288)
    assert found["T1"]["storage_area"] == pytest.approx(25 * 0.3048**2)
    assert any("feet; converted to metres" in i.message for i in items if isinstance(i, Finding))
    without = rows(read(tmp_path, SMALL.replace("FLOW_UNITS           CMS", "")))
    assert without["J1"]["level"] == pytest.approx(3.048)  # what SWMM takes itself


def test_offsets_that_are_levels(tmp_path: Path) -> None:
    text = SMALL.replace(";;comment", "LINK_OFFSETS ELEVATION").replace("0.013 0.1 0.2", "0.013 10.3 *")
    c1 = rows(read(tmp_path, text))["C1"]
    assert (c1["level_up"], c1["level_down"]) == pytest.approx((10.3, 9.5))


def test_what_comes_twice_is_quarantined(tmp_path: Path) -> None:
    text = SMALL.replace("J3   9.4\n", "J1 3 3\n").replace("C2   J2 O1", "C1 J1 J2 9 0.01 0 0\nC2 J2 O1")
    items = read(tmp_path, text)
    reasons = [q.reason for q in items if isinstance(q, Quarantined)]
    assert "junction J1 comes twice" in reasons
    assert "conduit C1 comes twice" in reasons
    assert rows(items)["J1"]["level"] == 10.0


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[TITLE]\nnothing\n", "holds no node of SWMM"),
        ("[OPTIONS]\nFLOW_UNITS FURLONGS\n[JUNCTIONS]\nJ 1 1\n", "FLOW_UNITS FURLONGS are not known; known: CFS, GPM"),
        ("J1 2 3\n[JUNCTIONS]\nJ 1 1\n", r"small.inp:1: 'J1' stands before the first \[SECTION\]"),
    ],
)
def test_what_is_no_network_is_refused(text: str, match: str, tmp_path: Path) -> None:
    file = tmp_path / "small.inp"
    file.write_text(text)
    with pytest.raises(InputError, match=match):
        list(reader.read(file, ReadOptions()))


def test_a_network_of_epanet_is_not_taken(tmp_path: Path) -> None:
    head = b"[TITLE]\n[JUNCTIONS]\n[PIPES]\nP1 J1 J2\n"
    assert not reader.sniff(head, tmp_path / "water.inp")
    assert not reader.sniff(SMALL.encode(), tmp_path / "small.txt")
