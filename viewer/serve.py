"""One process, one port: it opens the twin, warms up, and serves pages and data on this machine only."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import BusyError, TwinError

if TYPE_CHECKING:
    from types import FrameType

    import streamlit as st

    from twin.store import City

log = logging.getLogger(__name__)

FONT = (
    "NanumSquare, NanumGothic, 'Noto Sans CJK KR', 'Noto Sans KR', 'Malgun Gothic', 'Apple SD Gothic Neo', sans-serif"
)

#: what the pages need of Streamlit; laid over any configuration file of the machine
OPTIONS: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "global.developmentMode": False,
    "logger.hideWelcomeMessage": True,
    "runner.magicEnabled": False,
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxUploadSize": 1,
    "server.showEmailPrompt": False,
    "theme.backgroundColor": "#ffffff",
    "theme.base": "light",
    "theme.baseRadius": "8px",
    "theme.borderColor": "#d9dedb",
    "theme.font": FONT,
    "theme.headingFont": FONT,
    "theme.metricValueFontSize": "1.9rem",
    "theme.metricValueFontWeight": 800,
    "theme.primaryColor": "#0b5d57",
    "theme.secondaryBackgroundColor": "#f3f5f2",
    "theme.textColor": "#1d2a33",
}


def application(host: str = "127.0.0.1") -> st.App:
    """Return the ASGI application for the city that `viewer.desk` holds: Streamlit's pages and our own routes."""
    import streamlit as st
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from streamlit.web.bootstrap import load_config_options

    from viewer.guard import Guard
    from viewer.page.attempt import unexpected
    from viewer.routes import routes

    load_config_options({**OPTIONS, "server.address": host, "server.allowedHosts": [host, "localhost"]})
    return st.App(
        Path(__file__).parent / "app.py",
        routes=routes(),
        on_script_error=unexpected,
        # a page of a stranger that had its own name point here would otherwise read the city
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[host, "localhost"]), Middleware(Guard)],
    )


def warm(city: City) -> None:
    """Do once what the first reader would wait for: libraries, records of the layers, pictures of the newest run."""
    import altair as alt  # noqa: F401 - loaded here so that the first chart does not wait for it
    import pandas as pd  # noqa: F401 - as above

    from twin.rooms import discover
    from viewer import pictures
    from viewer.hazards import building_colours
    from viewer.layers import At, LayerView, Served
    from viewer.quantities import drawn, moving
    from viewer.words import LANGUAGES

    runs = [run for run in city.runs.list() if run.status != "failed"]
    newest = max(runs, key=lambda run: run.started).id if runs else ""
    try:
        for view in discover("viewer.layers", "layer").values():
            for language in LANGUAGES:
                at = At(run=newest, language=language, colour=building_colours(city, newest)[0])
                if isinstance(view, LayerView) and view.deck(city, at) is not None and isinstance(view, Served):
                    view.records(city, at)
        if pictures.ground(city) is not None:
            pictures.ground_png(city)
        if newest:
            shown = drawn(pictures.frames(city, newest))
            if shown and moving(pictures.frames(city, newest), shown[0]):
                pictures.frame_png(city, newest, shown[0], pictures.fullest(city, newest))
    except TwinError:
        # a page shows the rest and says what is wrong where it is wrong
        log.exception("warming up was not complete")


def serve(path: Path | str, port: int = 8501, host: str = "127.0.0.1") -> None:
    """Serve a twin until the process is told to stop (Ctrl-C, SIGTERM). This process holds the twin meanwhile.

    path  folder of the twin
    port  0 lets the machine choose
    host  where to listen; readers elsewhere need a proxy that knows who may see what

    Raises BusyError when the port is taken or another process holds the twin, and what `open_city` raises.
    """
    import uvicorn

    from twin.store import open_city
    from viewer import desk

    with listen(host, port) as listening, open_city(path) as city:
        desk.hold(city)
        try:
            app = application(host)
            warm(city)
            config = uvicorn.Config(
                app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=3
            )
            log.info("ready on http://%s:%s", *listening.getsockname())
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGTERM, _stop)
            uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:
            log.info("stopped")
        finally:
            desk.release()


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises BusyError when the port is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise BusyError(f"port {port} on {host} is taken by another program; choose another with --port") from error
    return listening
