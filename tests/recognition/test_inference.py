from __future__ import annotations

import csv
import json
import shutil
from typing import Any

import numpy as np
import pytest
from support.drawn import draw_video
from support.runs import config, train

from isl.data.folder import FolderClips
from isl.errors import InputError
from isl.recognition.checkpoint import update_checkpoint
from isl.recognition.inference import Inference
from isl.recognition.items import Item, Tables, find, read_item, seconds_of


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return train(tmp_path_factory.mktemp("run"), "trainer.max_epochs=4")


@pytest.fixture
def clips(trained, tmp_path):
    """Two test clips a word on disk, one in each of two layouts: a file, and Insignia's file a frame."""
    data, root = trained.data.clips, tmp_path / "clips"
    for i in range(len(data)):
        word, clip = data.name[i].split("/")
        folder = root / word
        folder.mkdir(parents=True, exist_ok=True)
        if len(list(folder.iterdir())) == 0:
            np.save(folder / f"{clip}.npy", data.clip(i))
        elif len(list(folder.iterdir())) == 1:
            (folder / clip).mkdir()
            for k, frame in enumerate(data.clip(i)):
                np.save(folder / clip / f"frame_{k}.npy", frame.astype(np.float64))
    return root


def infer(trained, tmp_path, *overrides):
    cfg = config(tmp_path / "out", f"ckpt_path={trained.best_path}", *overrides, name="infer", small=False)
    inference = Inference(cfg)
    inference.recognise()
    inference.show()
    inference.write()
    return inference


def test_one_clip_gives_its_top_words(trained, clips, tmp_path):
    clip = next(clips.glob("*/*.npy"))
    inference = infer(trained, tmp_path, f"input={clip}", f"output={tmp_path / 'x.json'}")
    (answer,) = json.loads((tmp_path / "x.json").read_text())
    assert set(answer) == {"input", "word", "confidence", "known", "top5"} and answer["input"] == str(clip)
    assert answer["top5"][0] == [answer["word"], answer["confidence"]]
    probabilities = [p for _, p in answer["top5"]]
    assert probabilities == sorted(probabilities, reverse=True) and sum(probabilities) == pytest.approx(1)
    assert not inference.folder.exists()  # a folder is for many clips


def test_a_sign_that_no_word_stands_out_for_is_unknown_with_its_best_guess_beside(trained, clips, tmp_path, capsys):
    clip = next(clips.glob("*/*.npy"))
    for reject, known in ((1.0, False), (0.0, True)):
        update_checkpoint(trained.best_path, reject=reject)
        infer(trained, tmp_path, f"input={clip}", f"output={tmp_path / 'x.json'}")
        (answer,) = json.loads((tmp_path / "x.json").read_text())
        assert answer["known"] is known and answer["word"] == answer["top5"][0][0]
        assert ("unknown" in capsys.readouterr().out) is not known
        inference = infer(trained, tmp_path, f"input={clips}")
        assert ("unknown" in capsys.readouterr().out) is not known
        rows = list(csv.DictReader((inference.folder / "answers.csv").open()))
        assert {row["known"] for row in rows} == {"yes" if known else "no"}
        written = json.loads((inference.folder / "report.json").read_text())["rejection"]
        assert (written["threshold"], written["accepted"]) == (reject, float(known))


def test_both_layouts_of_one_clip_give_the_same_answer(trained, clips, tmp_path):
    file = next(clips.glob("*/*.npy"))
    folder = file.with_suffix("")
    folder.mkdir()
    for k, frame in enumerate(np.load(file)):
        np.save(folder / f"{k}.npy", frame)
    answers = [infer(trained, tmp_path, f"input={path}").answers[0].probabilities for path in (file, folder)]
    np.testing.assert_array_equal(*answers)


def test_a_labelled_folder_gets_the_full_report(trained, clips, tmp_path):
    inference = infer(trained, tmp_path, f"input={clips}")
    report = json.loads((inference.folder / "report.json").read_text())
    right = [answer.top(inference.recognizer.words)[0][0] == answer.item.word for answer in inference.answers]
    assert report["test"]["n"] == 6 and report["test"]["top1"] == pytest.approx(np.mean(right))
    rows = list(csv.DictReader((inference.folder / "answers.csv").open()))
    assert [row["label"] for row in rows] == [answer.item.word for answer in inference.answers]


def test_a_single_clip_in_its_word_s_folder_is_shown_with_its_word(trained, clips, tmp_path, capsys):
    """Bars have no place for the word that it should be: a row of a table has."""
    for clip in sorted(clips.glob("*/*"))[1:]:
        clip.unlink() if clip.is_file() else shutil.rmtree(clip)
    (clip,) = clips.glob("*/*")
    for chosen, labelled in ((clips, True), (clip, False)):
        infer(trained, tmp_path, f"input={chosen}")
        shown = capsys.readouterr().out
        assert (f"│ {clip.parent.name}/" in shown) is labelled
        assert ("▏" in shown or "█" in shown) is not labelled


def test_an_unlabelled_folder_gets_a_table_and_no_report(trained, clips, tmp_path):
    flat = tmp_path / "flat"
    flat.mkdir()
    for k, path in enumerate(sorted(clips.glob("*/*.npy"))):
        path.rename(flat / f"{k}.npy")  # names like the frames of one clip, but clips each
    inference = infer(trained, tmp_path, f"input={flat}", f"output={tmp_path / 'all.csv'}")
    assert len(inference.answers) == 3
    assert (inference.folder / "answers.csv").exists() and not (inference.folder / "report.json").exists()
    assert (tmp_path / "all.csv").read_text() == (inference.folder / "answers.csv").read_text()


def test_a_word_that_the_checkpoint_does_not_know_is_named_and_left_out(trained, clips, tmp_path, capsys):
    next(clips.iterdir()).rename(clips / "Unheard of")
    inference = infer(trained, tmp_path, f"input={clips}")
    assert "Unheard of" in capsys.readouterr().out
    assert json.loads((inference.folder / "report.json").read_text())["test"]["n"] == 4


def test_one_bad_clip_among_many_is_named_and_skipped_or_fatal(trained, clips, tmp_path, capsys):
    bad = next(clips.glob("*/*.npy"))
    bad.write_bytes(bad.read_bytes()[:100])
    assert len(infer(trained, tmp_path, f"input={clips}").answers) == 5
    assert str(bad) in capsys.readouterr().out
    with pytest.raises(InputError, match="truncated"):
        infer(trained, tmp_path, f"input={clips}", "on_error=fail")


def test_the_aspect_comes_from_the_dataset_s_table(trained, clips, tmp_path):
    clip = next(clips.glob("*/*.npy"))
    before = infer(trained, tmp_path, f"input={clip}").answers[0].probabilities
    (clips / "clips.csv").write_text(f"word,clip,width,height\n{clip.parent.name},{clip.stem},3000,1000\n")
    after = infer(trained, tmp_path, f"input={clip}").answers[0].probabilities
    assert not np.array_equal(before, after)
    expected = trained_recognizer(trained)(np.load(clip), 3.0)
    np.testing.assert_array_equal(after, expected)


def test_a_table_is_read_once_and_finds_words_whose_folders_are_numbered(trained, clips, tmp_path, monkeypatch):
    import isl.recognition.inference as module
    from isl.recognition import items

    reads: list[Any] = []
    read = items.read_table
    monkeypatch.setattr(items, "read_table", lambda path: reads.append(path) or read(path))
    monkeypatch.setattr(module, "BATCH", 3)  # so that aspects differ in a batch, and the last one is not full
    words = sorted(folder.name for folder in clips.iterdir())
    rows = [f"{words[0]},{path.stem},3000,1000" for path in sorted((clips / words[0]).iterdir())]
    (clips / words[0]).rename(clips / f"7. {words[0]}")
    (clips / "clips.csv").write_text("\n".join(["word,clip,width,height", *rows]))
    answers = infer(trained, tmp_path, f"input={clips}").answers
    assert len(reads) == 1 and len(answers) > 3
    recognizer = trained_recognizer(trained)
    for answer in answers:
        aspect = 3.0 if answer.item.word.startswith("7.") else None
        expected = recognizer(read_item(answer.item, Tables()).frames, aspect)
        np.testing.assert_allclose(answer.probabilities, expected, atol=1e-6)


def check_clips(trained, inference, expected):
    """Checks that the answers are those of the ``expected`` clips, by word."""
    recognizer = trained_recognizer(trained)
    answered: dict[Any, list[Any]] = {answer.item.word: [] for answer in inference.answers}
    for answer in inference.answers:
        answered[answer.item.word].append(answer.probabilities)
    assert {word: len(rows) for word, rows in answered.items()} == {word: len(own) for word, own in expected.items()}
    for word, own in expected.items():
        for probabilities, clip in zip(answered[word], own, strict=True):
            np.testing.assert_allclose(probabilities, recognizer(clip), atol=1e-6)


@pytest.mark.parametrize(
    ("columns", "start", "end"),
    [("start_frame,end_frame", 5, 15), ("start,end", 5, 15), ("fps,start_time,end_time", "20,.25", ".75")],
)
def test_a_dataset_whose_table_cuts_its_clips_is_recognised_as_it_is_trained(
    columns, start, end, trained, clips, tmp_path
):
    files = sorted(clips.glob("*/*.npy"))
    folders = sorted(path for path in clips.glob("*/*") if path.is_dir())
    rows = [f"{path.parent.name},{path.stem},{start},{end}" for path in [*files, *folders]]
    (clips / "clips.csv").write_text("\n".join([f"word,clip,{columns}", *rows]))
    data = FolderClips(str(clips)).load()
    expected: dict[str, list[Any]] = {word: [] for word in data.words}
    for i, name in enumerate(data.name):
        assert len(data.clip(i)) == 10
        expected[name.partition("/")[0]].append(data.clip(i))
    check_clips(trained, infer(trained, tmp_path, f"input={clips}"), expected)
    alone = infer(trained, tmp_path, f"input={files[0]}").answers[0].probabilities
    np.testing.assert_allclose(alone, trained_recognizer(trained)(np.load(files[0])[5:15]), atol=1e-6)


def test_clips_that_a_table_cuts_from_one_file_are_recognised_one_by_one(trained, clips, tmp_path):
    one, other = sorted(clips.glob("*/*.npy"))[:2]
    root = tmp_path / "long"
    (root / "recordings").mkdir(parents=True)
    first, second = np.load(one), np.load(other)
    np.save(root / "recordings" / "day.npy", np.concatenate([first, second]))
    words, middle, end = [one.parent.name, other.parent.name], len(first), len(first) + len(second)
    (root / "train.csv").write_text(
        "path,sign,start_frame,end_frame\n"
        f"recordings/day.npy,{words[0]},0,{middle}\nrecordings/day.npy,{words[1]},{middle},{end}\n"
    )
    inference = infer(trained, tmp_path, f"input={root}", f"output={tmp_path / 'out.csv'}")
    check_clips(trained, inference, {words[0]: [first], words[1]: [second]})
    with (tmp_path / "out.csv").open() as file:
        inputs = [row["input"] for row in csv.DictReader(file)]
    assert len(set(inputs)) == 2 and all("day.npy:day_f" in name for name in inputs)


def trained_recognizer(trained):
    from isl.recognition.recognizer import Recognizer

    return Recognizer.load(trained.best_path)


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        (["input=nowhere"], "input=nowhere"),
        (["input={empty}"], "no video and no landmark file"),
        (["input={text}"], "neither a video"),
        (["input={text}", "output=x.xls"], "output=x.xls"),
        (["input={text}", "on_error=maybe"], "on_error=maybe"),
    ],
)
def test_bad_input_is_one_line(trained, tmp_path, overrides, says):
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("hello")
    places = {"empty": tmp_path / "empty", "text": tmp_path / "notes.txt"}
    with pytest.raises(InputError) as caught:
        infer(trained, tmp_path, *(override.format(**places) for override in overrides))
    assert says in str(caught.value) and "\n" not in str(caught.value)


def test_hidden_files_are_no_clips(tmp_path):
    (tmp_path / ".cache.npy").touch()
    np.save(tmp_path / "a.npy", np.zeros((3, 1662), np.float32))
    assert [item.path.name for item in find(tmp_path)] == ["a.npy"]


def test_a_named_file_is_a_video_whatever_its_name(tmp_path):
    """As for live.py: cameras and cards give names without a suffix, or with one of their own."""
    for name in ("VIDEO0001", "a.clip"):
        path = draw_video(tmp_path / "a.avi", 12, fps=10.0).rename(tmp_path / name)
        assert seconds_of(Item(path), Tables()) == pytest.approx(1.2)
    (tmp_path / "notes").write_text("no video")
    with pytest.raises(InputError, match="neither a video"):
        read_item(Item(tmp_path / "notes"), Tables())
