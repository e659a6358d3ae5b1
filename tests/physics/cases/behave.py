"""Fire behaviour as the public-domain library firelab/behave reckons it: its grid of rates, and its own suite."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.physics.cases.files import shared_folder
from twin.physics.wildfire import beds, crown, ellipse, surface, wind
from twin.physics.wildfire.fuels import Fuels, standard
from twin.physics.wildfire.moisture import Moisture
from twin.physics.wildfire.rates import Canopy, Options, Rates, Terrain, rates
from twin.physics.wildfire.surface import FT_MIN, KW_M, MPH

FOOT, CHAIN_HOUR, CHAIN = 0.3048, 1.1 * FT_MIN, 66 * 0.3048
ACRE = 10 * CHAIN**2


def folder() -> Path:
    """Return the folder of the tables. Raises NoSharedData."""
    return shared_folder() / "validation" / "fire" / "behave_surface"


def read(name: str) -> list[dict[str, str]]:
    with (folder() / name).open() as file:
        return list(csv.DictReader(file))


def midflame(number: NDArray[np.integer], mph: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the wind at 10 m in m s-1 that is `mph` at the flames over unsheltered fuel."""
    table: Fuels = standard()
    return mph * MPH * FT_MIN * wind.TEN_METRES / wind.unsheltered(table.depth[table.index(number)])


def grid() -> tuple[dict[str, NDArray[np.float64]], Rates]:
    """Return the columns (n,) of the grid of rates, and what we reckon for its rows (1, n); wind blows uphill, north."""
    rows = read("behave_ros_grid.csv")
    columns = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    number = columns["fuel_model"].astype(np.int16)[None]
    names = ("m1_pct", "m10_pct", "m100_pct", "mherb_pct", "mwoody_pct")
    made = rates(
        number,
        Moisture(*(columns[name][None] / 100 for name in names)),
        wind_speed=midflame(number, columns["midflame_wind_mph"]),
        wind_from=180.0,
        terrain=Terrain(0.0, columns["slope_pct"][None] / 100),
    )
    return columns, made


@dataclass(frozen=True, slots=True)
class Case:
    """One check of the suite, and what it takes."""

    name: str
    quantity: str
    unit: str
    expected: float
    digits: int
    row: dict[str, str]

    def error(self, value: float) -> float:
        """Return the relative error of a value beyond the last printed digit."""
        beyond = max(0.0, abs(value - self.expected) - 0.5000001 * 10.0**-self.digits)
        return beyond / abs(self.expected) if self.expected else beyond

    def number(self, column: str) -> float:
        return float(self.row[column])

    def extra(self, pattern: str) -> float:
        found = re.search(pattern, self.row["extra"])
        assert found, (self.name, pattern)
        return float(found[1])


def digits(text: str) -> int:
    """Return how many digits a printed number has after its point."""
    return len(text.partition(".")[2])


def suite(*, reproduced: bool = True) -> list[Case]:
    """Return the checks of the suite that have been reproduced from their inputs, or the others."""
    return [
        Case(row["case"], row["quantity"], row["unit"], float(row["expected"]), digits(row["expected"]), row)
        for row in read("behave_suite_cases.csv")
        if (row["reproduced_independently"] == "yes") == reproduced
    ]


def burn(case: Case, number: int | None = None) -> Rates:
    """Return the surface fire of a case, (1, 1)."""
    height, ratio = case.number("canopy_height_ft") * FOOT, case.number("crown_ratio")
    if case.name[:3] in ("C01", "C02", "C03"):
        ratio = 1 - case.extra(r"canopy base ([\d.]+) ft") * FOOT / height
    model = np.array([[int(case.row["fuel_model"]) if number is None else number]], np.int16)
    speed, cover = case.number("wind_mph") * MPH * FT_MIN * wind.TEN_METRES, case.number("canopy_cover_pct") / 100
    if case.row["user_waf"] or case.row["wind_kind"] == "midflame":
        factor = float(case.row["user_waf"] or 1)
        speed, cover = float(midflame(model, np.array([[case.number("wind_mph") * factor]]))[0, 0]), 0.0
    tangent = (
        case.number("slope") / 100 if case.row["slope_unit"] == "pct" else np.tan(np.radians(case.number("slope")))
    )
    from_ = case.number("wind_from_deg") + (case.number("aspect_deg") if case.row["wind_reference"] == "upslope" else 0)
    return rates(
        model,
        Moisture(*(case.number(f"{name}_pct") / 100 for name in ("m1", "m10", "m100", "mherb", "mwoody"))),
        wind_speed=speed,
        wind_from=from_,
        terrain=Terrain.facing(float(tangent), case.number("aspect_deg")),
        canopy=Canopy(cover, height, height * (1 - ratio), 0.0),
        options=Options(crown="none"),
    )


def crown_rate(case: Case) -> float:
    """Return Rothermel's active crown fire of a case, m s-1: fuel model 10 in the open, flat."""
    moisture = [case.number(f"{name}_pct") / 100 for name in ("m1", "m10", "m100", "mherb", "mwoody")]
    bed = beds.table(standard(), moisture[3])[standard().row[crown.CROWN_FUEL]]
    flat = beds.no_wind_rate(bed, beds.reaction_intensity(bed, *moisture), beds.heat_sink(bed, *moisture))
    blow = case.number("wind_mph") * MPH * crown.OPEN_ADJUSTMENT
    return crown.rothermel_rate(flat * (1 + surface.wind_factor(blow, bed[beds.WIND], bed[beds.EXPONENT]))) * FT_MIN


def crowned(case: Case) -> float:
    """Return what a crown fire check asks for, in its unit."""
    rate, length = crown_rate(case), ellipse.crown_length_to_width(case.number("wind_mph"))
    feet = rate / FOOT * 3600
    if case.quantity in ("crown_ros", "crown_ros_final"):
        return rate / (CHAIN_HOUR if case.unit == "ch/h" else FT_MIN)
    if case.quantity == "crown_length_to_width":
        return float(length)
    if case.quantity == "crown_area_1h":
        return float(np.pi * feet**2 / (4 * length)) / 43560
    if case.quantity == "crown_perimeter_1h":
        return float(0.5 * np.pi * feet * (1 + 1 / length)) / 66
    base = case.extra(r"canopy base ([\d.]+) ft")
    bulk = case.extra(r"bulk density ([\d.]+) lb/ft3") * 0.45359237 / FOOT**3
    load = crown.crown_load(bulk, case.number("canopy_height_ft") * FOOT, base * FOOT)
    strength = surface.fireline_intensity(burn(case).heat[0, 0] + crown.crown_heat(load, 1.0), rate)
    if case.quantity == "crown_fireline_intensity":
        return float(strength) / KW_M
    assert case.quantity == "crown_flame_length", case
    return float(crown.flame_length(strength)) / FOOT


def surfaced(case: Case) -> float:
    """Return what a surface fire check asks for, in its unit."""
    made = burn(case)
    head, e = float(made.head[0, 0]), float(made.eccentricity[0, 0])
    speed = CHAIN_HOUR if case.unit == "ch/h" else FT_MIN
    moisture = [case.number(f"{name}_pct") / 100 for name in ("m1", "m10", "m100", "mherb", "mwoody")]
    table = standard()
    bed = beds.table(table, moisture[3])[table.row[int(case.row["fuel_model"])]]
    half = (head + float(ellipse.backing_rate(head, e))) / 2
    if case.quantity in ("ros_in_direction", "flame_length_in_direction"):
        rate = directed(case, made)
        strength = surface.fireline_intensity(float(made.heat[0, 0]), rate)
        return rate / speed if case.quantity == "ros_in_direction" else float(surface.flame_length(strength)) / FOOT
    minutes = 0.0 if not case.row["extra"].startswith("elapsed") else case.extra(r"elapsed ([\d.]+) min") * 60 / CHAIN
    answers: dict[str, Callable[[], float]] = {
        "ros_max": lambda: head / speed,
        "savr_characteristic": lambda: 384 / max(bed[beds.RESIDENCE], 1e-9),
        "length_to_width": lambda: 1 / np.sqrt(1 - e**2),
        "heat_source": lambda: source(case) * beds.heat_sink(bed, *moisture),
        "live_moisture_of_extinction": lambda: (
            100
            * surface.live_extinction(
                bed[beds.EXTINCTION],
                bed[beds.DEAD_TO_LIVE],
                sum(bed[beds.FINE_1H + i] * moisture[i] for i in range(3)),
            )
        ),
        "characteristic_dead_moisture": lambda: 100 * sum(bed[beds.DEAD_1H + i] * moisture[i] for i in range(3)),
        "characteristic_live_moisture": lambda: 100 * sum(bed[beds.LIVE_HERB + i] * moisture[3 + i] for i in range(2)),
        "ros_back": lambda: ellipse.backing_rate(head, e) / speed,
        "ros_flank": lambda: ellipse.flank_rate(head, e) / speed,
        "spread_distance_2h": lambda: head / CHAIN * 7200,
        "backing_distance_2h": lambda: ellipse.backing_rate(head, e) / CHAIN * 7200,
        "flanking_distance_2h": lambda: ellipse.flank_rate(head, e) / CHAIN * 7200,
        "fireline_intensity": lambda: surface.fireline_intensity(made.heat[0, 0], head) / KW_M,
        "ellipse_a_minor_semi_axis": lambda: half * np.sqrt(1 - e**2) * minutes,
        "ellipse_b_major_semi_axis": lambda: half * minutes,
        "ellipse_c_focus_offset": lambda: half * e * minutes,
        "head_to_back_ratio": lambda: head / max(ellipse.backing_rate(head, e), 1e-9),
        "area_1h": lambda: ellipse.area(head, e, 3600.0) / (ACRE if case.unit == "ac" else 1e6),
        "perimeter_1h": lambda: ellipse.perimeter(head, e, 3600.0) / CHAIN,
    }
    return float(answers[case.quantity]())


def source(case: Case) -> float:
    """Return the rate in ft min-1 that wind and slope would give if both pushed one way."""
    still = replace(case, row=case.row | {"wind_mph": "0"})
    flat = replace(case, row=case.row | {"slope": "0"})
    calm, pushed, climbed = (
        float(burn(c).head[0, 0]) / FT_MIN for c in (replace(still, row=still.row | {"slope": "0"}), flat, still)
    )
    return pushed + climbed - calm


def directed(case: Case, made: Rates) -> float:
    """Return the rate of a case in its own direction, m s-1: of the perimeter there, or from the ignition."""
    # directions clockwise from north, or from upslope where the wind is given so
    up = case.number("aspect_deg") + 180 if case.row["wind_reference"] == "upslope" else 0.0
    way = np.pi / 2 - np.radians(case.extra(r"direction ([\d.]+) deg") + up)
    kind = ellipse.rate_of_normal if "perimeter mode" in case.row["extra"] else ellipse.rate_along
    return float(kind(made.head[0, 0], made.eccentricity[0, 0], way - made.heading[0, 0]))


def reckon(case: Case) -> float:
    """Return what we reckon for a check of the suite, in its unit."""
    return crowned(case) if case.quantity.startswith("crown") else surfaced(case)
