"""The guard on pairs of glosses and sentences, and on properties that every sentence must have."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf
from support.signed import ISL18, MEDICAL

from isl.sentence import Guard, Rules
from isl.sentence.words import is_function, tokens

GUARD = Guard()
RULES = Rules()
GROUPS = OmegaConf.to_container(OmegaConf.load(Path(__file__).parent / "pairs.yaml"))
GOOD = [(group["glosses"], group.get("context", []), text) for group in GROUPS for text in group.get("good", [])]
BAD = [(group["glosses"], group.get("context", []), text) for group in GROUPS for text in group.get("bad", [])]


def test_there_are_hundreds_of_pairs():
    assert len(GOOD) > 400 and len(BAD) > 800
    assert (["Sick", "Price"], [], "The sick price for this product is £6.00.") in BAD


@pytest.mark.parametrize(("signed", "context", "text"), GOOD)
def test_a_sentence_that_says_what_was_signed_passes(signed, context, text):
    assert GUARD.refusal(text, signed, context) is None


@pytest.mark.parametrize(("signed", "context", "text"), BAD)
def test_a_sentence_that_says_something_else_is_refused_in_one_line(signed, context, text):
    reason = GUARD.refusal(text, signed, context)
    assert reason and "\n" not in reason


known = st.lists(st.sampled_from([*MEDICAL, *ISL18]), min_size=1, max_size=5)


@settings(max_examples=300, deadline=None)
@given(known, st.data())
def test_a_word_that_nobody_signed_is_refused_wherever_it_stands(signed, data):
    text = RULES.write(signed).text.split(" ")
    word = data.draw(st.sampled_from(STRANGERS) | st.from_regex("[a-z]{3,12}", fullmatch=True), label="stranger")
    assume(not is_function(word))
    assume(not any(word in form for gloss in signed for form in GUARD.lexicon.forms(GUARD.lexicon.word(gloss))))
    at = data.draw(st.integers(0, len(text)), label="place")
    assert GUARD.refusal(" ".join([*text[:at], word, *text[at:]]), signed)


STRANGERS = (
    "two three half double twice dozen 6 500 1st £ ₹ $ % paracetamol insulin aspirin mg daily morning yesterday "
    "tomorrow now soon always not never no without hardly unless nobody neither isnt dont very too more worse less "
    "only again cancer fever pregnant died dead killed left refuses stopped maybe can may might would because if "
    "or than Ravi Delhi Sharma India rupees dollars please sir he'll won't मां не ❤ * # \" ( ) : / & @ … \u200b"
).split(" ")


@settings(max_examples=200, deadline=None)
@given(known, st.data())
def test_a_lost_gloss_is_noticed(signed, data):
    extra = data.draw(st.sampled_from(MEDICAL))
    said = {token for gloss in signed for form in GUARD.lexicon.forms(GUARD.lexicon.word(gloss)) for token in form}
    assume(extra.lower() not in said and extra not in signed)
    text = RULES.write(signed).text
    assume(extra.lower() not in tokens(text))
    at = data.draw(st.integers(0, len(signed)))
    assert GUARD.refusal(text, [*signed[:at], extra, *signed[at:]])


@settings(max_examples=100, deadline=None)
@given(
    st.permutations(["Mother", "Father", "Brother", "Sister", "Baby", "Patient", "Girl"]),
    st.permutations(["sick", "healthy", "Weak", "Deaf", "cold", "Medicine", "Hospital", "Money"]),
)
def test_what_is_signed_of_one_is_not_said_of_the_other(persons, comments):
    signed = [persons[0], comments[0], persons[1], comments[1]]
    swapped = [persons[1], comments[0], persons[0], comments[1]]
    assert GUARD.refusal(RULES.write(signed).text, signed) is None
    assert GUARD.refusal(RULES.write(swapped).text, signed)


@settings(max_examples=100, deadline=None)
@given(
    st.permutations(["Yesterday", "Today", "Tomorrow"]),
    st.permutations(["Mother", "Father", "Boy", "Patient"]),
    st.permutations(["sick", "healthy", "Weak", "Deaf"]),
)
def test_what_is_signed_of_one_time_is_not_said_of_another(times, persons, states):
    signed = [times[0], persons[0], states[0], times[1], persons[1], states[1]]
    swapped = [times[1], persons[0], states[0], times[0], persons[1], states[1]]
    assert GUARD.refusal(RULES.write(signed).text, signed) is None
    assert GUARD.refusal(RULES.write(signed).text, swapped)


@settings(max_examples=100, deadline=None)
@given(
    st.permutations(["Mother", "Father", "Boy", "Patient"]),
    st.sampled_from(["sick", "Fever", "Medicine", "Eat", "Hospital"]),
    st.sampled_from(["sick", "Fever", "Medicine", "Eat", "Hospital"]),
)
def test_what_is_denied_of_one_is_not_denied_of_the_other(persons, first, second):
    signed = [persons[0], first, "Not", persons[1], second]
    moved = [persons[0], first, persons[1], second, "Not"]
    assert GUARD.refusal(RULES.write(signed).text, signed) is None
    assert GUARD.refusal(RULES.write(signed).text, moved)
    assert GUARD.refusal(RULES.write(moved).text, signed)


@pytest.mark.parametrize("verb", ["help", "see", "call", "love"])
@pytest.mark.parametrize("pair", permutations(["Mother", "Boy", "Teacher"], 2), ids="-".join)
def test_who_acts_on_whom_is_the_order_of_the_signs(pair, verb):
    texts = {"Mother": "my mother", "Boy": "the boy", "Teacher": "the teacher"}
    agent, patient = (texts[person] for person in pair)
    signed = [*pair, verb.capitalize()]
    assert GUARD.refusal(f"{agent} {verb}s {patient}.", signed) is None
    assert GUARD.refusal(f"{patient} {verb}s {agent}.", signed)


@settings(max_examples=200, deadline=None)
@given(known)
def test_a_denial_and_a_question_need_a_sign(signed):
    text = RULES.write(signed).text
    for verb in (" is ", " are ", " am "):
        if verb in text:
            assert GUARD.refusal(text.replace(verb, f"{verb}not ", 1), signed)
    if "How are you" not in signed:
        assert GUARD.refusal(text[:-1] + "?", signed)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), known)
def test_any_text_is_judged_without_an_error(text, signed):
    reason = GUARD.refusal(text, signed)
    assert reason is None or "\n" not in reason


@settings(max_examples=300, deadline=None)
@given(st.permutations(["my", "mother", "is", "sick", "and", "needs", "the", "hospital"]))
def test_a_heap_of_the_right_words_is_no_sentence(heap):
    text = " ".join(heap)
    sentences = ("my mother is sick and needs the hospital", "my mother needs the hospital and is sick")
    assert text in sentences or GUARD.refusal(f"{text}.", ["Mother", "sick", "Hospital"])


def test_a_user_word_is_guarded_like_any_other():
    nani = {"class": "relative_she", "says": ["grandmother", "nani"]}
    own = Guard({"Nani": nani, "Vomit": {"class": "symptom", "says": "vomiting", "article": ""}})
    assert own.refusal("My nani has vomiting.", ["Nani", "Vomit"]) is None
    assert own.refusal("My grandfather has vomiting.", ["Nani", "Vomit"])
