"""Strangers' words that are recognised, and strangers' other signs that are taken for words.

    python tests/benchmarks/strangers.py --rooms ../shared/data/rooms isl18
    python tests/benchmarks/strangers.py --rooms ../shared/data/rooms SEED0/best.ckpt SEED1/best.ckpt

Several checkpoints, such as the seeds of one recipe, are judged one by one; the last row is their mean and standard
deviation. The rooms without a licence are divided into those that choose a recipe (``--part choose``) and those that
test it, with no person and no other sign in common; the rooms with a licence train `experiment=shipped`. Look at the
test once a recipe, when nothing is to be chosen any more.

The columns: clips of words by people who are in no training, and the share recognised; AUROC of the right answers
against other signs; the share of other signs accepted at the threshold that 90 % of the right answers reach. ``new``
are signs that no licensed room has, ``taught`` those that the licensed rooms, and so the background, have too.
``Indian`` are the rooms of Indian signs alone. ``kept`` and the last column are what the checkpoint's own threshold, or
that of ``--keep``, keeps and accepts. The row of intervals is of 1,000 draws of as many people from these people, since
one person's clips stand and fall together.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from isl.data.clips import Clips
from isl.data.rooms import TABLE, RoomClips, read_licences
from isl.data.vocabulary import spelling
from isl.evaluation.confidence import auroc, false_accepts
from isl.landmarks import CLIP_FRAMES, resample
from isl.recognition.recognizer import Recognizer

ASPECT = 4 / 3
ROOMS = {
    "choose": "3 4 19 31 33 42 43 62 81 85 95 99 103 113 117 131 135 136 139 142 146 160 162 176 177 181 183 187 191",
    "test": "2 6 16 22 26 32 36 38 39 47 56 57 61 63 65 67 72 73 77 84 87 89 91 94 98 106 107 116 122 126 147 148 153 "
    "154 190",
}
SIGNS = {
    "choose": "angry atm best_of_luck business car_park comprar conocer cortar cry fail friend give guardar hablar "
    "hasta_la_proxima headache jugar kick learn location look more pensar phonecall porfavor relatives respetar run "
    "runny_nose sit sore_throat take_care temer think trabajar tummy_ache wait walk wash what_question",
    "test": "1 2 3 4 5 6 7 8 9 afternoon bathroom blue bruh congrats correct day dog done eat evening excuse_me five "
    "flat i_like_you loan m meet morning n p q quiet r red six travel what_are_you_doing whats_up who_are_you wrong",
}
INDIAN = "19 33 43 61 65 72 87 89"
NEAR = "india me my i_am hey thankyou_very_much gracias how_are name"  # nearly words: neither known nor unknown
SPELL = "5 95 148"  # rooms in which "i" is a letter
SYNONYMS = {"mynameis": "myname"}  # spellings of words in the checkpoint, as the rooms name them
COLUMNS = ("clips", "right", "Indian", "new: AUROC", "accepted", "Indian", "accepted", "taught: AUROC", "accepted")
KEPT = ("kept", "new accepted")  # at the checkpoint's own threshold, or at that of --keep

DRAWS = 1000

Labels = npt.NDArray[np.int64]
Floats = npt.NDArray[np.floating]


def numbered(rooms: str) -> set[str]:
    return {f"r{int(room):03d}" for room in rooms.split()}


def chosen(clips: Clips, part: str, rooms: Path, words: list[str]) -> tuple[Labels, Labels, Labels, Labels]:
    """Returns clips of words, their labels in ``words``, clips of new signs, and clips of taught signs."""
    room, sign = np.array(clips.columns["group"]), np.array(clips.words)[clips.label]
    there = np.isin(room, list(numbered(ROOMS[part])))
    licensed = np.isin(room, [name for name, licence in read_licences(rooms / TABLE).items() if licence != "none"])
    index = {SYNONYMS.get(spelling(word), spelling(word)): i for i, word in enumerate(words)}
    label = np.array([index.get(spelling(word), -1) for word in clips.words])[clips.label]
    letter = (sign == "i") & np.isin(room, list(numbered(SPELL)))
    other = (label < 0) & ~letter & ~np.isin(sign, NEAR.split())
    taught = np.isin(sign, np.unique(sign[other & licensed]))
    known = np.flatnonzero(there & (label >= 0) & ~letter)
    new = np.flatnonzero(there & other & np.isin(sign, SIGNS[part].split()) & ~taught)
    return known, label[known], new, np.flatnonzero(there & other & taught)


def answers(recognizer: Recognizer, clips: Clips, indices: Labels, batch: int = 64) -> npt.NDArray[np.float32]:
    """Returns the probability of each word, ``(N, words)``."""

    def asked() -> Iterator[npt.NDArray[np.float32]]:
        for i in range(0, len(indices), batch):
            group = [resample(clips.clip(k).astype(np.float32), CLIP_FRAMES) for k in indices[i : i + batch]]
            yield recognizer(np.stack(group), ASPECT)

    return np.concatenate(list(asked()))


def judge(recognizer: Recognizer, clips: Clips, part: str, rooms: Path, keep: float | None) -> tuple[Floats, Floats]:
    """Returns the values of ``COLUMNS`` and ``KEPT``, (11,), and those of ``DRAWS`` draws of people, (draws, 11)."""
    known, label, *strange = chosen(clips, part, rooms, recognizer.words)
    person = np.array(clips.columns["group"])
    probabilities = answers(recognizer, clips, known)
    right, confidence = probabilities.argmax(1) == label, probabilities.max(1)
    indian, least = np.isin(person[known], list(numbered(INDIAN))), recognizer.threshold(keep)
    unknown = [answers(recognizer, clips, which).max(1) for which in strange]

    def values(of: Labels, others: list[Labels]) -> list[float]:
        new, seen = (confidences[index] for confidences, index in zip(unknown, others, strict=True))
        hit, own, sure = right[of], indian[of], confidence[of]
        row = [float(len(of)), float(hit.mean()), float(hit[own].mean()) if own.any() else np.nan]
        for kept, other in ((hit, new), (hit & own, new), (hit, seen)):
            enough = kept.any() and len(other)
            row += [auroc(sure[kept], other), false_accepts(sure[kept], other, 0.9)] if enough else [np.nan, np.nan]
        return [*row, float((sure[hit] >= least).mean()), float((new >= least).mean())]

    rng = np.random.default_rng(0)
    draws = [values(draw(person[known], rng), [draw(person[which], rng) for which in strange]) for _ in range(DRAWS)]
    return np.array(values(np.arange(len(known)), [np.arange(len(which)) for which in strange])), np.array(draws)


def draw(person: npt.NDArray[np.str_], rng: np.random.Generator) -> Labels:
    """Returns the indices of the clips of as many people as there are, drawn with repetition."""
    people = np.unique(person)
    return np.concatenate([np.flatnonzero(person == one) for one in rng.choice(people, len(people))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="+", help="isl18, or checkpoints trained with the same words")
    parser.add_argument("--rooms", type=Path, required=True, help="the folder of the rooms")
    parser.add_argument("--part", choices=sorted(ROOMS), default="test")
    parser.add_argument("--keep", type=float, help="accept.keep: the share of right answers to keep")
    options = parser.parse_args()

    clips = RoomClips(str(options.rooms), aspect=ASPECT).load()
    rows = [
        judge(Recognizer.load(path), clips, options.part, options.rooms, options.keep) for path in options.checkpoints
    ]
    table = Table("checkpoint", *COLUMNS, *KEPT, title=f"strangers who {options.part}", title_justify="left")
    for path, (row, draws) in zip(options.checkpoints, rows, strict=True):
        table.add_row(path, f"{row[0]:.0f}", *(f"{value:.3f}" for value in row[1:]))
        low, high = np.nanpercentile(draws, (2.5, 97.5), axis=0)
        table.add_row("95 % of draws", "", *(f"{a:.3f} {b:.3f}" for a, b in zip(low[1:], high[1:], strict=True)))
    if len(rows) > 1:
        values = [row for row, _ in rows]
        mean, spread = np.mean(values, 0), np.std(values, 0, ddof=1)
        table.add_row("mean, sd", "", *(f"{m:.3f} {s:.3f}" for m, s in zip(mean[1:], spread[1:], strict=True)))
    Console(width=160).print(table)


if __name__ == "__main__":
    main()
