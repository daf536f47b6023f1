"""Every variant says what was signed and nothing else; read by means that share nothing with the grammar."""

from __future__ import annotations

import random
import re
from itertools import pairwise, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.signed import ISL18, MEDICAL, contexts, count_negators, forms, glosses, read_tokens

from isl.sentence import Rules
from isl.sentence.rules import keeps

RULES = Rules()

# Signs whose English no relation or small word can be mistaken for: with their article or owner, and how they read.
PERSONS = {
    "Mother": "my mother", "Father": "my father", "Sister": "my sister", "Boy": "the boy", "Girl": "the girl",
    "Patient": "the patient", "Teacher": "the teacher", "Man": "the man", "Woman": "the woman",
}  # fmt: skip
STATES = "sick healthy Weak tired Deaf Strong Hungry Pregnant happy sad cold young".split()
SYMPTOMS = ["Fever", "Headache", "Cough", "Diabetes", "Stomach ache", "Dizziness"]
THINGS = ["Medicine", "Money", "Water", "Bill", "Injection", "Wheelchair", "Hospital", "Market", "Bathroom"]
DEEDS = [["Sleep"], ["Cry"], ["Medicine", "Take"], ["Bill", "Pay"], ["Water", "Drink"], ["Eat"], ["Market", "Work"]]
TIMES = {"Yesterday": "yesterday", "Today": "today", "Tomorrow": "tomorrow"}
SAID = [*([one] for one in (*STATES, *SYMPTOMS, *THINGS)), *DEEDS]


def said_form(gloss: str) -> str:
    """A pattern for the English of a sign, whatever its inflection."""
    if gloss == "Stomach ache":
        return "stomach ache"
    return "(?:" + "|".join(sorted(forms(gloss.lower()), key=len, reverse=True)) + ")"


def find_one(gloss: str, text: str) -> int:
    """The place of the only mention of a sign."""
    places = [match.start() for match in re.finditer(rf"\b{said_form(gloss)}\b", text.casefold())]
    assert len(places) == 1, f"{gloss} is said {len(places)} times in {text!r}"
    return places[0]


@st.composite
def blocks(draw: st.DrawFn) -> list[tuple[str | None, str, list[str], bool]]:
    """Two or three blocks of (time, person, what is said of him, whether it is denied), none with a sign of another."""
    count = draw(st.integers(1, 3))
    persons = draw(st.lists(st.sampled_from(sorted(PERSONS)), min_size=count, max_size=count, unique=True))
    said = draw(st.lists(st.sampled_from(SAID), min_size=count, max_size=count, unique_by=lambda one: one[-1]))
    flat = [gloss for one in said for gloss in one]
    if len(flat) != len(set(flat)):
        said = [[state] for state in draw(st.permutations(STATES))[:count]]
    timed = draw(st.booleans())
    times = list(draw(st.permutations(sorted(TIMES)))) if timed else [None] * 3
    return [(times[at], persons[at], said[at], draw(st.booleans())) for at in range(count)]


@settings(max_examples=80, deadline=None)
@given(blocks())
def test_person_state_place_time_and_denial_stay_together(signed):
    """The words of a block stand in one stretch of the sentence, and its denial among them."""
    glosses = []
    for time, person, said, denied in signed:
        glosses += [*([time] if time else []), person, *said, *(["Not"] if denied else [])]
    variants = RULES.variants(glosses)
    assert RULES.doubt(glosses) is None, glosses
    for text in variants:
        stretches = []
        for time, person, said, _ in signed:
            places = [find_one(gloss, text) for gloss in (person, *said)]
            places += [text.casefold().index(TIMES[time])] if time else []
            stretches.append((min(places), max(places)))
        assert stretches == sorted(stretches), text
        for (_, end), (begin, _) in pairwise(stretches):
            assert end < begin, text
        pieces = [0, *(begin for begin, _ in stretches[1:]), len(text)]
        for at, (_, _, _, denied) in enumerate(signed):
            assert count_negators(text[pieces[at] : pieces[at + 1]]) == denied, text
        assert "?" not in text


@settings(max_examples=80, deadline=None)
@given(glosses, contexts)
def test_any_glosses_give_a_text_with_the_same_denials_and_questions(signed, context):
    words = RULES.lexicon.words(signed)
    denials = sum(word.kind == "negation" for word in words)
    asks = any(word.kind == "question" or word.has("asks") for word in words)
    odd = any(count_negators(word.text) for word in words if word.kind != "negation")
    for text in RULES.variants(signed, context, 20):
        assert "  " not in text.strip() or any("  " in gloss for gloss in signed)
        if RULES.doubt(signed) is None and not odd:
            assert count_negators(text) == denials, text
            assert ("?" in text) == asks or any("?" in gloss for gloss in signed), text


@settings(max_examples=80, deadline=None)
@given(glosses)
@example(["Mother", "Baby", "Family"])
def test_every_sign_is_in_the_sentence_exactly_once(signed):
    words = [word for word in RULES.lexicon.words(signed) if word.kind not in ("negation", "question", "unknown")]
    if RULES.doubt(signed) or len({word.text for word in words}) < len(words):
        return
    kept = [word for word in words if not word.has("pronoun") and not word.has("please") and word.text.isalpha()]
    for text in RULES.variants(signed, most=10):
        said = read_tokens(text)
        for word in kept:
            mine = forms(word.text.casefold()) | ({"home"} if word.has("home") else set())
            others = [one for one in words if one is not word and mine & set(read_tokens(one.text))]
            count = sum(token in mine for token in said)
            relations = {"need", "want", "have", "take", "get", "see", "use", "know", "go", "be", "can", "do", "name"}
            free = word.text in relations or word.text in ("in", "at", "also")
            assert count == 1 or others or (free and count >= 1), (text, word.text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("My mother is sick and has no medicine.", True),
        ("My mother has no medicine.", False),
        ("My mother is sick and has medicine.", False),
        ("My mother is not sick and has no medicine.", False),
        ("Is my mother sick without medicine?", False),
    ],
)
def test_a_text_that_drops_a_sign_or_denies_or_asks_otherwise_is_found(text, kept):
    assert keeps(text, RULES.lexicon.words(["Mother", "sick", "Medicine", "Not"])) is kept


def test_no_sentence_is_shown_that_drops_a_sign(monkeypatch):
    monkeypatch.setattr("isl.sentence.rules.write_segments", lambda segments, choose: "My mother is sick.")
    assert RULES.variants(["Mother", "sick", "Medicine"]) == ["Mother; sick; Medicine"]


def test_a_question_word_keeps_its_mark_before_symptoms():
    assert RULES.variants(["How long"], ["headache"])[0].startswith("How long?")


@pytest.mark.parametrize("glosses", [["Have"], ["Have", "Not"], ["Has", "Also"], ["Yesterday", "Have"]])
def test_a_relation_between_nothing_stays_bare(glosses):
    assert RULES.doubt(glosses) and RULES.variants(glosses) == ["; ".join(glosses)]


def test_a_thousand_random_lists_of_the_datasets_words_are_as_faithful():
    chance = random.Random(14)
    for _ in range(1000):
        signed = chance.choices([*MEDICAL, *ISL18, "Not", "Where", "Yesterday"], k=chance.randint(2, 6))
        words = RULES.lexicon.words(signed)
        denials = sum(word.kind == "negation" for word in words)
        for text in RULES.variants(signed, most=20):
            if RULES.doubt(signed) is None:
                assert count_negators(text) == denials, (signed, text)
                assert ("?" in text) == any(word.kind == "question" or word.has("asks") for word in words)


@pytest.mark.parametrize(("one", "two"), list(product(STATES[:4], STATES[4:8])))
def test_states_of_two_persons_are_never_exchanged_nor_shared(one, two):
    for text in RULES.variants(["Mother", one, "Father", two]):
        mother, father = text.casefold().index("mother"), text.casefold().index("father")
        assert mother < text.casefold().index(one.lower()) < father < text.casefold().index(two.lower())
