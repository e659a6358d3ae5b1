"""The vocabulary: every quantity, kind of feature and attribute once, with unit, labels and meaning.

Readers map a file's own words to these; hazards declare inputs and outputs by them; the viewer takes its
labels from here. SI throughout, except where people and their registers never use it (counts, text).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A variable that lives on a grid or in a sensor series.

    name, unit   the name in code and files; the unit in UDUNITS spelling ("m", "m s-1", "1")
    ko, en       labels for people
    doc          what it is, in one sentence
    cf           CF standard name, when the convention has one
    """

    name: str
    unit: str
    ko: str
    en: str
    doc: str
    cf: str | None = None


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


QUANTITIES = {
    q.name: q
    for q in (
        # on grids, given
        Quantity(
            "elevation",
            "m",
            "지반고",
            "ground elevation",
            "Height of bare ground above the city's vertical datum.",
            "surface_altitude",
        ),
        Quantity("roughness", "s m-1/3", "조도계수", "Manning roughness", "Manning's n of the surface."),
        Quantity(
            "building_share", "1", "건물 점유율", "building share", "Share of a cell that is covered by buildings."
        ),
        Quantity(
            "infiltration_rate",
            "m s-1",
            "침투율",
            "infiltration rate",
            "Water that the ground takes per unit of time: its constant loss, or its saturated hydraulic conductivity.",
        ),
        Quantity(
            "suction_head",
            "m",
            "습윤전선 흡입수두",
            "suction head",
            "Suction at the wetting front, after Green and Ampt.",
        ),
        Quantity(
            "moisture_deficit",
            "1",
            "함수량 부족분",
            "moisture deficit",
            "Porosity of the soil less its water content at the start.",
        ),
        Quantity("fuel_model", "1", "연료모형", "fuel model", "Number of the standard surface fuel model of a cell."),
        # on grids, computed
        Quantity("depth", "m", "침수심", "water depth", "Depth of water above ground.", "flood_water_thickness"),
        Quantity(
            "velocity_x",
            "m s-1",
            "유속(동)",
            "velocity east",
            "Depth-averaged velocity to the east.",
            "eastward_flood_water_velocity",
        ),
        Quantity(
            "velocity_y",
            "m s-1",
            "유속(북)",
            "velocity north",
            "Depth-averaged velocity to the north.",
            "northward_flood_water_velocity",
        ),
        Quantity(
            "speed", "m s-1", "유속", "flow speed", "Magnitude of the depth-averaged velocity.", "flood_water_speed"
        ),
        Quantity("max_depth", "m", "최대 침수심", "greatest depth", "Greatest water depth of a run."),
        Quantity("max_speed", "m s-1", "최대 유속", "greatest speed", "Greatest flow speed of a run."),
        Quantity(
            "max_hazard",
            "m2 s-1",
            "최대 수심×유속",
            "greatest depth times speed",
            "Greatest product of depth and speed of a run.",
        ),
        Quantity(
            "arrival",
            "s",
            "도달 시각",
            "arrival time",
            "Seconds after the start at which the water first stood above the wet limit.",
            "time_when_flood_water_rises_above_threshold",
        ),
        Quantity(
            "max_rating",
            "m2 s-1",
            "최대 위험도",
            "greatest hazard rating",
            "Greatest depth times (speed + 0.5 m s-1) of a run: the hazard rating of Defra without its debris factor.",
        ),
        Quantity(
            "max_level",
            "m",
            "최고 수위",
            "highest water level",
            "Height of the ground plus the greatest depth of a run, above the city's vertical datum.",
        ),
        Quantity(
            "duration",
            "s",
            "침수 지속시간",
            "time under water",
            "Time for which the depth was at or above the wet limit.",
        ),
        Quantity(
            "level",
            "m",
            "수면 표고",
            "water surface level",
            "Level of the water surface above the city's vertical datum: ground plus depth, where it is wet.",
            "water_surface_height_above_reference_datum",
        ),
        Quantity(
            "rating",
            "m2 s-1",
            "위험도 (Defra)",
            "hazard rating (Defra)",
            "Depth times (speed + 0.5 m s-1): the hazard rating of Defra without its debris factor.",
        ),
        Quantity(
            "hazard_class",
            "1",
            "위험등급 (AIDR)",
            "hazard class (AIDR)",
            "Class of the combined curves of AIDR, 1 (H1) to 6 (H6); 0 where it is dry.",
        ),
        # on grids, over the members of an ensemble
        Quantity(
            "exceedance", "1", "침수 확률", "probability of flooding", "Share of members deeper than a threshold."
        ),
        Quantity("exceedance_now", "1", "현재 침수 확률", "probability now", "The same share, at one moment."),
        Quantity("max_depth_p10", "m", "최대 침수심 10 %", "greatest depth, 10 %", "Tenth percentile of the members."),
        Quantity("max_depth_p50", "m", "최대 침수심 중앙값", "greatest depth, median", "Median of the members."),
        Quantity(
            "max_depth_p90", "m", "최대 침수심 90 %", "greatest depth, 90 %", "Ninetieth percentile of the members."
        ),
        Quantity("arrival_p10", "s", "도달 시각 10 %", "arrival time, 10 %", "Tenth percentile of the members."),
        Quantity("arrival_p50", "s", "도달 시각 중앙값", "arrival time, median", "Median of the members."),
        # in sensor series
        Quantity("rain_rate", "m s-1", "강우강도", "rain rate", "Rain per unit of time.", "rainfall_rate"),
        Quantity(
            "rainfall",
            "m",
            "강우량",
            "rainfall",
            "Rain fallen in the interval of the series.",
            "thickness_of_rainfall_amount",
        ),
        Quantity(
            "water_level",
            "m",
            "수위",
            "water level",
            "Level of water above the gauge's or city's datum.",
            "water_surface_height_above_reference_datum",
        ),
        Quantity(
            "discharge",
            "m3 s-1",
            "유량",
            "discharge",
            "Volume of water per unit of time.",
            "water_volume_transport_in_river_channel",
        ),
        # in frames, of things of the city
        Quantity("underpass_depth", "m", "지하차도 수심", "water in underpasses", "Depth of water in an underpass."),
        Quantity("basement_depth", "m", "지하층 수심", "water in basements", "Depth of water in a basement."),
        Quantity("pump_rate", "m3 s-1", "배수펌프 유량", "pump rate", "Volume that a pump moves per unit of time."),
        Quantity("gate_opening", "1", "수문 개도", "gate opening", "Share to which a gate or culvert is open."),
        Quantity("drain_level", "m", "관거 수위", "drain level", "Depth of water in a storm drain."),
        Quantity("wind_speed", "m s-1", "풍속", "wind speed", "Wind speed at 10 m.", "wind_speed"),
        Quantity(
            "wind_direction",
            "degree",
            "풍향",
            "wind direction",
            "Direction the wind blows from, clockwise from north.",
            "wind_from_direction",
        ),
        Quantity("air_temperature", "degC", "기온", "air temperature", "Air temperature at 2 m.", "air_temperature"),
        Quantity(
            "humidity", "1", "상대습도", "relative humidity", "Relative humidity of the air.", "relative_humidity"
        ),
        Quantity("pm10", "ug m-3", "미세먼지", "PM10", "Mass concentration of particles under 10 micrometres."),
        Quantity("pm25", "ug m-3", "초미세먼지", "PM2.5", "Mass concentration of particles under 2.5 micrometres."),
        Quantity("no2", "ppm", "이산화질소", "nitrogen dioxide", "Mole fraction of NO2."),
        Quantity("o3", "ppm", "오존", "ozone", "Mole fraction of O3."),
        Quantity("co", "ppm", "일산화탄소", "carbon monoxide", "Mole fraction of CO."),
        Quantity("so2", "ppm", "아황산가스", "sulphur dioxide", "Mole fraction of SO2."),
        Quantity("power", "W", "전력", "electric power", "Electric power drawn or delivered."),
        Quantity("traffic_count", "1", "교통량", "traffic count", "Vehicles counted in the interval of the series."),
    )
}

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
        Attribute("opening", "number", "1", "개도", "opening", "Share to which a gate is open, 0 to 1."),
        Attribute("flap", "boolean", "1", "플랩", "flap", "Whether water passes only along the line, not back."),
        Attribute("roughness", "number", "s m-1/3", "조도계수", "roughness", "Manning's n."),
        Attribute("address_id", "text", "", "도로명주소관리번호", "address id", "26 digits, kept as text."),
        Attribute("parcel_id", "text", "", "PNU", "parcel id", "19 digits, kept as text."),
        Attribute("register_id", "text", "", "건물관리번호", "register id", "25 digits, kept as text."),
    )
}

PARTS = {
    "rain": ("강우", "rain"),
    "inflow": ("유입", "inflow"),
    "edge_in": ("경계 유입", "in over the edges"),
    "surcharge": ("관거 역류", "surcharge of drains"),
    "outfall": ("토구 방류", "from outfalls"),
    "edge_out": ("경계 유출", "out over the edges"),
    "pumped": ("배수펌프", "pumped out"),
    "drained": ("우수관거", "drained"),
    "infiltrated": ("침투", "infiltrated"),
    "clipped": ("수심 보정", "clipped"),
    "stored_at_start": ("처음 저류", "stored at the start"),
}
"""Terms of a water budget, m3, with what people call them in Korean and English."""
