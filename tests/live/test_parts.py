"""Lines between threads, the conversation, recordings and cameras, one by one."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from signing import NOBODY, RESTING, signing, stream

from isl.data.folder import FolderClips
from isl.data.table import read_table
from isl.errors import InputError
from isl.live.camera import CameraLost, open_source
from isl.live.line import Closed, Line, Stopped
from isl.live.output import VideoFile
from isl.live.take import Take
from isl.live.talk import Talk
from isl.sentence import Rules
from isl.stream.events import Event, State

# Lines


@given(st.lists(st.integers(), max_size=50), st.integers(1, 5))
def test_a_line_loses_nothing_and_keeps_the_order(items, size):
    line: Line[int] = Line(size)
    got = []

    def send():
        for item in items:
            line.put(item)
        line.close()

    thread = threading.Thread(target=send)
    thread.start()
    while True:
        try:
            got.append(line.get())
        except Closed:
            break
    thread.join()
    assert got == items and line.dropped == 0


@given(st.lists(st.integers(), min_size=1, max_size=50), st.integers(1, 5))
def test_a_stale_line_keeps_the_newest(items, size):
    line: Line[int] = Line(size, stale=True)
    for item in items:
        line.put(item)
    line.close()
    assert [line.get() for _ in items[-size:]] == items[-size:]
    assert line.dropped == max(0, len(items) - size)


@pytest.mark.parametrize("wait", ["put", "get"])
def test_stopping_a_line_wakes_who_waits(wait):
    line: Line[int] = Line(1)
    if wait == "put":
        line.put(0)
    ended = []

    def work():
        try:
            line.put(1) if wait == "put" else line.get()
        except Stopped:
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.02)
    line.stop()
    thread.join(1)
    assert ended == [True]


def test_getting_from_an_empty_line_times_out():
    assert Line(1).get(timeout=0.01) is None


# The conversation


def heard(*words, pause=3.0):
    talk = Talk(Rules(), pause=pause)
    for i, word in enumerate(words):
        talk.hear(Event(float(i), "word", {"word": word}))
    return talk


def test_words_become_a_sentence_once_after_a_pause():
    talk = heard("Mother", "sick")
    due = [time for time in range(1, 20) if talk.due(float(time), State.IDLE)]
    assert due == [4]  # the last word came at 1
    assert talk.write().glosses == ("Mother", "sick")
    assert not any(talk.due(float(time), State.IDLE) for time in range(20, 40))


def test_signing_puts_the_sentence_off():
    talk = heard("Mother")
    assert not any(talk.due(float(time), State.SIGNING) for time in range(20))
    assert [time for time in range(20, 40) if talk.due(float(time), State.IDLE)] == [22]


def test_a_word_after_a_sentence_begins_anew():
    talk = heard("Mother")
    talk.write()
    talk.hear(Event(9.0, "word", {"word": "Doctor"}))
    assert talk.words == ["Doctor"] and talk.sentence is None


def test_backspace_and_clear_take_the_sentence_along():
    talk = heard("Mother", "sick")
    talk.write()
    talk.backspace()
    assert talk.words == ["Mother"] and talk.sentence is None and talk.unsaid
    talk.clear()
    assert talk.words == [] and not talk.unsaid
    talk.backspace()  # nothing left: nothing happens
    assert talk.words == []


def test_no_words_are_no_sentence():
    talk = heard()
    assert not any(talk.due(float(time), State.NOBODY) for time in range(20))


# Recording a new sign


def take_of(root, *parts, word="Fever", seconds=2.0, starts=1, fps=15.0):
    take = Take(word, root, seconds, "ann", "test extractor")
    texts, now = [], 0.0
    for _ in range(starts):
        take.start()
        for at, frame in stream(*parts, fps=fps, start=now):
            texts.append(take.feed(at, frame, (640, 480)))
        now += 100
    return take, texts


def test_a_take_counts_down_records_and_says_so(tmp_path):
    take, texts = take_of(tmp_path, (RESTING, 3.0), (signing(0), 3.0))
    seen = list(dict.fromkeys(texts))
    assert seen == ["3", "2", "1", "sign: Fever", "saved 1", ""]
    clip = np.load(take.saved[0])
    assert len(clip) == pytest.approx(30, abs=1) and (clip == signing(0)).all()


def test_takes_are_numbered_and_in_the_table_and_train_as_they_are(tmp_path):
    take_of(tmp_path, (signing(0), 7.0), starts=2)
    take_of(tmp_path, (signing(1), 7.0), word="Pain of the head", starts=2)
    rows = read_table(tmp_path / "clips.csv")
    assert set(rows) == {(w, f"ann_00{i}") for w in ("Fever", "Pain of the head") for i in (0, 1)}
    row = rows["Fever", "ann_000"]
    assert row.aspect == pytest.approx(4 / 3) and row.seconds == pytest.approx(2, abs=0.15)
    assert row.columns["group"] == "ann" and row.columns["extractor"] == "test extractor"
    clips = FolderClips(tmp_path).load()
    assert clips.words == ["Fever", "Pain of the head"] and len(clips) == 4


def test_a_table_of_others_keeps_its_columns(tmp_path):
    (tmp_path / "clips.csv").write_text("word,clip,mood\nCold,a,good\n", encoding="utf-8")
    take_of(tmp_path, (signing(0), 7.0))
    rows = read_table(tmp_path / "clips.csv")
    assert rows["Cold", "a"].columns["mood"] == "good" and ("Fever", "ann_000") in rows


@pytest.mark.parametrize("frame, says", [(NOBODY, "nobody seen"), (RESTING, "no hands seen")])
def test_a_take_without_a_signer_is_not_kept(frame, says, tmp_path):
    take, texts = take_of(tmp_path, (frame, 7.0))
    assert says in texts and take.saved == [] and not list(tmp_path.iterdir())


def test_a_second_start_stops_the_take(tmp_path):
    take = Take("Fever", tmp_path, 2.0, "ann", "test")
    take.start()
    assert take.feed(0.0, signing(0), (4, 3)) == "3"
    take.start()
    assert not take.busy and take.feed(0.1, signing(0), (4, 3)) == ""


@pytest.mark.parametrize("word", ["", " ", "a/b", "..", "a\\b", "a:b", ".hidden", "a\nb"])
def test_a_word_that_is_no_folder_is_refused(word, tmp_path):
    with pytest.raises(InputError, match="record_word"):
        Take(word, tmp_path, 2.0, "ann", "test")


# Sources and films


def test_a_missing_camera_is_one_line_that_says_what_to_do():
    with pytest.raises(InputError, match="source=9: camera 9 can't be opened"):
        open_source(9)


def test_a_missing_video_is_one_line(tmp_path):
    with pytest.raises(InputError, match="no such video"):
        open_source(str(tmp_path / "none.mp4"))


def test_a_camera_that_stops_is_lost(monkeypatch):
    from isl.live import camera

    class Capture:
        left = 3

        def isOpened(self):  # noqa: N802
            return True

        def set(self, *_):
            pass

        def release(self):
            pass

        def read(self):
            self.left -= 1
            return (True, np.zeros((4, 4, 3), np.uint8)) if self.left >= 0 else (False, None)

    monkeypatch.setattr(camera.cv2, "VideoCapture", lambda source: Capture())
    monkeypatch.setattr(camera, "LOST_AFTER", 0.05)
    got = []
    with pytest.raises(CameraLost, match="unplugged"):
        got.extend(open_source("0"))
    source = open_source(0)
    assert len([next(iter(source)) for _ in range(2)]) == 2


def test_a_film_without_pictures_leaves_nothing(tmp_path):
    assert VideoFile(tmp_path / "a.mp4").close() is None
    assert not list(tmp_path.iterdir())


def test_a_film_survives_time_and_size_that_jump(tmp_path):
    from isl.video import Video

    film = VideoFile(tmp_path / "a.mp4")
    for seconds, size in ((0.0, 480), (0.1, 480), (0.2, 200), (-5.0, 480), (0.3, 900), (900.0, 480), (900.1, 480)):
        film.add(seconds, np.zeros((size, size + 160, 3), np.uint8))
    assert film.close()
    assert 5 <= Video(tmp_path / "a.mp4").frames <= 20


def test_a_film_must_be_an_mp4(tmp_path):
    with pytest.raises(InputError, match=r"record=.*\.mp4"):
        VideoFile(tmp_path / "a.txt")
