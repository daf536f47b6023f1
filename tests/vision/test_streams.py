"""Streams of a file: their number, a mirrored picture, slow motion."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn import box, draw_video, number_of, taken_at, turned, with_second_stream

from isl.vision.cut import Cut
from isl.vision.streams import ASF, ASF_VIDEO, Streams, read_streams
from isl.vision.video import Video

FRAMES = 24


def element(number: str, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return bytes.fromhex(number) + (len(body) | 1 << 56).to_bytes(8, "big") + body


def matroska(*kinds: int) -> bytes:
    tracks = element("1654ae6b", *(element("ae", element("d7", b"\1"), element("83", bytes([kind]))) for kind in kinds))
    return element("1a45dfa3", element("4282", b"webm")) + element("18538067", element("114d9b74"), tracks)


def avi(*kinds: bytes) -> bytes:
    return b"RIFF\0\0\0\0AVI " + b"".join(b"LIST\x60\0\0\0strlstrh\x38\0\0\0" + kind + bytes(52) for kind in kinds)


def transport(*kinds: int, extra: bytes = b"") -> bytes:
    streams = b"".join(bytes([kind, 0xE1, number, 0xF0, 0]) for number, kind in enumerate(kinds))
    table = b"\0\2" + (0xB000 | 13 + len(streams)).to_bytes(2, "big") + bytes(7) + b"\xf0\0" + streams + bytes(4)
    packets = [b"\x47\x40\0\x10\0\0" + bytes(182), b"\x47\x50\0\x10" + table + b"\xff" * (184 - len(table))]
    return b"".join(extra + packet for packet in packets)


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (matroska(1), 1),
        (matroska(1, 2, 17, 1), 2),
        (avi(b"vids"), 1),
        (avi(b"vids", b"auds", b"vids"), 2),
        (transport(0x1B, 0x0F), 1),
        (transport(0x1B, 0x0F, 0x24), 2),
        (transport(0x1B, 0x24, extra=bytes(4)), 2),
        (ASF + bytes(40) + ASF_VIDEO + bytes(9) + ASF_VIDEO, 2),
        (b"no video", 1),
    ],
)
def test_video_streams_are_counted(content, count, tmp_path):
    path = tmp_path / "clip"
    path.write_bytes(content)
    assert read_streams(path).count == count


@pytest.mark.parametrize("cut", [20, 40, 60, 80, 100])
def test_a_damaged_header_leaves_the_facts_unknown(cut, tmp_path):
    path = tmp_path / "clip"
    for content in (matroska(1, 1), transport(0x1B, 0x1B), box(b"ftyp", bytes(8)) + box(b"moov", box(b"trak"))):
        path.write_bytes(content[:-1] if cut == 20 else content[:cut])
        assert read_streams(path).count in (1, 2)


def test_a_second_video_stream_is_remarked(tmp_path):
    path = with_second_stream(draw_video(tmp_path / "clip.mp4", FRAMES))
    video = Video(path)
    assert video.frames == FRAMES
    assert any("2 video streams in it, and the first is read" in line for line in video.remarks)


@pytest.mark.parametrize(
    ("matrix", "shown"),
    [
        ((-1, 0, 0, 1), lambda picture: picture[:, ::-1]),
        ((1, 0, 0, -1), lambda picture: picture[::-1]),
        ((0, 1, 1, 0), lambda picture: picture.transpose(1, 0, 2)),
        ((0, -1, -1, 0), lambda picture: picture[::-1, ::-1].transpose(1, 0, 2)),
    ],
)
def test_a_picture_that_the_header_mirrors_is_shown_as_players_do(matrix, shown, tmp_path):
    path = draw_video(tmp_path / "clip.mp4", FRAMES)
    (_, stored), *_ = Video(path)
    video = Video(turned(path, matrix))
    pictures = [picture for _, picture in video]
    assert np.abs(shown(stored).astype(int) - pictures[0]).max() <= 2
    assert (video.width, video.height) == (pictures[0].shape[1], pictures[0].shape[0])
    assert video.remarks == ("mirrored by its header, read as players show it",)


@pytest.mark.parametrize("suffix", [".mp4", ".MOV"])
@pytest.mark.parametrize("as_text", [False, True])
def test_slow_motion_has_the_times_of_the_camera(suffix, as_text, tmp_path):
    plain = draw_video(tmp_path / f"clip{suffix}", FRAMES, fps=30)
    before = Video(plain).facts()
    video = Video(taken_at(plain, 240, as_text))
    facts = video.facts()
    assert (video.slowed, facts.frames) == (8, before.frames)
    assert facts.seconds == pytest.approx(before.seconds / 8, abs=2e-3)
    assert facts.fps == pytest.approx(240, rel=1e-3) == video.fps
    assert video.stated_seconds == pytest.approx(facts.seconds, abs=2e-3)
    assert facts.remarks[0].startswith("slow motion: taken at 240 frames a second, played at 30")


def test_a_table_cuts_slow_motion_by_the_times_of_a_player(tmp_path):
    path = taken_at(draw_video(tmp_path / "clip.mp4", FRAMES, fps=30), 240)
    video = Video(path, Cut(0.2, 0.5))
    assert [number_of(picture) for _, picture in video] == list(range(6, 15))
    assert len(video.packet_times()) == 9


def test_a_camera_s_rate_that_is_the_player_s_changes_nothing(tmp_path):
    video = Video(taken_at(draw_video(tmp_path / "clip.mp4", FRAMES, fps=30), 29.97))
    assert (video.slowed, video.facts().remarks) == (1, ())


def test_the_first_stream_of_a_phone_is_upright_and_alone(tmp_path):
    path = turned(draw_video(tmp_path / "clip.mp4", FRAMES))
    assert read_streams(path) == Streams()
