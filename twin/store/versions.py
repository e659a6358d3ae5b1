"""Write versions of features into the log, leaving out what the log says already."""

from __future__ import annotations

import math
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import UsageError, suggest
from twin.names import KINDS
from twin.store import hilbert
from twin.store.coding import encode_rows, pack, pack_all

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from twin.model.feature import Features
    from twin.store.writing import Transaction

# `before`: what was in force for each id just before its row: the row before it in the batch, else the log.
# When the last row of an id says what the log says, all its rows are duplicates, whatever stood between them:
# a file that contradicts itself changes nothing when it is loaded again.
_CHANGED = """
WITH known AS (
    SELECT id, arg_max(hash, (valid_from, seq)) AS hash FROM feature_log
    WHERE layer = $layer AND valid_from <= $valid_from AND id IN (SELECT id FROM batch) GROUP BY id
), compared AS (
    SELECT position, batch.hash, known.hash AS known,
           coalesce(lag(batch.hash) OVER same, known.hash) AS before, last_value(batch.hash) OVER same AS last
    FROM batch LEFT JOIN known ON known.id = batch.id
    WINDOW same AS (PARTITION BY batch.id ORDER BY position
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT position FROM compared
WHERE hash IS DISTINCT FROM before AND last IS DISTINCT FROM known ORDER BY position"""

_ADD = """
INSERT INTO feature_log
SELECT $first + row_number() OVER (ORDER BY position) - 1, $source, line, $valid_from, $layer, $kind, id, parent, hash,
       hilbert, name, height, ground, $vertical, attributes, xmin, ymin, xmax, ymax, ST_GeomFromWKB(wkb)
FROM batch ORDER BY position"""


def store(tx: Transaction, features: Features) -> NDArray[np.int8]:
    """Add what is new of a batch to the log; returns a status (n,): 0 stored, 1 duplicate."""
    if features.kind not in KINDS:
        raise UsageError(f"features of kind '{features.kind}': the kind is not known; {suggest(features.kind, KINDS)}")
    status = np.ones(len(features), np.int8)
    if not len(features):
        return status
    layer, cursor = pack(features.layer or features.kind), tx.cursor
    batch, surfaces = _columns(features)
    cursor.register("batch", batch.select(["position", "id", "hash"]))
    changed = cursor.sql(_CHANGED, params={"layer": layer, "valid_from": tx.valid_from}).to_arrow_table()
    cursor.unregister("batch")
    positions = changed["position"].to_numpy()
    status[positions] = 0
    if not len(positions):
        return status
    numbers = tx.take(len(positions))
    cursor.register("batch", batch if len(positions) == len(status) else batch.take(positions))
    cursor.execute(
        _ADD,
        {
            "first": numbers[0], "source": tx.source, "valid_from": tx.valid_from, "layer": layer,
            "kind": features.kind, "vertical": features.vertical,
        },
    )  # fmt: skip
    cursor.unregister("batch")
    if surfaces is not None:
        _add_surfaces(tx, features, positions, surfaces[positions], numbers)
    tx.layers.add(layer)
    return status


def _columns(features: Features) -> tuple[pa.Table, NDArray[np.object_] | None]:
    """Return a batch as the log's columns, and its surfaces as WKB."""
    import pyarrow as pa
    import shapely

    wkb = np.asarray(shapely.to_wkb(features.geometry, output_dimension=2), object)
    solids = features.surfaces
    surfaces = None if solids is None else np.asarray(shapely.to_wkb(solids, output_dimension=3), object)
    bounds = shapely.bounds(features.geometry).reshape(-1, 4)
    rows = encode_rows(features.attributes, features.ids)
    parents = features.parents
    table = {
        "position": pa.array(np.arange(len(features))),
        "line": pa.array(features.lines, pa.int64()),
        "id": pa.array(pack_all(features.ids), pa.string()),
        "parent": pa.array(
            [None if p is None else pack(p) for p in parents] if parents else [None] * len(features), pa.string()
        ),
        "hash": pa.array(_hashes(features, rows, wkb, surfaces)),
        "hilbert": pa.array(hilbert.key(bounds[:, 0], bounds[:, 1])),
        "name": pa.array([_text(value) for value in features.column("name")], pa.string()),
        "height": pa.array(_numbers(features, "height"), pa.float64(), from_pandas=True),
        "ground": pa.array(_numbers(features, "ground"), pa.float64(), from_pandas=True),
        "attributes": pa.array(rows, pa.string()),
        "wkb": pa.array(wkb, pa.binary()),
    }
    for column, name in enumerate(("xmin", "ymin", "xmax", "ymax")):
        table[name] = pa.array(np.ascontiguousarray(bounds[:, column]), pa.float64(), from_pandas=True)
    return pa.table(table), surfaces


def _hashes(
    features: Features, rows: list[str], wkb: NDArray[np.object_], surfaces: NDArray[np.object_] | None
) -> NDArray[np.int64]:
    """Return a number (n,) per row that changes when anything a reader of the twin can see of it changes."""
    n = len(features)
    head = f"{features.kind}\0{features.vertical}\0".encode()
    parents = features.parents or [None] * n
    kinds = features.surface_kinds or [""] * n
    solids = [None] * n if surfaces is None else surfaces
    digests = []
    for row, shape, parent, letters, solid in zip(rows, wkb, parents, kinds, solids, strict=True):
        digest = blake2b(head, digest_size=8)
        digest.update(f"{row}\0{parent}\0{letters}\0".encode(errors="surrogatepass"))
        digest.update(shape or b"")
        digest.update(solid or b"")
        digests.append(digest.digest())
    return np.frombuffer(b"".join(digests), "<i8")


def _add_surfaces(
    tx: Transaction, features: Features, positions: NDArray[np.int64], surfaces: NDArray[np.object_], numbers: range
) -> None:
    import pyarrow as pa

    kinds = features.surface_kinds
    rows = [
        (number, wkb, None if kinds is None else kinds[position])
        for number, position, wkb in zip(numbers, positions, surfaces, strict=True)
        if wkb is not None
    ]
    if rows:
        seq, wkb, letters = zip(*rows, strict=True)
        tx.cursor.register("batch", pa.table({"seq": seq, "wkb": wkb, "kinds": pa.array(letters, pa.string())}))
        tx.cursor.execute("INSERT INTO surface SELECT seq, wkb, kinds FROM batch")
        tx.cursor.unregister("batch")


def _text(value: object) -> str | None:
    """Return a value as the name column holds it; the exact value stands in the attributes."""
    return pack(value) if isinstance(value, str) else None


def _numbers(features: Features, name: str) -> NDArray[np.float64]:
    """Return an attribute as (n,) float64 with NaN for what a column of numbers cannot hold."""
    values = features.numbers(name) if name in features.attributes else np.full(len(features), math.nan)
    return np.where(np.isfinite(values), values, math.nan)
