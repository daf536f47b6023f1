"""Files that are no video are refused at once, with what they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.drawn import draw_video

from isl.errors import InputError
from isl.vision.intake import codec_advice
from isl.vision.video import Video


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "no such video"), (b"", "zero bytes"), (b"a text\n" * 50, "not a video"), (b"\x1aE\xdf\xa3" * 9, "video")],
)
def test_a_file_that_is_no_video_is_refused(tmp_path, content, complaint):
    path = tmp_path / "clip.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=complaint):
        Video(path)


def test_a_video_without_frames_is_refused(tmp_path):
    path = draw_video(tmp_path / "clip.avi", 1)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"00dc", b"JUNK"))  # no chunk is a picture any more
    with pytest.raises(InputError, match=r"clip\.avi"):
        Video(path)


def test_a_pipe_named_as_a_video_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "clip.mp4")
    with pytest.raises(InputError, match="a pipe, socket or device"):
        Video(tmp_path / "clip.mp4")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", ".", "x" * 300 + ".mp4"])
def test_no_file_is_refused_at_once(path):
    with pytest.raises(InputError):
        Video(path)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = draw_video(tmp_path / "clip.avi", 3)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may read everything
    with pytest.raises(InputError, match=r"clip\.avi: it may not be read; change its permissions"):
        Video(path)


def test_a_name_that_is_not_utf_8_is_refused_in_a_line_that_can_be_printed(tmp_path):
    path = os.fsdecode(os.fsencode(draw_video(tmp_path / "clip.avi", 3).rename(tmp_path / os.fsdecode(b"cl\xff.avi"))))
    with pytest.raises(InputError, match="not UTF-8") as refused:
        Video(path)
    str(refused.value).encode("utf-8")


def test_a_missing_codec_is_named_with_the_command_that_converts():
    advice = codec_advice(Path("my clip.mp4"), b"av01")
    assert "its codec is AV1" in advice and "ffmpeg -i 'my clip.mp4'" in advice


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
        (b"<!DOCTYPE html><title>Quota exceeded</title>", "a web page"),
        (bytes(5000), "zeros"),
        (b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\0\x18mdat" + bytes(16), "index .moov. is missing"),
        (b"hello " * 100, "not a video that can be read"),
    ],
)
def test_a_file_that_is_no_video_says_what_it_is(tmp_path, content, reason):
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(InputError, match=reason):
        Video(tmp_path / "a.mp4")
