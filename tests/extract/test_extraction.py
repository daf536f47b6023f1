from __future__ import annotations

import os
import shutil

import numpy as np
import pytest
from support import fakes
from support.drawn import claiming, draw_video
from support.fakes import FRAMES, contents, extracted
from support.folders import table

from isl.data.layout import find_clips, read_source, word_folders
from isl.errors import InputError
from isl.extract import extraction
from isl.extract.ledger import CLIP_COLUMNS
from isl.landmarks import sample_indices

pytestmark = pytest.mark.usefixtures("inline")


@pytest.fixture
def calls(monkeypatch) -> list[str]:
    """The videos that were landmarked, as they are."""
    landmarked: list[str] = []

    def landmark(path, frames, face=True, cut=None):
        landmarked.append(path.stem)
        return original(path, frames, face, cut)

    original = fakes.landmark
    monkeypatch.setattr(fakes, "landmark", landmark)
    return landmarked


def test_a_folder_of_videos_becomes_a_folder_of_clips(recorded, tmp_path):
    result = extracted(recorded, tmp_path / "out")
    assert (result.extracted, result.failed) == (5, {})
    for word, lengths in FRAMES.items():
        for i, length in enumerate(lengths):
            clip = np.load(tmp_path / "out" / word / f"{word.lower()}{i}.npy")
            assert (clip.shape, clip.dtype) == ((60, 1662), np.float32)
            assert (clip[:, 0] - 1).tolist() == sample_indices(length).tolist()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"Doctor", "Fever", "clips.csv"}


def test_the_table_has_the_facts_of_each_clip(recorded, tmp_path):
    extracted(recorded, tmp_path / "out")
    rows = table(tmp_path / "out" / "clips.csv")
    assert list(rows) == sorted(rows) and len(rows) == 5
    row = rows["Fever/fever1"]
    assert tuple(row) == ("word", "clip", *CLIP_COLUMNS)
    assert (row["width"], row["height"], row["frames"], row["fps"], row["seconds"]) == ("64", "48", "9", "30", "0.3")
    assert (row["pose"], row["left_hand"], row["right_hand"], row["face"]) == ("1", "0.5", "0", "0")
    assert row["extractor"] == "mediapipe 0.10.21 holistic" and row["kept"] == "60"
    assert row["checksum"] == extraction._checksum(recorded / row["video"])


def test_a_second_run_extracts_no_clip(recorded, tmp_path, calls):
    extracted(recorded, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.*")}
    calls.clear()
    assert extracted(recorded, tmp_path / "out").extracted == 0
    assert calls == []
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.*")} == before


def test_only_missing_clips_are_extracted(recorded, tmp_path, calls):
    extracted(recorded, tmp_path / "out")
    whole = contents(tmp_path / "out")
    calls.clear()
    (tmp_path / "out" / "Fever" / "fever1.npy").unlink()
    draw_video(recorded / "Fever" / "new.avi", 4)
    extracted(recorded, tmp_path / "out")
    assert calls == ["fever1", "new"]
    assert whole.items() - contents(tmp_path / "out").items() == {("clips.csv", whole["clips.csv"])}


def test_a_changed_video_is_done_again(recorded, tmp_path, calls):
    extracted(recorded, tmp_path / "out")
    calls.clear()
    draw_video(recorded / "Doctor" / "doctor0.avi", 8)
    extracted(recorded, tmp_path / "out")
    assert calls == ["doctor0"]
    assert table(tmp_path / "out" / "clips.csv")["Doctor/doctor0"]["frames"] == "8"
    assert np.load(tmp_path / "out" / "Doctor" / "doctor0.npy")[-1, 0] == 8


def test_a_change_of_one_byte_is_noticed_whatever_the_dates_say(recorded, tmp_path, calls):
    extracted(recorded, tmp_path / "out")
    calls.clear()
    video = recorded / "Doctor" / "doctor0.avi"
    dates = (video.stat().st_atime_ns, video.stat().st_mtime_ns)
    content = bytearray(video.read_bytes())
    content[len(content) // 2] ^= 1
    video.write_bytes(content)
    os.utime(video, ns=dates)
    extracted(recorded, tmp_path / "out")
    assert calls == ["doctor0"]


def test_a_copied_dataset_is_not_done_again(recorded, tmp_path, calls):
    extracted(recorded, tmp_path / "out")
    calls.clear()
    shutil.copytree(recorded, tmp_path / "copy")  # younger than the landmarks: checksums decide
    extracted(tmp_path / "copy", tmp_path / "out")
    assert calls == []


def test_other_options_are_done_again(recorded, tmp_path, calls):
    extracted(recorded, tmp_path / "out")
    for options in ({"frames": 30}, {"frames": None}, {"face": False}):
        calls.clear()
        extracted(recorded, tmp_path / "out", **options)
        assert len(calls) == 5, options
    assert "without face" in table(tmp_path / "out" / "clips.csv")["Doctor/doctor0"]["extractor"]


def test_all_frames_are_kept_where_asked_for(recorded, tmp_path):
    extracted(recorded, tmp_path / "out", frames=None)
    assert len(np.load(tmp_path / "out" / "Fever" / "fever1.npy")) == 9
    assert table(tmp_path / "out" / "clips.csv")["Fever/fever1"]["kept"] == "9"


def test_the_layout_of_frames_is_the_one_of_insignia(recorded, tmp_path):
    extracted(recorded, tmp_path / "files")
    extracted(recorded, tmp_path / "frames", layout="frames")
    folder = tmp_path / "frames" / "Fever" / "fever0"
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"frame_{i}.npy" for i in range(60))
    frame = np.load(folder / "frame_7.npy")
    assert (frame.shape, frame.dtype) == ((1662,), np.float64)
    words = word_folders(tmp_path / "frames")
    for one, other in zip(*(find_clips(tmp_path / name, words)[0] for name in ("files", "frames")), strict=True):
        assert np.array_equal(read_source(one), read_source(other))


def test_another_layout_takes_the_place_of_the_first(recorded, tmp_path):
    extracted(recorded, tmp_path / "out")
    extracted(recorded, tmp_path / "fresh", layout="frames")
    extracted(recorded, tmp_path / "out", layout="frames")
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")
    extracted(recorded, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("frame_*.npy"))


def test_bad_videos_are_listed_and_do_not_stop_the_rest(recorded, tmp_path):
    (recorded / "Doctor" / "text.mp4").write_text("no video")
    (recorded / "Doctor" / "zero.mp4").touch()
    whole = (recorded / "Fever" / "fever1.avi").read_bytes()
    (recorded / "Doctor" / "half.avi").write_bytes(whole[: len(whole) // 2])
    draw_video(recorded / "Fever" / "nobody.avi", 3)
    draw_video(recorded / "Fever" / "bug.avi", 3)
    claiming(draw_video(recorded / "Fever" / "header.avi", 20), 500)
    result = extracted(recorded, tmp_path / "out")
    failed = table(tmp_path / "out" / "failed.csv")
    reasons = {name: row["reason"] for name, row in failed.items()}
    assert {name: row["clip_written"] for name, row in failed.items()} == {
        **dict.fromkeys(("Doctor/half", "Doctor/text", "Doctor/zero", "Fever/bug", "Fever/nobody"), "no"),
        "Fever/header": "yes",
    }
    assert "truncated" in reasons["Doctor/half"] and "zero bytes" in reasons["Doctor/zero"]
    assert "not a video" in reasons["Doctor/text"] and reasons["Fever/nobody"] == "shows nobody"
    assert "ZeroDivisionError" in reasons["Fever/bug"] and "500 frames, 20 can be decoded" in reasons["Fever/header"]
    assert len(result.failed) == 5 and result.extracted == 6
    assert len(table(tmp_path / "out" / "clips.csv")) == 6


def test_a_bad_video_is_not_tried_again_until_it_changes(recorded, tmp_path, calls):
    draw_video(recorded / "Doctor" / "nobody.avi", 3)
    draw_video(recorded / "Doctor" / "bug.avi", 3)
    extracted(recorded, tmp_path / "out")
    calls.clear()
    assert len(extracted(recorded, tmp_path / "out").failed) == 2  # it still says so
    assert calls == ["bug"]  # a bug may have been mended
    calls.clear()
    draw_video(recorded / "Doctor" / "nobody.avi", 4)
    extracted(recorded, tmp_path / "out")
    assert "nobody" in calls


def test_a_mended_or_deleted_video_is_no_longer_listed(recorded, tmp_path):
    (recorded / "Doctor" / "text.avi").write_text("no video")
    (recorded / "Doctor" / "other.avi").write_text("no video")
    extracted(recorded, tmp_path / "out")
    draw_video(recorded / "Doctor" / "text.avi", 3)
    (recorded / "Doctor" / "other.avi").unlink()
    assert extracted(recorded, tmp_path / "out").failed == {}
    assert not (tmp_path / "out" / "failed.csv").exists()
    assert "Doctor/text" in table(tmp_path / "out" / "clips.csv")


def test_the_clip_of_a_video_that_became_unreadable_is_removed(recorded, tmp_path):
    draw_video(recorded / "Pain" / "a.avi", 3)
    extracted(recorded, tmp_path / "out")
    (recorded / "Pain" / "a.avi").write_text("no video")
    assert set(extracted(recorded, tmp_path / "out").failed) == {("Pain", "a")}
    assert not (tmp_path / "out" / "Pain").exists()
    assert "Pain/a" not in table(tmp_path / "out" / "clips.csv")


def test_clips_of_another_input_stay(recorded, tmp_path):
    draw_video(tmp_path / "more" / "Pain" / "a.avi", 3)
    extracted(recorded, tmp_path / "out")
    extracted(tmp_path / "more", tmp_path / "out")
    assert len(table(tmp_path / "out" / "clips.csv")) == 6


def test_columns_and_rows_of_the_user_stay_in_the_table(recorded, tmp_path):
    extracted(recorded, tmp_path / "out")
    path = tmp_path / "out" / "clips.csv"
    lines = path.read_text().splitlines()
    edited = [lines[0] + ",light"] + [line.replace(",,", f",s{i},", 1) + ",dim" for i, line in enumerate(lines[1:])]
    path.write_text("\n".join(edited) + "\n")
    draw_video(recorded / "Doctor" / "doctor0.avi", 8)
    draw_video(recorded / "Doctor" / "doctor9.avi", 8)
    extracted(recorded, tmp_path / "out")
    rows = table(path)
    assert (rows["Doctor/doctor0"]["group"], rows["Doctor/doctor0"]["light"]) == ("s0", "dim")
    assert (rows["Doctor/doctor0"]["frames"], rows["Fever/fever2"]["group"]) == ("8", "s4")
    assert (rows["Doctor/doctor9"]["group"], rows["Doctor/doctor9"]["light"]) == ("", "")


def test_groups_of_the_input_reach_the_table_without_extracting_again(recorded, tmp_path, calls):
    extracted(recorded, tmp_path / "out")
    calls.clear()
    videos = sorted(recorded.rglob("*.avi"))
    lines = [f"{video},{video.parent.name},g{i}" for i, video in enumerate(videos)]
    (tmp_path / "list.csv").write_text("\n".join(["path,word,group", *lines]))
    extracted(tmp_path / "list.csv", tmp_path / "out")
    assert calls == []
    assert [row["group"] for row in table(tmp_path / "out" / "clips.csv").values()] == ["g0", "g1", "g2", "g3", "g4"]


def test_shards_make_up_the_whole(recorded, tmp_path):
    extracted(recorded, tmp_path / "whole")
    for shard in (2, 0, 1):
        extracted(recorded, tmp_path / "shards", shard=shard, num_shards=3)
    assert contents(tmp_path / "shards") == contents(tmp_path / "whole")


def test_a_shard_does_its_own_clips_only(recorded, tmp_path, calls):
    result = extracted(recorded, tmp_path / "out", shard=1, num_shards=2)
    assert calls == ["doctor1", "fever1"] and len(result.notes) == 2
    assert (tmp_path / "out" / ".extract").is_dir()  # it is not finished: the notes are still needed


def test_an_output_without_write_permission_is_refused(recorded, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InputError, match=r"output=.*out"):
        extracted(recorded, tmp_path / "out")


def test_a_video_that_changes_while_it_is_read_gives_no_clip(recorded, tmp_path, monkeypatch):
    original = fakes.landmark

    def growing(path, frames, face=True, cut=None):
        result = original(path, frames, face, cut)
        if path.stem == "fever0":
            path.write_bytes(path.read_bytes() + b"more")
        return result

    monkeypatch.setattr(fakes, "landmark", growing)
    assert set(extracted(recorded, tmp_path / "out").failed) == {("Fever", "fever0")}
    monkeypatch.setattr(fakes, "landmark", original)
    assert extracted(recorded, tmp_path / "out").failed == {}


def test_clips_are_cut_from_a_long_video(recorded, tmp_path):
    table_ = tmp_path / "list.csv"
    table_.write_text(
        "path,word,start_frame,end_frame\nvideos/Fever/fever1.avi,Doctor,0,4\nvideos/Fever/fever1.avi,Fever,4,9\n"
    )
    result = extracted(table_, tmp_path / "out", frames=None)
    assert (result.extracted, result.failed) == (2, {})
    assert [len(np.load(path)) for path in sorted((tmp_path / "out").glob("*/*.npy"))] == [4, 5]
    assert extracted(table_, tmp_path / "out", frames=None).extracted == 0
    table_.write_text(
        "path,word,start_frame,end_frame\nvideos/Fever/fever1.avi,Doctor,0,4\nvideos/Fever/fever1.avi,Fever,90,99\n"
    )
    (failure,) = extracted(table_, tmp_path / "out", frames=None).failed.values()
    assert "ends at frame 9" in failure["reason"]
