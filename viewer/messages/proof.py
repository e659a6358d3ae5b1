"""What is said of the proof of a proposal, of decisions, of the score, and of the public register."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # proof
    "proof_none": (
        "증명된 제안이 없습니다. 사람의 승인이 필요한 조치만 모의로 증명합니다.",
        "No proposal has a proof. Only what needs a person's approval is proved by simulation.",
    ),
    "proof_note": (
        "같은 예보 구성원 {members}개를 제안이 있을 때와 없을 때로 한 번씩 모의해 뺀 값입니다. 작을수록 좋습니다.",
        "{members} members of the forecast, each run with and without the proposal; the difference. Less is better.",
    ),
    "effects": ("효과", "Effects"),
    "effects_none": (
        "어느 항목도 달라지지 않았습니다. 차이는 정확히 0입니다.",
        "Nothing changes: all differences are exactly 0.",
    ),
    "column_measure_of": ("항목", "Measure"),
    "column_without": ("제안 없이", "Without"),
    "column_change": ("차이 (중앙값)", "Change (median)"),
    "column_low": ("5 %", "5 %"),
    "column_high": ("95 %", "95 %"),
    "column_judged": ("판정", "Verdict"),
    "effect_less": ("▼ 줄어듦", "▼ less"),
    "effect_more": ("▲ 늘어남", "▲ more"),
    "effect_open": ("○ 줄었다고 할 수 없음", "○ no difference shown"),
    "effect_same": ("＝ 그대로", "= the same"),
    "choose_measure": ("지도와 그림에 보일 항목", "Measure of chart and maps"),
    "by_district": ("구역별", "By district"),
    "whole_city": ("도시 전체", "Whole city"),
    "column_district": ("구역", "District"),
    "column_with": ("제안대로", "With"),
    "interval_alt": (
        "구역별 {measure}의 변화, 중앙값과 5–95 % 구간, 0 표시",
        "Change of {measure} by district: median and 5–95 %, with 0 marked",
    ),
    "interval_title": ("차이 (0보다 작으면 나아짐)", "Change (below 0 is better)"),
    "map_without": ("제안 없이", "Without the proposal"),
    "map_with": ("제안대로", "With the proposal"),
    "map_with_note": (
        "제안 없는 중앙값에 차이의 중앙값을 더한 값입니다. 선은 출동 경로, 점은 대상입니다.",
        "Median without, plus the median change. Lines: ways of units; dots: targets.",
    ),
    "map_without_note": ("예보 구성원의 중앙값입니다.", "Median of the members of the forecast."),
    "map_proof_alt": (
        "구역별 {measure} 지도, {which}. 같은 수치가 구역별 표에 있습니다.",
        "Map of {measure} by district, {which}. The table by district has the same.",
    ),
    "tip_way": ("{unit}: {way}", "{unit}: {way}"),
    "districts_none": ("구역 경계가 없어 구역별로 나눌 수 없습니다.", "No districts, so nothing is told by district."),
    "none_in_district": ("없음", "none"),
    "legend_route": ("출동 경로", "Way of a unit"),
    "legend_target": ("조치 대상", "Target"),
    "made_from": ("증명의 바탕", "What it rests on"),
    "assumed": ("가정한 것", "What is assumed"),
    "proof_members": ("짝지은 모의", "Pairs of runs"),
    "proof_members_value": ("{n} × 2", "{n} × 2"),
    "proof_horizon": ("내다본 시간", "Horizon"),
    "proof_horizon_value": ("제안부터 {minutes:g}분", "{minutes:g} min from the proposal"),
    "proof_cell": ("격자", "Cell"),
    "proof_area": ("범위", "Window"),
    "proof_area_value": ("{east:,.0f} × {north:,.0f} m", "{east:,.0f} × {north:,.0f} m"),
    "proof_area_none": ("예보를 그대로 씀", "that of the forecast"),
    "proof_seeds": ("난수 씨앗", "Seeds"),
    "proof_outlook": ("예보", "Forecast"),
    "proof_evidence": ("근거", "Evidence"),
    "proof_evidence_value": ("관측·신고·예보 {n}건", "{n} readings, reports and forecasts"),
    "proof_hash": ("제안의 해시", "Hash of the proposal"),
    "assumed_nowcast": (
        "앞으로의 비는 예보값에 ±{percent}%, 시각 ±{minutes:g}분의 오차를 두었습니다.",
        "Rain to come: as forecast, give or take {percent}% and {minutes:g} min.",
    ),
    "assumed_known": (
        "유입량과 바람은 ±{percent}%의 오차로 압니다.",
        "Inflows and wind are known to within {percent}%.",
    ),
    "assumed_compliance": (
        "방송을 들은 사람의 {percent}%가 따르고, 떠날 준비에 중앙값 {minutes:g}분이 걸립니다.",
        "{percent}% follow a broadcast; getting ready takes {minutes:g} min (median).",
    ),
    "assumed_night": ("밤이라 사람들은 집에서 잡니다.", "It is night: people are at home and asleep."),
    "assumed_day": ("사람들은 깨어 집에 있습니다.", "People are at home and awake."),
    "assumed_senses": (
        "가상 센서: 오차 {noise:g} m, 지연 {minutes:g}분, 결측 {percent}%.",
        "Virtual gauges: error {noise:g} m, {minutes:g} min late, {percent}% lost.",
    ),
    "assumed_none": ("시나리오에 대응 표가 없어 기본값입니다.", "The scenario has no table 'response': defaults."),
    "assumed_unverified": (
        "사람의 반응과 출동 시간은 실제 도시와 비교해 검증하지 않았습니다.",
        "How people react and how fast units drive has not been compared with a real city.",
    ),
    # decision log
    "decisions_note": (
        "역할만 적고 이름은 적지 않습니다. 훈련에서 연기자가 한 결정에는 '훈련'이라 적습니다.",
        "Roles, no names. What a player of an exercise decided says 'exercise'.",
    ),
    "decisions_none": ("사람이 결정할 제안이 없었습니다.", "There was nothing for persons to decide."),
    "column_why_proposed": ("제안한 까닭", "Why proposed"),
    "column_role": ("역할", "Role"),
    "column_verdict": ("결정", "Verdict"),
    "column_reason_given": ("결정한 까닭", "Reason given"),
    "column_outcome": ("결과", "Outcome"),
    "nobody": ("결정 없음", "nobody"),
    "role_exercise": ("{role} · 훈련", "{role} · exercise"),
    "journal": ("기록의 온전함", "Is the record intact?"),
    "journal_intact": (
        "✓ 기록 {rows:,}줄을 모두 다시 계산했고 고친 흔적이 없습니다.",
        "✓ All {rows:,} rows were hashed again; there is no sign of any edit.",
    ),
    "journal_broken": (
        "△ 기록 {rows:,}줄에서 어긋난 곳 {flaws:,}군데를 찾았습니다. 이 기록을 믿어서는 안 됩니다.",
        "△ {flaws:,} flaws in {rows:,} rows. This record must not be trusted.",
    ),
    "journal_head": ("마지막 줄 {number:,}의 해시", "Hash of the last row, {number:,}"),
    "journal_keep": (
        (
            "이 해시를 다른 곳에 적어 두면, 누군가 기록 전체를 다시 써도 알아낼 수 있습니다: "
            "`twin audit verify TWIN --head 해시`"
        ),
        (
            "Keep this hash elsewhere: it shows even a record that was rewritten as a whole: "
            "`twin audit verify TWIN --head HASH`"
        ),
    ),
    "column_flaw": ("어긋난 곳", "Flaw"),
    "column_row": ("줄", "Row"),
    # score
    "score_none": (
        "아직 평가하지 않았습니다. 이 서버를 끈 뒤 아래 명령으로 다른 날씨에서 다섯 방침을 견줄 수 있습니다.",
        "Not scored yet. Stop this server; the command below holds five courses against other weather.",
    ),
    "score_note": (
        "실행된 계획을, 그것을 만들 때 쓰지 않은 날씨 {members}가지에서 네 방침과 견주었습니다. 격자 {cell:g} m.",
        (
            "The plan as it was carried out, against four other courses, in {members} courses of the weather that it "
            "was not made for. Cell {cell:g} m."
        ),
    ),
    "course_none": ("무대응", "No action"),
    "course_nearest": ("가까운 단위부터", "Nearest unit"),
    "course_sop": ("고정 절차", "Fixed procedure"),
    "course_plan": ("승인된 계획", "Approved plan"),
    "course_hindsight": ("사후 최적 (앞일을 다 알 때)", "Hindsight (knows everything)"),
    "score_head": ("노출 인·분: 다섯 방침", "Exposure in person-minutes: five courses"),
    "column_course": ("방침", "Course"),
    "column_exposure": ("노출 인·분 (평균)", "Person-minutes (mean)"),
    "column_saved": ("계획이 줄인 양 (95 % 구간)", "Saved by the plan (95 %)"),
    "column_ratio": ("계획 / 방침 (95 % 구간)", "Plan / course (95 %)"),
    "column_better": ("계획은", "The plan is"),
    "score_better": ("✓ 낫다", "✓ better"),
    "score_worse": ("× 못하다", "× worse"),
    "score_open": ("○ 낫다고 할 수 없음", "○ not shown to be better"),
    "score_itself": ("–", "–"),
    "kpi_regret": ("후회도", "Regret"),
    "kpi_regret_note": ("사후 최적이 줄일 몫 가운데 놓친 비율", "Share of hindsight's saving that was missed"),
    "regret_nothing": ("–", "–"),
    "regret_nothing_note": ("사후 최적도 노출을 줄이지 못했습니다", "Hindsight did not save anything either"),
    "kpi_against": ("{course} 대비", "Against {course}"),
    "ratio_value": ("{ratio:.2f}배", "× {ratio:.2f}"),
    "ratio_none": ("견줄 수 없음", "no ratio"),
    "ratio_note": ("{low:.2f} – {high:.2f} · {verdict}", "{low:.2f} – {high:.2f} · {verdict}"),
    "ratio_chart_title": ("계획 / 방침 (1보다 작으면 계획이 낫다)", "Plan / course (below 1 the plan is better)"),
    "ratio_alt": (
        "방침마다 계획의 노출 비율과 95 % 구간, 1 표시",
        "Ratio of exposure, plan to course, with its 95 % interval and 1 marked",
    ),
    "other_measures": ("다른 항목 (구성원 평균)", "Other measures (mean of members)"),
    "forecast_score": ("예보는 얼마나 맞았나", "How good was the forecast?"),
    "forecast_note": (
        (
            "'이 집에 물이나 불이 온다'는 예보 {homes:,}건. 예보도 일도 없던 집은 빼므로, "
            "0 %에는 예보하지 못한 것만 남습니다."
        ),
        (
            "{homes:,} forecasts of 'water or fire comes to this home'; homes with neither forecast nor event are left "
            "out, so 0% holds misses alone."
        ),
    ),
    "forecast_none": ("견줄 예보가 없습니다.", "There is no forecast to judge."),
    "kpi_brier": ("브라이어 점수", "Brier score"),
    "kpi_brier_note": (
        "0이 완벽. 늘 평균을 말하면 {mean:.3f} ({verdict})",
        "0 is perfect. Always the mean: {mean:.3f} ({verdict})",
    ),
    "brier_better": ("평균보다 낫다", "this is better"),
    "brier_worse": ("평균보다 못하다", "this is worse"),
    "reliability_alt": (
        "예보 확률과 실제로 일어난 비율. 대각선에 가까울수록 믿을 만합니다.",
        "Forecast chance and how often it came; near the diagonal the forecast is reliable.",
    ),
    "column_forecast_chance": ("예보 확률 (%)", "Forecast chance (%)"),
    "column_came": ("실제 비율 (%)", "Came (%)"),
    "column_forecasts": ("예보 수", "Forecasts"),
    # register
    "register_note": (
        (
            "이 트윈에서 제안하거나 계산하는 모든 에이전트와 모형입니다. 이 프로젝트가 스스로 적은 것이며 "
            "법적 적합성을 뜻하지 않습니다."
        ),
        (
            "Every agent and model that proposes or computes in this twin, described by this project itself; it claims "
            "conformity with no law."
        ),
    ),
    "register_risk": ("위험 등급 {level}", "risk: {level}"),
    "register_count": ("{n}개 항목", "{n} entries"),
    "register_tests": ("시험", "Tests"),
}
