"""Roads as things: all their parts, and whether they are bridges."""

from __future__ import annotations

from pathlib import Path

import shapely

from tests.runs.town import SOUTH, TERRAIN, WEST, batch, town
from twin.runs.inputs.assets import assets_of


def test_roads_say_whether_they_are_bridges_and_keep_all_their_parts(tmp_path: Path) -> None:
    over = shapely.LineString([(10, 10), (60, 10)])
    two = shapely.MultiLineString([[(60, 10), (90, 10)], [(90, 40), (120, 40)]])
    roads = batch(
        "road", ["R-1", "R-2"], [over, two], bridge=[True, None], layer=[1, None], **{"class": ["primary"] * 2}
    )
    with town(tmp_path, roads) as city:
        first, *rest = assets_of(city, "road", TERRAIN.bounds)
    assert dict(first.params) == {"class": "primary", "bridge": True, "layer": 1}
    assert [(one.id, dict(one.params)) for one in rest] == [("R-2", {"class": "primary"})] * 2
    assert [one.points[0] for one in rest] == [(WEST + 60, SOUTH + 10), (WEST + 90, SOUTH + 40)]
