from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from twin.errors import InputError, MissingError, TwinError
from twin.register import Decided, Text, check, export, load
from twin.settings import data_folder

SOURCE = data_folder("assets") / "register"
HOSTILE = "</p><script>alert(1)</script><img src=http://x.example/a onerror=x>&\"'"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register of two entries."""
    for name in ("_common", "flood", "traffic"):
        (tmp_path / f"{name}.toml").write_text((SOURCE / f"{name}.toml").read_text())
    return tmp_path


def change(folder: Path, old: str, new: str, name: str = "flood") -> None:
    path = folder / f"{name}.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def decided(**more: object) -> Decided:
    reason = Text(ko="물이 깊어집니다.", en="The water gets deeper.")
    outcome = Text(ko="12명이 물을 피했습니다.", en="12 people stayed out of the water.")
    line = Decided(
        datetime(2026, 7, 1, 5, tzinfo=UTC), "run1", "ab12", "traffic", 3, "approve", "상황실장", reason, outcome
    )
    return dataclasses.replace(line, **more)


def test_entries_come_in_the_order_of_their_ids_with_what_all_share(folder: Path) -> None:
    entries = load(folder)
    assert list(entries) == ["flood", "traffic"]
    assert "법적 효력이 없음" in entries["flood"].legal.ko
    (folder / "flood.toml").write_text((folder / "flood.toml").read_text() + '\n[legal]\nko = "따로"\nen = "own"\n')
    assert load(folder)["flood"].legal.en == "own"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('status = "exercise"', 'statsu = "exercise"', r"'status' is not there; 'statsu' is not a field.*Did you mean 'status'"),
        ('[risk]\nlevel = "limited"', '[risk]\nlevel = "huge"', r"'risk.level'.*'limited'.*found 'huge'"),
        ("level = 0", "level = 5", r"'oversight.level'"),
        ("level = 0", 'level = "0"', r"'oversight.level'"),
        ('en = "Flood model"', 'en = "홍수모형입니다"', r"'name.en'.*not English"),
        ('ko = "침수 모형"', 'ko = "Flood"', r"'name.ko'.*no Korean"),
        ('id = "flood"', 'id = "flod"', r"its id is 'flod'"),
        ('kind = "hazard"', 'kind = "hazrd"', r"'kind'.*'hazard'"),
        ("begins = 2026-11-21", "begins = 2026-11-21\nends = 2026-01-01", r"ends on 2026-01-01, before"),
        ('version = "1.0"', 'version = "1.1"', r"last change is of 1.0"),
        ("[name]", "[name", r"not a TOML document"),
        ("[persons]\nused = false", '[persons]\nused = "no"', r"'persons.used'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_entry_is_said(folder: Path, old: str, new: str, says: str) -> None:
    change(folder, old, new)
    with pytest.raises(InputError, match="(?s)^flood.toml: .*" + says):
        load(folder)


def test_changes_stand_in_the_order_of_their_days(folder: Path) -> None:
    text = (folder / "flood.toml").read_text()
    (folder / "flood.toml").write_text(text + text[text.index("[[changes]]") :].replace("2026-11-21", "2026-01-01"))
    with pytest.raises(InputError, match="oldest first"):
        load(folder)


def test_nonsense_and_nothing_are_said(folder: Path, tmp_path: Path) -> None:
    (folder / "flood.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        load(folder)
    (folder / "flood.toml").write_text("a = " + "[" * 5000 + "]" * 5000)
    with pytest.raises(InputError):
        load(folder)
    with pytest.raises(MissingError, match="no register"):
        load(tmp_path / "none")


def test_check_says_what_is_missing_doubled_and_gone(folder: Path) -> None:
    entries = load(folder)
    assert check(entries, {"hazard": ["twin.hazards.flood"], "agent": ["twin.agents.traffic"]}) == []
    assert check(entries, {"agent": ["twin.agents.traffic"]}) == []
    (gone,) = check(entries, {"agent": ["twin.agents.traffic"], "hazard": []})
    assert "twin.hazards.flood, which is not there" in gone
    missing, near = check(entries, {"hazard": ["twin.hazards.floods"]})
    assert "assets/register/floods.toml" in missing
    assert "Did you mean 'twin.hazards.floods'" in near
    twice = {**entries, "again": entries["flood"]}
    assert check(twice, {"hazard": ["twin.hazards.flood"]}) == [
        "hazard twin.hazards.flood stands in several entries: flood, again"
    ]


def test_export_writes_json_and_a_page_that_needs_nothing_else(tmp_path: Path) -> None:
    entries = load()
    json_path, page_path = export(tmp_path / "a" / "b", entries, [decided()])
    document = json.loads(json_path.read_text())
    assert [entry["id"] for entry in document["entries"]] == list(entries)
    assert document["decisions"][0]["time"] == "2026-07-01T05:00:00+00:00"
    text = page_path.read_text()
    for tag in ("<script", "<img", "<link", "<iframe", "url(", "@import", "src=", "http:", "https:", "style="):
        assert tag not in text.replace("style-src=", "")
    assert "default-src 'none'" in text
    page = html.fromstring(text)
    assert page.get("lang") == "ko"
    assert page.xpath("//meta[@charset]")[0].get("charset") == "utf-8"
    assert len(page.xpath("//h1")) == len(page.xpath("//main")) == 1
    assert len(page.xpath("//article")) == len(entries)
    assert all(table.xpath("./caption") for table in page.xpath("//table"))
    assert all(cell.get("scope") for cell in page.xpath("//th"))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.xpath("//a/@href")} <= set(ids)
    for entry in entries.values():
        (article,) = page.xpath(f"//article[@id='entry-{entry.id}']")
        said = article.text_content()
        for limit in entry.limits:
            assert said.index(limit.ko) < said.index(limit.en)  # Korean first
    for english in page.xpath("//*[@lang='en']"):
        assert not re.search(r"[가-힣]{6,}", english.text_content())


def test_export_is_the_same_twice_and_in_the_order_of_time(tmp_path: Path) -> None:
    lines = [decided(), decided(time=datetime(2026, 7, 1, 4, tzinfo=UTC), proposal="cd34", verdict="expired")]
    written = [
        [path.read_bytes() for path in export(tmp_path / name, load(), order)]
        for name, order in (("a", lines), ("b", lines[::-1]))
    ]
    assert written[0] == written[1]
    page = html.fromstring(written[0][1].decode())
    assert page.xpath("//section[@id='log']//tbody/tr/td[3]/text()") == ["cd34", "ab12"]


def test_an_empty_log_says_so(tmp_path: Path) -> None:
    page = export(tmp_path, load())[1].read_text()
    assert "아직 결정이 없습니다." in page


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    text = Text(ko="가" + HOSTILE, en="a" + HOSTILE)
    line = decided(
        run=HOSTILE, proposal=HOSTILE, agent=HOSTILE, verdict=HOSTILE, role=HOSTILE, reason=text, outcome=text
    )
    page = export(tmp_path, load(), [line, decided(role="\ud800")])[1].read_text()
    assert "<script" not in page
    assert "<img" not in page
    cells = html.fromstring(page).xpath("//section[@id='log']//tbody/tr[1]/td")
    assert [cell.text_content() for cell in cells[1:4]] == [HOSTILE] * 3


def test_names_of_people_are_not_published(tmp_path: Path) -> None:
    reason = Text(ko="김철수가 김철수 팀장과 정함", en="kim.cs of kim decided")
    line = decided(role="팀장 김철수", reason=reason, outcome=reason)
    for path in export(tmp_path, load(), [line], persons=["kim", "김철수", "kim.cs", " "]):
        text = path.read_text()
        assert "김철수" not in text
        assert "kim" not in text
        assert "(이름 비공개)가 (이름 비공개) 팀장과 정함" in text
        assert "(name withheld) of (name withheld) decided" in text


def test_export_says_what_it_cannot_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no zone"):
        export(tmp_path, load(), [decided(time=datetime(2026, 7, 1))])
    (tmp_path / "file").write_text("")
    with pytest.raises(TwinError, match="choose a folder"):
        export(tmp_path / "file", load())
