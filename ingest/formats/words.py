"""The dictionary between what registers call a column or a value and what the twin calls it.

Column names are compared in lower case, without blanks, underscores and hyphens.
"""

from __future__ import annotations

#: name in the twin -> names of columns that mean it
WORDS: dict[str, tuple[str, ...]] = {
    "name": (
        "name",
        "이름",
        "명칭",
        "건물명",
        "시설명",
        "시설명칭",
        "대피소명",
        "주차장명",
        "도로명",
        "하천명",
        "교량명",
        "bdnm",
        "bldgnm",
        "buldnm",
        "admnm",
        "gml:name",
        "officialname",
    ),
    "height": ("height", "높이", "건물높이", "measuredheight", "bldghgt", "buldhg", "roofheight", "heightm"),
    "ground": ("ground", "지반고", "groundlevel", "terrainheight", "b3hmaaiveld", "minheightsurface", "標高"),
    "storeys": (
        "storeys",
        "floors",
        "지상층수",
        "지상층",
        "층수",
        "storeysaboveground",
        "grndflr",
        "grofloco",
        "grofloco",
        "levels",
        "building:levels",
        "numfloors",
        "stories",
    ),
    "basements": (
        "basements",
        "지하층수",
        "지하층",
        "storeysbelowground",
        "undflr",
        "undfloco",
        "building:levels:underground",
    ),
    "half_basement": ("halfbasement", "반지하", "반지하여부"),
    "first_floor": ("firstfloor", "1층바닥높이", "firstfloorheight"),
    "use": ("use", "용도", "주용도", "주용도명", "주용도코드명", "건물용도", "buildinguse", "bldguse"),
    "structure": ("structure", "구조", "주구조", "구조명", "구조코드명", "건물구조", "buildingstructure"),
    "year": ("year", "yearbuilt", "사용승인연도", "건축연도", "준공연도", "yearofconstruction"),
    "floor_area": ("floorarea", "연면적", "grossfloorarea", "totarea"),
    "residents": ("residents", "population", "거주인구", "인구", "인구수", "총인구", "주민등록인구"),
    "capacity": ("capacity", "수용인원", "수용가능인원", "최대수용인원", "주차구획수"),
    "class": ("class", "등급", "도로등급", "하천등급", "fclass"),
    "width": ("width", "폭", "도로폭", "폭원", "하폭", "roadbt"),
    "lanes": ("lanes", "차로수", "차선수"),
    "level": ("level", "마루높이", "마루고", "제방고", "crestlevel"),
    "depth": ("depth", "깊이", "침수심", "浸水深"),
    "diameter": ("diameter", "pipediameter", "관경", "관경(mm)", "관경mm", "관경(m)", "구경(mm)", "diametermm"),
    "level_up": ("levelup", "시점관저고", "상류관저고", "시점관저", "invertup", "upstreaminvert"),
    "level_down": ("leveldown", "종점관저고", "하류관저고", "종점관저", "invertdown", "downstreaminvert"),
    "inlet_area": ("inletarea", "유입구면적"),
    "rate": ("rate", "배수용량"),
    "fuel_model": ("fuelmodel", "연료모형"),
    "roughness": ("roughness", "조도계수", "manning", "manningn"),
    "address_id": ("addressid", "도로명주소관리번호"),
    "parcel_id": ("parcelid", "pnu", "필지고유번호", "고유번호"),
    "register_id": ("registerid", "건물관리번호", "bdmgtsn"),
}

#: columns that hold their attribute in another unit, by their name or by the custom of the registers that use it:
#: the unit, and what a value is multiplied by
UNITS: dict[str, tuple[str, float]] = dict.fromkeys(
    ("관경", "관경(mm)", "관경mm", "구경(mm)", "diametermm"), ("mm", 1e-3)
)

#: use in the twin, and how registers say it; in the order of looking
USES: tuple[tuple[str, str], ...] = (
    ("fire_station", r"fire.?station|소방"),
    ("apartment", r"apartment|아파트|공동주택"),
    ("residential", r"residential|\bhouse\b|dwelling|주택|다세대|다가구|연립|빌라|기숙사"),
    ("school", r"school|educat|college|universit|학교|교육|유치원"),
    ("hospital", r"hospital|clinic|health|병원|의료"),
    ("station", r"station|운수|역사|터미널"),
    ("religious", r"relig|church|temple|종교|교회|사찰|성당"),
    ("office", r"office|업무"),
    ("commercial", r"commerc|retail|shop|hotel|판매|근린생활|상업|상가|숙박|위락|시장"),
    ("industrial", r"industr|factory|warehouse|공장|창고|위험물|자원순환"),
    ("agricultural", r"agricult|farm|농업|동물|식물|축사|온실"),
    ("public", r"public|civic|공공|문화|집회|노유자|수련|운동|관공서|청사"),
)

#: structure in the twin, and how registers say it; reinforced steel concrete counts as concrete
STRUCTURES: tuple[tuple[str, str], ...] = (
    ("concrete", r"concrete|콘크리트|\brc\b|\bsrc\b|라멘"),
    ("steel", r"steel|철골|강구조|철파이프"),
    ("timber", r"timber|wood|목구조|목조|목재|통나무|한옥"),
    ("masonry", r"masonry|brick|stone|벽돌|조적|블록|석구조|석조"),
)
