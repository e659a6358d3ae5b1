"""Tables of figures go between their markers; the pages of docs/validation show what is drawn for them, all of it."""

from __future__ import annotations

import re

import pytest

from tests import figures
from tests.plots import paper, tables
from tests.plots.__main__ import FIGURES, main

ROW = {"value": 0.00123, "unit": "m", "bound": "<= 1", "peer": None, "peer_value": None}


def pages() -> dict[str, str]:
    return {path.name: path.read_text() for path in paper.FOLDER.glob("*.md")}


def test_values_have_three_digits_and_their_unit_but_for_plain_numbers() -> None:
    assert figures.number(0.0012345, "m") == "0.00123 m"
    assert figures.number(450123.4, "cell CPU-s-1") == "450,123 cell CPU-s-1"
    assert figures.number(1.1676, "1") == "1.17"


def test_a_table_has_a_column_of_peers_where_there_is_one() -> None:
    assert figures.table([("depth", ROW)]).splitlines()[-1] == "| depth | 0.00123 m | <= 1 |"
    beside = ROW | {"peer": "CFAST 8", "peer_value": 0.91}
    assert figures.table([("a", ROW), ("b", beside)]).splitlines()[2:] == [
        "| a | 0.00123 m | <= 1 | |",
        "| b | 0.00123 m | <= 1 | CFAST 8: 0.91 |",
    ]


def test_only_what_has_been_measured_is_shown_and_only_between_its_markers() -> None:
    page = "a\n<!-- figures: fire -->\nold\n<!-- /figures: fire -->\nb\n"
    filled = figures.filled(page, {"fire.kobe_gap_m": ROW})
    assert filled.startswith("a\n<!-- figures: fire -->\n\n| figure |")
    assert filled.endswith("<= 1 |\n\n<!-- /figures: fire -->\nb\n")
    assert "old" not in filled
    assert figures.filled(filled, {"fire.kobe_gap_m": ROW}) == filled


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(LookupError, match="no markers <!-- figures: flood -->"):
        figures.filled("nothing", {"flood.volume.f32.max_rel_error": ROW})


@pytest.mark.parametrize("topic", figures.SHOWN)
def test_no_figure_is_shown_in_two_tables(topic: str) -> None:
    others = [name for other, shown in figures.SHOWN.items() if other != topic for name in shown]
    assert not set(figures.SHOWN[topic]) & set(others)


def test_every_table_has_its_markers_in_its_page() -> None:
    have = pages()
    for name, (page, _, _) in tables.TABLES.items():
        assert figures.between(have[page], f"table: {name}", "x") != have[page]


def test_pages_show_every_figure_that_is_drawn_and_no_other() -> None:
    shown = {name for text in pages().values() for name in re.findall(r"!\[[^\]]+\]\((\w+)\.png\)", text)}
    assert shown == set(FIGURES)
    for name in FIGURES:
        path = paper.FOLDER / f"{name}.png"
        assert path.stat().st_size <= paper.LIMIT, path


def test_links_between_the_pages_lead_somewhere() -> None:
    for text in pages().values():
        for target in re.findall(r"\]\((\w+\.md)\)", text):
            assert (paper.FOLDER / target).is_file(), target


def test_an_unknown_figure_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fire_kobee"]) == 2
    assert "no figure is called fire_kobee" in capsys.readouterr().err
