"""The word tables: complete for the signs we know, open for a user's own, and strict about mistakes."""

from __future__ import annotations

import pytest
from support.signed import ISL18, KNOWN, MEDICAL, SYMPTOMS

from isl.errors import InputError
from isl.sentence import Rules
from isl.sentence.words import tokens

RULES = Rules()


@pytest.mark.parametrize("gloss", [*MEDICAL, *ISL18, *SYMPTOMS])
def test_the_words_of_the_datasets_are_in_the_tables(gloss):
    assert RULES.lexicon.word(gloss).kind != "unknown"


@pytest.mark.parametrize("gloss", KNOWN)
def test_every_word_of_the_tables_stands_in_a_sentence(gloss):
    for signed in ([gloss], ["Mother", gloss], [gloss, "Hospital"]):
        text = RULES.compose(signed)
        assert RULES.guard.refusal(text, signed) is None


@pytest.mark.parametrize("name", ["Thankyou", "thank you", "THANK_YOU", "Thank-You", " Thankyou "])
def test_spelling_of_a_gloss_does_not_matter(name):
    assert Rules().write([name]).text == "Thank you."


def test_own_words_as_mapping_and_as_file(tmp_path):
    own = {"Nani": {"class": "relative_she", "says": ["grandmother", "nani"]}, "Ward": "place", "बुखार": "symptom"}
    file = tmp_path / "own.yaml"
    file.write_text("Nani: {class: relative_she, says: [grandmother, nani]}\nWard: place\nबुखार: symptom\n", "utf-8")
    for words in (own, str(file), file):
        assert Rules(words).write(["Nani", "बुखार", "Ward"]).text == "My grandmother has a बुखार and needs the ward."


def test_an_own_word_replaces_the_table():
    rules = Rules({"Mother": {"class": "relative_she", "says": "amma"}})
    assert rules.write(["Mother", "sick"]).text == "My amma is sick."


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("Fever: illness", "class illness is none of"),
        ("Fever: {class: symptom, colour: red}", "no attribute 'colour'"),
        ("Fever: {says: fever}", "class None"),
        ("Yes: phrase", "quoted"),
        ("Fever: 3", "quoted"),
        ("- Fever", "not a mapping"),
        ("Fever: [", "not readable"),
    ],
)
def test_a_mistake_in_the_own_words_is_one_line(tmp_path, content, complaint):
    file = tmp_path / "own.yaml"
    file.write_text(content)
    with pytest.raises(InputError, match=complaint) as caught:
        Rules(str(file))
    assert "\n" not in str(caught.value) and "own.yaml" in str(caught.value)


def test_a_missing_file_of_words_is_one_line(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        Rules(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm sick, isn\u2019t she?", ["i", "am", "sick", ",", "is", "not", "she", "?"]),
        ("The patient's £6.00", ["the", "patient", "'s", "£", "6", ".", "00"]),
        ("mother-in-law can't", ["mother-in-law", "can", "not"]),
    ],
)
def test_contractions_and_marks_come_apart(text, expected):
    assert list(tokens(text)) == expected
