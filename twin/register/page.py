"""The public page: Korean first, English second; one file without script, without a request to anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

STYLE = """
body{font:16px/1.6 system-ui,sans-serif;color:#1b1b1b;background:#fff;max-width:62rem;margin:0 auto;padding:1rem}
a{color:#0b4f9e}a:focus,summary:focus{outline:3px solid #c45500;outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
h1{font-size:1.7rem}h2{font-size:1.35rem;border-top:2px solid #555;padding-top:1rem}h3{font-size:1.1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{border:1px solid #767676;padding:.35rem .5rem;text-align:left;vertical-align:top}
th[scope=row]{width:13rem;background:#f2f2f2}td p,td ul{margin:0}[lang=en]{color:#444}
.wide{overflow-x:auto}
@media (prefers-color-scheme:dark){body{color:#eee;background:#161616}th[scope=row]{background:#262626}
a{color:#8ec2ff}[lang=en]{color:#c4c4c4}}
@media print{.skip,nav{display:none}}
"""

#: field -> what it is called
LABELS = {
    "purpose": ("목적", "Purpose"),
    "status": ("상태", "Status"),
    "version": ("버전", "Version"),
    "department": ("담당 부서", "Department"),
    "contact": ("연락처", "Contact"),
    "legal": ("법적 근거", "Legal basis"),
    "data": ("자료와 이용 조건", "Data and licence"),
    "persons": ("개인에 관한 자료", "Data about persons"),
    "method": ("방법", "Method"),
    "inputs": ("입력", "Inputs"),
    "outputs": ("출력", "Outputs"),
    "calibration": ("학습·보정 자료", "Training and calibration"),
    "performance": ("성능과 시험", "Performance and tests"),
    "limits": ("알려진 한계", "Known limits"),
    "risk": ("위험 등급과 이유", "Risk class and reason"),
    "oversight": ("사람의 감독", "Human oversight"),
    "assessment": ("영향 평가", "Impact assessment"),
    "monitoring": ("점검", "Monitoring"),
    "feedback": ("의견 제출", "Feedback"),
    "begins": ("시작일", "Begins"),
    "ends": ("종료일", "Ends"),
    "rooms": ("코드", "Code"),
    "changes": ("변경 이력", "Change log"),
}

WORDS = {
    "agent": ("에이전트", "Agents"),
    "hazard": ("재난 모형", "Hazard models"),
    "impact": ("영향 모형", "Impact models"),
    "language_model": ("언어 모형", "Language model"),
    "development": ("개발 중", "in development"),
    "exercise": ("훈련용", "for exercises"),
    "in_use": ("사용 중", "in use"),
    "withdrawn": ("사용 중지", "withdrawn"),
    "minimal": ("낮음", "minimal"),
    "limited": ("제한적", "limited"),
    "high": ("높음", "high"),
    "approve": ("승인", "approved"),
    "reject": ("반려", "rejected"),
    "expired": ("기한 만료", "expired"),
    "refused": ("안전 규칙으로 거부", "refused by a safety rule"),
    "title": ("알고리즘 등록부", "Register of algorithms"),
    "intro": (
        "이 도시 디지털 트윈이 쓰는 에이전트와 모형을 모두 적었습니다. 법률 준수를 주장하는 문서가 아닙니다.",
        "All agents and models that this city digital twin uses. It claims conformity with no law.",
    ),
    "log": ("결정 기록", "Decision log"),
    "log_intro": (
        "누가 아니라 어떤 역할이 결정했는지 적습니다. 이름은 공개하지 않습니다.",
        "It says in which role it was decided, not by whom. Names are not published.",
    ),
    "log_none": ("아직 결정이 없습니다.", "No decisions yet."),
    "skip": ("본문으로", "Skip to the content"),
    "contents": ("차례", "Contents"),
    "yes": ("있음", "yes"),
    "no": ("없음", "no"),
    "level": ("승인 단계", "Approval level"),
    "report": ("보고서", "Report"),
    "tests": ("시험", "Tests"),
}

COLUMNS = (
    ("time", ("시각 (UTC)", "Time (UTC)")), ("run", ("실행", "Run")), ("proposal", ("제안", "Proposal")),
    ("agent", ("에이전트", "Agent")), ("level", ("단계", "Level")), ("verdict", ("결정", "Verdict")),
    ("role", ("역할", "Role")), ("reason", ("이유", "Reason")), ("outcome", ("결과", "Outcome")),
)  # fmt: skip


def page(document: Mapping[str, Any]) -> str:
    """Return the page of an exported register. Every text of it is escaped; the page holds no script."""
    pin = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for entry in document["entries"]:
        kinds.setdefault(entry["kind"], []).append(entry)
    sections = [_section(kind, entries) for kind, entries in kinds.items()]
    links = [*((kind, WORDS[kind]) for kind in kinds), ("log", WORDS["log"])]
    contents = "".join(f'<li><a href="#{key}">{_two(*words)}</a></li>' for key, words in links)
    return (
        '<!DOCTYPE html>\n<html lang="ko"><head><meta charset="utf-8">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{pin}'\">"
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(' · '.join(WORDS['title']))}</title><style>{STYLE}</style></head>\n<body>"
        f'<a class="skip" href="#content">{_two(*WORDS["skip"])}</a>'
        f"<header><h1>{_two(*WORDS['title'])}</h1>{_paragraphs(*WORDS['intro'])}</header>"
        f'<nav aria-label="{escape(" · ".join(WORDS["contents"]))}"><ul>{contents}</ul></nav>\n<main id="content">'
        f"{''.join(sections)}{_log(document['decisions'])}</main></body></html>\n"
    )


def _section(kind: str, entries: Iterable[Mapping[str, Any]]) -> str:
    articles = "".join(_article(entry) for entry in entries)
    return f'<section id="{escape(kind)}"><h2>{_two(*WORDS[kind])}</h2>{articles}</section>\n'


def _article(entry: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_two(*LABELS[field])}</th><td>{_value(field, entry[field])}</td></tr>'
        for field in LABELS
        if entry[field] is not None
    )
    name, id_ = entry["name"], escape(entry["id"])
    return (
        f'<article id="entry-{id_}"><h3>{_two(name["ko"], name["en"])}</h3>'
        f"<table><caption>{id_}</caption><tbody>{rows}</tbody></table></article>\n"
    )


def _value(field: str, value: Any) -> str:
    match field:
        case "status":
            return _two(*WORDS[value])
        case "data":
            return _list(_pair(one["name"]) + f"<p>{escape(one['licence'])}</p>" for one in value)
        case "persons":
            return f"<p>{_two(*WORDS['yes' if value['used'] else 'no'])}</p>{_pair(value['kind'])}"
        case "performance":
            tests = _two(*WORDS["tests"]) + ": " + escape(", ".join(value["tests"]))
            report = f"<p>{_two(*WORDS['report'])}: {escape(value['report'])}</p>" if value["report"] else ""
            return f"{_pair(value['says'])}{report}<p>{tests}</p>"
        case "limits":
            return _list(_pair(one) for one in value)
        case "risk":
            return f"<p>{_two(*WORDS[value['level']])}</p>{_pair(value['reason'])}"
        case "oversight":
            return f"<p>{_two(*WORDS['level'])}: {int(value['level'])}</p>{_pair(value['roles'])}"
        case "changes":
            return _list(f"<p>{escape(one['date'])} {escape(one['version'])}</p>{_pair(one['says'])}" for one in value)
        case "rooms":
            return escape(", ".join(value))
    return _pair(value) if isinstance(value, Mapping) else escape(str(value))


def _log(decisions: list[Mapping[str, Any]]) -> str:
    head = "".join(f'<th scope="col">{_two(*words)}</th>' for _, words in COLUMNS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_cell(field, line[field])}</td>" for field, _ in COLUMNS) + "</tr>"
        for line in decisions
    )
    table = (
        f'<div class="wide" tabindex="0"><table><caption>{_two(*WORDS["log"])}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    return (
        f'<section id="log"><h2>{_two(*WORDS["log"])}</h2>{_paragraphs(*WORDS["log_intro"])}'
        f"{table if decisions else _paragraphs(*WORDS['log_none'])}</section>\n"
    )


def _cell(field: str, value: Any) -> str:
    if field == "verdict":
        return _two(*WORDS.get(value, (value, value)))
    return _pair(value) if isinstance(value, Mapping) else escape(str(value))


def _pair(text: Mapping[str, str]) -> str:
    return _paragraphs(text["ko"], text["en"])


def _paragraphs(ko: str, en: str) -> str:
    return f'<p>{escape(ko)}</p><p lang="en">{escape(en)}</p>'


def _two(ko: str, en: str) -> str:
    return escape(ko) if ko == en else f'{escape(ko)} <span lang="en">{escape(en)}</span>'


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
