"""The public register: every agent and model, what it is for, what it rests on, its limits, and who oversees it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from twin.register.page import LABELS, WORDS
from viewer.plain import PARAGRAPH, markdown, markup
from viewer.words import LANGUAGES, index, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin.store import City
    from viewer.page.head import Subject


@lru_cache(maxsize=1)
def _entries() -> dict[str, list[dict[str, Any]]]:
    """Return kind -> its entries as documents."""
    from twin.register import KINDS, load

    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for entry in load().values():
        found[entry.kind].append(entry.model_dump(mode="json"))
    return {kind: entries for kind, entries in found.items() if entries}


def show(city: City, subject: Subject) -> None:
    """Draw the register, one entry to unfold for each agent and model."""
    del city
    language = subject.language
    note = markup(say("register_note", language), 300)
    st.html(f'<h2>{say("page_register", language)}</h2><div class="note">{note}</div>')
    for kind, entries in _entries().items():
        count = say("register_count", language, n=len(entries))
        st.html(f'<h3>{markup(word(kind, language))} <span class="note">{markup(count)}</span></h3>')
        for entry in entries:
            risk = word(entry["risk"]["level"], language)
            label = f"{entry['name'][language]} · {say('register_risk', language, level=risk)}"
            with st.expander(markdown(label, 160)):
                st.html(document(entry, language))


def word(code: str, language: str) -> str:
    """Return what the register calls a kind, a status or a class of risk."""
    return WORDS[code][index(language)]


def label_of(field: str, language: str) -> str:
    """Return what the register calls a field."""
    return LABELS[field][index(language)]


def document(entry: Mapping[str, Any], language: str) -> str:
    """Return an entry as HTML, in one language."""
    rows = "".join(
        f"<dt>{markup(label_of(field, language))}</dt><dd>{_value(field, entry[field], language)}</dd>"
        for field in LABELS
        if entry[field] is not None
    )
    return f'<dl class="facts" lang="{language}">{rows}</dl>'


def _value(field: str, value: Any, language: str) -> str:
    """Return the value of a field as HTML: texts of the language, lists as lists, words as words."""
    if field == "status":
        return markup(word(value, language))
    if field == "persons":
        return f"{markup(word('yes' if value['used'] else 'no', language))}: {_text(value['kind'], language)}"
    if field == "risk":
        return f"{markup(word(value['level'], language))}: {_text(value['reason'], language)}"
    if field == "oversight":
        return f"{markup(word('level', language))} {int(value['level'])}: {_text(value['roles'], language)}"
    if field == "performance":
        tests = f"{markup(say('register_tests', language))}: {markup(', '.join(value['tests']), 300)}"
        return f"{_text(value['says'], language)}<br>{tests}"
    if field == "data":
        return _list(f"{_text(one['name'], language)} ({markup(one['licence'])})" for one in value)
    if field == "changes":
        return _list(
            f"{markup(one['date'])} · {markup(one['version'])} · {_text(one['says'], language)}" for one in value
        )
    if field == "rooms":
        return markup(", ".join(value), 300)
    if field == "limits":
        return _list(_text(one, language) for one in value)
    return _text(value, language)


def _text(value: Any, language: str) -> str:
    return (
        markup(value[language], PARAGRAPH)
        if isinstance(value, dict) and set(value) == set(LANGUAGES)
        else markup(value)
    )


def _list(items: Any) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
