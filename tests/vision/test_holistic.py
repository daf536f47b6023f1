from __future__ import annotations

import os
import subprocess
import sys
import threading

import cv2
import numpy as np
import pytest
from support.drawn import claiming, draw_video, number_of

from isl.errors import InputError
from isl.landmarks import FACE, FRAME_SIZE, LEFT_HAND, PARTS, POSE, RIGHT_HAND, is_found, sample_indices
from isl.vision import holistic, landmarking
from isl.vision.holistic import Holistic, extractor, found_fractions
from isl.vision.landmarking import landmark_video
from isl.vision.video import Video


def by_hand(path, count) -> np.ndarray:
    """Insignia's way: read all frames with cv2, pick, run MediaPipe's own class, flatten."""
    import mediapipe

    capture, pictures = cv2.VideoCapture(str(path)), []
    while (read := capture.read())[0]:
        pictures.append(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB))
    frames = []
    with mediapipe.solutions.holistic.Holistic(min_detection_confidence=0.5, min_tracking_confidence=0.5) as model:
        for i in np.linspace(0, len(pictures) - 1, count).round().astype(int):
            results, frame = model.process(pictures[i]), []
            for name, points in (("pose", 33), ("face", 468), ("left_hand", 21), ("right_hand", 21)):
                landmarks = getattr(results, f"{name}_landmarks")
                keys = ("x", "y", "z", "visibility") if name == "pose" else ("x", "y", "z")
                if landmarks is None:
                    frame += [0.0] * points * len(keys)
                else:
                    frame += [getattr(point, key) for point in landmarks.landmark for key in keys]
            frames.append(frame)
    return np.array(frames)


@pytest.fixture(scope="module")
def deaf(videos):
    return videos / "Deaf" / "deaf.avi"


@pytest.fixture(scope="module")
def reference(deaf):
    return by_hand(deaf, 8)


@pytest.fixture(scope="module")
def clip(deaf):
    return landmark_video(deaf, frames=8)[0]


class Counting:
    """Stands in for a tracker: the frame's number in place of the nose."""

    made = 0

    def __init__(self, face: bool = True) -> None:
        Counting.made += 1

    def __call__(self, rgb):
        frame = np.zeros(FRAME_SIZE, np.float32)
        frame[0] = 1 + number_of(rgb)
        return frame

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def test_numbers_are_bit_for_bit_those_of_mediapipe_by_hand(clip, reference):
    assert clip.dtype == np.float32 and clip.shape == (8, FRAME_SIZE)
    assert is_found(clip, RIGHT_HAND).any()  # or a hand could be wrong unseen
    assert np.array_equal(clip, reference)


@pytest.mark.slow
def test_every_recording_is_bit_for_bit_as_by_hand(landmarked):
    assert len(landmarked) == 8
    for path, clip in landmarked.items():
        assert np.array_equal(clip, by_hand(path, len(clip))), path


def test_without_face_the_rest_stays_the_same(deaf, clip):
    faceless, _ = landmark_video(deaf, frames=8, face=False)
    assert not is_found(faceless, FACE).any()
    for part in (POSE, LEFT_HAND, RIGHT_HAND):
        assert np.array_equal(part.of(faceless), part.of(clip))


def test_a_clip_does_not_depend_on_the_one_before(deaf, clip, videos):
    landmark_video(videos / "Teacher" / "teacher.avi", frames=3)
    assert np.array_equal(landmark_video(deaf, frames=8)[0], clip)


def test_a_part_that_was_not_found_is_zeros(clip):
    assert not is_found(clip, LEFT_HAND).any()
    assert found_fractions(clip)["left_hand"] == 0
    assert found_fractions(clip)["pose"] == is_found(clip, POSE).mean() == 1


@pytest.mark.slow
def test_mediapipe_keeps_quiet(deaf):
    code = f"from isl.vision.landmarking import landmark_video; landmark_video({str(deaf)!r}, frames=3)"
    fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # some is said only once
    assert (fresh.stdout, fresh.stderr) == (b"", b"")


def test_the_error_stream_is_back_afterwards(deaf, capfd):
    with Holistic() as tracker:
        os.write(2, b"created\n")
        _, rgb = next(iter(Video(deaf)))
        tracker(rgb)
        os.write(2, b"seen\n")
    assert capfd.readouterr().err == "created\nseen\n"


def test_the_error_stream_is_restored_after_the_last_thread(capfd):
    inside, leave = threading.Barrier(3, timeout=60), [threading.Event(), threading.Event()]

    def quiet_until(event):
        with holistic.quiet:
            inside.wait()
            event.wait()

    threads = [threading.Thread(target=quiet_until, args=(event,)) for event in leave]
    for thread in threads:
        thread.start()
    inside.wait()
    for thread, event in zip(threads, leave, strict=True):
        os.write(2, b"lost\n")
        event.set()
        thread.join()
    os.write(2, b"heard\n")
    assert capfd.readouterr().err == "heard\n"


def test_a_picture_without_a_person_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"dark\.avi: shows nobody"):
        landmark_video(draw_video(tmp_path / "dark.avi", 3), frames=2)


@pytest.mark.parametrize("frames", [1, 5, 60])
def test_sampled_frames_are_those_of_sample_indices(tmp_path, monkeypatch, frames):
    monkeypatch.setattr(landmarking, "Holistic", Counting)
    clip, facts = landmark_video(draw_video(tmp_path / "clip.avi", 23), frames)
    assert (clip[:, 0] - 1).tolist() == sample_indices(23, frames).tolist()
    assert facts.frames == 23


def test_all_frames_are_kept_where_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(landmarking, "Holistic", Counting)
    clip, _ = landmark_video(draw_video(tmp_path / "clip.avi", 23), frames=None)
    assert (clip[:, 0] - 1).tolist() == list(range(23))


@pytest.mark.parametrize("counted", [1, 22, 24, 60])
def test_a_wrong_count_is_noticed_at_the_end_and_the_clip_done_again(tmp_path, monkeypatch, counted):
    monkeypatch.setattr(landmarking, "Holistic", Counting)
    monkeypatch.setattr(Video, "packet_times", lambda self: [40.0 * i for i in range(counted)])
    Counting.made = 0
    clip, _ = landmark_video(claiming(draw_video(tmp_path / "clip.avi", 23), counted), 10)
    assert (clip[:, 0] - 1).tolist() == sample_indices(23, 10).tolist()
    assert Counting.made == 2  # a fresh tracker: what the first one saw does not count


def test_every_part_has_its_place():
    assert [part.name for part in PARTS] == list(found_fractions(np.zeros((1, FRAME_SIZE), np.float32)))


def test_extractor_names_the_version():
    assert extractor() == "mediapipe 0.10.21 holistic"
    assert extractor(face=False) != extractor()
