from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import InputError, UsageError
from twin.hazards import Setting
from twin.hazards.flood import FloodHazard
from twin.hazards.flood.assets import build, storages
from twin.model.action import Action
from twin.model.asset import Asset
from twin.model.field import Grid
from twin.model.scenario import Scenario, Series

WEST, SOUTH = 200_000.0, 450_000.0
GRID = Grid("EPSG:5186", WEST, SOUTH, 5.0, 40, 24)
TOLERANCE = {"float64": 1e-12, "float32": 1e-7}


def at(x: float, y: float) -> tuple[float, float]:
    return WEST + x, SOUTH + y


def house(id_: str, x: float, y: float, **params: object) -> Asset:
    ring = tuple(at(x + dx, y + dy) for dx, dy in ((0, 0), (10, 0), (10, 8), (0, 8), (0, 0)))
    return Asset("building", id_, ring, params)


ASSETS = {
    "pump": [Asset("pump", "P1", (at(20, 20),), {"rate": 0.5})],
    "gate": [Asset("gate", "G1", (at(92, 60), at(118, 60)), {"width": 2.0, "height": 1.0, "level": 10.0})],
    "culvert": [Asset("culvert", "C1", (at(92, 30), at(118, 30)), {"diameter": 0.8, "level": 10.0})],
    "underpass": [Asset("underpass", "U1", (at(20, 90), at(80, 90)), {"depth": 3.0, "width": 6.0})],
    "building": [house("b1", 40, 50, half_basement=True, basements=1), house("b2", 60, 50, basements=2)],
}


def begun(
    left: float = 0.6, right: float = 0.0, *, precision: str = "float64", params: dict | None = None, **changes: object
) -> FloodHazard:
    """A town at 10 m and a meadow, with a dike of 13 m between x 100 and 110, and the works of `ASSETS`."""
    ground = np.full(GRID.shape, 10.0)
    ground[:, 20:22] = 13.0
    depth = np.where(np.arange(40) < 20, left, np.where(np.arange(40) >= 22, right, 0.0)) * np.ones((24, 1))
    scenario = Scenario(
        "t",
        "flood",
        datetime(2026, 7, 1, tzinfo=UTC),
        3600.0,
        60.0,
        5.0,
        params={"order": 1, "precision": precision},
        **changes,
    )
    flood = FloodHazard()
    flood.start(Setting(GRID, scenario, {"elevation": ground, "depth": depth}))
    build(flood.engine, GRID, ASSETS, params or {})
    return flood


def do(flood: FloodHazard, kind: str, target: str = "", **params: object):
    return flood.apply(Action(kind, flood.engine.time, target, params))


def state(flood: FloodHazard, quantity: str) -> dict[str, float]:
    return {k: v for s in flood.engine.structures.values() for k, v in s.state().get(quantity, {}).items()}


def test_the_works_of_a_city_work_by_themselves() -> None:
    flood = begun()
    flood.advance(300.0)
    assert state(flood, "pump_rate") == {"P1": pytest.approx(0.5)}
    assert state(flood, "gate_opening") == {"G1": 1.0, "C1": 1.0}
    assert state(flood, "discharge")["G1"] > 0.1
    assert state(flood, "underpass_depth")["U1"] > 0.5
    wet = state(flood, "basement_depth")
    assert wet["b1"] > 0.1
    assert wet["b2"] > 0.1
    assert abs(flood.budget().error_relative) < 1e-12
    kinds = {row["id"]: row["kind"] for row in storages(flood.engine)}
    assert kinds == {"U1": "underpass", "b1": "basement", "b2": "basement"}


def test_a_pump_fails_and_is_started_again() -> None:
    flood = begun()
    flood.advance(60.0)
    assert "stands still" in do(flood, "pump", "P1", rate=0.0).note
    flood.advance(120.0)
    assert flood.budget().parts["pumped"] == pytest.approx(30.0)
    do(flood, "pump", "P1", rate=0.25, x=WEST + 20, y=SOUTH + 20)
    flood.advance(180.0)
    assert flood.budget().parts["pumped"] == pytest.approx(45.0)
    do(flood, "pump", "P1", mode="off")
    flood.advance(240.0)
    assert flood.budget().parts["pumped"] == pytest.approx(45.0)
    do(flood, "pump", "P1", mode="on")
    flood.advance(300.0)
    assert flood.budget().parts["pumped"] == pytest.approx(60.0)


def test_pumps_that_are_off_are_not_there_and_a_measure_brings_one() -> None:
    flood = begun(params={"pumps": "off", "gates": "off", "basements": "none", "underpasses": "none"})
    assert not flood.engine.structures
    effect = do(flood, "pump", "P1", x=WEST + 20, y=SOUTH + 20, rate=0.5)
    assert effect.cells > 0
    flood.advance(100.0)
    assert flood.budget().parts["pumped"] == pytest.approx(50.0)


def test_a_pump_lifts_over_the_dike() -> None:
    flood = begun(params={"pumps": "off", "gates": "off", "basements": "none", "underpasses": "none"})
    do(flood, "pump", x=WEST + 80, y=SOUTH + 60, curve=[[0, 1.0], [4, 0.2]], outlet=[WEST + 150, SOUTH + 60])
    flood.advance(200.0)
    meadow = float(flood.engine.depth[:, 22:].sum()) * 25
    assert 100 < meadow <= 200
    assert flood.budget().parts["pumped"] == 0
    assert abs(flood.budget().error_relative) < 1e-12


def test_a_pump_moves_where_it_is_sent() -> None:
    flood = begun()
    do(flood, "pump", "truck", x=WEST + 50, y=SOUTH + 20, rate=0.1)
    first = flood.engine.structures["pump 'truck'"].intake
    do(flood, "pump", "truck", x=WEST + 51, y=SOUTH + 20, rate=0.2)
    assert flood.engine.structures["pump 'truck'"].intake is first
    do(flood, "pump", "truck", x=WEST + 150, y=SOUTH + 20)
    assert flood.engine.structures["pump 'truck'"].intake[1].min() > 25
    assert flood.engine.structures["pump 'truck'"].rate == 0.2


def test_a_gate_is_closed_within_a_time() -> None:
    flood = begun()
    flood.advance(60.0)
    assert "100% open, to 0% within 60 s" in do(flood, "gate", "G1", opening=0.0, over=60.0).note
    flood.advance(90.0)
    assert state(flood, "gate_opening")["G1"] == pytest.approx(0.5, abs=0.05)
    flood.advance(121.0)
    assert state(flood, "gate_opening")["G1"] == 0
    assert state(flood, "discharge")["G1"] == 0
    assert state(flood, "discharge")["C1"] > 0
    do(flood, "culvert", "C1", opening=0.0)
    before = float(flood.engine.depth[:, 22:].sum())
    flood.advance(200.0)
    assert float(flood.engine.depth[:, 22:].sum()) == pytest.approx(before)


def test_a_new_gate_with_a_flap_and_a_wider_old_one() -> None:
    flood = begun(left=0.2, right=1.0, params={"gates": "off"})
    line = [at(92, 60), at(118, 60)]
    do(flood, "gate", line=line, width=2.0, height=1.0, level=10.0, flap=True)
    flood.advance(60.0)
    assert float(flood.engine.depth[:, 22:].mean()) == pytest.approx(1.0)
    do(flood, "gate", line=line, flap=False, width=4.0)
    hole = next(s.hole for n, s in flood.engine.structures.items() if n.startswith("gate"))
    assert (hole.width, hole.area, hole.flap) == (4.0, 4.0, False)
    flood.advance(120.0)
    assert float(flood.engine.depth[:, 22:].mean()) < 0.98  # about 6 m3 s-1 for a minute


def test_boards_and_pumps_of_storages() -> None:
    flood = begun()
    assert do(flood, "underpass", "U1", boards=1.0, closed=True).cells == 1
    assert do(flood, "basement", boards=1.0).cells == 2
    flood.advance(120.0)
    assert set(state(flood, "underpass_depth").values()) == {0.0}
    assert set(state(flood, "basement_depth").values()) == {0.0}
    do(flood, "basement", "b1", boards=0.0)
    flood.advance(240.0)
    assert state(flood, "basement_depth")["b1"] > 0.1
    do(flood, "basement", "b1", boards=1.0, pump=0.2)
    flood.advance(1200.0)
    assert state(flood, "basement_depth")["b1"] == 0
    assert abs(flood.budget().error_relative) < 1e-12


def test_an_underpass_that_is_no_storage_can_still_be_closed() -> None:
    flood = begun(params={"underpasses": "cut"})
    effect = do(flood, "underpass", "U1", closed=True)
    assert (effect.cells, effect.note) == (0, "underpass U1 closed to traffic")
    with pytest.raises(InputError, match='no underpasses; set underpasses = "storage"'):
        do(flood, "underpass", "U1", boards=1.0)


def test_a_barrier_is_taken_away_and_set_anew() -> None:
    flood = begun(left=0.5, right=0.0, params={"gates": "off"})
    bed = flood.engine.bed.copy()
    line = [at(50, 0), at(50, 119)]
    do(flood, "barrier", "wall", line=line, level=12.0)
    assert flood.engine.bed.max() == 13.0
    assert np.count_nonzero(flood.engine.bed == 12.0) >= 24
    do(flood, "barrier", "wall", line=line, level=11.0)
    assert np.count_nonzero(flood.engine.bed == 12.0) == 0
    flood.advance(30.0)
    assert do(flood, "barrier", "wall", remove=True).cells >= 24
    assert (flood.engine.bed == bed).all()
    flood.advance(60.0)
    assert abs(flood.budget().error_relative) < 1e-12
    with pytest.raises(InputError, match="there is none to remove at 'wall'; standing: none"):
        do(flood, "barrier", "wall", remove=True)


def test_it_goes_on_after_measures_as_if_it_had_never_stopped() -> None:
    actions = [
        Action("breach", 20.0, "", {"line": [at(105, 20), at(105, 60)], "level": 10.2, "duration": 20.0}),
        Action("gate", 40.0, "G1", {"opening": 0.3, "over": 60.0}),
        Action("barrier", 60.0, "plug", {"line": [at(105, 10), at(105, 70)], "level": 13.0}),
        Action("pump", 70.0, "P1", {"rate": 0.2, "start": 0.3, "stop": 0.2}),
        Action("basement", 80.0, "b2", {"boards": 0.4}),
        Action("barrier", 90.0, "plug", {"remove": True}),
    ]
    first, second = begun(precision="float32"), begun(precision="float32")
    for action in actions:
        first.advance(action.at)
        first.apply(action)
    first.advance(100.0)
    second.load(first.save(), actions)
    first.advance(200.0)
    second.advance(200.0)
    assert first.engine.depth.tobytes() == second.engine.depth.tobytes()
    assert first.budget() == second.budget()
    assert storages(first.engine) == storages(second.engine)


@pytest.mark.parametrize(
    ("kind", "target", "params", "match"),
    [
        ("pump", "P1", {"mode": "maybe"}, "known: auto, off, on"),
        ("pump", "P1", {"start": 0.1, "stop": 0.2}, "'stop' 0.2 m is above 'start' 0.1 m"),
        ("pump", "P1", {"start": 0.1, "stop_level": 9.0}, "either 'start' and 'stop'"),
        ("pump", "P1", {"stop_level": 9.0}, "needs 'start_level'"),
        ("pump", "P1", {"curve": [[0, 1], [0, 2]], "outlet_level": 12.0}, "heads must rise"),
        ("pump", "P1", {"curve": [[0, -1]], "outlet_level": 12.0}, "the rate at 0 m is -1"),
        ("pump", "P1", {"curve": [[0, 1]]}, "needs something to lift against"),
        ("pump", "P1", {"outlet": "sea"}, "'outlet'"),
        ("pump", "P1", {"outlet": [0.0, 0.0]}, "its outlet at 0.0, 0.0 is outside"),
        ("pump", "P2", {}, "'x' is None"),
        ("pump", "", {"x": WEST + 20, "y": SOUTH + 20}, "give its 'rate'"),
        ("gate", "G1", {"opening": 1.5}, "'opening' is 1.5"),
        ("gate", "G1", {"over": -1.0}, "'over' is -1"),
        ("gate", "G1", {"flap": 1}, "must be true or false"),
        ("gate", "G7", {"opening": 0.0}, "'G7' is not there, and a new one needs a 'line'; there: gate 'G1'"),
        ("gate", "", {"opening": 0.0}, "'target' of one that is there"),
        ("gate", "", {"line": [at(50, 50), at(50, 50)]}, "both ends lie at .* in one cell"),
        ("culvert", "C1", {"diameter": 0.0}, "'diameter' is 0"),
        ("culvert", "C1", {"dia": 1.0}, "'dia' is not known; known: coefficient, diameter"),
        ("underpass", "U9", {"boards": 1.0}, "'U9' is not there; known: U1"),
        ("underpass", "U1", {"boards": -1.0}, "'boards' is -1"),
        ("underpass", "U1", {"closed": "yes"}, "must be true or false"),
        ("underpass", "U1", {}, "nothing to do; give known: boards, closed, pump"),
        ("basement", "b1", {"pump": "strong"}, "'pump' is 'strong'"),
        ("basement", "b1", {"closed": True}, "'closed' is not known"),
        ("barrier", "w", {"line": [at(50, 0), at(50, 50)], "level": 12.0, "remove": 1}, "must be true or false"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    kind: str, target: str, params: dict[str, object], match: str
) -> None:
    flood = FLOODS.get("one") or FLOODS.setdefault("one", begun())
    before = {n: s.save() for n, s in flood.engine.structures.items()}
    with pytest.raises(InputError, match=match):
        do(flood, kind, target, **params)
    after = {n: s.save() for n, s in flood.engine.structures.items() if n in before}
    for name, held in before.items():
        for key, values in held.items():
            assert np.array_equal(values, after[name][key], equal_nan=values.dtype.kind == "f")


FLOODS: dict[str, FloodHazard] = {}


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UsageError, match="no measure 'dam'"):
        do(begun(), "dam")


def inside(lowest: float, highest: float) -> st.SearchStrategy[float]:
    return st.floats(lowest, highest, allow_nan=False)


POINTS = st.tuples(inside(1, 199), inside(1, 119)).map(lambda p: list(at(*p)))
ACTIONS = st.one_of(
    st.tuples(st.just("pump"), st.just("P1"), st.fixed_dictionaries({"rate": inside(0, 5)})),
    st.tuples(st.just("pump"), st.just("P1"), st.fixed_dictionaries({"mode": st.sampled_from(["on", "off", "auto"])})),
    st.tuples(st.just("pump"), st.just("P1"), st.fixed_dictionaries({"outlet": POINTS, "start": inside(0, 1)})),
    st.tuples(
        st.just("pump"),
        st.just(""),
        st.fixed_dictionaries(
            {
                "x": inside(WEST + 1, WEST + 199),
                "y": inside(SOUTH + 1, SOUTH + 119),
                "curve": st.just([[0.0, 2.0], [3.0, 0.5]]),
                "outlet": POINTS,
            }
        ),
    ),
    st.tuples(st.just("gate"), st.just("G1"), st.fixed_dictionaries({"opening": inside(0, 1), "over": inside(0, 60)})),
    st.tuples(st.just("gate"), st.just("G1"), st.fixed_dictionaries({"flap": st.booleans(), "width": inside(0.1, 20)})),
    st.tuples(
        st.just("culvert"), st.just("C1"), st.fixed_dictionaries({"opening": inside(0, 1), "diameter": inside(0.1, 3)})
    ),
    st.tuples(
        st.just("underpass"), st.just("U1"), st.fixed_dictionaries({"boards": inside(0, 2), "pump": inside(0, 1)})
    ),
    st.tuples(st.just("basement"), st.just(""), st.fixed_dictionaries({"boards": inside(0, 1), "pump": inside(0, 1)})),
    st.tuples(
        st.just("barrier"),
        st.sampled_from(["w1", "w2"]),
        st.fixed_dictionaries({"line": st.tuples(POINTS, POINTS).map(list), "level": inside(13.1, 15)}),
    ),
    st.tuples(st.just("barrier"), st.sampled_from(["w1", "w2"]), st.just({"remove": True})),
)


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(st.tuples(inside(0, 40), ACTIONS), min_size=1, max_size=8),
    precision=st.sampled_from(["float32", "float64"]),
    wet=st.booleans(),
)
def test_whatever_is_done_and_when_no_water_is_lost_or_made(
    steps: list[tuple[float, tuple[str, str, dict[str, object]]]], precision: str, wet: bool
) -> None:
    rain = Series((0.0, 120.0), (100e-3 / 3600, 0.0), step=True) if wet else None
    flood = begun(left=1.0, right=0.3, precision=precision, rain=rain)
    for wait, (kind, target, params) in steps:
        flood.advance(flood.engine.time + wait)
        standing = flood.engine.structures.get("barriers")
        if params.get("remove") and (standing is None or f"'{target}'" not in standing.standing):
            continue
        flood.apply(Action(kind, flood.engine.time, target, params))
        frame = flood.advance(flood.engine.time + 5.0)
        assert np.isfinite(frame.fields["depth"]).all()
        assert frame.fields["depth"].min() >= 0
        assert np.isfinite(frame.fields["velocity_x"]).all()
        assert abs(flood.budget().error_relative) < TOLERANCE[precision]
        for structure in flood.engine.structures.values():
            assert all(np.isfinite(v) for q in structure.state().values() for v in q.values())
            assert all(v >= 0 for v in structure.budget().values())
