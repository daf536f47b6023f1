from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.folders import load, message

from isl.landmarks import FRAME_SIZE

MakeDataset = Callable[..., Path]


@pytest.mark.parametrize("layout", ["frame_i", "i", ["files", "i", "frame_i"]])
def test_all_layouts_give_the_same_clips(make_dataset: MakeDataset, tmp_path: Path, layout: str | list[str]) -> None:
    one = load(make_dataset(root=tmp_path / "one"))
    other = load(make_dataset(layout=layout, root=tmp_path / "other"))
    assert (one.words, one.name, one.digest) == (other.words, other.name, other.digest)
    np.testing.assert_array_equal(one.frames, other.frames)
    np.testing.assert_array_equal(one.start, other.start)
    np.testing.assert_array_equal(one.label, other.label)


def test_frames_are_in_numeric_order(make_dataset: MakeDataset) -> None:
    root = make_dataset(layout="i", frames=(12, 12))
    clip = load(root).clip(0)
    for i in range(12):  # by name, 10 and 11 would come before 2
        np.testing.assert_array_equal(clip[i], np.load(root / "Doctor" / "a_0" / f"{i}.npy"))


def test_words_and_labels_are_ordered_by_name(make_dataset: MakeDataset) -> None:
    clips = load(make_dataset({"b c": ["1", "2"], "दवा": ["1", "2"], "a": ["1", "2"]}))
    assert clips.words == ["a", "b c", "दवा"]
    assert [clips.words[label] for label in clips.label] == [name.split("/")[0] for name in clips.name]
    assert list(clips.label) == [0, 0, 1, 1, 2, 2]


def test_any_dtype_becomes_float32_and_stays_as_long_as_it_was(tmp_path: Path) -> None:
    data = np.random.default_rng(0).uniform(size=(7, FRAME_SIZE))
    for word in "ab":
        (tmp_path / word).mkdir()
        np.save(tmp_path / word / "double.npy", data)
        np.save(tmp_path / word / "half.npy", data.astype(np.float16)[:5])
    clips = load(tmp_path)
    assert clips.frames.dtype == np.float32
    np.testing.assert_array_equal(clips.clip(0), data.astype(np.float32))
    np.testing.assert_array_equal(clips.clip(1), data[:5].astype(np.float16))
    assert clips.batch([0, 1, 3]).landmarks.shape == (3, 60, FRAME_SIZE)


def test_other_files_in_the_folder_are_ignored(make_dataset: MakeDataset) -> None:
    root = make_dataset()
    for name in (
        "LICENSE",
        "failed.csv",
        "overview.png",
        ".hidden/x.npy",
        "__MACOSX/x.npy",
        "Fever/note.txt",
        "Fever/.x.npy",
    ):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("no clip")
    assert load(root).words == ["Doctor", "Fever", "Pain"]
    assert len(load(root)) == 24


def test_words_can_be_chosen_in_any_spelling(make_dataset: MakeDataset) -> None:
    pair = ["x", "y"]
    root = make_dataset(
        {"83. Big large": pair, "you (plural)": pair, "T-Shirt": pair, "cold": pair, "I": pair, "it": pair}
    )
    clips = load(root, words=["YOUplural", "biglarge", "tshirt", "i"])
    assert clips.words == ["Big large", "I", "T-Shirt", "you (plural)"]
    assert clips.name[0] == "83. Big large/x"


def test_word_that_two_folders_may_mean_is_taken_as_written_or_asked_for(make_dataset: MakeDataset) -> None:
    root = make_dataset({word: ["1", "2"] for word in ("T-shirt", "tshirt", "cold")})
    assert load(root, words=["tshirt", "cold", "Cold"]).words == ["cold", "tshirt"]
    assert "TSHIRT may be T-shirt or tshirt" in message(root, words=["TSHIRT", "cold"])


def test_missing_words_are_named_with_the_way_to_get_them(make_dataset: MakeDataset) -> None:
    text = message(make_dataset(), words=["Doctor", "Baby", "cold"], help="Ask for it.")
    assert "2 of 3 words are not there: Baby, cold" in text
    assert text.endswith("\nAsk for it.")


def test_two_folders_of_one_word_are_refused(make_dataset: MakeDataset) -> None:
    text = message(make_dataset({"Boy": ["1", "2"], "77. Boy": ["1", "2"], "Girl": ["1", "2"]}))
    assert "77. Boy and Boy are one word" in text or "Boy and 77. Boy are one word" in text


def test_aspect_seconds_and_other_columns_come_from_the_table(make_dataset: MakeDataset) -> None:
    root = make_dataset({"cold": ["a", "b", "c"], "dry": ["a", "b"]}, frames=(10, 10))
    (root / "clips.csv").write_text(
        "word,clip,group,fps,width,height,frames,seconds\n"
        "cold,a,ann,25,1920,1080,50,\n"  # frames over fps
        "cold,b.npy,ben,25,640,480,,\n"  # stored frames over fps
        'cold,c,"a, b",,,,,2.5\n'
        "gone,z,ann,25,640,480,50,\n"
    )
    clips = load(root, aspect=1.5, seconds=9.0)
    np.testing.assert_allclose(clips.aspect, [1920 / 1080, 4 / 3, 1.5, 1.5, 1.5], rtol=1e-6)
    np.testing.assert_allclose(clips.seconds, [2.0, 0.4, 2.5, 9.0, 9.0], rtol=1e-6)
    assert clips.columns["group"] == ["ann", "ben", "a, b", "", ""]
    plain = load(root)
    assert plain.aspect[3] == 1.0 and np.isnan(plain.seconds[3])


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("clip,group\na,b\n", "line 1: no column word"),
        ("", "line 1: no column word and clip; it has nothing"),
        ("word,clip,word\n", "line 1: a column occurs twice"),
        ("word,clip,fps\nDoctor,a_0,25\nDoctor,a_1\n", "line 3: 2 values, but the table has 3 columns"),
        ("word,clip,fps\nDoctor,a_0,fast\n", "line 2: fps is 'fast', not a positive number"),
        ("word,clip,width\nDoctor,a_0,-4\n", "line 2: width is '-4', not a positive number"),
        ("word,clip,seconds\n\nDoctor,a_0,nan\n", "line 3: seconds is 'nan'"),
        ("word,clip\nDoctor,a_0\nDoctor,a_0.npy\n", "line 3: clip Doctor/a_0 occurs twice"),
        (b"word,clip\nDoct\xffor,a\n", "not readable as UTF-8"),
    ],
)
def test_malformed_table_is_refused_with_its_line(make_dataset: MakeDataset, table: str | bytes, reason: str) -> None:
    root = make_dataset()
    (root / "clips.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    text = message(root)
    assert f"{root / 'clips.csv'}" in text and reason in text


def test_group_from_the_name_becomes_a_column(make_dataset: MakeDataset) -> None:
    assert load(make_dataset(), group="^([ab])_").columns["group"][:5] == ["a"] * 4 + ["b"]
    assert "data.group=x(: not a regular expression" in message(make_dataset(), group="x(")


def test_root_one_folder_too_high_or_too_deep_is_noticed(make_dataset: MakeDataset, tmp_path: Path) -> None:
    root = make_dataset(layout="i", root=tmp_path / "clone" / "MP_Data")
    assert f"is data.root={root} meant?" in message(tmp_path / "clone")
    assert "data.root= one folder too deep?" in message(root / "Doctor")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"on_error": "warn"}, "data.on_error=warn: choose fail or skip"),
        ({"aspect": -1}, "data.aspect=-1"),
        ({"aspect": "wide"}, "data.aspect=wide"),
        ({"seconds": 0}, "data.seconds=0"),
        ({"words": []}, "data.words="),
        ({"words": "Doctor"}, "data.words=Doctor"),
    ],
)
def test_options_are_checked(tmp_path: Path, options: dict[str, object], reason: str) -> None:
    assert reason in message(tmp_path, **options)


def test_only_copies_share_a_digest(make_dataset: MakeDataset) -> None:
    root = make_dataset()
    np.save(root / "Pain" / "copy.npy", np.load(root / "Doctor" / "a_0.npy").astype(np.float64))
    clips = load(root)
    digest = dict(zip(clips.name, clips.digest, strict=True))
    assert digest["Pain/copy"] == digest["Doctor/a_0"]
    assert len(set(clips.digest)) == 24


@pytest.mark.slow
def test_isl18_reads_whole(isl18: Path) -> None:
    clips = load(isl18, aspect=4 / 3, seconds=3.0)
    assert len(clips.words) == 18 and len(clips) == 1080
    assert np.bincount(clips.label).tolist() == [60] * 18
    i = clips.name.index("How are you/s2_31")
    np.testing.assert_array_equal(clips.clip(i), np.load(isl18 / "How are you" / "s2_31.npy"))


def test_unstable_words_are_kept_and_an_unknown_name_is_reported(
    make_dataset: MakeDataset, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("61. Big large", "Doctor", "Fever")
    root = make_dataset({word: ["a", "b"] for word in words}, frames=(5, 8))
    assert load(root).unstable == []
    assert load(root, unstable=["biglarge", "fever"]).unstable == ["Big large", "Fever"]
    assert load(root, unstable=["Fever"], words=["Doctor", "biglarge"]).unstable == []
    assert capsys.readouterr().err == ""
    assert load(root, unstable=["Fevre", "Doctor"]).unstable == ["Doctor"]
    assert "no such word" in (told := capsys.readouterr().err) and "Fevre" in told and "Doctor" not in told
    assert "data.unstable=Fever" in message(root, unstable="Fever")


def test_words_are_left_out_by_name_or_for_too_few_clips(
    make_dataset: MakeDataset, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_dataset({"Doctor": ["1", "2", "3"], "Fever": ["1", "2", "3"], "Pain": ["1"], "Rare": ["1", "2"]})
    assert load(root, without=["pain"]).words == ["Doctor", "Fever", "Rare"]
    assert load(root, min_clips=3).words == ["Doctor", "Fever"]
    assert "fewer than 3 clips: Pain, Rare" in capsys.readouterr().err
    assert "data.without: no such word" in message(root, without=["Cough"])
    assert "data.min_clips=4: no word" in message(root, min_clips=4)


def test_two_spellings_of_one_word_are_named(make_dataset: MakeDataset, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_dataset({word: ["1", "2"] for word in ("Doctor", "doctor", "caf\u00e9", "cafe\u0301", "Water")})
    assert len(load(root).words) == 5
    told = capsys.readouterr().err
    assert "Doctor and doctor as different words" in told and r"'caf\xe9'" in told and "Water" not in told


@pytest.mark.parametrize(("separator", "decimal"), [(";", ","), ("\t", "."), (",", ".")])
def test_a_table_saved_by_a_spreadsheet_is_read(make_dataset: MakeDataset, separator: str, decimal: str) -> None:
    root = make_dataset()
    rows = [["word", "clip", "group", "fps", "frames"], ["Doctor", "a_0", "anna", f"12{decimal}5", "25"]]
    text = "\r\n".join(separator.join(row) for row in rows) + "\r\n"
    (root / "clips.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    clips = load(root)
    assert clips.seconds[0] == 2.0 and clips.columns["group"][0] == "anna"


def test_words_below_a_category_are_noticed(make_dataset: MakeDataset, tmp_path: Path) -> None:
    make_dataset(root=tmp_path / "all" / "People")
    assert f"is data.root={tmp_path / 'all' / 'People'} meant?" in message(tmp_path / "all")
