"""``infer.py segment=true``: the words of a long recording, with their times."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from support.drawn import draw_video, taken_at
from support.talks import SCRIPT, config, segment

from isl.commands.infer import open_inference
from isl.data import reading_options
from isl.data.elan import read_eaf
from isl.data.formats import reading
from isl.data.geometry import Survey
from isl.errors import InputError
from isl.live.segmentation import Segmentation
from isl.recognition import inference

pytestmark = pytest.mark.usefixtures("reader")


def test_segments_are_written_as_json_csv_and_subtitles(video, tmp_path):
    names = [tmp_path / f"out.{kind}" for kind in ("json", "csv", "vtt")]
    segment(f"input={video}", f"output=[{','.join(map(str, names))}]", f"film={tmp_path / 'film.mp4'}")
    written = json.loads(names[0].read_text(encoding="utf-8"))
    assert [word["word"] for word in written["words"]] == ["Doctor", "Fever"]
    assert written["words"][0]["start"] == pytest.approx(1.0, abs=0.11) and written["words"][0]["end"] == pytest.approx(
        3, abs=0.11
    )
    assert len(written["sentences"]) == 1
    rows = list(csv.DictReader(names[1].open(encoding="utf-8")))
    assert [row["word"] for row in rows] == ["Doctor", "Fever"]
    assert names[2].read_text(encoding="utf-8").startswith("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nDoctor\n")
    assert (tmp_path / "film.mp4").is_file()


def test_words_of_slow_motion_have_the_times_of_a_player(tmp_path):
    slow = taken_at(draw_video(tmp_path / "talk.mp4", len(SCRIPT), size=(96, 96), fps=5.0), 10)
    out = tmp_path / "out.csv"
    made = segment(f"input={slow}", f"output={out}")
    (doctor, _) = csv.DictReader(out.open(encoding="utf-8"))
    assert (doctor["word"], float(doctor["start"])) == ("Doctor", pytest.approx(2.0, abs=0.21))
    assert float(doctor["end"]) == pytest.approx(6, abs=0.21)  # twice the times at the camera
    assert any("slow motion" in line for line in made.session.remarks)


@pytest.mark.parametrize(
    "overrides, says",
    [(("input=nowhere.mp4",), "nowhere.mp4"), (("output=a.txt",), "output=a.txt"), (("film=a.gif",), "film=a.gif")],
)
def test_a_wrong_option_of_segment_is_named(overrides, says, video):
    with pytest.raises(InputError, match=says):
        segment(*(overrides if "input" in overrides[0] else (f"input={video}", *overrides)))


@pytest.mark.parametrize(
    "segment, made", [("null", Segmentation), ("false", inference.Inference), ("true", Segmentation)]
)
def test_a_video_much_longer_than_a_sign_is_segmented_with_a_message(segment, made, video, capsys):
    opened = open_inference(config("infer", f"input={video}", f"segment={segment}"))
    assert isinstance(opened, made)
    assert ("lasts 10 s, much longer than one sign" in capsys.readouterr().out) == (segment == "null")


@pytest.mark.parametrize("output", ["words.vtt", "words.eaf", "[words.json,words.srt]"])
def test_files_with_times_need_the_words_one_by_one(tmp_path, output):
    short = draw_video(tmp_path / "short.avi", 30, fps=10.0)
    assert isinstance(open_inference(config("infer", f"input={short}", f"output={output}")), Segmentation)
    with pytest.raises(InputError, match=r"\.json or \.csv"):
        open_inference(config("infer", f"input={short}", f"output={output}", "segment=false"))


def test_a_video_of_one_sign_is_one_sign(tmp_path, capsys):
    short = draw_video(tmp_path / "short.avi", 30, fps=10.0)
    assert isinstance(open_inference(config("infer", f"input={short}")), inference.Inference)
    assert capsys.readouterr().out == ""


@pytest.fixture
def believed(monkeypatch):
    """Landmarks are read as they are: the figure of these tests is no person, and each hand is one point."""
    monkeypatch.setattr(reading_options, "survey", lambda clips, options: Survey(options))
    monkeypatch.setattr(reading, "is_missing", lambda points: np.zeros(len(points), bool))


def test_landmarks_have_the_words_of_their_video(video, tmp_path, believed, capsys):
    word = tmp_path / "talks" / "any"
    (word / "two").mkdir(parents=True)
    np.save(word / "one.npy", np.stack(SCRIPT))
    for i, frame in enumerate(SCRIPT):
        np.save(word / "two" / f"{i}.npy", frame)
    (tmp_path / "talks" / "clips.csv").write_text("word,clip,fps\nany,one,10\nany,two,10\n")
    theirs = [event.facts["word"] for event in segment(f"input={video}").interpreter.events if event.kind == "word"]
    for path in (word / "one.npy", word / "two"):
        made = segment(f"input={path}")
        assert made.session.frames == len(SCRIPT)
        assert [event.facts["word"] for event in made.interpreter.events if event.kind == "word"] == theirs
    with pytest.raises(InputError, match="needs a video's pictures"):
        segment(f"input={word / 'one.npy'}", f"film={tmp_path / 'film.mp4'}")
    np.save(tmp_path / "alone.npy", np.stack(SCRIPT))
    capsys.readouterr()
    segment(f"input={tmp_path / 'alone.npy'}")
    assert "30 frames a second are assumed" in capsys.readouterr().err


def test_segments_are_written_for_elan(video, tmp_path):
    segment(f"input={video}", f"output={tmp_path / 'talk.eaf'}")
    entries = read_eaf(tmp_path / "talk.eaf").entries
    assert [entry.word for entry in entries] == ["Doctor", "Fever"] and entries[0].path == str(video)
    assert read_eaf(tmp_path / "talk.eaf", "sentences").entries


def test_a_long_landmark_file_is_segmented_with_a_message(tmp_path, capsys):
    np.save(tmp_path / "talk.npy", np.stack(SCRIPT * 4))
    assert isinstance(open_inference(config("infer", f"input={tmp_path / 'talk.npy'}")), Segmentation)
    assert "lasts 13 s, much longer than one sign" in capsys.readouterr().out
