"""Serves the page, its files, the WebSocket and the videos, each under its address."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from starlette.websockets import WebSocket

from isl.web.security import Guard
from isl.web.shared_network import SharedNetwork
from isl.web.socket import Socket, Workers
from isl.web.teaching import Teacher
from isl.web.uploads import FileDesk

STATIC = Path(__file__).parent / "static"
TEXTS = STATIC / "texts"
MOST_PAGES, OF_ONE_ADDRESS = 200, 100  # sockets at once
TRY_LATER = 1013
CHECKED = "no-cache"  # a browser looks for changes each time, so that it never mixes old and new modules
KEPT = "private, max-age=31536000, immutable"  # files of a fixed version


class CachedFiles(StaticFiles):
    """Files that a browser may keep as the header ``Cache-Control`` says."""

    def __init__(self, directory: Path, cache_control: str) -> None:
        super().__init__(directory=directory)
        self.cache_control = cache_control

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = self.cache_control
        return response


class Site:
    """The web application, and the number of open pages.

    Args:
        network: the network that all pages share.
        files: the desk that answers uploaded videos; None if videos are not accepted.
        holistic: the folder of ``@mediapipe/holistic``; None if it was not fetched and the server finds the landmarks.
        records: True if pages may record new signs.
        teacher: teaches the network the recorded signs; None if that is not possible.
    """

    def __init__(
        self,
        network: SharedNetwork,
        holistic: Path | None = None,
        files: FileDesk | None = None,
        records: bool = False,
        teacher: Teacher | None = None,
    ) -> None:
        self.network, self.holistic, self.files = network, holistic, files
        self.records, self.teacher = records, teacher
        self.workers: Workers | None = None
        self._senders: Counter[str] = Counter()  # open pages, by their addresses

    @property
    def pages(self) -> int:
        """The number of open pages."""
        return self._senders.total()

    def app(self, key: str = "", local: bool = True) -> Starlette:
        self.network.features = {
            "holistic": self.holistic is not None,
            "files": self.files is not None,
            "record": self.records,
            "teach": self.teacher is not None,
        }
        routes: list[BaseRoute] = [
            Route("/", self._page),
            Route("/health", self._health),
            Route("/texts", self._texts),
            WebSocketRoute("/ws", self._socket),
            Mount("/static", CachedFiles(STATIC, CHECKED)),
        ]
        if self.files is not None:
            routes.append(Route("/files", self.files.receive, methods=["POST"]))
        if self.holistic is not None:
            routes.append(Mount("/holistic", CachedFiles(self.holistic, KEPT)))
        return Starlette(
            routes=routes, middleware=[Middleware(Guard, key=key, local=local)], lifespan=self._until_the_end
        )

    @asynccontextmanager
    async def _until_the_end(self, app: Starlette) -> AsyncIterator[None]:
        yield
        if self.teacher is not None:
            self.teacher.stop()

    async def _page(self, request: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers={"Cache-Control": CHECKED})

    async def _health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "pages": self.pages, "words": len(self.network.facts.words)})

    async def _texts(self, request: Request) -> Response:
        """Returns the languages of the page: ``{"en": "English", ...}``, one for each file in ``static/texts``."""
        names = {path.stem: json.loads(path.read_text(encoding="utf-8"))["language"] for path in TEXTS.glob("*.json")}
        return JSONResponse(dict(sorted(names.items())))

    async def _socket(self, websocket: WebSocket) -> None:
        sender = websocket.client.host if websocket.client else ""
        if self._senders.total() >= MOST_PAGES or self._senders[sender] >= OF_ONE_ADDRESS:
            await websocket.close(TRY_LATER, "too many pages are open")
            return
        self.workers = self.workers or Workers()  # made inside the event loop
        self._senders[sender] += 1
        try:
            await Socket(websocket, self.workers, self.network, self.teacher).serve()
        finally:
            self._senders[sender] -= 1
            self._senders = +self._senders
