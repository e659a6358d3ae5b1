"""What a fire's plume draws in and how hot it is; scalar kernels, SI (W, K)."""

from __future__ import annotations

import numpy as np

from twin.physics.compiling import called
from twin.physics.zone_fire.constants import CP, GRAVITY


@called
def froude(heat: float, diameter: float, density: float, temperature: float) -> float:
    """Return Q*, 1, of a fire.

    heat         W
    diameter     m       of the burning area (or a height, as ceiling jets have it)
    density      kg m-3  of the air drawn in
    temperature  K       of that air

    Source: Zukoski's number as in CFAST Technical Reference Guide, fire plume.
    """
    return float(heat / (density * CP * temperature * np.sqrt(GRAVITY * diameter) * diameter**2))


@called
def origin(heat: float, diameter: float, density: float, temperature: float) -> float:
    """Return the height in m of the virtual origin above the fire's base (mostly below 0); arguments as `froude`.

    Source: Heskestad (1983), z0/D = -1.02 + 1.4 Q*^0.4.
    """
    return float(diameter * (-1.02 + 1.4 * froude(heat, diameter, density, temperature) ** 0.4))


@called
def flame_length(heat: float, diameter: float, density: float, temperature: float) -> float:
    """Return the mean height in m of the flame above the fire's base, >= 0; arguments as `froude`.

    Source: Heskestad (1983), L/D = -1.02 + 3.7 Q*^0.4.
    """
    return float(max(0.0, diameter * (-1.02 + 3.7 * froude(heat, diameter, density, temperature) ** 0.4)))


@called
def drawn_far(convective: float, above: float, density: float, temperature: float) -> float:
    """Return kg s-1 drawn in up to `above` m over the virtual origin, above the flame.

    convective   W        convective part of the heat
    above        m        height over the virtual origin, > 0
    density      kg m-3   of the air drawn in
    temperature  K        of that air

    Source: Heskestad (1984); 0.196 and 2.9 as in CFAST Technical Reference Guide.
    """
    buoyant = 0.196 * (GRAVITY * density**2 / (CP * temperature)) ** (1 / 3)
    near = 2.9 * convective ** (2 / 3) / (np.sqrt(GRAVITY) * CP * density * temperature) ** (2 / 3)
    return float(buoyant * convective ** (1 / 3) * (above ** (5 / 3) + near))


@called
def entrained(
    heat: float, convective: float, area: float, above: float, density: float, temperature: float, share: float
) -> float:
    """Return kg s-1 of air drawn in from the fire's base up to a height.

    heat         W        all heat of the fire
    convective   W        convective part of it
    area         m2       that burns
    above        m        height over the base; 0 and below: nothing
    density      kg m-3   of the air drawn in
    temperature  K        of that air
    share        1        of the plume's circle that is open: 1, 0.5 at a wall, 0.25 in a corner (mirror images)

    Source: Heskestad as in CFAST Technical Reference Guide: below the flame's tip straight in height.
    """
    if above <= 0 or convective <= 0:
        return 0.0
    heat, convective = heat / share, convective / share
    diameter = np.sqrt(4 * area / np.pi / share)
    start = origin(heat, diameter, density, temperature)
    flame = flame_length(heat, diameter, density, temperature)
    if above >= flame:
        return share * drawn_far(convective, max(above - start, 1e-6), density, temperature)
    return share * drawn_far(convective, max(flame - start, 1e-6), density, temperature) * above / flame


@called
def centre_rise(convective: float, above: float, density: float, temperature: float) -> float:
    """Return the rise of temperature in K on the axis, at most 900.

    convective   W        convective part of the heat
    above        m        height over the virtual origin
    density      kg m-3   of the air drawn in
    temperature  K        of that air

    Source: Heskestad, 9.1 (T/(g cp^2 rho^2))^(1/3) Qc^(2/3) (z - z0)^(-5/3).
    """
    if convective <= 0:
        return 0.0
    scale = 9.1 * (temperature / (GRAVITY * CP**2 * density**2)) ** (1 / 3)
    return float(min(900.0, scale * convective ** (2 / 3) * max(above, 1e-3) ** (-5 / 3)))


@called
def jet(
    heat: float, convective: float, area: float, height: float, distance: float, density: float, temperature: float
) -> tuple[float, float]:
    """Return the rise in K and the speed in m s-1 of the gas under the ceiling, `distance` m from the axis.

    heat, convective   W
    area               m2
    height             m    of the ceiling over the fire's base
    density            kg m-3
    temperature        K

    Source: CFAST Technical Reference Guide, detector activation (Alpert's form of the ceiling jet).
    """
    if heat <= 0 or height <= 0:
        return 0.0, 0.0
    start = origin(heat, np.sqrt(4 * area / np.pi), density, temperature)
    rise = centre_rise(convective, height - start, density, temperature)
    far = min(distance / height, 4.0)
    if far > 0.2:
        rise *= 0.182 * (0.225 + 0.27 * far) ** (-4 / 3)
    fast = np.sqrt(GRAVITY * height) * froude(heat, height, density, temperature) ** (1 / 3)
    return rise, fast * (3.61 if far <= 0.17 else 1.06 * far**-0.69)
