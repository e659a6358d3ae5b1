"""The child process that reads an IFC file: the only place where the BIM library runs.

    python -m ingest.formats.bim.child IN.ifc OUT_FOLDER GEOMETRY_LIBRARY CPU_SECONDS BYTES

Writes facts.json (what the file says) and meshes.npz (bodies in metres). It limits its own time and memory, so that a
file that makes the library loop, crash or swell ends this process and not the one that asked.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

import numpy as np

#: products that are no bodies of a building
_NO_BODY = ("IfcOpeningElement", "IfcAnnotation", "IfcGrid", "IfcVirtualElement", "IfcSpatialZone", "IfcAlignment")
#: but the holes in what separates rooms are, where no door or window fills them
_SEPARATES = ("IfcWall", "IfcCurtainWall", "IfcPlate")
_TREE = ("IfcBuilding", "IfcBuildingStorey", "IfcSpace", "IfcDoor", "IfcWindow")


def main(arguments: list[str]) -> int:
    """Read the file; return 0, or 3 when the library refuses it (the reason is on stderr)."""
    source, folder, library, seconds, limit = arguments
    processor = max(1, int(float(seconds)))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 5))
    resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import ifcopenshell

    try:
        model = ifcopenshell.open(source)
    except (ifcopenshell.Error, RuntimeError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    facts = _facts(model)
    out = Path(folder)
    facts["bodies"], facts["failed"] = _meshes(model, library, out / "meshes.npz")
    (out / "facts.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    return 0


def _facts(model: Any) -> dict[str, Any]:
    """Return everything but shapes, as plain data."""
    import ifcopenshell.util.unit

    projects = model.by_type("IfcProject")
    return {
        "schema": model.schema_identifier,
        "unit": ifcopenshell.util.unit.calculate_unit_scale(model) if projects else 1.0,
        "project": (projects[0].Name or projects[0].LongName) if projects else None,
        "projects": len(projects),
        "cycle": _cycle(model),
        "georeference": _georeference(model),
        "things": [_thing(one) for kind in _TREE for one in sorted(model.by_type(kind), key=lambda e: e.id())],
        "boundaries": _boundaries(model),
        "products": len(model.by_type("IfcProduct")),
    }


def _cycle(model: Any) -> str:
    """Return the id of a thing that is a part of itself, "" when there is none."""
    whole: dict[int, int] = {}
    for relation in model.by_type("IfcRelAggregates"):
        if relation.RelatingObject:
            whole |= {part.id(): relation.RelatingObject.id() for part in relation.RelatedObjects or ()}
    for start in whole:
        seen, at = {start}, whole[start]
        while at in whole and at not in seen:
            seen.add(at)
            at = whole[at]
        if at in seen:
            return f"#{at}"
    return ""


def _parent(thing: Any) -> Any:
    """Return what a thing is a part of, lies in, or fills the opening of."""
    for relation in getattr(thing, "Decomposes", None) or ():
        if relation.is_a("IfcRelAggregates") or relation.is_a("IfcRelNests"):
            return relation.RelatingObject
    for relation in getattr(thing, "ContainedInStructure", None) or ():
        return relation.RelatingStructure
    for relation in getattr(thing, "FillsVoids", None) or ():
        for void in relation.RelatingOpeningElement.VoidsElements or ():
            return _parent(void.RelatingBuildingElement)
    return None


def _above(thing: Any, kind: str) -> str | None:
    """Return the GlobalId of the nearest thing of `kind` that holds this one."""
    for _ in range(50):
        thing = _parent(thing)
        if thing is None:
            return None
        if thing.is_a(kind):
            return str(thing.GlobalId)
    return None


def _thing(one: Any) -> dict[str, Any]:
    """Return what a building, storey, room, door or window says of itself; lengths in the file's unit."""
    import ifcopenshell.util.element
    import ifcopenshell.util.placement

    sets: dict[str, dict[str, Any]] = ifcopenshell.util.element.get_psets(one)
    flat = {
        key: value for values in sets.values() for key, value in values.items() if isinstance(value, str | int | float)
    }
    out = {
        "id": one.GlobalId, "step": one.id(), "class": one.is_a(), "name": one.Name, "type": one.ObjectType,
        "long_name": getattr(one, "LongName", None), "building": _above(one, "IfcBuilding"),
        "storey": _above(one, "IfcBuildingStorey"), "space": _above(one, "IfcSpace"),
        "has_shape": bool(one.Representation),
        "fire_rating": flat.get("FireRating"), "is_external": flat.get("IsExternal"), "materials": _materials(one),
    }  # fmt: skip
    if one.is_a("IfcBuildingStorey") and one.ObjectPlacement:
        out["z"] = float(ifcopenshell.util.placement.get_local_placement(one.ObjectPlacement)[2, 3])
    for name in ("Elevation", "OverallWidth", "OverallHeight", "ElevationOfTerrain", "ElevationOfRefHeight"):
        if (value := getattr(one, name, None)) is not None:
            out[name] = float(value)
    for name in (
        "YearOfConstruction",
        "OccupancyType",
        "NumberOfStoreys",
        "NetFloorArea",
        "GrossFloorArea",
        "Height",
        "NetVolume",
    ):
        if name in flat:
            out[name] = flat[name]
    return out


def _materials(one: Any) -> list[str]:
    import ifcopenshell.util.element

    return sorted({m.Name for m in ifcopenshell.util.element.get_materials(one) if getattr(m, "Name", None)})


def _boundaries(model: Any) -> list[tuple[str, str]]:
    """Return pairs of door or window and the room it bounds."""
    pairs = set()
    for relation in model.by_type("IfcRelSpaceBoundary"):
        element, room = relation.RelatedBuildingElement, relation.RelatingSpace
        if (
            element is not None
            and room is not None
            and room.is_a("IfcSpace")
            and (element.is_a("IfcDoor") or element.is_a("IfcWindow"))
        ):
            pairs.add((element.GlobalId, room.GlobalId))
    return sorted(pairs)


def _georeference(model: Any) -> dict[str, Any]:
    """Return all that the file says of where it lies, as it stands there."""
    import ifcopenshell.util.element
    import ifcopenshell.util.placement

    out: dict[str, Any] = {}
    if model.schema != "IFC2X3":
        for operation in model.by_type("IfcCoordinateOperation"):
            info: dict[str, Any] = {k: v for k, v in operation.get_info().items() if isinstance(v, str | int | float)}
            target = operation.TargetCRS
            if operation.is_a("IfcRigidOperation"):
                info |= {k: getattr(operation, k).wrappedValue for k in ("FirstCoordinate", "SecondCoordinate")}
                info["angles"] = operation.FirstCoordinate.is_a("IfcPlaneAngleMeasure")
            info |= {
                "crs": target.Name,
                "vertical": getattr(target, "VerticalDatum", None),
                "map_unit": _unit(getattr(target, "MapUnit", None)),
            }
            out.setdefault("operations", []).append(info)
    holders = [*model.by_type("IfcSite"), *model.by_type("IfcProject")]
    for holder in holders:
        sets = (
            ifcopenshell.util.element.get_psets(holder)
            if not holder.is_a("IfcProject") or model.schema != "IFC2X3"
            else {}
        )
        lowered = {name.lower(): values for name, values in sets.items()}
        if "epset_mapconversion" in lowered and "epset" not in out:
            out["epset"] = lowered["epset_mapconversion"] | {"crs": lowered.get("epset_projectedcrs", {}).get("Name")}
    for site in model.by_type("IfcSite")[:1]:
        if site.RefLatitude and site.RefLongitude:
            out["site"] = {
                "latitude": list(site.RefLatitude),
                "longitude": list(site.RefLongitude),
                "elevation": site.RefElevation,
            }
        if site.ObjectPlacement:
            out["site_origin"] = ifcopenshell.util.placement.get_local_placement(site.ObjectPlacement)[:3, 3].tolist()
    for context in model.by_type("IfcGeometricRepresentationContext", include_subtypes=False):
        if context.ContextType == "Model" and context.TrueNorth is not None:
            out["true_north"] = list(context.TrueNorth.DirectionRatios[:2])
    return out


def _unit(unit: Any) -> float | None:
    """Return how many metres a unit of length is, None when none is given."""
    import ifcopenshell.util.unit

    if unit is None:
        return None
    if unit.is_a("IfcSIUnit"):
        prefixes: Any = ifcopenshell.util.unit  # its functions are untyped
        return float(prefixes.get_prefix_multiplier(unit.Prefix)) if unit.Prefix else 1.0
    if unit.is_a("IfcConversionBasedUnit"):
        factor = unit.ConversionFactor
        return float(factor.ValueComponent.wrappedValue) * (_unit(factor.UnitComponent) or 1.0)
    return None


def _open(product: Any) -> bool:
    """Return whether it is a hole in a wall that nothing fills."""
    if not product.is_a("IfcOpeningElement") or product.HasFillings:
        return False
    walls = [void.RelatingBuildingElement for void in product.VoidsElements or ()]
    return any(wall.is_a(kind) for wall in walls for kind in _SEPARATES)


def _meshes(model: Any, library: str, file: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Write the bodies of all products; return what they are, and the products whose shape could not be made."""
    import ifcopenshell.geom

    maker: Any = ifcopenshell.geom  # its functions are untyped
    settings = maker.settings()
    settings.set("use-world-coords", True)
    wanted = [
        p
        for p in model.by_type("IfcProduct")
        if p.Representation and (_open(p) or not any(p.is_a(kind) for kind in _NO_BODY))
    ]
    bodies: list[dict[str, Any]] = []
    vertices, faces = [np.zeros((0, 3))], [np.zeros((0, 3), dtype=np.int64)]
    met = set()
    if wanted:
        iterator = maker.iterator(settings, model, 1, include=wanted, geometry_library=library)
        going = iterator.initialize()
        while going:
            shape = iterator.get()
            mesh = shape.geometry
            v, f = np.array(mesh.verts).reshape(-1, 3), np.array(mesh.faces, dtype=np.int64).reshape(-1, 3)
            if len(f) and np.isfinite(v).all():
                product = model.by_id(shape.id)
                bodies.append({
                    "id": shape.guid, "class": shape.type, "colour": _colour(mesh.materials),
                    "vertices": len(v), "faces": len(f),
                    "building": _above(product, "IfcBuilding"), "storey": _above(product, "IfcBuildingStorey"),
                })  # fmt: skip
                vertices.append(v)
                faces.append(f)
                met.add(shape.guid)
            going = iterator.next()
    np.savez(file, vertices=np.concatenate(vertices), faces=np.concatenate(faces))
    failed = [
        {"id": p.GlobalId, "step": p.id(), "class": p.is_a(), "name": p.Name} for p in wanted if p.GlobalId not in met
    ]
    return bodies, failed


def _colour(materials: Any) -> list[float] | None:
    """Return red, green, blue, alpha of the first style, None when there is none."""
    for material in materials:
        red, green, blue = material.diffuse.components
        clear = material.transparency
        alpha = 1.0 - clear if clear == clear else 1.0  # noqa: PLR0124  only NaN differs from itself
        if all(0 <= v <= 1 for v in (red, green, blue)):
            return [red, green, blue, min(max(alpha, 0.0), 1.0)]
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
