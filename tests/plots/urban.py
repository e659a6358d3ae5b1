"""Figures of fire from building to building: the gap of Kobe, rows of houses against Hamada, a quarter like Itoigawa's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from tests.physics.cases.town import BARE, CONCRETE, MORTARED
from tests.plots.paper import EXACT, FIRE, FIRST, LINE, SECOND
from tests.validation import fire_hamada, fire_itoigawa, fire_kobe_gap, fire_urban_formulas
from twin.physics.urban_fire import dose, exposure, hamada
from twin.physics.urban_fire.brands import Brands

BURNT_THERE, SPOTS_THERE = 147, 10
"""Buildings damaged and spot fires counted in Itoigawa, 2016."""
MEMBERS = 24


def fire_kobe() -> Figure:
    """When the houses across a gap ignite, and what a facade gives over the distance."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    gaps = np.arange(4.0, 24.01, 0.5)
    bare = {**BARE, "storeys": 2, "height": 6.0}
    for name, house, colour in (("mortar outside", MORTARED, SECOND), ("bare wood", bare, FIRE)):
        first = np.array([fire_kobe_gap.facing(float(gap), house).min() for gap in gaps])
        left.plot(gaps, np.where(np.isfinite(first), first, np.nan) / 60, "o-", ms=3, lw=1, color=colour, label=name)
        left.axvline(fire_kobe_gap.stops_at(house, 0.1), color=colour, lw=1, ls=":")
    left.axvspan(12, 16, color=LINE, alpha=0.2, label="Kobe 1995, as found afterwards")
    left.set(
        xlabel="gap, m", ylabel="first ignition opposite, min", title="a row of seven houses burns (dotted: it stops)"
    )
    left.legend(frameon=False)
    distance = np.linspace(0.5, 25, 200)
    received = exposure.FACADE_EMITS * np.asarray(exposure.view_parallel(10.0, 6.0, distance))
    right.plot(distance, received, color=SECOND, lw=1, label="computed")
    known = fire_urban_formulas.VIEWS
    right.plot(
        list(known),
        exposure.FACADE_EMITS * np.array(list(known.values())),
        "o",
        ms=4,
        color=EXACT,
        label="tabulated view factors",
    )
    for flux in fire_urban_formulas.DOSES:
        minutes = float(dose.ignition_time(flux)) / 60
        right.axhline(flux, color=LINE, lw=0.7, ls="--")
        right.annotate(f"bare wood ignites in {minutes:.2g} min", (25, flux), ha="right", va="bottom", fontsize=7)
    right.set(
        xlabel="distance, m", ylabel="radiation, kW/m²", title="opposite a facade of 10 x 6 m, all of it alight", ylim=0
    )
    right.legend(frameon=False, loc="upper center")
    return figure


def fire_hamada_rows() -> Figure:
    """Speed of fire through rows of houses over the wind, against the formula of Hamada."""
    figure, ax = plt.subplots(figsize=(6, 3.8), layout="constrained")
    winds = np.arange(2.0, 14.1, 1.0)
    formula = hamada.spread_rate(fire_hamada.SIDE, fire_hamada.GAP, winds) * 3600
    ax.plot(winds, formula, color=EXACT, lw=2, label="Hamada (1951), wooden town")
    ax.fill_between(winds, formula / 2, formula * 2, color=LINE, alpha=0.2, label="within a factor of 2")
    for name, house, colour in (
        ("bare wood, one storey", BARE, FIRE),
        ("timber, mortar outside, two storeys", MORTARED, FIRST),
        ("concrete, two storeys", CONCRETE, SECOND),
    ):
        speeds = [fire_hamada.speed(house, float(wind)) * 3600 for wind in winds]
        ax.plot(winds, speeds, "o-", ms=3, lw=1, color=colour, label=name)
    ax.set(
        xlabel="wind, m/s", ylabel="speed downwind, m/h", title="houses of 10 m, 3 m apart; 0: it does not get through"
    )
    ax.legend(frameon=False)
    return figure


def fire_quarter() -> Figure:
    """How many houses burn in a quarter like that of Itoigawa, and how often each does."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(9, 4.2), layout="constrained", width_ratios=(1.4, 1, 1))
    fires = [fire_itoigawa.member(seed, Brands()) for seed in range(MEMBERS)]
    burnt, spots = np.array([fire_itoigawa.counts(fire) for fire in fires]).T
    houses = fires[0].city.count
    left.hist(burnt, bins=np.arange(0, houses + 12, 11), color=FIRE, alpha=0.7)
    left.axvline(BURNT_THERE, color=EXACT, lw=1.5, label=f"Itoigawa 2016: {BURNT_THERE}")
    left.axvline(np.median(burnt), color=FIRE, lw=1.5, ls="--", label=f"median: {np.median(burnt):.0f}")
    left.set(xlabel=f"houses burnt, of {houses}", ylabel="members", title=f"{MEMBERS} members, one event")
    left.legend(frameon=False)
    middle.hist(spots, bins=np.arange(-0.5, spots.max() + 2), color=FIRST, alpha=0.7)
    middle.axvline(SPOTS_THERE, color=EXACT, lw=1.5, label=f"counted: {SPOTS_THERE}")
    middle.set(xlabel="spot fires (calibrated on these)", ylabel="members")
    middle.legend(frameon=False)
    for ax in (left, middle):
        ax.yaxis.get_major_locator().set_params(integer=True)
    share = np.mean([fire.state >= 2 for fire in fires], axis=0)
    outlines = fires[0].city.outlines
    shapes = PolyCollection(
        np.split(outlines.corners, outlines.starts[1:-1]),
        array=share,
        cmap="YlOrRd",
        ec=LINE,
        lw=0.3,
    )
    shapes.set_clim(0, 1)
    right.add_collection(shapes)
    start = fire_itoigawa.COLUMNS // 2 * fire_itoigawa.ROWS + 1
    right.plot(*outlines.centroid[start], "*", color=SECOND, ms=8)
    right.set(aspect="equal", xlabel="m", title="share of members (wind from below)")
    right.autoscale_view()
    figure.colorbar(shapes, ax=right, shrink=0.7)
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    "fire_kobe": fire_kobe,
    "fire_hamada": fire_hamada_rows,
    "fire_itoigawa": fire_quarter,
}
