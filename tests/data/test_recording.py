"""One recording: counted down, collected, and saved by whoever records."""

from __future__ import annotations

import numpy as np
import pytest
from support.signing import signing, stream

from isl.data.recording import FASTEST, Countdown, RecordedClip, check_name, save_recording
from isl.data.table import read_table
from isl.errors import InputError


def record(frames, seconds=2.0):
    countdown = Countdown(seconds)
    countdown.restart(wanted=True)
    made = [countdown.feed(time, frame, (640, 480)) for time, frame in frames]
    return countdown, [one for one in made if one is not None]


def test_a_recording_has_the_frames_after_the_countdown():
    countdown, (recording,) = record(stream((signing(0), 6.0), fps=20.0))
    assert len(recording.landmarks) == pytest.approx(40, abs=1) and recording.fps == pytest.approx(20)
    assert not countdown.busy and not countdown.signing and recording.problem == ""


def test_a_sender_whose_clock_stands_still_fills_no_memory():
    countdown, made = record([(0.0, signing(0)), *[(3.5, signing(0))] * 10_000])
    assert made == [] and len(countdown._frames) == 1
    _, (recording,) = record([(i / 2000, signing(0)) for i in range(12_000)])
    assert len(recording.landmarks) <= 2 * FASTEST + 1


def test_two_recorders_of_one_signer_never_overwrite(tmp_path):
    recording = RecordedClip(np.stack([signing(0)] * 10), 10.0, (640, 480))
    paths = {save_recording(recording, tmp_path, "Fever", "ann", "test") for _ in range(3)}
    assert len(paths) == 3 and len(read_table(tmp_path / "clips.csv")) == 3


@pytest.mark.parametrize("name", ["", " ", "../x", "a/b", "a\\b", "a\0", "C:", ".hidden", "x.", "y" * 101, None, True])
def test_a_name_that_is_a_path_is_refused(name):
    with pytest.raises(InputError, match=r"record\.word="):
        check_name(name, "record.word")
