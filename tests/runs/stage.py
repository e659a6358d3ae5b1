"""Water made by hand: frames in memory, for what is counted over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tests.runs.town import CRS, SOUTH, WEST
from twin.model.field import Grid


class Staged:
    """Frames of a run that nobody simulated; summaries are those given."""

    grid = Grid(CRS, WEST, SOUTH, 5.0, 60, 40)

    def __init__(
        self,
        times: Sequence[float],
        fields: Mapping[str, np.ndarray],
        summaries: Mapping[str, np.ndarray] | None = None,
        things: Mapping[str, Mapping[str, Sequence[float]]] | None = None,
    ) -> None:
        self.times = tuple(times)
        self.fields = fields
        self.kept = summaries or {}
        self.quantities = tuple(fields)
        self.summaries = tuple(self.kept)
        self.things = things or {}
        self.asset_quantities = tuple(self.things)

    def read(self, quantity: str, i: int) -> np.ndarray:
        return self.fields[quantity][i].astype(np.float32)

    def summary(self, name: str) -> np.ndarray:
        return self.kept[name].astype(np.float32)

    def assets(self, quantity: str) -> tuple[tuple[str, ...], np.ndarray]:
        return tuple(self.things[quantity]), np.array(list(self.things[quantity].values()), dtype=float).T


def still(depths: Sequence[float], every: float = 300.0) -> Staged:
    """Return frames of water that stands equally deep everywhere and does not move."""
    deep = np.stack([np.full(Staged.grid.shape, d) for d in depths])
    nothing = np.zeros_like(deep)
    fields = {"depth": deep, "velocity_x": nothing, "velocity_y": nothing}
    return Staged(np.arange(len(depths)) * every, fields, {"max_depth": deep.max(axis=0)})
