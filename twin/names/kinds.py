"""Kinds of features and their attributes, each once: labels, meaning, and of an attribute its type and unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of feature. `shape` is what its geometry is: polygon, line, point or any."""

    name: str
    shape: str
    ko: str
    en: str
    doc: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named property of features. `type` is text, number, integer or boolean; `unit` "" for text."""

    name: str
    type: str
    unit: str
    ko: str
    en: str
    doc: str


KINDS = {
    k.name: k
    for k in (
        Kind(
            "building", "polygon", "건물", "buildings", "A building, by its footprint; surfaces where they are known."
        ),
        Kind("storey", "polygon", "층", "storeys", "A storey of a building known from BIM."),
        Kind("space", "polygon", "실", "rooms", "A room of a building known from BIM."),
        Kind("door", "any", "문", "doors", "A door of a building known from BIM."),
        Kind("window", "any", "창", "windows", "A window of a building known from BIM."),
        Kind("road", "any", "도로", "roads", "A road, as centre line or surface."),
        Kind("bridge", "any", "교량", "bridges", "A bridge."),
        Kind("underpass", "any", "지하차도", "underpasses", "A road below the level of the ground around it."),
        Kind("railway", "any", "철도", "railways", "A railway line."),
        Kind("water", "any", "수계", "water", "A river, canal, pond or sea."),
        Kind("levee", "line", "제방", "levees", "A dike crest, with its level."),
        Kind("landuse", "polygon", "토지피복", "land use", "Use or cover of the ground."),
        Kind("vegetation", "any", "식생", "vegetation", "Trees and plant cover, with their fuel class where known."),
        Kind("boundary", "polygon", "행정구역", "boundaries", "An administrative or statistical area."),
        Kind("population", "polygon", "인구", "population", "An area with the number of its people."),
        Kind("drain", "any", "우수관거", "storm drains", "A storm drain, inlet or manhole."),
        Kind("pump", "point", "배수펌프", "pumps", "A drainage pump or pumping station."),
        Kind("gate", "any", "수문", "gates", "A sluice in a dike, as a line from one side to the other."),
        Kind("culvert", "any", "암거", "culverts", "A culvert, as a line from one end to the other."),
        Kind("hydrant", "point", "소화전", "hydrants", "A fire hydrant."),
        Kind("facility", "any", "시설", "facilities", "A hospital, school, station, fire station or office."),
        Kind("shelter", "any", "대피소", "shelters", "A place to flee to, with its capacity."),
        Kind("parking", "any", "주차장", "car parks", "A car park."),
        Kind("camera", "point", "CCTV", "cameras", "A camera."),
        Kind("streetlight", "point", "가로등", "street lights", "A street light."),
        Kind("sensor", "any", "센서", "sensors", "Where a sensor stands; its readings are observations."),
        Kind("feature", "any", "기타", "other features", "Anything whose kind the file does not tell."),
    )
}

ATTRIBUTES = {
    a.name: a
    for a in (
        Attribute("name", "text", "", "이름", "name", "What people call it."),
        Attribute("height", "number", "m", "높이", "height", "From the ground to the top of the roof."),
        Attribute("ground", "number", "m", "지반고", "ground level", "Elevation at its foot above the vertical datum."),
        Attribute("storeys", "integer", "1", "지상층수", "storeys", "Storeys above ground."),
        Attribute(
            "basements", "integer", "1", "지하층수", "basements", "Storeys below ground; a half-basement counts."
        ),
        Attribute(
            "half_basement", "boolean", "1", "반지하", "half-basement", "Whether people live in a half-basement."
        ),
        Attribute(
            "first_floor", "number", "m", "1층 바닥높이", "first floor", "Height of the first floor above ground."
        ),
        Attribute(
            "use",
            "text",
            "",
            "용도",
            "use",
            "residential, apartment, commercial, office, industrial, school, hospital, fire_station, station, "
            "public, religious, agricultural or other.",
        ),
        Attribute("structure", "text", "", "구조", "structure", "timber, masonry, concrete, steel or other."),
        Attribute("year", "integer", "a", "사용승인연도", "year built", "Year of completion."),
        Attribute("floor_area", "number", "m2", "연면적", "floor area", "Area of all floors."),
        Attribute("residents", "number", "1", "거주인구", "residents", "People who live there."),
        Attribute("capacity", "number", "1", "수용인원", "capacity", "People or vehicles that fit."),
        Attribute("class", "text", "", "등급", "class", "Class of a road, water body, land use or facility."),
        Attribute("width", "number", "m", "폭", "width", "Width across the direction of travel or flow."),
        Attribute("lanes", "integer", "1", "차로수", "lanes", "Traffic lanes in both directions."),
        Attribute("level", "number", "m", "마루높이", "crest level", "Elevation of a crest, sill or invert."),
        Attribute("depth", "number", "m", "깊이", "depth", "Depth below ground or bank."),
        Attribute("diameter", "number", "m", "관경", "diameter", "Inner diameter of a pipe."),
        Attribute("level_up", "number", "m", "시점 관저고", "upper invert", "Bottom of a pipe at its first point."),
        Attribute("level_down", "number", "m", "종점 관저고", "lower invert", "Bottom of a pipe at its last point."),
        Attribute("inlet_area", "number", "m2", "유입구 면적", "inlet area", "Open area of an inlet in plan."),
        Attribute("rate", "number", "m3 s-1", "용량", "rate", "Volume per unit of time that it can move."),
        Attribute("fuel_model", "integer", "1", "연료모형", "fuel model", "Number of the standard fuel model."),
        Attribute("cladding", "text", "", "외장재", "cladding", "combustible or non_combustible."),
        Attribute("sprinklers", "boolean", "1", "스프링클러", "sprinklers", "Whether the building has sprinklers."),
        Attribute(
            "spaces", "text", "", "연결 실", "rooms it joins", "Ids of the rooms on its sides, joined by a blank."
        ),
        Attribute("storey", "text", "", "층", "storey", "Name of the storey it lies on."),
        Attribute("long_name", "text", "", "실명", "full name", "What a room is for, in words."),
        Attribute("is_external", "boolean", "1", "외기 접함", "to the open", "Whether a door or window leads outside."),
        Attribute(
            "passages",
            "text",
            "",
            "개방된 실",
            "open to rooms",
            "Rooms it is open to without a door, joined by a blank: id, width, height and level of the sill in m, "
            "joined by a colon.",
        ),
        Attribute(
            "stairs",
            "text",
            "",
            "계단 위 실",
            "stairs up to rooms",
            "Rooms that a stair leads up to, joined by a blank: id, area of the hole in m2, width of the stair in m, "
            "joined by a colon.",
        ),
        Attribute("fire_rating", "text", "", "내화등급", "fire rating", "Fire rating as the file states it."),
        Attribute("opening", "number", "1", "개도", "opening", "Share to which a gate is open, 0 to 1."),
        Attribute("flap", "boolean", "1", "플랩", "flap", "Whether water passes only along the line, not back."),
        Attribute("roughness", "number", "s m-1/3", "조도계수", "roughness", "Manning's n."),
        Attribute("address_id", "text", "", "도로명주소관리번호", "address id", "26 digits, kept as text."),
        Attribute("parcel_id", "text", "", "PNU", "parcel id", "19 digits, kept as text."),
        Attribute("register_id", "text", "", "건물관리번호", "register id", "25 digits, kept as text."),
    )
}
