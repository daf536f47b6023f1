"""Published lists of clips, followed in whatever form they name a clip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.folders import clips_of

from isl.data.splits.splitters import Official
from isl.errors import InputError

INCLUDE = [
    *[f"Bird/MVI_{n}" for n in (2988, 2989, 3001, 3002)],
    *[f"big large/MVI_{n}" for n in (9395, 9396, 5283)],
    *["House/MVI_3439", "House/MVI_3440", "House/MVI_0060_"],
]


TRAIN = """Animals/4. Bird/MVI_2989.MOV
Animals/4. Bird/MVI_3001.MOV
Adjectives/83. big large/MVI_9396.MOV
Places/19. House/MVI_3440.MOV
"""


TEST = "Animals/4. Bird/MVI_2988.MOV\nPlaces/19. House/Extra/MVI_3439.MOV\nAdjectives/83. big large/MVI_9395.MOV\n"


VAL = "# by hand\n\nbird/mvi_3002.npy\nBig Large\\MVI_5283\nhouse/MVI_0060_.mp4\n"


def lists(folder: Path, **texts: str) -> dict[str, Any]:
    for side, text in texts.items():
        (folder / f"{side}.txt").write_text(text)
    return {side: str(folder / f"{side}.txt") for side in texts}


def test_official_lists_are_followed_in_either_form(tmp_path: Path) -> None:
    clips = clips_of(INCLUDE)
    split = Official(**lists(tmp_path, train=TRAIN, val=VAL, test=TEST))(clips)
    assert [clips.name[i] for i in split.test] == ["Bird/MVI_2988", "big large/MVI_9395", "House/MVI_3439"]
    assert [clips.name[i] for i in split.val] == ["Bird/MVI_3002", "big large/MVI_5283", "House/MVI_0060_"]
    assert len(split.train) == 4 and split.fold is None and split.warnings == []
    assert "train.txt, val.txt, test.txt" in split.protocol


def test_official_lists_find_a_clip_by_its_video_first(tmp_path: Path) -> None:
    names = [*INCLUDE, "House/Places-19-House-Extra-MVI_3439"]
    videos = [""] * len(INCLUDE) + ["Places/19. House/Extra/MVI_3439.MOV"]
    clips = clips_of(names, columns={"video": videos})
    split = Official(**lists(tmp_path, train=TRAIN, val=VAL, test=TEST))(clips)
    assert "House/Places-19-House-Extra-MVI_3439" in [clips.name[i] for i in split.test]
    assert "House/MVI_3439" not in [clips.name[i] for i in split.test]


def test_official_lists_and_clips_that_do_not_match_are_counted(tmp_path: Path) -> None:
    clips = clips_of([*INCLUDE, "Bird/MVI_9999"])
    split = Official(**lists(tmp_path, train=TRAIN + "Animals/4. Bird/MVI_1.MOV\n", val=VAL, test=TEST))(clips)
    assert split.warnings == ["1 of 11 listed clips are not there", "1 of 11 clips are in no list and left out"]


def test_copies_across_official_lists_are_counted(tmp_path: Path) -> None:
    digest = [str(i) for i in range(len(INCLUDE))]
    digest[1] = digest[0]
    split = Official(**lists(tmp_path, train=TRAIN, val=VAL, test=TEST))(clips_of(INCLUDE, digest))
    assert any("1 clips have copies on another side" in warning for warning in split.warnings)


def test_official_without_validation_list_takes_a_tenth_of_training(tmp_path: Path) -> None:
    clips = clips_of([f"{w}/{i}" for w in "ab" for i in range(30)])
    train = "".join(f"{w}/{i}\n" for w in "ab" for i in range(20))
    test = "".join(f"{w}/{i}\n" for w in "ab" for i in range(20, 30))
    split = Official(**lists(tmp_path, train=train, test=test))(clips)
    assert [len(side) for side in (split.train, split.val, split.test)] == [36, 4, 20]


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({"train": TRAIN, "test": TEST + "Bird/MVI_2989"}, "Bird/MVI_2989 is in the list train too"),
        ({"train": TRAIN, "test": "x/y\n"}, "test.txt: none of its 1 clips is among the 10 there"),
        ({"train": TRAIN, "test": ""}, "test.txt: none of its 0 clips"),
        ({"train": "MVI_2989.MOV\n", "test": TEST}, "train.txt, line 1: 'MVI_2989.MOV' is not <word>/<clip>"),
        ({"train": TRAIN.replace("Places", "#"), "test": TEST}, "no clip to train on of House"),
    ],
)
def test_official_lists_that_cannot_serve_are_refused(tmp_path: Path, texts: dict[str, str], reason: str) -> None:
    with pytest.raises(InputError) as caught:
        Official(**lists(tmp_path, **texts))(clips_of(sorted(INCLUDE)))
    assert reason in str(caught.value)


def test_official_needs_its_lists(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"split\.train=<file>"):
        Official(train="x", test=None)
    with pytest.raises(InputError, match=r"no column split .* split\.train="):
        Official()(clips_of(INCLUDE))
    with pytest.raises(InputError, match=r"split\.train=.*nowhere: no such file"):
        Official(train=str(tmp_path / "nowhere"), test="x")(clips_of(INCLUDE))
