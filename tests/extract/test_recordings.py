from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isl.data.elan import eaf_text
from isl.errors import InputError
from isl.extract.recordings import Recording, find_recordings, shard_of
from isl.vision.cut import Cut


def touched(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def keys(source: Path) -> list[str]:
    return ["/".join(recording.key) for recording in find_recordings(source).recordings]


def test_a_word_is_the_folder_of_its_videos(tmp_path):
    touched(
        tmp_path, "Fever/b.mp4", "Doctor/a.MOV", "Doctor/c.avi", "Doctor/d.mkv", "Doctor/e.WebM", "Doctor/notes.txt"
    )
    assert keys(tmp_path) == ["Doctor/a", "Doctor/c", "Doctor/d", "Doctor/e", "Fever/b"]


def test_numbers_of_include_are_no_part_of_a_word(tmp_path):
    touched(tmp_path, "Jobs/80. Doctor/MVI_1.MOV", "Jobs/80. Doctor/Extra/MVI_2.MOV", "People/61. Big large/MVI_3.MOV")
    assert keys(tmp_path) == ["Big large/MVI_3", "Doctor/MVI_1", "Doctor/MVI_2"]


def test_hidden_files_and_folders_are_passed_over(tmp_path):
    touched(tmp_path, "Doctor/a.mp4", "Doctor/._a.mp4", "__MACOSX/Doctor/a.mp4", ".trash/Doctor/a.mp4")
    assert keys(tmp_path) == ["Doctor/a"]


def test_videos_of_one_name_all_become_clips(tmp_path):
    touched(tmp_path, "anna/Doctor/1.mp4", "ben/Doctor/1.mp4", "ben/Doctor/1.mov", "ben/Fever/1.mp4")
    found = {recording.video: "/".join(recording.key) for recording in find_recordings(tmp_path).recordings}
    assert found == {
        "anna/Doctor/1.mp4": "Doctor/1",
        "ben/Doctor/1.mov": "Doctor/ben-Doctor-1-mov",
        "ben/Doctor/1.mp4": "Doctor/ben-Doctor-1-mp4",
        "ben/Fever/1.mp4": "Fever/1",
    }


def test_path_word_and_group_come_from_a_table(tmp_path):
    touched(tmp_path, "a.mp4", "deep/b.mp4")
    table = tmp_path / "list.csv"
    table.write_text("word, path ,group\nDoctor,a.mp4,anna\nFever,deep/b.mp4,\nDoctor,a.mp4,anna\n")
    assert [(r.key, r.path, r.group) for r in find_recordings(table).recordings] == [
        (("Doctor", "a"), tmp_path / "a.mp4", "anna"),
        (("Fever", "b"), tmp_path / "deep" / "b.mp4", ""),
    ]


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("url,word\na.mp4,Doctor\n", "line 1: no column path"),
        ("path,word\na.mp4,\n", "line 2: no word"),
        ("path,word\n,Doctor\n", "line 2: no path"),
        ("path,word\na.mp4,../Doctor\n", "line 2: word '../Doctor'"),
        ("path,word\na.mp4\n", "line 2: no word"),
        ("path,word\n", "no videos"),
        (b"path,word\n\xff\xfe,Doctor\n", "UTF-8"),
    ],
)
def test_the_message_about_a_wrong_table_names_the_line(tmp_path, table, complaint):
    path = tmp_path / "list.csv"
    path.write_bytes(table if isinstance(table, bytes) else table.encode())
    with pytest.raises(InputError, match=complaint):
        find_recordings(path)


@pytest.mark.parametrize(
    ("names", "source", "complaint"),
    [
        ([], "nowhere", "no such folder"),
        (["notes.txt"], "notes.txt", "neither a folder, a .csv nor"),
        (["Doctor/notes.txt"], ".", "no videos"),
        (["a.mp4", "Doctor/b.mp4"], ".", "not in a word's folder, such as a.mp4"),
    ],
)
def test_an_input_without_words_is_refused(tmp_path, names, source, complaint):
    touched(tmp_path, *names)
    with pytest.raises(InputError, match=complaint):
        find_recordings(tmp_path / source)


def test_a_link_to_a_folder_above_is_no_endless_loop(tmp_path):
    touched(tmp_path, "Doctor/a.mp4")
    (tmp_path / "Doctor" / "again").symlink_to(tmp_path)
    assert keys(tmp_path) == ["Doctor/a"]


@pytest.mark.timeout(120)
def test_a_link_to_the_root_of_all_folders_is_not_followed(tmp_path):
    touched(tmp_path, "Doctor/a.mp4")
    (tmp_path / "Doctor" / "all").symlink_to("/")
    assert keys(tmp_path) == ["Doctor/a"]


def test_a_link_to_itself_beside_a_video_is_left_out(tmp_path):
    touched(tmp_path, "Doctor/a.mp4")
    (tmp_path / "Doctor" / "b.mp4").symlink_to("b.mp4")
    assert keys(tmp_path) == ["Doctor/a"]


def test_characters_that_a_table_cannot_hold_are_replaced(tmp_path):
    touched(tmp_path, "Doctor/a\nb.mp4", "Doctor/__c.mp4")
    assert keys(tmp_path) == ["Doctor/a_b", "Doctor/c"]


@given(st.integers(0, 50), st.integers(1, 20))
def test_shards_are_even_and_make_up_the_whole(clips, num_shards):
    recordings = [Recording(Path(f"{i}.mp4"), f"{i}.mp4", "Doctor", str(i)) for i in range(clips)]
    shards = [shard_of(recordings, shard, num_shards) for shard in range(num_shards)]
    assert sorted(r.clip for shard in shards for r in shard) == sorted(r.clip for r in recordings)
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


@pytest.mark.parametrize(("shard", "num_shards"), [(-1, 2), (2, 2), (0, 0)])
def test_a_wrong_shard_is_refused(shard, num_shards):
    with pytest.raises(InputError, match=r"shard"):
        shard_of([], shard, num_shards)


def test_a_table_cuts_a_video_into_clips(tmp_path):
    touched(tmp_path, "talk.mp4")
    table = tmp_path / "list.csv"
    table.write_text(
        "path,word,start,end,signer,split,note\ntalk.mp4,Doctor,0.5,2,anna,train,x\ntalk.mp4,Fever,2,3.5,anna,test,\n"
    )
    found = find_recordings(table)
    assert [(r.key, r.cut, r.group, r.split) for r in found.recordings] == [
        (("Doctor", "talk_0.5-2"), Cut(0.5, 2.0), "anna", "train"),
        (("Fever", "talk_2-3.5"), Cut(2.0, 3.5), "anna", "test"),
    ]
    assert found.remarks == [f"{table}: columns that are not used: note"]


def test_whatever_is_left_out_is_named(tmp_path):
    touched(tmp_path, "Doctor/a.mp4", "Doctor/notes.txt", "Doctor/cover.jpg")
    os.mkfifo(tmp_path / "Doctor" / "b.mp4")
    (tmp_path / "Doctor" / "loop").symlink_to(tmp_path)
    (tmp_path / "Doctor" / "gone.mp4").symlink_to(tmp_path / "nowhere")
    found = find_recordings(tmp_path)
    assert [r.clip for r in found.recordings] == ["a"]
    reasons = {
        "b.mp4": "a pipe, socket or device",
        "loop": "a link to a folder above",
        "gone.mp4": "broken link",
        "notes.txt": "no video's kind",
        "cover.jpg": "not numbered",
    }
    for name, reason in reasons.items():
        assert any(name in line and reason in line for line in found.remarks), (name, found.remarks)


def test_a_folder_of_numbered_pictures_is_a_video(tmp_path):
    touched(tmp_path, "Doctor/a/x_1.jpg", "Doctor/a/x_2.jpg", "Fever/1.png", "Fever/2.png")
    found = find_recordings(tmp_path)
    assert [(r.key, r.path) for r in found.recordings] == [
        (("Doctor", "a"), tmp_path / "Doctor" / "a"),
        (("Fever", "Fever"), tmp_path / "Fever"),
    ]
    assert any("one clip of it: Fever" in line for line in found.remarks)


def test_annotations_of_elan_cut_their_video(tmp_path):
    touched(tmp_path, "talk.mp4")
    (tmp_path / "talk.eaf").write_text(eaf_text("talk.mp4", {"words": [(0.5, 2.0, "Doctor")]}), encoding="utf-8")
    (recording,) = find_recordings(tmp_path / "talk.eaf").recordings
    assert (recording.key, recording.cut, recording.path) == (
        ("Doctor", "talk_0.5-2"),
        Cut(0.5, 2.0),
        tmp_path / "talk.mp4",
    )
