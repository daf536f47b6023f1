from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from isl.data.clips import Clips
from isl.data.splits.groups import by_burst, by_pattern, copies, in_order, joined
from isl.data.vocabulary import spelling
from isl.landmarks import FRAME_SIZE


def named(*names: str) -> Clips:
    words = sorted({name.split("/")[0] for name in names})
    return Clips(
        words=words,
        frames=np.zeros((len(names), FRAME_SIZE), np.float32),
        start=np.arange(len(names) + 1),
        label=np.array([words.index(name.split("/")[0]) for name in names]),
        name=list(names),
        aspect=np.ones(len(names), np.float32),
        seconds=np.ones(len(names), np.float32),
        digest=[str(i) for i in range(len(names))],
    )


def test_pattern_gives_first_parentheses_or_whole_match_or_matching_name() -> None:
    clips = named("s1 word/ann_1", "s1 word/ben_2")  # the word's own name is not searched
    assert by_pattern(clips, r"^([a-z]+)_(\d)") == ["ann", "ben"]
    assert by_pattern(clips, r"\d$") == ["1", "2"]
    assert by_pattern(clips, r"(?P<signer>[a-z]+)") == ["ann", "ben"]
    assert by_pattern(clips, r"(?P<first>_1)|(?P<second>_2)") == ["first", "second"]


def test_bursts_are_runs_of_camera_numbers_within_a_word() -> None:
    clips = named("a/MVI_0012", "a/MVI_0001", "a/MVI_0006", "a/mvi_0018_", "b/MVI_0007", "b/Extra_MVI_0008")
    assert by_burst(clips, 5) == ["a 12-12", "a 1-6", "a 1-6", "a 18-18", "b 7-8", "b 7-8"]
    assert by_burst(clips, 6)[:4] == ["a 1-18"] * 4


@given(st.lists(st.integers(0, 200), min_size=1, max_size=30, unique=True), st.integers(1, 10))
def test_neighbours_share_a_burst_just_when_their_gap_is_small(numbers: list[int], gap: int) -> None:
    burst = dict(zip(numbers, by_burst(named(*[f"a/MVI_{n:04d}" for n in numbers]), gap), strict=True))
    ordered = sorted(numbers)
    for low, high in pairwise(ordered):
        assert (burst[low] == burst[high]) == (high - low <= gap)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 8)), min_size=1, max_size=30))
def test_joined_groups_are_the_finest_that_keep_copies_together(clips: list[tuple[str, int]]) -> None:
    groups = [group for group, _ in clips]
    digest = [content for _, content in clips]
    result = joined(groups, np.array([digest.index(content) for content in digest]))
    for i in range(len(clips)):
        for k in range(i):
            if groups[i] == groups[k] or digest[i] == digest[k]:
                assert result[i] == result[k]
        assert groups[i] in result[i].split("+")
    reach = {group: {group} for group in groups}  # closure by brute force
    for _ in groups:
        for i in range(len(clips)):
            for k in range(len(clips)):
                if digest[i] == digest[k] or groups[i] == groups[k]:
                    both = reach[groups[i]] | reach[groups[k]]
                    reach[groups[i]] = reach[groups[k]] = both
    for group, name in zip(groups, result, strict=True):
        assert set(name.split("+")) <= reach[group] | {group}


def test_copies_point_at_the_first() -> None:
    clips = named("a/1", "a/2", "b/1")
    clips.digest[:] = ["x", "y", "x"]
    assert copies(clips).tolist() == [0, 1, 0]


def test_groups_are_ordered_as_people_count() -> None:
    assert sorted(["s10", "s2", "ann", "s1"], key=in_order) == ["ann", "s1", "s2", "s10"]
    assert sorted(["10", "9", "x"], key=in_order) == ["9", "10", "x"]


def test_spelling_ignores_case_punctuation_and_numbers_but_no_letters() -> None:
    assert spelling("83. Big large") == spelling("biglarge") == "biglarge"
    assert spelling("you (plural)") == "youplural"
    assert spelling("T-Shirt") == "tshirt"
    assert spelling("Ex. Monsoon") == "exmonsoon"
    assert spelling("दवा") != spelling("दावा")
    assert spelling("2") != spelling("3")
    assert spelling("?") != spelling("!")
