"""What ``live.py`` does, step by step; ``infer.py segment=true`` assembles the same parts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import IO, Any

import torch
from omegaconf import DictConfig, ListConfig, OmegaConf
from rich.console import Console

from isl import checkpoint
from isl.build import build
from isl.errors import InputError
from isl.files import destination
from isl.holistic import extractor
from isl.live.camera import Source, open_source
from isl.live.interpreter import Interpreter
from isl.live.landmarker import Landmarker
from isl.live.output import NoScreen, Screen, VideoFile
from isl.live.session import Landmarks, Session
from isl.live.take import Take
from isl.live.talk import Talk
from isl.options import choice, names, positive, switch
from isl.recognizer import Recognizer
from isl.stream.events import Event
from isl.stream.stream import Stream

console = Console(markup=False)  # a path may have brackets in it

KEYS = "q quit, c clear, backspace remove the last word, s say the sentence now, m mirror, r record"


class Live:
    """One call of ``live.py``. Call ``introduce``, ``run`` and ``summary`` in that order."""

    def __init__(self, cfg: DictConfig, landmarker: Callable[[], Landmarks] = Landmarker) -> None:
        choice(cfg.display, "display", ["window", "none"])
        stall = positive(cfg.stall, "stall")
        mirrored = None if cfg.mirror is None else switch(cfg.mirror, "mirror")
        take = _take(cfg)
        record, events = written(cfg, record=[".mp4"], events=[".jsonl"])
        self.recognizer = _recognizer(cfg, optional=take is not None)
        self.talk = talk(cfg)
        stream = make_stream(cfg, self.recognizer) if self.recognizer else None
        screen = Screen() if cfg.display == "window" else NoScreen()
        self.source: Source = open_source(cfg.source)
        film = VideoFile(record, self.source.fps) if record else None
        self.events = EventFile(events)
        self.interpreter = Interpreter(self.talk, stream, take, self.events.file)
        self.session = Session(
            self.source,
            landmarker,
            self.interpreter,
            screen,
            film,
            new_film=lambda: VideoFile(
                _free(Path("outputs") / "live" / time.strftime("%Y-%m-%d_%H-%M-%S.mp4")), self.source.fps
            ),
            mirrored=self.source.live if mirrored is None else mirrored,
            stall=stall,
        )
        self.shown = cfg.display == "window"

    def introduce(self) -> None:
        """What is about to run, and the keys."""
        if self.recognizer is not None:
            console.print(f"{len(self.recognizer.words)} words, a sign takes {self.recognizer.seconds:.1f} s")
        take = self.interpreter.take
        if take is not None:
            console.print(f"r records {take.word} to {take.root / take.word}", soft_wrap=True)
        if self.shown:
            console.print(f"keys: {KEYS}", style="dim", soft_wrap=True)

    def run(self) -> None:
        """Until the source ends or the user quits; what was written is complete however it ends."""
        self.talk.writer.start()
        if not self.source.live:
            self.talk.writer.wait()  # a file's sentences must not depend on how fast a model loads
        try:
            self.session.run()
        finally:
            self.events.close()

    def summary(self) -> None:
        """The words and sentences, what was wrong with the source, and where files are."""
        show(list(self.interpreter.events))
        if self.source.remark:
            console.print(self.source.remark, style="yellow", soft_wrap=True)
        for path in (*self.session.films, self.events.path):
            if path is not None:
                console.print(f"{path}", soft_wrap=True)
        take = self.interpreter.take
        if take is not None and take.saved:
            console.print(f"{len(take.saved)} clips of {take.word} in {take.root / take.word}", soft_wrap=True)


class EventFile:
    """A file of events that grows line by line while the program runs, and has its name from the start."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.file: IO[str] | None = None
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.file = path.open("w", encoding="utf-8")

    def close(self) -> None:
        if self.file is not None:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()


def written(cfg: DictConfig, **suffixes: list[str]) -> list[Path | None]:
    """The files that these options name, by their suffixes, before anything is opened; None where one is null.

    Raises:
        InputError: one can't be written there, or is another's, or one that is read.
    """
    read = [cfg.get("source"), cfg.get("input"), *checkpoints(cfg.ckpt_path)]
    paths: list[Path | None] = []
    for name, ends in suffixes.items():
        paths.append(None if cfg[name] is None else destination(cfg[name], name, ends, [*read, *paths]))
    return paths


def checkpoints(chosen: Any) -> list[Any]:
    """What ``ckpt_path=`` names, one or several."""
    return list(chosen) if isinstance(chosen, ListConfig) else [chosen]


def make_stream(cfg: DictConfig, recognizer: Recognizer) -> Stream:
    """The state machine that the configuration asks for."""
    # One window is little work, and threads of torch's that wait for more take the cores that MediaPipe needs
    torch.set_num_threads(1)
    return Stream(
        recognizer,
        rule=build(_plain(cfg.accept, "accept")),
        posture=build(_plain(cfg.hands, "hands")),
        seconds=cfg.window.seconds,
        frames=cfg.window.frames,
    )


def talk(cfg: DictConfig) -> Talk:
    """Words to sentences, as the configuration asks for."""
    context = OmegaConf.to_container(cfg.context) if isinstance(cfg.context, ListConfig) else cfg.context
    return Talk(build(_plain(cfg.sentence, "sentence")), context=names(context, "context"), pause=cfg.pause)


def show(events: list[Event]) -> None:
    """Words with their times, the sentences, and once each why a sentence was not the language model's."""
    for event in events:
        if event.kind == "word":
            facts = event.facts
            console.print(f"{facts['start']:7.1f} to {facts['end']:.1f} s  {facts['word']}  {facts['confidence']:.0%}")
        elif event.kind == "sentence":
            glosses = " · ".join(event.facts["glosses"])
            console.print(f"{'':12}{glosses}: {event.facts['sentence']}", style="bold", soft_wrap=True)
    for note in dict.fromkeys(event.facts["note"] for event in events if event.facts.get("note")):
        console.print(note, style="yellow", markup=False, soft_wrap=True)
    if not any(event.kind == "word" for event in events):
        console.print("no word was recognised")


def _recognizer(cfg: DictConfig, optional: bool) -> Recognizer | None:
    """The checkpoint; with a word to record there may be none yet."""
    try:
        chosen = checkpoint.paths_of(cfg.ckpt_path)
    except InputError:
        if optional and not cfg.ckpt_path:
            return None
        raise
    return Recognizer.load(chosen, cfg.shifts)


def _take(cfg: DictConfig) -> Take | None:
    if cfg.record_word is None:
        return None
    return Take(cfg.record_word, cfg.record_root, cfg.record_seconds, cfg.record_group, extractor())


def _free(path: Path) -> Path:
    """``path``, or the first name like it that nobody has: two films may begin in one second."""
    names = (path.with_stem(f"{path.stem}_{n}") if n else path for n in count())
    return next(name for name in names if not name.exists())


def _plain(cfg: Any, flag: str) -> dict[str, Any]:
    """A group of the config as plain values; null or a number in its place is an error."""
    if not isinstance(cfg, DictConfig):
        raise InputError(f"{flag}={cfg}: this is a group; --help lists what to choose from")
    return OmegaConf.to_container(cfg, resolve=True)  # type: ignore[return-value]
