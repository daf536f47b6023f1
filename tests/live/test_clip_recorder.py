"""Recording a new sign: a clip that training takes as it is, or none."""

from __future__ import annotations

import numpy as np
import pytest
from support.signing import NOBODY, RESTING, signing, stream

from isl.data.folder import FolderClips
from isl.data.table import read_table
from isl.errors import InputError
from isl.live.clip_recorder import ClipRecorder


def take_of(root, *parts, word="Fever", seconds=2.0, starts=1, fps=15.0):
    recorder = ClipRecorder(word, root, seconds, "ann", "test extractor")
    texts, now = [], 0.0
    for _ in range(starts):
        recorder.start()
        for at, frame in stream(*parts, fps=fps, start=now):
            texts.append(recorder.feed(at, frame, (640, 480)))
        now += 100
    return recorder, texts


def test_a_recording_counts_down_records_and_reports_the_clip(tmp_path):
    recorder, texts = take_of(tmp_path, (RESTING, 3.0), (signing(0), 5.0))
    seen = list(dict.fromkeys(texts))
    assert seen == ["3", "2", "1", "sign: Fever", "saved 1", ""]
    assert texts.count("saved 1") == pytest.approx(30, abs=1)  # two seconds
    clip = np.load(recorder.saved[0])
    assert len(clip) == pytest.approx(30, abs=1) and (clip == signing(0)).all()


def test_takes_are_numbered_and_in_the_table_and_train_as_they_are(tmp_path):
    take_of(tmp_path, (signing(0), 7.0), starts=2)
    take_of(tmp_path, (signing(1), 7.0), word="Pain of the head", starts=2)
    rows = read_table(tmp_path / "clips.csv")
    assert set(rows) == {(w, f"ann_00{i}") for w in ("Fever", "Pain of the head") for i in (0, 1)}
    row = rows["Fever", "ann_000"]
    assert row.aspect == pytest.approx(4 / 3) and row.seconds == pytest.approx(2, abs=0.15)
    assert float(row.columns["fps"]) == pytest.approx(15, rel=0.005)  # an interval less than frames
    assert row.columns["group"] == "ann" and row.columns["extractor"] == "test extractor"
    clips = FolderClips(tmp_path).load()
    assert clips.words == ["Fever", "Pain of the head"] and len(clips) == 4


def test_a_table_of_others_keeps_its_columns(tmp_path):
    (tmp_path / "clips.csv").write_text("word,clip,mood\nCold,a,good\n", encoding="utf-8")
    take_of(tmp_path, (signing(0), 7.0))
    rows = read_table(tmp_path / "clips.csv")
    assert rows["Cold", "a"].columns["mood"] == "good" and ("Fever", "ann_000") in rows


@pytest.mark.parametrize("frame, says", [(NOBODY, "nobody seen"), (RESTING, "no hands seen")])
def test_a_recording_without_a_signer_is_not_kept(frame, says, tmp_path):
    recorder, texts = take_of(tmp_path, (frame, 7.0))
    assert says in texts and recorder.saved == [] and not list(tmp_path.iterdir())


def test_a_second_start_stops_the_recording(tmp_path):
    recorder = ClipRecorder("Fever", tmp_path, 2.0, "ann", "test")
    recorder.start()
    assert recorder.feed(0.0, signing(0), (4, 3)) == "3"
    recorder.start()
    assert not recorder.busy and recorder.feed(0.1, signing(0), (4, 3)) == ""


@pytest.mark.parametrize("until", [1.0, 4.0], ids=["in the countdown", "in the clip"])
def test_a_recording_whose_time_goes_back_is_dropped_and_the_next_is_complete(until, tmp_path):
    recorder = ClipRecorder("Fever", tmp_path, 2.0, "ann", "test")
    recorder.start()
    for at, frame in stream((signing(0), until), fps=15.0, start=100.0):
        assert recorder.feed(at, frame, (4, 3))
    assert recorder.feed(5.0, signing(0), (4, 3)) == "" and not recorder.busy
    assert all(recorder.feed(at, frame, (4, 3)) == "" for at, frame in stream((signing(0), 9.0), fps=15.0, start=100.0))
    assert recorder.saved == []
    recorder.start()
    for at, frame in stream((signing(1), 6.0), fps=15.0, start=6.0):
        recorder.feed(at, frame, (4, 3))
    (path,) = recorder.saved
    clip = np.load(path)
    assert len(clip) == pytest.approx(30, abs=1) and (clip == signing(1)).all()


@pytest.mark.parametrize("word", ["", " ", "a/b", "..", "a\\b", "a:b", ".hidden", "a\nb"])
def test_a_word_that_is_no_folder_is_refused(word, tmp_path):
    with pytest.raises(InputError, match=r"record\.word"):
        ClipRecorder(word, tmp_path, 2.0, "ann", "test")


@pytest.mark.parametrize("group", ["", "../x", "a/b", None, "x" * 200])
def test_a_group_that_is_no_part_of_a_file_s_name_is_refused(group, tmp_path):
    with pytest.raises(InputError, match=r"record\.group"):
        ClipRecorder("Fever", tmp_path, 2.0, group, "test")


def test_a_folder_that_cannot_be_written_is_refused_before_the_recording(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"record.root=.*file"):
        ClipRecorder("Fever", tmp_path / "file", 2.0, "ann", "test")
    (tmp_path / "clips.csv").write_text("nonsense", encoding="utf-8")
    with pytest.raises(InputError, match=r"clips\.csv"):
        ClipRecorder("Fever", tmp_path, 2.0, "ann", "test")


def recorded(recorder, start, word=0):
    recorder.start()
    for at, frame in stream((signing(word), 7.0), fps=15.0, start=start):
        recorder.feed(at, frame, (640, 480))


def test_several_words_are_recorded_in_one_session_and_a_bad_clip_is_undone(tmp_path):
    recorder = ClipRecorder(["Fever", "Cough"], tmp_path, 2.0, "ann", "test")
    recorded(recorder, 0.0)
    recorded(recorder, 100.0)
    assert recorder.status == "Fever (1 of 2): 2 clips"
    assert recorder.undo() == tmp_path / "Fever" / "ann_001.npy"
    assert recorder.next_word() == "Cough"
    recorded(recorder, 200.0)
    assert recorder.status == "Cough (2 of 2): 1 clip" and recorder.next_word() == "Fever"
    assert set(read_table(tmp_path / "clips.csv")) == {("Fever", "ann_000"), ("Cough", "ann_000")}
    assert {path.name for path in tmp_path.rglob("*.npy")} == {"ann_000.npy"}
    assert len(list(tmp_path.rglob("*.npy"))) == 2


def test_undo_deletes_only_what_this_session_recorded(tmp_path):
    take_of(tmp_path, (signing(0), 7.0))
    recorder = ClipRecorder("Fever", tmp_path, 2.0, "ann", "test")
    assert recorder.undo() is None
    assert (tmp_path / "Fever" / "ann_000.npy").exists() and len(read_table(tmp_path / "clips.csv")) == 1
