"""The steps of ``infer.py``: recognises files, shows the words and writes them."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from omegaconf import DictConfig, OmegaConf
from rich.table import Table

from isl import console
from isl.config.options import choice, number
from isl.data.vocabulary import spelling
from isl.data.walk import LeftOut
from isl.errors import InputError
from isl.evaluation import report
from isl.evaluation.scores import Evaluation
from isl.files import csv_text, destination, write_text
from isl.landmarks import Floats, resample
from isl.recognition.acceptance import top
from isl.recognition.configs import trusted_packages
from isl.recognition.introduction import print_recognizer
from isl.recognition.items import Item, Tables, find, read_item, seconds_of
from isl.recognition.locate import checkpoint_paths
from isl.recognition.serving import load_recognizer

ANSWERS = "answers.csv"  # in the folder for many clips
BATCH = 32  # clips in one batch
ROWS = 1000  # of a table on the screen, which needs far more memory than the answers
LONG = 4  # in lengths of a sign: a video of this length shows more than one sign


@dataclass(frozen=True, slots=True)  # a folder has many
class Answer:
    """The result of a clip: ``probabilities (words,)``; ``is_known`` is False if the sign is none of the words."""

    item: Item
    probabilities: npt.NDArray[np.float32]
    is_known: bool = True

    def top(self, words: list[str], count: int = 5) -> list[tuple[str, float]]:
        """Returns the likeliest words with their probabilities."""
        return top(self.probabilities, words, count)


class Inference:
    """One call of ``infer.py``. Call ``recognise``, ``show`` and ``write`` in that order."""

    def __init__(self, cfg: DictConfig) -> None:
        choice(cfg.on_error, "on_error", ["skip", "fail"])
        self.root = Path(str(cfg.input))
        self.output = (
            destination(cfg.output, "output", (".json", ".csv"), [self.root]) if cfg.output is not None else None
        )
        if cfg.film is not None:
            raise InputError(f"film={cfg.film}: films are made with segment=true")
        left_out = LeftOut()
        self.items = find(self.root, left_out)
        self.left_out = left_out.lines(self.root)
        self.skip_bad = cfg.on_error == "skip" and len(self.items) > 1
        self.folder = Path(str(cfg.run_dir))
        if len(self.items) > 1:
            destination(self.folder / ANSWERS, "run_dir", [".csv"])
        self.checkpoints = checkpoint_paths(cfg.ckpt_path)
        self.recognizer = load_recognizer(self.checkpoints, cfg.shifts, trusted_packages(cfg.trusted))
        if (keep := OmegaConf.select(cfg, "accept.keep")) is not None:
            self.recognizer.keep(number(keep, "accept.keep", most=1))
        self.answers: list[Answer] = []

    def long_seconds(self) -> float | None:
        """Returns the length of the input if it is one recording of at least ``LONG`` signs, else None."""
        if len(self.items) > 1:
            return None
        seconds = seconds_of(self.items[0], Tables())
        return seconds if seconds is not None and self._is_long(seconds) else None

    def _is_long(self, seconds: float) -> bool:
        return seconds >= LONG * self.recognizer.seconds

    def recognise(self) -> None:
        """Extracts the landmarks of each clip and recognises it."""
        print_recognizer(self.recognizer, self.checkpoints)
        for line in self.left_out:
            console.print_remark(line)
        started, bad, shapeless, tables = time.monotonic(), 0, 0, Tables()
        batch: list[tuple[Item, Floats, float | None]] = []
        for item in console.progress(self.items, "recognising"):
            try:
                clip = read_item(item, tables)
            except InputError as error:
                if not self.skip_bad:
                    raise
                bad += 1
                console.out.print(f"skipped: {error}", style="yellow", soft_wrap=True)
                continue
            for remark in clip.remarks:
                console.print_remark(remark, item.path)
            if len(self.items) > 1 and self._is_long(clip.seconds):
                lasts = f"lasts {clip.seconds:.0f} s, much longer than one sign"
                console.print_remark(
                    f"{lasts}: give it as the only input, with segment=true, to find its signs", item.path
                )
            shapeless += clip.aspect is None
            batch.append((item, resample(clip.frames), clip.aspect))
            if len(batch) == BATCH:
                self._answer(batch)
                batch = []
        self._answer(batch)
        if not self.answers:
            raise InputError(f"{self.root}: none of its {bad} clips can be read")
        if shapeless:
            console.out.print(
                f"{shapeless} of the clips do not tell the shape of their pictures: width / height = "
                f"{self.recognizer.aspect:.2f} is assumed, as in training; clips.csv can tell it (width, height)",
                style="yellow",
                soft_wrap=True,
            )
        skipped = f", {bad} skipped" if bad else ""
        clips = "clip" if len(self.answers) == 1 else "clips"
        console.out.print(f"{len(self.answers)} {clips} in {time.monotonic() - started:.1f} s{skipped}")

    def _answer(self, batch: list[tuple[Item, Floats, float | None]]) -> None:
        """Recognises clips ``(60, 1662)``; clips with the same aspect form one batch."""
        probabilities: dict[int, npt.NDArray[np.float32]] = {}
        for aspect in {aspect for _, _, aspect in batch}:
            places = [i for i, (_, _, other) in enumerate(batch) if other == aspect]
            answers = self.recognizer(np.stack([batch[i][1] for i in places]), aspect)
            probabilities |= dict(zip(places, answers, strict=True))
        for i, (item, _, _) in enumerate(batch):
            self.answers.append(Answer(item, probabilities[i], bool(self.recognizer.is_known(probabilities[i]))))

    def show(self) -> None:
        """Prints one clip as bars, many as a table."""
        if len(self.items) == 1 and self.answers[0].item.word is None:
            unknown = "" if self.answers[0].is_known else ": unknown, not sure enough of any word"
            console.out.print(f"{self.items[0].name}{unknown}", soft_wrap=True)
            console.out.print(_bars(self.answers[0], self.recognizer.words))
        else:
            for first in range(0, len(self.answers), ROWS):
                console.out.print(_table(self.answers[first : first + ROWS], self.recognizer.words))

    def write(self) -> None:
        """Writes the answers to ``output``; for many clips also to a folder, with a full report if they have labels."""
        if self.output:
            text = self._json() if self.output.suffix.lower() == ".json" else _csv(self.answers, self.recognizer.words)
            write_text(self.output, text)
            console.out.print(f"{self.output}", soft_wrap=True)
        if len(self.items) == 1:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        write_text(self.folder / ANSWERS, _csv(self.answers, self.recognizer.words))
        console.out.print(f"{self.folder}/{ANSWERS}", soft_wrap=True)
        if labelled := self._select_labelled():
            self._report(labelled)

    def _select_labelled(self) -> list[tuple[Answer, int]]:
        """Returns the answers whose folder is a word of the vocabulary, with the index of the word."""
        index = {spelling(word): i for i, word in enumerate(self.recognizer.words)}
        keyed = [(answer, index.get(spelling(answer.item.word))) for answer in self.answers if answer.item.word]
        if any(i is not None for _, i in keyed):
            for word in sorted({a.item.word for a, i in keyed if i is None and a.item.word}):
                console.out.print(f"not in the report: {word}, which this checkpoint does not know", style="yellow")
        return [(answer, i) for answer, i in keyed if i is not None]

    def _report(self, labelled: list[tuple[Answer, int]]) -> None:
        evaluation = Evaluation(
            words=self.recognizer.words,
            names=[os.path.relpath(answer.item.name, self.root) for answer, _ in labelled],
            labels=np.array([label for _, label in labelled], dtype=np.int64),
            probabilities=np.stack([answer.probabilities for answer, _ in labelled]),
        )
        about = {
            "protocol": f"all labelled clips of {self.root.name}",
            "checkpoint": ", ".join(map(str, self.checkpoints)),
            "unstable": self.recognizer.about.get("unstable", []),
            "reject": self.recognizer.reject,
        }
        result = report.summarise(evaluation, about)
        report.write(self.folder, result, evaluation)
        console.out.print(f"{self.folder}/report.md", soft_wrap=True)
        console.out.print(report.headline_table(result))

    def _json(self) -> str:
        answers: list[dict[str, Any]] = []
        for answer in self.answers:
            top = answer.top(self.recognizer.words)
            word, confidence = top[0]
            row = {"input": answer.item.name, "word": word, "confidence": confidence, "known": answer.is_known}
            answers.append({**row, "top5": top})
        return json.dumps(answers, indent=2, ensure_ascii=False) + "\n"


def _bars(answer: Answer, words: list[str]) -> Table:
    table = Table(show_header=False, box=None)
    for word, probability in answer.top(words):
        table.add_row(word, "█" * round(30 * probability) or "▏", f"{probability:.1%}")
    return table


def _table(answers: list[Answer], words: list[str]) -> Table:
    table = Table("clip", "recognised", "confidence", "then")
    for answer in answers:
        (word, confidence), *others = answer.top(words, 3)
        name = Path(answer.item.name).name
        clip = f"{answer.item.word}/{name}" if answer.item.word else name
        then = ", ".join(f"{w} {p:.0%}" for w, p in others)
        table.add_row(clip, word if answer.is_known else f"unknown ({word}?)", f"{confidence:.1%}", then)
    return table


def _csv(answers: list[Answer], words: list[str]) -> str:
    def row_of(answer: Answer) -> list[object]:
        (word, confidence), *others = answer.top(words)
        row = [answer.item.name, word, f"{confidence:.4f}", *(w for w, _ in others)]
        return [*row, *[""] * (7 - len(row)), answer.item.word or "", "yes" if answer.is_known else "no"]

    columns = ["input", "word", "confidence", *(f"word{k}" for k in range(2, 6)), "label", "known"]
    return csv_text(columns, map(row_of, answers))
