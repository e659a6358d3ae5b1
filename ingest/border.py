"""The border of a city: from a file's system, units and names to the city's, once, with everything odd said.

A reader states what the file says; here it is converted, checked and either let in or quarantined with its reason
and its text. Nothing behind this border converts again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ingest.formats.columns import RANGES
from ingest.heights import Heights
from ingest.place import FAR_SENSOR, Places, home
from ingest.plausible import impossible, no_reading
from twin.errors import InputError, MissingError, TwinError, UnitsError, suggest
from twin.geometry import crs as systems
from twin.geometry.validity import repair
from twin.geometry.warp import tin_to_field, to_field
from twin.model.field import Field, Tin
from twin.model.finding import Finding, Quarantined
from twin.names import KINDS, QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin.model.feature import Features
    from twin.model.field import Raster
    from twin.model.mesh import Model
    from twin.model.observation import Observations, Thing
    from twin.store.city import City

#: characters of a quarantined record's text that are kept
RAW = 10_000

#: m; ground elevations outside are not of this planet's land
GROUND = RANGES["ground"]


#: id, place and system of a thing
_Spot = tuple[str, tuple[float, float] | None, str | None]


class Border:
    """Where the records of one file pass; `quarantined` and `findings` fill up meanwhile, `close` judges the file."""

    def __init__(self, file: str, city: City) -> None:
        self.file, self.city = file, city
        self.places = Places(file, city.crs, home(city))
        self.heights = Heights(file, city)
        self.quarantined: list[Quarantined] = []
        self.findings: list[Finding] = []
        self._seen: dict[str, dict[str, int]] = {}
        self._things: dict[_Spot, _Spot] = {}
        self._systems: dict[str, str] = {}

    def close(self) -> None:
        """Judge the file as a whole. Raises InputError (not of this city) and UnitsError (heights of another datum)."""
        self.places.judge()
        self.heights.judge()
        self.findings += self.heights.findings

    def features(self, batch: Features) -> Features:
        """Return the rows that come in, in the city's system, valid, in metres; the others are quarantined.

        Raises MissingError (no coordinate system), UnitsError (datum shift or height datum) and InputError (kind).
        """
        if batch.kind not in KINDS:
            raise InputError(f"{self.file}: kind '{batch.kind}' is not known; {suggest(batch.kind, KINDS)}")
        raw = _Raw(batch)
        bad = self._ids(batch)
        x, y = np.full(len(batch), np.nan), np.full(len(batch), np.nan)
        geometry, surfaces = batch.geometry, batch.surfaces
        if any(shape is not None for shape in geometry) or surfaces is not None:
            system = self._system(batch.crs)
            own = _middles(geometry)
            with np.errstate(invalid="ignore"):
                geometry = systems.convert(geometry, system, self.city.crs)
                moved = _middles(geometry)
            x, y = moved[:, 0], moved[:, 1]
            bad = self.places.check(own, system, x, y, group=batch.layer or batch.kind) | bad
            geometry = geometry.copy()
            geometry[list(bad)] = None
            checked = repair(geometry, KINDS[batch.kind].shape)
            geometry, bad = checked.geometry, checked.refused | bad
            for row, what in checked.repaired.items():
                text = f"repaired: {what}"
                self.quarantined.append(raw.record(row, text, part=True))
                self.findings.append(Finding("warning", "repaired", f"{self.file}: {text}", str(batch.ids[row])))
            surfaces = self._surfaces(surfaces, system, batch, raw)
        attributes = self._attributes(batch, raw, bad)
        vertical = batch.vertical or systems.vertical_of(batch.crs)
        batch = replace(
            batch, geometry=geometry, surfaces=surfaces, attributes=attributes, crs=self.city.crs, vertical=vertical
        )
        batch = self._level(batch, x, y)
        if bad:
            self.quarantined += [raw.record(row, reason) for row, reason in sorted(bad.items())]
            keep = np.ones(len(batch), dtype=bool)
            keep[list(bad)] = False
            batch = batch.take(keep)
        return batch

    def _system(self, crs: str | None) -> str:
        """Return the part of a system that places things in plan, once it is sure that the city's can be reached."""
        if crs is None:
            raise MissingError(
                f"{self.file}: states no coordinate system; give the one it is in with --crs, for example"
                f" --crs {systems.label(self.city.crs)} if it is the city's"
            )
        if crs not in self._systems:
            try:
                plan = systems.horizontal(crs).to_wkt() if systems.vertical_of(crs) else crs
                systems.convert_xy([], [], plan, self.city.crs)
            except TwinError as error:
                raise type(error)(f"{self.file}: {error}") from error
            self._systems[crs] = plan
        return self._systems[crs]

    def _ids(self, batch: Features) -> dict[int, str]:
        """Return row -> reason for ids that cannot be keys, or that the file has used in this layer before."""
        seen = self._seen.setdefault(batch.layer or batch.kind, {})
        bad = {}
        for row, (id_, line) in enumerate(zip(batch.ids, batch.lines.tolist(), strict=True)):
            if id_ in seen:
                bad[row] = f"id {id_!r} stands on line {seen[id_]} already"
            elif not id_ or "\0" in id_ or not (id_.isascii() or _is_text(id_)):
                bad[row] = f"id {id_!r} cannot be a key"
            else:
                seen[id_] = line
        return bad

    def _surfaces(
        self, surfaces: NDArray[np.object_] | None, system: str, batch: Features, raw: _Raw
    ) -> NDArray[np.object_] | None:
        """Return the surfaces in the city's system, heights in metres; None where a coordinate is no number."""
        if surfaces is None:
            return None
        import shapely

        with np.errstate(invalid="ignore"):
            out = systems.convert(surfaces, system, self.city.crs)
        place, owner = shapely.get_coordinates(out, include_z=True, return_index=True)
        for row in np.unique(owner[~np.isfinite(place).all(axis=1)]).tolist():
            out[row] = None
            self.quarantined.append(raw.record(row, "a coordinate of its surfaces is not a finite number", part=True))
        factor = systems.metres_per_unit(batch.vertical or systems.vertical_of(batch.crs))
        if factor != 1.0:
            out = shapely.transform(out, lambda p: p * [1.0, 1.0, factor], include_z=True)
        return out

    def _attributes(self, batch: Features, raw: _Raw, bad: dict[int, str]) -> dict[str, Sequence[object]]:
        """Return the attributes without infinite numbers and without values that cannot be what their name says."""
        out: dict[str, Sequence[object]] = {}
        for name, column in batch.attributes.items():
            wrong = impossible(name, column)
            out[name] = [None if row in wrong else value for row, value in enumerate(column)] if wrong else column
            self.quarantined += [raw.record(row, why, part=True) for row, why in wrong.items() if row not in bad]
        return out

    def _level(self, batch: Features, x: NDArray[np.float64], y: NDArray[np.float64]) -> Features:
        """State the batch's height datum, bring its levels to metres, and compare buildings with the terrain."""
        names = [name for name in ("ground", "level") if any(v is not None for v in batch.column(name))]
        surfaces = batch.surfaces is not None and any(s is not None for s in batch.surfaces)
        if not names and not surfaces:
            return replace(batch, vertical=None)
        datum = self.heights.state(batch.vertical)
        factor = systems.metres_per_unit(datum)
        attributes = dict(batch.attributes)
        if factor != 1.0:
            for name in names:
                attributes[name] = [v * factor if isinstance(v, int | float) else None for v in attributes[name]]
        batch = replace(batch, attributes=attributes, vertical=datum)
        if batch.kind == "building" and "ground" in names:
            self.heights.buildings(x, y, batch.numbers("ground"))
        return batch

    def raster(self, found: Raster | Tin) -> Field:
        """Return a raster or triangulated surface on a grid of the city, heights in metres.

        Raises MissingError (no coordinate system), UnitsError (datum) and InputError (no value, impossible heights).
        """
        if found.quantity not in QUANTITIES:
            raise InputError(
                f"{self.file}: quantity '{found.quantity}' is not known; {suggest(found.quantity, QUANTITIES)}"
            )
        system = self._system(found.crs)
        vertical = found.vertical or systems.vertical_of(found.crs)
        found = replace(found, crs=system)
        if isinstance(found, Tin):
            field = tin_to_field(found, self.city.crs)
            own = np.median(found.vertices[:, :2], axis=0)
        else:
            field = to_field(found, self.city.crs)
            rows, columns = found.values.shape
            a, b, c, d, e, f = found.transform
            own = np.array([a * columns / 2 + b * rows / 2 + c, d * columns / 2 + e * rows / 2 + f])
        self.places.box((float(own[0]), float(own[1])), system, field.grid.bounds)
        known = np.isfinite(field.values)
        if not known.any():
            raise InputError(f"{self.file}: the raster of '{found.quantity}' holds no value, only gaps")
        if found.quantity != "elevation":
            return replace(field, vertical=None)
        datum = self.heights.state(vertical)
        factor = systems.metres_per_unit(datum)
        values = field.values * np.asarray(factor, field.values.dtype) if factor != 1.0 else field.values
        field = Field(field.quantity, values, field.grid, datum)
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        if low < GROUND[0] or high > GROUND[1]:
            raise InputError(
                f"{self.file}: elevations from {low:.6g} to {high:.6g} m cannot be ground; state which value means"
                " 'no data' in the file, and its unit"
            )
        self.heights.terrain(field)
        return field

    def model(self, model: Model) -> Model:
        """Return a model with its origin in the city's system, in metres."""
        system = self._system(model.crs)
        x, y = systems.convert_xy([model.origin[0]], [model.origin[1]], system, self.city.crs)
        bad = self.places.check(np.array([model.origin[:2]], dtype=float), system, x, y, group=None)
        if bad:
            raise InputError(f"{self.file}: model '{model.id}': {bad[0]}")
        datum = self.heights.state(model.vertical or systems.vertical_of(model.crs))
        z = model.origin[2] * systems.metres_per_unit(datum)
        return replace(model, origin=(float(x[0]), float(y[0]), z), crs=self.city.crs, vertical=datum)

    def observations(self, batch: Observations) -> Observations:
        """Return readings of known units from things in the city's system; what is no reading is quarantined.

        Raises MissingError (a place without a coordinate system) and UnitsError (a quantity in another unit).
        """
        for stream in batch.datastreams:
            known = QUANTITIES.get(stream.property)
            if known is not None and stream.unit != known.unit:
                raise UnitsError(
                    f"{self.file}: datastream '{stream.id}' gives {stream.property} in {stream.unit!r}; it must be"
                    f" in {known.unit!r}"
                )
        batch = replace(batch, things=[self._thing(thing) for thing in batch.things])
        reasons = no_reading(batch)
        if not reasons:
            return batch
        for row, reason in reasons.items():
            stream = batch.datastreams[int(batch.stream[row])]
            text = f"{stream.id} {batch.time[row]} {batch.value[row]}"
            self.quarantined.append(Quarantined(int(batch.lines[row]), reason, text, stream.id, part=True))
        good = np.ones(len(batch), dtype=bool)
        good[list(reasons)] = False
        return replace(
            batch, stream=batch.stream[good], time=batch.time[good], value=batch.value[good], lines=batch.lines[good]
        )

    def _thing(self, thing: Thing) -> Thing:
        """Return a thing in the city's system, without its place when that cannot be."""
        key = (thing.id, thing.location, thing.crs)
        if key not in self._things:
            self._things[key] = self._moved(thing)
        _, location, crs = self._things[key]
        return replace(thing, location=location, crs=crs)

    def _moved(self, thing: Thing) -> _Spot:
        if thing.location is None:
            return thing.id, None, None
        system = self._system(thing.crs)
        x, y = systems.convert_xy([thing.location[0]], [thing.location[1]], system, self.city.crs)
        own = np.array([thing.location], dtype=float)
        bad = self.places.check(own, system, x, y, group=None, far=FAR_SENSOR)
        if bad:
            text = f"{self.file}: thing '{thing.id}' {bad[0]}; kept without a place"
            self.findings.append(Finding("warning", "no-place", text, thing.id))
            return thing.id, None, None
        return thing.id, (float(x[0]), float(y[0])), self.city.crs


class _Raw:
    """The rows of a batch as a person can mend them: JSON with the geometry as WKT, in the file's own system."""

    def __init__(self, batch: Features) -> None:
        self.batch = batch

    def record(self, row: int, reason: str, *, part: bool = False) -> Quarantined:
        """Return a row as a quarantined record."""
        batch = self.batch
        values = {name: column[row] for name, column in batch.attributes.items() if column[row] is not None}
        document = {"id": batch.ids[row], "kind": batch.kind, "geometry": self._shape(row), "attributes": values}
        text = json.dumps(document, ensure_ascii=False, default=str)
        return Quarantined(int(batch.lines[row]), reason, text[:RAW], batch.ids[row], part)

    def _shape(self, row: int) -> str | None:
        import shapely

        shape = self.batch.geometry[row]
        return None if shape is None else str(shapely.to_wkt(shape, rounding_precision=9))


def _middles(geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return (n, 2) the middle of each shape's box, NaN where there is no shape."""
    import shapely

    bounds = shapely.bounds(geometry).reshape(-1, 4)
    return np.column_stack([(bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2])


def _is_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
