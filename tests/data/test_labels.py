"""Tables beside the clips: parts of recordings, signers, sides of a split."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.people import random_clip

from isl.data.examination import examine
from isl.data.folder import FolderClips
from isl.data.layout import find_clips, word_folders
from isl.data.splits.splitters import Auto, Official
from isl.data.walk import LeftOut
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE


def recording(path: Path, frames: int = 60, seed: int = 0) -> np.ndarray:
    clip = random_clip(np.random.default_rng([seed, frames]), frames)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, clip)
    return clip


def load(root: Path):
    return FolderClips(str(root)).load()


@pytest.fixture
def talks(tmp_path: Path) -> dict[str, np.ndarray]:
    """Two long recordings, of which a table cuts two words each."""
    clips = {name: recording(tmp_path / "long" / f"{name}.npy", 90, seed) for seed, name in enumerate(("one", "two"))}
    (tmp_path / "labels.csv").write_text(
        "path,gloss,start_frame,end_frame,signer,split,note\n"
        "long/one.npy,Doctor,0,30,anna,train,x\nlong/one.npy,Fever,30,90,anna,train,\n"
        "long/two.npy,Doctor,10,40,ben,test,\nlong/two.npy,Fever,40,,ben,test,\n"
    )
    return clips


def test_a_table_cuts_one_recording_into_its_words(talks, tmp_path, capsys):
    clips = load(tmp_path)
    assert clips.words == ["Doctor", "Fever"]
    np.testing.assert_array_equal(clips.clip(0), talks["one"][:30])
    np.testing.assert_array_equal(clips.clip(1), talks["two"][10:40])
    np.testing.assert_array_equal(clips.clip(2), talks["one"][30:])
    np.testing.assert_array_equal(clips.clip(3), talks["two"][40:])
    assert clips.columns["group"] == ["anna", "ben", "anna", "ben"]
    assert "labels.csv: columns that are not used: note" in capsys.readouterr().err
    assert examine(tmp_path).shapes[(30, FRAME_SIZE)] == 2


@pytest.mark.parametrize("splitter", [Auto(), Official()])
def test_a_table_gives_the_split(talks, tmp_path, splitter):
    recording(tmp_path / "long" / "three.npy", 90, 7)
    with (tmp_path / "labels.csv").open("a") as table:
        table.write("long/three.npy,Doctor,0,30,cara,val,\nlong/three.npy,Fever,30,60,cara,Validation,\n")
    clips = load(tmp_path)
    split = splitter(clips)
    assert {clips.columns["group"][i] for i in split.test} == {"ben"}
    assert {clips.columns["group"][i] for i in split.val} == {"cara"}
    assert "column split" in split.protocol


@pytest.mark.parametrize(
    ("columns", "row", "expected"),
    [
        ("start,end", "0.5,1.5", slice(15, 45)),  # seconds
        ("start,end", "10,40", slice(10, 40)),  # more than the two seconds that it lasts: frames
        ("start_frame,end_frame", "0,1", slice(0, 1)),
        ("start_ms,end_ms", "500,1500", slice(15, 45)),
        ("Start time,End time", "00:00:01,0:02", slice(30, 60)),
        ("start,duration", "0.5,1.0", slice(15, 45)),
        ("Start (ms),Duration (ms)", "500,1000", slice(15, 45)),
        ("onset,offset", "0.5,1.5", slice(15, 45)),
        ("startTime,endTime", "0.5,1.5", slice(15, 45)),
        ("first frame,last frame", "15,45", slice(15, 45)),
        ("start_s,end", "1,2", slice(30, 60)),  # one unit is enough for both
        (
            "Begin Time - hh:mm:ss.ms,Begin Time - ss.msec,End Time - hh:mm:ss.ms,End Time - ss.msec",
            "00:00:00.500,0.5,00:00:01.500,1.5",
            slice(15, 45),
        ),  # ELAN's tables
        ("start,end,duration", "0.5,1.5,60", slice(15, 45)),  # a duration beside an end may be the recording's
        ("start_time,end_frame", "0.5,45", slice(0, 60)),  # not one unit, so that neither is used
        ("duration", "0.5", slice(0, 60)),
    ],
)
def test_clips_csv_cuts_its_clips(tmp_path, columns, row, expected):
    whole = recording(tmp_path / "Doctor" / "a.npy")
    recording(tmp_path / "Doctor" / "b.npy", 60, 1)
    (tmp_path / "clips.csv").write_text(
        f"word,clip,fps,{columns}\nDoctor,a,30,{row}\nDoctor,b,30{',' * (columns.count(',') + 1)}\n"
    )
    clips = load(tmp_path)
    np.testing.assert_array_equal(clips.clip(0), whole[expected])
    assert len(clips.clip(1)) == 60
    assert clips.seconds[0] == pytest.approx((expected.stop - expected.start) / 30)


def test_extracted_clips_are_cut_by_their_length_in_time(tmp_path):
    """Extraction stores 60 frames of a video of any rate: a second is a part of the clip's length in time."""
    whole = recording(tmp_path / "Doctor" / "a.npy")
    (tmp_path / "clips.csv").write_text("word,clip,fps,frames,seconds,start,end\nDoctor,a,10,100,10,2.5,5.0\n")
    np.testing.assert_array_equal(load(tmp_path).clip(0), whole[15:30])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2.5,3", "is to be cut"),
        ("1.0,9", "is to be cut"),
        ("1,0.5", "line 2"),
        ("soon,2", "line 2: start is 'soon'"),
        ("-1,2", "line 2"),
    ],
)
def test_wrong_cuts_are_named(tmp_path, row, reason):
    recording(tmp_path / "Doctor" / "a.npy")
    (tmp_path / "clips.csv").write_text(f"word,clip,fps,start,end\nDoctor,a,30,{row}\n")
    with pytest.raises(InputError, match=reason):
        load(tmp_path)


def test_seconds_without_frames_per_second_are_asked_about(tmp_path):
    recording(tmp_path / "Doctor" / "a.npy")
    (tmp_path / "clips.csv").write_text("word,clip,start,end\nDoctor,a,0.5,1.5\n")
    with pytest.raises(InputError, match="column fps"):
        load(tmp_path)


def test_a_column_signer_is_the_group(tmp_path):
    recording(tmp_path / "Doctor" / "a.npy")
    (tmp_path / "clips.csv").write_text("word,clip,Signer ID\nDoctor,a,anna\n")
    assert load(tmp_path).columns["group"] == ["anna"]


def test_whatever_is_left_out_is_named(tmp_path, capsys):
    for name in ("Doctor/a.npy", "Doctor/b.npy", "loose.npy"):
        recording(tmp_path / name, seed=len(name))
    for name in ("Doctor/film.mp4", "Doctor/notes.txt"):
        (tmp_path / name).touch()
    left_out = LeftOut()
    find_clips(tmp_path, word_folders(tmp_path), left_out)
    lines = left_out.lines(tmp_path)
    for name, reason in {"film.mp4": "isl-extract", "notes.txt": "no format", "loose.npy": "no word's folder"}.items():
        assert any(name in line and reason in line for line in lines), (name, lines)
    load(tmp_path)
    printed = capsys.readouterr().err
    assert all(line in printed for line in lines)
    assert set(lines) <= set(examine(tmp_path).remarks)


def test_words_in_deeper_folders_are_told_how_to_be_read(tmp_path):
    for signer in ("01", "02"):
        recording(tmp_path / signer / "train" / "Doctor" / "a.npy", seed=int(signer))
    with pytest.raises(InputError, match=r"the word Doctor lies in 01/train; .* path, word, signer and split"):
        find_clips(tmp_path, word_folders(tmp_path))


def test_a_table_gives_the_rate_of_the_files_that_it_cuts(tmp_path):
    whole = recording(tmp_path / "long" / "one.npy")
    (tmp_path / "cuts.csv").write_text(
        "path,word,start,end,fps\nlong\\one.npy,Doctor,0.5,1,30\nlong/one.npy,Fever,1,1.5,30\n"
    )
    clips = load(tmp_path)
    np.testing.assert_array_equal(clips.clip(0), whole[15:30])
    assert clips.seconds.tolist() == [0.5, 0.5]


def test_tables_of_one_side_each_give_the_split(tmp_path):
    for i in range(6):
        recording(tmp_path / "all" / f"{i}.npy", 20, i)
    for side, numbers in (("train", (0, 1, 2, 3)), ("val", (4,)), ("test", (5,))):
        rows = "".join(f"all/{i}.npy\tDoctor\n" for i in numbers)
        (tmp_path / f"{side}.tsv").write_text(f"path\tword\n{rows}")
    assert load(tmp_path).columns["split"] == ["train"] * 4 + ["val", "test"]


def test_a_table_that_is_not_understood_is_named(tmp_path, capsys):
    recording(tmp_path / "Doctor" / "a.npy")
    (tmp_path / "labels.csv").write_text("sample,meaning\nDoctor/a.npy,Doctor\n")
    load(tmp_path)
    said = capsys.readouterr().err.replace("\n", " ")
    assert "left out, a table without a column of paths (path, file) or of words (word, gloss): labels.csv" in said


def test_a_table_that_is_read_is_not_called_left_out(tmp_path, capsys):
    recording(tmp_path / "all" / "a.npy")
    (tmp_path / "labels.csv").write_text("path,word\nall/a.npy,Doctor\n")
    load(tmp_path)
    assert "left out" not in capsys.readouterr().err
