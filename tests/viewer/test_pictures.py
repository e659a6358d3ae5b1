"""A frame's picture says the depth that the run says."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tests.viewer.small import RUN
from twin.errors import MissingError, UsageError
from viewer import palette, pictures
from viewer.quantities import moving


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def test_values_are_depths_and_the_table_shows_their_classes(city) -> None:
    image = opened(pictures.frame_png(city, RUN, "depth", 5))
    assert image.mode == "P"
    values = np.asarray(image)
    scale = palette.scale("water")
    laid = pictures.run_sheet(city, RUN).lay(pictures.field(city, RUN, "depth", 5))
    assert np.abs(values * scale.step - laid).max() <= scale.step
    colours = np.asarray(image.convert("RGBA"))
    classes = scale.classify(laid)
    sharp = np.abs(laid / scale.step - np.round(laid / scale.step)) > 0.05
    for number, colour in enumerate(scale.colours):
        here = (classes == number) & sharp
        assert here.any()
        assert (colours[here][:, :3] == colour).all()
        assert (colours[here][:, 3] > 140).all()
    assert (colours[(classes < 0) & sharp][:, 3] == 0).all()


def test_dry_frame_is_clear_and_greatest_depth_is_the_last(city) -> None:
    assert (np.asarray(opened(pictures.frame_png(city, RUN, "depth", 0)).convert("RGBA"))[..., 3] == 0).all()
    last, most = pictures.frame_png(city, RUN, "depth", 5), pictures.frame_png(city, RUN, "max_depth", 0)
    assert np.array_equal(np.asarray(opened(last)), np.asarray(opened(most)))
    assert pictures.fullest(city, RUN) == 5


def test_unknown_quantity_and_frame_are_named(city) -> None:
    with pytest.raises(UsageError, match=r"'depht' of run small0001 is not drawn on the map.*'depth'"):
        pictures.frame_png(city, RUN, "depht", 0)
    with pytest.raises(MissingError, match="frames 0 to 5; found 6"):
        pictures.frame_png(city, RUN, "depth", 6)
    with pytest.raises(MissingError, match="one picture"):
        pictures.frame_png(city, RUN, "max_depth", 1)
    with pytest.raises(MissingError, match="nosuchrun"):
        pictures.frame_png(city, "nosuchrun", "depth", 0)


@pytest.mark.parametrize("quantity", ["speed", "rating", "hazard_class", "level", "arrival", "duration", "max_speed"])
def test_pictures_show_the_classes_that_the_values_have(city, quantity: str) -> None:
    scale = pictures.scale_of(city, RUN, quantity)
    index = 5 if moving(pictures.frames(city, RUN), quantity) else 0
    values = pictures.field(city, RUN, quantity, index) * scale.factor
    picture = np.asarray(opened(pictures.frame_png(city, RUN, quantity, index)))
    shown = set(scale.of_greys[picture].ravel().tolist())
    assert shown == set(scale.classify(values + 0.01 * scale.step).ravel().tolist())
    areas = pictures.areas(city, RUN, quantity, index)
    cell = pictures.frames(city, RUN).grid.cell
    assert sum(areas) == pytest.approx((scale.classify(values) >= 0).sum() * cell**2, rel=0.02)


@pytest.mark.parametrize("quantity", ["hazard_class", "level", "max_level"])
def test_a_film_of_water_is_no_flood(city, quantity: str) -> None:
    index = 5 if moving(pictures.frames(city, RUN), quantity) else 0
    depth = pictures.field(city, RUN, "depth", 5)
    shown = np.isfinite(pictures.field(city, RUN, quantity, index))
    assert ((depth > 0) & ~shown).any()
    assert (shown == (depth >= np.float32(0.02))).all()


def test_between_two_classes_of_danger_lies_no_third(city) -> None:
    sheet = pictures.run_sheet(city, RUN)
    grid = pictures.frames(city, RUN).grid
    halves = np.where(np.arange(grid.nx) < grid.nx / 2, 1.0, 6.0) * np.ones(grid.shape)
    assert set(np.unique(sheet.lay(halves, blend=False)[sheet.inside])) == {1.0, 6.0}
    assert len(np.unique(sheet.lay(halves))) > 2


def test_light_comes_from_the_north_west() -> None:
    y, x = np.mgrid[0:50, 0:50].astype(float)
    flat = pictures.shade(np.zeros((50, 50)), 1.0)
    assert np.allclose(flat, np.sqrt(0.5))
    toward = pictures.shade(-0.2 * (y - x), 1.0)
    away = pictures.shade(0.2 * (y - x), 1.0)
    assert toward.mean() > flat.mean() > away.mean()


def test_ground_is_one_opaque_picture_of_the_city(city) -> None:
    image = opened(pictures.ground_png(city))
    clear = np.asarray(image)[..., 3]
    assert (clear == 255).mean() > 0.95
    assert len(image.convert("RGB").getcolors(2**24) or []) > 20
