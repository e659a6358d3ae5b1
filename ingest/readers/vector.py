"""Vector files: Shapefile, GeoPackage, SpatiaLite, GeoJSON, FlatGeobuf and what else pyogrio reads without a network.

Every layer of a file is read. Texts of a shapefile are decoded here, byte for byte, because neither the coding nor
the machine's iconv can be relied on.
"""

from __future__ import annotations

import mmap
import re
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.formats.kinds import settle_kind
from ingest.formats.systems import Systems, is_geographic, settle
from ingest.formats.vector.dbf import beside, coding, decode
from ingest.formats.vector.table import Table, identity
from ingest.reading import BATCH, ReadOptions
from twin.errors import InputError
from twin.model.finding import Counted, Finding

if TYPE_CHECKING:
    from ingest.reading import Item

#: drivers of GDAL that read nothing but the file they are given (VRT, GML with its schemas and services are not here)
DRIVERS = {
    "ESRI Shapefile", "GPKG", "SQLite", "GeoJSON", "GeoJSONSeq", "TopoJSON", "FlatGeobuf", "MapInfo File", "KML",
    "LIBKML",
}  # fmt: skip
DATABASES = (".gpkg", ".sqlite", ".sqlite3", ".db")
TEXTS = (".geojson", ".json", ".geojsonl", ".geojsons", ".topojson")

_GEOJSON = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature|Topology)"')
_OTHERS = re.compile(rb'"(CityJSON|CityJSONFeature)"')
_CRS = re.compile(rb'"crs"\s*:\s*\{')


class Vector:
    """Reads vector layers through pyogrio and Arrow."""

    name = "vector"
    suffixes = (".shp", *DATABASES, *TEXTS, ".fgb", ".tab", ".mif", ".kml")

    def sniff(self, head: bytes, path: Path) -> bool:
        """Return whether the file is of one of the vector formats, by its first bytes."""
        suffix = path.suffix.lower()
        if head.startswith(b"SQLite format 3\0"):
            return suffix in DATABASES
        if head.startswith(b"\x00\x00\x27\x0a"):
            return suffix == ".shp"
        if head.startswith(b"fgb\x03fgb"):
            return True
        if suffix == ".kml":
            return b"<kml" in head
        if suffix in {".tab", ".mif"}:
            return head.lstrip().lower().startswith((b"!table", b"version"))
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return start.startswith(b"{") and not _OTHERS.search(head) and bool(_GEOJSON.search(head))

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield features of all layers in batches, with a finding for everything that was decided."""
        with path.open("rb") as file:
            head = file.read(65_536)
        if not head:
            raise InputError(f"{path.name}: the file is empty")
        if not self.sniff(head, path):
            raise InputError(f"{path.name}: not a vector file (known: {', '.join(self.suffixes)}, by content)")
        if path.suffix.lower() == ".shp":
            _require_whole(path, head)
        if path.suffix.lower() in TEXTS and _altered(path):
            yield Finding(
                "warning",
                "text_altered",
                "texts with a NUL character end there, and half of a character pair becomes U+FFFD: the library that "
                "reads this format takes neither",
                path.name,
            )
        source = _Source(path, options)
        layers = source.layers()
        total = 0
        for layer in layers:
            for item in source.layer(layer, single=len(layers) == 1):
                if isinstance(item, Counted):
                    total += item.lines
                else:
                    yield item
        yield Counted(total, "features")


def _altered(path: Path) -> bool:
    """Return whether a JSON text escapes a NUL or a lone surrogate, which GDAL does not hand on as they are."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return any(
            match[1] == b"0000" or not _pairs(text, match)
            for match in re.finditer(rb"\\u(0000|[dD][89a-fA-F]..)", text)
        )


def _pairs(text: mmap.mmap, match: re.Match[bytes]) -> bool:
    """Return whether a surrogate escape stands in a pair: a high one before a low one."""
    high = match[1][1:2] in b"89abAB"
    other = text[match.end() : match.end() + 4] if high else text[max(0, match.start() - 6) : match.start() - 2]
    return bool(re.fullmatch(rb"\\u[dD][c-fC-F]" if high else rb"\\u[dD][89abAB]", other))


def _require_whole(path: Path, head: bytes) -> None:
    """Refuse a shapefile that lacks a companion or its end; GDAL would read the lost shapes as having no place."""
    if beside(path, ".shx") is None:
        raise InputError(f"{path.name}: the .shx beside it is missing; a shapefile is .shp, .shx and .dbf together")
    announced, held = 2 * int.from_bytes(head[24:28], "big"), path.stat().st_size
    if held < announced:
        raise InputError(f"{path.name}: announces {announced:,} bytes but holds {held:,}: it is cut off")


class _Source:
    """One open file: its layers, its coding, its coordinate system."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.path, self.options = path, options
        self.shapefile = path.suffix.lower() == ".shp"
        self.coding = coding(path, options.encoding) if self.shapefile else None
        self.extra: dict[str, Any] = {"encoding": "ISO-8859-1"} if self.shapefile else {}
        self.known: dict[str | None, dict[str, Any]] = {}
        self.said: list[Finding] = []
        if self.coding and self.coding.finding:
            self.said.append(self.coding.finding)

    def layers(self) -> list[str]:
        """Return the names of the layers. Raises InputError when the file cannot be read as what it looks like."""
        import pyogrio

        if self.shapefile or self.path.suffix.lower() in {".geojson", ".fgb"}:
            info = self._info(None)  # one layer, and every look costs a pass through the file
            return [str(info["layer_name"])]
        return [str(name) for name, _ in self._try(partial(pyogrio.list_layers, self.path))]

    def _info(self, layer: str | None) -> dict[str, Any]:
        """Return what GDAL tells of a layer, of the only one where none is named."""
        import pyogrio

        known = self.known.get(layer)
        if known is None:
            look = partial(pyogrio.read_info, self.path, layer=layer, force_feature_count=True, **self.extra)
            known = self._try(look)
            self.known[known["layer_name"]] = known
        return known

    def _try(self, call: Any) -> Any:
        """Return what a call into GDAL returns; its warnings become findings, its errors ours."""
        from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                return call()
            except (
                DataSourceError,
                DataLayerError,
                FieldError,
                GeometryError,
                RuntimeError,
                ValueError,
                OSError,
                LookupError,
            ) as error:
                what = " ".join(str(error).replace(str(self.path), self.path.name).split())
                raise InputError(f"{self.path.name}: cannot be read: {what[:300]}") from error
            finally:
                for warning in caught:
                    text = str(warning.message).replace(str(self.path), self.path.name)
                    self.said.append(Finding("warning", "driver", f"{self.path.name}: {text[:300]}"))

    def _text(self, text: str) -> str:
        """Return what a text of the table says; the driver has handed over its bytes as Latin-1."""
        assert self.coding is not None
        if text.isascii():
            return text
        found = decode(text.encode("latin-1"), self.coding.name)
        if found is None:
            raise InputError(f"{self.path.name}: text {text[:40]!r} is not {self.coding.name}; state the encoding")
        return found

    def layer(self, name: str, *, single: bool) -> Iterator[Item]:
        """Yield the features of one layer, findings, and a Counted of this layer."""
        from pyogrio import raw

        info = self._info(name)
        if info["driver"] not in DRIVERS:
            raise InputError(
                f"{self.path.name}: format {info['driver']} is not read (known: {', '.join(sorted(DRIVERS))})"
            )
        shown = self.path.name if single else f"{self.path.name} layer {name}"
        systems = self._systems(info, shown)
        self.said += systems.findings
        kind, finding = settle_kind((name, self.path.stem), (str(info["geometry_type"]),), self.options, shown)
        if finding:
            self.said.append(finding)

        fields = {self._text(str(f)) if self.shapefile else str(f): str(f) for f in info["fields"]}

        def column(shown_as: str) -> list[object]:
            field = fields[shown_as]
            found = self._try(
                partial(raw.read_arrow, self.path, layer=name, columns=[field], read_geometry=False, **self.extra)
            )[1]
            values: list[object] = found.column(field).to_pylist()
            return values

        ids = identity(list(fields), column, self.path.stem, name)
        table = Table(
            where=shown,
            kind=kind,
            layer=self._layer(name, kind, single=single),
            crs=systems.crs,
            vertical=systems.vertical,
            ids=ids,
            geographic=is_geographic(systems.crs),
            decode=self._text if self.shapefile else None,
        )
        yield from self._said()
        yield from self._batches(name, table)
        if info["features"] >= 0 and table.records != info["features"]:
            raise InputError(
                f"{shown}: announces {info['features']} records but holds {table.records}: it is damaged or cut off"
            )
        yield from table.findings()
        yield from self._said()
        yield Counted(table.records, "features")

    def _said(self) -> Iterator[Finding]:
        said, self.said = self.said, []
        yield from said

    def _batches(self, name: str, table: Table) -> Iterator[Item]:
        from pyogrio import raw

        stream: Any = raw.open_arrow(
            self.path, layer=name, return_fids=True, batch_size=BATCH, use_pyarrow=True, **self.extra
        )
        meta, batches = self._try(stream.__enter__)
        try:
            names = batches.schema.names
            # drivers that do not name their geometry column have it last, under a name of GDAL's own
            table.geometry = next((c for c in (meta["geometry_name"], "wkb_geometry") if c and c in names), None)
            table.number = meta["fid_column"] if meta["fid_column"] in names else None
            while (batch := self._try(partial(next, batches, None))) is not None:
                yield from table.batch(batch)
        finally:
            stream.__exit__(None, None, None)

    def _systems(self, info: dict[str, Any], shown: str) -> Systems:
        """Return the layer's coordinate system: the file's own word, else the person's."""
        said = str(info["crs"]) if info["crs"] else None
        if info["driver"] != "GeoJSON" or self._names_crs():
            return settle(said, self.options, shown)
        if self.options.crs and self._beyond_degrees(str(info["layer_name"])):
            message = f"{shown}: GeoJSON that is not in degrees, as it should be"
            self.said.append(Finding("warning", "crs", message))
            return settle(None, self.options, shown)
        message = f"{shown}: names no coordinate system; GeoJSON without one is longitude and latitude (RFC 7946)"
        self.said.append(Finding("info", "crs", message))
        return settle(said, self.options, shown)

    def _names_crs(self) -> bool:
        with self.path.open("rb") as file:
            head = file.read(65_536)
            file.seek(max(0, self.path.stat().st_size - 65_536))
            return bool(_CRS.search(head) or _CRS.search(file.read()))

    def _beyond_degrees(self, layer: str) -> bool:
        import pyogrio

        info = self._try(partial(pyogrio.read_info, self.path, layer=layer, force_total_bounds=True))
        bounds = info["total_bounds"]
        return bounds is not None and (max(map(abs, bounds[::2])) > 180 or max(map(abs, bounds[1::2])) > 90)

    def _layer(self, name: str, kind: str, *, single: bool) -> str | None:
        """Return the layer of the city: the person's word; the kind's own for a file's one layer; else its name."""
        if single:
            return self.options.layer or (name if kind == "feature" else None)
        return f"{self.options.layer}.{name}" if self.options.layer else name


reader = Vector()
