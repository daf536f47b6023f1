"""Random glosses for the property tests: words of the tables, and whatever else a dataset may call its signs."""

from __future__ import annotations

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
SYMPTOMS = [
    "headache",
    "backpain",
    "neck pain",
    "stomach ache",
    "running nose",
    "sick",
    "tired",
    "dizziness",
    "dry mouth",
]
KNOWN = [word.gloss for word in Lexicon().known()]
FUNCTION = ["the", "is", "not", "needs", "I'm", "?", "—"]
ODD = [*FUNCTION, "£6.00", "2", "COVID-19", "Dr.", "रवि", "बुखार", "a\tb", "paracetamol"]

glosses = st.lists(
    st.sampled_from(MEDICAL) | st.sampled_from(KNOWN) | st.sampled_from(ODD) | st.text(max_size=12), max_size=9
)
contexts = st.lists(st.sampled_from(SYMPTOMS) | st.text(max_size=8), max_size=3)
