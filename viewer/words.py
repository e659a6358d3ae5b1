"""Every sentence of the pages and the still, in Korean and English, in one place. No page holds text of its own."""

from __future__ import annotations

from twin.errors import UsageError, suggest
from twin.names import KINDS

LANGUAGES = ("ko", "en")

#: key -> (Korean, English)
CATALOGUE: dict[str, tuple[str, str]] = {
    # head
    "product": ("도시 디지털 트윈", "City digital twin"),
    "language_name": ("한국어", "English"),
    "language": ("언어 · Language", "언어 · Language"),
    "fictional": ("가상 도시", "Fictional city"),
    "fictional_note": ("실제 지역이 아닌 가상의 도시입니다.", "A made-up city, not a real place."),
    "run": ("시나리오", "Scenario"),
    "no_run": (
        "이 트윈에는 아직 모의 결과가 없습니다. `twin run TWIN 시나리오.toml`로 만들 수 있습니다.",
        "This twin has no run yet. Make one with `twin run TWIN SCENARIO.toml`.",
    ),
    "run_partial": (
        "이 모의는 중간에 멈췄습니다. 멈춘 시각까지의 결과만 보입니다.",
        "This run was stopped on the way. Only the time up to then is shown.",
    ),
    "run_failed": (
        "이 모의는 실패했습니다. 결과로 쓸 수 없습니다.",
        "This run failed. It must not be used as a result.",
    ),
    "unknown_run": (
        "모의 '{run}'을(를) 찾을 수 없어 가장 최근 모의를 보입니다.",
        "There is no run '{run}'; the latest one is shown.",
    ),
    "trouble": ("이 부분을 보일 수 없습니다: {message}", "This part cannot be shown: {message}"),
    "unexpected": (
        "예상하지 못한 오류로 이 페이지를 다 그리지 못했습니다. 관리자에게 번호 {number}을(를) 알려 주십시오.",
        "An error that nobody foresaw kept this page from being drawn whole. Tell your administrator number {number}.",
    ),
    # figures
    "kpi_buildings": ("침수 건물", "Buildings affected"),
    "kpi_buildings_value": ("{n:,}동", "{n:,}"),
    "kpi_buildings_note": (
        "전체 {total:,}동 중 {share:.1f}%, {limit:g} m 이상",
        "{share:.1f}% of {total:,}, from {limit:g} m",
    ),
    "kpi_damage": ("예상 피해액", "Expected damage"),
    "kpi_damage_value": ("{eok:,.1f}억원", "₩{billion:,.2f} bn"),
    "kpi_damage_note": ("{year}년 물가 · 손상곡선 {curve}", "{year} prices · curve {curve}"),
    "curve_jrc-asia-residential": ("JRC 아시아 주거", "JRC Asia residential"),
    "curve_jrc-asia-by-use": ("JRC 아시아 용도별", "JRC Asia by use"),
    "curve_jrc-europe-residential": ("JRC 유럽 주거", "JRC Europe residential"),
    "curve_jrc-north-america-residential": ("JRC 북미 주거", "JRC North America residential"),
    "curve_jrc-oceania-residential": ("JRC 오세아니아 주거", "JRC Oceania residential"),
    "curve_md-fda-structure": ("다차원법 건물 (미확인)", "MD-FDA structure (not verified)"),
    "kpi_people": ("침수 노출 인구", "People exposed"),
    "kpi_people_value": ("{n:,.0f}명", "{n:,.0f}"),
    "kpi_people_note": ("반지하 {wet:,}곳 침수 (전체 {half:,}곳)", "{wet:,} of {half:,} half-basements flooded"),
    "kpi_depth": ("최대 침수심", "Greatest depth"),
    "kpi_depth_value": ("{depth:.2f} m", "{depth:.2f} m"),
    "kpi_depth_note": ("건물에 닿은 가장 깊은 물", "Deepest water at a building"),
    # map
    "map": ("지도", "Map"),
    "map_alt": (
        "{city}의 3차원 지도. 건물 {buildings:,}동, {moment}의 침수심. 같은 수치가 아래 표에 있습니다.",
        "3-D map of {city}: {buildings:,} buildings, water depth at {moment}. Tables below have the same.",
    ),
    "colour": ("건물 색", "Buildings by"),
    "colour_depth": ("최대 침수심", "Greatest depth"),
    "colour_height": ("높이", "Height"),
    "water_shown": ("물", "Water"),
    "water_depth": ("시각별", "Over time"),
    "water_max_depth": ("최대", "Greatest"),
    "moment": ("시각", "Moment"),
    "moment_of": ("{clock} · 시작 후 {elapsed}", "{clock} · {elapsed} after the start"),
    "moment_elapsed": ("시작 후 {elapsed}", "{elapsed} after the start"),
    "moment_max": ("전체 기간 최대", "Greatest of the whole run"),
    "play": ("재생", "Play"),
    "pause": ("일시정지", "Pause"),
    "back": ("이전", "Back"),
    "forward": ("다음", "Next"),
    "map_hint": (
        "끌어서 이동, 휠로 확대, Ctrl+끌기로 회전합니다.",
        "Drag to move, wheel to zoom, Ctrl and drag to turn.",
    ),
    "tip_height": ("높이 {height} m", "Height {height} m"),
    "tip_height_guessed": ("높이 약 {height} m (추정)", "Height about {height} m (estimated)"),
    "tip_dry": ("침수 없음", "Not flooded"),
    "tip_depth": ("최대 침수심 {depth} m ({label})", "Greatest depth {depth} m ({label})"),
    # legend
    "legend": ("범례", "Legend"),
    "legend_water": ("침수심", "Water depth"),
    "legend_building_depth": ("건물: 최대 침수심", "Buildings: greatest depth"),
    "legend_building_height": ("건물: 높이", "Buildings: height"),
    "legend_dry": ("침수 없음", "Not flooded"),
    "legend_sensor": ("센서와 최신 값", "Sensor, latest value"),
    "legend_river": ("하천·수면", "River, open water"),
    "legend_main": ("주요 도로", "Main road"),
    "legend_green": ("녹지", "Green space"),
    # impact
    "impact": ("건물 영향", "Impact on buildings"),
    "impact_note": (
        "지도의 색과 같은 등급입니다. 깊이는 모의 전체의 최댓값입니다.",
        "The classes are those of the map. Depth is the greatest of the whole run.",
    ),
    "impact_none": ("침수된 건물이 없습니다.", "No building is flooded."),
    "facilities": ("물이 닿는 대피소와 주요 시설", "Shelters and key facilities that water reaches"),
    "facilities_none": ("물이 닿는 대피소나 주요 시설이 없습니다.", "Water reaches no shelter and no key facility."),
    "column_facility": ("시설", "Facility"),
    "column_kind": ("구분", "Kind"),
    "impact_first": (
        "피해액이 큰 순서로 {shown:,}동을 보입니다 (침수 건물 {total:,}동).",
        "The {shown:,} with the greatest damage of {total:,} flooded buildings.",
    ),
    "by_class": ("침수심 등급별", "By depth class"),
    "column_class": ("침수심 등급", "Depth class"),
    "column_buildings": ("건물 (동)", "Buildings"),
    "column_residents": ("거주인구 (명)", "Residents"),
    "column_building": ("건물", "Building"),
    "column_use": ("용도", "Use"),
    "column_depth": ("최대 침수심 (m)", "Greatest depth (m)"),
    "column_damage": ("피해액 (만원)", "Damage (₩10,000)"),
    "column_damage_eok": ("피해액 (억원)", "Damage (₩100 m)"),
    "total": ("합계", "Total"),
    # sensors
    "sensors": ("센서", "Sensors"),
    "sensors_none": ("이 트윈에는 센서 자료가 없습니다.", "This twin has no sensor data."),
    "sensors_count": ("센서 {things:,}곳 · 시계열 {streams:,}개", "{things:,} sensors · {streams:,} series"),
    "series": ("시계열", "Series"),
    "series_none": ("이 시계열에는 값이 없습니다.", "This series has no values."),
    "series_alt": (
        "{thing} {quantity}의 최근 시계열. 최솟값 {low}, 최댓값 {high}.",
        "Recent series of {quantity} at {thing}: least {low}, greatest {high}.",
    ),
    "series_gaps": (
        "빈 구간은 잇지 않고 비워 둡니다.",
        "Gaps in the record are left open.",
    ),
    "column_thing": ("지점", "Place"),
    "column_quantity": ("항목", "Quantity"),
    "column_value": ("최신 값", "Latest value"),
    "column_time": ("관측 시각", "Observed"),
    # sources
    "sources": ("자료 출처", "Sources"),
    "sources_none": ("불러온 자료가 없습니다.", "Nothing has been loaded."),
    "column_file": ("파일", "File"),
    "column_reader": ("형식", "Format"),
    "column_licence": ("이용허락", "Licence"),
    "column_loaded": ("불러온 시각", "Loaded"),
    "column_sha": ("SHA-256", "SHA-256"),
    "licence_unknown": ("표시 없음", "not stated"),
    # model
    "model": ("모형과 한계", "Model and limits"),
    "validated": ("검증", "Validation"),
    "validated_none": (
        "이 모형의 검증 내용이 기록되어 있지 않습니다. 검증되지 않은 것으로 보십시오.",
        "Nothing is recorded about the validation of this model. Take it as not validated.",
    ),
    "not_validated": ("검증되지 않은 것", "Not validated"),
    "not_validated_flood": (
        "이 도시에서 관측된 침수와 비교하지 않았습니다. 하수관 흐름은 모의하지 않습니다.",
        "Not compared with an observed flood of this city. Flow in storm drains is not simulated.",
    ),
    "not_validated_damage": (
        "손상곡선은 반지하에 맞지 않습니다. 피해액은 비교용이며 보상 산정에 쓸 수 없습니다.",
        "No damage curve fits half-basements. Amounts are for comparison, not for compensation.",
    ),
    "not_validated_people": (
        "노출 인구는 침수 건물의 거주인구이며, 그 시각에 실제로 있던 사람 수가 아닙니다.",
        "People exposed are the residents of flooded buildings, not those present at that time.",
    ),
    "validated_flood_1": (
        (
            "1차 정확도(빠른 방식)입니다. 스토커와 리터의 댐 붕괴에서 수심 2 m에 평균 오차 3 mm와 4 mm입니다. "
            "다만 정상 강우의 수심이 경사 1 % 사면에서 6 % 얕고 5 % 사면에서 52 % 깊게 나옵니다. "
            "비가 비탈을 흘러내리는 곳에는 2차(order = 2)를 쓰십시오. "
            "관측된 침수와는 견주지 않았고, 하수관과 침투는 없습니다."
        ),
        (
            "First order, the fast mode. Mean depth error of the dam breaks of Stoker and Ritter 3 and 4 mm of 2 "
            "m; but steady rain stands 6 % too low on a slope of 1 % and 52 % too high on one of 5 %: use order 2 "
            "where rain runs down slopes. Not checked against measured floods; no drains, no infiltration."
        ),
    ),
    "validated_flood_2": (
        (
            "2차 정확도입니다. 스토커와 리터의 댐 붕괴에서 수심 2 m에 평균 오차 1 mm, "
            "경사 1 %와 5 % 사면의 정상 강우에서 +0.2 %와 +0.1 %, 새커의 출렁이는 그릇에서 4 m에 2 mm, "
            "둔덕 위 흐름에서 0.4 m에 2 mm까지이며, 정지한 호수는 초속 0.00002 m 안에 머뭅니다. "
            "관측된 침수와는 견주지 않았고, 하수관과 침투는 없습니다."
        ),
        (
            "Second order. Mean depth error of the dam breaks of Stoker and Ritter 1 mm of 2 m, of steady rain on "
            "slopes of 1 % and 5 % +0.2 % and +0.1 %, of Thacker's swinging bowl 2 mm of 4 m, of flow over a bump "
            "up to 2 mm of 0.4 m; a lake at rest stays within 0.00002 m/s. Not checked against measured floods; "
            "no drains, no infiltration."
        ),
    ),
    "doubt_exchange_krw_per_eur": (
        "환율 {value}원/유로: 2010년 평균, 한국은행에서 확인하지 못함",
        "Exchange rate {value} KRW per EUR: mean of 2010, not checked at the Bank of Korea",
    ),
    "doubt_gdp_per_head_usd": (
        "1인당 국내총생산 {value}달러: IMF 2011년 4월 발표를 언론에서 옮김",
        "GDP per head {value} US$: IMF, April 2011, from the press",
    ),
    "doubt_depreciation": (
        "감가율 {value}: 인용값, 원문(EUR 28552 EN)에서 확인하지 못함",
        "Depreciation {value}: quoted, not seen in EUR 28552 EN",
    ),
    "doubt_greatest_damage": (
        "최대 피해액은 JRC 산식으로 구함: JRC 표의 한국 값은 구하지 못함",
        "Greatest damage from the JRC formula: the Korean values of the JRC table were not obtained",
    ),
    "doubt_curve_shares": (
        "손상곡선 {value}: JRC 표와 대조하지 못함",
        "Curve {value}: shares not checked against the JRC table",
    ),
    "doubt_curve_not_seen": (
        "손상곡선 {value}: 기억으로 인용한 값, 원표를 보지 못함",
        "Curve {value}: quoted from memory, its table was not seen",
    ),
    "doubt_defra_most_limit": (
        "영국 Defra 위험등급의 상한 {value}: 2008년 5월 문서를 보지 못함",
        "Upper limit {value} of the Defra rating: the note of May 2008 was not seen",
    ),
    "doubt_one_curve": (
        "모든 용도의 건물에 손상곡선 {value} 하나를 씀",
        "Curve {value} is used for every use of building",
    ),
    "unverified_values": ("확인되지 않은 값", "Values not verified"),
    "provenance": ("출처 기록", "Provenance"),
    "run_id": ("모의 번호", "Run"),
    "snapshot": ("자료 상태", "State of the data"),
    "code": ("코드 판", "Version of the code"),
    "crs": ("좌표계", "Coordinate system"),
    "vertical": ("높이 기준", "Height datum"),
    "vertical_unknown": ("표시 없음", "not stated"),
    "grid": ("격자", "Grid"),
    "grid_value": ("{nx:,} × {ny:,}칸, {cell:g} m", "{nx:,} × {ny:,} cells of {cell:g} m"),
    "budget": ("물수지 오차", "Water budget error"),
    "budget_value": ("{error:.1e} (유입 {inflow:,.0f} m³)", "{error:.1e} (in {inflow:,.0f} m³)"),
    # routes
    "noscript": (
        "이 페이지를 보려면 자바스크립트가 필요합니다.",
        "This page needs JavaScript.",
    ),
    # still
    "still_sources": ("자료", "Sources"),
    "still_state": ("모의 {run} · 자료 상태 {snapshot}", "Run {run} · state of the data {snapshot}"),
    "still_more": ("외 {n}건", "and {n} more"),
    "still_view": ("남쪽 상공에서 본 모습, 높이는 실제 비율", "Seen from above the south, heights to scale"),
    # building uses
    "use_residential": ("주택", "Residential"),
    "use_apartment": ("아파트", "Apartments"),
    "use_commercial": ("상업", "Commercial"),
    "use_office": ("업무", "Office"),
    "use_industrial": ("공장", "Industrial"),
    "use_school": ("학교", "School"),
    "use_hospital": ("병원", "Hospital"),
    "use_fire_station": ("소방서", "Fire station"),
    "use_station": ("역", "Station"),
    "use_public": ("공공", "Public"),
    "use_religious": ("종교", "Religious"),
    "use_agricultural": ("농업", "Agricultural"),
    "use_other": ("기타", "Other"),
}


def say(key: str, language: str, **values: object) -> str:
    """Return a sentence in `language` ("ko" or "en") with its values filled in.

    Raises UsageError for an unknown key or language.
    """
    if key not in CATALOGUE:
        raise UsageError(f"message {key!r} is not in the catalogue; {suggest(key, CATALOGUE)}")
    return CATALOGUE[key][index(language)].format(**values)


def validation(hazard: str, recorded: str, language: str) -> str:
    """Return how a run's model was validated, in `language`.

    recorded  what the run says in English; a sentence the catalogue does not hold is shown as it is
    """
    for key, sentence in CATALOGUE.items():
        if key.startswith(f"validated_{hazard}_") and sentence[LANGUAGES.index("en")] == recorded:
            return sentence[index(language)]
    return recorded or say("validated_none", language)


def index(language: str) -> int:
    """Return the place of a language in the catalogue. Raises UsageError for one it does not speak."""
    if language not in LANGUAGES:
        raise UsageError(f"language {language!r} is not spoken; {suggest(language, LANGUAGES)}")
    return LANGUAGES.index(language)


def kind_label(kind: str, language: str) -> str:
    """Return what people call a kind of feature."""
    return (KINDS[kind].ko, KINDS[kind].en)[index(language)]


def known_label(group: str, word: str, language: str) -> str:
    """Return what people call a word of a group ("use": of a building; "curve": of damage); else the word itself."""
    key = f"{group}_{word}"
    return CATALOGUE[key][index(language)] if key in CATALOGUE else word
