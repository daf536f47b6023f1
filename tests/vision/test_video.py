from __future__ import annotations

import struct
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import claiming, draw_video, number_of, turned, uneven

from isl.errors import InputError
from isl.landmarks import sample_indices
from isl.vision.container import VIDEO_SUFFIXES, missing_bytes
from isl.vision.holistic import pick_frames
from isl.vision.video import Video

FRAMES = 37


@pytest.fixture(scope="module", params=[".avi", ".mp4", ".MOV", ".mkv"])
def clip(request, tmp_path_factory):
    return draw_video(tmp_path_factory.mktemp("videos") / f"clip{request.param}", FRAMES, fps=25.0)


def test_frames_come_in_order_with_their_times(clip):
    times, numbers = zip(*[(time, number_of(picture)) for time, picture in Video(clip)], strict=True)
    assert numbers == tuple(range(FRAMES))
    assert np.allclose(times, np.arange(FRAMES) / 25, atol=2e-3)


def test_facts_are_those_of_the_frames(clip):
    facts = Video(clip).facts()
    assert (facts.width, facts.height, facts.frames, facts.remarks) == (64, 48, FRAMES, ())
    assert facts.fps == pytest.approx(25, rel=0.01)
    assert facts.seconds == pytest.approx(FRAMES / 25, rel=0.01)
    assert facts.aspect == 64 / 48


def test_packets_are_as_many_as_frames(clip):
    assert len(Video(clip).packet_times()) == Video(clip).frames == FRAMES


@given(st.lists(st.integers(0, FRAMES + 5), max_size=12))
def test_frames_at_returns_the_chosen_frames_of_all(drawn_avi, indices):
    wanted = sorted(indices)
    assert [number_of(p) for p in Video(drawn_avi).frames_at(wanted)] == [i for i in wanted if i < FRAMES]


@pytest.mark.parametrize("frames", [1, 2, 7, 100])
def test_a_uniform_sample_begins_and_ends_with_the_video(tmp_path, frames):
    video = Video(draw_video(tmp_path / "clip.avi", frames))
    numbers = [number_of(picture) for picture in video.frames_at(sample_indices(frames))]
    assert numbers == sample_indices(frames).tolist()
    assert (numbers[0], numbers[-1], len(numbers)) == (0, frames - 1, 60)


def test_frames_are_known_after_a_pass_without_another(drawn_avi, monkeypatch):
    video = Video(drawn_avi)
    list(video.frames_at([0]))
    monkeypatch.setattr(Video, "_open", None)
    assert video.frames == FRAMES


@pytest.mark.parametrize("claimed", [1, 20, 500])
def test_a_wrong_frame_count_in_the_header_is_corrected(tmp_path, claimed):
    facts = Video(claiming(draw_video(tmp_path / "clip.avi", FRAMES), claimed)).facts()
    assert facts.frames == FRAMES
    why = ": damaged, or trimmed by its edit list" if claimed > FRAMES else ""
    assert facts.remarks == (f"its header says {claimed} frames, {FRAMES} can be decoded{why}",)


def test_a_phone_video_is_turned_upright(tmp_path):
    video = Video(turned(draw_video(tmp_path / "clip.mp4", 3)))
    assert (video.width, video.height) == (48, 64)
    assert all(picture.shape == (64, 48, 3) for _, picture in video)
    assert video.facts().remarks == ("rotated by 90 degrees, turned upright",)


def test_a_variable_frame_rate_is_remarked_and_timed(tmp_path):
    video = Video(uneven(draw_video(tmp_path / "clip.mp4", 40, fps=30.0), 40))
    facts = video.facts()
    assert len(facts.remarks) == 1 and "variable frame rate" in facts.remarks[0]
    assert facts.seconds == pytest.approx((20 + 20 * 3) / 30, rel=0.05)
    assert facts.frames == 40


def test_frames_come_at_their_own_times(tmp_path):
    video = Video(uneven(draw_video(tmp_path / "clip.mp4", 40, fps=30.0), 40))
    gaps = np.diff([seconds for seconds, _ in video])
    assert gaps[:18] == pytest.approx(1 / 30, rel=0.1) and gaps[21:] == pytest.approx(3 / 30, rel=0.1)


def test_frames_without_times_of_their_own_come_at_the_header_s_rate(drawn_avi, monkeypatch):
    video = Video(drawn_avi)
    own = [seconds for seconds, _ in video]
    grabbed = video._grabbed
    monkeypatch.setattr(video, "_grabbed", lambda: ((0.0, capture) for _, capture in grabbed()))
    assert [seconds for seconds, _ in video] == pytest.approx(own, abs=1e-3)


def test_a_file_that_breaks_off_reports_the_missing_frames(drawn_avi, monkeypatch):
    video = Video(drawn_avi)
    assert not video.remarks  # not known yet
    count = video.frames
    assert not video.remarks
    monkeypatch.setattr(video, "_header", replace(video._header, frames=3 * count))
    assert video.remarks == (
        f"its header says {3 * count} frames, {count} can be decoded: damaged, or trimmed by its edit list",
    )


def test_colours_are_red_green_blue(tmp_path):
    import cv2

    writer = cv2.VideoWriter(str(tmp_path / "red.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    writer.write(np.full((48, 64, 3), (0, 0, 250), np.uint8))  # cv2 writes blue, green, red
    writer.release()
    ((_, picture),) = Video(tmp_path / "red.avi")
    red, green, blue = picture.mean(axis=(0, 1))
    assert red > 200 and green < 50 and blue < 50


@given(st.data())
def test_a_video_cut_off_anywhere_is_refused(clip, tmp_path_factory, data):
    content = clip.read_bytes()
    keep = data.draw(st.integers(1, len(content) - 16))
    path = tmp_path_factory.mktemp("cut") / clip.name
    path.write_bytes(content[:keep])
    with pytest.raises(InputError):
        Video(path)


def test_a_complete_video_has_no_missing_bytes(clip):
    assert missing_bytes(clip) == 0


@pytest.mark.parametrize("missing", [0, 1, 40])
def test_a_long_box_states_its_length_in_64_bits(tmp_path, missing):
    header = struct.pack(">I4sQ", 16, b"ftyp", 0) + struct.pack(">I4sQ", 1, b"mdat", 16 + 100)
    (tmp_path / "clip.mp4").write_bytes(header + bytes(100 - missing))
    assert missing_bytes(tmp_path / "clip.mp4") == missing


def test_a_box_to_the_end_of_the_file_is_complete(tmp_path):
    (tmp_path / "clip.mp4").write_bytes(
        struct.pack(">I4sQ", 16, b"ftyp", 0) + struct.pack(">I4s", 0, b"mdat") + b"1234"
    )
    assert missing_bytes(tmp_path / "clip.mp4") == 0


def test_a_recorder_that_never_wrote_its_length_is_not_held_against_the_file(tmp_path, drawn_avi):
    content = bytearray(drawn_avi.read_bytes())
    content[4:8] = bytes(4)
    path = tmp_path / "clip.avi"
    path.write_bytes(content)
    assert missing_bytes(path) == 0
    assert Video(path).frames == FRAMES


UNKNOWN = b"\x01" + b"\xff" * 7  # the length of an EBML element that nobody came back to fill in


@given(st.data())
def test_a_browsers_recording_states_no_length_and_its_cut_end_is_noticed(tmp_path_factory, data):
    blocks = [b"\xa3" + bytes([0x40, 200]) + bytes(200) for _ in range(5)]  # simple blocks of 200 bytes
    header = b"\x1a\x45\xdf\xa3" + b"\x84" + b"none"
    whole = header + b"\x18\x53\x80\x67" + UNKNOWN + b"\x1f\x43\xb6\x75" + UNKNOWN + b"".join(blocks)
    path = tmp_path_factory.mktemp("cut") / "clip.webm"
    path.write_bytes(whole)
    assert missing_bytes(path) == 0
    cut = data.draw(st.integers(1, 5 * 203 - 1).filter(lambda cut: cut % 203))  # between two blocks nobody can tell
    path.write_bytes(whole[:-cut])
    assert missing_bytes(path) > 0


def test_errors_of_the_decoder_stay_off_the_screen(tmp_path, capfd):
    path = draw_video(tmp_path / "clip.mp4", 5)
    path.write_bytes(path.read_bytes().replace(b"moov", b"none"))
    with pytest.raises(InputError):
        Video(path)
    assert capfd.readouterr().err == ""


def test_suffixes_are_those_of_videos():
    assert {".mp4", ".mov", ".avi", ".mkv", ".webm"} <= set(VIDEO_SUFFIXES)


@pytest.fixture(scope="module")
def drawn_avi(tmp_path_factory):
    return draw_video(tmp_path_factory.mktemp("videos") / "clip.avi", FRAMES, fps=25.0)


def test_at_a_constant_rate_frames_are_picked_by_number():
    for fps in (10, 23.976, 25, 29.97, 30, 59.94):
        for count in (1, 2, 7, 60, 81, 333):
            times = np.round(np.arange(count) * 1000 / fps)  # as containers with whole milliseconds have them
            assert (pick_frames(times, 60) == sample_indices(count, 60)).all(), (fps, count)


def test_at_a_variable_rate_frames_are_picked_at_equal_times():
    times = np.cumsum([0, *[20] * 50, *[100] * 50])  # 1 s in 50 frames, then 5 s in 50
    picked = times[pick_frames(times.tolist(), 60)]
    assert np.abs(picked - np.linspace(0, 6000, 60)).max() <= 50
    by_number = times[sample_indices(len(times), 60)]
    assert np.abs(by_number - np.linspace(0, 6000, 60)).max() > 1000


def test_a_video_of_variable_rate_is_sampled_by_its_own_times(tmp_path):
    video = Video(uneven(draw_video(tmp_path / "clip.mp4", 40), 40))
    picked = pick_frames(video.packet_times(), 60)
    assert (picked == pick_frames(video.times, 60)).all()
    assert (picked < 20).mean() == pytest.approx(0.25, abs=0.04)  # the first half of the frames lasts a quarter


@pytest.mark.parametrize("junk", [b"\0" * 1000, b"A" * 1000, bytes(range(256)) * 4, b"xyz"], ids=str)
def test_an_mp4_with_bytes_behind_its_end_is_whole(junk, tmp_path):
    path = draw_video(tmp_path / "clip.mp4", 9)
    path.write_bytes(path.read_bytes() + junk)
    assert missing_bytes(path) == 0 and Video(path).frames == 9


def test_pixels_that_are_not_square_are_made_so(tmp_path):
    path = draw_video(tmp_path / "clip.avi", 5)

    class Anamorphic(Video):
        def _open(self):
            capture = super()._open()
            real = capture.get
            known = {cv2.CAP_PROP_SAR_NUM: 16.0, cv2.CAP_PROP_SAR_DEN: 11.0}

            class Capture:
                def __getattr__(self, name):
                    return getattr(capture, name)

                def get(self, which):
                    return known.get(which) or real(which)

            return Capture()

    video = Anamorphic(path)
    pictures = [picture for _, picture in video]
    facts = video.facts()
    assert (facts.width, facts.height) == (93, 48) and pictures[0].shape == (48, 93, 3)
    assert any("pixels of 1.45 to 1" in remark for remark in facts.remarks)


def test_a_video_of_one_picture_has_a_remark(tmp_path):
    assert "too few to show a sign" in Video(draw_video(tmp_path / "one.avi", 1)).facts().remarks[0]


def test_a_stream_without_times_says_that_its_rate_is_assumed(tmp_path):
    import cv2

    pictures = [cv2.imencode(".jpg", np.full((48, 64, 3), 20 * i, np.uint8))[1].tobytes() for i in range(5)]
    (tmp_path / "a.mjpeg").write_bytes(b"".join(pictures))
    facts = Video(tmp_path / "a.mjpeg").facts()
    assert facts.frames == 5 and any("frames a second are assumed" in remark for remark in facts.remarks)


@pytest.mark.parametrize("frames", [0, 36_012])
def test_the_length_is_known_without_decoding_although_the_header_is_wrong(frames, tmp_path):
    video = Video(draw_video(tmp_path / "a.avi", 12, fps=10))
    video._header = replace(video._header, frames=frames)
    assert video.stated_seconds == pytest.approx(1.2, abs=0.02)
