"""The camera comes near and keeps the area in the picture."""

from __future__ import annotations

import math

import pytest

from viewer import camera


@pytest.mark.parametrize("bearing", [0.0, -16.0, 90.0])
def test_from_straight_above_the_area_fills_the_picture(bearing: float) -> None:
    scale, east, north = camera.fit(1000.0, 1000.0, 0.0, 0.0, 800.0, 800.0)
    assert scale == pytest.approx(2 * camera.REACH * 0.8, rel=0.01)
    assert abs(east) < 30
    assert abs(north) < 30
    turned, *_ = camera.fit(1000.0, 1000.0, 0.0, bearing, 800.0, 800.0)
    assert turned <= scale * 1.001


def test_a_camera_that_leans_back_looks_beyond_the_middle_or_before_it_but_keeps_the_margins_even() -> None:
    scale, east, north = camera.fit(3000.0, 2000.0, 50.0, 0.0, 1000.0, 600.0)
    assert abs(east) < 1
    lean = math.radians(50)
    ups = []
    for ahead in (-1000 - north, 1000 - north):
        distance = camera.ALTITUDE * 600 + ahead * scale * math.sin(lean)
        ups.append(ahead * math.cos(lean) * scale * camera.ALTITUDE * 600 / distance)
    assert abs(sum(ups)) < 0.1 * 600


def test_zoom_of_a_scale() -> None:
    assert camera.zoom(512 / camera.EQUATOR, 0.0) == 0.0
    assert camera.zoom(2 * 512 / camera.EQUATOR, 0.0) == 1.0
