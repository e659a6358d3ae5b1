"""가온행정복지센터 as IFC4: basement, three storeys, rooms, doors, windows, materials, IfcMapConversion.

Every GUID is derived from the seed and the thing's own name; the header carries a fixed time.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest.gaon import plan, sites, terrain

#: m: outside of the plan, walls, storey height, corridor, height of doors and sills
LENGTH, DEPTH = sites.BIM_SIZE
OUTER, INNER, STOREY, SLAB = 0.3, 0.15, 3.6, 0.25
#: the corridor between the two rows of rooms
SOUTH_ROW, CORRIDOR = 6.9, 2.4
#: m above the ground around it
FIRST_FLOOR = 0.45
STAMP = "2026-08-01T00:00:00"

#: storey: name, elevation, rooms of the south row and of the north row from the west
STOREYS = (
    ("지하1층", -STOREY, ("기계실", "전기실", "문서고", "창고"), ("비상발전기실", "물탱크실", "관리실", "대피실")),
    ("1층", 0.0, ("민원실", "상담실", "현관홀", "작은도서관"), ("동장실", "행정팀", "화장실", "휴게실")),
    ("2층", STOREY, ("복지팀", "맞춤형복지팀", "회의실", "강의실"), ("주민자치실", "정보화교육장", "화장실", "탕비실")),
    ("3층", 2 * STOREY, ("대회의실", "체력단련실", "동아리방", "예비군동대"), ("방송실", "서버실", "화장실", "창고")),
)  # fmt: skip
UNITS = (
    ("LENGTHUNIT", "METRE"), ("AREAUNIT", "SQUARE_METRE"), ("VOLUMEUNIT", "CUBIC_METRE"), ("PLANEANGLEUNIT", "RADIAN"),
)  # fmt: skip
MATERIALS = ("철근콘크리트", "시멘트벽돌", "로이복층유리", "강화유리문", "강철방화문")


@dataclass(slots=True)
class Model:
    """The file being made and the entities that everything else refers to."""

    file: Any
    body: Any = None
    up: Any = None
    materials: dict[str, Any] | None = None

    def make(self, kind: str, **values: Any) -> Any:
        """Return a new entity."""
        return self.file.create_entity(kind, **values)

    def root(self, kind: str, key: str, **values: Any) -> Any:
        """Return a new rooted entity whose GUID comes from `key`."""
        import ifcopenshell.guid

        number = uuid.uuid5(uuid.NAMESPACE_URL, f"gaon/{plan.SEED}/{kind}/{key}")
        return self.make(kind, GlobalId=ifcopenshell.guid.compress(number.hex), **values)

    def point(self, *xyz: float) -> Any:
        """Return a point."""
        return self.make("IfcCartesianPoint", Coordinates=[round(float(v), 4) for v in xyz])

    def place(self, parent: Any, x: float, y: float, z: float) -> Any:
        """Return a placement `x`, `y`, `z` m from its parent's."""
        axes = self.make("IfcAxis2Placement3D", Location=self.point(x, y, z))
        return self.make("IfcLocalPlacement", PlacementRelTo=parent, RelativePlacement=axes)

    def box(self, wide: float, deep: float, high: float) -> Any:
        """Return the shape of a box whose lower corner is the placement."""
        middle = self.make("IfcAxis2Placement2D", Location=self.point(wide / 2, deep / 2))
        profile = self.make(
            "IfcRectangleProfileDef", ProfileType="AREA", Position=middle, XDim=round(wide, 4), YDim=round(deep, 4)
        )
        position = self.make("IfcAxis2Placement3D", Location=self.point(0, 0, 0))
        solid = self.make(
            "IfcExtrudedAreaSolid",
            SweptArea=profile,
            Position=position,
            ExtrudedDirection=self.up,
            Depth=round(high, 4),
        )
        shape = self.make(
            "IfcShapeRepresentation", ContextOfItems=self.body, RepresentationIdentifier="Body",
            RepresentationType="SweptSolid", Items=[solid],
        )  # fmt: skip
        return self.make("IfcProductDefinitionShape", Representations=[shape])

    def properties(self, thing: Any, key: str, name: str, values: dict[str, Any]) -> None:
        """Give `thing` a property set."""
        kinds = {bool: "IfcBoolean", int: "IfcInteger", float: "IfcReal", str: "IfcLabel"}
        single = [
            self.make("IfcPropertySingleValue", Name=k, NominalValue=self.make(kinds[type(v)], wrappedValue=v))
            for k, v in values.items()
        ]
        pset = self.root("IfcPropertySet", f"{key}/{name}", Name=name, HasProperties=single)
        self.root("IfcRelDefinesByProperties", f"{key}/{name}", RelatedObjects=[thing], RelatingPropertyDefinition=pset)


def write(file: Path) -> None:
    """Write the building."""
    import ifcopenshell

    place = next(p for p in sites.places() if p.site.shape == "bim")
    house = place.houses[0]
    model = Model(ifcopenshell.file(schema="IFC4"))
    corner = np.asarray(house.area.exterior.coords[:4])
    turned = math.radians(place.angle)
    along = np.array([math.cos(turned), math.sin(turned)])
    across = np.array([-along[1], along[0]])
    origin = corner[int(np.argmin(corner @ along + corner @ across))]
    level = float(terrain.ground().at(corner[:, 0], corner[:, 1]).mean())
    project = _project(model, place.site.name, origin, level + FIRST_FLOOR, along)
    site = model.root(
        "IfcSite", "site", Name="대지", ObjectPlacement=model.place(None, 0, 0, 0), CompositionType="ELEMENT"
    )
    building = model.root(
        "IfcBuilding", "building", Name=place.site.name, LongName=place.site.name_en, Description=plan.FICTION,
        ObjectPlacement=model.place(site.ObjectPlacement, 0, 0, 0), CompositionType="ELEMENT",
        ElevationOfRefHeight=round(level + FIRST_FLOOR, 2),
    )  # fmt: skip
    model.properties(building, "building", "Pset_BuildingCommon", {
        "OccupancyType": "공공용시설", "NumberOfStoreys": 3, "YearOfConstruction": str(house.year),
        "IsLandmarked": False,
    })  # fmt: skip
    model.properties(building, "building", "가온_건축물대장", {
        "fictional": True, "지상층수": 3, "지하층수": 1, "주구조": "철근콘크리트구조", "건물높이": 3 * STOREY,
        "1층바닥높이": FIRST_FLOOR,
    })  # fmt: skip
    model.root("IfcRelAggregates", "project", RelatingObject=project, RelatedObjects=[site])
    model.root("IfcRelAggregates", "site", RelatingObject=site, RelatedObjects=[building])
    storeys = [_storey(model, building, *row) for row in STOREYS]
    model.root("IfcRelAggregates", "building", RelatingObject=building, RelatedObjects=storeys)
    header = model.file.header
    header.file_name.name = file.name
    header.file_name.time_stamp = STAMP
    header.file_name.author = ["Gaon (fictional)"]
    header.file_name.organization = ["Gaon (fictional)"]
    header.file_name.originating_system = "gaon"
    header.file_name.preprocessor_version = "ifcopenshell"
    header.file_description.description = ["ViewDefinition [ReferenceView_V1.2]", "fictional data"]
    file.write_text(model.file.to_string(), "utf-8")


def _project(model: Model, name: str, origin: Any, level: float, along: Any) -> Any:
    """Return the project with its units, its context and where it lies in EPSG:5186."""
    units = [
        model.make("IfcSIUnit", UnitType=kind, Name=unit)
        for kind, unit in UNITS
    ]  # fmt: skip
    axes = model.make("IfcAxis2Placement3D", Location=model.point(0, 0, 0))
    context = model.make(
        "IfcGeometricRepresentationContext",
        ContextType="Model",
        CoordinateSpaceDimension=3,
        Precision=1e-5,
        WorldCoordinateSystem=axes,
    )
    model.body = model.make(
        "IfcGeometricRepresentationSubContext",
        ContextIdentifier="Body",
        ContextType="Model",
        ParentContext=context,
        TargetView="MODEL_VIEW",
    )
    model.up = model.make("IfcDirection", DirectionRatios=[0.0, 0.0, 1.0])
    model.materials = {m: model.make("IfcMaterial", Name=m) for m in MATERIALS}
    system = model.make(
        "IfcProjectedCRS", Name=plan.CRS, Description="KGD2002 / Central Belt 2010", GeodeticDatum="KGD2002",
        VerticalDatum=plan.VERTICAL, MapUnit=units[0],
    )  # fmt: skip
    model.make(
        "IfcMapConversion", SourceCRS=context, TargetCRS=system, Eastings=round(plan.WEST + float(origin[0]), 3),
        Northings=round(plan.SOUTH + float(origin[1]), 3), OrthogonalHeight=round(level, 3),
        XAxisAbscissa=float(along[0]), XAxisOrdinate=float(along[1]), Scale=1.0,
    )  # fmt: skip
    assignment = model.make("IfcUnitAssignment", Units=units)
    return model.root(
        "IfcProject",
        "project",
        Name=f"{name} (가상 · fictional)",
        RepresentationContexts=[context],
        UnitsInContext=assignment,
    )


def _storey(
    model: Model, building: Any, name: str, elevation: float, south: tuple[str, ...], north: tuple[str, ...]
) -> Any:
    """Return a storey with its slab, walls, rooms, doors and windows."""
    placement = model.place(building.ObjectPlacement, 0, 0, elevation)
    storey = model.root(
        "IfcBuildingStorey", name, Name=name, Elevation=elevation, ObjectPlacement=placement, CompositionType="ELEMENT"
    )
    high = STOREY - SLAB
    held: list[Any] = []
    concrete, brick = MATERIALS[:2]

    def wall(key: str, x: float, y: float, wide: float, deep: float, material: str, outside: bool) -> Any:
        made = model.root(
            "IfcWall", f"{name}/{key}", Name=key, ObjectPlacement=model.place(placement, x, y, 0),
            Representation=model.box(wide, deep, high), PredefinedType="SOLIDWALL" if outside else "PARTITIONING",
        )  # fmt: skip
        model.properties(made, f"{name}/{key}", "Pset_WallCommon", {
            "IsExternal": outside, "LoadBearing": outside, "FireRating": "2h" if material == concrete else "1h",
        })  # fmt: skip
        _material(model, made, f"{name}/{key}", material)
        held.append(made)
        return made

    floor = model.root(
        "IfcSlab", f"{name}/바닥", Name=f"{name} 바닥", ObjectPlacement=model.place(placement, 0, 0, -SLAB),
        Representation=model.box(LENGTH, DEPTH, SLAB), PredefinedType="BASESLAB" if elevation < 0 else "FLOOR",
    )  # fmt: skip
    _material(model, floor, f"{name}/바닥", concrete)
    held.append(floor)
    if name == STOREYS[-1][0]:
        roof = model.root(
            "IfcSlab", f"{name}/지붕", Name="지붕", ObjectPlacement=model.place(placement, 0, 0, high),
            Representation=model.box(LENGTH, DEPTH, SLAB), PredefinedType="ROOF",
        )  # fmt: skip
        _material(model, roof, f"{name}/지붕", concrete)
        held.append(roof)
    outer = {
        "남벽": wall("남벽", 0, 0, LENGTH, OUTER, concrete, True),
        "북벽": wall("북벽", 0, DEPTH - OUTER, LENGTH, OUTER, concrete, True),
        "서벽": wall("서벽", 0, OUTER, OUTER, DEPTH - 2 * OUTER, concrete, True),
        "동벽": wall("동벽", LENGTH - OUTER, OUTER, OUTER, DEPTH - 2 * OUTER, concrete, True),
    }
    inner_south, inner_north = OUTER + SOUTH_ROW, OUTER + SOUTH_ROW + INNER + CORRIDOR
    row_length = LENGTH - 2 * OUTER
    rows = (
        (south, OUTER, SOUTH_ROW, "남벽",
         wall("복도남벽", OUTER, inner_south, row_length, INNER, brick, False), inner_south),
        (north, inner_north + INNER, DEPTH - OUTER - inner_north - INNER, "북벽",
         wall("복도북벽", OUTER, inner_north, row_length, INNER, brick, False), inner_north),
    )  # fmt: skip
    spaces = [
        _space(model, storey, placement, f"{name}/복도", "복도", OUTER, inner_south + INNER, row_length, CORRIDOR, high)
    ]
    for rooms, y, deep, facade, inside, inside_y in rows:
        wide = (row_length - INNER * (len(rooms) - 1)) / len(rooms)
        for k, room in enumerate(rooms):
            x = OUTER + k * (wide + INNER)
            spaces.append(_space(model, storey, placement, f"{name}/{facade}{k}", room, x, y, wide, deep, high))
            if k:
                wall(f"칸막이 {facade}{k}", x - INNER, y, INNER, deep, brick, False)
            held.append(
                _opening(
                    model,
                    placement,
                    inside,
                    f"{name}/{room}{facade}{k}",
                    "IfcDoor",
                    x + 1.0,
                    inside_y,
                    1.0,
                    2.1,
                    INNER,
                    0.0,
                )
            )
            if elevation >= 0:
                side_y = 0.0 if facade == "남벽" else DEPTH - OUTER
                if room == "현관홀":
                    held.append(
                        _opening(
                            model,
                            placement,
                            outer[facade],
                            f"{name}/현관",
                            "IfcDoor",
                            x + 2.0,
                            side_y,
                            2.4,
                            2.4,
                            OUTER,
                            0.0,
                        )
                    )
                else:
                    held += [
                        _opening(model, placement, outer[facade], f"{name}/{room}{facade}{k}창{n}", "IfcWindow",
                                 x + 0.9 + n * (wide / 2), side_y, 1.8, 1.5, OUTER, 0.9)
                        for n in range(2)
                    ]  # fmt: skip
    model.root("IfcRelAggregates", f"{name}/rooms", RelatingObject=storey, RelatedObjects=spaces)
    model.root("IfcRelContainedInSpatialStructure", name, RelatingStructure=storey, RelatedElements=held)
    return storey


def _space(
    model: Model,
    storey: Any,
    placement: Any,
    key: str,
    room: str,
    x: float,
    y: float,
    wide: float,
    deep: float,
    high: float,
) -> Any:
    """Return a room with its floor area."""
    space = model.root(
        "IfcSpace", key, Name=f"{storey.Name[:-1]}-{room}", LongName=room,
        ObjectPlacement=model.place(placement, x, y, 0), Representation=model.box(wide, deep, high),
        CompositionType="ELEMENT", PredefinedType="SPACE",
    )  # fmt: skip
    area = model.make("IfcQuantityArea", Name="NetFloorArea", AreaValue=round(wide * deep, 3))
    volume = model.make("IfcQuantityVolume", Name="NetVolume", VolumeValue=round(wide * deep * high, 3))
    quantities = model.root("IfcElementQuantity", key, Name="Qto_SpaceBaseQuantities", Quantities=[area, volume])
    model.root("IfcRelDefinesByProperties", f"{key}/Qto", RelatedObjects=[space], RelatingPropertyDefinition=quantities)
    return space


def _opening(
    model: Model,
    placement: Any,
    wall: Any,
    key: str,
    kind: str,
    x: float,
    y: float,
    wide: float,
    high: float,
    deep: float,
    sill: float,
) -> Any:
    """Return a door or window in its opening in `wall`."""
    hole = model.root(
        "IfcOpeningElement", key, Name="개구부", ObjectPlacement=model.place(placement, x, y, sill),
        Representation=model.box(wide, deep, high), PredefinedType="OPENING",
    )  # fmt: skip
    model.root("IfcRelVoidsElement", key, RelatingBuildingElement=wall, RelatedOpeningElement=hole)
    leaf = 0.06
    made = model.root(
        kind, key, Name=f"{'문' if kind == 'IfcDoor' else '창'} {key}", OverallHeight=high, OverallWidth=wide,
        ObjectPlacement=model.place(placement, x, y + (deep - leaf) / 2, sill),
        Representation=model.box(wide, leaf, high), PredefinedType="DOOR" if kind == "IfcDoor" else "WINDOW",
    )  # fmt: skip
    model.root("IfcRelFillsElement", key, RelatingOpeningElement=hole, RelatedBuildingElement=made)
    fire = kind == "IfcDoor" and key.startswith("지하")
    _material(model, made, key, MATERIALS[2] if kind == "IfcWindow" else MATERIALS[4] if fire else MATERIALS[3])
    return made


def _material(model: Model, thing: Any, key: str, material: str) -> None:
    assert model.materials is not None
    model.root("IfcRelAssociatesMaterial", key, RelatedObjects=[thing], RelatingMaterial=model.materials[material])
