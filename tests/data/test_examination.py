from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console
from support.people import random_clip

from isl import console
from isl.data.examination import examine
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE, LEFT_HAND, RIGHT_HAND


def clip(seed: int, frames: int = 4) -> np.ndarray:
    return random_clip(np.random.default_rng(seed), frames)


def put(root, name, array):
    path = root / f"{name}.npy"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, array)


def shown(findings) -> str:
    console = Console(width=200, file=io.StringIO())
    with console.capture() as captured:
        console.print(findings.tables())
    return captured.get()


@pytest.mark.parametrize("layout", ["files", "frame_i", "i"])
def test_a_good_folder_has_no_problems_in_any_layout(make_dataset, layout):
    findings = examine(make_dataset(layout=layout))
    assert (findings.clips, findings.problems, len(findings.words)) == (24, 0, 3)
    assert sum(findings.shapes.values()) == 24 and {shape[1] for shape in findings.shapes} == {FRAME_SIZE}
    assert "24 as files" in shown(findings) or "24 as folders of frames" in shown(findings)


def test_clips_that_would_spoil_a_training_are_found(tmp_path):
    for i in range(4):
        put(tmp_path, f"Doctor/{i}", clip(i))
    put(tmp_path, "Fever/copy", clip(2))
    put(tmp_path, "Fever/again", clip(2))
    put(tmp_path, "Fever/still", np.repeat(clip(9)[:1], 5, axis=0))
    put(tmp_path, "Fever/nobody", np.zeros((5, FRAME_SIZE), np.float32))
    put(tmp_path, "Fever/nan", np.where(np.arange(FRAME_SIZE) == 9, np.nan, clip(7)))
    put(tmp_path, "Fever/narrow", np.zeros((5, 98), np.float32))
    (tmp_path / "Fever" / "text.npy").write_text("text")
    findings = examine(tmp_path)
    assert findings.copies == [["Doctor/2", "Fever/again", "Fever/copy"]]
    assert findings.constant == ["Fever/nobody: nobody in any frame", "Fever/still: all frames the same"]
    assert len(findings.not_finite) == 1 and "nan.npy" in findings.not_finite[0]
    assert len(findings.unusable) == 2
    assert findings.problems == 2 + 2 + 1 + 2
    text = shown(findings)
    for fact in ("1, 1 across words", "6 of (4, 1662), 2 of (5, 1662)", "narrow.npy", "text.npy"):
        assert fact in text


def test_missing_hands_are_counted_by_word(tmp_path):
    half = clip(0)
    half[:2, LEFT_HAND.slice] = 0
    half[1:3, RIGHT_HAND.slice] = 0
    put(tmp_path, "Doctor/0", half)
    put(tmp_path, "Doctor/1", clip(1))
    put(tmp_path, "Fever/0", clip(2))
    findings = examine(tmp_path)
    assert findings.missing == {"Doctor": (2 / 8, 2 / 8, 1 / 8), "Fever": (0, 0, 0)}


def test_a_leaking_split_is_reported_with_a_better_one(tmp_path):
    for seed in range(20):
        put(tmp_path, f"{'Doctor' if seed < 10 else 'Fever'}/MVI_{100 + seed}", clip(seed))
    (leak,) = examine(tmp_path).leaks
    assert "2 of 2 test clips" in leak and "recording burst" in leak and "split.bursts=5" in leak
    rows = [f"{'Doctor' if seed < 10 else 'Fever'},MVI_{100 + seed},g{seed % 2}" for seed in range(20)]
    (tmp_path / "clips.csv").write_text("\n".join(["word,clip,group", *rows]))
    group, _ = examine(tmp_path).leaks
    assert "2 of 2 test clips" in group and "split=group" in group


def test_groups_of_one_clip_each_do_not_leak(tmp_path):
    for seed in range(20):
        put(tmp_path, f"{'Doctor' if seed < 10 else 'Fever'}/MVI_{100 * seed}", clip(seed))
    assert examine(tmp_path).leaks == ["split=stratified: no test clip has one of the same recording burst in training"]


def test_missing_group_information_is_reported(make_dataset):
    (leak,) = examine(make_dataset()).leaks
    assert "nothing says which clips are of one signer" in leak


def test_clips_that_the_table_does_not_list_are_counted(make_dataset):
    root = make_dataset()
    (root / "clips.csv").write_text("word,clip,group\nDoctor,a_0,a\n")
    assert len(examine(root).unlisted) == 23


@pytest.mark.parametrize("make", [lambda root: None, lambda root: root.mkdir()])
def test_a_folder_without_landmarks_is_refused(tmp_path, make):
    make(tmp_path / "root")
    with pytest.raises(InputError, match=r"input=.*root"):
        examine(tmp_path / "root")


@pytest.mark.slow
def test_the_recordings_have_no_problems(isl18):
    findings = examine(isl18)
    assert (findings.clips, len(findings.words), findings.problems) == (1080, 18, 0)
    assert findings.shapes == {(30, FRAME_SIZE): 1080}


def test_tables_show_no_markup_and_brackets_of_words_stay(tmp_path):
    for name in ("[2024] sign/a.npy", "Doctor/b.npy"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"none")
    file = io.StringIO()
    Console(file=file, width=400, markup=console.out._markup).print(examine(tmp_path).tables())
    shown = file.getvalue()
    assert "[red]" not in shown
    assert "[2024] sign" in shown
