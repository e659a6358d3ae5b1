"""Variables that live on a grid, on a thing of the city or in a sensor series, each once: unit, labels, meaning."""

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
        # fire, on grids, given
        Quantity("canopy_cover", "1", "수관 피복률", "canopy cover", "Share of the ground under the crowns of trees."),
        Quantity("canopy_height", "m", "수관 높이", "canopy height", "Height of the tops of trees above the ground."),
        Quantity(
            "canopy_base_height",
            "m",
            "지하고",
            "canopy base height",
            "Height of the lowest live branches above ground.",
        ),
        Quantity(
            "canopy_bulk_density", "kg m-3", "수관 연료밀도", "canopy bulk density", "Mass of crown fuel per volume."
        ),
        # fire, on grids, computed
        Quantity(
            "fire_state",
            "1",
            "화재 상태",
            "fire state",
            "0 unburnt, 1 burning vegetation, 2 burnt vegetation, 3 burning building, 4 burnt-out building.",
        ),
        Quantity(
            "fire_arrival", "s", "화재 도달 시각", "fire arrival", "Seconds after the start at which fire reached it."
        ),
        Quantity(
            "fireline_intensity", "kW m-1", "화선 강도", "fireline intensity", "Heat released per metre of fire front."
        ),
        Quantity(
            "max_fireline_intensity",
            "kW m-1",
            "최대 화선 강도",
            "fireline intensity where it passed",
            "Heat released per metre of the fire front when it passed.",
        ),
        Quantity("flame_length", "m", "화염 길이", "flame length", "Length of the flames at the fire front."),
        Quantity("spread_rate", "m s-1", "확산 속도", "rate of spread", "Speed of the fire front where it passed."),
        Quantity("fire_type", "1", "산불 유형", "type of fire", "1 surface, 2 passive crown, 3 active crown fire."),
        Quantity("heat_flux", "kW m-2", "복사열", "radiant heat", "Heat that falls on a square metre of open ground."),
        Quantity(
            "burn_probability", "1", "연소 확률", "burn probability", "Share of the members in which fire reached it."
        ),
        Quantity("burn_probability_now", "1", "현재 연소 확률", "burn probability now", "The same, at one moment."),
        Quantity("fire_arrival_p10", "s", "화재 도달 10 %", "fire arrival, 10 %", "Tenth percentile of the members."),
        Quantity("fire_arrival_p50", "s", "화재 도달 중앙값", "fire arrival, median", "Median of the members."),
        # fire, of things of the city
        Quantity(
            "building_fire",
            "1",
            "건물 화재 상태",
            "building on fire",
            "0 unburnt, 1 heated, 2 burning, 3 burnt out, 4 extinguished.",
        ),
        Quantity("heat_release", "kW", "열방출률", "heat release rate", "Heat that a fire gives off per unit of time."),
        Quantity(
            "engine_water", "L s-1", "방수량", "water on the fire", "Water that fire engines deliver to a building."
        ),
        # fire, of rooms
        Quantity("upper_temperature", "degC", "상부층 온도", "upper layer", "Temperature of the hot layer of a room."),
        Quantity("lower_temperature", "degC", "하부층 온도", "lower layer", "Temperature of the cool layer of a room."),
        Quantity(
            "interface_height", "m", "연기층 하단", "smoke layer height", "Height of the hot layer above the floor."
        ),
        Quantity("optical_density", "m-1", "광학농도", "optical density", "Optical density of the smoke, to base 10."),
        Quantity("oxygen", "1", "산소 농도", "oxygen", "Mass fraction of oxygen in the layer people breathe."),
        Quantity(
            "fractional_dose",
            "1",
            "유효선량(FED)",
            "fractional effective dose",
            "Dose of gas or heat by what disables.",
        ),
        Quantity("room_people", "1", "실내 인원", "people in the room", "People who have not left a room yet."),
        Quantity(
            "door_opening", "1", "문·창 개도", "door opening", "Share to which a door or window of a room stands open."
        ),
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
