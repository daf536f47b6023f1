"""A real server of the page on a free port, for tests, and a client that sends recordings to it."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import uvicorn
from support.signing import Reader
from websockets.sync.client import ClientConnection, connect

from isl.landmarks import Floats
from isl.recognition.acceptance import BetweenRests
from isl.recognition.conversation import Conversation
from isl.recognition.restricted import RestrictedRecognizer
from isl.recognition.stream import Stream
from isl.sentence import Rules
from isl.web.messages import Frame, write_frame
from isl.web.server import Site
from isl.web.shared_network import SharedNetwork
from isl.web.takes import Recordings, Takes
from isl.web.visit import ServerFacts, Visit
from isl.web.web import serving

for name in dir(anyio):  # loaded now, not in the server's thread: pytest parses these modules anew, which in two
    getattr(anyio, name)  # threads at once fails in Python 3.11

SIZE = (480, 480)  # the drawn signer is drawn for a square picture
WORDS = ["Doctor", "Fever", "Pain"]
WITHIN = 300.0  # seconds, a limit for the slowest machine, not a measurement


def drawn_visit(recordings: Recordings | None = None) -> Visit:
    """Returns a visit with a recogniser that reads drawn signers."""
    takes = Takes(recordings) if recordings is not None else None
    return Visit(Stream(RestrictedRecognizer(Reader()), BetweenRests()), Conversation(Rules()), takes)


def drawn_site(record: Path | None = None, **options: Any) -> Site:
    """Returns a site whose recogniser reads drawn signers. Pages record into the folder ``record``, if it is given."""
    facts = ServerFacts(WORDS, 2.0, False, {"Doctor": "डॉक्टर"}, {"Doctor": "two fingers on the wrist"})
    recordings = Recordings(record, WORDS) if record is not None else None
    return Site(SharedNetwork(facts, lambda: drawn_visit(recordings)), records=record is not None, **options)


class QuickServer(uvicorn.Server):
    """A server that ends within ten milliseconds; uvicorn's own takes up to a tenth of a second in each test."""

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            await asyncio.sleep(0.01)


@contextmanager
def served(
    site: Site, key: str = "", local: bool = True, port: int = 0, pem: Path | None = None, host: str = "localhost"
) -> Iterator[int]:
    """Serves ``site`` while the block runs. Yields the port."""
    listening = socket.create_server((host, port))
    server = QuickServer(serving(site.app(key, local), pem))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(WITHIN)
        assert not thread.is_alive(), "the server does not end"


def wait_until(true: Any, within: float = WITHIN) -> None:
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


class Page:
    """A client that replaces a browser: it sends frames and requests, and keeps the messages of the server."""

    def __init__(self, port: int, **options: Any) -> None:
        origin = options.pop("origin", f"http://localhost:{port}")
        self.socket: ClientConnection = connect(
            f"ws://localhost:{port}/ws", origin=origin, compression=None, open_timeout=WITHIN, **options
        )
        self.heard: list[dict[str, Any]] = []
        self.hello = self.hear("hello")

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, kind: str, **fields: Any) -> None:
        self.socket.send(json.dumps({"type": kind, **fields}))

    def show(self, time: float, landmarks: Floats, size: tuple[int, int] = SIZE) -> dict[str, Any]:
        """Send a frame and return the answer to it."""
        self.socket.send(write_frame(Frame(time, size, landmarks)))
        return self.hear("status")

    def play(self, frames: Iterable[tuple[float, Floats]]) -> None:
        for moment, landmarks in frames:
            self.show(moment, landmarks)

    def hear(self, kind: str, **facts: Any) -> dict[str, Any]:
        """Returns the next message of this kind with these facts. All messages are kept in ``heard``."""
        while True:
            message = json.loads(self.socket.recv(timeout=WITHIN))
            self.heard.append(message)
            if message["type"] == kind and facts.items() <= message.items():
                return message

    def happened(self, kind: str) -> list[dict[str, Any]]:
        return [m for m in self.heard if m["type"] == "event" and m["event"] == kind]

    @property
    def words(self) -> list[str]:
        """The words in the last message about the conversation."""
        told = [m for m in self.heard if m["type"] == "conversation"]
        return [word["word"] for word in told[-1]["words"]] if told else []
