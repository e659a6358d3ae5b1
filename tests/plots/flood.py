"""Figures of the flood: the runs of tests/validation, or of coarser cells where a picture needs no more."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from tests.physics import analytic
from tests.physics.cases.files import Raster
from tests.physics.cases.water import across
from tests.plots.paper import BED, EXACT, FIRST, SECOND
from tests.validation import (
    flood_avalanche,
    flood_carlisle,
    flood_ea_test5,
    flood_macdonald,
    flood_malpasset,
    flood_okushiri,
    flood_steady_bump,
    flood_thacker,
    flood_three_humps,
)
from twin.physics.shallow_water.engine import ShallowWater


def relief(ax: Axes, ground: Raster, values: NDArray[np.floating], top: float, label: str) -> None:
    """Draw a map of values above 0 over hill shades, axes in km."""
    ny, nx = ground.values.shape
    km = ground.cell / 1000
    extent = (0.0, nx * km, 0.0, ny * km)
    dy, dx = np.gradient(np.nan_to_num(ground.values, nan=float(np.nanmax(ground.values))), ground.cell)
    shade = np.clip(0.75 - 0.25 * (dx - dy) / np.hypot(1, np.hypot(dx, dy)), 0, 1)
    shade[np.isnan(ground.values)] = 1
    ax.imshow(shade, origin="lower", extent=extent, cmap="gray", vmin=0, vmax=1)
    shown = ax.imshow(
        np.where(values > 0.05, values, np.nan), origin="lower", extent=extent, cmap="Blues", vmin=0, vmax=top
    )
    ax.figure.colorbar(shown, ax=ax, label=label, shrink=0.7)
    ax.set_xlabel("km")


def mark(ax: Axes, ground: Raster, points: dict[str, tuple[float, ...]]) -> None:
    """Write the names of points in m onto a map."""
    for name, point in points.items():
        x, y = (point[0] - ground.west) / 1000, (point[1] - ground.south) / 1000
        ax.plot(x, y, ".", color="#c00000", markersize=4)
        ax.annotate(name, (x, y), fontsize=7, xytext=(2, 2), textcoords="offset points")


def dam_break() -> Figure:
    """Stoker and Ritter at 40 s, and the avalanches at 4 s, both orders."""
    figure, ((*axes,), (*slopes,)) = plt.subplots(2, 2, figsize=(9, 5.5), layout="constrained")
    x = np.arange(1000) + 0.5
    for ax, behind, name in ((axes[0], 1.0, "Stoker: 2 m against 1 m"), (axes[1], 0.0, "Ritter: 2 m against dry")):
        exact = analytic.stoker(x - 500, 40.0, 2.0, 1.0) if behind else analytic.ritter(x - 500, 40.0, 2.0)
        ax.plot(x, exact, color=EXACT, lw=3, alpha=0.35, label="exact")
        for order, colour in ((1, FIRST), (2, SECOND)):
            start = across(np.where(x < 500, 2.0, behind))
            water = ShallowWater(np.zeros((4, 1000)), 1.0, roughness=0.0, depth=start, order=order)
            water.advance(40.0)
            ax.plot(x, water.depth[1], color=colour, lw=1, label=f"order {order}")
        ax.set(title=name, xlabel="x, m", ylabel="depth after 40 s, m")
        ax.legend(frameon=False)
    for ax, (case, low) in zip(slopes, flood_avalanche.LOW.items(), strict=True):
        for order, colour in ((1, FIRST), (2, SECOND)):
            water, x = flood_avalanche.slope(case, 1.0, order)
            water.advance(4.0)
            near = np.abs(x) < 120
            exact = analytic.avalanche(
                x, 4.0, flood_avalanche.HIGH, low, flood_avalanche.SLOPE, flood_avalanche.FRICTION
            )
            if order == 1:
                ax.plot(x[near], exact[near], color=EXACT, lw=3, alpha=0.35)
            ax.plot(x[near], water.depth[1][near], color=colour, lw=1)
        ax.set(title=f"avalanche, {case} slope", xlabel="x, m", ylabel="depth after 4 s, m")
    return figure


def thacker() -> Figure:
    """Profiles of the planar bowl, and the error of both bowls and the subcritical bump against the cell."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    water, period, cell = flood_thacker.planar(100)
    x = (np.arange(100) + 0.5) * cell - 20
    bed = water.bed[1]
    left.fill_between(x, bed, color=BED, alpha=0.4)
    for part, colour in ((0.25, "#0067b1"), (0.5, "#00a08a"), (1.0, "#7a3fa0")):
        water.advance(part * period)
        h, _ = analytic.planar_thacker(x, part * period, **flood_thacker.PLANAR, g=flood_thacker.GRAVITY)
        left.plot(x[h > 0], (h + bed)[h > 0], color=EXACT, lw=3, alpha=0.3)
        wet = water.depth[1] > 1e-3
        left.plot(x[wet], (water.depth[1] + bed)[wet], ".", ms=3, color=colour, label=f"t = {part:g} T")
    left.set(
        xlim=(-15, 15), ylim=(0, 9), xlabel="x, m", ylabel="level, m", title="planar bowl, 100 cells (grey: exact)"
    )
    left.legend(frameon=False)
    series: dict[str, list[tuple[float, float]]] = {}
    for cells in (50, 100, 200, 400):
        for name, make in (("planar bowl", flood_thacker.planar), ("radial bowl", flood_thacker.radial)):
            for order in (1, 2):
                if order == 2 or name == "planar bowl":
                    water, period, _ = make(cells, order)
                    depth = 4.0 if name == "planar bowl" else 1000.0
                    point = (1 / cells, flood_thacker.error(water, period) / depth)
                    series.setdefault(f"{name}, order {order}", []).append(point)
    case = flood_steady_bump.CASES["subcritical_bump"]
    for cells in (25, 50, 100):
        point = (1 / cells, flood_steady_bump.error(case, cells, 200.0)[0] / 2.0)
        series.setdefault("subcritical bump, order 2", []).append(point)
    for (name, points), style in zip(series.items(), ("o-", "s-", "^-", "d-"), strict=True):
        right.loglog(*np.array(points).T, style, ms=4, lw=1, label=name)
    slope = np.array([1 / 200, 1 / 50])
    right.loglog(slope, 0.5 * slope, "--", color="#888888", lw=1, label="slopes 1 and 2")
    right.loglog(slope, 1.0 * slope**2, "--", color="#888888", lw=1)
    right.set_xticks([1 / 400, 1 / 100, 1 / 25], ["1/400", "1/100", "1/25"])
    right.minorticks_off()
    right.set(xlabel="cell / length", ylabel="mean error / depth", title="grid refinement")
    right.legend(frameon=False, fontsize=7)
    return figure


def steady() -> Figure:
    """Levels of the steady channels against the exact ones."""
    figure, axes = plt.subplots(2, 3, figsize=(10, 5), layout="constrained")
    for ax, (name, case) in zip(axes.flat, flood_steady_bump.CASES.items(), strict=False):
        water, cell = flood_steady_bump.channel(case, 100)
        water.advance(200.0)
        channel(ax, (np.arange(100) + 0.5) * cell, water, case.exact((np.arange(100) + 0.5) * cell))
        ax.set_title(name.replace("_", " "))
    water, exact = flood_macdonald.channel(200)
    water.advance(200.0)
    channel(axes[1, 1], (np.arange(200) + 0.5) / 2, water, exact)
    axes[1, 1].set_title("MacDonald, friction and jump")
    axes[1, 2].axis("off")
    axes[1, 2].legend(*axes[0, 0].get_legend_handles_labels(), loc="center", frameon=False)
    return figure


def channel(ax: Axes, x: NDArray[np.float64], water: ShallowWater, exact: NDArray[np.float64]) -> None:
    """Draw bed, exact level and computed level of a channel."""
    bed = water.bed[1]
    ax.fill_between(x, min(0.0, float(bed.min())), bed, color=BED, alpha=0.4, label="bed")
    ax.plot(x, bed + exact, color=EXACT, lw=3, alpha=0.35, label="exact")
    ax.plot(x, bed + water.depth[1], ".", ms=2.5, color=SECOND, label="computed, order 2")
    ax.set(xlabel="x, m", ylabel="level, m")


def okushiri() -> Figure:
    """Measured and computed level at the three gauges."""
    figure, axes = plt.subplots(3, 1, figsize=(8, 5.5), sharex=True, layout="constrained")
    times, wanted = flood_okushiri.measured()
    for order, colour in ((1, FIRST), (2, SECOND)):
        found = flood_okushiri.run(*flood_okushiri.flume(1, order))
        for ax, name in zip(axes, wanted, strict=True):
            ax.plot(times, 100 * found[name], color=colour, lw=1, label=f"order {order}")
    for ax, (name, values) in zip(axes, wanted.items(), strict=True):
        ax.plot(times, 100 * values, color=EXACT, lw=2, alpha=0.4, label="measured")
        ax.set_ylabel(f"{name}, cm")
    axes[0].legend(frameon=False, ncols=3)
    axes[-1].set_xlabel("time, s")
    return figure


def three_humps() -> Figure:
    """Depth of the dam break at four times."""
    figure, axes = plt.subplots(2, 2, figsize=(9, 4), layout="constrained")
    water = flood_three_humps.dam_break(2)
    bed = water.bed
    for ax, time in zip(axes.flat, (2.0, 6.0, 12.0, 300.0), strict=True):
        water.advance(time)
        shown = ax.imshow(
            np.where(water.depth > 0.01, water.depth, np.nan), origin="lower", cmap="Blues", vmin=0, vmax=1.5
        )
        ax.contour(bed, levels=[0.25, 0.75, 1.5, 2.5], colors=BED, linewidths=0.7)
        ax.set_title(f"{time:g} s", fontsize=9)
    figure.colorbar(shown, ax=axes, label="depth, m", shrink=0.7)
    return figure


def malpasset() -> Figure:
    """Greatest depth, levels and arrivals against the measured ones."""
    figure = plt.figure(figsize=(10, 7), layout="constrained")
    grid = figure.add_gridspec(2, 2, height_ratios=(1.3, 1))
    water, ground = flood_malpasset.valley(20.0)
    water.advance(flood_malpasset.END)
    ax = figure.add_subplot(grid[0, :])
    relief(ax, ground, np.where(ground.values > -1, water.max_depth, 0), 20.0, "greatest depth, m")
    mark(ax, ground, flood_malpasset.GAUGES | flood_malpasset.TRANSFORMERS)
    ax = figure.add_subplot(grid[1, 0])
    for places, style, name in (
        (flood_malpasset.GAUGES, "o", "model 1:400"),
        (flood_malpasset.MARKS, "^", "police marks"),
    ):
        found = flood_malpasset.highest(water, ground, places)
        ax.plot([p[2] for p in places.values()], found, style, ms=4, label=name)
    ax.plot([10, 90], [10, 90], color="#888888", lw=1)
    ax.set(xlabel="measured greatest level, m", ylabel="computed, m")
    ax.legend(frameon=False)
    ax = figure.add_subplot(grid[1, 1])
    for places, at, style, name in (
        (flood_malpasset.GAUGES, 3, "o", "model 1:400"),
        (flood_malpasset.TRANSFORMERS, 2, "s", "transformers"),
    ):
        ax.plot(
            [p[at] for p in places.values()], flood_malpasset.arrivals(water, ground, places), style, ms=4, label=name
        )
    ax.plot([0, 1500], [0, 1500], color="#888888", lw=1)
    ax.set(xlabel="measured arrival, s", ylabel="computed, s")
    ax.legend(frameon=False)
    return figure


def ea_test5() -> Figure:
    """Greatest depth, and levels at the gauges in both orders."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained", width_ratios=(1.1, 1))
    points = {str(i + 1): p for i, p in enumerate(flood_ea_test5.points())}
    for order, style in ((1, "--"), (2, "-")):
        water, ground = flood_ea_test5.valley(5, order)
        times, depths = np.arange(0.0, 20_001.0, 200.0), []
        for time in times:
            water.advance(float(time))
            depths.append([water.depth[ground.place(*p)] for p in points.values()])
        right.set_prop_cycle(None)
        right.plot(times / 3600, np.array(depths), style, lw=1, label=list(points) if order == 2 else None)
    relief(left, ground, water.max_depth, 10.0, "greatest depth, m")
    mark(left, ground, points)
    right.set(xlabel="hours", ylabel="depth, m", title="gauges; dashed: first order")
    right.legend(frameon=False, ncols=2, fontsize=7)
    return figure


def carlisle() -> Figure:
    """Greatest depth, and the points of the case."""
    figure, ax = plt.subplots(figsize=(9, 5.5), layout="constrained")
    water, ground = flood_carlisle.town(4)
    water.advance(flood_carlisle.END)
    relief(ax, ground, water.max_depth, 6.0, "greatest depth, m")
    mark(ax, ground, {str(i + 1): p for i, p in enumerate(flood_carlisle.places())})
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    "dam_break": dam_break,
    "thacker": thacker,
    "steady": steady,
    "okushiri": okushiri,
    "three_humps": three_humps,
    "malpasset": malpasset,
    "ea_test5": ea_test5,
    "carlisle": carlisle,
}
