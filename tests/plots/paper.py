"""The paper that figures are drawn on: colours, sizes, and PNG files of at most 80 kB."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "validation"
LIMIT = 80_000
"""Bytes of a picture."""
BED, EXACT, FIRST, SECOND, FIRE, PEER, LINE = (
    "#8c6d4f", "#222222", "#e07b00", "#0067b1", "#c8321e", "#6b8f3c", "#888888",
)  # fmt: skip


def begin() -> None:
    """Set how all figures are drawn: without a screen, in small letters."""
    mpl.use("Agg")
    mpl.rcParams.update({"font.size": 8, "svg.hashsalt": "0"})


def save(figure: Figure, name: str) -> None:
    """Write a figure as a PNG of at most 80 kB, by fewer colours where it takes that; no time stamp in it."""
    buffer, path = io.BytesIO(), FOLDER / f"{name}.png"
    figure.savefig(buffer, dpi=80, format="png", metadata={"Software": None})
    plt.close(figure)
    picture = Image.open(buffer).convert("RGB")
    for colours in (160, 64, 32, 16):
        few = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size <= LIMIT:
            break
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB", flush=True)


def one_to_one(ax: Axes, low: float, high: float, within: float | None = None) -> None:
    """Draw the line on which computed and measured are the same, and a band of a factor around it."""
    ax.plot([low, high], [low, high], color=LINE, lw=1)
    if within is not None:
        ax.fill_between(
            [low, high], [low / within, high / within], [low * within, high * within], color=LINE, alpha=0.15
        )
