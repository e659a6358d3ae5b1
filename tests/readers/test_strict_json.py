from __future__ import annotations

from pathlib import Path

import pytest

from ingest.formats.strict_json import DEEPEST, nesting, text_of
from twin.errors import InputError


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_nesting_counts_what_stands_open_at_once() -> None:
    assert nesting(b"") == 0
    assert nesting(b'{"a": [[1], [2, {"b": 3}]]}') == 4
    assert nesting(b"[" * 5 + b"]" * 5 + b"[" * 3) == 5
    assert nesting(b"[]" * 3_000_000) == 1


def test_nesting_without_end_is_refused_whatever_python_would_take(tmp_path: Path) -> None:
    deep = DEEPEST + 1
    with pytest.raises(InputError, match=r"deep\.json: nested too deep"):
        text_of(written(tmp_path / "deep.json", "[" * deep + "]" * deep), 10**6)
    assert text_of(written(tmp_path / "fine.json", "[" * DEEPEST + "]" * DEEPEST), 10**6).startswith("[[")


def test_brackets_inside_strings_are_no_nesting(tmp_path: Path) -> None:
    text = "[" + ", ".join(['"[ \\" ["'] * DEEPEST) + "]"
    assert text_of(written(tmp_path / "names.json", text), 10**6) == text
