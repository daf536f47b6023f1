"""Sentences by rule: what they say, and that they never say more."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.signed import ISL18, KNOWN, MEDICAL, ODD, SYMPTOMS, contexts, glosses

from isl.sentence import Guard, Rules

RULES = Rules()
GUARD = Guard()

SENTENCES = [
    ("Mother, sick, Hospital", "My mother is sick and needs the hospital."),
    ("Hello, Doctor, Mother, sick", "Hello, doctor, my mother is sick."),
    ("Doctor, Patient, Medicine", "Doctor, the patient needs medicine."),
    ("Doctor, Patient, Help", "The doctor helps the patient."),
    ("Mother, sick, Father, healthy", "My mother is sick and my father is healthy."),
    ("Mother, Father, sick", "My mother and my father are sick."),
    ("Mother, sick, Doctor", "My mother is sick and needs the doctor."),
    ("Father, Bill, High, Money", "My father has the high bill and needs money."),
    ("Hospital, Bill, High", "The hospital bill is high."),
    ("Doctor, Hospital", "The doctor is at the hospital."),
    ("sick, Hospital", "Sick and in need of the hospital."),
    ("Sick, Price", "Sick, the price."),
    ("Patient, High", "The patient; high."),
    ("I, sick, Doctor", "I am sick and need the doctor."),
    ("I, Mother, sick", "My mother is sick."),
    ("You, Family, Money", "Your family needs money."),
    ("I, Teacher", "I am a teacher."),
    ("You, Hearing", "You are hearing."),
    ("Child, Hearing, Weak", "Child; hearing; weak."),
    ("You, Deaf, Hearing", "You; deaf; hearing."),
    ("I, Deaf, You, Hearing", "I am deaf and you are hearing."),
    ("I, Deaf, Not, Hearing", "I am not deaf but am hearing."),
    ("I, Indian, Sign, Language", "I use Indian Sign Language."),
    ("Hello, How are you", "Hello, how are you?"),
    ("Namaste, My name is, रवि", "Namaste, my name is रवि."),
    ("Hello, Doctor, My name is, Ravi, I, Headache", "Hello, doctor, my name is Ravi; I have a headache."),
    ("My name is, Ravi, Doctor", "My name is Ravi; the doctor."),
    ("Namaste, My name is, Ravi, I, Deaf", "Namaste, my name is Ravi; I am deaf."),
    ("Thankyou, Doctor", "Thank you, doctor."),
    ("Sorry, Again", "Sorry, again."),
    ("Welcome, Hospital", "Welcome to the hospital."),
    ("Hospital, Where", "Where is the hospital?"),
    ("You, Name, What", "What is your name?"),
    ("Mother, sick, Why", "Why is my mother sick?"),
    ("Mother, Hospital, Why", "Why does my mother need the hospital?"),
    ("You, Eat, What", "What do you eat?"),
    ("Mother, sick, Not", "My mother is not sick."),
    ("Mother, Not, sick", "My mother is not sick."),
    ("Mother, Not, sick, Not, Weak", "My mother is not sick and is not weak."),
    ("Father, Mother, Not, sick", "My father and my mother are not sick."),
    ("Father, Not, Mother, sick", "Not my father; my mother is sick."),
    ("Father, Not, sick, Mother, sick", "My father is not sick and my mother is sick."),
    ("Mother, Not, Medicine", "My mother; no medicine."),
    ("Patient, Medicine, Not", "The patient; no medicine."),
    ("I, Money, Not", "I; no money."),
    ("Family, Money, Not, Bill, High", "My family has the high bill; no money."),
    ("Mother, sick, Hospital, Not", "My mother is sick; not the hospital."),
    ("Doctor, Hospital, Not", "The doctor is not at the hospital."),
    ("Mother, Not, Fever", "My mother does not have a fever."),
    ("Patient, Not, Medicine, Take", "The patient does not take medicine."),
    ("I, Medicine, Not, Take", "I do not take medicine."),
    ("Patient, Not, Medicine, Take, Hospital, Go", "The patient does not take medicine but goes to the hospital."),
    ("I, Baby, sick", "My baby is sick."),
    ("She, Baby, sick", "Her baby is sick."),
    ("Hello, Teacher, I, Deaf", "Hello, teacher, I am deaf."),
    ("Sorry, Teacher, I, Deaf", "Sorry, teacher, I am deaf."),
    ("Hello, Doctor, Fever", "Hello, doctor, a fever."),
    ("Hello, Doctor, sick", "Hello, doctor, sick."),
    ("Please, Doctor, Water", "Please, doctor, water."),
    ("Hello, Doctor, Hospital, Where", "Hello, doctor, where is the hospital?"),
    ("Hello, Doctor, Where", "Hello, where is the doctor?"),
    ("Sorry, Doctor, Money, Not", "Sorry, doctor, no money."),
    ("Hello, Teacher, sick", "Hello, the teacher is sick."),
    ("Doctor, Fever", "Doctor; fever."),
    ("Doctor, sick", "Doctor; sick."),
    ("Doctor, Baby, Fever", "Doctor, the baby has a fever."),
    ("Boy, Mother, sick", "Boy; mother; sick."),
    ("Patient, Wife, Hospital", "Patient; wife; hospital."),
    ("Boy, sick, Mother, healthy", "The boy is sick and my mother is healthy."),
    ("Mother, Boy, sick", "My mother and the boy are sick."),
    ("Hello, Mother, I, sick", "Hello, mother, I am sick."),
    ("Hello, Patient, I, Doctor", "Hello, patient, I need the doctor."),
    ("Teacher, I, Deaf", "The teacher and I are deaf."),
    ("I, Mother, Father, sick", "My mother and my father are sick."),
    ("I, Wife, Baby, sick", "My wife and my baby are sick."),
    ("I, Teacher, Like", "I like the teacher."),
    ("I, Teacher, Help", "I help the teacher."),
    ("I, Teacher, See", "I see the teacher."),
    ("I, Mother, Call", "I call my mother."),
    ("You, Family, Call", "You call my family."),
    ("You, Name, Write", "You write your name."),
    ("Sugar, High, Medicine", "Sugar is high; medicine."),
    ("Bill, High, Pay, Not", "The bill is high; not paying."),
    ("Medicine, Stop", "Stopping medicine."),
    ("Tomorrow, Medicine, Stop", "Tomorrow stopping medicine."),
    ("Tomorrow, Come", "Tomorrow coming."),
    ("Please, Medicine, Take", "Please, take medicine."),
    ("Medicine, Eat, Sleep", "Eating medicine and sleeping."),
    ("Water, clean, Drink", "Water is clean; drink."),
    ("Bus, Come", "The bus comes."),
    ("Bus, Hospital, Go", "The bus goes to the hospital."),
    ("Pain, Stop", "Pain; stop."),
    ("How are you, Doctor", "How are you, doctor?"),
    ("Mother, Doctor, Medicine, Give", "Mother; doctor; medicine; give."),
    ("Medicine, Baby, Give", "Medicine; baby; give."),
    ("Police, Call", "Police; call."),
    ("Call, Police", "Call; police."),
    ("Help, Doctor", "Help; doctor."),
    ("I, Doctor, Help", "I; doctor; help."),
    ("I, Doctor, Call", "I call the doctor."),
    ("Mother, sick, Doctor, Call", "Mother; sick; doctor; call."),
    ("Deaf, Interpreter, Need", "Deaf; need the interpreter."),
    ("Mother, Medicine, Not, Take, sick", "My mother does not take medicine but is sick."),
    ("Patient, Hospital, Where", "The patient needs the hospital, where?"),
    ("You, Pain, Where", "Where do you have pain?"),
    ("Who, sick", "Who is sick?"),
    ("Who, Medicine, Need", "Who needs medicine?"),
    ("Which, Doctor", "Which doctor?"),
    ("Please, Doctor, Call", "Please, call the doctor."),
    ("Please, Doctor, Help", "Please, the doctor helps."),
    ("Father, Paracetamol, Take", "My father takes Paracetamol."),
    ("Father, Paracetamol, Take, Not", "My father does not take Paracetamol."),
    ("Mother, sick, Insulin, Need, Hospital", "My mother is sick and needs Insulin and the hospital."),
    ("Medicine, 2, Take", "Taking medicine, 2."),
    ("Father, Two, Take", "My father takes, Two."),
    ("Mother, Two, sick", "My mother is sick, Two."),
    ("Baby, Age, 2", "The baby's age is 2."),
    ("Baby, Age, 2, Month", "The baby's age is 2 months."),
    ("Mother, 1, Hour, Medicine", "My mother needs medicine, 1 hour."),
    ("Baby, 2, sick", "The baby is sick, 2."),
    ("Hospital, big, Go", "The hospital is big; go."),
    ("Husband, I, Hurt", "Husband; I; hurt."),
    ("I, Hurt, Doctor", "I hurt and need the doctor."),
    ("Patient, Doctor, Hurt", "Patient; doctor; hurt."),
    ("I, Mother, Hurt", "My mother hurts."),
    ("Medicine, I, Hurt", "I need medicine and hurt."),
    ("Medicine, Hurt", "Medicine; hurt."),
    ("Man, Girl, Sleep", "The man and the girl sleep."),
    ("Father, Computer, Work", "My father has the computer and works."),
    ("I, Leg, Hurt", "I hurt, Leg."),
    ("Father, Dead, Hospital", "My father is dead; the hospital."),
    ("Baby, Dead, Doctor", "The baby is dead; the doctor."),
    ("Father, Dead, Hospital, Go", "Father; dead; hospital; go."),
    ("Father, Dead, Money", "My father is dead; money."),
    ("Father, Dead, Not, Hospital", "My father is not dead but needs the hospital."),
    ("Father, Dead, Mother, Money", "My father is dead and my mother needs money."),
    ("Dead, Hospital", "Dead, the hospital."),
    ("Father, Death", "My father; the death."),
    ("I, sick, Week", "I am sick; the week."),
    ("Son, Deaf, School", "My son is deaf; the school."),
    ("Son, School, Go", "My son goes to the school."),
    ("Hospital.", "The hospital."),
    ("Mom, sick", "My mother is sick."),
    ("Goodbye, Doctor", "Goodbye, doctor."),
    ("?", "?."),
    ("Mother, Need", "My mother; need."),
    ("I, Doctor, Need", "I need the doctor."),
    ("Interpreter, Need", "Need the interpreter."),
    ("Mother, sick, Doctor, Need", "My mother is sick and needs the doctor."),
    ("Mother, Hospital, Need", "My mother needs the hospital."),
    ("I, Bathroom, Want", "I want the bathroom."),
    ("I, Doctor, Go", "I go to the doctor."),
    ("Mother, Hospital, Go", "My mother goes to the hospital."),
    ("Mother, Baby, Medicine, Give", "My mother gives the baby medicine."),
    ("Doctor, Mother, Medicine, Give", "The doctor gives my mother medicine."),
    ("Mother, healthy, Ravi, sick", "My mother is healthy and Ravi is sick."),
    ("Ravi, sick, Sita, healthy", "Ravi is sick and Sita is healthy."),
    ("Mother, Sugar, High, Medicine", "My mother; Sugar is high; medicine."),
    ("sick, Mother, healthy, Father", "My mother is sick and my father is healthy."),
    ("Father, Doctor, sick", "My father needs the doctor and is sick."),
    ("Doctor, Father, sick", "Doctor, my father is sick."),
    ("I, Headache, bad", "I have a bad headache."),
    ("I, Water, cold, Drink", "I drink cold water."),
    ("You, Speak, slow", "You speak slowly."),
    ("You, Speak, slow, Not", "You do not speak slowly."),
    ("I, Eat, cold", "I eat; cold."),
    ("Yesterday, Hospital, Go", "Yesterday went to the hospital."),
    ("Not, Fever", "Not a fever."),
    ("Hello, Not, sick", "Hello, not sick."),
    ("No, Medicine, Take", "No; medicine; take."),
    ("Not, Medicine, Take", "Not taking medicine."),
    ("Monday, Doctor, Tuesday, Hospital", "On Monday the doctor; on Tuesday the hospital."),
    ("Mother, Medicine, Not, Father, Medicine", "My mother; no medicine; my father needs medicine."),
    ("No, I, sick", "No, I am sick."),
    ("Fever, Not, Cough", "Not a fever but a cough."),
    ("I, Headache, Not, Fever", "I do not have a headache but have a fever."),
    ("Mother, sick, Not, Weak", "My mother is not sick but is weak."),
    ("I, Never, Eat", "I never eat."),
    ("Mother, sick, Never", "My mother is never sick."),
    ("Yesterday, I, Never, Eat", "Yesterday I never ate."),
    ("Medicine, Take, Not", "Not taking medicine."),
    ("I, Not, Want, Eat", "I do not want to eat."),
    ("Mother, sick, cold, Not", "My mother is sick and is not cold."),
    ("I, Water, Drink, Not", "I do not drink water."),
    ("I, Eat, Want", "I want to eat."),
    ("I, Help, Need", "I need help."),
    ("Yesterday, Mother, sick", "Yesterday my mother was sick."),
    ("Tomorrow, I, Hospital, Go", "Tomorrow I will go to the hospital."),
    ("Yesterday, Father, sick, Today, healthy", "Yesterday my father was sick; today my father is healthy."),
    ("Yesterday, I, sick, Tomorrow, I, Hospital, Go", "Yesterday I was sick; tomorrow I will go to the hospital."),
    ("Yesterday, Father, sick, Mother, healthy", "Yesterday my father was sick and my mother was healthy."),
    ("Father, sick, Yesterday, Mother, healthy", "My father is sick; yesterday my mother was healthy."),
    ("Mother, Yesterday, sick", "Yesterday my mother was sick."),
    ("Mother, sick, Yesterday", "Yesterday my mother was sick."),
    ("Mother, sick, Father, healthy, Yesterday", "Mother; sick; father; healthy; yesterday."),
    (
        "Night, Medicine, Take, Morning, Medicine, Take, Not",
        "At night taking medicine; in the morning not taking medicine.",
    ),
    ("Mother, sick, Tomorrow, Hospital, Go", "My mother is sick; tomorrow my mother will go to the hospital."),
    ("Tomorrow, Morning, Doctor, Come", "Tomorrow in the morning the doctor will come."),
    ("Morning, Medicine, Take, Night, Not", "In the morning; medicine; take; at night; not."),
    ("Mother, Yesterday, sick, Today, Not", "Mother; yesterday; sick; today; not."),
    ("Monday, Doctor, Come, Tuesday, Not", "On Monday; doctor; come; on Tuesday; not."),
    ("Mother, sick, Yesterday, Not", "Yesterday my mother was not sick."),
    ("Yesterday, Mother, Not, sick, Today, sick", "Yesterday my mother was not sick; today my mother is sick."),
    ("Today, Not, Yesterday, sick", "Today; not; yesterday; sick."),
    ("Before, Eat, Medicine", "Before; eat; medicine."),
    ("Eat, Before, Medicine", "Eat; before; medicine."),
    ("I, Medicine, Before, Eat", "I; medicine; before; eat."),
    ("Medicine, Later, Eat", "Medicine; later; eat."),
    ("Before, Mother, sick", "Earlier my mother was sick."),
    ("Yesterday", "Yesterday."),
    ("Mother, mother, sick, Mother", "My mother is sick."),
    ("Mother, Chaiwala, sick", "My mother; Chaiwala is sick."),
    ("Medicine, Price, How much", "How much is the price of medicine?"),
    ("Hospital, Name, What", "What is the name of the hospital?"),
    ("Father, Name, Ram", "My father's name is Ram."),
    ("I, Name, Ravi", "My name is Ravi."),
    ("Mother, sick, Hospital, Mother, sick, Hospital", "My mother is sick and needs the hospital."),
    ("Welcome, India", "Welcome to India."),
    ("I, Mother, Medicine, Need", "My mother needs medicine."),
    ("I, Mother, Help, Need", "My mother needs help."),
    ("Doctor, Medicine, Mother, Give", "The doctor gives my mother medicine."),
    ("I, Clothing, wet", "I have wet clothing."),
    ("Mother, Doctor, Medicine", "My mother needs the doctor and medicine."),
    ("बुखार", "बुखार."),
    ("Baby", "The baby."),
    ("", ""),
]


@pytest.mark.parametrize(("signed", "sentence"), SENTENCES, ids=[signed for signed, _ in SENTENCES])
def test_glosses_become_the_sentence(signed, sentence):
    written = RULES.write(signed.split(", "))
    assert written.text == sentence
    assert (written.glosses, written.source, written.note) == (tuple(signed.split(", ")), "rules", None)


def test_context_is_told_beside_and_not_twice():
    assert RULES.write(["Mother", "sick"], ["headache", "sick"]).text == "My mother is sick, with a headache."
    assert RULES.write(["Mother", "sick", "Not"], ["headache"]).text == "My mother is not sick."
    assert RULES.write(["Hello"], ["headache"]).text == "Hello."
    assert RULES.write(["Patient"], SYMPTOMS[:3]).text == "The patient, with a headache, back pain and neck pain."
    assert RULES.write([], ["headache"]).text == ""


@settings(max_examples=300, deadline=None)
@given(glosses, contexts)
def test_every_sentence_passes_the_guard(signed, context):
    text = RULES.write(signed, context).text
    assert GUARD.refusal(text, signed, context) is None


@settings(max_examples=200, deadline=None)
@given(glosses)
def test_unknown_words_are_kept_as_they_were_signed(signed):
    text = RULES.write(signed).text
    for gloss in signed:
        word = RULES.lexicon.word(gloss)
        if word.kind == "unknown" and gloss.strip():
            assert word.text.casefold() in text.casefold()


@settings(max_examples=100, deadline=None)
@given(glosses, contexts)
def test_blanks_and_immediate_repetitions_change_nothing(signed, context):
    stuttered = [word for gloss in signed for word in (gloss, " ", gloss)]
    assert RULES.write(stuttered, context).text == RULES.write(signed, context).text


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*MEDICAL, *ISL18]), min_size=1, max_size=6))
def test_a_sentence_is_one_line_that_begins_large_and_ends(signed):
    text = RULES.write(signed).text
    assert text[0].isupper() and text[-1] in ".?" and "\n" not in text and "  " not in text


def test_the_grammar_hardly_ever_needs_its_last_resort():
    """The guard judges the grammar too; where it refuses, ``write`` falls back to the bare glosses.

    It does for a time behind several clauses ("Mother, sick, Father, healthy, Yesterday"): of which is it?
    """
    choose = random.Random(0)
    lost = 0
    for _ in range(2000):
        signed = choose.choices(choose.choice([MEDICAL, KNOWN, [*KNOWN, *ODD]]), k=choose.randint(1, 8))
        lost += GUARD.refusal(RULES.compose(signed), signed) is not None
    assert lost <= 20


def test_the_last_resort_says_the_bare_glosses(monkeypatch):
    monkeypatch.setattr(Rules, "compose", lambda *_: "My mother takes six pills.")
    assert RULES.write(["Mother", "sick"]).text == "Mother; sick."
