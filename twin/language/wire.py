"""One request to an OpenAI-compatible server. It follows nothing, uses no proxy, and ends in time whatever comes."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from twin.errors import RefusedError, TwinError
from twin.language.address import Endpoint


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one request.

    seconds  from connecting to the last byte;   sent, received  bytes at most
    """

    seconds: float = 30.0
    sent: int = 200_000
    received: int = 200_000


def ask(server: Endpoint, document: Mapping[str, object], bounds: Bounds) -> str:
    """Return the text of the first choice that a server answers with.

    Raises RefusedError (too large, not JSON, not an answer of a chat, anything but 200: redirects too) and TwinError
    (not reached, too slow, broken off).
    """
    body = json.dumps(document).encode()
    if len(body) > bounds.sent:
        raise RefusedError(f"{len(body)} bytes for the language model, at most {bounds.sent}; send less text")
    try:
        with _connected(server, bounds.seconds) as connection:
            connection.request(
                "POST",
                f"{server.path}/chat/completions",
                body,
                {"Content-Type": "application/json", "Accept": "application/json", "Host": server.host},
            )
            answer = connection.getresponse()
            kind = answer.headers.get_content_type()
            if answer.status != 200:
                raise RefusedError(f"the language model answers {answer.status}; only 200 counts, nothing is followed")
            if kind != "application/json":
                raise RefusedError(f"the language model answers with {kind!r:.60}, not with application/json")
            raw = answer.read(bounds.received + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, TwinError):
            raise
        raise TwinError(
            f"the language model at {server.host}:{server.port} did not answer within {bounds.seconds:g} s"
            f" ({type(error).__name__})"
        ) from None
    if len(raw) > bounds.received:
        raise RefusedError(f"the language model answers with more than {bounds.received} bytes")
    return _text(raw)


@contextlib.contextmanager
def _connected(server: Endpoint, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """Give a connection to the checked address that is torn down when its time is over."""
    if server.scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(server.host, server.port, timeout=seconds)
    else:
        connection = http.client.HTTPConnection(server.ip, server.port, timeout=seconds)
    connection.connect()
    held = connection.sock

    def end() -> None:
        with contextlib.suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)

    # the time-out of a socket begins anew with every byte: a server that drips would never meet it
    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield connection
    finally:
        watch.cancel()
        connection.close()


def _text(raw: bytes) -> str:
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise RefusedError("the language model answers with something that is not JSON") from None
    choices = document.get("choices") if isinstance(document, dict) else None
    message = (
        choices[0].get("message") if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None
    )
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(content, str):
        raise RefusedError("the language model's answer holds no message")
    if message.get("tool_calls") or message.get("function_call"):
        raise RefusedError("the language model wants to call a tool; it has none")
    return content
