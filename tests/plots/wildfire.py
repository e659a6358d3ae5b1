"""Figures of fire in vegetation: rates of spread, ellipses, a mosaic of fuels, wind that turns."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from tests.physics.cases import behave
from tests.physics.cases.files import shared_folder
from tests.physics.fire_rates import SIX_HOURS, burnt_front, eccentricity_of, exact_times, rates_of
from tests.plots.paper import EXACT, FIRE, LINE, SECOND, one_to_one
from tests.validation import fire_ellipse, fire_mosaic, fire_split
from twin.physics.wildfire import ellipse
from twin.physics.wildfire.front import Front
from twin.physics.wildfire.rates import intensity
from twin.physics.wildfire.surface import KW_M

HOT = "YlOrRd_r"


def fire_rates() -> Figure:
    """1,431 rates against firelab/behave, and the relative errors of five quantities."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    columns, made = behave.grid()
    _, strength, flame = intensity(made, made.heading)
    pairs = {
        "rate of spread": (made.head / behave.CHAIN_HOUR, "ros_ch_per_h"),
        "backing rate": (
            ellipse.backing_rate(made.head, made.eccentricity) / behave.CHAIN_HOUR,
            "backing_ros_ch_per_h",
        ),
        "fireline intensity": (strength / KW_M, "fireline_intensity_btu_ft_s"),
        "flame length": (flame / behave.FOOT, "flame_length_ft"),
    }
    metres = behave.CHAIN_HOUR * 60
    rate = columns["ros_ch_per_h"] * metres
    for slope, colour in ((0, SECOND), (30, "#00a08a"), (60, FIRE)):
        of = columns["slope_pct"] == slope
        left.loglog(rate[of], made.head[0, of] * 60, ".", ms=3, color=colour, label=f"slope {slope} %")
    one_to_one(left, 0.02, 1000)
    left.set(xlabel="firelab/behave, m/min", ylabel="computed, m/min", title=f"rate of spread, {rate.size:,} cases")
    left.legend(frameon=False)
    for name, (values, column) in pairs.items():
        error = np.abs(values[0] / columns[column] - 1)
        right.loglog(rate, np.maximum(error, 1e-9), ".", ms=2, label=name)
    right.axhline(1e-4, color=LINE, lw=1, ls="--")
    right.set(
        xlabel="rate of spread, m/min", ylabel="relative error", title="dashed: bound of the rate", ylim=(5e-10, 1e-3)
    )
    right.legend(frameon=False, markerscale=3, loc="upper right")
    return figure


def hours(ax: Axes, front: Front, cell: float, levels: list[float]) -> None:
    """Fill the burnt ground by the hour of arrival; axes in km, cropped to what has burnt."""
    rows, columns = np.nonzero(front.burnt)
    side = cell / 1000
    arrival = np.where(front.burnt, front.arrival, np.nan) / 3600
    x, y = (np.arange(n) * side for n in front.shape[::-1])
    ax.contourf(x, y, arrival, [0, *levels], cmap=HOT, vmin=-1, vmax=levels[-1] + 1)
    pad = 12
    ax.set(
        xlim=((columns.min() - pad) * side, (columns.max() + pad) * side),
        ylim=((rows.min() - pad) * side, (rows.max() + pad) * side),
        aspect="equal",
        xlabel="km",
    )


def outline(ax: Axes, inside: NDArray[np.floating], level: float, cell: float, colour: str, style: str = "-") -> None:
    """Draw a contour line of a field over axes in km."""
    x, y = (np.arange(n) * cell / 1000 for n in inside.shape[::-1])
    ax.contour(x, y, inside, [level], colors=colour, linewidths=1, linestyles=style)


def fire_ellipses() -> Figure:
    """Fires of 6 h against exact ellipses, by the hour: three fuels, and three lengths to width 17 degrees off the grid."""
    figure, axes = plt.subplots(2, 3, figsize=(9, 6), layout="constrained", height_ratios=(1.7, 1))
    with (shared_folder() / "validation" / "fire" / "spread_reference" / "uniform_cases.csv").open() as file:
        rows = {row["fuel"]: row for row in csv.DictReader(file) if row["hours"] == "6"}
    cases = [
        (name, float(row["head_ros_m_min"]) / 60, float(row["length_to_width"]), 90.0, (200, 500))
        for name, row in rows.items()
    ]
    cases += [(f"length to width {ratio}", 0.5, float(ratio), 17.0, (300, 100)) for ratio in fire_ellipse.WIDE]
    shape, cell, levels = (fire_ellipse.SIDE, fire_ellipse.SIDE), fire_ellipse.CELL, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    for ax, (name, head, ratio, degrees, at) in zip(axes.flat, cases, strict=True):
        e, heading = float(eccentricity_of(ratio)), math.radians(degrees)
        hours(ax, burnt_front(rates_of(shape, head, e, heading), cell, at, SIX_HOURS), cell, levels)
        exact = exact_times(shape, cell, at, head, e, heading) / 3600
        for level in levels:
            outline(ax, exact, level, cell, EXACT)
        ax.set_title(name)
    return figure


def fire_mosaic_times() -> Figure:
    """Arrival through a mosaic of fuels, every 2 h, and how far it is from the converged times."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.2), layout="constrained", width_ratios=(1, 1))
    end, cell = 12.0, fire_mosaic.CELL
    rates, reference = fire_mosaic.mosaic(), fire_mosaic.times()
    front = burnt_front(rates, cell, fire_mosaic.AT, end * 3600)
    levels = [2.0, 4.0, 6.0, 8.0, 10.0, 12.0]
    hours(left, front, cell, levels)
    at = (np.arange(reference.shape[0]) * 10 + 5) * cell / 1000
    left.contour(
        at, at, np.where(np.isfinite(reference), reference, np.nan) / 3600, levels[:-1], colors=EXACT, linewidths=0.8
    )
    left.set_title("arrival every 2 h (lines: converged, every tenth cell, to 10 h)")
    mine = front.arrival[5::10, 5::10]
    both = np.isfinite(mine) & np.isfinite(reference)
    late = (mine[both] - reference[both]) / 60
    right.plot(reference[both] / 3600, late, ".", ms=2, color=FIRE)
    right.axhline(0, color=LINE, lw=1)
    right.set(xlabel="converged arrival, h", ylabel="computed minus converged, min", title=f"{both.sum():,} cells")
    return figure


def fire_turning_wind() -> Figure:
    """Fires in wind that turns against the sum of their ellipses, length to width 5."""
    figure, axes = plt.subplots(1, 3, figsize=(10, 3.6), layout="compressed")
    cell, e = fire_split.CELL, float(eccentricity_of(5.0))
    quarter = [0.0, math.pi / 2]
    hourly = [math.radians(20.0 * k) for k in range(6)]
    wavering = (math.pi / 4 + np.radians(np.random.default_rng(1).normal(0.0, 20.0, 60))).tolist()
    cases = (
        ("a quarter turn after 3 h", (1000, 1000), (250, 250), quarter, SIX_HOURS, fire_split.HEAD),
        ("20 degrees every hour", (1000, 1000), (250, 250), hourly, SIX_HOURS, fire_split.HEAD),
        ("wavering for 60 h, 200 m/h", (500, 500), (100, 100), wavering, 60 * 3600.0, 200 / 3600),
    )
    for ax, (name, shape, at, headings, end, head) in zip(axes, cases, strict=True):
        times = np.linspace(0.0, end, len(headings) + 1).tolist()
        front = fire_split.in_bands(shape, at, times, headings, head, e)
        hours(ax, front, cell, np.linspace(0, end / 3600, 7)[1:].tolist())
        burnt, _ = fire_split.huygens(shape, at, times, headings, head, e)
        outline(ax, burnt.astype(float), 0.5, cell, EXACT)
        ax.set_title(name)
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    "fire_rates": fire_rates,
    "fire_ellipses": fire_ellipses,
    "fire_mosaic": fire_mosaic_times,
    "fire_turning_wind": fire_turning_wind,
}
