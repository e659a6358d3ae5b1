from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import InputError, RefusedError
from twin.runs.document.strict_yaml import load_yaml, resolve


def test_scalars_are_text_until_the_schema_speaks(shared: Path) -> None:
    document = load_yaml((shared / "hostile/yaml/gen_norway.yaml").read_text(), "norway.yaml")
    assert document == {
        "country": "NO",
        "version": "1.10",
        "time": "12:30:45",
        "id": "0123",
        "sensor": "1e3",
        "yes": "yes",
    }


def test_resolve_follows_the_core_schema_and_leaves_quotes_alone() -> None:
    text = "[1, -2.5, 1e3, true, null, NO, 0123, '7', 12:30:45, .5, e3, '']"
    assert resolve(load_yaml(text, "a.yaml")) == [
        1,
        -2.5,
        1000.0,
        True,
        None,
        "NO",
        "0123",
        "7",
        "12:30:45",
        0.5,
        "e3",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("a: *b", "alias"),
        ("a: &b 1", "line 1: anchor"),
        ("x: 1\na: !!int 1", "line 2: tag"),
        ("<<: {a: 1}", "merge"),
        ("[1, 2]: 3", "key is not text"),
        ("a: 1\n---\nb: 2", "second document"),
        ("a: [1", "line"),
        ("a: \x07", "a.yaml"),
    ],
)
def test_refused(text: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        load_yaml(text, "a.yaml")


@pytest.mark.parametrize("text", ["[" * 30 + "]" * 30, "[" + "1," * 30_000 + "1]"])
def test_limits(text: str) -> None:
    with pytest.raises(RefusedError, match="refused"):
        load_yaml(text, "a.yaml")
