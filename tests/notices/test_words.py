from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import twin.agents
import twin.runs
import twin.shield
from twin.errors import InputError, UsageError
from twin.model.response.proposal import Reason
from twin.notices import event_name, known, say
from twin.notices.words import CATALOGUE, EVENTS, GUIDANCE, alerts, decided, proposed, refused

FOLDERS = [Path(package.__path__[0]) for package in (twin.agents, twin.shield)] + [
    Path(twin.runs.__path__[0]) / "response"
]
#: families of codes whose parts are put together where they are used -> what they can become
BUILT = {
    "{}.over": ("flood", "fire"), "{}.possible": ("flood", "fire"), "{}.warning": ("flood", "fire"),
    "evacuation.{}.{}": ("below.crew", "below.broadcast", "below.bus", "ground.crew", "ground.broadcast", "ground.bus",
                         "fire.crew", "fire.broadcast", "fire.bus"),
    "{}.fire": ("nearest", "sop"), "{}.underpass": ("nearest", "sop"), "traffic.{}": ("close_road", "message_sign"),
}  # fmt: skip
FAMILIES = {code.partition(".")[0] for code in CATALOGUE}


def texts(node: ast.AST) -> list[str]:
    """Return the codes that a text or a text put together can be."""
    text = ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    if text in BUILT:
        return [text.replace(".{}.{}", ".{}").format(one) for one in BUILT[text]]
    spelt = re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", text) and text.partition(".")[0] in FAMILIES
    return [text] if spelt else []


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield file and node of everything that agents, shield and the loop hold."""
    for path in (path for folder in FOLDERS for path in sorted(folder.rglob("*.py"))):
        yield from ((path.name, node) for node in ast.walk(ast.parse(path.read_text())))


def spelled() -> dict[str, str]:
    """Return code -> file of all codes that agents, shield and the loop spell out."""
    return {code: name for name, node in nodes() for code in texts(node)}


def test_a_reason_comes_with_the_values_of_its_sentence() -> None:
    """Where code and values stand together; `reason` is how agents write one."""
    found = 0
    for name, node in nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reason" and node.args:
            first = node.args[0]
            assert not isinstance(first, ast.Constant) or first.value in CATALOGUE, f"{name}: {first.value}"
            for code in texts(first):
                given = {keyword.arg for keyword in node.keywords}
                wanted = {n for text in CATALOGUE[code] for _, n, _, _ in string.Formatter().parse(text) if n}
                assert wanted <= given, f"{name}: {code} without {wanted - given}"
                found += 1
    assert found > 20


def test_every_code_that_is_spelled_out_has_a_sentence() -> None:
    missing = {code: file for code, file in spelled().items() if not known(code)}
    assert missing == {}


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_sentence_says_the_same_values_in_both_languages(code: str) -> None:
    korean, english = CATALOGUE[code]
    wanted = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (korean, english)]
    assert wanted[0] == wanted[1] or wanted[0] - wanted[1] <= {"ground"}
    assert re.search(r"[가-힣]", korean)
    assert not re.search(r"[가-힣]", english)
    values = dict.fromkeys(wanted[0] | wanted[1], 1.0)
    for language in ("ko", "en"):
        said = say(Reason(code, values), language)
        assert "{" not in said
        assert said.endswith(".")


def test_no_code_stands_in_two_parts() -> None:
    parts = [part.SENTENCES for part in (alerts, proposed, refused, decided)]
    assert sum(map(len, parts)) == len(CATALOGUE)
    assert set(GUIDANCE) == {*EVENTS, "over"}


def test_values_are_written_for_people_and_ids_get_names() -> None:
    reason = Reason("flood.possible", {"about": "d1", "chance": 0.256, "people": 1234.6})
    assert say(reason, "ko", {"d1": "신방동"}) == "신방동: 침수될 가능성이 있습니다 (가능성 26%, 위험 인원 약 1,235명)."
    assert say(reason, "en") == "d1: flooding is possible (chance 26%, some 1,235 people in danger)."


def test_unknown_words_are_said() -> None:
    with pytest.raises(UsageError, match=r"Did you mean 'flood\.over'"):
        say(Reason("flood.ovr"), "ko")
    with pytest.raises(UsageError, match="language 'fr'"):
        say(Reason("standing.used"), "fr")
    with pytest.raises(InputError, match="comes without about, chance, people"):
        say(Reason("flood.possible"), "ko")
    with pytest.raises(UsageError, match="Did you mean 'fire'"):
        event_name("fir", "ko")
    with pytest.raises(UsageError, match="not spoken"):
        event_name("fire", "")
    assert not known("flood.ovr")


def test_a_value_cannot_smuggle_in_a_placeholder() -> None:
    said = say(Reason("fire.reported", {"place": "{about} {0.__class__}"}), "en")
    assert said == "Fire reported: {about} {0.__class__}."
