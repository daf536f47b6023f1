"""The steps of ``live.py``."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path

from omegaconf import DictConfig

from isl import console
from isl.config.options import choice, positive, switch
from isl.errors import InputError
from isl.live.clip_recorder import ClipRecorder
from isl.live.destinations import as_list, check_destinations
from isl.live.event_file import EventFile
from isl.live.film import Film
from isl.live.screen import NoScreen, Screen
from isl.live.session import Landmarks, Session
from isl.live.sources import FrameSource, open_source
from isl.live.viewer import KEYS, RECORDING_KEYS, Viewer
from isl.live.voice import Voice
from isl.recognition.assembly import build_conversation, build_stream
from isl.recognition.configs import trusted_packages
from isl.recognition.interpreter import CAMERA_EVENTS, MOST_EVENTS, Interpreter
from isl.recognition.introduction import print_recognizer
from isl.recognition.locate import checkpoint_paths
from isl.recognition.serving import load_recognizer
from isl.recognition.stream import Recognizes
from isl.recognition.transcript import print_events
from isl.sentence import Sentence
from isl.vision.holistic import extractor
from isl.vision.landmarker import Landmarker


class Live:
    """One call of ``live.py``. Call ``introduce``, ``run`` and ``summary`` in that order."""

    def __init__(self, cfg: DictConfig, landmarker: Callable[[], Landmarks] = Landmarker) -> None:
        choice(cfg.display, "display", ["window", "none", "web"])
        stall = positive(cfg.stall, "stall")
        speaks = switch(cfg.speak, "speak")
        self.hindi = choice(cfg.glosses, "glosses", ["en", "hi"]) == "hi"
        mirrored = None if cfg.mirror is None else switch(cfg.mirror, "mirror")
        self.recorder = _open_recorder(cfg)
        film_path, events_path = check_destinations(cfg, film=[".mp4"], events=[".jsonl"])
        self.checkpoints = _find_checkpoints(cfg, optional=self.recorder is not None)
        self.recognizer: Recognizes | None = None
        if self.checkpoints:
            self.recognizer = load_recognizer(self.checkpoints, cfg.shifts, trusted_packages(cfg.trusted))
        self.conversation = build_conversation(cfg)
        stream = build_stream(cfg, self.recognizer) if self.recognizer else None
        screen = Screen() if cfg.display == "window" else NoScreen()
        self.source: FrameSource = open_source(cfg.source, switch(cfg.reconnect, "reconnect"))
        film = Film(film_path, self.source.fps) if film_path else None
        self.events = EventFile(events_path)
        self.voice = Voice(lambda problem: self.interpreter.show_note(problem)) if speaks else None
        speak = self._speak if speaks else None
        most = CAMERA_EVENTS if self.source.live else MOST_EVENTS
        self.interpreter = Interpreter(self.conversation, stream, self.events.write, speak, self.hindi, most)
        viewer = Viewer(
            self.interpreter,
            screen,
            film,
            new_film=lambda: Film(
                _number_path(Path("outputs") / "live" / time.strftime("%Y-%m-%d_%H-%M-%S.mp4")), self.source.fps
            ),
            recorder=self.recorder,
            mirrored=self.source.live if mirrored is None else mirrored,
        )
        self.session = Session(self.source, landmarker, viewer, stall)
        self.has_window = cfg.display == "window"

    def introduce(self) -> None:
        """Prints the recogniser, the words that can be recorded, and the keys."""
        if self.recognizer is not None:
            print_recognizer(self.recognizer, self.checkpoints)
        if self.recorder is not None:
            words = ", ".join(self.recorder.words)
            console.out.print(f"r records {words} to {self.recorder.root}/", soft_wrap=True)
        if self.has_window:
            keys = RECORDING_KEYS if self.recorder is not None else KEYS
            console.out.print(f"keys: {keys}", style="dim", soft_wrap=True)

    def run(self) -> None:
        """Runs until the source ends or the user quits; all files are complete in every case."""
        self.conversation.writer.start()
        if not self.source.live:
            self.conversation.writer.wait()  # a file's sentences must not depend on the loading time of a model
        try:
            self.session.run()
        finally:
            self.events.close()
            if self.voice is not None:
                self.voice.close()
        if self.events.failure is not None:
            raise self.events.failure

    def _speak(self, sentence: Sentence) -> None:
        """Speaks the sentence, and before it the words in Hindi with ``glosses=hi``."""
        assert self.voice is not None
        if self.hindi:
            self.voice.say(", ".join(self.conversation.hindi(sentence.glosses)), "hi")
        self.voice.say(sentence.text)

    def summary(self) -> None:
        """Prints the words and sentences, problems of the source, and the written files."""
        events = self.interpreter.events
        if len(events) == events.maxlen:
            console.out.print(f"the last {len(events):,} events of the session; events=FILE keeps all", style="dim")
        print_events(events)
        if self.voice is not None and self.voice.problem:
            console.out.print(self.voice.problem, style="yellow", soft_wrap=True)
        for remark in self.session.remarks:
            console.print_remark(remark, self.source.name)
        for path in (*self.session.films, self.events.path):
            if path is not None:
                console.out.print(f"{path}", soft_wrap=True)
        for line in (*self.session.viewer.remarks, *_describe_recorded(self.recorder)):
            console.out.print(line, soft_wrap=True)


def _find_checkpoints(cfg: DictConfig, optional: bool) -> list[Path]:
    """Returns the files of the checkpoint; none if there is no run yet and it is ``optional``, as for a recording."""
    try:
        return checkpoint_paths(cfg.ckpt_path)
    except InputError:
        if optional and not cfg.ckpt_path:
            return []
        raise


def _open_recorder(cfg: DictConfig) -> ClipRecorder | None:
    options = cfg.record
    if options.word is None:
        return None
    words = as_list(options.word)
    return ClipRecorder(words, options.root, options.seconds, options.group, extractor())


def _describe_recorded(recorder: ClipRecorder | None) -> list[str]:
    """Returns a line for each word with new clips."""
    counts = Counter(path.parent for path in recorder.saved) if recorder is not None else {}
    return [f"{count} clip{'' if count == 1 else 's'} of {folder.name} in {folder}" for folder, count in counts.items()]


def _number_path(path: Path) -> Path:
    """Returns ``path``, with a number if the file exists: two films may begin in the same second."""
    names = (path.with_stem(f"{path.stem}_{n}") if n else path for n in count())
    return next(name for name in names if not name.exists())
