"""A person opens a fire: its colours come with the clock, and nothing travels twice."""

from __future__ import annotations

from urllib.parse import urlsplit

import numpy as np

from tests.browser.conftest import SHOTS, Watched
from tests.browser.test_page import pixels, press
from tests.viewer.ablaze import FIRE


def share(png: bytes, colour: tuple[int, int, int]) -> float:
    """Return the share of the map whose hue is near that of a colour, in whatever light."""
    seen = pixels(png) / np.maximum(pixels(png).max(axis=2, keepdims=True), 1)
    wanted = np.array(colour) / max(colour)
    return float((np.abs(seen - wanted).max(axis=2) < 0.1).mean())


def test_buildings_take_the_colour_of_their_state_as_the_clock_moves(watched: Watched, address: str) -> None:
    page = watched.page
    page.set_viewport_size({"width": 1200, "height": 900})
    watched.open(f"{address}/?run={FIRE}")
    page.get_by_text("건물: 화재 상태").wait_for(timeout=20_000)
    burning, heated = (224, 66, 27), (247, 215, 116)
    press(watched, "Home", 1)
    page.get_by_text("시작 후 0:00").first.wait_for(timeout=20_000)
    before = watched.settle()
    press(watched, "ArrowRight", 3)
    page.get_by_text("시작 후 0:30").first.wait_for(timeout=20_000)
    SHOTS.mkdir(parents=True, exist_ok=True)
    during = watched.settle()
    (SHOTS / "map_fire.png").write_bytes(during)
    assert share(before, burning) < 0.001
    assert share(during, burning) > 0.003, "buildings that burn are red"
    assert share(during, heated) > 0
    press(watched, "End", 1)
    page.get_by_text("시작 후 0:50").first.wait_for(timeout=20_000)
    after = watched.settle()
    assert share(after, burning) < share(during, burning), "what has burnt out is no longer red"
    asked = [urlsplit(url).path for url in watched.requests]
    assert asked.count("/layers/burning.json") == 1, "the states of all moments came once"
    assert watched.hosts() == {urlsplit(address).netloc}
    assert watched.complaints == []
    page.screenshot(path=SHOTS / "page_fire.png")
