"""What every reader's test asks: the content of a file by kind, and whether its books are balanced."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ingest.reading import Reader, ReadOptions
from twin.model.feature import Features
from twin.model.field import Raster, Tin
from twin.model.finding import Counted, Finding, Quarantined
from twin.model.mesh import Model
from twin.model.observation import Observations


@dataclass
class Content:
    """All that a reader gave for one file."""

    features: list[Features] = field(default_factory=list)
    observations: list[Observations] = field(default_factory=list)
    models: list[Model] = field(default_factory=list)
    rasters: list[Raster] = field(default_factory=list)
    tins: list[Tin] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return self.counted[0].lines

    @property
    def bad(self) -> list[Quarantined]:
        return [q for q in self.quarantined if not q.part]

    @property
    def codes(self) -> set[str]:
        return {f.code for f in self.findings}

    def count(self, kind: str) -> int:
        return sum(len(batch) for batch in self.features if batch.kind == kind)

    def column(self, kind: str, name: str) -> list[object]:
        return [value for batch in self.features if batch.kind == kind for value in batch.column(name)]

    def row(self, feature_id: str) -> dict[str, object]:
        """Return one feature's attributes, with its kind, geometry and parent."""
        for batch in self.features:
            if feature_id in batch.ids:
                i = list(batch.ids).index(feature_id)
                own = {name: column[i] for name, column in batch.attributes.items()}
                parent = batch.parents[i] if batch.parents is not None else None
                return own | {"kind": batch.kind, "geometry": batch.geometry[i], "parent": parent}
        raise KeyError(feature_id)

    def series(self, datastream: str) -> list[tuple[str, float]]:
        """Return the readings of one datastream as (ISO time, value)."""
        out = []
        for batch in self.observations:
            for k, stream in enumerate(batch.datastreams):
                if stream.id == datastream:
                    mine = batch.stream == k
                    out += zip(
                        batch.time[mine].astype("datetime64[s]").astype(str).tolist(),
                        batch.value[mine].tolist(),
                        strict=True,
                    )
        return out


def read(reader: Reader, path: Path, **options: object) -> Content:
    """Return the content of a file; asserts that lines = stored + quarantined, as the loader will."""
    out = Content()
    into = {
        Features: out.features,
        Observations: out.observations,
        Model: out.models,
        Finding: out.findings,
        Quarantined: out.quarantined,
        Counted: out.counted,
        Raster: out.rasters,
        Tin: out.tins,
    }
    for item in reader.read(path, ReadOptions(**options)):
        assert not out.counted, "Counted comes last"
        into[type(item)].append(item)
    assert len(out.counted) == 1
    stored = sum(len(batch) for batch in out.features)
    stored += len({line for batch in out.observations for line in batch.lines.tolist()})
    stored += len(out.rasters) + len({tin.line for tin in out.tins})
    assert out.lines == stored + len(out.bad)
    return out
