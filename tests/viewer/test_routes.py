"""What the server answers, and how it refuses."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.middleware import Middleware

from tests.viewer.small import RUN
from viewer.guard import HEADERS, Guard
from viewer.routes import routes

APP = Starlette(routes=routes(), middleware=[Middleware(Guard)])


def ask(address: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of a request to the routes, without a network."""
    parts = urlsplit(address)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": parts.path,
        "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "headers": [], "scheme": "http",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    asyncio.run(APP(scope, receive, send))
    headers = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(m.get("body", b"") for m in sent[1:])


def test_health_names_the_twin(city) -> None:
    status, headers, body = ask("/health")
    assert status == 200
    assert json.loads(body) == {"status": "ready", "twin": "small.twin", "snapshot": city.snapshot}
    for name, value in HEADERS.items():
        assert headers[name.lower()] == value


def test_policy_lets_a_page_load_from_this_server_alone() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "*" not in policy
    assert "http" not in policy


def test_frames_and_what_they_mean_belong_together(city) -> None:
    status, headers, body = ask(f"/frames/{RUN}/depth.json")
    assert status == 200
    about = json.loads(body)
    assert about["times"] == [0.0, 600.0, 1200.0, 1800.0, 2400.0, 3000.0]
    assert about["start"] == "2026-07-15T22:00:00+09:00"
    assert about["unit"] == "m"
    assert about["validated"].startswith("Ritter")
    assert headers["cache-control"] == "private, max-age=600"
    status, headers, body = ask(f"/frames/{RUN}/depth/5.png")
    assert (status, headers["content-type"]) == (200, "image/png")
    image = Image.open(io.BytesIO(body))
    assert list(image.size) == about["size"]
    assert np.asarray(image).max() * about["step"] == pytest.approx(2.5, abs=0.1)
    assert ask(f"/frames/{RUN}/max_depth/0.png")[0] == 200
    assert json.loads(ask(f"/frames/{RUN}/max_depth.json")[2])["times"] == [3000.0]


def test_layers_and_ground(city) -> None:
    for name in ("buildings", "roads", "water"):
        status, headers, body = ask(f"/layers/{name}.json?run={RUN}&language=en")
        assert (status, headers["content-type"]) == (200, "application/json")
        assert json.loads(body)
    assert ask("/ground.png")[2].startswith(b"\x89PNG")
    assert ask("/favicon.png")[1]["content-type"] == "image/svg+xml"
    body = ask(f"/layers/buildings.json?run={RUN}")[2]
    assert len(gzip.compress(body)) < len(body) / 3


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/frames/nosuch/depth/0.png", "nosuch"),
        (f"/frames/{RUN}/depth/99.png", "frames 0 to 5"),
        (f"/frames/{RUN}/temperature/0.png", "known: arrival, depth"),
        (f"/frames/{RUN}/temperature.json", "known: arrival, depth"),
        ("/layers/secrets.json", "secrets"),
        ("/layers/terrain.json", "terrain"),
        ("/layers/buildings.json?language=xx", "'xx'"),
        ("/layers/buildings.json?run=nosuch", "nosuch"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(city, address: str, says: str) -> None:
    status, headers, body = ask(address)
    assert status == 404
    assert says in json.loads(body)["error"]
    assert "cache-control" not in headers


@pytest.mark.parametrize(
    "address", ["/frames/../../etc/passwd", f"/frames/{RUN}/depth/-1.png", f"/frames/{RUN}/depth/x.png"]
)
def test_odd_addresses_find_nothing(city, address: str) -> None:
    assert ask(address)[0] == 404


def test_nothing_can_be_written(city) -> None:
    assert ask("/health", "POST")[0] == 405
    assert ask(f"/frames/{RUN}/depth/0.png", "DELETE")[0] == 405


@pytest.mark.parametrize(("address", "language"), [("/", "ko"), ("/?lang=en", "en"), ("/?lang=<script>", "ko")])
def test_the_shell_is_in_the_language_of_the_reader(city, address: str, language: str) -> None:
    _, headers, body = ask(address)
    text = body.decode()
    assert f'<html lang="{language}">' in text
    assert "<title>Streamlit</title>" not in text
    assert headers["content-type"].startswith("text/html")
    assert "You need to enable JavaScript" not in text
