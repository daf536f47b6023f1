from __future__ import annotations

import numpy as np
import pytest

from isl.data.folder import FolderClips
from isl.data.splits.few import Few
from isl.data.splits.splitters import Grouped
from isl.errors import InputError

PATTERN = "^([ab])_"


@pytest.fixture
def clips(make_dataset):
    """Three words, four clips of each by a and by b."""
    return FolderClips(str(make_dataset()), group=PATTERN).load()


@pytest.mark.parametrize("shots", [1, 2, 3])
def test_so_many_clips_of_every_word_train_and_the_signers_others_test(clips, shots):
    split = Few(shots=shots, fold=1, pattern=PATTERN)(clips)
    new = {i for i, name in enumerate(clips.name) if "/b_" in name}
    assert set(split.train) | set(split.test) == new and not set(split.train) & set(split.test)
    assert np.bincount(clips.label[split.train]).tolist() == [shots] * 3


def test_old_signers_validate_on_what_the_same_fold_never_trained_on(clips):
    old, few = Grouped(fold=1, pattern=PATTERN)(clips), Few(shots=1, fold=1, pattern=PATTERN)(clips)
    assert few.val.tolist() == old.val.tolist()
    assert not set(few.val) & set(old.train) and not set(few.train) & set(old.train)


def test_rehearsal_adds_the_old_signers_training_clips(clips):
    old = Grouped(fold=0, pattern=PATTERN)(clips)
    few, more = (Few(shots=2, pattern=PATTERN, rehearse=rehearse)(clips) for rehearse in (False, True))
    assert set(more.train) == set(few.train) | set(old.train)
    assert more.test.tolist() == few.test.tolist()


def test_the_drawn_clips_depend_on_the_seed(clips):
    draws = [Few(shots=1, pattern=PATTERN, seed=seed)(clips).train.tolist() for seed in (0, 0, 1, 2, 3)]
    assert draws[0] == draws[1] and len({tuple(draw) for draw in draws}) > 1


def test_without_groups_all_clips_are_the_new_signers_and_all_but_one_of_a_word_train(clips):
    split = Few()(clips)
    assert np.bincount(clips.label[split.test]).tolist() == [1, 1, 1]
    assert len(split.train) == len(clips) - 3 and len(split.val) == 0


def test_copies_of_a_clip_are_one_shot(make_dataset):
    root = make_dataset({"Doctor": ["a", "b", "c"], "Fever": ["a", "b", "c"]})
    np.save(root / "Doctor" / "d.npy", np.load(root / "Doctor" / "a.npy"))
    clips = FolderClips(str(root)).load()
    for seed in range(6):
        split = Few(shots=1, seed=seed)(clips)
        assert {clips.digest[i] for i in split.train}.isdisjoint({clips.digest[i] for i in split.test})


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"shots": 0}, "split.shots=0"),
        ({"shots": 8}, "split.shots=8: Doctor has 8 different clips"),
        ({"shots": 4, "pattern": PATTERN}, "split.shots=4: Doctor has 4 different clips"),
        ({"rehearse": True}, "split.rehearse=true"),
    ],
)
def test_a_split_without_training_or_test_clips_is_refused(options, says, clips):
    with pytest.raises(InputError, match=says):
        Few(**options)(clips)
