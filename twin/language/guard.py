"""What an answer may not hold unless the text it is about held it: numbers, ids, places, decisions; and never a link.

It is a net, not a proof: a wrong sentence without any of these passes, and so does a number of the text that is told
of another thing. That is why nothing of an answer is ever read as a value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from twin.errors import RefusedError

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORDS_EN = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billion|dozens?"
    "|twice|double|triple"
)
_NUMERAL = re.compile(
    rf"\b(?:{_WORDS_EN})\b|[一二三四五六七八九十百千万億兆]+"
    "|하나|다섯|여섯|일곱|여덟|아홉|스물|서른|마흔|예순|일흔|여든|아흔"
    "|(?:한|두|세|네|열)\\s?(?:명|채|곳|대(?![가-힣])|개)"
    "|[일이삼사오육칠팔구수]?[십백천만억조]+\\s?(?:여\\s?)?(?:명|동(?![가-힣])|대(?![가-힣])|개|곳|채|분(?![가-힣])|시간|미터|킬로|원|퍼센트|도(?![가-힣]))",
    re.IGNORECASE,
)
_ID = re.compile(r"[A-Za-z0-9]*(?:[A-Za-z][0-9]|[0-9][A-Za-z])[A-Za-z0-9]*|[A-Za-z0-9]+(?:[_/:#][A-Za-z0-9]+)+")
_LINK = re.compile(r"[a-z][a-z0-9+.-]*://|www\.|\]\(|javascript:|data:|file:|mailto:|\S+@\S+", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-z!/?]|&#?\w+;|```|\{\{|\{%|\$\{", re.IGNORECASE)

#: words that say a decision, by meaning: one may stand in an answer when the text says the same in either language
DECISIONS = (
    ("승인", "허가", "approv", "authoris", "authoriz", "permitted"),
    ("반려", "거부", "불허", "reject", "denied"),
    ("배정", "배치", "출동", "award", "assign", "dispatch", "deploy"),
    ("명령", "지시", "발령", "ordered", "mandat"),
    ("통제", "폐쇄", "closed", "closure", "shut"),
    ("대피", "피난", "evacuat"),
    ("안전합니다", "안전하다", "해제", "all clear", "is safe", "are safe"),
)


def check(answer: str, about: str, places: Iterable[Collection[str]] = (), most: int = 2000) -> str:
    """Return an answer with its blanks tidied, or refuse it.

    about   the text it is about
    places  names of each known place of the city, all names of one place together
    most    characters

    Raises RefusedError saying what the answer holds that it may not.
    """
    text = " ".join(unicodedata.normalize("NFKC", answer).split())
    source = unicodedata.normalize("NFKC", about)
    if not text:
        raise RefusedError("the language model answers with nothing")
    if len(text) > most:
        raise RefusedError(f"the language model answers with {len(text)} characters, at most {most}")
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cs", "Cn"} for sign in text):
        raise RefusedError("the language model's answer holds signs that are not seen")
    for what, form in (("a link", _LINK), ("markup", _MARKUP)):
        if form.search(text):
            raise RefusedError(f"the language model's answer holds {what}")
    for what, form in (("a number", _NUMBER), ("a number in words", _NUMERAL), ("an id", _ID)):
        _only_known(what, _found(form, text), _found(form, source))
    if any(unicodedata.category(sign) in {"Nl", "No"} for sign in text):
        raise RefusedError("the language model's answer holds a number in other signs")
    low, base = text.casefold(), source.casefold()
    for words in DECISIONS:
        if any(word in low for word in words) and not any(word in base for word in words):
            raise RefusedError(f"the language model's answer speaks of '{words[0]}', of which the text does not")
    for names in places:
        said = [name for name in names if name and name.casefold() in low]
        if said and not any(name.casefold() in base for name in names if name):
            raise RefusedError("the language model's answer names a place that the text does not")
    return text


def _found(form: re.Pattern[str], text: str) -> set[str]:
    return {re.sub(r"\s|,", "", match.group()).casefold() for match in form.finditer(text)}


def _only_known(what: str, said: set[str], known: set[str]) -> None:
    new = sorted(said - known)
    if new:
        raise RefusedError(f"the language model's answer holds {what} that the text does not: {new[0][:40]!r}")
