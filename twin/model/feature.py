"""Features: things with a place. They travel as batches of columns, because a city has a million of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError

#: letters of `surface_kinds`, one per polygon of a feature's surfaces
SURFACE_LETTERS = {"G": "ground", "R": "roof", "W": "wall", "C": "closure", "F": "floor", "O": "other"}


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """A batch of n features of one kind.

    kind           a name of `names.KINDS`
    ids            n texts, the file's own identifiers; unique within a layer of the city
    geometry       (n,) object: shapely geometry in plan (2-D: footprint, line or point), None where there is none
    crs            the batch's coordinate system ("EPSG:5186", WKT), None when the file states none
    attributes     column name -> n values (None where unknown); names of `names.ATTRIBUTES` where they fit,
                   the file's own column names otherwise
    lines          (n,) int64: where each stands in its file, counted from 1 (line, record or object number)
    layer          the layer the file suggests; None: the kind's own name
    parents        n ids of the feature each is part of, None at the top
    surfaces       (n,) object: shapely MultiPolygon Z of the outer surfaces, None where unknown
    surface_kinds  n texts, one letter of SURFACE_LETTERS per polygon of `surfaces`
    vertical       height datum of `ground`, `level` and surfaces: an EPSG code ("EPSG:5193"), "ellipsoidal",
                   or None when the file states none
    """

    kind: str
    ids: Sequence[str]
    geometry: NDArray[np.object_]
    crs: str | None
    attributes: Mapping[str, Sequence[object]]
    lines: NDArray[np.int64]
    layer: str | None = None
    parents: Sequence[str | None] | None = None
    surfaces: NDArray[np.object_] | None = None
    surface_kinds: Sequence[str] | None = None
    vertical: str | None = None

    def __post_init__(self) -> None:
        n = len(self.ids)
        columns: dict[str, Sequence[object] | NDArray[np.object_] | NDArray[np.int64] | None] = {
            "geometry": self.geometry,
            "lines": self.lines,
            "parents": self.parents,
            "surfaces": self.surfaces,
            "surface_kinds": self.surface_kinds,
            **{f"attribute '{k}'": v for k, v in self.attributes.items()},
        }
        for name, column in columns.items():
            if column is not None and len(column) != n:
                raise InputError(f"features of kind '{self.kind}': {name} has {len(column)} values for {n} ids")

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Features:
        """Return the batch with only these rows (positions, or a mask), in the order given."""
        index = np.flatnonzero(rows) if rows.dtype == bool else rows
        pick = index.tolist()
        return Features(
            kind=self.kind,
            ids=[self.ids[i] for i in pick],
            geometry=self.geometry[index],
            crs=self.crs,
            attributes={name: [column[i] for i in pick] for name, column in self.attributes.items()},
            lines=self.lines[index],
            layer=self.layer,
            parents=None if self.parents is None else [self.parents[i] for i in pick],
            surfaces=None if self.surfaces is None else self.surfaces[index],
            surface_kinds=None if self.surface_kinds is None else [self.surface_kinds[i] for i in pick],
            vertical=self.vertical,
        )

    def column(self, name: str) -> Sequence[object]:
        """Return the values of an attribute, n times None when the batch does not have it."""
        return self.attributes.get(name) or [None] * len(self)

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return an attribute as (n,) float64, NaN where it is unknown or no number."""
        out = np.full(len(self), np.nan)
        for i, value in enumerate(self.column(name)):
            if isinstance(value, int | float) and not isinstance(value, bool):
                out[i] = value
        return out
