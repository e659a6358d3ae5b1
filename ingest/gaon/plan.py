"""The drawing: where Gaon lies, its river, main roads, quarters and named places. Local metres, x east, y north.

Everything in this file is invented. Local (0, 0) is the south-west corner of the district.
"""

from __future__ import annotations

from dataclasses import dataclass

#: names it for people; every file carries it
FICTION = "가온시는 지어낸 도시입니다(가상 데이터). Gaon is a made-up city (fictional data), not a real place."
CITY = "가온시(가상)"
CRS = "EPSG:5186"
VERTICAL = "EPSG:5193"
SEED = 20260807
#: EPSG:5186 of the local origin, and the extent in m
WEST, SOUTH = 211_400.0, 461_800.0
WIDTH, HEIGHT = 3_200.0, 2_400.0
#: no province of Korea has 99: 시군구 99110, 읍면동 codes below it
DISTRICT = "99110"

Line = tuple[tuple[float, float], ...]

# ---- water: the river runs from east to west, the tributary from the northern hills into it
RIVER: Line = (
    (3300, 1340), (2900, 1300), (2480, 1200), (2100, 1225), (1760, 1170), (1400, 1025), (1000, 965), (600, 1030),
    (250, 1010), (-100, 925),
)  # fmt: skip
STREAM: Line = ((1985, 2500), (1930, 2250), (1960, 2000), (1880, 1800), (1905, 1600), (1860, 1400), (1800, 1190))
#: half-widths from the centre line: bed, foot of the terrace, foot and edge of the dike, its outer edge, all beyond it
RIVER_HALF = (26.0, 30.0, 44.0, 49.0, 58.0, 66.0)
STREAM_HALF = (7.0, 9.0, 9.0, 13.0, 19.0, 26.0)
#: above the bed: terrace and crest
RIVER_RISE = (1.7, 3.8)
STREAM_RISE = (1.0, 2.8)
#: where the south dike has sunk: centre, length and depth of the dip in m
DIP = (1165.0, 924.0, 110.0, 1.0)

RAILWAY: Line = ((-80, 402), (600, 430), (1500, 470), (2400, 500), (3280, 520))
#: half-width of the crown, rise above the ground, half-width of all
RAIL_HALF, RAIL_RISE, RAIL_CORRIDOR = 7.0, 3.4, 15.0


@dataclass(frozen=True, slots=True)
class MainRoad:
    """A main road of the plan. `over_rail`: how it passes the railway: under, over or not at all."""

    name: str
    name_en: str
    grade: str
    width: float
    lanes: int
    line: Line
    over_rail: str = ""


MAIN_ROADS = (
    MainRoad("가온대로", "Gaon-daero", "primary", 30, 6, (
        (815, -60), (840, 300), (858, 441), (900, 720), (955, 1000), (985, 1250), (1000, 1600), (1060, 1815),
    ), "under"),
    MainRoad("역전로", "Yeokjeon-ro", "secondary", 24, 4, (
        (1512, 505), (1500, 740), (1490, 1060), (1500, 1350), (1530, 1640), (1545, 1850),
    )),
    MainRoad("솔내대로", "Solnae-daero", "primary", 30, 6, (
        (2262, -60), (2250, 300), (2245, 495), (2250, 770), (2275, 1000), (2305, 1215), (2330, 1500), (2385, 1950),
        (2420, 2460),
    ), "under"),
    MainRoad("서부로", "Seobu-ro", "secondary", 20, 4, (
        (380, -60), (402, 420), (430, 730), (420, 1020), (400, 1300), (380, 1490),
    ), "over"),
    MainRoad("동부로", "Dongbu-ro", "secondary", 20, 4, (
        (2780, -60), (2802, 508), (2822, 800), (2852, 1290), (2880, 1500), (2905, 1960), (2920, 2460),
    ), "over"),
    MainRoad("남부로", "Nambu-ro", "secondary", 24, 4, (
        (-60, 150), (820, 170), (1500, 190), (2260, 212), (3260, 240),
    )),
    MainRoad("중앙로", "Jungang-ro", "secondary", 24, 4, (
        (-60, 690), (430, 735), (900, 722), (1500, 742), (2250, 775), (2822, 800), (3260, 835),
    )),
    MainRoad("강북로", "Gangbuk-ro", "secondary", 24, 4, (
        (-60, 1325), (400, 1350), (990, 1325), (1500, 1385), (1870, 1440), (2325, 1480), (2880, 1505), (3260, 1520),
    )),
    MainRoad("산들로", "Sandeul-ro", "secondary", 20, 4, (
        (1060, 1815), (1545, 1850), (1890, 1900), (2385, 1955), (2905, 1975), (3260, 2000),
    )),
    MainRoad("솔숲길", "Solsup-gil", "tertiary", 15, 2, (
        (-60, 1530), (380, 1490), (700, 1590), (1010, 1655),
    )),
    MainRoad("산밑길", "Sanmit-gil", "tertiary", 10, 2, (
        (229, 1497), (420, 1650), (800, 1830), (1060, 1930), (1350, 2030), (1640, 2070), (1984, 2124),
    )),
    MainRoad("샛골길", "Saetgol-gil", "tertiary", 10, 2, ((1530, 1845), (1560, 2070))),
    MainRoad("신도시로", "Sindosi-ro", "tertiary", 15, 2, ((1960, 2235), (2405, 2245), (2912, 2230), (3260, 2240))),
    MainRoad("한빛로", "Hanbit-ro", "tertiary", 15, 2, ((1858, 1690), (2350, 1720), (2890, 1740), (3260, 1760))),
    MainRoad("방죽길", "Bangjuk-gil", "tertiary", 12, 2, ((622, 446), (640, 730), (655, 950))),
    MainRoad("샘골길", "Saemgol-gil", "tertiary", 12, 2, ((1190, 470), (1200, 732), (1205, 930))),
    MainRoad("버들길", "Beodeul-gil", "tertiary", 12, 2, ((1850, 495), (1868, 755), (1880, 1130))),
    MainRoad("공단길", "Gongdan-gil", "tertiary", 12, 2, ((2540, 520), (2555, 785), (2565, 1150))),
    MainRoad("들말길", "Deulmal-gil", "tertiary", 12, 2, ((1248, 1045), (1250, 1352), (1262, 1680), (1275, 1830))),
    MainRoad("꽃재길", "Kkotjae-gil", "tertiary", 12, 2, ((700, 1075), (692, 1336), (700, 1590))),
    MainRoad("은행나무길", "Eunhaengnamu-gil", "tertiary", 12, 2, ((1000, 1590), (1260, 1610), (1870, 1643))),
    MainRoad("해밀로", "Haemil-ro", "tertiary", 15, 2, ((2600, 1285), (2612, 1492), (2645, 1965), (2665, 2460))),
    MainRoad("미리내길", "Mirinae-gil", "tertiary", 12, 2, ((1180, 445), (1188, 180), (1190, -60))),
    MainRoad("누리길", "Nuri-gil", "tertiary", 12, 2, ((1552, 450), (1560, 192), (1562, -60))),
    MainRoad("새싹길", "Saessak-gil", "tertiary", 12, 2, ((1890, 475), (1900, 201), (1902, -60))),
    MainRoad("기계길", "Gigye-gil", "tertiary", 12, 2, ((2530, 495), (2540, 220), (2545, -60))),
)  # fmt: skip

#: what is built where: the seed points of the quarters, each superblock takes the nearest one's way of building
QUARTERS = (
    (180, 60, "slabs_old"), (180, 290, "villa"), (600, 60, "slabs_old"), (600, 300, "villa"),
    (1000, 60, "slabs_old"), (1010, 300, "slabs_old"), (1380, 90, "villa"), (1370, 320, "centre"),
    (1730, 90, "slabs_old"), (1720, 320, "centre"), (2080, 90, "slabs_old"), (2070, 340, "works"),
    (2400, 90, "works"), (2390, 350, "works"), (2670, 90, "works"), (2670, 360, "works"), (3000, 110, "works"),
    (3000, 380, "works"), (200, 560, "slabs_old"), (520, 590, "villa"), (750, 590, "low_villa"),
    (1040, 600, "low_villa"), (1350, 620, "centre"), (1690, 640, "timber"), (2050, 640, "timber"),
    (2400, 650, "slabs_old"), (2690, 660, "works"), (3020, 670, "works"), (200, 850, "slabs_old"),
    (530, 850, "low_villa"), (770, 830, "low_villa"), (1060, 810, "low_villa"), (1340, 850, "low_villa"),
    (1690, 930, "timber"), (2060, 960, "villa"), (2400, 960, "slabs_old"), (2700, 1020, "slabs"),
    (3010, 1050, "works"), (180, 1190, "slabs_old"), (560, 1210, "villa"), (840, 1190, "slabs_old"),
    (1120, 1200, "villa"), (1370, 1240, "villa"), (1650, 1320, "villa"), (200, 1430, "houses"), (540, 1450, "park"),
    (850, 1470, "villa"), (1120, 1470, "villa"), (1390, 1500, "slabs_old"), (1690, 1530, "villa"),
    (1150, 1710, "houses"), (1400, 1730, "slabs_old"), (1700, 1750, "slabs"), (2100, 1360, "villa"),
    (2450, 1380, "slabs"), (2740, 1410, "slabs"), (3050, 1430, "slabs"), (2120, 1590, "slabs"),
    (2480, 1610, "slabs"), (2750, 1620, "slabs"), (3050, 1640, "slabs"), (2140, 1810, "slabs"),
    (2500, 1840, "slabs"), (2770, 1850, "slabs"), (3060, 1870, "slabs"), (2180, 2090, "slabs"),
    (2520, 2100, "slabs"), (2790, 2100, "slabs"), (3060, 2110, "slabs"), (2220, 2330, "slabs"),
    (2540, 2350, "slabs"), (2790, 2340, "slabs"), (3060, 2330, "slabs"), (1740, 1980, "houses"),
    (1300, 1930, "houses"), (620, 1660, "houses"), (600, 1790, "fields"), (1000, 1960, "fields"),
    (1300, 2060, "fields"), (1750, 2220, "fields"), (150, 1560, "fields"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """A named place that is laid out before its surroundings: about (x, y), `width` x `depth` m."""

    name: str
    name_en: str
    use: str
    x: float
    y: float
    width: float
    depth: float
    storeys: int
    shape: str = "bar"
    shelter: int = 0


SITES = (
    Site("가온역", "Gaon Station", "station", 1512, 446, 0, 0, 3, "station"),
    Site("가온행정복지센터", "Gaon Community Centre", "public", 1330, 640, 44, 34, 3, "bim", 180),
    Site("가온시청", "Gaon City Hall", "public", 1640, 1480, 110, 90, 9, "hall", 900),
    Site("가온병원", "Gaon Hospital", "hospital", 1120, 1235, 100, 80, 8, "hospital"),
    Site("솔내의료원", "Solnae Medical Centre", "hospital", 2140, 1350, 80, 70, 6, "hospital"),
    Site("가온초등학교", "Gaon Elementary School", "school", 1060, 615, 130, 105, 4, "school", 620),
    Site("버들초등학교", "Beodeul Elementary School", "school", 2070, 930, 125, 105, 4, "school", 580),
    Site("솔내초등학교", "Solnae Elementary School", "school", 2480, 1640, 130, 110, 5, "school", 640),
    Site("한빛중학교", "Hanbit Middle School", "school", 3060, 1850, 135, 110, 5, "school", 700),
    Site("미리내중학교", "Mirinae Middle School", "school", 1380, 70, 130, 100, 4, "school", 560),
    Site("가온고등학교", "Gaon High School", "school", 860, 1480, 140, 110, 5, "school", 760),
    Site("해밀초등학교", "Haemil Elementary School", "school", 2770, 2110, 130, 105, 5, "school", 600),
    Site("가온소방서", "Gaon Fire Station", "fire_station", 1400, 1290, 55, 40, 4, "fire"),
    Site("남부119안전센터", "Nambu 119 Centre", "fire_station", 1960, 330, 44, 34, 3, "fire"),
    Site("솔내119안전센터", "Solnae 119 Centre", "fire_station", 2590, 1790, 44, 34, 3, "fire"),
    Site("솔내행정복지센터", "Solnae Community Centre", "public", 2200, 1590, 46, 36, 4, "bar", 220),
    Site("남부행정복지센터", "Nambu Community Centre", "public", 1040, 300, 42, 34, 3, "bar", 160),
    Site("가온시장", "Gaon Market", "commercial", 1360, 560, 90, 46, 2, "market"),
    Site("가온문화체육관", "Gaon Sports Hall", "public", 560, 1460, 80, 60, 2, "gym", 850),
    Site("빛고운성당", "Church", "religious", 500, 860, 44, 40, 2, "bar", 120),
)
#: 배수펌프장: name, x, y, m3 s-1
PUMPS = (
    ("샘골배수펌프장", 1120.0, 905.0, 6.0), ("방죽배수펌프장", 620.0, 945.0, 4.5),
    ("버들배수펌프장", 1840.0, 1090.0, 5.0),
    ("가온지하차도 펌프", 846.0, 452.0, 0.25), ("솔내지하차도 펌프", 2256.0, 506.0, 0.25),
)  # fmt: skip
