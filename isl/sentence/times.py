"""When it is: a past or a future needs a sign for it.

Every check takes a ``Reading`` and returns the reason why the sentence is refused, or None.
"""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.reading import Reading, Token, is_passive, previous


def tense(reading: Reading) -> str | None:
    """Without a time that was signed, the sentence is in the present, and what it says is so, not wished or planned."""
    found, tenses = reading.tokens, {word.tense for word in reading.words}
    for at, token in enumerate(found):
        before, two = previous(found, at), found[at + 1 : at + 3]
        if is_past(found, at) and "past" not in tenses:
            return f"“{token.text}” speaks of the past"
        if is_future(found, at) and "future" not in tenses:
            return f"“{token.text}” speaks of the future"
        wished = token.kind == "to_be" and two and not (before and before.kind == "will")
        if wished and two[0].kind != "preposition" and two[0].form not in ("past", "participle"):
            return f"“{two[0].text}” is only wished for"  # "needs to be healthy" says the opposite
    return None


def is_past(found: Sequence[Token], at: int) -> bool:
    """Whether a token speaks of the past: "was", "took", "has taken"; but not "is needed"."""
    token = found[at]
    if token.kind in ("was", "did"):
        return True
    if token.form in ("past", "participle"):
        before = previous(found, at)
        return not is_passive(found, at) and (token.form == "past" or bool(before and before.lemma == "have"))
    return False


def is_future(found: Sequence[Token], at: int) -> bool:
    """Whether a token speaks of the future: "will", "is going to take"."""
    token, two = found[at], found[at + 1 : at + 3]
    going = token.text == "going" and len(two) == 2 and two[0].kind == "to" and two[1].is_verb
    return token.kind == "will" or going
