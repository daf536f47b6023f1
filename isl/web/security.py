"""Checks who may send requests: by the host's name, by the key in the printed address, and by the page's origin."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from isl.files import write_text

COOKIE = "isl_key"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
OPEN = ("/health",)  # needs no key, as it contains nothing about users

# All content comes from this server. wasm-unsafe-eval allows only the WebAssembly of the landmarks
POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=()",
    "Referrer-Policy": "no-referrer",  # an address may carry the key
    "X-Content-Type-Options": "nosniff",
}


def kept_key(path: Path) -> str:
    """Returns the key that was made at the first start. Open pages continue to work after a restart of the server."""
    if path.is_file() and (key := path.read_text(encoding="utf-8").strip()):
        return key
    key = secrets.token_urlsafe(16)
    write_text(path, key + "\n")
    path.chmod(0o600)
    return key


class Guard:
    """Refuses requests that are not allowed, and sets headers that restrict a page to this server.

    Args:
        app: the application that is guarded.
        key: the key that the address or the cookie must contain; "" means that no key is needed.
        local: True if only the names of this machine are served. Another site's name that points here is refused.
    """

    def __init__(self, app: ASGIApp, key: str = "", local: bool = True) -> None:
        self.app, self.key, self.local = app, key, local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refusal = self.refusal(scope)
        if scope["type"] == "websocket" and refusal:
            await send({"type": "websocket.close", "code": 1008, "reason": refusal})
        elif refusal:
            await PlainTextResponse(refusal, 403)(scope, receive, send_guarded)
        elif scope["type"] == "http" and self.key and scope["path"] == "/" and b"key=" in scope["query_string"]:
            await self._welcome(scope, receive, send_guarded)
        else:
            await self.app(scope, receive, send_guarded)

    def refusal(self, scope: Scope) -> str:
        """Returns the reason why this request is refused; "" if it is allowed."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self.local and urlsplit(f"//{host}").hostname not in LOOPBACK:
            return "this server is for its own machine: open http://localhost"
        origin = headers.get("origin")
        changes = scope["type"] == "websocket" or scope.get("method") not in ("GET", "HEAD")
        if changes and (origin is None or urlsplit(origin).netloc != host):
            return "only this server's own page may ask"
        if self.key and scope["path"] not in OPEN and not self._has_key(scope, headers):
            return "open the address that the program has printed: it has a key in it"
        return ""

    def _has_key(self, scope: Scope, headers: Headers) -> bool:
        given = [*parse_qs(scope["query_string"].decode("latin-1")).get("key", [])]
        for part in headers.get("cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == COOKIE:
                given.append(value)
        return any(hmac.compare_digest(value.encode(), self.key.encode()) for value in given)

    async def _welcome(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Store the key in a cookie, and redirect to the address without the key."""
        response = RedirectResponse("/", status_code=303)
        secure = scope["scheme"] == "https"
        response.set_cookie(
            COOKIE, self.key, max_age=30 * 86400, httponly=True, samesite="strict", secure=secure, path="/"
        )
        await response(scope, receive, send)
