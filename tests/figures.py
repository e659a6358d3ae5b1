"""Write the figures of the README from build/validation.json and build/bench.json: `python -m tests.figures`."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent

#: measure -> what a reader of the README calls it
SHOWN = {
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
    "flood.first_order.f32.mcell_per_cpu_s": "flood, first order, million cell updates per CPU-second",
    "flood.second_order.f32.mcell_per_cpu_s": "flood, second order, million cell updates per CPU-second",
    "flood.two_cores.speedup": "flood, two threads against one",
    "flood.vs_itzi.ratio": "flood, first order, speed over that of Itzi 25.8 (1 M wet cells, one run)",
    "flood.vs_landlab.ratio": "flood, first order, speed over that of landlab 2.9.2",
    "flood.district_8km2_5m_6h.wall_s": "district of 8 km2 at 5 m, storm of 6 h, second order, two threads",
    "ingest.footprints_per_s": "footprints loaded per second",
    "ingest.cityjson_buildings_per_s": "CityJSON buildings loaded per second",
    "ingest.csv_observations_per_s": "CSV readings loaded per second",
    "store.viewport_2km_p95_ms": "600,000 buildings, viewport of 2 km, 95th percentile in ms",
}


def table() -> str:
    """Return the figures as a Markdown table; what has not been measured is left out."""
    have = {}
    for which in ("validation", "bench"):
        path = ROOT / "build" / f"{which}.json"
        if path.exists():
            have |= {row["name"]: row for row in json.loads(path.read_text())}
    lines = ["| figure | value | bound |", "|---|---|---|"]
    lines += [
        f"| {label} | {have[name]['value']:.3g} {have[name]['unit']} | {have[name]['bound']} |"
        for name, label in SHOWN.items()
        if name in have
    ]
    return "\n".join(lines)


def main() -> None:
    """Put the table between the markers of the README."""
    path = ROOT / "README.md"
    text = path.read_text()
    path.write_text(
        re.sub(r"(<!-- figures -->\n).*?(<!-- /figures -->)", rf"\g<1>\n{table()}\n\n\g<2>", text, flags=re.DOTALL)
    )
    print(table())


if __name__ == "__main__":
    main()
