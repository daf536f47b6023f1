from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isl.errors import InputError
from isl.extract.recordings import Recording, find_recordings, shard_of


def touched(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def keys(source: Path) -> list[str]:
    return ["/".join(recording.key) for recording in find_recordings(source)]


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
    found = {recording.video: "/".join(recording.key) for recording in find_recordings(tmp_path)}
    assert found == {
        "anna/Doctor/1.mp4": "Doctor/1",
        "ben/Doctor/1.mov": "Doctor/ben-Doctor-1-mov",
        "ben/Doctor/1.mp4": "Doctor/ben-Doctor-1-mp4",
        "ben/Fever/1.mp4": "Fever/1",
    }


def test_a_table_tells_path_word_and_group(tmp_path):
    touched(tmp_path, "a.mp4", "deep/b.mp4")
    table = tmp_path / "list.csv"
    table.write_text("word, path ,group\nDoctor,a.mp4,anna\nFever,deep/b.mp4,\nDoctor,a.mp4,anna\n")
    assert [(r.key, r.path, r.group) for r in find_recordings(table)] == [
        (("Doctor", "a"), tmp_path / "a.mp4", "anna"),
        (("Fever", "b"), tmp_path / "deep" / "b.mp4", ""),
    ]


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("file,word\na.mp4,Doctor\n", "line 1: no column path"),
        ("path,word\na.mp4,\n", "line 2: no word"),
        ("path,word\n,Doctor\n", "line 2: no path"),
        ("path,word\na.mp4,../Doctor\n", "line 2: word '../Doctor'"),
        ("path,word\na.mp4\n", "line 2: no word"),
        ("path,word\n", "no videos"),
        (b"path,word\n\xff\xfe,Doctor\n", "UTF-8"),
    ],
)
def test_a_wrong_table_is_told_by_its_line(tmp_path, table, complaint):
    path = tmp_path / "list.csv"
    path.write_bytes(table if isinstance(table, bytes) else table.encode())
    with pytest.raises(InputError, match=complaint):
        find_recordings(path)


@pytest.mark.parametrize(
    ("names", "source", "complaint"),
    [
        ([], "nowhere", "no such folder"),
        (["notes.txt"], "notes.txt", "neither a folder nor"),
        (["Doctor/notes.txt"], ".", "no videos"),
        (["a.mp4", "Doctor/b.mp4"], ".", "in no word's folder, such as a.mp4"),
    ],
)
def test_an_input_without_words_is_told(tmp_path, names, source, complaint):
    touched(tmp_path, *names)
    with pytest.raises(InputError, match=complaint):
        find_recordings(tmp_path / source)


def test_a_link_to_a_folder_above_is_no_endless_loop(tmp_path):
    touched(tmp_path, "Doctor/a.mp4")
    (tmp_path / "Doctor" / "again").symlink_to(tmp_path)
    assert keys(tmp_path) == ["Doctor/a"]


def test_what_cannot_stand_in_a_table_is_replaced(tmp_path):
    touched(tmp_path, "Doctor/a\nb.mp4", "Doctor/__c.mp4")
    assert keys(tmp_path) == ["Doctor/a_b", "Doctor/c"]


@given(st.integers(0, 50), st.integers(1, 20))
def test_shards_are_even_and_make_up_the_whole(clips, num_shards):
    recordings = [Recording(Path(f"{i}.mp4"), f"{i}.mp4", "Doctor", str(i)) for i in range(clips)]
    shards = [shard_of(recordings, shard, num_shards) for shard in range(num_shards)]
    assert sorted(r.clip for shard in shards for r in shard) == sorted(r.clip for r in recordings)
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


@pytest.mark.parametrize(("shard", "num_shards"), [(-1, 2), (2, 2), (0, 0)])
def test_a_shard_that_is_none_is_told(shard, num_shards):
    with pytest.raises(InputError, match=r"shard"):
        shard_of([], shard, num_shards)
