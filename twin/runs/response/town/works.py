"""What is in force in the streets: closures, signs, green lights; and what has been handed to the hazard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from twin.model.action import Action
from twin.runs.response.town.felt import Felt
from twin.runs.response.town.ground import Ground


@dataclass(frozen=True, slots=True)
class Closure:
    """A road that was closed: id, edges, its district, from when until when in s (infinity: still)."""

    target: str
    edges: tuple[int, ...]
    district: int
    since: float
    until: float = float("inf")

    def hours(self, time: float) -> float:
        """Return for how many hours it has been closed by `time` s."""
        return max(min(self.until, time) - self.since, 0.0) / 3600.0


@dataclass(slots=True, eq=False)
class Works:
    """What is in force.

    closures  all there have been, in their order
    signs     target -> edges that drivers are told to avoid
    waves     (target, edges, share of the speed, until s)
    came      (k,) edges on which the hazard has come: water that stops cars, or fire
    running   kind of action -> targets for which one is in force or under way
    """

    closures: list[Closure] = field(default_factory=list)
    signs: dict[str, tuple[int, ...]] = field(default_factory=dict)
    waves: list[tuple[str, tuple[int, ...], float, float]] = field(default_factory=list)
    came: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    running: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, ground: Ground) -> Works:
        """Return nothing in force."""
        return cls(came=np.zeros(len(ground.roads.start), bool))

    def copy(self) -> Works:
        """Return the same, independent."""
        return Works(list(self.closures), dict(self.signs), list(self.waves), self.came.copy(), dict(self.running))

    def see(self, ground: Ground, felt: Felt, time: float) -> None:
        """Remember where the hazard is at `time` s, and let go of green waves that are over."""
        over = [target for target, _, _, until in self.waves if until <= time]
        self.waves = [wave for wave in self.waves if wave[3] > time]
        for target in over:
            if target not in (wave[0] for wave in self.waves):
                self.forget("green_wave", target)
        self.came |= (felt.edge_depth > np.float32(ground.settings.car_depth)) | felt.edge_fire

    def note(self, kind: str, target: str) -> None:
        """Remember that something is in force or under way for a target."""
        known = self.running.get(kind, ())
        if target not in known:
            self.running[kind] = tuple(sorted((*known, target)))

    def forget(self, kind: str, target: str) -> None:
        """Remember that nothing of a kind is in force for a target any more."""
        left = tuple(one for one in self.running.get(kind, ()) if one != target)
        self.running.pop(kind, None)
        if left:
            self.running[kind] = left

    def close(self, ground: Ground, action: Action, district: int, time: float) -> None:
        """Close a road from `time` s on; one that is closed stays so."""
        if action.target not in self.closed():
            self.closures.append(Closure(action.target, edges_of(ground, action, "edges"), district, time))

    def reopen(self, action: Action, time: float) -> None:
        """Open a road again."""
        self.closures = [
            replace(one, until=time) if one.target == action.target and np.isinf(one.until) else one
            for one in self.closures
        ]
        self.forget("close_road", action.target)

    def sign(self, ground: Ground, action: Action) -> None:
        """Tell drivers to avoid some edges."""
        self.signs[action.target] = edges_of(ground, action, "avoid")

    def lights(self, ground: Ground, action: Action, time: float) -> None:
        """Give units a green wave from `time` s on."""
        share = action.params.get("speed", 1.0)
        factor = max(float(share), 1.0) if isinstance(share, int | float) else 1.0
        edges = edges_of(ground, action, "edges")
        self.waves.append((action.target, edges, factor, time + ground.settings.green_wave))

    def closed(self) -> frozenset[str]:
        """Return the ids of what is closed now."""
        return frozenset(one.target for one in self.closures if np.isinf(one.until))

    def shut(self, ground: Ground) -> NDArray[np.bool_]:
        """Return (k,) the edges that are closed to cars."""
        return _mask(ground, [one.edges for one in self.closures if np.isinf(one.until)])

    def avoided(self, ground: Ground) -> NDArray[np.bool_]:
        """Return (k,) the edges that signs tell drivers to avoid."""
        return _mask(ground, list(self.signs.values()))

    def wave(self, ground: Ground) -> NDArray[np.float64] | None:
        """Return (k,) by which green lights make edges faster now, None: nowhere."""
        if not self.waves:
            return None
        out = np.ones(len(ground.roads.start))
        for _, edges, share, _ in self.waves:
            at = np.array(edges, dtype=np.int64)
            out[at] = np.maximum(out[at], share)
        return out


def edges_of(ground: Ground, action: Action, name: str) -> tuple[int, ...]:
    """Return the edges that an action means: those of its params, else those of the site or road that it is for."""
    given = action.params.get(name)
    k = len(ground.roads.start)
    if isinstance(given, Sequence) and not isinstance(given, str) and len(given):
        return tuple(int(edge) for edge in given if isinstance(edge, int | np.integer) and 0 <= edge < k)
    site = ground.site_of(action.target)
    if site is not None:
        return site.edges
    if action.target in ground.roads.roads:
        return tuple(np.flatnonzero(ground.roads.road == ground.roads.roads.index(action.target)).tolist())
    return ()


def mapping_of(running: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return what is running, in the order of its kinds."""
    return {kind: running[kind] for kind in sorted(running)}


def _mask(ground: Ground, edges: Sequence[tuple[int, ...]]) -> NDArray[np.bool_]:
    out = np.zeros(len(ground.roads.start), bool)
    for some in edges:
        out[np.array(some, dtype=np.int64)] = True
    return out
