"""Two languages, no string left out."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from twin.errors import UsageError
from twin.rooms import discover
from viewer import words
from viewer.messages import CATALOGUE, PARTS
from viewer.words import LANGUAGES, kind_label, known_label, say

VIEWER = Path(__file__).parent.parent.parent / "viewer"
SOURCES = sorted(p for p in VIEWER.rglob("*.py") if p.parent.name != "messages")
HANGUL = re.compile("[가-힣]")

#: modules that read Hangul in files (they show none), and the caption of a font's name
READS = {"_shapes.py", "facts.py"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_message_speaks_both_languages_with_the_same_values(key: str) -> None:
    korean, english = CATALOGUE[key]
    assert korean.strip()
    assert english.strip()
    assert placeholders(korean) <= placeholders(english) | {"eok", "year"}
    assert placeholders(english) <= placeholders(korean) | {"billion"}


def test_no_message_stands_in_two_parts() -> None:
    assert sum(map(len, PARTS)) == len(CATALOGUE)


def test_every_measure_has_a_name() -> None:
    for hazard in discover("twin.hazards", "hazard").values():
        for measure in hazard().measures:
            assert f"measure_{measure}" in CATALOGUE


def test_korean_messages_are_korean_and_english_ones_are_not() -> None:
    same = {"language", "column_sha", "language_name"}
    for key, (korean, english) in CATALOGUE.items():
        if key in same:
            continue
        assert HANGUL.search(korean) or not re.search("[a-z]{4}", re.sub(r"{[^}]*}", "", korean)), key
        assert not HANGUL.search(english), key


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(VIEWER)))
def test_pages_hold_no_text_of_their_own(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and path.name not in READS:
            assert not HANGUL.search(node.value), f"{path.name}:{node.lineno}: {node.value}"


def used_keys() -> tuple[set[str], set[str]]:
    """Return the keys that sources ask for, and the beginnings of those that they build."""
    keys, beginnings = set(), {"use_", "curve_", "validated_", "status_", "severity_", "class_", "closed_to_"}
    beginnings |= {"cause_", "structure_", "untenable_", "measure_", "side_"}
    beginnings |= {"state_", "unit_", "by_", "verdict_"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in CATALOGUE:
                keys.add(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                first = node.args[0]
                if isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                    beginnings.add(str(first.values[0].value))
                if isinstance(first, ast.Constant):
                    assert first.value in CATALOGUE, f"{path.name}:{node.lineno}"
    return keys, beginnings


def test_no_message_is_forgotten() -> None:
    keys, beginnings = used_keys()
    idle = [k for k in CATALOGUE if k not in keys and not any(k.startswith(b) for b in beginnings)]
    assert idle == []


def test_unknown_key_and_language_are_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="'legend'"):
        say("legnd", "ko")
    with pytest.raises(UsageError, match="known: en, ko"):
        say("legend", "fr")


def test_labels_come_from_the_vocabulary_or_stay_as_they_are() -> None:
    assert kind_label("building", "ko") == "건물"
    assert known_label("use", "school", "en") == "School"
    assert known_label("use", "온실", "en") == "온실"
    assert LANGUAGES[0] == "ko"


@pytest.mark.parametrize("order", [1, 2])
def test_the_flood_model_says_the_same_in_both_languages(order: int) -> None:
    from twin.hazards.flood import VALIDATED

    assert words.validation("flood", VALIDATED[order], "en") == VALIDATED[order]
    assert words.validation("flood", VALIDATED[order], "ko") == CATALOGUE[f"validated_flood_{order}"][0]


def test_a_sentence_the_catalogue_lacks_is_shown_as_it_is() -> None:
    assert words.validation("flood", "An older sentence.", "ko") == "An older sentence."
    assert words.validation("fire", "", "ko") == words.say("validated_none", "ko")


def test_every_doubt_about_money_is_in_the_catalogue() -> None:
    from twin.impact import curves
    from twin.impact.value import Valuation

    for name in curves.CURVES:
        for doubt in Valuation().unverified(curves.curve_set(name)):
            for language in LANGUAGES:
                assert len(words.say("doubt_" + doubt["code"], language, value=doubt["value"])) > 20
