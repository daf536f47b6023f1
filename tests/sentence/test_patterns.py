"""The notation of the reading rules, and what a rule may name."""

from __future__ import annotations

import pytest

from isl.sentence import Lexicon
from isl.sentence.clauses import Noun
from isl.sentence.patterns import DOUBTS, LETTERS, QUESTIONS, READINGS, ROLES, compile_pattern, encode, rewrite, rules

LEXICON = Lexicon()
FOLDS = {
    "meal",
    "tens",
    "measured",
    "split",
    "number",
    "attribute",
    "owner",
    "shared",
    "fears",
    "since",
    "span",
    "in",
    "to",
    "by",
    "with",
    "for",
}


def signs(*glosses: str) -> list[Noun]:
    return [Noun(word, role=LETTERS[word.kind]) for word in LEXICON.words(glosses)]


@pytest.mark.parametrize("names", [READINGS, QUESTIONS])
def test_every_rule_has_an_action_and_groups_that_exist(names):
    for (action, *numbers), pattern in rules(names):
        if action == "doubt":
            assert numbers[0] in DOUBTS
        else:
            assert action in {*FOLDS, *ROLES, "order", "called"}
            assert all(1 <= int(number) <= pattern.groups for number in numbers), pattern.pattern


@pytest.mark.parametrize(
    ("pattern", "glosses", "found"),
    [
        ("^c p<helper>s$", ["Doctor", "happy"], True),
        ("^c p<helper>s$", ["Mother", "happy"], False),
        ("^c p<!helper>s$", ["Mother", "happy"], True),
        ("^c p<!helper>s$", ["Doctor", "happy"], False),
        ("^c p<helper|relative>s$", ["Mother", "happy"], True),
        ("^c N+v<_take>$", ["Water", "Medicine", "Take"], True),
        ("^c [^N]", ["Water"], False),
        ("^c<asked>p", ["Mother"], False),
    ],
)
def test_a_pattern_reads_kinds_traits_and_their_absence(pattern, glosses, found):
    assert bool(compile_pattern(pattern).search(encode(signs(*glosses)))) is found


def test_rules_order_own_and_find_objects():
    read, called = rewrite(LEXICON.words(["Mother", "Patient", "Help"]), "")
    assert [(sign.role, sign.word.text) for sign in read] == [("p", "mother"), ("o", "patient"), ("v", "help")]
    read, called = rewrite(LEXICON.words(["I", "Mother", "sick"]), "")
    assert read[0].owner is not None and read[0].owner.word.text == "I" and called == []
    read, called = rewrite(LEXICON.words(["Doctor", "Mother", "sick"]), "")
    assert called == ["doctor"] and [sign.role for sign in read] == ["p", "s"]
