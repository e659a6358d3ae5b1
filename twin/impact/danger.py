"""When water is dangerous to people: the combined curves of AIDR, and the Korean limits of half-basements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AIDR_SOURCE = "AIDR Guideline 7-3 (2017), combined flood hazard curves after Smith et al. 2014, WRL 2014/07"

#: class -> depth times speed m2 s-1, depth m, speed m s-1, at most; H6 is everything above
AIDR: dict[str, tuple[float, float, float]] = {
    "H1": (0.3, 0.3, 2.0),
    "H2": (0.6, 0.5, 2.0),
    "H3": (0.6, 1.2, 2.0),
    "H4": (1.0, 2.0, 2.0),
    "H5": (4.0, 4.0, 4.0),
}


def aidr_class(
    depth: NDArray[np.floating], speed: NDArray[np.floating], product: NDArray[np.floating]
) -> NDArray[np.int64]:
    """Return the hazard class 1 (H1) to 6 (H6), the lowest whose three limits hold; 0 where it is dry.

    depth    m       >= 0
    speed    m s-1   >= 0
    product  m2 s-1  depth times speed; the greatest of the run where the other two are its greatest

    Source: AIDR Guideline 7-3, combined curves.
    """
    out = np.full(np.shape(depth), len(AIDR) + 1, dtype=np.int64)
    for number, (most_product, most_depth, most_speed) in reversed(list(enumerate(AIDR.values(), start=1))):
        out[(product <= most_product) & (depth <= most_depth) & (speed <= most_speed)] = number
    out[np.asarray(depth) <= 0] = 0
    return out


@dataclass(frozen=True, slots=True)
class Limit:
    """A depth of water in m at which something stops to be possible."""

    name: str
    depth: float
    ko: str
    source: str


_STAIRS = "국립재난안전연구원 실험, 언론 보도에서"

#: limits of half-basements (반지하). No JRC curve holds there: they are counted, not priced.
HALF_BASEMENT = (
    Limit("stairs_hard", 0.17, "계단을 오르기 어려움", _STAIRS),
    Limit("door_hard", 0.30, "문이 겨우 열림", _STAIRS),
    Limit("handrail_needed", 0.35, "난간 없이는 계단을 오르지 못함", _STAIRS),
    Limit("door_shut", 0.40, "문이 열리지 않음", _STAIRS),
    Limit("stairs_impossible", 0.455, "아무도 계단을 오르지 못함", _STAIRS),
)
