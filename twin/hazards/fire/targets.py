"""On which fire an engine throws: on one that its water puts out, the newest first, because that is the fire's edge.

In this order, of the buildings that burn within its hose and do not yet get the water that they need:
1. the one it works on and the one it was sent to, while its water is enough for what lacks there;
2. the newest for which it is enough;
3. where it is enough for none, the one that lacks least, so that several engines put it out together.
Where nothing lacks water it goes on to the nearest fire that does, at most `ONWARD` m off and to each one engine, after
`PACK` s for its hoses; without such a fire it throws on what burns, or wets the building it was sent to if that is hot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ONWARD, PACK = 1000.0, 180.0
"""m and s (assumptions)."""

UNBURNT, HEATED, BURNING = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Fires:
    """What crews see of n buildings.

    state  (n,)  as in `town.STATES`     need  (n,) L s-1  that puts out what burns of each when it is held
    began  (n,)  s                       x, y  (n,) m      of the middle
    """

    state: NDArray[np.int8]
    need: Floats
    began: Floats
    x: Floats
    y: Floats

    def lacking(self, thrown: Mapping[int, float]) -> tuple[NDArray[np.int64], Floats]:
        """Return the buildings (k,) that burn and the water (k,) in L s-1 that each lacks of what it needs.

        thrown  building -> L s-1 that it gets already
        """
        burning = np.flatnonzero(self.state == BURNING)
        return burning, self.need[burning] - np.array([thrown.get(int(b), 0.0) for b in burning])

    def away(self, buildings: NDArray[np.int64], place: tuple[float, float]) -> Floats:
        """Return the distance (k,) in m of buildings from a place."""
        return np.asarray(np.hypot(self.x[buildings] - place[0], self.y[buildings] - place[1]))


def target(
    rate: float, last: int, own: int, place: tuple[float, float], hose: float, fires: Fires, thrown: Mapping[int, float]
) -> tuple[int, bool]:
    """Return the building to throw on, -1: none, and whether water is short there; see the head of this file.

    rate  L s-1 that the engine has      last, own  building it worked on, and was sent to, -1: none
    place m                              hose  m    thrown  building -> L s-1 of the engines before it
    """
    burning, lack = fires.lacking(thrown)
    away = fires.away(burning, place)
    near = away <= hose
    burning, lack, away = burning[near], lack[near], away[near]
    short = lack > 0
    if short.any():
        can = short & (lack <= rate)
        if can.any():
            for kept in (last, own):
                if kept in burning[can]:
                    return kept, True
            return int(burning[can][np.argmax(fires.began[burning[can]])]), True
        return int(burning[short][np.argmin(lack[short])]), True
    if len(burning):
        return own if own in burning else int(burning[np.argmin(away)]), False
    heated = own >= 0 and fires.state[own] == HEATED and fires.away(np.array([own]), place)[0] <= hose
    return own if heated else -1, False


def onward(place: tuple[float, float], fires: Fires, thrown: Mapping[int, float], taken: set[int]) -> int:
    """Return the nearest building that lacks water and no engine drives to, -1: none within `ONWARD` m.

    taken  buildings to which engines drive
    """
    burning, lack = fires.lacking(thrown)
    away = fires.away(burning, place)
    good = (lack > 0) & (away <= ONWARD) & ~np.isin(burning, list(taken))
    return int(burning[good][np.argmin(away[good])]) if good.any() else -1
