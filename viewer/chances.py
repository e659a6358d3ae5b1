"""How likely water is at each building: what the members of an ensemble say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.runs.ensembles.statistics import TABLE
from viewer.memo import remember

if TYPE_CHECKING:
    from twin.store import City


@dataclass(frozen=True, slots=True)
class Chance:
    """The members at one building.

    share          1  of members whose greatest depth is above the threshold
    p10, p50, p90  m  greatest depth that a tenth, half, nine tenths of the members do not exceed
    """

    share: float
    p10: float
    p50: float
    p90: float


@remember(size=4)
def chances(city: City, run: str) -> dict[str, Chance]:
    """Return building id -> its chance; empty when the run is no ensemble."""
    path = city.runs.folder(run) / TABLE if run else None
    if path is None or not path.is_file():
        return {}
    import pyarrow.parquet as pq

    table = pq.read_table(path).to_pydict()
    columns = (table[name] for name in ("id", "probability", "depth_p10", "depth_p50", "depth_p90"))
    return {str(id_): Chance(*values) for id_, *values in zip(*columns, strict=True)}
