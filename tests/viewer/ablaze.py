"""Fires over the ground of `small`: one that runs up to its houses, one inside a building, and an ensemble of fires."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from tests.viewer.small import CRS, SOUTH, START, WEST
from twin.model.feature import Features
from twin.model.field import Grid
from twin.model.run import Budget, Frame, Run
from twin.runs.frames.store import FrameWriter
from twin.runs.frames.things import Things
from twin.runs.provenance import write_record

if TYPE_CHECKING:
    from twin.store import City

FIRE, INSIDE, MANY, BOTH = "small0fire", "small0room", "small0fires", "small0both"
SCENARIO = 'title = "산불"\nhazard = "fire"\nstart = 2026-04-11T11:00:00+09:00\n'
#: when they were simulated: before the flood of `small`, with which pages open
BEFORE = START - timedelta(days=1)
#: building -> frame in which it is heated, burns, and ends; its last state, cause and where the fire came from
FATES: dict[str, tuple[int, int, int, int, str, str]] = {
    "b00000": (1, 1, 4, 3, "vegetation", "201010.5, 466020.5"),
    "b00001": (1, 2, 5, 3, "radiation", "b00000"),
    "b00002": (2, 3, 4, 4, "brand", "b00000"),
    "b00003": (3, 4, 9, 2, "contact", "b00001"),
    "b00004": (4, 9, 9, 1, "", ""),
}
STATES = ("unburnt", "heated", "burning", "burnt_out", "extinguished")
FRAMES = 6


def state_of(fate: tuple[int, int, int, int, str, str], i: int) -> int:
    """Return the state of a building in frame `i`."""
    heated, burning, ended, last, *_ = fate
    return last if i >= ended else 2 if i >= burning else int(i >= heated)


def _grid() -> Grid:
    return Grid(CRS, WEST, SOUTH, 5.0, 48, 48)


def _arrival() -> np.ndarray:
    """Return (ny, nx) the number of the frame in which the front comes, from the south-west corner."""
    y, x = np.mgrid[0:48, 0:48]
    return np.hypot(x, y) / 9.0


def _write(folder: Any, quantities: tuple[str, ...], summary: dict[str, np.ndarray]) -> Things:
    writer, things, comes = FrameWriter(folder, _grid(), START, quantities, {}), Things(), _arrival()
    depth = np.maximum(0, 1.0 - np.abs(np.arange(48) - 24) / 6).astype(np.float32)[None, :] * np.ones(
        (48, 1), np.float32
    )
    for i in range(FRAMES):
        burnt = comes <= i
        state = np.where(burnt, np.where(comes > i - 1, 1, 2), 0).astype(np.float32)
        intensity = np.where(state == 1, 2000.0, 0.0).astype(np.float32)
        fields = {"fire_state": state, "fireline_intensity": intensity, "depth": depth * i / 5}
        fields |= {"velocity_x": 0 * depth, "velocity_y": 0 * depth}
        states = {id_: float(state_of(fate, i)) for id_, fate in FATES.items() if state_of(fate, i)}
        frame = Frame(600.0 * i, {name: fields[name] for name in quantities}, {"building_fire": states})
        writer.add(frame)
        things.add(frame)
    reached = comes < FRAMES - 1
    never = np.where(reached, 600.0 * comes, np.nan)
    fire = {
        "fire_arrival": never,
        "max_fireline_intensity": np.where(reached, 2000.0, 0),
        "spread_rate": 0.02 * reached,
    }
    fire |= {"flame_length": 2.6 * reached, "fire_type": reached * np.where(comes > 3, 3.0, 1.0)}
    writer.close({name: v.astype(np.float32) for name, v in (fire | summary).items()})
    things.write(folder)
    return things


def _record() -> dict[str, Any]:
    rows = [
        {"id": id_, "state": STATES[last], "ignited_s": 600.0 * burning if burning < FRAMES else None,
         "ended_s": 600.0 * ended if ended < FRAMES else None, "cause": cause, "by": by,
         "peak_kw": 5000.0, "energy_mj": 900.0 if last == 3 else 300.0, "released_mj": 900.0, "load_mj": 900.0}
        for id_, (_, burning, ended, last, cause, by) in FATES.items()
    ]  # fmt: skip
    engine = {
        "name": "b00009-1", "station": "b00009", "target": "b00001", "x": WEST + 20, "y": SOUTH + 80, "called_s": 600.0,
        "arrived_s": 1500.0, "held_up_s": 0.0, "source": "tank", "water_m3": 12.5, "recalled": False,
        "way": "roads", "way_m": 1234.0, "way_s": 840.0, "note": "",
    }  # fmt: skip
    late = engine | {"name": "b00009-2", "called_s": 900.0, "arrived_s": None, "held_up_s": 1200.0, "water_m3": 0.0}
    late |= {"way": "straight line", "note": "5.0분부터 갈 길 없음 · no way since minute 5.0"}
    books = [
        {"time": 600.0 * i, "in": 0.0, "out": 240.0 * i, "stored": 1e5 - 240.0 * i, "error_relative": 1e-9,
         "parts": {"fuel_at_start": 1e5, "buildings_burnt": 40.0 * i, "vegetation_burnt": 200.0 * i}}
        for i in range(FRAMES)
    ]  # fmt: skip
    edge = {"severity": "warning", "code": "fire_at_edge", "message": "the fire reached the west edge", "where": "west"}
    return {"findings": [edge], "buildings": rows, "engines": [engine, late], "spread": [], "evacuated": [],
            "budget_per_frame": books}  # fmt: skip


def _run(city: City, id_: str, title: str, hazard: str, budget: Budget, frames: int = FRAMES, **more: Any) -> Run:
    return Run(
        id_, title, "hash", hazard, "done", frames, 48 * 48, 600.0 * (frames - 1), 1.0, 10, budget, BEFORE, city.snapshot,
        "0.1.0", **more,
    )  # fmt: skip


ENERGY = Budget(
    0.0, 1200.0, 98800.0, 1e-9, {"fuel_at_start": 1e5, "buildings_burnt": 200.0, "vegetation_burnt": 1000.0}, "MJ"
)


def fire(city: City) -> str:
    """Add a fire that comes from the south-west corner and return the id of its run."""
    folder = city.runs.folder(FIRE)
    _write(folder, ("fire_state", "fireline_intensity"), {})
    write_record(folder, _record())
    said = {"validated": "Rates agree.", "title_en": "Hillside fire"}
    city.runs.add(_run(city, FIRE, "산불", "fire", ENERGY, **said), SCENARIO)
    return FIRE


def both(city: City) -> str:
    """Add a flood with a fire in it and return the id of its run."""
    folder = city.runs.folder(BOTH)
    most = np.ones((48, 48)) * np.maximum(0, 1.0 - np.abs(np.arange(48) - 24) / 6)[None, :]
    wet = {"max_depth": most, "max_speed": 0 * most, "max_hazard": 0 * most}
    _write(folder, ("depth", "velocity_x", "velocity_y", "fire_state", "fireline_intensity"), wet)
    record = _record()
    water = {"rain": 900.0, "edge_out": 100.0}
    record["budget_per_frame"] = [
        {
            "time": f["time"],
            "in": 200.0,
            "out": 20.0,
            "stored": 180.0,
            "error_relative": 0.0,
            "parts": water,
            "also": [f],
        }
        for f in record["budget_per_frame"]
    ]
    write_record(folder, record)
    budget = Budget(1000.0, 100.0, 900.0, 3e-12, water, also=(ENERGY,))
    text = SCENARIO.replace('"fire"', '"flood+fire"')
    city.runs.add(_run(city, BOTH, "호우 중 화재", "flood+fire", budget), text)
    return BOTH


def many(city: City) -> str:
    """Add an ensemble of four fires and return the id of its run."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder, comes = city.runs.folder(MANY), _arrival()
    writer = FrameWriter(folder, _grid(), START, ("burn_probability_now",), {})
    for i in range(3):
        writer.add(Frame(600.0 * i, {"burn_probability_now": np.clip(i + 1 - comes / 2, 0, 1).astype(np.float32)}))
    share = np.clip(3 - comes / 2, 0, 1).astype(np.float32)
    median = np.where(share >= 0.5, 600 * comes, np.nan).astype(np.float32)
    note = {"above": 0.5, "members": 4}
    writer.close(
        {"burn_probability": share, "fire_arrival_p10": median, "fire_arrival_p50": median, "fire_arrival": median},
        notes={"burn_probability": note, "burn_probability_now": note},
    )
    table = {"id": ["b00000", "b00001", "b00002"], "probability": [1.0, 0.5, 0.0],
             "arrival_p10_s": [600.0, 1200.0, None], "arrival_p50_s": [700.0, 3600.0, None]}  # fmt: skip
    pq.write_table(pa.table(table), folder / "buildings.parquet")
    facts = {
        "asked": 4, "members": 4, "threshold_m": None, "stopped": "", "missing": [],
        "spread": {"members": 4, "threshold": 0.3, "wind_cv": 0.2, "wind_turn": 12.0, "brands": 1.0},
        "buildings_with_probability": {"0.05": 2, "0.5": 2, "0.9": 1},
    }  # fmt: skip
    write_record(folder, {"ensemble": facts, "findings": []})
    city.runs.add(_run(city, MANY, "산불 · 앙상블 4", "fire", ENERGY, 3, members=4), SCENARIO)
    return MANY


def inside(city: City) -> str:
    """Add rooms to the city and a fire in one of them, and return the id of its run."""
    boxes = [shapely.box(WEST + 12 + 4 * i, SOUTH + 12, WEST + 16 + 4 * i, SOUTH + 17) for i in range(3)]
    spaces = Features(
        "space", ["s1", "s2", "s3"], np.array(boxes, dtype=object), CRS,
        {"name": ["거실", "침실", "현관"], "storey": ["l1", "l1", "l1"]}, np.arange(1, 4),
    )  # fmt: skip
    with city.writing(file="room.ifc", sha256="3" * 64, reader="ifc", licence="가상 데이터", size=1) as tx:
        tx.features(spaces)
        tx.finish({})
    folder = city.runs.folder(INSIDE)
    grid = Grid(CRS, WEST + 10, SOUTH + 10, 0.25, 64, 40)
    number = np.full(grid.shape, -1)
    for i in range(3):
        number[8:28, 8 + 16 * i : 24 + 16 * i] = i
    writer = FrameWriter(folder, grid, START, ("upper_temperature", "interface_height"), {})
    for i in range(4):
        hot, low = np.array([20 + 180 * i, 20 + 60 * i, 20.0]), np.array([2.5 - 0.6 * i, 2.5 - 0.3 * i, 2.5])
        laid = {
            name: np.where(number >= 0, values[np.maximum(number, 0)], 0).astype(np.float32)
            for name, values in (("upper_temperature", hot), ("interface_height", low))
        }
        writer.add(
            Frame(30.0 * i, laid, {"upper_temperature": dict(zip(("s1", "s2", "s3"), hot.tolist(), strict=True))})
        )
    writer.close({})
    row = {"storey": "l1", "down": 0, "caught": 0, "gas_dose": 0.0, "heat_dose": 0.0}
    rooms = [
        row | {"id": "s1", "name": "거실", "people": 2, "inside": 0, "hottest_c": 560.0, "untenable_s": 62.0,
               "why": "temperature", "left_s": 40.0, "margin_s": 22.0},
        row | {"id": "s2", "name": "침실", "people": 1, "inside": 1, "hottest_c": 200.0, "untenable_s": 75.0,
               "why": "visibility", "left_s": None, "margin_s": None},
        row | {"id": "s3", "name": "현관", "people": 0, "inside": 0, "hottest_c": 20.0, "untenable_s": None, "why": "",
               "left_s": 50.0, "margin_s": None},
    ]  # fmt: skip
    write_record(
        folder, {"rooms": rooms, "evacuation": [{"people": 3, "out": 2, "down": 0, "inside": 1}], "findings": []}
    )
    text = 'title = "실내 화재"\nhazard = "indoor_fire"\nstart = 2026-04-11T11:00:00+09:00\nframe_every_min = 0.5\n[[ignition]]\ntarget = "거실"\n'
    parts = {"released": 50.0, "to_linings": 20.0, "through_vents": 25.0, "stored": 5.0}
    run = _run(city, INSIDE, "실내 화재", "indoor_fire", Budget(50.0, 45.0, 5.0, 1e-6, parts, "MJ"), 4)
    city.runs.add(run, text)
    return INSIDE
