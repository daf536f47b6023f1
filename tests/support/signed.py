"""Gloss lists for tests, and functions that read English sentences without the code of the grammar."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import strategies as st

from isl.sentence import Lexicon

MEDICAL = (
    "Baby Bill Boy Brother cold Daughter Deaf Doctor dry Family Father Girl healthy Heavy High Hospital Medicine Money "
    "Mother Patient sick Sister Son Weak"
).split()
ISL18 = [
    *"Again Deaf Hearing Hello I Indian Language Man Namaste Sign Sorry Teacher Thankyou Welcome Woman You".split(),
    "How are you",
    "My name is",
]
SYMPTOMS = (
    "headache,backpain,neck pain,stomach ache,running nose,watery nose,sick,tired,dizziness,dry mouth".split(",")
)  # fmt: skip
KNOWN = [word.gloss for word in Lexicon().list_words()]
ODD = [
    "the",
    "is",
    "needs",
    "I'm",
    "?",
    "—",
    "£6.00",
    "2",
    "COVID-19",
    "Dr.",
    "रवि",
    "बुखार",
    "a\tb",
    "Allergy",
    "avoid",
]
RATED = Path(__file__).parents[1] / "sentence" / "rated.tsv"  # columns: rating, glosses, the rules' sentence

glosses = st.lists(
    st.sampled_from(MEDICAL) | st.sampled_from(KNOWN) | st.sampled_from(ODD) | st.text(max_size=12), max_size=7
)
contexts = st.lists(st.sampled_from(SYMPTOMS), max_size=3, unique=True)

NEGATORS = {"not", "no", "never", "cannot"}


def read_tokens(text: str) -> list[str]:
    """Returns the words of a sentence in lower case, with contractions split."""
    text = text.replace("can't", "can not").replace("won't", "will not").replace("cannot", "can not")
    text = re.sub(r"n't\b", " not", text)
    text = re.sub(r"'(m|re|s|ll|ve)?(?=\W|$)", r" '\1 ", text)
    return re.findall(r"[^\W_]+(?:-[^\W_]+)*|'\w*", text.casefold())


def count_negators(text: str) -> int:
    return sum(token in NEGATORS for token in read_tokens(text))


def forms(word: str) -> set[str]:
    """Returns all English forms of a word, from lemminflect and inflect."""
    from inflect import engine
    from lemminflect import getAllInflections

    found = {word, f"{word}ly", str(engine().plural_noun(word) or word)}
    return found.union(*getAllInflections(word).values())
