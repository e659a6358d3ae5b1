"""Read features: what is in force, or what was known at one time about another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.errors import MissingError, UsageError, suggest
from twin.model.feature import Features
from twin.names import KINDS
from twin.store.coding import decode_rows, naive_utc, pack, pack_all, unpack

if TYPE_CHECKING:
    import pyarrow as pa

    from twin.model.field import Bounds
    from twin.store.database import Database

# the log as it was known then, about that moment: of each feature the version with the latest valid_from;
# `source` rises with the moment of recording
_AS_OF = """(
    SELECT * FROM feature_log WHERE seq IN (
        SELECT arg_max(seq, (valid_from, seq)) FROM feature_log
        WHERE ($layer IS NULL OR layer = $layer) AND ($at IS NULL OR valid_from <= $at)
          AND ($known_at IS NULL OR source <= (SELECT max(id) FROM source WHERE recorded_at <= $known_at))
        GROUP BY layer, id))"""

_IN_VIEW = "xmin <= $east AND xmax >= $west AND ymin <= $north AND ymax >= $south"

_VIEWPORT = f"SELECT id, ST_AsWKB(geometry) AS wkb, height, ground FROM feature WHERE kind = $kind AND {_IN_VIEW}"  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """A layer of the city, by name, and how many features of a kind it holds."""

    name: str
    kind: str
    count: int


class FeatureRoom:
    """The features of a city."""

    def __init__(self, database: Database, crs: str) -> None:
        self._database = database
        self._crs = crs

    def layers(self) -> list[LayerInfo]:
        """Return the layers by name; a layer with features of several kinds stands once for each kind."""
        with self._database.cursor() as cursor:
            rows = cursor.execute("SELECT layer, kind, count(*) FROM feature GROUP BY ALL ORDER BY ALL").fetchall()
        return [LayerInfo(unpack(layer), kind, count) for layer, kind, count in rows]

    def count(self, kind: str | None = None) -> int:
        """Return how many features of a kind are in force, None: of all kinds."""
        with self._database.cursor() as cursor:
            query = "SELECT count(*) FROM feature WHERE $kind IS NULL OR kind = $kind"
            return int(cursor.execute(query, {"kind": _known(kind)}).fetchall()[0][0])

    def extent(self, kind: str | None = None) -> Bounds | None:
        """Return the bounds in m of all features of a kind (None: of all), None when none has a place."""
        with self._database.cursor() as cursor:
            query = """SELECT min(xmin), min(ymin), max(xmax), max(ymax) FROM feature
                       WHERE $kind IS NULL OR kind = $kind"""
            west, south, east, north = cursor.execute(query, {"kind": _known(kind)}).fetchall()[0]
        return None if west is None else (west, south, east, north)

    def viewport(self, kind: str, bounds: Bounds) -> pa.Table:
        """Return id, wkb, height (m), ground (m) of the features whose box touches `bounds`, in no order."""
        west, south, east, north = bounds
        window = {"kind": _known(kind), "west": west, "south": south, "east": east, "north": north}
        with self._database.cursor() as cursor:
            return cursor.sql(_VIEWPORT, params=window).to_arrow_table()

    def read(
        self,
        kind: str | None = None,
        *,
        layer: str | None = None,
        bounds: Bounds | None = None,
        at: datetime | None = None,
        known_at: datetime | None = None,
        ids: Iterable[str] | None = None,
    ) -> Features:
        """Return features with all their attributes, in the city's system, sorted by layer and id.

        kind      a kind of `names.KINDS`; may be left out when `layer` is given and holds one kind only
        bounds    m; features whose box touches it
        at        aware moment: what was so then; None: the newest version
        known_at  aware moment: as far as was known then; None: all that is known
        ids       only these

        Raises UsageError (neither kind nor layer, an unknown kind, a time without zone) and MissingError
        (no such layer).
        """
        if kind is None:
            kind = self._only_kind(layer)
        columns = self._select(_known(kind), layer, bounds, at, known_at, ids)
        return self._assemble(kind, columns)

    def _only_kind(self, layer: str | None) -> str:
        if layer is None:
            raise UsageError(f"which features? give a kind or a layer; kinds: {', '.join(KINDS)}")
        infos = self.layers()
        kinds = [info.kind for info in infos if info.name == layer]
        if not kinds:
            raise MissingError(f"layer '{layer}' is not in this twin; {suggest(layer, [info.name for info in infos])}")
        if len(kinds) > 1:
            raise UsageError(f"layer '{layer}' holds {', '.join(kinds)}: say which kind")
        return kinds[0]

    def _select(
        self,
        kind: str | None,
        layer: str | None,
        bounds: Bounds | None,
        at: datetime | None,
        known_at: datetime | None,
        ids: Iterable[str] | None,
    ) -> pa.Table:
        import pyarrow as pa

        conditions, values = ["kind = $kind"], {"kind": kind, "layer": None if layer is None else pack(layer)}
        params: dict[str, Any] = values
        if at is None and known_at is None:
            table = "feature"
            conditions.append("($layer IS NULL OR layer = $layer)")
        else:
            table = _AS_OF
            params["at"] = None if at is None else naive_utc(at)
            params["known_at"] = None if known_at is None else naive_utc(known_at)
        if bounds is not None:
            conditions.append(_IN_VIEW)
            params.update(zip(("west", "south", "east", "north"), bounds, strict=True))
        with self._database.cursor() as cursor:
            if ids is not None:
                cursor.register("wanted", pa.table({"id": pa.array(pack_all(list(ids)), pa.string())}))
                conditions.append("id IN (SELECT id FROM wanted)")
            query = f"""SELECT layer, id, parent, line, vertical, attributes, ST_AsWKB(geometry) AS wkb,
                        surface.wkb AS surfaces, surface.kinds AS kinds
                        FROM {table} AS version LEFT JOIN surface USING (seq)
                        WHERE {" AND ".join(conditions)} ORDER BY layer, id"""  # noqa: S608 - constants; values are bound
            return cursor.sql(query, params=params).to_arrow_table()

    def _assemble(self, kind: str, columns: pa.Table) -> Features:
        import shapely

        layers = columns["layer"].unique().to_pylist()
        verticals = columns["vertical"].unique().to_pylist()
        parents = [None if p is None else unpack(p) for p in columns["parent"].to_pylist()]
        has_surfaces = columns["surfaces"].null_count < len(columns)
        return Features(
            kind=kind,
            ids=[unpack(id_) for id_ in columns["id"].to_pylist()],
            geometry=_shapes(shapely.from_wkb(columns["wkb"].to_numpy(zero_copy_only=False))),
            crs=self._crs,
            attributes=decode_rows(columns["attributes"].to_pylist()),
            lines=columns["line"].to_numpy(),
            layer=unpack(layers[0]) if len(layers) == 1 else None,
            parents=parents if any(p is not None for p in parents) else None,
            surfaces=_shapes(shapely.from_wkb(columns["surfaces"].to_numpy(zero_copy_only=False)))
            if has_surfaces
            else None,
            surface_kinds=[k or "" for k in columns["kinds"].to_pylist()] if has_surfaces else None,
            vertical=verticals[0] if len(verticals) == 1 else None,
        )


def _known(kind: str | None) -> str | None:
    if kind is not None and kind not in KINDS:
        raise UsageError(f"kind '{kind}' is not known; {suggest(kind, KINDS)}")
    return kind


def _shapes(geometry: Any) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return geometries as (n,) object, also when there are none."""
    return np.asarray(geometry, dtype=object)
