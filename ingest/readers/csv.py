"""Tables as text: CSV and its relatives, by declaration (`declaration.py`) or by what their header tells.

A record is a row of data. Every row is stored, or quarantined with its line, its reason and its text; a bad cell in
a row with other good readings is quarantined as a part. Nothing is sniffed by a library that drops what it does not
understand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.formats import kinds
from ingest.formats.tables import declaration, infer, rows
from ingest.formats.tables import encoding as _encoding
from ingest.formats.tables import header as _header
from ingest.formats.tables.declaration import Declaration
from ingest.formats.tables.points import Points
from ingest.formats.tables.series import Series
from twin.model.finding import Counted, Finding

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.reading import Item, ReadOptions


class Csv:
    """Reads series, points and tables from delimited text."""

    name = "csv"
    suffixes = (".csv", ".tsv", ".txt")

    def sniff(self, head: bytes, path: Path) -> bool:
        """Return whether this is delimited text: by its suffix, and for .txt by a delimiter in its first line."""
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return path.suffix.lower() in self.suffixes
        if head.lstrip()[:1] in (b"<", b"{", b"[") or head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
            return False
        if path.suffix.lower() in (".csv", ".tsv"):
            return True
        first = head.split(b"\n", 1)[0]
        return path.suffix.lower() == ".txt" and any(d.encode() in first for d in rows.DELIMITERS)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield observations (series) or features (points, table), as declared or recognised.

        Raises InputError (empty, no header, two columns of one name, not decodable), MissingError (readings whose
        units, quantities or zone nobody has stated: it prints a declaration to fill in), UnitsError.
        """
        declared = _declared(path, options)
        encoding = _encoding.detect(path, (declared and declared.encoding) or options.encoding)
        yield encoding.finding
        header = _header.understand(path, encoding.name, declared)
        yield from header.findings
        if declared is None:
            declared, findings = infer.infer(path.name, header, options)
            yield from findings
        count = 0
        if declared.content == "series":
            series = Series(path.name, header, declared, (declared.time and declared.time.zone) or options.zone)
            yield from series.findings()
        else:
            kind, findings = _kind(path, declared, options)
            yield from findings
            points = Points(path.name, header, declared, kind, options.layer or declared.layer)
        form = rows.Form(encoding.name, header.delimiter, len(header.names), header.secret)
        for block in rows.blocks(path, form, header.skip):
            count += len(block.lines) + len(block.bad)
            yield from block.bad
            if declared.content == "series":
                observations, bad = series.read(block)
                yield from bad
                if observations is not None:
                    yield observations
            else:
                yield from points.read(block)
        if declared.content != "series":
            yield from points.findings()
        if not count:
            yield Finding("warning", "no-rows", f"{path.name}: a header and no row of data")
        yield Counted(count, "rows")


def _declared(path: Path, options: ReadOptions) -> Declaration | None:
    """Return the declaration that was named, or that lies beside the file; None when there is none."""
    if options.declaration is not None:
        return declaration.read(options.declaration)
    beside = path.with_name(f"{path.name}.toml")
    return declaration.read(beside) if beside.is_file() else None


def _kind(path: Path, declared: Declaration, options: ReadOptions) -> tuple[str, list[Finding]]:
    """Return the kind of the rows: as said by the person or the declaration, else as layer or file are named."""
    if said := options.kind or declared.kind:
        return said, []
    names = [name for name in (options.layer, declared.layer, path.name.partition(".")[0]) if name]
    guessed = kinds.guess(names) if declared.content == "points" else None
    if guessed is None or not kinds.fits(guessed, "Point"):
        return "feature", [Finding("info", "kind", f"{path.name}: nothing says of what kind the rows are; say --kind")]
    return guessed, [Finding("info", "kind", f"{path.name}: rows taken as {guessed}, by the name")]


reader = Csv()
