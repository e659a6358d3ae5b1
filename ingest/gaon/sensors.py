"""The sensors' series as a control room exports them: CP949 tables with declarations, and SensorThings JSON.

The faults in them are those of real networks, and they are listed in FAULTS, so that a test can look for each.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
from pyproj import Transformer

from ingest.gaon import plan, terrain, weather
from ingest.gaon.weather import BURST, COUNT, START, STEP, Values, clock, daily, reservoir

#: station: name, local x, y
RAIN_GAUGES = (("가온시청", 1640.0, 1480.0), ("산들동", 1210.0, 1900.0), ("남산동", 800.0, 130.0))
RIVER_GAUGES = (("가온대교", 950.0, 972.0), ("솔내대교", 2305.0, 1215.0), ("솔내천교", 1885.0, 1500.0))
DRAINS = (
    ("샘골1", 1120.0, 850.0), ("샘골2", 1205.0, 730.0), ("방죽1", 640.0, 735.0), ("가온지하차도", 858.0, 441.0),
    ("솔내지하차도", 2245.0, 495.0), ("버들1", 1868.0, 757.0),
)  # fmt: skip
AIR = (("가온동", 1400.0, 700.0), ("공단동", 2800.0, 380.0))
MASTS = (("가온기상", 1480.0, 1500.0), ("산림기상", 700.0, 2100.0))

#: file -> what is wrong in it, on purpose
FAULTS = {
    "gaon_rain_10min.csv": ("24:00 stamps", "three lines repeated", "남산동 missing 08-07 19:00 to 20:20 (power cut)"),
    "gaon_river_level_10min.csv": (
        "솔내대교 flat from 08-07 17:40 to 21:30 (float stuck)", "one line cut off in transmission", "24:00 stamps",
    ),
    "gaon_drain_level_10min.csv": (
        "방죽1 spikes of 9.99 m", "샘골2 missing on 08-08 02:00 to 05:50", "one cell '점검중'", "one impossible time",
    ),
    "gaon_air_hourly.csv": ("blank cells while the analyser calibrates", "24:00 stamps"),
    "gaon_weather_sensorthings.json": (
        "산림기상 wind speed 0 from 08-07 18:30 (mast down)", "power of 샘골배수펌프장 missing 08-07 19:20 to 20:10",
    ),
}  # fmt: skip


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude of a local place, to 1e-6 degree."""
    turn = Transformer.from_crs(plan.CRS, "EPSG:4326", always_xy=True)
    lon, lat = turn.transform(x + plan.WEST, y + plan.SOUTH)
    return round(lon, 6), round(lat, 6)


def rounded(values: Values, digits: int) -> Values:
    """Return `values` as a sensor of so many decimals gives them."""
    return np.asarray(np.round(values, digits), dtype=float)


def write_rain(file: Path) -> None:
    """Write rain in mm per ten minutes of three gauges; the day ends at 24:00."""
    rows = []
    for k, (name, x, y) in enumerate(RAIN_GAUGES):
        lon, lat = lonlat(x, y)
        share = (1.0, 1.06, 0.93)[k]
        for i, mm in enumerate(np.round(weather.rain() * share, 1).tolist()):
            if name == "남산동" and BURST + 12 <= i <= BURST + 20:
                continue
            rows.append((i, f"{name},{lon},{lat},{clock(i, midnight_as_24=True)},{mm}"))
    text = [line for _, line in sorted(rows, key=lambda r: r[0])]
    text[700:700] = text[690:693]
    _write(file, ["관측소명,경도,위도,관측일시,강우량(mm)", *text], "강우량(mm)", "rainfall", "mm")


def write_river(file: Path) -> None:
    """Write the level of the water in m above the height datum, every ten minutes."""
    rows = []
    for k, (name, x, y) in enumerate(RIVER_GAUGES):
        lon, lat = lonlat(x, y)
        for i, level in enumerate(river_level(k).tolist()):
            rows.append((i, f"{name},{lon},{lat},{clock(i, midnight_as_24=True)},{level:.2f}"))
    text = [line for _, line in sorted(rows, key=lambda r: r[0])]
    text[900] = text[900][:19]
    _write(file, ["관측소명,경도,위도,관측일시,수위(EL.m)", *text], "수위(EL.m)", "water_level", "EL.m")


def river_level(k: int) -> Values:
    """Return the level of the k-th river gauge in m: rain of the catchment, hours late; the second one sticks."""
    name, x, y = RIVER_GAUGES[k]
    bed = (
        float(terrain.river_bed(np.array(x))) if k < 2 else float(terrain.ground().at(np.array([x]), np.array([y]))[0])
    )
    hours, delay, gain = ((2.2, 6, 4.3), (2.0, 5, 4.2), (0.8, 2, 1.9))[k]
    flow = reservoir(weather.rain(), hours, delay)
    level = np.round(bed + 0.75 + gain * np.sqrt(flow / 7.0), 2)
    if name == "솔내대교":
        level[BURST + 4 : BURST + 28] = level[BURST + 4]
    return level


def write_drains(file: Path) -> None:
    """Write the depth of water in six storm drains in m, every ten minutes."""
    rows = []
    for k, (name, x, y) in enumerate(DRAINS):
        lon, lat = lonlat(x, y)
        depth = np.minimum(0.06 + 1.75 * np.sqrt(reservoir(weather.rain(), 0.35 + 0.1 * k) / 9.0), 1.8)
        if name == "방죽1":
            depth[[60, 61, 190, 300]] = 9.99
        for i, value in enumerate(np.round(depth, 2).tolist()):
            if name == "샘골2" and 6 * 50 <= i < 6 * 54:
                continue
            cell = "점검중" if name == "버들1" and i == 100 else f"{value:.2f}"
            at = "2026-08-07 25:70" if name == "샘골1" and i == 200 else clock(i)
            rows.append((i, f"{name},{lon},{lat},{at},{cell}"))
    text = [line for _, line in sorted(rows, key=lambda r: r[0])]
    _write(file, ["관측지점,경도,위도,측정시각,관거수위(m)", *text], "관거수위(m)", "drain_level", "m")


def write_air(file: Path) -> None:
    """Write hourly air quality of two stations; the hour ends at the stamp, midnight is 24:00."""
    gases = "오존(ppm),이산화질소(ppm),일산화탄소(ppm),아황산가스(ppm)"
    head = f"측정소명,경도,위도,측정일시,미세먼지(㎍/㎥),초미세먼지(㎍/㎥),{gases}"
    washed = 1.0 - 0.7 * np.clip(reservoir(weather.rain(), 3.0) / 4.0, 0, 1)
    rows = []
    for k, (name, x, y) in enumerate(AIR):
        lon, lat = lonlat(x, y)
        scale = (1.0, 1.45)[k]
        pm10 = np.maximum(daily(28, 55, 9, 4, f"pm10{k}") * scale * washed, 2)
        columns: list[Values] = [
            rounded(pm10, 0),
            rounded(pm10 * 0.55, 0),
            rounded(np.maximum(daily(0.01, 0.065, 15, 0.004, f"o3{k}"), 0.002), 3),
            rounded(np.maximum(daily(0.010, 0.032, 8, 0.002, f"no2{k}") * scale, 0.002), 3),
            rounded(np.maximum(daily(0.3, 0.6, 8, 0.03, f"co{k}"), 0.1), 2),
            rounded(np.full(COUNT, 0.003 * scale), 3),
        ]
        for hour in range(1, 73):
            i = hour * 6
            cells = [f"{c[min(i, COUNT - 1)]:g}" for c in columns]
            if hour in (14, 38, 62):
                cells = ["", "", *cells[2:]]
            rows.append((hour, ",".join([name, str(lon), str(lat), clock(i, midnight_as_24=True), *cells])))
    text = [line for _, line in sorted(rows, key=lambda r: r[0])]
    units = ("ug/m3", "ug/m3", "ppm", "ppm", "ppm", "ppm")
    names = ("pm10", "pm25", "o3", "no2", "co", "so2")
    values = [(column, q, u) for column, q, u in zip(head.split(",")[4:], names, units, strict=True)]
    _write(file, [head, *text], *values[0], more=values[1:])


def _write(
    file: Path, rows: list[str], column: str, quantity: str, unit: str, more: list[tuple[str, str, str]] | None = None
) -> None:
    """Write a table in CP949 and the declaration beside it."""
    file.write_bytes("".join(row + "\r\n" for row in rows).encode("cp949"))
    head = rows[0].split(",")
    faults = "".join(f"#   {fault}\n" for fault in FAULTS[file.name])
    values = "".join(
        f'[[value]]\ncolumn = "{c}"\nproperty = "{q}"\nunit = "{u}"\n'
        for c, q, u in [(column, quantity, unit), *(more or [])]
    )
    file.with_name(file.name + ".toml").write_text(
        f"# {plan.FICTION}\n# faults put in on purpose:\n{faults}"
        f'content = "series"\nencoding = "cp949"\nx = "{head[1]}"\ny = "{head[2]}"\ncrs = "EPSG:4326"\n'
        f'[time]\ncolumn = "{head[3]}"\nzone = "Asia/Seoul"\n[thing]\ncolumn = "{head[0]}"\n{values}',
        "utf-8",
    )


def write_sensorthings(file: Path) -> None:
    """Write wind and temperature of two masts and the power of the pumps as SensorThings entities."""
    things = []
    for k, (name, x, y) in enumerate(MASTS):
        gust = 1.0 + 2.6 * np.clip(reservoir(weather.rain(), 1.0) / 6.0, 0, 1.2)
        speed = rounded(np.maximum(daily(1.2, 3.4, 15, 0.5, f"wind{k}") * gust * (1.0, 1.5)[k], 0.0), 1)
        if name == "산림기상":
            speed[BURST + 9 :] = 0.0
        veering = 60 * np.clip(reservoir(weather.rain(), 1.5) / 6, 0, 1)
        direction = rounded((daily(180, 240, 12, 14, f"direction{k}") + veering) % 360, 0)
        cooling = 5.0 * np.clip(reservoir(weather.rain(), 2.0) / 4, 0, 1) + 1.5 * k
        air = rounded(daily(23.5, 31.5, 15, 0.3, f"air{k}") - cooling, 1)
        streams: list[tuple[str, str, str, Values]] = [
            ("풍속", "wind_speed", "m/s", speed),
            ("풍향", "wind_direction", "deg", direction),
            ("기온", "air_temperature", "degC", air),
        ]
        things.append(_thing(f"weather-{k + 1}", name, x, y, streams, frozenset()))
    for k, (name, x, y, rate) in enumerate(plan.PUMPS):
        load = np.clip(reservoir(weather.rain(), 0.5) / 5.0, 0, 1)
        power = rounded(np.where(load > 0.06, (0.15 + 0.85 * load) * rate * 95.0, 0.4), 1)
        gap = frozenset(range(BURST + 14, BURST + 20)) if k == 0 else frozenset()
        things.append(_thing(f"pump-{k + 1}", name, x, y, [("소비전력", "power", "kW", power)], gap))
    file.write_text(json.dumps({"value": things}, ensure_ascii=False, indent=1), "utf-8")


def _thing(
    number: str, name: str, x: float, y: float, streams: list[tuple[str, str, str, Values]], gap: frozenset[int]
) -> dict[str, object]:
    return {
        "@iot.id": f"gaon-{number}",
        "name": name,
        "description": f"{plan.CITY} {name}",
        "properties": {"fictional": True},
        "Locations": [{
            "name": name, "description": name, "encodingType": "application/geo+json",
            "location": {"type": "Point", "coordinates": list(lonlat(x, y))},
        }],
        "Datastreams": [
            {
                "@iot.id": f"gaon-{number}-{quantity}",
                "name": f"{name} {label}",
                "description": f"{name} {label}",
                "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
                "unitOfMeasurement": {"name": unit, "symbol": unit, "definition": f"https://ucum.org/ucum#{unit}"},
                "ObservedProperty": {
                    "name": quantity, "definition": f"https://example.org/{quantity}", "description": label,
                },
                "Sensor": {
                    "name": f"{label}계", "description": label, "encodingType": "text/plain", "metadata": "가상",
                },
                "Observations": [
                    {"phenomenonTime": (START + timedelta(minutes=STEP * i)).isoformat(), "result": value}
                    for i, value in enumerate(values.tolist()) if i not in gap
                ],
            }
            for label, quantity, unit, values in streams
        ],
    }  # fmt: skip
