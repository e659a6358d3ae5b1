"""Sentences for people by reason code, Korean and English; their values are numbers and ids that a model gave."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cache

from twin.errors import InputError, UsageError, suggest
from twin.model.response.proposal import Reason
from twin.notices.words.alerts import EVENTS, GUIDANCE
from twin.notices.words.alerts import SENTENCES as ALERTS
from twin.notices.words.decided import SENTENCES as DECIDED
from twin.notices.words.proposed import SENTENCES as PROPOSED
from twin.notices.words.refused import SENTENCES as REFUSED

__all__ = ["CATALOGUE", "EVENTS", "GUIDANCE", "LANGUAGES", "event_name", "known", "say"]

LANGUAGES = ("ko", "en")

CATALOGUE: dict[str, tuple[str, str]] = {**ALERTS, **PROPOSED, **REFUSED, **DECIDED}
"""code -> (Korean, English)."""

#: value -> how a number of this name is written; others as short as they can be
_FORMS = {
    "chance": ".0%", "share": ".0%", "false_alarms": ".0%", "people": ",.0f", "homes": ",.0f", "minutes": ",.0f",
    "depth": ".2f", "level": ".1f", "ground": ".1f", "left": ".2f", "height": ".2f", "rise": ".1f", "now": ".0f",
    "peak": ".0f", "sum": ".0f", "rain": ".0f", "length": ",.0f", "density": ".1f",
}  # fmt: skip


def known(code: str) -> bool:
    """Return whether there is a sentence for a code."""
    return code in CATALOGUE


def say(reason: Reason, language: str, names: Mapping[str, str] | None = None) -> str:
    """Return the sentence of a reason in a language.

    language  "ko" or "en"
    names     id -> what people call it, for values that are ids

    Raises UsageError (unknown code or language) and InputError (a value its sentence needs is not there, or is a text
    where a number must be).
    """
    if reason.code not in CATALOGUE:
        raise UsageError(f"reason '{reason.code}' has no sentence; {suggest(reason.code, CATALOGUE)}")
    sentence = CATALOGUE[reason.code][_index(language)]
    values = {name: _written(reason.code, name, value, names or {}) for name, value in reason.values.items()}
    missing = sorted(_wanted(sentence) - set(values))
    if missing:
        raise InputError(
            f"reason '{reason.code}' comes without {', '.join(missing)}; found {', '.join(sorted(values))}"
        )
    return sentence.format(**values)


def event_name(event: str, language: str) -> str:
    """Return what people call an event. Raises UsageError for an unknown event or language."""
    if event not in EVENTS:
        raise UsageError(f"event '{event}' is not known; {suggest(event, EVENTS)}")
    return EVENTS[event].name[_index(language)]


def _index(language: str) -> int:
    if language not in LANGUAGES:
        raise UsageError(f"language '{language}' is not spoken; {suggest(language, LANGUAGES)}")
    return LANGUAGES.index(language)


@cache
def _wanted(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def _written(code: str, name: str, value: float | str, names: Mapping[str, str]) -> str:
    if isinstance(value, str):
        if name in _FORMS:
            raise InputError(f"reason '{code}': {name} is a number, found {value!r:.60}")
        return names.get(value, value)
    return format(value, _FORMS.get(name, ",.6g"))
