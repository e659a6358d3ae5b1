"""What smoke and heat do to people; scalar kernels. Doses in minutes (unverified: the guide prints no unit)."""

from __future__ import annotations

import numpy as np

from twin.physics.compiling import called

EYES = 1.5
"""m above the floor at which people breathe and see."""
EXTINCTION = 8700.0
"""m2 kg-1 of smoke of flaming fires; Mulholland, Croarkin (2000), as in CFAST Technical Reference Guide."""


@called
def optical_density(soot: float) -> float:
    """Return the optical density in m-1, to base 10.

    soot  kg m-3

    Source: CFAST Technical Reference Guide, D = K c/ln 10.
    """
    return float(EXTINCTION * soot / np.log(10.0))


@called
def gas_dose(co: float, co2: float, hcn: float) -> float:
    """Return the fractional effective dose per minute of the gases that stun.

    co, hcn  ppm  by volume;  co2  %  by volume

    Source: ISO 13571 as in CFAST Technical Reference Guide; minutes unverified: the guide prints no unit.
    """
    faster = np.exp(co2 / 5)
    return float(co * faster / 35_000 + (hcn * faster) ** 2.36 / 1.2e6)


@called
def heat_dose(flux: float, temperature: float) -> float:
    """Return the fractional effective dose per minute of heat on the skin.

    flux         kW m-2  of radiation falling on it; below 2.5 it does not count
    temperature  degC    of the air around

    Source: ISO 13571 as in CFAST Technical Reference Guide; minutes unverified: the guide prints no unit.
    """
    dose = max(temperature, 0.0) ** 3.61 / 4.1e8
    return float(dose + (flux**1.9 / 4.2 if flux >= 2.5 else 0.0))
