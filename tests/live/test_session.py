"""The threads: nothing lost from a file, nothing late from a camera, and what keys do meanwhile."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest
from support.sessions import Eyes, Keys, Pictures, ended, happened, run, session, wait_until
from support.signing import NOBODY, RESTING, signing

from isl.live.clip_recorder import ClipRecorder
from isl.live.event_file import EventFile
from isl.live.film import Film
from isl.sentence import Rules


def test_a_file_is_read_whole_and_in_order_however_slow_a_thread_is():
    pictures = Pictures()
    made = session(pictures, Eyes(pictures, slow=0.002))
    made.run()
    assert made.eyes.seen == list(range(len(pictures.frames)))
    assert happened(made) == ["Doctor", "Fever"]
    assert happened(made, "sentence") and ended(made)


def test_the_same_file_gives_the_same_events_however_fast_it_is_read():
    def events(**slow):
        pictures = Pictures()
        made = session(pictures, Eyes(pictures, **slow))
        made.run()
        return [event.line() for event in made.interpreter.events]

    assert events() == events(slow=0.003)


def test_a_sentence_at_the_end_of_a_file_is_not_lost():
    made = session(Pictures([(RESTING, 1.0), (signing(0), 2.0)]))
    made.run()
    assert happened(made) == ["Doctor"] and len(happened(made, "sentence")) == 1


def test_a_camera_drops_what_is_late():
    pictures = Pictures(live=True, pace=0.001)
    made = session(pictures, Eyes(pictures, slow=0.01))
    made.run()
    assert made.dropped > 0 and len(made.eyes.seen) < len(pictures.frames)
    assert made.eyes.seen == sorted(made.eyes.seen) and ended(made)


def test_a_slow_sentence_blocks_no_other_thread():
    """The first sentence is not written before the word after it is heard."""
    heard, waited = threading.Event(), []

    class Slow(Rules):
        def write(self, glosses, context=()):
            waited.append(heard.wait(10))
            return super().write(glosses, context)

    def log(line):
        if '"word": "Fever"' in line:
            heard.set()

    pictures = Pictures(live=True)
    eyes = Eyes(pictures)
    pictures.before_each = lambda i: wait_until(lambda: len(eyes.seen) >= i)  # no machine is too slow for this camera
    made = session(pictures, eyes, writer=Slow(), pause=0.5, log=log)
    run(made)
    assert waited and all(waited)
    assert happened(made) == ["Doctor", "Fever"] and ended(made)


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 2), (640, 480)])
def test_pictures_of_any_size_are_drawn(size, tmp_path):
    pictures = Pictures([(RESTING, 0.3), (signing(0), 0.3), (NOBODY, 0.3)], size=size)
    screen = Keys()
    session(pictures, screen=screen, film=Film(tmp_path / "out.mp4")).run()
    assert len(screen.pictures) == len(pictures.frames) + 2  # the last again, with its sentence, then held
    assert all(p.shape[0] >= 480 and p.shape[1] >= 640 for p in screen.pictures)


# Keys, and what is written


def test_a_sentence_is_written_once_however_often_it_is_asked_for():
    class Slow(Rules):
        asked = 0

        def write(self, glosses, context=()):
            Slow.asked += 1
            if Slow.asked == 1:
                made.interpreter.write_sentence()  # s is pressed meanwhile
            return super().write(glosses, context)

    made = session(screen=Keys((70, "say"), (75, "say")), writer=Slow())
    run(made)
    assert Slow.asked == len(happened(made, "sentence")) == 1


def test_keys_change_words_and_mirror(tmp_path):
    screen = Keys((36, "backspace"), (70, "say"), (80, "mirror"), (90, "clear"))
    made = session(screen=screen)
    made.run()
    kinds = [event.kind for event in made.interpreter.events]
    assert "backspace" in kinds and "clear" in kinds and made.viewer.mirrored


def test_events_are_written_while_it_runs(tmp_path):
    path = tmp_path / "events.jsonl"
    made = session(log=EventFile(path).write)
    made.run()
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["word"] for line in lines if line["event"] == "word"] == ["Doctor", "Fever"]
    assert len(lines) == len(made.interpreter.events)


def test_the_film_has_every_frame_and_its_own_time(tmp_path):
    from isl.vision.video import Video

    made = session(Pictures(fps=10.0), film=Film(tmp_path / "out.mp4"))
    made.run()
    assert made.films == [tmp_path / "out.mp4"]
    facts = Video(tmp_path / "out.mp4").facts()
    assert facts.fps == pytest.approx(10, rel=0.02) and facts.frames == pytest.approx(100, abs=2)
    assert not list(tmp_path.glob(".*"))


def test_r_starts_and_stops_a_film(tmp_path):
    made = session(screen=Keys((20, "record"), (60, "record")), new_film=lambda: Film(tmp_path / "r.mp4"))
    made.run()
    assert made.films == [tmp_path / "r.mp4"]


def test_r_records_a_clip_of_a_new_sign(tmp_path):
    take = ClipRecorder("Fever", tmp_path, seconds=2.0, group="me", extractor="test")
    parts = [(RESTING, 4.0), (signing(0), 3.0), (RESTING, 1.0)]
    made = session(Pictures(parts, fps=20.0), recorder=take, screen=Keys((5, "record")))
    made.run()
    assert [path.name for path in take.saved] == ["me_000.npy"]
    clip = np.load(take.saved[0])
    assert clip.shape[1] == RESTING.shape[0] and len(clip) == pytest.approx(40, abs=2)


def test_a_file_s_last_picture_stays_until_a_key_is_pressed(tmp_path):
    class Waits(Keys):
        waits = 0

        def wait_for_key(self):
            self.waits += 1
            assert (tmp_path / "out.mp4").is_file()  # the film does not wait for a key
            return self.waits == 3

    screen = Waits()
    made = session(screen=screen, film=Film(tmp_path / "out.mp4"))
    run(made)
    assert screen.waits == 3 and ended(made)


@pytest.mark.parametrize("live", [True, False], ids=["camera", "file"])
def test_quitting_or_losing_a_camera_needs_no_further_key(live):
    class Waits(Keys):
        def wait_for_key(self):
            raise AssertionError("waits")

    pictures = Pictures(live=live)
    made = session(pictures, screen=Waits(*[] if live else [(5, "quit")]))
    run(made)
    assert ended(made)


def test_keys_undo_a_clip_and_go_on_to_the_next_word(tmp_path):
    recorder = ClipRecorder(["Fever", "Cough"], tmp_path, seconds=1.0, group="me", extractor="test")
    parts = [(RESTING, 4.0), (signing(0), 8.0)]
    screen = Keys((5, "record"), (95, "undo"), (100, "next"), (105, "full screen"), (106, "help"), (110, "record"))
    run(session(Pictures(parts, fps=20.0), recorder=recorder, screen=screen))
    assert [path.parent.name for path in recorder.saved] == ["Cough"] and screen.full


def test_an_unsure_sign_comes_with_the_reason():
    made = session(Pictures([(RESTING, 1.0), (signing(3), 2.0), (RESTING, 2.0)]))
    made.run()
    (unsure,) = [event.facts for event in made.interpreter.events if event.kind == "unsure"]
    assert "needed" in unsure["reason"] or "no word" in unsure["reason"]
