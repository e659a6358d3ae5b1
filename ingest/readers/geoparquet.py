"""GeoParquet 1.x through pyarrow: the file is native to the house, and says its coordinate system in full."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.formats.kinds import settle_kind
from ingest.formats.systems import Systems, is_geographic, settle
from ingest.formats.vector.table import Table, identity
from ingest.reading import BATCH, ReadOptions
from twin.errors import InputError, RefusedError
from twin.model.finding import Counted, Finding

if TYPE_CHECKING:
    from ingest.reading import Item

#: uncompressed bytes of one row group, which is held in memory as a whole
MAX_GROUP = 1_500_000_000
CRS84 = "OGC:CRS84"


class GeoParquet:
    """Reads the primary geometry of a GeoParquet file."""

    name = "geoparquet"
    suffixes = (".parquet", ".geoparquet")

    def sniff(self, head: bytes, path: Path) -> bool:  # noqa: ARG002  the contract's argument
        """Return whether the file begins as Parquet does."""
        return head.startswith(b"PAR1")

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield features in batches, then findings and the number of rows."""
        import pyarrow as pa
        from pyarrow import parquet

        with path.open("rb") as file:
            head = file.read(4)
        if not head:
            raise InputError(f"{path.name}: the file is empty")
        if not self.sniff(head, path):
            raise InputError(f"{path.name}: not a Parquet file, though it is called one")
        try:
            with parquet.ParquetFile(path) as file:
                yield from _features(file, path, options)
        except (pa.lib.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path.name}: cannot be read: {' '.join(str(error).split())[:300]}") from error


def _geo(file: Any, path: Path) -> Mapping[str, Any]:
    """Return the file's `geo` metadata. Raises InputError when it has none that can be read."""
    stored = (file.schema_arrow.metadata or {}).get(b"geo")
    if stored is None:
        raise InputError(
            f"{path.name}: has no 'geo' metadata, so neither a geometry nor its system is named; write it as GeoParquet"
        )
    try:
        geo = json.loads(stored)
        column = geo["columns"][geo["primary_column"]]
        version = str(geo["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path.name}: its 'geo' metadata cannot be read: {error!r}") from error
    if not version.startswith("1."):
        raise InputError(f"{path.name}: GeoParquet version {version} is not known (known: 1.0, 1.1)")
    if column.get("encoding") != "WKB":
        raise InputError(f"{path.name}: geometry encoding {column.get('encoding')!r} is not read; write it as WKB")
    if geo["primary_column"] not in file.schema_arrow.names:
        raise InputError(f"{path.name}: its geometry column '{geo['primary_column']}' is not there")
    return dict(geo)


def _systems(column: Mapping[str, Any], path: Path, options: ReadOptions) -> Systems:
    """Return coordinate system and height datum of a geometry column, and what is to be said about them."""
    if "crs" not in column:
        found = settle(CRS84, options, path.name)
        message = f"{path.name}: names no coordinate system; GeoParquet without one is longitude and latitude ({CRS84})"
        return Systems(found.crs, found.vertical, [Finding("info", "crs", message), *found.findings])
    if column["crs"] is None:
        found = settle(None, options, path.name)
        message = f"{path.name}: says that its coordinate system is unknown"
        return Systems(found.crs, found.vertical, [Finding("info", "crs", message), *found.findings])
    return settle(json.dumps(column["crs"]), options, path.name)


def _features(file: Any, path: Path, options: ReadOptions) -> Iterator[Item]:
    geo = _geo(file, path)
    primary = geo["primary_column"]
    column = geo["columns"][primary]
    meta = file.metadata
    largest = max((meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)), default=0)
    if largest > MAX_GROUP:
        raise RefusedError(
            f"{path.name}: a row group of {largest:,} bytes is more than the {MAX_GROUP:,} read at once; write smaller"
        )
    systems = _systems(column, path, options)
    findings = list(systems.findings)
    kind, finding = settle_kind((path.stem,), column.get("geometry_types", ()), options, path.name)
    if finding:
        findings.append(finding)
    boxes = {c.get("covering", {}).get("bbox", {}).get("xmin", [None])[0] for c in geo["columns"].values()}
    names = [n for n in file.schema_arrow.names if n not in boxes]
    ids = identity(
        [n for n in names if n != primary], lambda n: file.read(columns=[n]).column(n).to_pylist(), path.stem, path.stem
    )
    yield from findings
    table = Table(
        where=path.name,
        kind=kind,
        layer=options.layer or (path.stem if kind == "feature" else None),
        crs=systems.crs,
        vertical=systems.vertical,
        ids=ids,
        geographic=is_geographic(systems.crs),
        geometry=primary,
    )
    for batch in file.iter_batches(batch_size=BATCH, columns=names):
        yield from table.batch(batch)
    if table.records != meta.num_rows:
        raise InputError(f"{path.name}: announces {meta.num_rows} rows but holds {table.records}: it is damaged")
    yield from table.findings()
    yield Counted(table.records, "rows")


reader = GeoParquet()
