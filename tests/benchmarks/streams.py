"""Word errors on continuous signing: Insignia's rule, the same by time, and ours.

    python tests/benchmarks/streams.py --root ../shared/data/isl18 s1.ckpt s2.ckpt

Each checkpoint was trained on one of isl18's two sessions without the words in UNKNOWN, and reads the other one here:

    python train.py data=isl18 data.root=... split=session split.fold=0 "data.words=[Deaf,Hearing,...]"

With ``--rooms`` the unknown signs are other people's other signs, and the checkpoints know all words; fold 11 holds
out s1:

    python train.py experiment=shipped data.root=... data.rooms=... run=train split=group split.fold=12  # s2 held out
    python tests/benchmarks/streams.py --root ../shared/data/isl18 --rooms ../shared/data/rooms s1.ckpt s2.ckpt

A stream is twenty signs with hands at rest between, at speeds of 0.7 to 1.4, and three stretches without a known word:
nobody, idle hands, and the signs in UNKNOWN. It is made as tests/benchmarks/continuous.py tells, and seen at 10, 15
and 30 frames a second. Word error rate is (substituted + missed + added words) / signed words, of what is accepted
outside of those stretches; false words are those inside ("idle": with nobody or with hands at rest), and the delay runs
from a clip's last frame to the acceptance of its word.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from continuous import ASPECT, Stream, Tape, make, resting_arms
from rich.console import Console
from rich.table import Table

from isl.data.rooms import RoomClips, read_licences
from isl.data.vocabulary import spelling
from isl.landmarks import POSE, Floats, is_found
from isl.recognition.acceptance import BetweenRests, Consecutive, Rule
from isl.recognition.events import Event
from isl.recognition.recognizer import Recognizer
from isl.recognition.stream import Stream as Machine

UNKNOWN = ("Again", "Indian", "Sorry")
NEARLY = ("india", "me", "my", "my_name", "name", "i_am", "hey", "how_are", "thankyou_very_much", "gracias")
LICENSED = ("MIT", "Apache-2.0")
MOVED = ("Man", "You")  # signed differently in the two sessions: nobody can learn one from the other
FPS = (10, 15, 30)
# A rule is made for the share of right answers to keep, unknown to Insignia's, and takes so many frames a clip
RULES: dict[str, tuple[Callable[[float | None], Rule], int | None]] = {
    "Insignia, by frames": (lambda keep: Consecutive(frames=30), 60),
    "Insignia, by time": (lambda keep: Consecutive(), None),
    "between rests": (lambda keep: BetweenRests(keep=keep), None),
}


@dataclass
class Score:
    """Sums over streams."""

    signed: int = 0
    errors: int = 0
    delays: list[float] = field(default_factory=list)
    false: int = 0
    idle: int = 0  # of the false ones, those while nobody was there or hands rested
    minutes: float = 0.0
    asked: int = 0  # clips that the recogniser was asked about
    frames: int = 0

    def add(self, stream: Stream, events: list[Event], ignore: tuple[str, ...] = ()) -> None:
        words = [event for event in events if event.kind == "word"]
        quiet = [any(start <= event.time <= end for _, start, end in stream.quiet) for event in words]
        heard = [event for event, inside in zip(words, quiet, strict=True) if not inside]
        spoken = [word for word in stream.words if word.word not in ignore]
        # A word that is left out of the count takes what was heard in its time along
        dropped = [word for word in stream.words if word.word in ignore]
        heard = [
            e for e in heard if not any(w.start < (e.facts["start"] + e.facts["end"]) / 2 < w.end for w in dropped)
        ]
        errors, pairs = align([word.word for word in spoken], [event.facts["word"] for event in heard])
        self.signed += len(spoken)
        self.errors += errors
        self.delays += [heard[j].time - spoken[i].end for i, j in pairs]
        self.false += sum(quiet)
        still = [(start, end) for kind, start, end in stream.quiet if kind != "unknown"]
        self.idle += sum(any(start <= event.time <= end for start, end in still) for event in words)
        self.minutes += sum(end - start for _, start, end in stream.quiet) / 60
        self.frames += len(stream.times)

    def row(self) -> list[str]:
        delay = f"{np.median(self.delays):+.2f} s" if self.delays else "none"
        return [
            f"{self.errors / self.signed:.1%}",
            delay,
            f"{self.false / self.minutes:.1f}",
            f"{self.idle / self.minutes:.1f}",
            f"{self.asked / self.frames:.2f}",
        ]


def align(spoken: list[str], heard: list[str]) -> tuple[int, list[tuple[int, int]]]:
    """Edit distance between the words, and where they agree."""
    rows, columns = len(spoken) + 1, len(heard) + 1
    cost = np.zeros((rows, columns), int)
    cost[:, 0], cost[0] = np.arange(rows), np.arange(columns)
    for i in range(1, rows):
        for j in range(1, columns):
            differs = spoken[i - 1] != heard[j - 1]
            cost[i, j] = min(cost[i - 1, j - 1] + differs, cost[i - 1, j] + 1, cost[i, j - 1] + 1)
    pairs = []
    i, j = rows - 1, columns - 1
    while i and j:
        differs = spoken[i - 1] != heard[j - 1]
        if cost[i, j] == cost[i - 1, j - 1] + differs:
            i, j = i - 1, j - 1
            if not differs:
                pairs.append((i, j))
        elif cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return int(cost[-1, -1]), pairs


class Counted:
    """A recogniser that counts what it is asked."""

    def __init__(self, recognizer: Recognizer) -> None:
        self.words, self.seconds, self.aspect = recognizer.words, recognizer.seconds, recognizer.aspect
        self.reject = recognizer.reject
        self.threshold = recognizer.threshold
        self.prepare, self.recognizer, self.asked = recognizer.prepare, recognizer, 0

    def judge(self, prepared: Floats, aspect: float | None = None) -> np.ndarray:
        self.asked += len(prepared)
        return self.recognizer.judge(prepared, aspect)


def hear(recognizer: Recognizer, rule: Rule, frames: int | None, stream: Stream, score: Score) -> list[Event]:
    counted = Counted(recognizer)
    machine = Machine(counted, rule, frames=frames, aspect=ASPECT)
    events = [
        event for at, frame in zip(stream.times, stream.landmarks, strict=True) for event in machine.feed(at, frame)
    ]
    events += machine.finish()
    score.asked += counted.asked
    return events


def clips_of(root: Path, session: str) -> dict[str, list[Floats]]:
    """Every clip of a session by word. A clip's first frame still shows the one before it, and is left out."""
    folders = sorted(path for path in root.iterdir() if path.is_dir())
    paths = {folder.name: sorted(folder.glob(f"{session}_*.npy")) for folder in folders}
    return {word: [np.load(path).astype(np.float32)[1:] for path in files] for word, files in paths.items()}


def strange(rooms: Path, words: list[str]) -> dict[str, list[Floats]]:
    """Clips of other signs by people of rooms that no shipped recogniser was trained on, by sign.

    Left out are signs with the name of a word or nearly the same sign, letters and numbers.
    """
    licence = read_licences(rooms / "rooms.csv")
    clips = RoomClips(str(rooms), aspect=ASPECT).load()
    nearly = {spelling(word) for word in (*words, *NEARLY)}
    signs: dict[str, list[Floats]] = {}
    for i, room in enumerate(clips.columns["group"]):
        sign = clips.words[clips.label[i]]
        clip = np.array(clips.clip(i))
        seen = is_found(clip[0], POSE) and len(clip) > 9
        if licence[room] not in LICENSED and len(sign) > 1 and spelling(sign) not in nearly and seen:
            signs.setdefault(sign, []).append(clip)
    return signs


def tapes(
    root: Path, session: str, words: list[str], streams: int, other: dict[str, list[Floats]] | None = None
) -> list[Tape]:
    clips = clips_of(root, session)
    rest = resting_arms([clip for word in clips.values() for clip in word])
    known = {word: clips[word] for word in words if word in clips}
    unknown = other or {word: clips[word] for word in UNKNOWN}
    return [make(known, unknown, rest, np.random.default_rng(seed)) for seed in range(streams)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs=2, type=Path, help="trained on session 1, trained on session 2")
    parser.add_argument("--root", type=Path, required=True, help="isl18")
    parser.add_argument("--streams", type=int, default=3, help="in each direction")
    parser.add_argument("--rooms", type=Path, help="unknown signs are those of these rooms, not the left-out words")
    parser.add_argument("--keep", type=float, help="share of right answers to keep; the checkpoint's by default")
    parser.add_argument("--fps", type=int, nargs="+", default=FPS)
    parser.add_argument("--rule", choices=RULES, action="append", help="only these")
    chosen = parser.parse_args()

    scores: dict[tuple[str, int, bool], Score] = {}
    for path, session in zip(chosen.checkpoints, ("s2", "s1"), strict=True):
        recognizer = Recognizer.load(path)
        other = strange(chosen.rooms, recognizer.words) if chosen.rooms else None
        if not other and any(word in recognizer.words for word in UNKNOWN):
            raise SystemExit(f"{path} knows {', '.join(UNKNOWN)}: train it without them")
        words = [word for word in recognizer.words if not word.startswith("_")]
        for tape in tapes(chosen.root, session, words, chosen.streams, other):
            for fps in chosen.fps:
                stream = tape.seen(fps)
                for name in chosen.rule or RULES:
                    rule, frames = RULES[name]
                    score = scores.setdefault((name, fps, False), Score())
                    events = hear(recognizer, rule(chosen.keep), frames, stream, score)
                    score.add(stream, events)
                    scores.setdefault((name, fps, True), Score()).add(stream, events, ignore=MOVED)

    table = Table(
        *("rule", "fps", "errors", "stable", "delay", "false", "idle", "asked"),
        title="errors: of words, and without Man and You; false: words a minute, and those of them\n"
        "with nobody or hands at rest; asked: clips that the network judges a frame",
        title_justify="left",
    )
    for (name, fps, fewer), score in scores.items():
        if not fewer:
            errors, *others = score.row()
            table.add_row(name, str(fps), errors, scores[name, fps, True].row()[0] if score.asked else "", *others)
    Console().print(table)


if __name__ == "__main__":
    main()
