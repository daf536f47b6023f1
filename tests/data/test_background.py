from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isl.data.background import Background, divided
from isl.data.clips import join, only
from isl.data.module import SignData
from isl.data.sampling import MixedOrder
from isl.data.splits.splitters import Grouped, Stratified
from isl.data.splits.unknown import Fold
from isl.data.synthetic import SyntheticClips
from isl.data.synthetic.others import OtherSigns
from isl.errors import InputError

OTHERS = {"_target_": "isl.data.synthetic.others.OtherSigns", "signs": 8, "takes": 4}
WORDS = {"_target_": "isl.data.synthetic.SyntheticClips", "words": 6, "signers": 5, "clips": 2}


def data(**options) -> SignData:
    background = Background({"others": OTHERS, "words": WORDS}, held_out=0.2, **options)
    return SignData(SyntheticClips(words=3, signers=3, clips=3), Grouped(), batch_size=4, background=background)


@given(st.integers(1, 12), st.integers(1, 9), st.floats(0, 0.4), st.integers(0, 99))
def test_no_person_and_no_sign_is_on_two_sides(people, signs, held_out, seed):
    rng = np.random.default_rng(seed)
    label = rng.integers(signs, size=80)
    groups = [f"p{i}" for i in rng.integers(people, size=80)]
    sides = divided(label, groups, held_out, np.random.default_rng(seed))
    for facts in (label.tolist(), groups, list(range(80))):
        seen = [{facts[i] for i in side} for side in (sides.train, sides.val, sides.test)]
        assert sum(map(len, seen)) == len(set.union(*seen))
    assert len(sides.train) or people > 1


def test_validation_and_test_have_held_out_people_and_signs():
    rng = np.random.default_rng(0)
    label, groups = rng.integers(40, size=2000), [f"p{i}" for i in rng.integers(20, size=2000)]
    sides = divided(label, groups, 0.15, rng)
    assert len(sides.val) > 20 and len(sides.test) > 20 and len(sides.train) > 500


def test_clips_of_words_are_no_background_whatever_their_spelling():
    made = data()
    words = made.words
    assert len(words) == 3 and not set(words) & set(made.signs)
    assert made.clips.words == [*words, *made.signs]
    taken = {made.clips.words[label] for side in vars(made.background).values() for label in made.clips.label[side]}
    assert taken <= set(made.signs)
    generated = next(sign for sign in made.signs if sign.startswith("generated"))
    assert generated not in data(without=[generated.upper()]).signs


def test_every_batch_has_its_share_of_background_behind_its_words():
    made = data(share=0.5)
    loader = made.train_dataloader()
    batches = list(loader)
    for batch in batches:
        words = (batch.label < 3).numpy()
        assert words.sum() == (~words).sum() and not words[words.argmin() :].any()  # words first
    assert sum(int((batch.label < 3).sum()) for batch in batches) == len(made.split.train)
    trained = set(made.clips.label[made.background.train].tolist())
    assert {int(label) for batch in batches for label in batch.label if label >= 3} <= trained
    assert isinstance(loader.sampler, MixedOrder)
    loader.sampler.set_epoch(1)
    assert not all((a.label == b.label).all() for a, b in zip(batches, loader, strict=True))
    loader.sampler.set_epoch(0)  # the same epoch is the same, whatever was in between
    assert all((a.landmarks == b.landmarks).all() for a, b in zip(batches, loader, strict=True))


def test_background_neither_validates_nor_tests_words():
    made, plain = data(), SignData(SyntheticClips(words=3, signers=3, clips=3), Grouped())
    for side in ("train", "val", "test"):
        np.testing.assert_array_equal(getattr(made.split, side), getattr(plain.split, side))
    again = made.rejoined()
    everything = np.flatnonzero(made.clips.label >= len(made.words))  # clips on no side too
    assert len(everything) > sum(map(len, vars(made.background).values()))
    np.testing.assert_array_equal(again.background.train, everything)


@pytest.mark.slow
def test_a_background_with_only_known_words_is_refused():
    with pytest.raises(InputError, match="background"):
        Background({"same": WORDS}).load(SyntheticClips(words=6).load().words)
    with pytest.raises(InputError, match=r"background\.sources"):
        Background({"others": None})


def test_joined_datasets_keep_their_clips_and_words_with_one_spelling_are_one():
    one, other = SyntheticClips(words=2, signers=2, clips=1).load(), SyntheticClips(words=3, signers=1, clips=2).load()
    both = join(one, other)
    assert both.words[:2] == one.words and len(both.words) == 3 and len(both) == len(one) + len(other)
    for i in range(len(other)):
        np.testing.assert_array_equal(both.clip(len(one) + i), other.clip(i))
        assert both.words[both.label[len(one) + i]] == other.words[other.label[i]]
    chosen = np.array([name.endswith("_01") for name in both.name])
    part = only(both, chosen)
    assert part.name == [name for name in both.name if name.endswith("_01")]
    for i, place in enumerate(np.flatnonzero(chosen)):
        np.testing.assert_array_equal(part.clip(i), both.clip(int(place)))
        assert part.words[part.label[i]] == both.words[both.label[place]]


def test_generated_signs_depend_on_the_seed_and_a_larger_set_contains_a_smaller_one():
    small, large = OtherSigns(signs=2, takes=2).load(), OtherSigns(signs=3, takes=2).load()
    assert small.digest == large.digest[:4] and len(set(large.digest)) == 6
    assert OtherSigns(signs=2, takes=2, seed=1).load().digest != small.digest


def test_words_are_left_out_of_the_vocabulary_and_never_of_the_background():
    source = {"_target_": "isl.data.synthetic.others.OtherSigns", "signs": 12, "takes": 2}
    for fold in range(2):
        made = SignData(
            SyntheticClips(words=4, signers=3, clips=2),
            Stratified(),
            unknown=Fold(fold, folds=2),
            background=Background({"synthetic": source}),
        )
        made.setup()
        assert len(made.words) == len(made.unknown_words) == 2 and len(made.signs) == 12
        assert made.clips.words == [*made.words, *made.signs, *made.unknown_words]
        assert {made.clips.words[made.clips.label[i]] for i in made.background.train} <= set(made.signs)
        assert {made.clips.words[made.clips.label[i]] for i in made.unknown} == set(made.unknown_words)
