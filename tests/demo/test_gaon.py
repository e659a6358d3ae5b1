"""The drawing of Gaon: houses stand on free ground, ids have their form, the ground has its river, basin and dikes."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely
import shapely.ops

from ingest.gaon import drains, gates, osm, people, plan, roads, sites, tables, terrain, utilities, water, weather
from ingest.gaon.city import district


@pytest.fixture(scope="module")
def areas() -> np.ndarray:
    bim = [h.area for p in sites.places() if p.site.shape == "bim" for h in p.houses]
    return np.array([*(h.area for h in district().houses), *bim], dtype=object)


def test_no_building_stands_on_another(areas: np.ndarray) -> None:
    first, second = shapely.STRtree(areas).query(areas, predicate="intersects")
    pairs = first < second
    shared = shapely.area(shapely.intersection(areas[first[pairs]], areas[second[pairs]]))
    assert shared.max(initial=0.0) < 0.02
    assert shapely.is_valid(areas).all()
    assert shapely.area(areas).min() > 20


def test_no_building_stands_in_the_water_or_on_a_road(areas: np.ndarray) -> None:
    assert not shapely.intersects(areas, water.corridor()).any()
    assert shapely.contains(shapely.box(0, 0, plan.WIDTH, plan.HEIGHT), areas).all()
    paved = np.array([r.area for r in district().roads if r.grade != "service"], dtype=object)
    road, house = shapely.STRtree(areas).query(paved, predicate="intersects")
    over = shapely.area(shapely.intersection(areas[house], paved[road]))
    assert over.max(initial=0.0) < 1.0


def test_it_is_a_korean_district() -> None:
    groups = [h.group for h in district().houses]
    assert 5_500 <= len(groups) <= 7_000
    for group, least in {
        "slab": 300,
        "villa": 1500,
        "hanok": 500,
        "shop": 600,
        "works": 200,
        "detached": 500,
        "site": 25,
    }.items():
        assert groups.count(group) >= least, group
    slabs = [h for h in district().houses if h.group == "slab"]
    assert min(h.storeys for h in slabs) >= 10
    assert max(h.storeys for h in slabs) >= 22
    assert sum(h.half_basement for h in district().houses) > 300
    assert any(h.piloti for h in district().houses)
    assert {h.structure for h in district().houses} == {"timber", "masonry", "concrete", "steel"}
    uses = {h.use for h in district().houses}
    assert uses >= {
        "apartment",
        "residential",
        "commercial",
        "industrial",
        "school",
        "hospital",
        "fire_station",
        "station",
        "public",
    }


def test_ids_have_the_form_of_the_registers() -> None:
    entries = people.entries()
    for name, digits in (("register_id", 25), ("parcel_id", 19), ("address_id", 26)):
        values = [getattr(e, name) for e in entries]
        assert all(re.fullmatch(rf"99110\d{{{digits - 5}}}", v) for v in values), name
        if name != "parcel_id":
            assert len(set(values)) == len(values), name
    assert all(e.register_id.startswith(e.parcel_id) for e in entries)


def test_people_live_in_homes_and_the_grid_adds_up() -> None:
    entries = people.entries()
    total = sum(e.residents for e in entries)
    assert 60_000 < total < 180_000
    assert total == sum(n for _, _, n, _ in people.population())
    assert all(e.residents == 0 for e in entries if e.house.use in ("industrial", "school", "station"))


def test_ground_has_river_dikes_and_a_basin() -> None:
    ground = terrain.ground()
    x = np.linspace(100, 3100, 50)
    bed = np.array([terrain.river().intersection(shapely.LineString([(v, 0), (v, 2400)])).y for v in x])
    assert np.allclose(ground.at(x, bed), terrain.river_bed(x), atol=0.1)
    basin = ground.at(np.array([1100.0]), np.array([830.0]))[0]
    assert basin < terrain.river_bed(np.array(1100.0)) + plan.RIVER_RISE[1] - 2.5, "the basin is not below the dike"
    assert basin < ground.at(np.array([300.0, 2300.0, 1100.0]), np.array([830.0, 700.0, 300.0])).min() - 0.5
    low = min(
        min(levels) - float(terrain.river_bed(np.array(line.centroid.x)))
        for _, bank, line, levels in water.dikes()
        if bank == "좌안" and line.distance(terrain.river()) < 60
    )
    assert low == pytest.approx(plan.RIVER_RISE[1] - plan.DIP[3], abs=0.15)
    assert len(terrain.underpasses()) == 2
    assert ground.hills.max() > 60


def test_dike_crests_are_the_ground_under_them() -> None:
    ground = terrain.ground()
    off = []
    for _, _, line, levels in water.dikes():
        xy = shapely.get_coordinates(line)
        inside = (xy[:, 0] > 5) & (xy[:, 0] < plan.WIDTH - 5) & (xy[:, 1] > 5) & (xy[:, 1] < plan.HEIGHT - 5)
        off += (levels - ground.at(xy[:, 0], xy[:, 1]))[inside].tolist()
    assert np.quantile(off, 0.95) < 0.3, "a dike is lower than its register says"


def test_roads_meet_at_nodes_and_cross_water_on_bridges() -> None:
    pieces = osm.pieces()
    ends: dict[tuple[int, int], int] = {}
    for line, _ in pieces:
        for x, y in (line.coords[0], line.coords[-1]):
            key = (round(x * 100), round(y * 100))
            ends[key] = ends.get(key, 0) + 1
    assert sum(n >= 3 for n in ends.values()) > 500
    wet = shapely.union_all([shape for *_, shape in water.surface()])
    assert all(road.level == 1 for line, road in pieces if line.crosses(wet))
    assert sum(road.level == -1 for _, road in pieces) == 2


def test_inner_roads_come_out_on_the_street(areas: np.ndarray) -> None:
    pieces = osm.pieces()
    found = gates.gates_of(pieces)
    streets = [line for line, road in pieces if not road.level]
    meet = np.round([c for line, _ in found for c in line.coords], 2).reshape(-1, 2)
    met = gates.cornered(streets, meet)
    corners = {tuple(c) for line in met for c in np.round(shapely.get_coordinates(line), 2).tolist()}
    assert {tuple(c) for c in meet.tolist()} <= corners, "a way of the map meets each gate at a node"
    assert all(made.hausdorff_distance(line) <= gates.MET for made, line in zip(met, streets, strict=True))
    ways = np.array([line for line, _ in found], dtype=object)
    assert shapely.STRtree(areas).query(ways, predicate="intersects").size == 0
    nodes = shapely.multipoints(meet)
    parts = [p for line in met for p in shapely.get_parts(shapely.ops.split(line, nodes))]
    bridges = [line for line, road in pieces if road.level]
    lines = [shapely.set_precision(line, 0.01) for line in (*parts, *ways, *bridges)]
    size = np.bincount(gates.groups(lines), shapely.length(lines))
    assert size.max() / size.sum() > 0.98


def test_blocks_follow_the_roads() -> None:
    paved = shapely.union_all([r.area for r in roads.main()])
    for block in roads.superblocks():
        assert block.area.distance(paved) < 1.0
        assert block.area.intersection(paved).area < 1.0


def test_utilities_are_where_they_belong() -> None:
    wet = water.corridor()
    assert 150 < len(utilities.hydrants()) < 600
    assert not any(wet.contains(p) for _, p in utilities.hydrants())
    assert [name for name, *_ in utilities.pumps()] == [p[0] for p in plan.PUMPS]


def test_wards_cover_the_district_once() -> None:
    areas = tables.wards()
    assert sum(a.area for a in areas) == pytest.approx(plan.WIDTH * plan.HEIGHT)


def test_the_cloudburst_of_the_gauges_is_that_of_the_scenario() -> None:
    import tomllib

    from twin.settings import data_folder

    for name in ("gaon_cloudburst.toml", "gaon_cloudburst_barrier.toml"):
        document = tomllib.loads((data_folder("scenarios") / name).read_text("utf-8"))
        assert tuple(document["rain"]["mm_per_h"]) == (*weather.HYETOGRAPH, 0)
        assert sum(weather.HYETOGRAPH) / 6 == pytest.approx(110)
        start = weather.START.timestamp() + weather.BURST * weather.STEP * 60
        assert document["start"].timestamp() == start


def test_drains_are_one_connected_network_that_falls_to_the_water() -> None:
    pipes, mouths = drains.network()
    assert 1000 < len(pipes) < 2500
    assert len(mouths) > 15
    ends = {}
    for k, pipe in enumerate(pipes):
        assert pipe.top >= pipe.foot
        ends.setdefault(tuple(np.round(pipe.line.coords[0], 2)), []).append(k)
    water_ = shapely.union_all([shape for *_, shape in water.surface()])
    places = {tuple(np.round(p.coords[0], 2)) for _, p in mouths}
    assert all(shapely.Point(p).within(water_) for p in places)
    for pipe in pipes:
        foot = tuple(np.round(pipe.line.coords[-1], 2))
        assert foot in places or ends.get(foot), f"a pipe ends at {foot}, in the middle of nowhere"
        if foot not in places:
            # what meets goes on no higher than it came
            assert min(pipes[k].top for k in ends[foot]) <= pipe.foot + 0.011
    start = np.array([p.line.coords[0] for p in pipes])
    cover = terrain.ground().at(start[:, 0], start[:, 1]) - [p.top + p.diameter / 1000 for p in pipes]
    assert np.quantile(cover, 0.02) > 0
    assert np.median(cover) == pytest.approx(drains.COVER, abs=0.1)
    wide = max(p.diameter for p in pipes)
    assert wide > 1500
    assert {p.diameter for p in pipes} <= set(drains.SIZES)


def test_every_street_with_a_drain_has_inlets_at_its_kerb() -> None:
    kinds = [c for c, *_ in drains.points()]
    assert kinds.count("inlet") > 3000
    assert kinds.count("outfall") == len(drains.network()[1])
    assert kinds.count("manhole") > 1000
    streets = shapely.STRtree([line for line, _ in drains.streets()])
    inlets = [p for c, *_, p in drains.points() if c == "inlet"]
    _, far = streets.query_nearest(inlets, return_distance=True)
    assert far.max() < 16


def test_the_timber_quarter_burns_from_wall_to_wall() -> None:
    timber = [h for h in district().houses if h.structure == "timber"]
    assert len(timber) > 500
    assert {h.storeys for h in timber} == {1}
    quarter = shapely.MultiPolygon([h.area for h in timber])
    assert quarter.bounds[0] > 1500
    assert quarter.bounds[3] < 1150, "it lies between the station and the river"
    tree = shapely.STRtree([h.area for h in timber])
    one, other = tree.query([h.area for h in timber], predicate="dwithin", distance=6.0)
    assert len(set(one[one != other])) > 0.95 * len(timber), "a timber house stands far from all others"


def test_the_woods_come_down_to_the_houses() -> None:
    near = {188: 0, 102: 0}
    ground = {"forest": 188, "farmland": 102}
    for name, model in ground.items():
        burnable = shapely.union_all([shape for kind, shape in district().open if kind == name])
        homes = [h.area for h in district().houses if h.group in {"detached", "villa"}]
        near[model] = int((shapely.distance(np.array(homes, dtype=object), burnable) < 40.0).sum())
    assert near[188] >= 3, "no home within 40 m of a wood"
    assert near[102] >= 100, "no homes along the fields"


def test_every_fire_station_has_a_place_and_streets_have_hydrants() -> None:
    stations = [p for p in sites.places() if p.site.use == "fire_station"]
    assert len(stations) == 3
    assert all(p.houses for p in stations)
    quarter = [h.area.centroid for h in district().houses if h.structure == "timber"]
    hydrants = shapely.MultiPoint([p for _, p in utilities.hydrants()])
    assert max(shapely.distance(np.array(quarter, dtype=object), hydrants)) < 200
