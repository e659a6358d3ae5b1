"""What the page says of underpasses, basements, pumps and closed roads is what the run wrote down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.viewer import small
from tests.viewer.small import RUN
from twin.errors import InputError
from viewer import below, record
from viewer.layers import At, closures
from viewer.moments import span
from viewer.words import LANGUAGES, say


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_limit_of_the_model_has_a_title(language: str) -> None:
    titles = [say(f"limit_{name}", language, depth=f"{depth:g}") for name, depth in below.limits().items()]
    assert len(set(titles)) == len(titles) >= 6


def test_storages_carry_what_frames_and_record_know(city) -> None:
    first, second = below.storages(city, RUN, "underpass")
    assert (first.id, first.most, first.share) == ("U1", 2.6, 0.25)
    assert first.series.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]
    assert dict(first.limits) == {"water_enters": 700.0, "stairs_hard": 1300.0}
    assert (second.id, second.most, second.share) == ("U2", 0.0, 0.0), "the record of others does not name it: dry"
    (cellar,) = below.storages(city, RUN, "basement")
    assert cellar.id == "b00001"
    assert cellar.name != cellar.id, "the name of the building"
    (pump,) = below.works(city, RUN)
    assert (pump.kind, pump.most, pump.series[0]) == ("pump", 0.25, 0.0)


def test_the_pieces_of_an_underpass_are_one_thing(city, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(below, "impact", lambda _city, _run: {"underpasses": [{"parts": ["U2", "U1"]}]})
    storages = below.storages.__wrapped__  # without what was remembered
    (whole,) = storages(city, RUN, "underpass")
    assert (whole.id, whole.most, whole.share) == ("U1", 2.6, 0.25)
    assert whole.series.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]


def test_closed_roads_have_when_and_for_whom(city) -> None:
    found = json.loads(closures.layer.records(city, At(run=RUN)))["features"]
    closed = closures.closed(city, RUN)
    assert len(found) == len(closed) > 0
    for feature in found:
        p = feature["properties"]
        assert -1 <= p["a0"] < p["a1"]
        assert p["b0"] == -1 or p["a0"] <= p["b0"], "a large vehicle passes longer than a small car"
        assert "승용차 통제 22:" in p["tip"]


@pytest.mark.parametrize(
    ("time", "expected"),
    [(0.0, "clear"), (600.0, "some"), (1199.0, "some"), (1200.0, "every"), (1800.0, "some"), (2400.0, "clear")],
)
def test_the_colour_of_a_closed_road_follows_the_clock(time: float, expected: str) -> None:
    road = {"a0": 600, "a1": 2400, "b0": 1200, "b1": 1800}
    text = closures.colours(time).replace("properties.", "")
    for word, python in (("&&", "and"), ("?", "if_"), (":", "else_")):
        text = text.replace(word, python)
    large, rest = text.split(" if_ ")[0], text.split(" else_ ")[1]
    small_ = rest.split(" if_ ")[0].lstrip("(")
    is_large, is_small = (eval(part.strip("() "), {}, road) for part in (large, small_))
    assert ("every" if is_large else "some" if is_small else "clear") == expected


def test_a_span_says_never_and_to_the_end(city) -> None:
    assert span(city, RUN, None, "ko") == "–"
    assert span(city, RUN, {"from_s": 600.0, "until_s": 1200.0}, "ko") == "22:10 – 22:20"
    assert span(city, RUN, {"from_s": 600.0, "until_s": None}, "en") == "22:10 – end of run"


def test_a_record_that_cannot_be_read_is_named(city, tmp_path: Path) -> None:
    with small.build(tmp_path / "broken.twin", across=3, frames=3) as other:
        (other.runs.folder(RUN) / "run.json").write_text("{")
        with pytest.raises(InputError, match=r"run\.json: the record of the run cannot be read"):
            record.record(other, RUN)
        (other.runs.folder(RUN) / "run.json").unlink()
        assert record.ensemble(other, "") == {}


def test_chances_are_those_of_the_table(city, tmp_path: Path) -> None:
    from viewer.chances import chances

    with small.build(tmp_path / "many.twin", across=3, frames=3) as other:
        found = chances(other, small.ensemble(other))
        assert [round(c.share, 2) for c in found.values()] == [0.0, 0.25, 0.5, 0.75, 1.0, 0.0, 0.0, 0.25, 0.0]
        depths = found["b00004"].quantiles
        assert depths["p10"] < depths["p50"] < depths["p90"]
        assert chances(other, RUN) == {}
        assert chances(other, "") == {}
