"""A folder of other people's clips tests a run: words are matched by name, other signs are refused, none trains."""

from __future__ import annotations

import numpy as np
import pytest
from support.people import random_clip

from isl.data.elsewhere import TestFolder, appended
from isl.data.folder import FolderClips
from isl.data.module import SignData
from isl.data.splits.everything import Everything
from isl.data.splits.splitters import Stratified
from isl.data.splits.unknown import Listed
from isl.errors import InputError

FOLDER = "isl.data.folder.FolderClips"


def record(root, words, signer, clips=6, seed=0):
    rng = np.random.default_rng(seed)
    for word in words:
        (root / word).mkdir(parents=True, exist_ok=True)
        for i in range(clips):
            np.save(root / word / f"{signer}_{i}.npy", random_clip(rng, 9))
    return str(root)


@pytest.fixture
def folders(tmp_path):
    here = record(tmp_path / "here", ["Doctor", "Fever", "Thank you"], "anna")
    there = record(tmp_path / "there", ["fever", "thank_you", "dog"], "ben", seed=1)
    record(tmp_path / "there", ["fever", "dog"], "cleo", clips=2, seed=2)
    return here, there


def test_data(folders, splitter=None, unknown=None, **options):
    here, there = folders
    config = {"_target_": FOLDER, "root": here, "test_root": there, "test_group": "^([a-z]+)_", **options}
    data = SignData(FolderClips(here), splitter or Stratified(), elsewhere=TestFolder(config), unknown=unknown)
    data.setup()
    return data


test_data.__test__ = False


def test_words_are_matched_by_name_and_other_signs_are_no_words(folders):
    data = test_data(folders)
    clips = data.clips
    assert data.words == ["Doctor", "Fever", "Thank you"] and clips.words[3:] == ["dog"]
    assert sorted(clips.name[i].split("/")[0] for i in data.elsewhere) == ["fever"] * 8 + ["thank_you"] * 6
    assert {clips.words[clips.label[i]] for i in data.elsewhere} == {"Fever", "Thank you"}
    assert {clips.name[i].split("/")[0] for i in data.strange} == {"dog"} and len(data.strange) == 8
    assert {clips.columns["group"][i] for i in data.elsewhere} == {"ben", "cleo"}


def test_no_clip_of_the_folder_trains_or_chooses(folders):
    for splitter in (Stratified(), Everything(validate=False)):
        data = test_data(folders, splitter)
        own = set(np.concatenate([data.split.train, data.split.val, data.split.test]).tolist())
        assert own == set(range(18)) and not own & {*data.elsewhere.tolist(), *data.strange.tolist()}


def test_a_left_out_word_of_the_folder_is_another_sign(folders):
    data = test_data(folders, unknown=Listed(["Fever"]))
    assert data.words == ["Doctor", "Thank you"]
    assert {data.clips.name[i].split("/")[0] for i in data.strange} == {"dog", "fever"}


def test_after_a_change_of_vocabulary_old_words_count_as_words(folders):
    data = test_data(folders)
    data.count_in(["Dog", "Fever", "Thank you", "Doctor"])
    assert not len(data.strange) and len(data.elsewhere) == 22
    assert {data.clips.words[data.clips.label[i]] for i in data.elsewhere} == {"Dog", "Fever", "Thank you"}


def test_copies_of_training_clips_do_not_test(folders, tmp_path):
    (tmp_path / "there/fever/copy_0.npy").write_bytes((tmp_path / "here/Fever/anna_0.npy").read_bytes())
    data = test_data(folders)
    assert not any("copy_0" in data.clips.name[i] for i in data.elsewhere)


def test_options_of_the_training_folder_alone_do_not_choose_in_the_other(folders):
    here, there = folders
    config = {
        "_target_": FOLDER,
        "root": here,
        "test_root": there,
        "words": ["Fever"],
        "min_clips": 5,
        "group": "^(anna)",
    }
    clips = TestFolder(config).load()
    assert len(clips) == 22 and set(clips.columns["group"]) == {""}  # the pattern knows anna alone


def test_a_folder_without_one_of_the_words_is_refused(folders, tmp_path):
    other = record(tmp_path / "other", ["dog", "cat"], "ben")
    config = {"_target_": FOLDER, "root": folders[0], "test_root": other}
    with pytest.raises(InputError, match="test_root: none of its signs is one of the words; it has cat, dog"):
        appended(FolderClips(folders[0]).load(), TestFolder(config).load(), ["Doctor", "Fever"])
    with pytest.raises(InputError, match=r"data.test_root=.*no such folder"):
        TestFolder(config | {"test_root": str(tmp_path / "nowhere")}).load()
    with pytest.raises(InputError, match=r"data.test_root=.*no such folder"):
        TestFolder(config | {"test_root": str(tmp_path / "nowhere")}).check()
