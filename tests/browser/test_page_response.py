"""A person opens a run that agents answered: sees units and orders on the map, goes to a proof, and approves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
import pytest

from tests.browser.conftest import SHOTS, Watched
from tests.browser.test_page import pixels, press
from tests.viewer import answered
from tests.viewer.answered import DONE, WAITS
from tests.viewer.test_serve import free_port, started
from viewer import palette

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, hostile: list[str]) -> Iterator[str]:
    """Return where a server shows a small city with two runs that agents answered."""
    path = tmp_path_factory.mktemp("response") / "town.twin"
    answered.build(path, hostile).close()
    port = free_port()
    process = started(path, port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def seen(browser: Browser, town: str) -> Iterator[Watched]:
    page = Watched(browser, 1400, 1000)
    yield page
    page.page.close()


def near(png: bytes, colour: tuple[int, int, int]) -> float:
    """Return the share of a picture that has a colour, within what drawing over others does to it."""
    return float((np.abs(pixels(png) - np.array(colour)).max(axis=2) < 16).mean())


def show(seen: Watched, url: str, text: str) -> None:
    """Go to a page and wait until it is whole."""
    seen.page.goto(url)
    seen.page.get_by_text(text).last.wait_for(timeout=60_000)
    seen.page.locator("[data-testid=stStatusWidget]").wait_for(state="detached", timeout=60_000)


def test_units_and_orders_come_with_the_clock(seen: Watched, town: str) -> None:
    page = seen.page
    seen.open(f"{town}/?run={DONE}")
    press(seen, "Home", 1)
    page.get_by_text("시작 후 0:00").first.wait_for(timeout=20_000)
    before = seen.settle()
    press(seen, "End", 1)
    page.get_by_text("시작 후 0:50").first.wait_for(timeout=20_000)
    after = seen.settle()
    SHOTS.mkdir(parents=True, exist_ok=True)
    (SHOTS / "map_response.png").write_bytes(after)
    told, closed = palette.base("evacuated"), palette.base("ordered")
    assert near(after, told) > near(before, told) + 1e-4, "homes whose people were told"
    assert near(after, closed) > near(before, closed) + 1e-4, "a road that was closed"
    assert near(before, palette.base("unit")) > 1e-4, "units stand ready from the beginning"
    asked = [urlsplit(url).path for url in seen.requests]
    for name in ("ordered", "evacuated", "proposed"):
        assert asked.count(f"/layers/{name}.json") == 1, "orders of all moments came once"
    page.get_by_text("대응 현황").first.wait_for(timeout=20_000)
    assert seen.hosts() == {urlsplit(town).netloc}
    assert seen.complaints == []


def test_from_the_queue_to_the_proof_by_keyboard(seen: Watched, town: str) -> None:
    page = seen.page
    show(seen, f"{town}/?run={WAITS}&page=queue", "주기별 제안")
    page.screenshot(path=SHOTS / "page_queue_ko.png")
    assert page.get_by_text("twin decide town.twin").count() == 2, "one line for each role that has to approve"
    assert page.get_by_role("button", name="승인").count() == 0, "nothing is approved without a login"
    button = page.get_by_role("button", name="증명 보기").first
    button.focus()
    button.press("Enter")
    page.get_by_text("증명의 바탕").wait_for(timeout=30_000)
    assert "page=proof" in page.url
    page.wait_for_function("document.querySelectorAll('[data-testid=stDeckGlJsonChart] canvas').length >= 2")
    page.wait_for_timeout(2500)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": 1400, "height": min(height + 20, 3000)})
    page.wait_for_timeout(2500)
    page.screenshot(path=SHOTS / "page_proof_ko.png")
    without, after = (m.screenshot() for m in page.locator("[data-testid=stDeckGlJsonChart]").all())
    assert np.abs(pixels(without).astype(int) - pixels(after)).mean() > 1, "the district that gains has another class"
    assert near(without, palette.base("ordered")) < near(after, palette.base("ordered")), "targets lie on one map alone"
    assert page.evaluate("document.querySelectorAll('img[onerror], svg[onload]').length") == 0
    assert seen.complaints == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("queue", "Proposals by cycle"),
        ("proof", "What is assumed"),
        ("decisions", "Is the record intact?"),
        ("score", "How good was the forecast?"),
        ("register", "Hazard models"),
    ],
)
def test_every_page_fits_a_narrow_screen_in_english(seen: Watched, town: str, name: str, text: str) -> None:
    page = seen.page
    page.set_viewport_size({"width": 390, "height": 844})
    show(seen, f"{town}/?run={DONE}&lang=en&page={name}", text)
    if name == "proof":  # who leaves while a map still asks for its roads breaks off the request
        page.wait_for_function("document.querySelectorAll('[data-testid=stDeckGlJsonChart] canvas').length >= 2")
        page.wait_for_timeout(1500)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=SHOTS / f"page_{name}_en_390.png")
    assert seen.hosts() == {urlsplit(town).netloc}
    assert seen.complaints == []
