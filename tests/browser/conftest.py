"""A real browser on a real server: Debian's chromium, driven by playwright, drawing WebGL in software."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.viewer import ablaze, small
from tests.viewer.test_serve import free_port, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = [
    "--headless=new", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip

SHOTS = Path(__file__).parent.parent.parent / "build" / "browser"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser; without one fail in CI and skip with a loud line elsewhere."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        message = "NOT TESTED: no chromium on this machine, so nobody has looked at the page (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        warnings.warn(message, pytest.PytestWarning, stacklevel=1)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, hostile: list[str]) -> Iterator[str]:
    """Return where a server shows the small city, whose first buildings have hostile names."""
    path = tmp_path_factory.mktemp("browser") / "small.twin"
    city = small.build(path, hostile)
    ablaze.fire(city)
    city.close()
    port = free_port()
    process = started(path, port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="session")
def hostile(shared: Path) -> list[str]:
    import json

    return [str(n) for n in json.loads((shared / "hostile" / "names" / "gen_names.json").read_text("utf-8"))]


class Watched:
    """A page of the browser with everything that it asked for and complained about."""

    def __init__(self, browser: Browser, width: int = 1200, height: int = 900) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda e: self.complaints.append(f"pageerror: {e}"))
        self.page.on("dialog", lambda d: self.complaints.append(f"dialog: {d.message}"))
        self.page.on("requestfailed", lambda r: self.complaints.append(f"failed: {r.url}"))
        self.page.on("response", lambda r: r.status >= 400 and self.complaints.append(f"{r.status}: {r.url}"))

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def open(self, url: str) -> None:
        """Go to a page and wait until its map has drawn buildings."""
        with self.page.expect_response(lambda r: "/layers/buildings.json" in r.url, timeout=60_000):
            self.page.goto(url)
        self.page.wait_for_selector("[data-testid=stDeckGlJsonChart] canvas", timeout=30_000)
        self.settle()

    def settle(self) -> bytes:
        """Wait until the map does not change any more, and return it as PNG."""
        before = b""
        for _ in range(60):
            self.page.wait_for_timeout(250)
            now = self.map()
            if now == before:
                return now
            before = now
        raise AssertionError("the map did not come to rest")

    def map(self) -> bytes:
        """Return what the map looks like now."""
        return self.page.locator("[data-testid=stDeckGlJsonChart]").screenshot(animations="disabled")

    def hosts(self) -> set[str]:
        """Return the hosts that were asked for anything."""
        return {url.split("/")[2] for url in self.requests if url.startswith(("http", "ws"))}


@pytest.fixture(scope="session")
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    """The Korean page, opened once: in software a page takes seconds to be drawn."""
    page = Watched(browser)
    page.open(address)
    yield page
    page.page.close()
