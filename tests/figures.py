"""Write the figures of the README from build/validation.json and build/bench.json: `python -m tests.figures`.

There is a table for each topic, between `<!-- figures: TOPIC -->` and `<!-- /figures: TOPIC -->`. What has not been
measured is left out of it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent

FLOOD = {
    "flood.stoker.second_order.l1_m": "dam break on wet ground (Stoker), mean depth error of 2 m",
    "flood.ritter.second_order.l1_m": "dam break on dry ground (Ritter), mean depth error of 2 m",
    "flood.lake_at_rest.f32.max_speed_m_s": "lake at rest, greatest false speed, float32",
    "flood.rain_plane.1pct.depth_error": "steady rain on a plane of 1 %, depth error",
    "flood.rain_plane.5pct.depth_error": "steady rain on a plane of 5 %, depth error",
    "flood.volume.f32.max_rel_error": "volume error, float32",
    "flood.volume.f64.max_rel_error": "volume error, float64",
    "flood.thacker_planar.l1_m": "water swinging in a bowl (Thacker), mean depth error of 4 m",
    "flood.shock_bump.l1_m": "flow over a bump with a jump, mean depth error of 0.4 m",
    "flood.macdonald.l1_m": "channel with friction and a jump (MacDonald), mean depth error",
    "flood.okushiri.ch7.rmse_m": "Okushiri wave tank, middle gauge, error against the measurement",
    "flood.malpasset.gauges.rmse_m": "Malpasset dam break, highest levels at nine gauges, error against the scale model",
    "flood.first_order.f32.mcell_per_cpu_s": "first order, million cell updates per CPU-second",
    "flood.second_order.f32.mcell_per_cpu_s": "second order, million cell updates per CPU-second",
    "flood.two_cores.speedup": "two threads against one",
    "flood.vs_itzi.ratio": "first order, speed over that of Itzi 25.8 (1 M wet cells, one run)",
    "flood.vs_landlab.ratio": "first order, speed over that of landlab 2.9.2",
    "flood.district_8km2_5m_6h.wall_s": "district of 8 km2 at 5 m, storm of 6 h, second order, two threads",
}
FIRE = {
    "fire.behave.ros_max_rel_error": "rate of spread against firelab/behave, worst of 1,431 cases, relative",
    "fire.ellipse.gr2.area_error": "fire of 6 h in grass (GR2) against the exact ellipse, burnt area, relative",
    "fire.ellipse.sh5.area_error": "the same in shrub (SH5)",
    "fire.ellipse.tu5.area_error": "the same under timber (TU5)",
    "fire.ellipse.lw7.area_error": "the same, seven times as long as wide, worst of three headings",
    "fire.ellipse.lw7.iou": "overlap with that ellipse (IoU)",
    "fire.mosaic.12h.area_error": "12 h through a mosaic of fuels against the converged area, relative",
    "fire.turning_wind.quarter.lw5.area_error": "wind that turns by a quarter, burnt area against Huygens, relative",
    "fire.split_run.area_difference": "weather told twice instead of once, difference of the area, relative",
    "fire.kobe_gap_m": "gap that stops radiation between rows of timber houses (Kobe 1995: 14 m, plus minus 2)",
    "fire.hamada.timber_ratio": "speed through rows of bare wood at 10 m/s over Hamada's formula",
    "fire.hamada.concrete_ratio": "speed through rows of concrete over Hamada's formula for wood",
    "fire.itoigawa.burnt_median": "quarter like that of Itoigawa, houses burnt, median (there: 147; calibrated on it in part)",
    "fire.itoigawa.burnt_p10": "the same, one member in ten burns fewer than",
    "fire.itoigawa.burnt_p90": "the same, one member in ten burns more than",
    "fire.zone.equilibrium_off_c": "shut cold room in warm air that ends at 25 degC, error",
    "fire.zone.equilibrium_pa_error": "the same, pressure of 1728.21 Pa, relative error",
    "fire.zone.energy_error": "corridor of eight rooms for an hour, energy neither lost nor made, relative",
    "fire.zone.steckler.bias": "Steckler's 55 room fires, rise of the hot layer, computed over measured",
    "fire.zone.steckler.scatter": "the same, scatter (standard deviation of the logarithm)",
    "fire.zone.steckler.layer_ratio": "the same, height of the layer, computed over measured, median",
    "fire.zone.nbs_mv100o.corridor_height": "NBS, shut corridor, height of the layer, computed over measured (not right)",
    "fire.wildfire.uniform.cells_per_cpu_s": "cells burnt per CPU-second, one fuel",
    "fire.wildfire.mosaic.cells_per_cpu_s": "cells burnt per CPU-second, mosaic of fuels",
    "fire.vs_pyretechnics.ratio": "speed over that of pyretechnics, worst of three cases, rates of spread and all",
    "fire.ensemble_100.wall_s": "100 members of 6 h on a million cells, two threads",
    "fire.urban_100k.cpu_s": "100,000 buildings for 6 h in steps of 10 s, one thread",
    "fire.zone_8rooms_1h.cpu_s": "eight rooms for an hour",
}
AGENTS = {
    "agents.plan_8x40.weight_in_time": "8 units and 40 tasks on a street grid, share of the weight done in time",
    "agents.plan_8x40.nearest": "the same by the rule of the nearest unit",
    "agents.plan_8x40.gaon.weight_in_time": "the same on Gaon's roads, by auction and search",
    "agents.plan_8x40.wall_s": "that plan",
    "agents.plan_60x600.wall_s": "60 units and 600 tasks",
    "agents.shield.tried": "hostile actions tried at the shield",
    "agents.shield.unsafe_through": "of these, unsafe ones that got through",
    "agents.empty_action.effect": "effect of a proposal that does nothing",
    "agents.audit.edits_tried": "random edits, deletions, swaps and cuts of the journal",
    "agents.audit.edits_found": "of these, found",
    "agents.crowd.iso20414.passed": "ISO 20414, tests of people on foot passed (some were used to set the numbers)",
    "agents.crowd.iso20414.total": "of those that apply",
    "agents.crowd_5000.steps_per_s": "5,000 people on foot, steps of 0.1 s per second",
    "agents.proof.wall_s": "one proof of a proposal that changes the flood, two processes",
    **{
        f"agents.{name}.exposure_ratio_to_{other}{end}": f"{title}, exposure of the plan over that of {label}{note}"
        for name, title in (
            ("night_cloudburst", "night cloudburst"),
            ("breach", "levee breach"),
            ("hillside_fire", "hillside fire"),
            ("station_crowd", "station crowd"),
            ("two_emergencies", "two emergencies"),
        )
        for other, label in (("none", "no action"), ("nearest", "the nearest unit"), ("sop", "a fixed procedure"))
        for end, note in (("", ""), (".high", ", upper end of its interval"))
    },
}
DATA = {
    "ingest.footprints_per_s": "footprints loaded per second",
    "ingest.cityjson_buildings_per_s": "CityJSON buildings loaded per second",
    "ingest.csv_observations_per_s": "CSV readings loaded per second",
    "store.viewport_2km_p95_ms": "600,000 buildings, viewport of 2 km, 95th percentile",
}
#: topic -> measure -> what a reader of the README calls it
SHOWN = {"flood": FLOOD, "fire": FIRE, "agents": AGENTS, "data": DATA}

Row = Mapping[str, Any]


def measured(which: str) -> dict[str, Row]:
    """Return the figures of "validation" or "bench" by name; none where nothing has been measured."""
    path = ROOT / "build" / f"{which}.json"
    return {row["name"]: row for row in json.loads(path.read_text())} if path.exists() else {}


def number(value: float, unit: str) -> str:
    """Return a value of three digits with its unit; a plain number has none."""
    text = f"{value:,.0f}" if 1000 <= abs(value) < 1e7 else f"{value:.3g}"
    return text if unit == "1" else f"{text} {unit}"


def peer(row: Row) -> str:
    """Return what a peer's value was; nothing where none was run beside it."""
    return f"{row['peer']}: {number(row['peer_value'], '1')}" if row["peer_value"] is not None else row["peer"] or ""


def table(lines: Sequence[tuple[str, Row]]) -> str:
    """Return a Markdown table of labels and figures; a column of peers where there is one."""
    beside = any(row["peer"] for _, row in lines)
    cells = [("figure", "value", "bound", "beside it"), ("---",) * 4]
    cells += [(label, number(row["value"], row["unit"]), row["bound"], peer(row)) for label, row in lines]
    lined = ("|".join(f" {cell} " if cell else " " for cell in line[: 4 if beside else 3]) for line in cells)
    return "\n".join(f"|{line}|" for line in lined)


def between(text: str, name: str, content: str) -> str:
    """Return a page with new content between `<!-- NAME -->` and `<!-- /NAME -->`. Raises LookupError without them."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(text):
        raise LookupError(f"no markers <!-- {name} --> and <!-- /{name} -->")
    return pattern.sub(lambda found: f"{found[1]}\n{content}\n\n{found[2]}", text, count=1)


def filled(text: str, have: Mapping[str, Row]) -> str:
    """Return a page with the table of every topic that anything has been measured of. Raises LookupError, as above."""
    for topic, shown in SHOWN.items():
        lines = [(label, have[name]) for name, label in shown.items() if name in have]
        if lines:
            text = between(text, f"figures: {topic}", table(lines))
    return text


def main() -> int:
    """Put the tables between the markers of the README."""
    path = ROOT / "README.md"
    try:
        path.write_text(filled(path.read_text(), measured("validation") | measured("bench")))
    except LookupError as missing:
        print(f"{path.name}: {missing}; nothing was written", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
