"""Tests of the key and the origin, and that a hostile browser harms no other one."""

from __future__ import annotations

import io

import httpx
import numpy as np
import pytest
from PIL import Image
from support.pages import Page, drawn_site, served
from support.sessions import DAY
from support.signing import RESTING, stream
from websockets.exceptions import ConnectionClosed, InvalidStatus

from isl.web.messages import HEADER, Frame, write_frame
from isl.web.security import kept_key

KEY = "abcdefgh12345678"


@pytest.fixture(scope="module")
def port():
    with served(drawn_site()) as port:
        yield port


@pytest.fixture(scope="module")
def keyed():
    with served(drawn_site(), key=KEY, local=False) as port:
        yield port


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "http://localhost:1"])
def test_another_site_s_page_gets_no_socket(port, origin):
    with pytest.raises(InvalidStatus):
        Page(port, origin=origin)


def test_a_foreign_name_for_this_machine_is_refused(port):
    assert httpx.get(f"http://localhost:{port}/", headers={"Host": f"evil.example:{port}"}).status_code == 403


def test_without_the_key_only_the_health_page_is_served(keyed):
    site = f"http://localhost:{keyed}"
    for path in ("/", "/static/js/main.js", "/texts", "/?key=wrong", "/ws"):
        assert httpx.get(site + path).status_code == 403, path
    assert httpx.get(f"{site}/health").json()["status"] == "ok"
    with pytest.raises(InvalidStatus):
        Page(keyed)


def test_the_printed_address_lets_a_browser_in(keyed):
    with httpx.Client(base_url=f"http://localhost:{keyed}", follow_redirects=True) as browser:
        answer = browser.get(f"/?key={KEY}")
        assert answer.status_code == 200 and "key" not in str(answer.url)
        assert browser.get("/static/js/main.js").status_code == 200
    with Page(keyed, additional_headers={"Cookie": f"isl_key={KEY}"}) as page:
        assert page.hello["words"]


def test_a_made_up_key_stays_the_same_and_is_its_owner_s_alone(tmp_path):
    key = kept_key(tmp_path / "web" / "key")
    assert key == kept_key(tmp_path / "web" / "key") and len(key) > 15
    assert (tmp_path / "web" / "key").stat().st_mode & 0o077 == 0


def test_the_page_may_load_nothing_from_elsewhere(port):
    policy = httpx.get(f"http://localhost:{port}/").headers["Content-Security-Policy"]
    assert (
        "default-src 'none'" in policy
        and "http" not in policy.replace("https://", "")
        and "unsafe-inline" not in policy
    )


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/js/..%2f..%2f..%2fserver.py",
        "/static//etc/passwd",
        "/static/texts/%00",
        "/static/js",
    ],
)
def test_no_path_reaches_the_disk(port, path):
    assert httpx.get(f"http://localhost:{port}{path}").status_code in (403, 404)


def jpeg(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, "JPEG")
    return file.getvalue()


GOOD = write_frame(Frame(1.0, (640, 480), RESTING))
HOSTILE = {
    "an empty frame": b"",
    "a header alone": GOOD[:16],
    "a number too few": GOOD[:-4],
    "a byte too many": GOOD + b"x",
    "no time": HEADER.pack(np.nan, 640, 480) + GOOD[16:],
    "no size": HEADER.pack(1.0, 0, 0) + GOOD[16:],
    "a picture that is none": HEADER.pack(1.0, 640, 480) + b"\xff\xd8\xff" + bytes(1000),
    "half a picture": HEADER.pack(1.0, 640, 480) + jpeg(640, 480)[:400],
    "a picture too large for memory": HEADER.pack(1.0, 640, 480)
    + jpeg(8, 8).replace(b"\x00\x08\x00\x08", b"\xff\xff" * 2),
    "more than any frame": bytes(700_000),
    "no JSON": "{",
    "another request": '{"type": "shutdown"}',
    "a deep nest": '{"type":' + "[" * 9000,
    "no Unicode": '{"type": "choose", "index": 0, "word": "\ud800"}'.encode("utf-8", "surrogatepass").decode("latin-1"),
}


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_ends_its_own_socket_alone(port, message):
    with Page(port) as neighbour:
        moments = stream(*DAY[:-1], (RESTING, 1.0), fps=10.0)
        for _ in range(15):
            neighbour.show(*next(moments))
        with Page(port) as hostile:
            hostile.socket.send(message)
            if not (isinstance(message, str) and message.startswith('{"type": "choose"')):
                with pytest.raises(ConnectionClosed):
                    hostile.hear("status")
        neighbour.play(moments)
        assert neighbour.words == ["Doctor", "Fever"]


def test_too_many_messages_end_the_socket(port):
    with Page(port) as page, pytest.raises(ConnectionClosed) as closed:
        for i in range(2000):
            page.socket.send(write_frame(Frame(i / 100, (640, 480), RESTING)))
        page.hear("never")
    assert closed.value.rcvd is None or closed.value.rcvd.code == 1008
    assert httpx.get(f"http://localhost:{port}/health").json()["status"] == "ok"
