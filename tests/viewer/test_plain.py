"""Names are shown, never obeyed."""

from __future__ import annotations

import unicodedata

from viewer.plain import markdown, markup, plain


def test_hostile_names_lose_what_turns_or_hides_text(hostile: list[str]) -> None:
    for name in hostile:
        shown = plain(name)
        assert len(shown) <= 80
        assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf"}]
    assert plain("\u202egnp.exe") == "\ufffdgnp.exe"
    assert plain("a\nb\tc") == "a b c"
    assert plain("가온시청 2층") == "가온시청 2층"


def test_markup_holds_no_tag(hostile: list[str]) -> None:
    for name in hostile:
        assert "<" not in markup(name)
        assert '"' not in markup(name)
    assert markup("<b>") == "&lt;b&gt;"


def test_markdown_escapes_every_sign_with_a_meaning(hostile: list[str]) -> None:
    for name in hostile:
        bare = markdown(name).replace("\\\\", "")
        for sign in "*_[]()<>`$:":
            assert bare.count(sign) == bare.count("\\" + sign), name
