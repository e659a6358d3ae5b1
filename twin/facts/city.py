"""What a twin holds, as JSON can hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin.store import City


def city_facts(city: City) -> dict[str, Any]:
    """Return what the twin holds: layers, rasters, models, sources, the latest value of each sensor, runs."""
    return {
        "twin": str(city.path),
        "crs": city.crs,
        "vertical": city.vertical,
        "zone": city.zone,
        "snapshot": city.snapshot,
        "layers": [{"name": i.name, "kind": i.kind, "count": i.count} for i in city.features.layers()],
        "rasters": [
            {"name": r.name, "quantity": r.quantity, "cell": r.cell, "bounds": r.bounds} for r in city.rasters.list()
        ],
        "models": [m.id for m in city.models.list()],
        "sources": [
            {"file": s.file, "sha256": s.sha256, "reader": s.reader, "licence": s.licence, "recorded_at": s.recorded_at}
            for s in city.sources.list()
        ],
        "sensors": [
            {
                "datastream": v.datastream,
                "thing": v.thing,
                "property": v.property,
                "unit": v.unit,
                "time": v.time,
                "value": v.value,
            }
            for v in city.sensors.current()
        ],
        "runs": [r.id for r in city.runs.list()],
    }
