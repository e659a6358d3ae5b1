"""The contract of a reader: what it is given, what it yields, how it is asked. The rooms are in `ingest/readers`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.model.field import Raster, Tin
    from twin.model.finding import Counted, Finding, Quarantined
    from twin.model.mesh import Model
    from twin.model.observation import Observations

    Item = Features | Raster | Tin | Model | Observations | Finding | Quarantined | Counted

#: records in one batch: large enough for columns, small enough for memory
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the person said about a file.

    crs        coordinate system, when the file states none ("EPSG:5186"); a reader passes it on only then
    layer      the layer the file's features go into; of a file with many layers, a reader reads all of them
    kind       kind of feature, when the reader cannot tell
    vertical   height datum, when the file states none
    zone       IANA time zone of times that are written without one
    encoding   character coding, when the file states none
    licence    under which the file may be used, as its publisher words it
    declaration  a TOML file that says which columns hold what
    """

    crs: str | None = None
    layer: str | None = None
    kind: str | None = None
    vertical: str | None = None
    zone: str | None = None
    encoding: str | None = None
    declaration: Path | None = None
    licence: str | None = None


@runtime_checkable
class Reader(Protocol):
    """One format. Two readers may share a suffix; `sniff` decides by the first 64 kB of the unpacked file."""

    name: str
    suffixes: tuple[str, ...]

    def sniff(self, head: bytes, path: Path) -> bool:
        """Return whether this file is of this format. Must not import a heavy library or read more of the file."""
        ...

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield the file's content in batches, in the file's own coordinate system and units, last a `Counted`.

        Raises InputError (not readable as this format), RefusedError (limits), MissingError (something must be
        given by hand), before the first batch where that is possible.
        """
        ...
