"""Words of one's own from 1, 3 and 5 clips of one person, tested on other people.

    python tests/benchmarks/few_clips.py --root ../shared/data/isl18 base0.ckpt base1.ckpt base2.ckpt
    python tests/benchmarks/few_clips.py --rooms ../shared/data/rooms isl18

With isl18, a draw is ten of the sixteen words that are one movement in both sessions; a checkpoint was trained on the
eight other words, without clips of the ten in its background:

    python train.py experiment=shipped data.root=... data.rooms=... "+data.sources.isl18.words=[<the eight>]" \\
        "background.without=[<what the recipe leaves out>,<the ten>]"

One session's clips teach and the other session's test, even draws s1 to s2, odd ones s2 to s1. ``--show-draws`` prints
the words. With rooms, a draw is ten words that the shipped recogniser does not answer with; each is taught by one
person of the rooms without a licence, as few people as possible, and tested on all other people of such rooms. Scores
are the mean recall of the ten words. ``--from-nothing`` trains experiment=best on the same clips beside it.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

STABLE = (
    *("Again", "Deaf", "Hearing", "Hello", "How are you", "I", "Indian", "Language"),
    *("My name is", "Namaste", "Sign", "Sorry", "Teacher", "Thankyou", "Welcome", "Woman"),
)
OTHERS = "i_love_you no goodbye good yes please help eat take_care love my_name food c".split()
SHIPPED = ("MIT", "Apache-2.0")  # licences of the rooms that the shipped recogniser was trained on
WORDS, SHOTS = 10, (1, 3, 5)
Task = dict[str, tuple[list[Path], list[Path]]]  # of each word: the clips that teach, in order, and those that test


def words_of(draw: int) -> list[str]:
    return sorted(np.random.default_rng(100 + draw).permutation(STABLE)[:WORDS].tolist())


def from_sessions(root: Path, draw: int) -> Task:
    teach, test = ("s1", "s2") if draw % 2 == 0 else ("s2", "s1")
    rng = np.random.default_rng(draw)
    task: Task = {}
    for word in words_of(draw):
        own = sorted((root / word).glob(f"{teach}_*.npy"))
        task[word] = [own[i] for i in rng.permutation(len(own))], sorted((root / word).glob(f"{test}_*.npy"))
    return task


def from_rooms(root: Path, draw: int) -> Task:
    licence = {row["room"]: row["licence"] for row in csv.DictReader((root / "rooms.csv").open())}

    def room(path: Path) -> str:
        return path.name.split("_")[0]

    rng = np.random.default_rng(50 + draw)
    words = sorted(rng.permutation(OTHERS)[:WORDS].tolist())
    clips = {w: [p for p in sorted((root / w).glob("*.npy")) if licence[room(p)] not in SHIPPED] for w in words}
    able = {w: {r for r, n in Counter(map(room, clips[w])).items() if n >= max(SHOTS)} for w in words}
    teacher: dict[str, str] = {}
    while left := [w for w in words if w not in teacher]:
        count = Counter(r for w in left for r in able[w])
        best = sorted(r for r, n in count.items() if n == max(count.values()))
        chosen = str(rng.permutation(best)[0])
        teacher |= {w: chosen for w in left if chosen in able[w]}
    task: Task = {}
    for word in words:
        own = [p for p in clips[word] if room(p) == teacher[word]]
        others = [p for p in clips[word] if room(p) not in teacher.values()]
        task[word] = [own[i] for i in rng.permutation(len(own))], others
    return task


def run(task: Task, shots: int, recipe: list[str]) -> float:
    """Trains on ``shots`` clips a word by the command line; returns the mean recall of the words."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for word, (teach, test) in task.items():
            for side, paths in (("own", teach[:shots]), ("others", test)):
                (here / side / word).mkdir(parents=True)
                for path in paths:
                    (here / side / word / path.name).symlink_to(path.resolve())
        data = [
            "data=folder",
            f"data.root={here / 'own'}",
            f"data.test_root={here / 'others'}",
            "data.aspect=1.3333333",
        ]
        split = ["split=all", "split.validate=false", "data.seconds=3", "logger=none", f"hydra.run.dir={here / 'run'}"]
        command = [sys.executable, "-c", "from isl.commands.train import main; main()", *recipe, *data, *split]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        report = json.loads((here / "run" / "report.json").read_text())
    return float(np.mean([row["recall"] for row in report["per_word"] if row["support"]]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="*", help="of each draw, trained without its words; isl18 for rooms")
    parser.add_argument("--root", type=Path, help="isl18")
    parser.add_argument("--rooms", type=Path, help="rooms")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--shots", type=int, nargs="+", default=SHOTS)
    parser.add_argument("--from-nothing", action="store_true", help="train from nothing too; minutes a run")
    parser.add_argument("--show-draws", action="store_true", help="print the words of each draw of isl18, and stop")
    chosen = parser.parse_args()
    if chosen.show_draws:
        for draw in range(chosen.draws):
            print(draw, f"[{','.join(words_of(draw))}]")
        return
    for shots in chosen.shots:
        scores: dict[str, list[float]] = {}
        for draw in range(chosen.draws):
            task = from_rooms(chosen.rooms, draw) if chosen.rooms else from_sessions(chosen.root, draw)
            start = chosen.checkpoints[draw % len(chosen.checkpoints)]
            recipes = {"own_words": ["experiment=own_words", f"ckpt_path={start}"]}
            if chosen.from_nothing:
                recipes["from nothing"] = ["experiment=best", "run=train"]
            for name, recipe in recipes.items():
                scores.setdefault(name, []).append(run(task, shots, recipe))
        for name, values in scores.items():
            each = ", ".join(f"{value:.3f}" for value in values)
            print(f"{shots} clips a word, {name}: mean {np.mean(values):.3f} ({each})", flush=True)


if __name__ == "__main__":
    main()
