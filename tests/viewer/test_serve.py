"""One process, one port, this machine only; it goes when told to and lets go of the twin."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.viewer import small
from twin.errors import BusyError, MissingError
from twin.store import open_city
from viewer import desk, serve

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(port: int, address: str, host: str = "127.0.0.1") -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def started(path: Path, port: int) -> subprocess.Popen[bytes]:
    """Start a server and wait until it answers."""
    code = f"from viewer.serve import serve; serve({str(path)!r}, port={port})"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    for _ in range(600):
        try:
            if fetch(port, "/health")[0] == 200:
                return process
        except OSError:
            assert process.poll() is None, "the server ended before it was ready"
            time.sleep(0.1)
    process.kill()
    pytest.fail("the server was not ready in a minute")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int, subprocess.Popen[bytes]]]:
    path = tmp_path_factory.mktemp("serve") / "small.twin"
    small.build(path, across=4, frames=3).close()
    port = free_port()
    process = started(path, port)
    yield path, port, process
    process.kill()
    process.wait()


def test_serves_pages_and_data_from_one_port(served) -> None:
    _, port, _ = served
    assert '<html lang="ko">' in fetch(port, "/")[2].decode()
    assert fetch(port, "/_stcore/health")[0] == 200
    assert json.loads(fetch(port, f"/frames/{small.RUN}/depth.json")[2])["run"] == small.RUN
    assert fetch(port, f"/frames/{small.RUN}/depth/1.png")[1]["content-type"] == "image/png"
    status, headers, _ = fetch(port, "/static/nothing.js")
    assert "default-src 'self'" in headers["content-security-policy"]
    assert status in {200, 404}


def test_another_name_for_this_machine_is_refused(served) -> None:
    assert fetch(served[1], "/health", host="evil.example")[0] == 400
    assert fetch(served[1], "/health", host="localhost")[0] == 200


def test_the_agent_door_of_streamlit_is_shut(served) -> None:
    for address in ("openapi.json", "interact", "mcp"):
        assert fetch(served[1], f"/_stcore/agent/{address}")[0] == 404


def test_the_port_and_the_twin_are_held(served) -> None:
    path, port, process = served
    with pytest.raises(BusyError, match=f"port {port} on 127.0.0.1 is taken"):
        serve.listen("127.0.0.1", port)
    with pytest.raises(BusyError, match=str(process.pid)):
        open_city(path)


def test_sigterm_ends_it_and_the_twin_is_free_again(tmp_path: Path) -> None:
    path = tmp_path / "brief.twin"
    small.build(path, across=2, frames=2).close()
    process = started(path, free_port())
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    with open_city(path) as city:
        assert city.runs.list()


def test_options_keep_streamlit_quiet_and_closed() -> None:
    from streamlit import config

    assert serve.OPTIONS["browser.gatherUsageStats"] is False
    assert serve.OPTIONS["server.enableAgentApi"] is False
    for name in serve.OPTIONS:
        assert name in config._config_options_template, name


def test_a_missing_twin_is_said_and_the_port_is_free_again(tmp_path: Path) -> None:
    port = free_port()
    with pytest.raises(MissingError, match="nowhere"):
        serve.serve(tmp_path / "nowhere.twin", port=port)
    serve.listen("127.0.0.1", port).close()


def test_without_a_city_the_desk_says_how_to_start() -> None:
    kept = list(desk._held)
    desk.release()
    try:
        with pytest.raises(MissingError, match="twin serve"):
            desk.city()
    finally:
        desk._held[:] = kept
