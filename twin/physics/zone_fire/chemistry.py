"""What a kg of a fuel turns into."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.physics.zone_fire.constants import CO, CO2, HCN, NITROGEN, OXYGEN, SOOT, SPECIES, WATER
from twin.physics.zone_fire.rooms import Fuel

ATOMS = {"C": 12.011, "H": 1.008, "O": 15.999, "N": 14.007}
"""g mol-1."""


def products(fuel: Fuel, who: str) -> NDArray[np.float64]:
    """Return (SPECIES,) kg gained per kg of fuel burnt; oxygen is below 0; the sum is 1.

    fuel  formula and yields
    who   id of the fire, for errors

    Raises InputError when soot and CO take more carbon, or HCN more nitrogen, than the fuel has.

    Source: stoichiometry; the one-step reaction of CFAST Technical Reference Guide, combustion chemistry.
    """
    c, h, o, n = fuel.carbon, fuel.hydrogen, fuel.oxygen, fuel.nitrogen
    molar = c * ATOMS["C"] + h * ATOMS["H"] + o * ATOMS["O"] + n * ATOMS["N"]
    weights = {
        "co": ATOMS["C"] + ATOMS["O"],
        "co2": ATOMS["C"] + 2 * ATOMS["O"],
        "hcn": ATOMS["H"] + ATOMS["C"] + ATOMS["N"],
        "water": 2 * ATOMS["H"] + ATOMS["O"],
    }
    soot, co, hcn = fuel.soot * molar / ATOMS["C"], fuel.co * molar / weights["co"], fuel.hcn * molar / weights["hcn"]
    co2, water, nitrogen = c - soot - co - hcn, (h - hcn) / 2, (n - hcn) / 2
    needed = co2 + co / 2 + water / 2 - o / 2
    if co2 < -1e-9 or water < 0 or nitrogen < -1e-9 or needed <= 0:
        raise InputError(
            f"fire {who!r}: yields of soot {fuel.soot:g}, CO {fuel.co:g} and HCN {fuel.hcn:g} kg/kg do not go with the "
            f"fuel C{c:g} H{h:g} O{o:g} N{n:g}; give lower yields or the fuel's own formula"
        )
    made = np.zeros(SPECIES)
    made[CO2], made[WATER], made[CO] = co2 * weights["co2"], water * weights["water"], co * weights["co"]
    made[HCN], made[SOOT], made[NITROGEN] = hcn * weights["hcn"], soot * ATOMS["C"], 2 * nitrogen * ATOMS["N"]
    made[OXYGEN] = -2 * needed * ATOMS["O"]
    return made / molar
