"""From clauses to English: articles, agreement, tense, and nothing that was not signed.

What is added, and only this: "my" before relatives and "the" or "a" before other nouns, whose somebody or something is
("your", "'s", "of"), "is" before states and names, the relation of a noun's table entry ("needs", "has", "is at"), what
stands before a place ("to", "at"), a person to whom one goes and a second verb ("to"), "and", "but" after a denial,
"not" or "no" for a negation, "do", "does", "did" and "will" where English needs them, "-ing" where a verb has no
subject ("taking medicine"), "in need of" and "with" where no person was signed or for a context, and the order of an
English question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from isl.sentence.clauses import Clause, Noun, Predicate, Utterance
from isl.sentence.words import Lexicon, Word

BE = {"I": ("am", "was"), "she": ("is", "was"), "they": ("are", "were")}


class English:
    """Writes an utterance as one sentence; the tense of a time holds until the next one."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def sentence(self, utterance: Utterance, context: Sequence[Word] = ()) -> str:
        """One sentence, lower case where it begins, without what ends it."""
        asked = self._question(utterance)
        core = asked or self._clauses(utterance.clauses, utterance.requested)
        core = "; ".join(piece for piece in (core, *utterance.aside) if piece)
        if core and len(utterance.behind) > 1:  # "uses language, namaste, sorry" would be a list of what is used
            pieces = [f"{core}; {', '.join(utterance.behind)}"]
        else:
            pieces = [core, *utterance.behind]
        if utterance.question and not asked:
            pieces.append(utterance.question.text)
        if context and any(noun.word.kind == "person" for clause in utterance.clauses for noun in clause.subjects):
            symptoms = [_article(word, word.noun[0] if word.noun else word.text) for word in context]
            pieces.append(f"with {_and(symptoms)}")
        said = [", ".join(filter(None, part)) for part in (utterance.before, pieces)]
        return ("; " if utterance.named else ", ").join(filter(None, said))

    def _clauses(self, clauses: Sequence[Clause], requested: bool) -> str:
        text, tense, whole = "", "", False
        for clause in clauses:
            tense = _tense(clause) or tense
            said = bool(clause.subjects and clause.predicates)
            both = whole and said and len(clauses) == 2 and len(clause.subjects) == 1 and not clause.times
            text += (" and " if both else "; ") if text else ""
            piece = self._clause(clause, tense) if said else self._fragment(clause, tense, requested)
            text += f"{_times(clause)} {piece}".strip()
            whole = said and ";" not in piece  # what is set beside belongs to its own clause
        return text

    def _clause(self, clause: Clause, tense: str) -> str:
        said: list[tuple[str, Predicate]] = []
        beside: list[str] = []
        for predicate in clause.predicates:
            told, untold = _split(predicate, clause)
            if told:
                said.append((self._predicate(told, clause, tense), told))
            beside += untold
        subjects = [noun_phrase(noun, article="the" if noun.word.article == "a" else None) for noun in clause.subjects]
        return "; ".join([f"{_and(subjects)} {_contrasted(said)}".strip(), *beside])

    def _fragment(self, clause: Clause, tense: str, requested: bool) -> str:
        """What is said where nobody was signed: "sick and in need of the hospital"; or nothing said: "the hospital"."""
        nouns = [noun_phrase(noun) for noun in clause.subjects]
        if not clause.predicates:
            return f"{clause.denial} {_and(nouns)}".strip()
        said = any(predicate.states for predicate in clause.predicates)
        pieces: list[tuple[str, Predicate]] = []
        beside: list[str] = []
        lacking: list[str] = []
        for predicate in clause.predicates:
            nouns = [_denied(predicate.denial, noun) for noun in predicate.nouns]
            if predicate.verb and _lacks_object(predicate):
                beside.append(f"{predicate.denial} {predicate.verb.text}".strip())
            elif predicate.verb:
                forms = self.lexicon.verb(predicate.verb.text)
                form = forms[self._untold(predicate, clause, tense, requested)]
                pieces.append((f"{predicate.denial} {self._verb_phrase(predicate, form)}".strip(), predicate))
            elif predicate.states:
                states = _and([state.text for state in predicate.states])
                pieces.append((f"{predicate.denial} {states}".strip(), predicate))
            elif not said:
                pieces.append((_and(nouns), predicate))
            elif predicate.denial:
                lacking += nouns
            else:
                needed = [noun for noun in predicate.nouns if noun.word.link == "need" and not clause.ended]
                pieces += [(f"in need of {_and(map(noun_phrase, needed))}", predicate)] if needed else []
                beside += [noun_phrase(noun) for noun in predicate.nouns if noun not in needed]
        verbs = [predicate.verb for _, predicate in pieces]
        core = _contrasted(pieces) if all(verbs) or not any(verbs) else "; ".join(text for text, _ in pieces)
        return ", ".join(filter(None, [core, *beside, *lacking]))

    @staticmethod
    def _untold(predicate: Predicate, clause: Clause, tense: str, requested: bool) -> int:
        """The form of a verb without a subject: "taking medicine", since "take medicine" is an order nobody signed."""
        if predicate.denial:
            return 2
        if tense == "past":
            return 3
        tells = [clause.times or said.nouns for said in clause.predicates if said.verb and not said.verb.takes]
        wants = predicate.verb is not None and bool(predicate.verb.takes)
        return 0 if requested or wants or not any(tells) else 2  # "drink" by itself is the gloss

    def _predicate(self, predicate: Predicate, clause: Clause, tense: str) -> str:
        who = number(clause.subjects)
        if predicate.verb:
            return self._verb_phrase(predicate, self._conjugate(predicate.verb.text, who, tense, predicate.denial))
        be = self._conjugate("be", who, tense, predicate.denial)
        if predicate.states:
            return f"{be} {_and([state.text for state in predicate.states])}"
        if predicate.identity:
            return f"{be} {_and(map(_identity, predicate.nouns))}"
        relations: dict[str, list[str]] = {}
        for noun in predicate.nouns:
            relations.setdefault(relation(noun.word, clause.subjects), []).append(noun_phrase(noun, "object"))
        phrases = []
        for verb, nouns in relations.items():
            verb, *preposition = verb.split()
            phrases.append(" ".join([self._conjugate(verb, who, tense, predicate.denial), *preposition, _and(nouns)]))
        return _and(phrases)

    def _verb_phrase(self, predicate: Predicate, verb: str) -> str:
        assert predicate.verb is not None
        second = predicate.second
        phrases = [verb]
        if second:
            phrases.append(second.noun[0] if second.noun else f"to {second.text}")
        towards = "to " if predicate.verb.object == "helper" else ""
        phrases += [towards + noun_phrase(noun, "object") for noun in predicate.nouns if noun.word.kind == "person"]
        to = (second or predicate.verb).to
        objects = ("thing", "unknown") if to else ("thing", "unknown", "place")
        phrases.append(_and([noun_phrase(noun) for noun in predicate.nouns if noun.word.kind in objects]))
        places = _and([noun_phrase(noun) for noun in predicate.nouns if noun.word.kind == "place"])
        phrases.append(f"{to} {places}" if to and places else "")
        phrases += [adverb.adverb for adverb in predicate.adverbs]
        return " ".join(phrase for phrase in phrases if phrase)

    def _conjugate(self, verb: str, who: str, tense: str, denial: str) -> str:
        base, third, _, past, _ = self.lexicon.verb(verb) if verb != "be" else ("be", BE[who][0], "", BE[who][1], "")
        simple = past if tense == "past" else third if who == "she" or verb == "be" else base
        if tense == "future":
            return " ".join(filter(None, ("will", denial, base)))
        if verb == "be":
            return f"{simple} {denial}".strip()
        if denial == "not":
            return f"{'did' if tense == 'past' else 'does' if who == 'she' else 'do'} not {base}"
        return f"{denial} {simple}".strip()

    def _question(self, utterance: Utterance) -> str | None:
        """The plain questions in English order: "where is the hospital", "why is my mother sick"."""
        word, clauses = utterance.question, utterance.clauses
        if word is None or len(clauses) != 1 or clauses[0].denial:
            return None
        asked = self._asked(word, clauses[0], _tense(clauses[0]))
        return asked and f"{asked} {_times(clauses[0])}".strip()

    def _asked(self, word: Word, clause: Clause, tense: str) -> str | None:
        """What is asked about: a noun, who does something, or what is said of somebody."""
        nouns = clause.subjects or clause.loose
        loose = all(predicate.relation and not predicate.denial for predicate in clause.predicates)
        if nouns and (not clause.predicates or (not clause.subjects and loose)):
            return _asked_of_nouns(word, nouns, tense)
        if "doer" in word.asks and not clause.subjects and all(p.verb or p.states for p in clause.predicates):
            told = [self._predicate(predicate, clause, tense) for predicate in clause.predicates]
            return f"{word.text} {_and(told)}"
        if not clause.subjects or len(clause.predicates) != 1 or clause.predicates[0].denial or tense == "future":
            return None
        return self._asked_of_predicate(word, clause, clause.predicates[0], tense)

    def _asked_of_predicate(self, word: Word, clause: Clause, predicate: Predicate, tense: str) -> str | None:
        """ "Why is my mother sick", "what do you eat", "why does my mother need the hospital"."""
        who, subjects = number(clause.subjects), _and(map(noun_phrase, clause.subjects))
        if predicate.states and "state" in word.asks:
            return f"{word.text} {_be(who, tense)} {subjects} {_and(state.text for state in predicate.states)}"
        done = f"{word.text} {'did' if tense == 'past' else 'does' if who == 'she' else 'do'} {subjects}"
        whole = all(noun.word.kind == "place" for noun in predicate.nouns)
        if predicate.verb and ("verb" in word.asks or ("object" in word.asks and whole)):
            return f"{done} {self._verb_phrase(predicate, predicate.verb.text)}"
        relations = {relation(noun.word, clause.subjects) for noun in predicate.nouns}
        if predicate.relation and len(relations) == 1 and relations <= set(word.asks):
            return f"{done} {relations.pop()} {_and(noun_phrase(noun, 'object') for noun in predicate.nouns)}"
        return None


def _asked_of_nouns(word: Word, nouns: Sequence[Noun], tense: str) -> str | None:
    """ "Which doctor", "where is the hospital"."""
    if "noun" in word.asks and len(nouns) == 1 and not tense:
        return f"{word.text} {noun_phrase(nouns[0], article='')}"
    fits = all(noun.word.kind in word.asks and not noun.states for noun in nouns) and tense != "future"
    return f"{word.text} {_be(number(nouns), tense)} {_and(map(noun_phrase, nouns))}" if fits else None


def _be(who: str, tense: str) -> str:
    return BE[who][tense == "past"]


def _times(clause: Clause) -> str:
    """When it is; "before my mother was sick" would be half a sentence, so it is "earlier"."""
    return " ".join(time.says[-1] if time.joins else time.text for time in clause.times)


def _tense(clause: Clause) -> str:
    return next((time.tense for time in clause.times if time.tense), "")


def relation(word: Word, subjects: Sequence[Noun]) -> str:
    """The relation between somebody and a noun, as the tables declare it."""
    if word.helper:
        return "need"
    helpers = all(subject.word.helper for subject in subjects)
    return (helpers and word.helper_link) or word.link


def _split(predicate: Predicate, clause: Clause) -> tuple[Predicate | None, list[str]]:
    """What of a predicate can be said of its subjects, and what is set beside since nobody signed how it is theirs.

    A relation that the tables leave open is, and one that is denied: "Patient, Medicine, Not" may say that he has
    none, and "does not need" would be the opposite.
    """
    if predicate.verb and _lacks_object(predicate):
        return None, [f"{predicate.denial} {predicate.verb.text}".strip()]
    if not predicate.relation:
        return predicate, []
    unsaid = ("", "need") if predicate.denial else ("",)
    beside = [noun for noun in predicate.nouns if clause.ended or relation(noun.word, clause.subjects) in unsaid]
    rest = [noun for noun in predicate.nouns if noun not in beside]
    return replace(predicate, nouns=rest) if rest else None, [_denied(predicate.denial, noun) for noun in beside]


def _lacks_object(predicate: Predicate) -> bool:
    """ "Mother, Need": what she needs was not signed."""
    verb = predicate.verb
    return bool(verb and verb.takes and not predicate.nouns and not predicate.second)


def number(subjects: Sequence[Noun]) -> str:
    """How a verb agrees with its subjects: as with ``I``, ``she`` or ``they``."""
    return "they" if len(subjects) > 1 else subjects[0].word.agrees if subjects else "she"


def noun_phrase(noun: Noun, case: str = "subject", article: str | None = None) -> str:
    """A noun with whose it is, or its article, and the states that describe it."""
    word = noun.word
    if word.is_pronoun:
        return word.says[1] if case == "object" else word.says[0]
    described = " ".join([*([_and([state.text for state in noun.states])] if noun.states else []), word.text])
    if noun.owner and noun.owner.word.is_pronoun:
        return f"{noun.owner.word.says[2]} {described}"
    if noun.owner and noun.owner.word.kind == "person":
        return f"{noun_phrase(noun.owner)}'s {described}"
    if noun.owner:
        return f"{_article(word, described)} of {noun_phrase(noun.owner)}"
    return _article(word, described, article)


def _identity(noun: Noun) -> str:
    """What somebody is: "a teacher"; or a name as it is."""
    return _article(noun.word, noun.word.text, "" if noun.word.kind == "unknown" else "a")


def _article(word: Word, text: str, article: str | None = None) -> str:
    article = word.article if article is None else article
    if article == "a" and text[0].lower() in "aeiou":
        article = "an"
    return f"{article} {text}".strip()


def _denied(denial: str, noun: Noun) -> str:
    """A noun with its denial: "not a fever", "no medicine"."""
    phrase = noun_phrase(noun)
    bare = phrase.startswith(noun.word.text)
    return f"{'no' if bare and denial == 'not' else denial} {phrase}".strip()


def _contrasted(pieces: Sequence[tuple[str, Predicate]]) -> str:
    """What is said, joined; what is so after what is not begins with "but"."""
    runs: list[list[str]] = []
    denied = True
    for text, predicate in pieces:
        if denied and not predicate.denial:
            runs.append([])
        runs[-1:] = [[*(runs[-1] if runs else []), text]]
        denied = bool(predicate.denial)
    return " but ".join(map(_and, runs))


def _and(texts: Iterable[str]) -> str:
    *rest, last = list(texts) or [""]
    return f"{', '.join(rest)} and {last}" if rest else last
