"""Two hundred hostile messages and uploads: the server lives, and a conversation beside them notices nothing."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import resource
import socket
import struct
import threading
import time
import zipfile
from collections.abc import Iterator
from functools import cache

import httpx
import numpy as np
import pytest
from PIL import Image
from support.pages import WITHIN, Page, drawn_site, drawn_visit, served, wait_until
from support.sessions import DAY
from support.signing import RESTING, stream
from websockets.exceptions import ConnectionClosed

from isl.web import punctual, uploads
from isl.web.messages import HEADER, LARGEST_MESSAGE, REQUESTS, Frame, write_frame
from isl.web.uploads import FileDesk

GOOD = write_frame(Frame(1.0, (640, 480), RESTING))
BODY = GOOD[HEADER.size :]
ODD_VALUES: list[object] = [None, True, -1, 1e308, "x" * 5000, "../../etc/passwd", [], [[]] * 300, {}, {"word": 1}]
ODD_NAMES = [
    "../x",
    "/etc/passwd",
    "a/b",
    "..",
    ".",
    "C:\\x",
    "a\x00b",
    "\u202e",
    "_other",
    " a",
    "a ",
    "~/x\n",
    "x" * 101,
]


def png(width: int, height: int) -> bytes:
    """A picture of a few bytes whose header promises ``width`` x ``height`` pixels."""
    file = io.BytesIO()
    Image.new("L", (8, 8)).save(file, "PNG")
    return file.getvalue().replace(struct.pack(">II", 8, 8), struct.pack(">II", width, height))


def jpeg(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    return file.getvalue().replace(b"\x00\x08\x00\x08", struct.pack(">HH", height, width))


def picture(kind: str, side: int) -> bytes:
    file = io.BytesIO()
    Image.new("L", (side, side)).save(file, kind)
    return file.getvalue()


def archive(name: str, megabytes: int) -> bytes:
    """A zip or npz file that is a thousand times larger when it is unpacked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(megabytes * 2**20))
    return file.getvalue()


def mp4(width: int, height: int, frames: int = 2**31) -> bytes:
    """The head of an MP4 that promises ``frames`` pictures of ``width`` x ``height``."""
    box = lambda name, content: struct.pack(">I4s", 8 + len(content), name) + content  # noqa: E731
    header = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, 2**31) + bytes(80))
    size = bytes(76) + struct.pack(">II", width << 16 & 2**32 - 1, height << 16 & 2**32 - 1)
    sizes = box(b"stsz", struct.pack(">III", 0, 1, frames))
    track = box(b"trak", box(b"tkhd", size) + box(b"mdia", box(b"minf", box(b"stbl", sizes))))
    return box(b"ftyp", b"isom" + bytes(4)) + box(b"moov", header + track) + box(b"mdat", bytes(64))


@cache
def bombs() -> dict[str, bytes]:
    """Files that promise far more than they hold, by what they are."""
    return {
        "a png of 2^31 pixels a side": png(2**31 - 1, 2**31 - 1),
        "a png of 60,000 pixels a side": png(60_000, 60_000),
        "a jpeg of 65,535 pixels a side": jpeg(65_535, 65_535),
        "a webp of 8,000 pixels a side": picture("WEBP", 8_000),
        "a gif of 8,000 pixels a side": picture("GIF", 8_000),
        "a zip that unpacks to 64 MB": archive("a.txt", 64),
        "an npz that unpacks to 64 MB": archive("clip.npy", 64),
        "a gzip that unpacks to 64 MB": gzip.compress(bytes(64 * 2**20)),
        "an mp4 of 65,535 pixels a side": mp4(65_535, 65_535),
        "an mp4 of 2^31 pictures": mp4(64, 64),
    }


def hostile_frames() -> Iterator[tuple[str, bytes]]:
    for length in (*range(0, 24), len(GOOD) - 4, len(GOOD) - 1, len(GOOD) + 1, len(GOOD) + 4, 10_000):
        yield f"a frame of {length} bytes", (GOOD + bytes(10_000))[:length]
    for moment, (width, height) in itertools.product(
        (np.nan, np.inf, -np.inf, 1e300), ((640, 480), (0, 480), (2**32 - 1, 1))
    ):
        yield f"a frame at {moment} of {width} x {height}", HEADER.pack(moment, width, height) + BODY
    for size in ((0, 0), (1, 0), (10_000, 1), (2**32 - 1, 2**32 - 1)):
        yield f"a frame of {size}", HEADER.pack(1.0, *size) + BODY
    for name, bomb in bombs().items():
        yield f"{name}, as a frame", HEADER.pack(1.0, 640, 480) + bomb
        yield f"{name}, called a jpeg", HEADER.pack(1.0, 640, 480) + b"\xff\xd8\xff" + bomb
    for length in (LARGEST_MESSAGE, LARGEST_MESSAGE + 1, 2**20, 2**23):
        yield f"a message of {length} bytes", GOOD + bytes(length)


def hostile_requests() -> Iterator[tuple[str, str]]:
    for kind, fields in REQUESTS.items():
        for value in ODD_VALUES[:: 1 if len(fields) == 1 else 3]:
            if fields:
                yield f"{kind} of {str(value)[:20]}", json.dumps({"type": kind, **dict.fromkeys(fields, value)})
        yield f"{kind} with more", json.dumps({"type": kind, **dict.fromkeys(fields, "x"), "more": 1})
    for name in ODD_NAMES:
        yield f"record {name[:10]!r}", json.dumps({"type": "record", "word": name})
        yield f"consent of {name[:10]!r}", json.dumps({"type": "consent", "signer": name})
    for text in ("", "{", "null", "[" * 9000, '{"type":' * 2000, '"' + "x" * 20_000 + '"', "NaN", '{"type": "quit"}'):
        yield f"the text {text[:10]!r}", text


@cache
def hostile_messages() -> dict[str, str | bytes]:
    return dict([*hostile_frames(), *hostile_requests()])


# These are allowed, as nothing comes of them: an empty list of words, or the empty name that withdraws consent
HARMLESS = {"restore of []", "context of []", "vocabulary of []"}


@pytest.fixture
def port(tmp_path):
    desk = FileDesk(lambda: drawn_visit().interpreter, lambda clip, aspect: [("Doctor", 0.5)], face=False)
    with served(drawn_site(record=tmp_path / "recorded", files=desk)) as port:
        yield port


def send(port: int, content: bytes, name: str, address: str | None = None) -> httpx.Response:
    site = f"http://localhost:{port}"
    with httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=WITHIN) as client:
        return client.post(f"{site}/files", params={"name": name}, content=content, headers={"Origin": site})


class Neighbour:
    """A conversation in small steps; it must give the same words whatever happens beside it."""

    def __init__(self, port: int) -> None:
        self.page = Page(port)
        self.moments = itertools.chain(stream(*DAY[:-1], (RESTING, 1.0), fps=10.0))

    def step(self) -> None:
        for moment, frame in itertools.islice(self.moments, 1):
            self.page.show(moment, frame)

    def end(self) -> None:
        self.page.play(self.moments)
        assert self.page.words == ["Doctor", "Fever"]
        self.page.socket.close()


@pytest.mark.slow
def test_there_are_two_hundred_hostile_messages():
    assert len(hostile_messages()) + len(bombs()) >= 200


@pytest.mark.slow
def test_hostile_messages_close_their_own_sockets_alone(port, tmp_path):
    """Each ends its own socket; the server's memory does not grow by what a bomb promises."""
    neighbour, before = Neighbour(port), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number, (name, message) in enumerate(hostile_messages().items()):
        with Page(port) as hostile:
            try:
                hostile.socket.send(message)
                if name not in HARMLESS:
                    hostile.hear("never")
            except ConnectionClosed:
                continue
            finally:
                if number % 4 == 0:
                    neighbour.step()
            assert name in HARMLESS, name
    neighbour.end()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 200, f"{grown:.0f} MB"
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.slow
def test_bombs_in_uploads_are_refused_or_answered(port):
    neighbour = Neighbour(port)
    for name, bomb in bombs().items():
        for suffix in (".png", ".npz", ".zip"):
            assert send(port, bomb, f"x{suffix}").status_code == 415
        lines = [json.loads(line) for line in send(port, bomb, "x.gif" if "gif" in name else "x.mp4").text.splitlines()]
        allowed = ("error", "done") if "8,000" in name else ("error",)  # a picture of that size is a video of one frame
        assert lines[-1]["type"] in allowed and "/" not in lines[-1].get("reason", ""), (name, lines)
        neighbour.step()
    neighbour.end()


def trickle(port: int, head: bytes, ended: list[str], name: str, drop: bytes = b"x") -> None:
    """Send a byte now and then until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(0.1)
        connection.sendall(head)
        end = threading.Event()
        while not end.wait(0.05):
            try:
                connection.sendall(drop)
                if not connection.recv(4096):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    ended.append(name)


@pytest.mark.slow
def test_slow_senders_are_ended_and_delay_no_others(port, monkeypatch):
    """A trickle of a request's head and of a video. An unfinished message of a socket holds its own place alone."""
    monkeypatch.setattr(punctual, "REQUEST_WITHIN", 1.0)
    monkeypatch.setattr(uploads, "FIRST_WITHIN", 1.0)
    origin = f"Host: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
    upload = f"POST /files?name=a.mp4 HTTP/1.1\r\n{origin}Content-Length: 1000000\r\n\r\n".encode()
    ended: list[str] = []
    senders = [("upload", upload)] * uploads.OF_ONE_ADDRESS + [("head", b"GET / HTTP/1.1\r\nX: ")] * 20
    threads = [threading.Thread(target=trickle, args=(port, head, ended, name), daemon=True) for name, head in senders]
    neighbour = Neighbour(port)
    with Page(port) as unfinished:
        unfinished.socket.socket.sendall(b"\x82\xfe\x1a\x08mask")  # the head of a message that never comes
        for thread in threads:
            thread.start()
        assert send(port, b"no video", "a.exe", "127.0.0.2").status_code == 415
        limit = time.monotonic() + WITHIN
        while any(thread.is_alive() for thread in threads):
            assert time.monotonic() < limit, f"{len(threads) - len(ended)} senders are still there"
            neighbour.step()
            assert httpx.get(f"http://localhost:{port}/health", timeout=WITHIN).json()["status"] == "ok"
        neighbour.end()
    assert sorted(ended) == sorted(name for name, _ in senders)
    assert send(port, b"no video", "a.exe").status_code == 415  # its place is free again


def test_one_address_can_t_take_the_places_of_all(port, monkeypatch):
    monkeypatch.setattr(uploads, "FIRST_WITHIN", 600.0)
    origin = f"Host: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
    head = f"POST /files?name=a.mp4 HTTP/1.1\r\n{origin}Content-Length: 1000\r\n\r\nx".encode()
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(uploads.OF_ONE_ADDRESS)]
    for connection in connections:
        connection.sendall(head)
    wait_until(lambda: send(port, b"no video", "a.mp4").status_code == 503)
    for connection in connections:
        connection.close()
    wait_until(lambda: send(port, bytes(10), "a.exe").status_code == 415)
