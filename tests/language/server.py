"""A language model that says what it is told to, over a real socket; also one that does not speak HTTP at all."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def chat(content: object, **more: object) -> bytes:
    """Return the body of a chat answer."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content, **more}}]}).encode()


def says(document: object) -> bytes:
    """Return the body of a chat answer whose message is a document."""
    return chat(json.dumps(document))


class Fake:
    """What the server does next, and what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.headers = {"Content-Type": "application/json"}
        self.body = says({"text": "가"})
        self.asked: list[dict] = []
        self.paths: list[str] = []
        self.port = 0


@contextlib.contextmanager
def fake() -> Iterator[Fake]:
    told = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.paths.append(self.path)
            told.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(told.body)

        do_GET = do_PUT = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def raw(behave: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """Give the port of a server that treats every connection in its own way, until it is told to stop."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)

        def serve() -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    connection, _ = listening.accept()
                    with connection, contextlib.suppress(OSError):
                        behave(connection, stop)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stop.set()
            thread.join()
