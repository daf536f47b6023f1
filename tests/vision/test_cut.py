from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isl.data.elan import eaf_text, read_eaf
from isl.data.listing import read_listing
from isl.errors import InputError
from isl.vision.cut import FRAMES, SECONDS, Cut, parse_cut, with_unit


@given(st.integers(1, 200), st.integers(0, 199), st.integers(1, 200), st.sampled_from([5.0, 25.0, 30.0]))
def test_seconds_and_frames_cut_the_same(count, start, length, rate):
    in_frames = Cut(start, start + length, FRAMES)
    in_seconds = Cut((start - 0.5) / rate if start else 0.0, (start + length - 0.5) / rate, SECONDS)
    if min(start + length, count) - start > 0.6 * length:  # most of it is there
        assert in_frames.slice(count, rate) == in_seconds.slice(count, rate)
    elif start >= count:
        with pytest.raises(InputError, match="correct the table"):
            in_frames.slice(count, rate)


def test_seconds_without_a_rate_are_refused():
    with pytest.raises(InputError, match="column fps"):
        Cut(1.0, 2.0).slice(30, None)


@pytest.mark.parametrize(
    ("start", "end", "cut"),
    [
        ("0.5", "2", Cut(0.5, 2.0)),
        ("1,5", "2,5", Cut(1.5, 2.5)),
        ("00:01:02.5", "1:03", Cut(62.5, 63.0)),
        ("3", "", Cut(3.0, None, "")),
        ("3", "-1", Cut(3.0, None, "")),
        ("", "", None),
    ],
)
def test_times_are_read_as_people_write_them(start, end, cut):
    assert parse_cut(start, end, "", "here") == cut


@pytest.mark.parametrize(
    ("start", "end"), [("5", "2"), ("2", "2"), ("-3", "2"), ("soon", "2"), ("nan", "2"), ("1e99", "")]
)
def test_wrong_times_are_named(start, end):
    with pytest.raises(InputError, match="line 3"):
        parse_cut(start, end, "", "line 3")


def test_whole_numbers_beyond_the_length_in_seconds_are_frames():
    cuts = [Cut(0, 2, ""), Cut(10, 40, "")]
    (_, last), remark = with_unit(cuts, None, lambda i: 3.0)
    assert last is not None and last.unit == FRAMES and "frames" in remark
    (_, last), _ = with_unit(cuts, None, lambda i: 100.0)
    assert last is not None and last.unit == SECONDS
    (_, last), remark = with_unit(cuts, FRAMES, lambda i: 100.0)
    assert last is not None and last.unit == FRAMES and not remark


def test_a_table_of_other_names_is_read(tmp_path):
    table = tmp_path / "list.csv"
    table.write_text("Video;Gloss;Signer;Subset;frame_start;frame_end;note\na.mp4;Doctor;anna;train;10;50;x\n")
    listing = read_listing(table)
    assert listing is not None and listing.unused == ("note",)
    (entry,) = listing.entries
    assert (entry.path, entry.word, entry.group, entry.split) == ("a.mp4", "Doctor", "anna", "train")
    assert entry.cut == Cut(10, 50, FRAMES)


def test_words_written_as_eaf_are_read_again(tmp_path):
    (tmp_path / "talk.mp4").touch()
    file = tmp_path / "talk.eaf"
    words = [(0.5, 1.25, "Doctor"), (2.0, 3.5, "बुखार & <cold>")]
    file.write_text(eaf_text("talk.mp4", {"words": words, "sentences": [(1.0, 3.5, "A doctor.")]}), encoding="utf-8")
    entries = read_eaf(file).entries
    assert [(entry.cut, entry.word) for entry in entries] == [(Cut(a, b), word) for a, b, word in words]
    assert {entry.path for entry in entries} == {str(tmp_path / "talk.mp4")}
    with pytest.raises(InputError, match=r"tier=gloss.*words, sentences"):
        read_eaf(file, "gloss")


def test_a_broken_eaf_is_refused_in_a_line(tmp_path):
    (tmp_path / "a.eaf").write_text("<ANNOTATION_DOCUMENT><TIER")
    with pytest.raises(InputError, match=r"not a readable \.eaf file"):
        read_eaf(tmp_path / "a.eaf")
