"""What ``live.py`` does, step by step."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import IO

from omegaconf import DictConfig

from isl import console
from isl.config.options import choice, positive, switch
from isl.errors import InputError
from isl.live.assembly import conversation, make_stream, show, written
from isl.live.camera import FrameSource, open_source
from isl.live.clip_recorder import ClipRecorder
from isl.live.interpreter import Interpreter
from isl.live.output import NoScreen, Screen, VideoFile
from isl.live.session import Landmarks, Session
from isl.recognition.locate import checkpoint_paths
from isl.recognition.recognizer import Recognizer
from isl.vision.holistic import extractor
from isl.vision.landmarker import Landmarker

KEYS = "q quit, c clear, backspace remove the last word, s say the sentence now, m mirror, r record"


class Live:
    """One call of ``live.py``. Call ``introduce``, ``run`` and ``summary`` in that order."""

    def __init__(self, cfg: DictConfig, landmarker: Callable[[], Landmarks] = Landmarker) -> None:
        choice(cfg.display, "display", ["window", "none"])
        stall = positive(cfg.stall, "stall")
        mirrored = None if cfg.mirror is None else switch(cfg.mirror, "mirror")
        recorder = _take(cfg)
        record, events = written(cfg, record=[".mp4"], events=[".jsonl"])
        self.recognizer = _recognizer(cfg, optional=recorder is not None)
        self.conversation = conversation(cfg)
        stream = make_stream(cfg, self.recognizer) if self.recognizer else None
        screen = Screen() if cfg.display == "window" else NoScreen()
        self.source: FrameSource = open_source(cfg.source)
        film = VideoFile(record, self.source.fps) if record else None
        self.events = EventFile(events)
        self.interpreter = Interpreter(self.conversation, stream, recorder, self.events.file)
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
            console.out.print(f"{len(self.recognizer.words)} words, a sign takes {self.recognizer.seconds:.1f} s")
        recorder = self.interpreter.recorder
        if recorder is not None:
            console.out.print(f"r records {recorder.word} to {recorder.root / recorder.word}", soft_wrap=True)
        if self.shown:
            console.out.print(f"keys: {KEYS}", style="dim", soft_wrap=True)

    def run(self) -> None:
        """Until the source ends or the user quits; what was written is complete however it ends."""
        self.conversation.writer.start()
        if not self.source.live:
            self.conversation.writer.wait()  # a file's sentences must not depend on how fast a model loads
        try:
            self.session.run()
        finally:
            self.events.close()

    def summary(self) -> None:
        """The words and sentences, what was wrong with the source, and where files are."""
        show(list(self.interpreter.events))
        if self.source.remark:
            console.out.print(self.source.remark, style="yellow", soft_wrap=True)
        for path in (*self.session.films, self.events.path):
            if path is not None:
                console.out.print(f"{path}", soft_wrap=True)
        recorder = self.interpreter.recorder
        if recorder is not None and recorder.saved:
            console.out.print(
                f"{len(recorder.saved)} clips of {recorder.word} in {recorder.root / recorder.word}", soft_wrap=True
            )


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


def _recognizer(cfg: DictConfig, optional: bool) -> Recognizer | None:
    """The checkpoint; with a word to record there may be none yet."""
    try:
        chosen = checkpoint_paths(cfg.ckpt_path)
    except InputError:
        if optional and not cfg.ckpt_path:
            return None
        raise
    return Recognizer.load(chosen, cfg.shifts)


def _take(cfg: DictConfig) -> ClipRecorder | None:
    if cfg.record_word is None:
        return None
    return ClipRecorder(cfg.record_word, cfg.record_root, cfg.record_seconds, cfg.record_group, extractor())


def _free(path: Path) -> Path:
    """``path``, or the first name like it that nobody has: two films may begin in one second."""
    names = (path.with_stem(f"{path.stem}_{n}") if n else path for n in count())
    return next(name for name in names if not name.exists())
