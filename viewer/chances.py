"""How likely harm is at each building: what the members of an ensemble say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.runs.ensembles.statistics import TABLE
from viewer.memo import remember

if TYPE_CHECKING:
    from twin.store import City

#: column of the table -> name of the quantile: of depths of a flood, of times at which a fire came
COLUMNS = {"depth_p10": "p10", "depth_p50": "p50", "depth_p90": "p90", "arrival_p10_s": "p10", "arrival_p50_s": "p50"}


@dataclass(frozen=True, slots=True)
class Chance:
    """The members at one building.

    share      1  of members whose greatest depth is above the threshold, or in which it burns
    quantiles  name -> m, greatest depth that so many members do not exceed; or s, by which fire came in so many,
               None: never
    """

    share: float
    quantiles: Mapping[str, float | None]


@remember(size=4)
def chances(city: City, run: str) -> dict[str, Chance]:
    """Return building id -> its chance; empty when the run is no ensemble."""
    path = city.runs.folder(run) / TABLE if run else None
    if path is None or not path.is_file():
        return {}
    import pyarrow.parquet as pq

    table = pq.read_table(path).to_pydict()
    named = {name: table[column] for column, name in COLUMNS.items() if column in table}
    return {
        str(id_): Chance(share, {name: values[i] for name, values in named.items()})
        for i, (id_, share) in enumerate(zip(table["id"], table["probability"], strict=True))
    }
