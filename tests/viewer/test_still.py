"""A still shows the moment, says what it is, and is refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.viewer import small
from tests.viewer.small import RUN
from twin import store
from twin.errors import InputError, MissingError, UsageError
from viewer import caption, palette, scene, still


def tinted(picture: np.ndarray, blue: bool) -> float:
    """Return the share of pixels that are clearly blue (water), or clearly red (buildings in it)."""
    red_over_blue = picture[..., 0].astype(int) - picture[..., 2]
    return float((red_over_blue < -60 if blue else red_over_blue > 60).mean())


@pytest.fixture(scope="module")
def picture(city, tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    file = still.draw(city, RUN[:5], tmp_path_factory.mktemp("still") / "wet.png")
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"))


def test_a_still_is_a_picture_with_a_strip(picture: np.ndarray) -> None:
    height, width, _ = picture.shape
    assert width == still.SIZE[0]
    assert height > still.SIZE[1] + 200
    strip = picture[still.SIZE[1] + 10 :]
    assert (strip == 255).all(-1).mean() > 0.6
    for colour, _ in palette.scale("water").rows + palette.scale("depth").rows:
        assert (strip == np.asarray(colour)).all(-1).sum() > 300, "each class stands in the legend"


def test_water_comes_with_time_and_buildings_have_its_classes(city, picture: np.ndarray) -> None:
    dry = scene.render(city, RUN, 0, (640, 400))
    wet = scene.render(city, RUN, 5, (640, 400))
    assert tinted(dry, blue=True) < 0.01
    assert tinted(wet, blue=True) > 0.08
    assert tinted(wet, blue=False) > 0.01
    assert len(np.unique(wet.reshape(-1, 3), axis=0)) > 500


def test_the_caption_says_what_when_and_from_what(city) -> None:
    run = city.runs.get(RUN)
    korean, english = (still.caption(city, run, 1800.0, tongue) for tongue in ("ko", "en"))
    assert korean.title == "가온시"
    assert korean.made_up
    assert korean.subtitle == "시간당 70 mm 집중호우"
    assert korean.moment == "2026-07-15 22:30 · 시작 후 0:30"
    assert english.subtitle == "Cloudburst of 70 mm an hour"
    assert RUN in korean.state
    assert str(run.snapshot) in korean.state
    assert "small.gpkg" in korean.sources
    assert "Ritter" in english.validated


def test_time_picks_the_nearest_frame(city, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        still, "render", lambda _city, _run, i, size: asked.append(i) or np.zeros((*size[::-1], 3), np.uint8)
    )
    for time in (None, 0.0, 700.0, 3000.0):
        still.draw(city, RUN, tmp_path / "a.png", time=time)
    assert asked == [5, 0, 1, 5]


@pytest.mark.parametrize("minute", [-1.0, 51.0, 300.0])
def test_a_minute_that_the_run_has_not_is_refused_with_those_it_has(city, tmp_path: Path, minute: float) -> None:
    with pytest.raises(UsageError, match=rf"\(done\) has no minute {minute:g}: it goes from 0 to 50;"):
        still.draw(city, RUN, tmp_path / "a.png", time=60 * minute)
    assert not list(tmp_path.iterdir())


def test_without_hangul_the_strip_is_english_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caption, "hangul_fonts", lambda: None)
    with pytest.warns(RuntimeWarning, match="no font with Hangul"):
        assert caption.spoken("ko") == "en"
    assert caption.spoken("en") == "en"
    assert caption.written("≥ 2 m 가온") == ">= 2 m ??"
    text = caption.Caption(
        "Gaon", "Rain", "now", "a.tif", "run", "Ritter", True, "en", (("Water", [((0, 0, 0), "deep")]),)
    )
    framed = caption.framed(Image.new("RGB", (800, 100)), text)
    assert framed.height > 200


def test_refusals_name_what_is_wrong(city, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'\.jpg'"):
        still.draw(city, RUN, tmp_path / "a.jpg")
    with pytest.raises(InputError, match="make it first"):
        still.draw(city, RUN, tmp_path / "no" / "a.png")
    with pytest.raises(MissingError, match="nosuch"):
        still.draw(city, "nosuch", tmp_path / "a.png")
    with pytest.raises(UsageError, match="'fr'"):
        still.draw(city, RUN, tmp_path / "a.png", language="fr")
    with store.create(tmp_path / "flat.twin", crs=small.CRS) as flat:
        flat.runs.add(city.runs.get(RUN), small.SCENARIO)
        with pytest.raises(MissingError, match="no terrain"):
            still.draw(flat, RUN, tmp_path / "a.png")
