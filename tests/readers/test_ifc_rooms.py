"""How rooms of a building model are joined: real models, and the shapes by which it is felt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from ingest.formats.bim import joins
from ingest.formats.bim.plan import Body
from ingest.readers.ifc import reader
from tests.readers._books import Content, read

ROOMS = {
    "a": (shapely.box(0, 0, 4, 4), 0.0, 2.5),
    "b": (shapely.box(4, 0, 8, 4), 0.0, 2.5),
    "c": (shapely.box(0, 4.15, 8, 8), 0.0, 2.5),
    "above": (shapely.box(0, 0, 8, 4), 3.0, 5.5),
}


def body(kind: str, low: tuple[float, float, float], high: tuple[float, float, float], key: str = "x") -> Body:
    """Return a box."""
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    faces: NDArray[np.int64] = np.array(
        [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4],
         [1, 5, 7], [1, 7, 3]]
    )  # fmt: skip
    return Body(key, kind, corners, faces, None, None, None)


def named(content: Content, attribute: str) -> dict[str, list[list[str]]]:
    """Return name of a room -> names of the rooms and sizes that an attribute of it states."""
    names = {i: str(content.row(i)["long_name"]) for b in content.features if b.kind == "space" for i in b.ids}
    out: dict[str, list[list[str]]] = {}
    for key, name in names.items():
        for entry in str(content.row(key).get(attribute) or "").split():
            other, *sizes = entry.split(":")
            out.setdefault(name, []).append([names[other], *sizes])
    return out


def test_rooms_of_one_house_are_open_to_each_other_as_it_is_drawn(shared: Path) -> None:
    duplex = read(reader, shared / "data/ifc/Duplex_A_20110907_georeferenced.ifc")
    pairs = {tuple(sorted((one, w[0]))) for one, ways in named(duplex, "passages").items() for w in ways}
    assert pairs == {
        ("Foyer", "Living Room"), ("Foyer", "Kitchen"), ("Kitchen", "Living Room"), ("Foyer", "Stair"),
        ("Hallway", "Stair"), ("Foyer", "Room"), ("Hallway", "Room"),
    }  # fmt: skip
    # the stair hall reaches up into the second storey, whose hall is open to it there
    level = {w[0]: float(w[3]) for w in named(duplex, "passages")["Hallway"]}
    assert level["Stair"] == pytest.approx(296.819)
    assert named(duplex, "stairs") == {}
    doors = next(b for b in duplex.features if b.kind == "door")
    assert (doors.numbers("level") >= 293.69).all()
    assert (doors.numbers("height") > 2).all()
    assert any(
        f.code == "rooms" and "13 as the file's space boundaries say, 1 by where" in f.message for f in duplex.findings
    )


def test_a_stair_leads_from_the_living_room_to_the_gallery(shared: Path) -> None:
    house = read(reader, shared / "data/ifc/AC20-FZK-Haus.ifc")
    assert [(one, w[0]) for one, ways in named(house, "stairs").items() for w in ways] == [("Wohnen", "Galerie")]
    assert {one: sorted(w[0] for w in ways) for one, ways in named(house, "passages").items()} == {
        "Wohnen": ["Flur", "Küche"], "Küche": ["Flur"],
    }  # fmt: skip
    assert all(len(str(v).split()) in (1, 2) for v in house.column("door", "spaces"))
    sills = [float(str(v)) for v in house.column("window", "level")]
    assert min(sills) > 110.5


def test_stair_halls_of_an_office_lie_above_each_other(shared: Path) -> None:
    office = read(reader, shared / "data/ifc/Office_A_20110811.ifc")
    names = {i: str(office.row(i)["name"]) for b in office.features if b.kind == "space" for i in b.ids}
    stairs = {
        (names[i], names[str(office.row(i)["stairs"]).split(":", 1)[0]]) for i in names if office.row(i).get("stairs")
    }
    assert stairs == {("S101", "S201"), ("S102", "S202")}
    assert not [f for f in office.findings if f.code == "doors"]


def test_rooms_that_touch_are_open_unless_a_wall_stands_between() -> None:
    low = {k: v for k, v in ROOMS.items() if k != "above"}
    assert [(p.one, p.other, p.width, p.height, p.level) for p in joins.passages(low, [])] == [
        ("a", "b", pytest.approx(4.0, abs=0.1), 2.5, 0.0)
    ]
    half = body("wall", (3.9, 0.0, 0.0), (4.1, 3.0, 2.5))
    assert joins.passages(low, [half])[0].width == pytest.approx(1.0, abs=0.15)
    assert joins.passages(low, [body("wallstandardcase", (3.9, 0.0, 0.0), (4.1, 4.0, 2.5))]) == []
    upstand = body("wall", (3.9, 0.0, 0.0), (4.1, 4.0, 0.3))
    assert len(joins.passages(low, [upstand])) == 1
    assert len(joins.passages(low, [body("railing", (3.9, 0.0, 0.0), (4.1, 4.0, 2.5))])) == 1


def test_a_hole_in_a_wall_is_a_passage() -> None:
    low = {k: v for k, v in ROOMS.items() if k in ("a", "c")}
    hole = body("openingelement", (1.0, 4.0, 0.0), (2.2, 4.15, 2.1))
    found = joins.passages(low, [hole])
    assert [(p.one, p.other, round(p.width, 3), p.height, p.level) for p in found] == [("a", "c", 1.2, 2.1, 0.0)]
    assert joins.passages(low, [body("openingelement", (1.0, 4.0, 0.5), (2.2, 4.15, 1.0))]) == []


def test_sides_of_a_door() -> None:
    door = body("door", (1.0, 4.05, 0.0), (1.9, 4.1, 2.0))
    assert joins.sides(door, [], ROOMS, outside=False) == (["a", "c"], "probe")
    assert joins.sides(door, ["a"], ROOMS, outside=False) == (["a", "c"], "boundary+probe")
    assert joins.sides(door, ["a"], ROOMS, outside=True) == (["a"], "boundary")
    assert joins.sides(door, ["a", "b", "c"], ROOMS, outside=False) == (["a", "c"], "boundary+probe")
    assert joins.sides(None, ["a", "b", "c"], ROOMS, outside=False) == (["a", "b", "c"], "boundary")
    within = body("door", (2.0, 1.0, 0.0), (2.9, 1.05, 1.8))
    assert joins.sides(within, [], ROOMS, outside=False) == (["a", "a"], "probe")
    assert joins.sides(body("door", (50, 50, 0), (51, 50.1, 2)), [], ROOMS, outside=False) == ([], "")


def test_stairs_by_flight_by_name_and_where_they_cannot_be_told() -> None:
    flights = [
        body("stairflight", (0.5, 0.5, 0.0), (1.5, 3.0, 1.6), "f1"),
        body("stairflight", (1.6, 0.5, 1.6), (2.6, 3.0, 3.0), "f2"),
    ]
    found = joins.stairs(ROOMS, flights, {})
    assert [(s.lower, s.upper, s.by) for s in found] == [("a", "above", "stair")]
    assert found[0].area == pytest.approx(5.0)
    assert found[0].width == pytest.approx(1.0)
    assert joins.stairs({k: v for k, v in ROOMS.items() if k != "above"}, flights, {}) == []
    named_ = joins.stairs(ROOMS, [], {"a": "계단실", "above": "계단실 2층"})
    assert [(s.lower, s.upper, s.by) for s in named_] == [("a", "above", "name")]
    hall = {**ROOMS, "a": (shapely.box(0, 0, 4, 4), 0.0, 5.5)}
    assert joins.stairs(hall, flights, {}) == []  # the hall itself reaches up there
