"""Moisture of fuel, water by dry mass: stated, or of dead fuel from the air's temperature and humidity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, suggest
from twin.model.scenario import FUEL_CLASSES
from twin.physics.wildfire.surface import Value

#: greatest moisture of dead and of live fuel that is taken for real
GREATEST_DEAD, GREATEST_LIVE = 1.0, 3.0
#: live fuel where nothing is stated: Scott and Burgan (2005), table 3, scenario L2, herbs two thirds cured
DEFAULT_HERB, DEFAULT_WOODY = 0.60, 0.90
#: 1 h fuel where neither it nor the air is stated, and steps from 1 h to 10 h to 100 h: the same table, D1 to D4
DEFAULT_ONE, STEP = 0.06, 0.01
#: by equilibrium moisture, without sunshine on the fuel: Cohen and Deeming (1985), PSW-82
ONE_HOUR, TEN_HOUR = 1.03, 1.28


@dataclass(frozen=True, slots=True, eq=False)
class Moisture:
    """Water by dry mass (1) of each class of fuel: a number, or an array (ny, nx).

    Raises InputError for values that cannot be: dead fuel outside 0..1, live fuel outside 0..3.
    """

    one: float | NDArray[np.float64]
    ten: float | NDArray[np.float64]
    hundred: float | NDArray[np.float64]
    herb: float | NDArray[np.float64]
    woody: float | NDArray[np.float64]

    def __post_init__(self) -> None:
        for name, field_ in zip(FUEL_CLASSES, fields(self), strict=True):
            _check(name, getattr(self, field_.name), GREATEST_LIVE if name in ("herb", "woody") else GREATEST_DEAD)


def of(
    stated: Mapping[str, float | NDArray[np.float64]],
    temperature: float | NDArray[np.float64] | None = None,
    humidity: float | NDArray[np.float64] | None = None,
) -> tuple[Moisture, dict[str, str]]:
    """Return the moisture of all classes, and of those that are not stated where it comes from, by class.

    stated       1      by the names of `FUEL_CLASSES`; goes before the air
    temperature  degC   of the air; humidity  0..1  relative; both or none

    Raises InputError for a class that is not known, for one of the two alone, and as `Moisture`.
    """
    for name in stated:
        if name not in FUEL_CLASSES:
            raise InputError(f"fuel class '{name}' is not known; {suggest(name, FUEL_CLASSES)}")
    if (temperature is None) != (humidity is None):
        raise InputError("moisture of dead fuel follows from temperature and humidity; state both, or neither")
    values: dict[str, Value] = {"herb": DEFAULT_HERB, "woody": DEFAULT_WOODY}
    why = {
        "herb": f"default {DEFAULT_HERB:.0%} (Scott and Burgan 2005, L2: two thirds cured)",
        "woody": f"default {DEFAULT_WOODY:.0%} (Scott and Burgan 2005, L2)",
    }
    if temperature is not None and humidity is not None:
        values |= dict(zip(FUEL_CLASSES, dead_of_air(temperature, humidity), strict=False))
        why |= dict.fromkeys(FUEL_CLASSES[:3], "from temperature and humidity (Simard 1968, no sunshine on the fuel)")
    else:
        one = stated.get("1h", DEFAULT_ONE)
        values |= {"1h": one, "10h": one + STEP, "100h": one + 2 * STEP}
        why |= {"1h": f"default {DEFAULT_ONE:.0%} (Scott and Burgan 2005, D2)"}
        why |= {"10h": "1 h fuel and one point more", "100h": "1 h fuel and two points more"}
    values |= stated
    made = Moisture(*(values[name] for name in FUEL_CLASSES))
    return made, {name: text for name, text in why.items() if name not in stated}


def dead_of_air(
    temperature: float | NDArray[np.float64], humidity: float | NDArray[np.float64]
) -> tuple[Value, Value, Value]:
    """Return the moisture of 1 h, 10 h and 100 h dead fuel (1) that has had time to follow the air, out of the sun.

    temperature  degC   -40..60
    humidity     0..1   relative

    100 h fuel takes days to follow; it is taken one point above 10 h fuel, the step of Scott and Burgan's scenarios.
    Raises InputError for weather that cannot be.
    Source: Cohen and Deeming (1985), PSW-82: 1.03 and 1.28 times the equilibrium moisture.
    """
    for name, value, low, high, unit in (
        ("temperature", temperature, -40.0, 60.0, " degC"), ("humidity", humidity, 0.0, 1.0, ""),
    ):  # fmt: skip
        array = np.asarray(value, np.float64)
        bad = ~((array >= low) & (array <= high))
        if bad.any():
            raise InputError(
                f"{name} of the air is {array[bad].flat[0]:g}{unit}; it must be from {low:g} to {high:g}{unit}"
            )
    emc = equilibrium(np.asarray(temperature) * 1.8 + 32.0, np.asarray(humidity) * 100.0) / 100.0
    ten = TEN_HOUR * emc
    return ONE_HOUR * emc, ten, ten + STEP


def equilibrium(temperature: Value, humidity: Value) -> Value:
    """Return the moisture that wood takes in air, % of dry mass, at least 0.

    temperature  degF
    humidity     %     relative

    Source: Simard (1968), as Cohen and Deeming (1985), PSW-82, eq. 1a to 1c, give it.
    """
    dry = 0.03229 + 0.281073 * humidity - 0.000578 * humidity * temperature
    middle = 2.22749 + 0.160107 * humidity - 0.014784 * temperature
    damp = 21.0606 + 0.005565 * humidity**2 - 0.00035 * humidity * temperature - 0.483199 * humidity
    return np.maximum(0.0, np.where(humidity < 10, dry, np.where(humidity < 50, middle, damp)))


def _check(name: str, value: float | NDArray[np.float64], greatest: float) -> None:
    array = np.asarray(value, np.float64)
    bad = ~((array >= 0) & (array <= greatest))
    if bad.any():
        place = f" at row {np.argwhere(bad)[0][0]}, column {np.argwhere(bad)[0][1]}" if array.ndim == 2 else ""
        raise InputError(
            f"moisture of {name} fuel is {array[bad].flat[0] * 100:g} %{place}; it must be from 0 to {greatest:.0%}"
        )
