"""Figures of fire in rooms: hot layers against measured ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from numpy.typing import NDArray

from tests.physics.cases import cfast
from tests.physics.cases.files import read_table, shared_folder
from tests.plots.paper import EXACT, FIRE, PEER, SECOND, one_to_one
from tests.validation import fire_zone_nbs, fire_zone_steckler


def fire_steckler() -> Figure:
    """Rise and height of the hot layer of 55 tests, computed here and by CFAST 8, against the measured ones."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    table = read_table(shared_folder() / "validation" / "fire" / "firemodels_exp" / "steckler_cfast_vs_exp.csv")
    rises, heights = fire_zone_steckler.ratios()
    for ax, ours, name, (low, high) in (
        (left, rises, "dT_upper_C", (40, 260)),
        (right, heights, "layer_height_m", (0.4, 1.6)),
    ):
        measured, peers = table[f"exp_{name}"], table[f"cfast_{name}"]
        one_to_one(ax, low, high, 1.15)
        for values, style, colour, who in ((peers, "s", PEER, "CFAST 8"), (ours * measured, "o", FIRE, "here")):
            log = np.log(values / measured)
            ax.plot(
                measured,
                values,
                style,
                ms=3,
                color=colour,
                label=f"{who}: bias {fire_zone_steckler.bias(values / measured):.2f}, scatter {log.std(ddof=1):.3f}",
            )
        ax.legend(frameon=False)
    left.set(
        xlabel="measured rise of the hot layer, K", ylabel="computed, K", title="55 tests of Steckler (band: 15 %)"
    )
    right.set(xlabel="measured height of the layer, m", ylabel="computed, m", title="height of the layer")
    return figure


def curves(path: str) -> NDArray[np.float64]:
    """Return rows of time s, layer height m, lower and upper temperature degC of a tree of thermocouples."""
    folder = shared_folder() / "validation" / "fire" / "firemodels_exp" / "NBS_Multi-Room"
    return np.genfromtxt(folder / path, delimiter=",", skip_header=1)


def fire_nbs() -> Figure:
    """Hot layers in the burn room and the corridor over time, three tests in several rooms."""
    figure, axes = plt.subplots(2, 3, figsize=(9, 5), sharex=True, sharey="row", layout="constrained")
    times = np.arange(0.0, 1501.0, 5.0)
    for (above, below), test in zip(axes.T, fire_zone_nbs.TESTS, strict=True):
        zones = cfast.read(cfast.folder() / "Validation" / "NBS" / f"{test}.in").engine()
        hot, low = [], []
        for time in times:
            zones.advance(float(time))
            hot.append(zones.upper_temperature.copy())
            low.append(zones.interface.copy())
        for room, tree, colour, name in (
            (fire_zone_nbs.BURN_ROOM, 1, FIRE, "burn room"),
            (fire_zone_nbs.CORRIDOR, fire_zone_nbs.CORRIDOR_TREES[1], SECOND, "corridor"),
        ):
            found = curves(f"NBS_{test}_Tree{tree}_layer.csv")
            found = found[found[:, 0] <= times[-1]]
            above.plot(times, np.array(hot)[:, room], color=colour, lw=1.2, label=name)
            above.plot(found[:, 0], found[:, 3], ".", ms=2, color=colour, alpha=0.6)
            below.plot(times, np.array(low)[:, room], color=colour, lw=1.2)
            below.plot(found[:, 0], found[:, 1], ".", ms=2, color=colour, alpha=0.6)
        above.set_title(test)
        below.set_xlabel("s")
    axes[0, 0].plot([], [], ".", color=EXACT, label="measured")
    axes[0, 0].set_ylabel("hot layer, °C")
    axes[0, 0].legend(frameon=False)
    axes[1, 0].set_ylabel("height of the layer, m")
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {"fire_steckler": fire_steckler, "fire_nbs": fire_nbs}
