"""Rules for browsers, on every answer of the server: nothing from elsewhere, in no frame of a stranger's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: what a page may load; the browser holds it whatever a page says. Streamlit's charts compile expressions (eval)
#: and carry their styles and small pictures inside themselves
RULES = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)

HEADERS = {
    "Content-Security-Policy": "; ".join(RULES),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


#: doors of Streamlit that stay shut: what drives a page without a browser
SHUT = "/_stcore/agent"


class Guard:
    """ASGI middleware that puts HEADERS on every answer and keeps doors shut."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and its answer back with the headers; a shut door answers 404."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                rules = [(k.lower().encode(), v.encode()) for k, v in HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *rules]
            await send(message)

        if scope["type"] == "http" and scope["path"].startswith(SHUT):
            await PlainTextResponse("not found", status_code=404)(scope, receive, guarded)
        else:
            await self.app(scope, receive, guarded)
