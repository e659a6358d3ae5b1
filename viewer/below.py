"""Water in underpasses and basements, and what pumps and gates do: the things of the city that a run follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from viewer import pictures
from viewer.damage import impact
from viewer.hazards import floods
from viewer.memo import remember
from viewer.plain import plain
from viewer.record import record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.store import City

#: kind of storage -> its quantity and the kind of its feature
STORAGES = {"underpass": ("underpass_depth", "underpass"), "basement": ("basement_depth", "building")}

#: quantity of a thing that moves water -> kinds of its feature
WORKS = {"pump_rate": ("pump",), "gate_opening": ("gate", "culvert")}

#: m, a storage with less than this all the time is dry
DRY = 0.005


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing over a run.

    series  (frames,) depth in m, rate in m3 s-1 or opening; NaN where a frame has none
    most    the greatest, between frames too where the run knows it
    share   filled at the end, 0 to 1; NaN where that is unknown
    limits  name of a limit -> s from the start at which the water at an entrance passed it
    """

    id: str
    name: str
    kind: str
    series: NDArray[np.float64]
    most: float
    share: float
    limits: Mapping[str, float]


def limits() -> Mapping[str, float]:
    """Return the limits of the water at an entrance, in m above its sill, the lowest first."""
    # the model's room loads its compiler
    from twin.physics.shallow_water.structures.storage import LIMITS

    return LIMITS


@remember(size=16)
def names(city: City, kind: str) -> dict[str, str]:
    """Return id -> name of the features of a kind that have one."""
    if not any(info.kind == kind and info.count for info in city.features.layers()):
        return {}
    batch = city.features.read(kind)
    return {id_: plain(name) for id_, name in zip(batch.ids, batch.column("name"), strict=True) if name}


@remember(size=8)
def storages(city: City, run: str, kind: str) -> tuple[Thing, ...]:
    """Return underpasses (all), or basements (those that water reaches), the deepest water first."""
    quantity, feature = STORAGES[kind]
    ids, values = _series(city, run, quantity)
    reached = {str(s["id"]): s for s in record(city, run).get("storages", []) if s["kind"] == kind}
    named, recorded = names(city, feature), bool(reached)
    found = []
    for id_, parts in _joined(city, run, kind, ids).items():
        series = np.fmax.reduce(values.T[[ids.index(part) for part in parts]], axis=0)
        said: dict[str, Any] = next((reached[part] for part in parts if part in reached), {})
        most = max([*series[np.isfinite(series)].tolist(), float(said.get("deepest_m", 0.0))], default=0.0)
        if most < DRY and not said and kind != "underpass":
            continue
        # a storage that a record of others does not name stayed dry
        share = float(said["volume_m3"]) / float(said["capacity_m3"]) if said else 0.0 if recorded else np.nan
        limits = {str(k): float(v) for k, v in said.get("limits", {}).items()}
        found.append(Thing(id_, named.get(id_, plain(id_)), kind, series, most, share, limits))
    return tuple(sorted(found, key=lambda t: (-t.most, t.id)))


@remember(size=8)
def works(city: City, run: str) -> tuple[Thing, ...]:
    """Return pumps, gates and culverts of a run, by name."""
    found = []
    for quantity, kinds in WORKS.items():
        ids, values = _series(city, run, quantity)
        named = {id_: (name, kind) for kind in kinds for id_, name in names(city, kind).items()}
        for id_, series in zip(ids, values.T, strict=True):
            name, kind = named.get(id_, (plain(id_), kinds[0]))
            most = float(np.nanmax(series)) if np.isfinite(series).any() else np.nan
            found.append(Thing(id_, name, kind, series, most, np.nan, {}))
    return tuple(sorted(found, key=lambda t: (t.kind, t.name, t.id)))


def _joined(city: City, run: str, kind: str, ids: tuple[str, ...]) -> dict[str, list[str]]:
    """Return id -> ids of its pieces: an underpass that the city draws in pieces holds one water."""
    pieces = impact(city, run)["underpasses"] if kind == "underpass" and floods(city, run) else []
    first = {str(part): min(map(str, under["parts"])) for under in pieces for part in under["parts"]}
    found: dict[str, list[str]] = {}
    for id_ in ids:
        found.setdefault(first.get(id_, id_), []).append(id_)
    return found


def _series(city: City, run: str, quantity: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return ids and (frames, n) values; none of a quantity that the run does not follow."""
    frames = pictures.frames(city, run)
    if quantity not in frames.asset_quantities:
        return (), np.zeros((len(frames.times), 0))
    return frames.assets(quantity)
