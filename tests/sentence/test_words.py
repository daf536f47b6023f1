"""The word tables: open for a user's own words, and strict about mistakes."""

from __future__ import annotations

import pytest

from isl.errors import InputError
from isl.sentence import Lexicon, Rules


@pytest.mark.parametrize("name", ["Thankyou", "thank you", "THANK_YOU", "Thank-You", " Thankyou ", "Thankyou."])
def test_spelling_of_a_gloss_does_not_matter(name):
    assert Rules().write([name]).text == "Thank you."


def test_own_words_as_mapping_and_as_file(tmp_path):
    own = {"Nani": {"class": "relative_she", "says": ["grandmother", "nani"]}, "Ward": "place", "बुखार": "symptom"}
    file = tmp_path / "own.yaml"
    file.write_text("Nani: {class: relative_she, says: [grandmother, nani]}\nWard: place\nबुखार: symptom\n", "utf-8")
    for words in (own, str(file), file):
        text = Rules(words).write(["Nani", "बुखार", "Ward"]).text
        assert text == "My grandmother has a बुखार and is at the ward."


def test_an_own_word_replaces_the_table_and_brings_its_hindi():
    rules = Rules({"Mother": {"class": "relative_she", "says": "amma", "hindi": "अम्मा"}})
    assert rules.write(["Mother", "sick"]).text == "My amma is sick."
    assert rules.lexicon.word("mother").hindi == "अम्मा"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("Fever: illness", "Fever: class: illness is none of"),
        ("Fever: {class: symptom, colour: red}", "Fever: colour: no such attribute"),
        ("Fever: {class: symptom, Says: fever}", "Fever: Says: no such attribute"),
        ("Fever: {class: symptom, 3: fever}", "Fever: 3: no such attribute"),
        ("Fever: {says: fever}", "Fever: class: None"),
        ("Fever: {class: [symptom]}", "Fever: class: "),
        ("Fever: {class: symptom, kind: finish}", "Fever: kind: "),
        ("Gone: {class: past, tense: pluperfect}", "Gone: tense: 'pluperfect': is none of past, present, future"),
        ("Gone: {class: past, tense: [past]}", "Gone: tense: ['past'] is not a text"),
        ("Fever: {class: symptom, traits: [huge]}", "Fever: traits: 'huge'"),
        ("Fever: {class: symptom, traits: {mass: true}}", "Fever: traits: "),
        ("Fever: {class: symptom, says: 3}", "Fever: says: 3 is not a text"),
        ("Fever: {class: symptom, says: }", "Fever: says: None is not a text"),
        ("Fever: {class: symptom, says: []}", "Fever: says: None is not a text"),
        ("Fever: {class: symptom, says: ''}", "Fever: says: '': write the English word"),
        ("Fever: {class: symptom, says: [fever, ' ']}", "Fever: says: ' ': write"),
        ("Fever: {class: symptom, hindi: [बुखार]}", "Fever: hindi: "),
        ("Fever: {class: symptom, article: [a]}", "Fever: article: "),
        ("Fever: {class: symptom, article: some}", "Fever: article: 'some'"),
        ("Fever: {class: symptom, article: true}", "Fever: article: True is not a text"),
        ("Nani: {class: relative_she, pronoun: her}", "Nani: pronoun: 'her': is none of I, you, he"),
        ("Dig: {class: act, of: [garden]}", "Dig: of: 'garden'"),
        ("Dig: {class: act, takes: digging}", "Dig: takes: 'digging'"),
        ("Dig: {class: act, of: [under place]}", "Dig: of: 'under place'"),
        ("Fever: {class: symptom, links: [has]}", "Fever: links: 'has': write a verb"),
        ("Fever: {class: symptom, links: 'have {} and {}'}", "Fever: links: "),
        ("Fever: {class: symptom, denied: 'Have no {}'}", "Fever: denied: "),
        ("Fever: {class: symptom, gloss: x}", "Fever: gloss: no such attribute"),
        ("Fever: {class: symptom, words: {Cold: cold}}", "Fever: words: no such attribute"),
        ("Yes: greeting", "quoted"),
        ("'?': greeting", "quoted"),
        ("Fever: 3", "quoted"),
        ("Fever: [symptom]", "quoted"),
        ("Fever:", "quoted"),
        ("- Fever", "not a mapping"),
        ("Fever", "quoted"),
        ("Fever: [", "not readable"),
        ("Fever: symptom\nFever: place", "not readable"),
        ("Fever: ${oc.env:HOME}", "Fever: class: "),
    ],
)
def test_a_mistake_in_the_own_words_is_one_line_with_file_word_and_key(tmp_path, content, complaint):
    file = tmp_path / "own.yaml"
    file.write_text(content)
    with pytest.raises(InputError) as caught:
        Rules(str(file))
    assert complaint in str(caught.value) and "\n" not in str(caught.value) and "own.yaml" in str(caught.value)


def test_a_missing_file_of_words_is_one_line(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        Rules(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("gloss", "kind"),
    [("alcoholic", "unknown"), ("appendicitis", "thing"), ("beg", "verb"), ("gigantic", "state"), ("Ravi", "unknown")],
)
def test_an_unlisted_word_gets_its_kind_from_the_dictionary_if_it_has_one(gloss, kind):
    assert Lexicon().word(gloss).kind == kind


def test_compounds_and_repetitions():
    texts = [
        word.text for word in Lexicon().words(["Indian", "Sign", "Language", "language", "Hospital", "Bill", "bill"])
    ]
    assert texts == ["Indian Sign Language", "hospital bill"]
