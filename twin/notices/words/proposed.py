"""Why agents propose what they propose."""

from __future__ import annotations

_FETCHED = ("대원이 집집마다 알립니다", "crews go door to door")
_TOLD = ("방송으로 알립니다", "told by broadcast")
_BUS = ("버스로 모십니다", "taken by bus")


def _evacuations() -> dict[str, tuple[str, str]]:
    """Return the sentences of evacuations: cause by way of telling."""
    causes = {
        "below": ("반지하에 물이 들 수 있어", "water may enter half-basements"),
        "ground": ("1층이 물에 잠길 수 있어", "water may stand on ground floors"),
        "fire": ("불이 닿을 수 있어", "fire may arrive"),
    }
    ko_figures = "가능성 {chance}, 약 {minutes}분 안, 대피소 {shelters}곳"
    en_figures = "chance {chance}, within some {minutes} min, {shelters} shelters"
    found = {}
    for cause, (ko, en) in causes.items():
        for by, (ko_by, en_by) in {"crew": _FETCHED, "broadcast": _TOLD, "bus": _BUS}.items():
            found[f"evacuation.{cause}.{by}"] = (
                f"{{about}}: {ko} 건물 {{homes}}동 {{people}}명이 대피합니다 ({ko_figures}; {ko_by}).",
                f"{{about}}: {en}; {{people}} people of {{homes}} buildings leave ({en_figures}; {en_by}).",
            )
    return found


def _team(name: str, ko: str, en: str) -> dict[str, tuple[str, str]]:
    """Return the sentences that both baselines have."""
    return {
        f"{name}.underpass": (
            f"{{about}}: 지하차도 수심 {{depth}} m, 통제합니다 ({ko}).",
            f"{{about}}: {{depth}} m of water in the underpass, it is closed ({en}).",
        ),
        f"{name}.fire": (
            f"{{about}}: 화재 신고에 소방차 {{engines}}대를 보냅니다 ({ko}).",
            f"{{about}}: {{engines}} engines go to the reported fire ({en}).",
        ),
    }


SENTENCES: dict[str, tuple[str, str]] = {
    **_evacuations(),
    "evacuation.full": (
        "{about}: {people}명({homes}동)이 갈 대피소에 자리가 없습니다.",
        "{about}: no shelter has room for {people} people of {homes} buildings.",
    ),
    "evacuation.cut_off": (
        "{about}: {people}명({homes}동)에게 안전한 길이 없습니다.",
        "{about}: no safe way is left for {people} people of {homes} buildings.",
    ),
    "barrier.breach": (
        "{about}: 제방 붕괴 신고, 막습니다 (위험 인원 약 {people}명).",
        "{about}: a breach is reported and will be closed (some {people} people in danger).",
    ),
    "barrier.low": (
        "{about}: 제방 {levees}곳의 여유가 {left} m까지 줄어 모래주머니를 쌓습니다.",
        "{about}: {levees} levees have as little as {left} m left and are raised by sandbags.",
    ),
    "boards.underpass": (
        "지하차도 {underpasses}곳에 높이 {height} m 차수판을 답니다 (가능성 {chance}).",
        "Boards of {height} m go up at {underpasses} underpasses (chance {chance}).",
    ),
    "boards.basement": (
        "{about}: 반지하 {homes}동에 높이 {height} m 차수판을 답니다.",
        "{about}: boards of {height} m go up at half-basements of {homes} buildings.",
    ),
    "inspect.gauge": (
        "{about}: 센서를 믿을 수 없어 점검합니다.",
        "{about}: its sensor cannot be trusted and is inspected.",
    ),
    "inspect.report": (
        "{about}: 한 사람만 신고하여 확인합니다.",
        "{about}: only one person reported it; somebody looks.",
    ),
    "pump.before_rain": (
        "펌프 {pumps}대를 켭니다 (지금 {now} mm/h, 예상 최대 {peak} mm/h).",
        "{pumps} pumps are switched on ({now} mm/h now, up to {peak} mm/h expected).",
    ),
    "pump.stands_still": (
        "물이 있는데 멈춘 펌프 {pumps}대를 다시 켭니다.",
        "{pumps} pumps that stand still in water are switched on again.",
    ),
    "pump.underpass": (
        "물이 찰 지하차도 {underpasses}곳의 펌프를 켭니다 (가능성 {chance}).",
        "Pumps of {underpasses} underpasses that will fill are switched on (chance {chance}).",
    ),
    "pump.deepest": (
        "{about}: 가장 깊어질 곳(수심 {depth} m, 약 {people}명)에 이동식 펌프 {pumps}대를 보냅니다.",
        "{about}: {pumps} mobile pumps go where it gets deepest ({depth} m, some {people} people).",
    ),
    "gate.river_high": (
        "{about}: 하천 수위 {level} m가 안쪽 땅 {ground} m보다 높아 수문을 닫습니다.",
        "{about}: the river stands at {level} m above the ground behind at {ground} m; the gate is shut.",
    ),
    "gate.river_low": (
        "{about}: 하천 수위가 {level} m로 내려가 수문을 엽니다 (안쪽 땅 {ground} m).",
        "{about}: the river has fallen to {level} m; the gate is opened (ground behind {ground} m).",
    ),
    "fire.engines": (
        "{about}: 소방차 {engines}대를 보냅니다 (필요 {wish}대, 옮을 수 있는 이웃 {neighbours}동, 약 {people}명).",
        "{about}: {engines} engines go ({wish} wanted; {neighbours} neighbours may catch fire, some {people} people).",
    ),
    "fire.no_hydrant": (
        "{about}: 호스 {hose} m 안에 소화전이 없습니다.",
        "{about}: there is no hydrant within {hose} m of hose.",
    ),
    "fire.wet": (
        "{about}: 불이 오기 전에 건물 {homes}동의 외벽을 적십니다 (약 {people}명).",
        "{about}: facades of {homes} buildings are wetted before the fire comes (some {people} people).",
    ),
    "fire.break": (
        "{about}: 약 {minutes}분 안에 불이 닿을 건물 {homes}동 앞에 {length} m 방화선을 만듭니다.",
        "{about}: a break of {length} m is cleared before {homes} buildings that fire reaches in some {minutes} min.",
    ),
    "traffic.underpass_wet": (
        "{about}: 지하차도 수심이 {depth} m여서 통제합니다.",
        "{about}: the underpass holds {depth} m of water and is closed.",
    ),
    "traffic.underpass_soon": (
        "{about}: 약 {minutes}분 안에 지하차도가 잠길 수 있어 통제합니다 (가능성 {chance}).",
        "{about}: the underpass may flood within some {minutes} min and is closed (chance {chance}).",
    ),
    "traffic.close_road": (
        "{about}: 약 {minutes}분 안에 잠길 도로 {roads}곳을 통제합니다.",
        "{about}: {roads} roads that may flood within some {minutes} min are closed.",
    ),
    "traffic.message_sign": (
        "{about}: 약 {minutes}분 안에 잠길 수 있는 도로 {roads}곳을 안내판으로 알립니다.",
        "{about}: signs tell of {roads} roads that may flood within some {minutes} min.",
    ),
    "traffic.dry": (
        "{about}: 앞으로 {minutes}분 동안 마른 상태로 보여 통제를 풉니다.",
        "{about}: it looks dry for the next {minutes} min and is opened again.",
    ),
    "traffic.green_wave": (
        "긴급차량 길 {ways}곳에 우선 신호를 줍니다.",
        "Emergency vehicles get green on {ways} ways.",
    ),
    "crowd.open": (
        "밀도가 1 m²에 {density}명까지 올라 출구 {exits}곳을 엽니다 (기준 {limit}명).",
        "Density rises to {density} people per m2 (limit {limit}): {exits} exits are opened.",
    ),
    "crowd.hold": (
        "밀도가 1 m²에 {density}명까지 올라 입구 {entrances}곳의 입장을 멈춥니다 (기준 {limit}명).",
        "Density rises to {density} people per m2 (limit {limit}): {entrances} entrances are held.",
    ),
    "crowd.divert": (
        "{about}: 밀도가 1 m²에 {density}명까지 올라 {to} 쪽으로 돌립니다 (기준 {limit}명).",
        "{about}: density rises to {density} people per m2 (limit {limit}); people are sent to {to}.",
    ),
    "crowd.exit_in_water": (
        "{about}: 출구에 물이 들어 {to} 쪽으로 돌립니다.",
        "{about}: the exit is in water; people are sent to {to}.",
    ),
    **_team("nearest", "기준: 가까운 대원부터", "baseline: nearest unit"),
    **_team("sop", "기준: 고정 절차", "baseline: fixed procedure"),
    "nearest.breach": (
        "{about}: 제방 붕괴 신고, 가장 가까운 대원을 보냅니다.",
        "{about}: the nearest crew goes to the breach.",
    ),
    "nearest.water": (
        "{about}: 침수 신고된 건물 {homes}동 {people}명을 대피시킵니다 (기준: 가까운 대원부터).",
        "{about}: {people} people of {homes} buildings with reported water leave (baseline: nearest unit).",
    ),
    "sop.pumps": (
        "비가 {rain} mm/h로 기준 {limit} mm/h를 넘어 모든 펌프를 켭니다 (기준: 고정 절차).",
        "Rain of {rain} mm/h is above {limit} mm/h: all pumps on (baseline: fixed procedure).",
    ),
    "sop.extreme_rain": (
        "{about}: 극한 호우로 반지하 {homes}동 {people}명에게 대피를 알립니다 (기준: 고정 절차).",
        "{about}: extreme rain; {people} people of {homes} half-basements told to leave (baseline: fixed procedure).",
    ),
}
