"""Videos that are sent to the page's server: their words, or a clear refusal, and nothing left behind."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

import httpx
import pytest
from support.drawn import draw_video
from support.pages import WITHIN, Page, drawn_site, drawn_visit, served

from isl.web import uploads
from isl.web.uploads import FileDesk


@pytest.fixture(scope="module")
def port():
    desk = FileDesk(lambda: drawn_visit().interpreter, lambda clip, aspect: [("Doctor", 0.5)], face=False)
    with served(drawn_site(files=desk)) as port:
        yield port


def send(port: int, content: bytes, name: str, **headers: str) -> httpx.Response:
    site = f"http://localhost:{port}"
    return httpx.post(
        f"{site}/files", params={"name": name}, content=content, headers={"Origin": site, **headers}, timeout=WITHIN
    )


def messages(answer: httpx.Response) -> list[dict]:
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps what the server writes apart from other tests that run at the same time."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def wait_until_clean() -> None:
    """Waits until the server has removed its folder, which it does after the last line of an answer."""
    for _ in range(300):
        if not (left := list(Path(tempfile.gettempdir()).glob("isl-*"))):
            return
        time.sleep(0.1)
    pytest.fail(f"left behind: {left}")


@pytest.mark.slow
def test_a_video_is_answered_with_its_length_and_files(port, tmp_path):
    video = draw_video(tmp_path / "clip.avi", 20, (64, 48), 10.0)
    *_, done = messages(send(port, video.read_bytes(), "../../my clip.avi"))
    assert done["type"] == "done" and done["time"] == pytest.approx(1.9)
    assert done["files"].keys() == {f"my clip.{kind}" for kind in ("json", "csv", "vtt", "srt", "eaf")}
    assert json.loads(done["files"]["my clip.json"])["input"] == "my clip.avi"
    assert done["whole"] == [["Doctor", 0.5]]
    wait_until_clean()


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"not a video at all", b"RIFF\xff\xff\xff\xffAVI LIST" + bytes(500)])
def test_an_upload_that_is_no_video_is_refused_in_one_line(port, content):
    (error,) = messages(send(port, content, "a.avi"))
    assert error["type"] == "error" and "Traceback" not in error["reason"] and "/" not in error["reason"]
    wait_until_clean()
    with Page(port) as page:
        assert page.hello["files"]


def test_other_files_are_refused_before_they_are_decoded(port):
    for name in ("a.exe", "a", "", "a.npy", ".avi"):
        answer = send(port, b"x", name)
        assert answer.status_code == 415 and "give one of" in answer.json()["reason"], name


def test_a_file_that_is_too_large_is_refused(port, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 1000)
    answer = send(port, bytes(5000), "a.avi")
    assert answer.status_code == 413 and "cut it into parts" in answer.json()["reason"]
    wait_until_clean()


def test_another_site_can_t_send_one(port):
    assert send(port, b"x", "a.avi", Origin="http://evil.example").status_code == 403
