from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.physics.cases import behave
from twin.errors import InputError
from twin.physics.wildfire import korean, surface
from twin.physics.wildfire.fuels import number_of, standard
from twin.physics.wildfire.kernels import PARTS, sources


def test_the_table_is_that_of_behave(shared: Path) -> None:
    table, rows = standard(), behave.read("fuel_models.csv")
    assert len(rows) == len(table.number) == 58
    assert int(table.burns.sum()) == 53
    names = ("load_1h", "load_10h", "load_100h", "load_live_herb", "load_live_woody")
    for i, row in enumerate(rows):
        assert (int(row["fuel_model"]), row["code"]) == (table.number[i], table.code[i])
        loads = np.delete(table.loads[i], 3)
        np.testing.assert_allclose(loads, [float(row[f"{n}_lb_ft2"]) for n in names], atol=1e-8)
        if table.burns[i]:
            found = (table.depth[i], table.extinction[i], table.heat[i])
            assert found == tuple(float(row[n]) for n in ("depth_ft", "mx_dead_fraction", "heat_dead_btu_lb"))
            assert table.dynamic[i] == (row["dynamic_herb"] == "1" and float(row["load_live_herb_lb_ft2"]) > 0)
        for place, name in ((0, "savr_1h"), (4, "savr_live_herb"), (5, "savr_live_woody")):
            assert table.loads[i, place] == 0 or table.savr[i, place] == float(row[f"{name}_ft2_ft3"])


def test_an_unknown_number_is_told_with_its_place_and_count() -> None:
    numbers = np.full((3, 4), 102)
    numbers[1, 2:] = 100
    with pytest.raises(InputError, match="fuel model 100 at row 1, column 2 is not known, nor those of 1 other cells"):
        standard().index(numbers)
    for number in (300, -9999):
        with pytest.raises(InputError, match=f"fuel model {number} "):
            standard().index(np.full((1, 1), number))
    with pytest.raises(InputError, match="fuel model 'GR99' is not known"):
        number_of("GR99")


def test_codes_and_numbers_go_together() -> None:
    assert [number_of(code) for code in ("FM1", "GR2", "SH5", "TU5", "TL8", "NB1")] == [1, 102, 145, 165, 188, 91]


def test_herbs_cure_from_120_to_30_percent() -> None:
    share = surface.cured_share(np.array([0.0, 0.29, 0.30, 0.75, 1.20, 1.21]))
    np.testing.assert_allclose(share, [1, 1, 1.0, 1.333 - 1.11 * 0.75, 0.001, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("소나무림", "TU5"),
        ("리기다소나무림", "TU5"),
        ("활엽수림", "TL6"),
        ("혼효림", "TU2"),
        ("하천부지", "GR2"),
        ("관목덤불", "SH5"),
        ("Golf course", "GR1"),
        (" FOREST ", "TU5"),
        ("논", "GR1"),
        ("공동주택지", "NB1"),
        ("내륙수", "NB8"),
    ],
)
def test_korean_words_have_a_fuel_model(word: str, code: str) -> None:
    assert korean.model_of(word) == number_of(code)


def test_a_word_that_is_not_known_has_none() -> None:
    assert korean.model_of("비산림") is None
    assert korean.model_of("moonscape") is None
    assert korean.model_of("논란") is None


def test_every_word_stands_once_and_every_code_is_a_model() -> None:
    words = [word for known in korean.WORDS.values() for word in known]
    assert len(words) == len(set(words))
    assert all(number_of(code) for code in korean.WORDS)
    assert all(number_of(code) for codes in korean.UNDER.values() for code in codes)


def test_stands_have_crowns_and_grass_has_none() -> None:
    pine, oak = korean.stand_of(165), korean.stand_of(186)
    assert pine is not None
    assert oak is not None
    assert pine.bulk_density > 0 == oak.bulk_density
    assert korean.stand_of(102) is None


def test_the_key_of_the_kernel_covers_the_rooms_it_is_made_of() -> None:
    assert len(sources()) == 64
    assert {"surface.py", "beds.py", "wind.py", "ellipse.py", "crown.py"} == set(PARTS)
