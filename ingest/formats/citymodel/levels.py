"""Ground and height of buildings: what the file says, else what its geometry shows; every rule that was used is told.

A body's lowest corner is not always the ground: some files let buildings start at a common plane or sink them metres
into it, so that the terrain cuts them off.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.model.finding import Finding

#: how many buildings, and which share of them, on one level make it a plane of the file and not the ground
PLANE = (10, 0.9)
#: m: how far a body may reach below its measured height before it counts as sunk into the ground
SUNK = 3.0
#: m: thinner bodies are sheets without a height
SHEET = 0.1


class Levels:
    """Ground and height, batch after batch; remembers how often each rule was used."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.used: dict[str, int] = {}
        self.plane = 0.0
        self.total = 0

    def take(
        self, top: NDArray[np.float64], foot: NDArray[np.float64], height: Sequence[object], ground: Sequence[object]
    ) -> tuple[list[object], list[object]]:
        """Return heights and ground levels, m, None where unknown.

        top, foot  (n,) m above the datum: highest corner, lowest corner of the footprint; NaN where there is no body
        height, ground  n values of the file, None where it says nothing
        """
        said = np.array([np.nan if v is None else v for v in height], dtype=np.float64)
        level = np.array([np.nan if v is None else v for v in ground], dtype=np.float64)
        known, measured = ~np.isnan(level), ~np.isnan(said)
        tall = top - foot
        sunk = ~known & measured & (tall > said + np.maximum(SUNK, 0.3 * said))
        plain = ~known & ~sunk & ~np.isnan(foot)
        on_plane = plain & ~measured & self._plane(foot, tall, plain)
        level[sunk] = (top - said)[sunk]
        level[plain & ~on_plane] = foot[plain & ~on_plane]
        base = np.where(on_plane, foot, level)
        shown = ~measured & (top - base > SHEET)
        apart = measured & (np.abs(base) > 0.02)  # where height and level of a roof differ
        self.total += len(said)
        for rule, rows in (
            ("ground-stated", known), ("ground-sunk", sunk), ("ground-foot", plain & ~on_plane),
            ("ground-plane", on_plane),
            ("height-geometry", shown), ("apart", apart),
            ("height-is-level", apart & (np.abs(top - said) < 0.02)),
        ):  # fmt: skip
            self.used[rule] = self.used.get(rule, 0) + int(rows.sum())
        said[shown] = (top - base)[shown]
        return _listed(said), _listed(level)

    def _plane(self, foot: NDArray[np.float64], tall: NDArray[np.float64], plain: NDArray[np.bool_]) -> bool:
        """Return whether nearly all bodies start on one level though their heights differ."""
        if plain.sum() < PLANE[0]:
            return False
        middle = float(np.median(foot[plain]))
        flat = bool((np.abs(foot[plain] - middle) < 0.01).mean() >= PLANE[1] and np.ptp(tall[plain]) > 1)
        if flat:
            self.plane = middle
        return flat

    def findings(self) -> list[Finding]:
        """Return one sentence for each rule that was used."""
        plane = f"all start at z = {self.plane:g} m, a plane of the file; their ground level is unknown"
        said = {
            "ground-foot": ("info", "ground level is the lowest corner of the footprint"),
            "ground-sunk": ("warning", "reach below the ground; ground level is their top minus the stated height"),
            "ground-plane": ("warning", f"{plane} and their height is counted from there"),
            "height-geometry": ("info", "no height is stated; it is the top of the body minus the ground level"),
        }
        out = [
            Finding(severity, rule, f"{self.where}: {self.used[rule]} of {self.total} buildings: {text}")
            for rule, (severity, text) in said.items()
            if self.used.get(rule)
        ]
        levels, apart = self.used.get("height-is-level", 0), self.used.get("apart", 0)
        if levels and levels > PLANE[1] * apart:
            message = (
                f"{self.where}: {levels} of {apart} buildings: the stated height equals the level of the roof above the"
                " datum; kept as it is"
            )
            out.append(Finding("warning", "height-is-level", message))
        return out


def _listed(values: NDArray[np.float64]) -> list[object]:
    return [None if v != v else round(v, 3) for v in values.tolist()]  # noqa: PLR0124  only NaN differs from itself
