"""The texts on a live picture: in their places, readable, and in the letters of the gloss."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.signing import signing

from isl.live.picture import STATES, compose
from isl.recognition.events import State
from isl.recognition.screen_state import ScreenState
from isl.vision import text

TEXTS = st.text(alphabet="abcWXYZ यअस्पताल.,;☃é\n\t", max_size=120)
BOARDS = st.builds(
    ScreenState,
    state=st.sampled_from(sorted(STATES)),
    top=st.lists(st.tuples(TEXTS, st.floats(0, 1)), max_size=5).map(tuple),
    words=st.lists(TEXTS, max_size=12).map(tuple),
    sentence=TEXTS,
    writing=st.booleans(),
    note=TEXTS,
    fps=st.floats(0, 500),
    filming=st.booleans(),
    banner=TEXTS,
)


@given(BOARDS, st.tuples(st.integers(1, 900), st.integers(1, 900)), st.booleans())
def test_any_board_fits_on_any_picture(screen_state, size, mirrored):
    picture = compose(np.full((*size, 3), 128, np.uint8), signing(0), screen_state, mirrored)
    assert picture.dtype == np.uint8 and picture.flags.c_contiguous
    assert picture.shape[0] >= 480 and picture.shape[1] >= 640


def changed(screen_state, without=None):
    """Where a picture differs by what the screen_state says."""
    frame = np.full((480, 640, 3), 128, np.uint8)
    return (compose(frame, None, screen_state) != compose(frame, None, without or ScreenState())).any(-1)


LONG = "A word that is longer than anybody would ever sign it " * 4


@pytest.mark.parametrize("word", ["Hospital", LONG, "अस्पताल " * 20])
def test_texts_on_the_picture_do_not_overlap(word):
    bars = changed(ScreenState(top=((word, 0.7),) * 5))
    words = changed(ScreenState(words=(word,) * 9))
    sentence = changed(ScreenState(sentence=f"{word} is what was signed."))
    rate = changed(ScreenState(fps=30.0, filming=True))
    note = changed(ScreenState(note=word, fps=30.0, filming=True), without=ScreenState(fps=30.0, filming=True))
    areas = [bars, words, sentence, note, rate]
    assert all(area.any() for area in areas)
    assert np.sum(areas, axis=0).max() == 1
    assert not changed(ScreenState(top=((word, 0.7),) * 5))[:, 220:].any()  # the signer stays visible


def test_an_empty_board_leaves_the_middle_as_it_is():
    frame = np.full((480, 640, 3), 128, np.uint8)
    assert (compose(frame, None, ScreenState())[40:390] == 128).all()


def test_the_frame_itself_is_not_drawn_on():
    frame = np.full((480, 640, 3), 128, np.uint8)
    compose(frame, signing(0), ScreenState(words=("Doctor",)))
    assert (frame == 128).all()


def test_a_mirrored_picture_has_its_text_the_right_way_round():
    frame = np.zeros((480, 640, 3), np.uint8)
    frame[200:210, 500:] = 255
    plain, mirrored = (
        compose(frame, None, ScreenState(words=("Doctor",))),
        compose(frame, None, ScreenState(words=("Doctor",)), True),
    )
    assert mirrored[205, 10].all() and plain[205, 600].all()
    assert (plain[400:] == mirrored[400:]).all()


def test_every_state_has_a_colour():
    assert set(STATES) == {state.value for state in State}


# Letters


@given(TEXTS, st.integers(40, 400), st.integers(8, 30))
def test_fitted_and_wrapped_text_is_not_wider_than_its_place(words, width, height):
    assert text.size(text.fit_text(words, height, width), height) <= width
    lines = text.wrap_text(words, height, width, lines=2)
    assert len(lines) <= 2 and all(text.size(line, height) <= width for line in lines)


def test_wrapping_keeps_the_words_that_fit():
    assert text.wrap_text("one two three", 15, 500, 2) == ["one two three"]
    assert " ".join(text.wrap_text("one two three four five six", 15, 120, 3)) == "one two three four five six"


@pytest.mark.parametrize(
    "hindi, latin",
    [
        ("दर्द", "dard"),
        ("नमस्ते", "namaste"),
        ("डॉक्टर", "doktar"),
        ("माँ", "maan"),
        ("Fever", "Fever"),
        ("१०८", "108"),
        ("क", "ka"),
    ],
)
def test_devanagari_can_be_read_in_latin_letters(hindi, latin):
    assert text.latin(hindi) == latin


@pytest.mark.parametrize("word", ["காய்ச்சல்", "ਬੁਖ਼ਾਰ", "发烧", "😀 smile", "🤒", "Größe", "бюро", "حمى"])
def test_words_of_any_script_are_drawn_in_letters(word):
    spelt = text.transliterate(word)
    assert spelt and all(ord(letter) in text._letters() for letter in spelt)
    assert (text.mask(word, 20) == text.mask(spelt, 20)).all() and text.mask(word, 20).any()
    assert spelt == word or not all(ord(letter) in text._letters() for letter in word)


def test_devanagari_is_written_with_or_without_a_font(monkeypatch):
    with_font = text.mask("अस्पताल", 20)
    text.mask.cache_clear()
    monkeypatch.setattr(text, "_shapes_devanagari", lambda: False)
    without = text.mask("अस्पताल", 20)
    text.mask.cache_clear()
    assert (without == text.mask(text.latin("अस्पताल"), 20)).all() and without.any() and with_font.any()
    text.mask.cache_clear()


def test_keys_stand_below_the_picture_and_hide_nothing():
    frame = np.full((480, 640, 3), 128, np.uint8)
    plain, keyed = compose(frame, None, ScreenState()), compose(frame, None, ScreenState(), keys="q quit")
    assert (keyed[:480] == plain).all() and keyed[480:].any()


def test_a_wider_window_gets_a_larger_picture():
    frame = np.full((480, 640, 3), 128, np.uint8)
    assert [compose(frame, None, ScreenState(), width=width).shape[1] for width in (0, 1000, 5000)] == [640, 1000, 1280]


def test_the_reason_for_unsure_and_the_recorded_word_are_written():
    assert changed(ScreenState(state="unsure", reason="Doctor 62%, 96% needed"), ScreenState(state="unsure")).any()
    assert changed(ScreenState(recording="Fever: 2 clips")).any()
