"""How far figures can be trusted: validation, limits, doubts, provenance."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # model
    "model": ("모형과 한계", "Model and limits"),
    "validated": ("검증", "Validation"),
    "validated_none": (
        "이 모형의 검증 내용이 기록되어 있지 않습니다. 검증되지 않은 것으로 보십시오.",
        "Nothing is recorded about the validation of this model. Take it as not validated.",
    ),
    "not_validated": ("검증되지 않은 것", "Not validated"),
    "not_validated_flood": (
        "이 도시에서 관측된 침수와 비교하지 않았습니다.",
        "Not compared with an observed flood of this city.",
    ),
    "not_validated_drains": (
        "이 모의에서는 하수관 흐름을 계산하지 않았습니다.",
        "Flow in storm drains is not part of this run.",
    ),
    "not_validated_damage": (
        "손상곡선은 반지하에 맞지 않습니다. 피해액은 비교용이며 보상 산정에 쓸 수 없습니다.",
        "No damage curve fits half-basements. Amounts are for comparison, not for compensation.",
    ),
    "not_validated_people": (
        "노출 인구는 침수 건물의 거주인구이며, 그 시각에 실제로 있던 사람 수가 아닙니다.",
        "People exposed are the residents of flooded buildings, not those present at that time.",
    ),
    "validated_together": (
        "두 위험이 서로에게 주는 영향은 검증되지 않았습니다.",
        "How they act on each other is not validated.",
    ),
    "not_validated_fire": (
        "이 도시에서 일어난 화재와 비교하지 않았습니다. 확산 속도는 현장에서 ±35 %를 넘게 벗어날 수 있습니다.",
        "Not compared with a fire of this city. In the field, rates of spread are off by 35 % and more.",
    ),
    "not_validated_fuel": (
        "연료모형은 북미의 표준모형이며, 우리나라 숲에 맞춰 보정하지 않았습니다.",
        "Fuel models are North America's; they are not calibrated for Korean forests.",
    ),
    "not_validated_crews": (
        "소방차의 이동과 방수량은 가정한 값이며 실제 출동 기록과 견주지 않았습니다.",
        "How engines drive and what they pump is assumed, not compared with records.",
    ),
    "not_validated_fire_damage": (
        "화재 피해액은 탄 만큼의 몫으로 셈한 비교용 값이며 보상 산정에 쓸 수 없습니다.",
        "Fire damage is a share by what has burnt, for comparison, not for compensation.",
    ),
    "not_validated_fire_people": (
        "노출 인구는 불이 붙거나 열을 받은 건물의 거주인구이며, 그 시각에 실제로 있던 사람 수가 아닙니다.",
        "People exposed are the residents of buildings that burn or take heat, not those present at that time.",
    ),
    "not_validated_indoor_fire": (
        "방의 연기와 온도는 두 층으로 나눈 모형이며, 이 건물에서 잰 화재와 견주지 않았습니다.",
        "Smoke and heat are those of a model of two layers, not compared with a fire measured in this building.",
    ),
    "not_validated_evacuation": (
        "대피 시각은 정한 걸음 속도로 셈하며, 실제 사람의 움직임과 견주지 않았습니다.",
        "Times to leave follow from set walking speeds, not compared with how people move.",
    ),
    "validated_flood_1": (
        (
            "1차 정확도(빠른 방식)입니다. 스토커와 리터의 댐 붕괴에서 수심 2 m에 평균 오차 3 mm와 4 mm입니다. "
            "다만 정상 강우의 수심이 경사 1 % 사면에서 6 % 얕고 5 % 사면에서 52 % 깊게 나옵니다. 비가 비탈을 "
            "흘러내리는 곳에는 2차(order = 2)를 쓰십시오. 관측된 도시 침수와는 견주지 않았고, "
            "하수관·침투·펌프·제방 붕괴는 하나씩만 확인했습니다."
        ),
        (
            "First order, the fast mode. Mean depth error of the dam breaks of Stoker and Ritter 3 and 4 mm of "
            "2 m; but steady rain stands 6 % too low on a slope of 1 % and 52 % too high on one of 5 %: use "
            "order 2 where rain runs down slopes. Not compared with an observed flood of a city; drains, "
            "infiltration, pumps and breaches are checked one by one only."
        ),
    ),
    "validated_flood_2": (
        (
            "2차 정확도입니다. 스토커와 리터의 댐 붕괴에서 수심 2 m에 평균 오차 1 mm, 경사 1 %와 5 % 사면의 "
            "정상 강우에서 +0.2 %와 +0.1 %, 새커의 출렁이는 그릇에서 4 m에 2 mm, 둔덕 위 흐름에서 0.4 m에 2 "
            "mm까지이며, 정지한 호수는 초속 0.00002 m 안에 머뭅니다. 실측과는 오쿠시리 수조 계측점에서 4 mm, "
            "말파세 댐 붕괴 협곡에서 4 m(도달 시각 13 %) 차이입니다. 관측된 도시 침수와는 견주지 않았고, "
            "하수관·침투·펌프·제방 붕괴는 하나씩만 확인했습니다."
        ),
        (
            "Second order. Mean depth error of the dam breaks of Stoker and Ritter 1 mm of 2 m, of steady rain "
            "on slopes of 1 % and 5 % +0.2 % and +0.1 %, of Thacker's swinging bowl 2 mm of 4 m, of flow over "
            "a bump up to 2 mm of 0.4 m; a lake at rest stays within 0.00002 m/s. Against measurements: 4 mm "
            "at the gauges of the Okushiri wave tank, 4 m in the gorge of the Malpasset dam break with arrival "
            "13 % off. Not compared with an observed flood of a city; drains, infiltration, pumps and breaches "
            "are checked one by one only."
        ),
    ),
    "validated_fire": (
        (
            "확산 속도는 firelab/behave와 0.00001 안에서, 한 가지 연료의 탄 면적은 타원 해석해와"
            " 0.4 % 안에서(길이/폭 7까지), 여러 연료가 섞인 곳은 수렴한 해와 1.3 % 안에서 맞습니다. "
            "집에서 집으로는 14.2 m 틈까지 옮겨 붙고(1995년 고베에서는 약 14 m), 목조 가옥 줄은 "
            "하마다 식의 2배 안에서 탑니다. 건물 불티의 수는 2016년 이토이가와 한 사건에만 맞추었고, 숲 "
            "불티의 수는 어느 사건에도 맞추지 않았습니다. 검증되지 않은 것: 우리나라 연료는 표준모형에 대응시켰을 "
            "뿐 보정하지 않았고, 숲과 건물 사이를 오가는 열과 불티, 소방대의 활동, 도시 화재 전체는 실제 사례와"
            " 견주지 않았습니다. 확산 속도는 35 % 넘게 벗어날 수 있습니다."
        ),
        (
            "Rates of spread agree with firelab/behave to 0.00001, burnt areas in uniform fuel with the "
            "analytic ellipse to 0.4 % (length to width up to 7), in a mosaic of fuels with a converged "
            "solution to 1.3 %. Houses ignite each other over gaps up to 14.2 m, in Kobe 1995 about 14 m; "
            "rows of timber burn within a factor 2 of Hamada's formula. The number of firebrands of buildings"
            " is calibrated on one event, Itoigawa 2016, that of vegetation on none. Not validated: Korean "
            "fuels are mapped and not calibrated; heat and brands between vegetation and buildings, what "
            "crews do, and a whole fire in a city were not compared with an observed one. Expect rates of "
            "spread to be off by 35 % and more."
        ),
    ),
    "validated_indoor_fire": (
        (
            "방마다 두 층으로 나눈 모형입니다. 불의 세기가 일정한 방 55가지(스테클러 실험, fire_zone_steckler)에서 "
            "상부층 온도 상승은 평균 3 % 높고 12 % 안팎으로 흩어지며, 상부층 아랫면은 중앙값으로 25 % 높습니다. 벽의 "
            "재료가 결과를 가릅니다: 같은 실험의 FDS 입력에 적힌 재료로는 24 % 높습니다. 질량과 에너지는 0.1 %, "
            "문과 창의 흐름은 0.5 % 안에서 맞습니다(fire_zone_balance). 불 자체는 주어진 곡선이며 예측이 아닙니다. "
            "사람의 걸음과 방을 쓸 수 없게 되는 때는 정한 한계로 셈한 값입니다. 공기가 모자라는 불과 실제 대피는 "
            "견주지 않았습니다."
        ),
        (
            "Two layers per room. Against 55 measured rooms with a steady fire (Steckler, fire_zone_steckler): rise of "
            "the hot layer 3 % too high in the mean with a scatter of 12 %, underside of the layer in the median 25 % "
            "too high; the lining of those rooms decides: 24 % too high with the one that FDS's inputs of the same "
            "tests have. Mass and energy to 0.1 %, flows through openings to 0.5 % (fire_zone_balance). The fire "
            "itself is a stated curve, not a prediction; how people walk and when rooms become untenable is "
            "arithmetic with stated limits. Neither fires that lack air nor an observed evacuation were compared."
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
    "doubt_total_loss": (
        "화재 피해의 몫(다 타면 {value})은 가정한 값: 비용은 침수용 JRC 값을 그대로 씀",
        "Shares of loss by fire (burnt out: {value}) are assumed; costs are those of JRC, drawn for floods",
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
    "budget_error_water": ("물수지 오차", "Water budget error"),
    "budget_error_fuel": ("연료수지 오차", "Fuel budget error"),
    "budget_error_heat": ("열량수지 오차", "Heat budget error"),
    "budget_value_water": ("{error:.1e} (유입 {amount:,.0f} m³)", "{error:.1e} (in {amount:,.0f} m³)"),
    "budget_value_fuel": ("{error:.1e} (낸 열 {amount:,.1f} {unit})", "{error:.1e} (released {amount:,.1f} {unit})"),
    "budget_value_heat": ("{error:.1e} (낸 열 {amount:,.1f} {unit})", "{error:.1e} (released {amount:,.1f} {unit})"),
}
