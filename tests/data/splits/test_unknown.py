from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isl.data.module import SignData
from isl.data.splits.splitters import Grouped
from isl.data.splits.unknown import Fold, Listed
from isl.data.synthetic import SyntheticClips
from isl.errors import InputError

WORDS = [f"w{i}" for i in range(9)]


@given(st.integers(2, 9), st.integers(0, 50))
def test_over_all_folds_every_word_is_left_out_once(folds, seed):
    parts = [Fold(fold, folds, seed)(WORDS) for fold in range(folds)]
    assert sorted(word for part in parts for word in part) == WORDS
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_words_are_found_whatever_their_spelling():
    assert Listed(["how are you?", "HELLO"])(["Hello", "How are you", "I"]) == ["Hello", "How are you"]


@pytest.fixture(scope="module")
def source() -> SyntheticClips:
    return SyntheticClips(words=4, signers=3, clips=3)


def sides(data: SignData) -> dict[str, set[str]]:
    """The clips' names on each side."""
    named = {side: getattr(data.split, side) for side in ("train", "val", "test")} | {"unknown": data.unknown}
    return {side: {data.clips.name[i] for i in indices} for side, indices in named.items()}


def test_left_out_words_are_in_no_side_but_the_test_of_rejection(source):
    plain, data = SignData(source, Grouped()), SignData(source, Grouped(), unknown=Fold(1, 2))
    words = data.unknown_words
    assert len(words) == 2 and data.words == [word for word in plain.words if word not in words]
    before, after = sides(plain), sides(data)
    assert before["unknown"] == set()
    for side in ("train", "val", "test"):  # the split is that of the whole data, with their clips taken out
        assert after[side] == {name for name in before[side] if name.split("/")[0] not in words}
    assert after["unknown"] == {name for name in before["test"] if name.split("/")[0] in words}


def test_labels_of_known_words_start_at_zero_and_name_the_right_word(source):
    data = SignData(source, Grouped(), unknown=Fold(0, 2))
    for loader, low, high in ((data.train_dataloader(), 0, 2), (data.loader_of(data.unknown), 2, 4)):
        labels = np.concatenate([batch.label.numpy() for batch in loader])
        assert set(labels) == set(range(low, high))
    for i, name in enumerate(data.clips.name):
        assert data.clips.words[data.clips.label[i]] == name.split("/")[0]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Listed(None), "unknown.words=None"),
        (lambda: Listed(["Nope"])(WORDS), "the data have no Nope"),
        (lambda: Fold(4, 4), "unknown.fold=4"),
        (lambda: Fold(0, 1), "unknown.folds=1"),
        (lambda: Fold(0, 10)(WORDS), "unknown.folds=10"),
        (lambda: SignData(SyntheticClips(words=3), Grouped(), unknown=Fold(0, 2)).setup(), "1 of 3 words are left"),
    ],
)
def test_bad_choices_are_one_line(make, says):
    with pytest.raises(InputError) as caught:
        make()
    assert says in str(caught.value) and "\n" not in str(caught.value)
