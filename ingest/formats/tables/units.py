"""Measured quantities under the names and units of other people: which of ours they are, and how to convert them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from twin.errors import UnitsError
from twin.names import QUANTITIES

#: unit of `names.py` -> other ways to write or measure it -> (factor, offset): ours = factor * theirs + offset
_TABLE: dict[str, dict[str, tuple[float, float]]] = {
    "m": {"m": (1, 0), "metre": (1, 0), "meter": (1, 0), "mm": (1e-3, 0), "cm": (1e-2, 0), "km": (1e3, 0),
          "EL.m": (1, 0), "ft": (0.3048, 0), "in": (0.0254, 0)},
    "m s-1": {"m s-1": (1, 0), "m/s": (1, 0), "㎧": (1, 0), "km/h": (1 / 3.6, 0), "km h-1": (1 / 3.6, 0),
              "mm/h": (1 / 3.6e6, 0), "mm h-1": (1 / 3.6e6, 0), "mm/hr": (1 / 3.6e6, 0), "mm/10min": (1e-3 / 600, 0),
              "mm/min": (1e-3 / 60, 0), "kt": (1852 / 3600, 0), "mm/s": (1e-3, 0), "cm/s": (1e-2, 0)},
    "m3 s-1": {"m3 s-1": (1, 0), "m3/s": (1, 0), "cms": (1, 0), "CMS": (1, 0), "m3/min": (1 / 60, 0),
               "m3/h": (1 / 3600, 0), "L/s": (1e-3, 0), "l/s": (1e-3, 0)},
    "degC": {
        "degC": (1, 0), "Cel": (1, 0), "°C": (1, 0), "℃": (1, 0), "C": (1, 0), "Celsius": (1, 0), "celsius": (1, 0),
        "Centigrade": (1, 0), "Degree Celsius": (1, 0), "degree Celsius": (1, 0), "K": (1, -273.15),
        "°F": (5 / 9, -160 / 9), "degF": (5 / 9, -160 / 9),
    },
    "degree": {"degree": (1, 0), "deg": (1, 0), "°": (1, 0), "degrees": (1, 0), "rad": (57.29577951308232, 0)},
    "ug m-3": {"ug m-3": (1, 0), "ug/m3": (1, 0), "µg/m3": (1, 0), "μg/m3": (1, 0), "㎍/m3": (1, 0),
               "µg m-3": (1, 0), "mg/m3": (1e3, 0)},
    "ppm": {"ppm": (1, 0), "ppb": (1e-3, 0)},
    "W": {"W": (1, 0), "kW": (1e3, 0), "MW": (1e6, 0)},
    "1": {"1": (1, 0), "%": (1e-2, 0), "대": (1, 0), "개": (1, 0), "명": (1, 0), "건": (1, 0), "count": (1, 0),
          "Count": (1, 0), "vehicles": (1, 0), "": (1, 0)},
}  # fmt: skip

#: words for a quantity -> its name; compared without blanks, underlines, case and a final 농도
_WORDS = {
    "기온": "air_temperature", "airtemperature": "air_temperature",
    "강수량": "rainfall", "강우량": "rainfall", "precipitation": "rainfall", "rainfall": "rainfall",
    "강우강도": "rain_rate", "rainrate": "rain_rate", "rainintensity": "rain_rate",
    "풍속": "wind_speed", "windspeed": "wind_speed", "풍향": "wind_direction", "winddirection": "wind_direction",
    "습도": "humidity", "상대습도": "humidity", "humidity": "humidity", "relativehumidity": "humidity",
    "수위": "water_level", "waterlevel": "water_level", "유량": "discharge", "discharge": "discharge",
    "관거수위": "drain_level", "하수관로수위": "drain_level", "drainlevel": "drain_level",
    "미세먼지": "pm10", "pm10": "pm10", "초미세먼지": "pm25", "pm25": "pm25", "pm2.5": "pm25",
    "이산화질소": "no2", "no2": "no2", "오존": "o3", "o3": "o3", "일산화탄소": "co", "co": "co",
    "아황산가스": "so2", "이산화황": "so2", "so2": "so2", "전력": "power", "전력량": "power", "power": "power",
    "교통량": "traffic_count", "trafficcount": "traffic_count",
}  # fmt: skip

_WITH_UNIT = re.compile(r"(?P<word>.+?)\s*[(\[](?P<unit>[^()\[\]]+)[)\]]\s*")


@dataclass(frozen=True, slots=True)
class Conversion:
    """How readings become what is stored: value * factor + offset, in `unit`; `known` False: kept as they are."""

    unit: str
    factor: float
    offset: float
    known: bool


def quantity(word: str) -> str | None:
    """Return the name of the quantity that people call `word`, None when it is none of ours."""
    plain = re.sub(r"[\s_]", "", word).casefold().removesuffix("농도")
    return word if word in QUANTITIES else _WORDS.get(plain)


def split(header: str) -> tuple[str, str | None]:
    """Return word and unit of a column name that states its unit: "오존농도(ppm)" -> ("오존농도", "ppm")."""
    found = _WITH_UNIT.fullmatch(header.strip())
    return (found["word"], found["unit"].strip()) if found else (header.strip(), None)


def conversion(name: str, unit: str) -> Conversion:
    """Return how readings of quantity `name`, written in `unit`, become readings in the unit of `names.py`.

    A word that is no quantity of ours keeps its unit; in the spelling of `names.py` where the table has it.
    Raises UnitsError when a quantity of ours is given in a unit that does not measure it.
    """
    plain = unit.replace("³", "3").replace("㎥", "m3").replace("㎍", "ug").strip()
    if name not in QUANTITIES:
        for ours, others in _TABLE.items():
            if plain and plain != "%" and others.get(plain) == (1, 0):
                return Conversion(ours, 1.0, 0.0, known=True)
        return Conversion(unit, 1.0, 0.0, known=False)
    ours = QUANTITIES[name].unit
    found = _TABLE.get(ours, {}).get(plain, (1, 0) if plain == ours else None)
    if found is None:
        known = ", ".join(k for k in _TABLE.get(ours, {ours: ()}) if k)
        raise UnitsError(f"unit '{unit}' does not measure {name}, which is kept in '{ours}'; known: {known}")
    return Conversion(ours, float(found[0]), float(found[1]), known=True)
