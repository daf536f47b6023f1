from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.folders import clips_of

from isl.data.clips import Clips
from isl.data.splits.split import Split
from isl.data.splits.splitters import Auto, Grouped, Stratified, Undivided
from isl.errors import InputError

SESSION = r"(?P<s2>^s2_|^[345]\d$)|(?P<s1>^s1_|^[012]?\d$)"  # conf/split/session.yaml

Splitter = Callable[[Clips], Split]


@st.composite
def datasets(draw: st.DrawFn) -> Clips:
    """Up to five words by up to six signers, some clips copied within their word."""
    words = draw(st.integers(2, 5))
    signers = draw(st.integers(2, 6))
    takes = draw(st.lists(st.integers(0, 4), min_size=words * signers, max_size=words * signers))
    names = [f"w{i // signers}/p{i % signers}_{take}" for i, count in enumerate(takes) for take in range(count)]
    assume(len({name.split("/")[0] for name in names}) == words)
    digest = [str(i) for i in range(len(names))]
    for i in draw(st.lists(st.integers(0, len(names) - 1), max_size=3)):
        same_word = [k for k, name in enumerate(names) if name.split("/")[0] == names[i].split("/")[0]]
        digest[i] = digest[draw(st.sampled_from(same_word))]
    return clips_of(names, digest, {"group": [name.split("/")[1].split("_")[0] for name in names]})


def attempt(split: Splitter, clips: Clips) -> Split:
    """The split, or no example where this dataset can't be split so."""
    try:
        return split(clips)
    except InputError:
        assume(False)
        raise


def sides(split: Split) -> list[np.ndarray]:
    return [split.train, split.val, split.test]


def none_on_two_sides(values: list[str], split: Split, which: tuple[int, ...] = (0, 1, 2)) -> bool:
    seen = [{values[i] for i in sides(split)[k]} for k in which]
    return sum(map(len, seen)) == len(set().union(*seen))


def equal(a: Split, b: Split) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(sides(a), sides(b), strict=True)) and a.protocol == b.protocol


@settings(deadline=None)
@given(datasets(), st.integers(0, 3))
def test_stratified_uses_every_clip_once_and_keeps_copies_together(clips: Clips, seed: int) -> None:
    split = attempt(Stratified(seed), clips)
    assert sorted(np.concatenate(sides(split)).tolist()) == list(range(len(clips)))
    assert none_on_two_sides(clips.digest, split)
    assert set(clips.label[split.train]) >= set(clips.label[split.test]) | set(clips.label[split.val])
    assert equal(split, Stratified(seed)(clips))


@settings(deadline=None)
@given(datasets(), st.integers(0, 5), st.sampled_from([None, 2, 3]), st.integers(0, 3))
def test_groups_are_never_on_two_sides(clips: Clips, fold: int, folds: int | None, seed: int) -> None:
    split = attempt(Grouped(fold, folds, seed=seed), clips)
    group = clips.columns["group"]
    used = np.concatenate(sides(split)).tolist()
    assert sorted(used) == list(range(len(clips)))
    assert none_on_two_sides(clips.digest, split)
    assert none_on_two_sides(group, split, (0, 2)) and none_on_two_sides(group, split, (1, 2))
    if "a tenth of" not in split.protocol:
        assert none_on_two_sides(group, split)
    assert set(clips.label[split.train]) >= set(clips.label[split.test]) | set(clips.label[split.val])
    assert equal(split, Grouped(fold, folds, seed=seed)(clips))


@settings(deadline=None)
@given(datasets(), st.sampled_from([None, 2, 3, 4]))
def test_all_folds_together_test_each_clip_once(clips: Clips, folds: int | None) -> None:
    tested: Counter[int] = Counter()
    for fold in range(folds or len(set(clips.columns["group"]))):
        tested.update(attempt(Grouped(fold, folds), clips).test.tolist())
    never = {word for word in clips.words if word not in {clips.words[clips.label[i]] for i in tested}}
    assert set(tested.values()) == {1}
    assert {i for i in range(len(clips)) if i not in tested} == {
        i for i in range(len(clips)) if clips.words[clips.label[i]] in never
    }


def full(words: int = 4, signers: int = 5, takes: int = 3) -> Clips:
    names = [f"w{w}/p{p}_{t}" for w in range(words) for p in range(signers) for t in range(takes)]
    return clips_of(names, columns={"group": [name[3:5] for name in names]})


def test_stratified_is_80_10_10_of_all_clips_and_of_each_word() -> None:
    clips = clips_of([f"w{w:02d}/{i}" for w in range(24) for i in range(29 + (w < 4))])  # Insignia's 700
    split = Stratified()(clips)
    assert [len(side) for side in sides(split)] == [560, 70, 70]
    for side in (split.val, split.test):
        assert set(np.bincount(clips.label[side])) <= {2, 3, 4}


def test_stratified_depends_on_its_seed() -> None:
    assert not equal(Stratified(0)(full()), Stratified(1)(full()))


def test_smallest_dataset_has_one_clip_of_each_word_on_each_side() -> None:
    clips = clips_of(["a/1", "a/2", "a/3", "b/1", "b/2", "b/3"])
    split = Stratified()(clips)
    for side in sides(split):
        assert sorted(clips.label[side]) == [0, 1]


def test_too_few_clips_to_validate_are_refused() -> None:
    with pytest.raises(InputError, match="no clip to validate on: 4 clips are too few; a word needs three different"):
        Stratified()(clips_of(["a/1", "a/2", "b/1", "b/2"]))


@pytest.mark.parametrize("split", [Stratified(), Grouped(), Grouped(fold=1), Auto()])
def test_a_word_with_one_clip_is_named_with_the_way_out(split: Splitter) -> None:
    names = [f"{word}/{signer}_{take}" for word in "ab" for signer in "pqr" for take in range(2)] + ["c/p_0"]
    clips = clips_of(names, columns={"group": [name[2] for name in names]})
    with pytest.raises(InputError, match=r"^c: one clip that can be read; a word needs two.*by experiment=own_words"):
        split(clips)


@given(datasets())
def test_undivided_has_every_clip_on_every_side_and_warns_that_it_tests_nothing(clips: Clips) -> None:
    split = Undivided()(clips)
    assert all(side.tolist() == list(range(len(clips))) for side in sides(split))
    assert "tested on the very clips that it was trained on" in split.protocol
    assert any("no test" in warning for warning in split.warnings)


def test_fold_n_tests_the_nth_group() -> None:
    clips = clips_of([f"{w}/p{p}_{t}" for w in "ab" for p in (10, 9, 1) for t in range(2)])
    for fold, signer in enumerate(["p1", "p9", "p10"]):  # in numeric order
        split = Grouped(fold, pattern=r"^(p\d+)_")(clips)
        assert {clips.name[i].split("/")[1].split("_")[0] for i in split.test} == {signer}
        assert split.fold == fold and f"fold {fold} of 3: tested on {signer}, trained on" in split.protocol


def test_validation_is_one_group_of_three_and_a_tenth_of_two() -> None:
    split = Grouped()(full(signers=3))
    group = full(signers=3).columns["group"]
    assert len({group[i] for i in split.val}) == 1 and "a tenth of" not in split.protocol
    split = Grouped()(full(signers=2, takes=10))
    assert len(split.val) == 4 and "a tenth of the same groups' clips" in split.protocol


def test_validation_never_takes_the_last_clips_of_a_word() -> None:
    clips = full(signers=4)
    extra = clips_of([*clips.name, *["rare/p0_0", "rare/p1_0"]])
    split = Grouped(0, pattern=r"^(p\d)")(extra)
    assert extra.name.index("rare/p0_0") in split.test and extra.name.index("rare/p1_0") in split.train


def test_balanced_folds_have_equal_words() -> None:
    rng = np.random.default_rng(0)
    names = [
        f"w{w}/MVI_{1000 * w + 100 * burst + take}"
        for w in range(10)
        for burst in range(8)
        for take in range(rng.integers(2, 5))
    ]
    clips = clips_of(names)
    counts = np.array([np.bincount(clips.label[Grouped(k, 4, bursts=5)(clips).test], minlength=10) for k in range(4)])
    assert (counts.max(0) - counts.min(0) <= 4).all() and counts.min() >= 2
    assert np.ptp(counts.sum(1)) <= 8


def test_named_groups_are_folds_in_the_patterns_order() -> None:
    clips = clips_of([f"{w}/s{1 + (i >= 30)}_{i:02d}" for w in ("Again", "You") for i in range(60)])
    first, second = Grouped(0, pattern=SESSION)(clips), Grouped(1, pattern=SESSION)(clips)
    assert {clips.name[i].split("/")[1][:2] for i in first.test} == {"s2"}
    assert {clips.name[i].split("/")[1][:2] for i in second.test} == {"s1"}
    assert [len(side) for side in sides(first)] == [54, 6, 60]


def test_session_pattern_serves_the_public_repositorys_numbers() -> None:
    clips = clips_of([f"{w}/{i}" for w in ("Again", "You") for i in range(60)])
    split = Grouped(0, pattern=SESSION)(clips)
    assert {int(clips.name[i].split("/")[1]) for i in split.test} == set(range(30, 60))
    assert {int(clips.name[i].split("/")[1]) for i in np.concatenate([split.train, split.val])} == set(range(30))


def test_group_that_is_all_a_word_has_is_only_trained_on() -> None:
    names = (
        [f"a/MVI_{n}" for n in (1, 2, 3, 20, 21, 40)] + [f"b/MVI_{n}" for n in (1, 2, 30, 31)] + ["c/MVI_5", "c/MVI_6"]
    )
    clips = clips_of(names)
    for fold in range(2):
        split = Grouped(fold, 2, bursts=5)(clips)
        assert set(clips.label[split.test]) == {0, 1}
        assert set(split.test.tolist()).isdisjoint({10, 11})
        assert "never tested, as all their clips are one group: c" in split.warnings


def test_groups_that_share_no_word_cannot_be_held_out() -> None:
    clips = clips_of([f"{word}/{word}{i}" for word in "abc" for i in range(4)])
    with pytest.raises(InputError, match="3 of 3 groups are all that their words have, so that none can be held out"):
        Grouped(0, pattern="^[abc]")(clips)


def test_word_that_only_the_held_out_group_has_is_named() -> None:
    clips = full()
    clips = clips_of([*clips.name, "rare/p1_0", "rare/p1_1"])
    with pytest.raises(InputError, match=r"split\.fold=1: no clip to train on of rare, as all are held out"):
        Grouped(1, pattern=r"^(p\d)")(clips)
    split = Grouped(0, pattern=r"^(p\d)")(clips)
    assert "no test clip of rare" in split.warnings


def test_copies_join_their_groups() -> None:
    clips = full()
    digest = list(clips.digest)
    digest[clips.name.index("w0/p3_0")] = digest[clips.name.index("w0/p1_0")]
    digest[clips.name.index("w1/p4_0")] = digest[clips.name.index("w1/p3_0")]
    joined = clips_of(clips.name, digest, clips.columns)
    split = Grouped(1)(joined)
    assert "fold 1 of 3: tested on p1+p3+p4" in split.protocol
    assert {clips.columns["group"][i] for i in split.test} == {"p1", "p3", "p4"}


def test_copies_under_two_words_are_warned_of() -> None:
    clips = full()
    digest = list(clips.digest)
    digest[clips.name.index("w1/p0_0")] = digest[clips.name.index("w0/p0_0")]
    split = Stratified()(clips_of(clips.name, digest))
    assert any(
        warning.startswith("1 clips are copies of another word's clip, such as w1/p0_0 of w0/p0_0")
        for warning in split.warnings
    )


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"fold": 5}, r"split.fold=5: there are 5 folds, 0 to 4"),
        ({"fold": 2, "folds": 2}, r"split.fold=2: there are 2 folds, 0 to 1"),
        ({"fold": -1}, "split.fold=-1: give a whole number, 0 or more"),
        ({"fold": "abc"}, "split.fold=abc"),
        ({"fold": True}, "split.fold=True"),
        ({"folds": 1}, "split.folds=1: give a whole number, 2 or more"),
        ({"folds": 9}, "split.folds=9: there are only 5 groups"),
        ({"bursts": 0}, "split.bursts=0"),
        ({"seed": -1}, "split.seed=-1"),
        ({"pattern": "(", "folds": 2}, r"split.pattern=(: not a regular expression"),
        ({"pattern": "^p[1-4]"}, "split.pattern=^p[1-4]: no group for 12 of 60 clips, such as w0/p0_0; widen it"),
        ({"pattern": "p"}, "split.pattern=p: all clips are one group, so that none can be held out"),
        ({"column": "signer"}, "split.column=signer: the clips have no such column (there are: empty, group)"),
        ({"column": "empty"}, "split.column=empty: no group for 60 of 60 clips"),
        ({"bursts": 5}, "split.bursts=5: no group for 60 of 60 clips, such as w0/p0_0; name clips as INCLUDE does"),
        ({"bursts": 5, "pattern": "p"}, "split.pattern= and split.bursts=: choose one"),
    ],
)
def test_wrong_options_of_a_split_by_group_name_the_flag(options: dict[str, object], reason: str) -> None:
    clips = full()
    clips.columns["empty"] = [""] * len(clips)
    with pytest.raises(InputError) as caught:
        Grouped(**options)(clips)  # type: ignore[arg-type]
    assert reason in str(caught.value)


def test_auto_splits_by_group_if_every_clip_has_one() -> None:
    clips = full()
    assert equal(Auto(fold=2)(clips), Grouped(fold=2)(clips))
    assert equal(Auto()(clips_of(clips.name)), Stratified()(clips_of(clips.name)))
    assert equal(Auto(pattern=r"^(p\d)")(clips_of(clips.name)), Grouped(pattern=r"^(p\d)")(clips_of(clips.name)))
    partly = [*clips.columns["group"][:-1], ""]
    assert "80/10/10" in Auto()(clips_of(clips.name, columns={"group": partly})).protocol
