"""The kernels that Python calls; everything else in this package is a part of them."""

from __future__ import annotations

from collections.abc import Callable

from twin.physics.compiling import kernel
from twin.physics.zone_fire import layers, stepping
from twin.physics.zone_fire.arrays import Array, Building, State, Work
from twin.physics.zone_fire.compiling import sources


def _advance(source: str) -> Callable[[Building, State, Work, float], int]:
    """Return `advance`; its copy on disk holds only for these sources."""

    @kernel
    def advance(b: Building, s: State, w: Work, until: float) -> int:
        """Go on to `until` s; see `stepping.march`."""
        source  # noqa: B018  # makes the parts' text part of the key of the copy on disk
        return stepping.march(b, s, w, until)

    return advance


def _look(source: str) -> Callable[[Building, State, Array], None]:
    """Return `look`; its copy on disk holds only for these sources."""

    @kernel
    def look(b: Building, s: State, seen: Array) -> None:
        """Put into `seen` how openings see the rooms; see `layers.look`."""
        source  # noqa: B018  # makes the parts' text part of the key of the copy on disk
        layers.look(b, s, seen)

    return look


advance, look = _advance(sources()), _look(sources())
