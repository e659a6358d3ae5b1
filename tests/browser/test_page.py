"""A person opens the page, moves the clock, sees the flood come, and nobody else hears of it."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

from tests.browser.conftest import SHOTS, Watched
from tests.viewer.small import RUN


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def water(png: bytes) -> float:
    """Return the share of the map that has the blues of the depth classes, clearly bluer than river and mist."""
    picture = pixels(png)
    return float((picture[..., 2] - picture[..., 0] > 65).mean())


def press(watched: Watched, key: str, times: int) -> None:
    """Press a key on the slider of the clock."""
    handle = watched.page.locator(".st-key-frame input[type=range]")
    handle.focus()
    for _ in range(times):
        handle.press(key)


def choose(watched: Watched, name: str, picture: str) -> None:
    """Choose the quantity on the map and wait for its picture, which may have come before."""
    from playwright.sync_api import TimeoutError as Late

    box = watched.page.locator(f".st-key-quantity_{RUN}").get_by_role("combobox")
    option = watched.page.get_by_role("option", name=name, exact=True)
    for _ in range(4):  # a page that is being drawn anew closes the list
        box.click()
        box.fill(name)
        try:
            option.click(timeout=6000)
            break
        except Late:
            watched.page.keyboard.press("Escape")
    for _ in range(80):
        if any(picture in url for url in watched.requests):
            return
        watched.page.wait_for_timeout(250)
    raise AssertionError(f"{picture} was not asked for")


def test_the_clock_brings_the_flood_and_no_other_host_is_asked(watched: Watched, address: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = watched.page
    assert page.locator("h1").inner_text().startswith("가온시")
    assert page.evaluate("document.documentElement.lang") == "ko"
    flooded = watched.settle()
    page.screenshot(path=SHOTS / "page_ko.png")
    with page.expect_response(lambda r: r.url.endswith("/depth/0.png"), timeout=20_000):
        press(watched, "Home", 1)
    dry = watched.settle()
    assert water(dry) < 0.01
    assert water(flooded) > 0.05, "the flood that the page opens with"
    with page.expect_response(lambda r: r.url.endswith("/depth/3.png"), timeout=20_000):
        press(watched, "ArrowRight", 3)
    half = watched.settle()
    (SHOTS / "map_half.png").write_bytes(half)
    assert water(dry) + 0.02 < water(half) < water(flooded)
    asked = [urlsplit(url).path for url in watched.requests]
    assert asked.count("/layers/buildings.json") == 1, "the buildings came once, not with every step of the clock"
    assert watched.hosts() == {urlsplit(address).netloc}
    assert watched.complaints == []


def test_another_quantity_has_its_own_picture_and_legend(watched: Watched, address: str) -> None:
    page = watched.page
    flooded = watched.settle()
    choose(watched, "최대 위험도", "/max_rating/0.png")
    page.get_by_text("FD2320").first.wait_for(timeout=20_000)
    page.get_by_text("잔해계수(DF) 없음").wait_for(timeout=20_000)
    rated = watched.settle()
    (SHOTS / "map_rating.png").write_bytes(rated)
    assert page.locator(".st-key-frame").count() == 0, "the whole run has no clock"
    assert water(rated) < water(flooded), "the classes of danger are not blue"
    choose(watched, "시각별 침수심", "/depth/")
    page.locator(".st-key-frame").wait_for(timeout=20_000)
    assert watched.hosts() == {urlsplit(address).netloc}
    assert watched.complaints == []


def test_playing_and_the_camera_that_stays(watched: Watched) -> None:
    page = watched.page
    press(watched, "End", 1)
    watched.settle()
    canvas = page.locator("[data-testid=stDeckGlJsonChart] canvas").first
    box = canvas.bounding_box()
    assert box is not None
    opened = watched.map()
    page.mouse.move(box["x"] + 400, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 520, box["y"] + 360, steps=6)
    page.mouse.up()
    moved = watched.settle()
    assert np.abs(pixels(moved) - pixels(opened)).mean() > 2, "dragging moves the map"
    press(watched, "Home", 1)
    page.get_by_text("시작 후 0:00").first.wait_for(timeout=20_000)
    page.get_by_role("button", name="재생").click()
    page.locator(".st-key-frame [aria-valuetext='22:20']").wait_for(state="attached", timeout=30_000)
    page.get_by_role("button", name="일시정지").click()
    page.get_by_role("button", name="재생").wait_for(timeout=20_000)
    press(watched, "End", 1)
    page.get_by_text("시작 후 0:50").first.wait_for(timeout=20_000)
    again = watched.settle()
    assert np.abs(pixels(again) - pixels(moved)).mean() < 0.5, "the camera is where the reader left it"
    assert watched.complaints == []


def test_names_from_files_are_text(watched: Watched) -> None:
    page = watched.page
    assert page.evaluate("document.querySelectorAll('img[onerror], svg[onload]').length") == 0
    box = page.locator("[data-testid=stDeckGlJsonChart] canvas").first.bounding_box()
    assert box is not None
    seen = set()
    for x in range(60, int(box["width"]) - 60, 45):
        page.mouse.move(box["x"] + x, box["y"] + box["height"] * 0.72)
        page.wait_for_timeout(60)
        tip = page.locator(".deck-tooltip")
        if tip.count() and tip.first.is_visible():
            seen.add(tip.first.inner_text())
            assert tip.first.locator("*:not(br)").count() == 0, "a tooltip is text and line breaks alone"
    assert seen, "the pointer found a building"
    assert any("높이" in text for text in seen)
    assert watched.complaints == []


def test_english_and_a_narrow_screen(watched: Watched, address: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = watched.page
    watched.open(f"{address}/?lang=en")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.get_by_text("Buildings affected").is_visible()
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": 1200, "height": min(height + 40, 4000)})
    watched.settle()
    page.screenshot(path=SHOTS / "page_en_whole.png")
    page.set_viewport_size({"width": 390, "height": 844})
    watched.settle()
    page.screenshot(path=SHOTS / "page_en_390.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert watched.complaints == []
