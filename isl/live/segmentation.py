"""Finds the words of a long recording with their times (``infer.py segment=true``), as ``live.py`` finds them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from isl import console
from isl.config.options import positive
from isl.data import elan
from isl.data.layout import clip_at
from isl.errors import InputError
from isl.files import destination, write_text
from isl.live.destinations import as_list, check_destinations
from isl.live.film import Film
from isl.live.session import Landmarks, Session
from isl.live.sources import VideoFile
from isl.live.stored import StoredSession
from isl.live.viewer import Viewer
from isl.recognition.assembly import build_conversation, build_stream
from isl.recognition.configs import trusted_packages
from isl.recognition.events import Event
from isl.recognition.interpreter import Interpreter
from isl.recognition.introduction import print_recognizer
from isl.recognition.items import is_stored
from isl.recognition.locate import checkpoint_paths
from isl.recognition.serving import load_recognizer
from isl.recognition.transcript import FORMATS, print_events
from isl.vision.landmarker import Landmarker
from isl.vision.pictures import pictures_in


class Segmentation:
    """One call of ``infer.py segment=true``. Call ``recognise``, ``show`` and ``write`` in that order."""

    def __init__(self, cfg: DictConfig, landmarker: Callable[[], Landmarks] = Landmarker) -> None:
        path = Path(str(cfg.input))
        stored = is_stored(path) and clip_at(path).frames != ()
        if not (path.is_file() or stored or (path.is_dir() and pictures_in(path))):
            problem = "takes one recording, and this is a folder" if path.is_dir() else "no such video"
            raise InputError(f"input={cfg.input}: {problem}")
        if stored and cfg.film:
            raise InputError(f"film={cfg.film}: {path} holds landmarks, and a film needs a video's pictures")
        (film_path,) = check_destinations(cfg, film=[".mp4"])
        self.outputs = _check_outputs(cfg.output, [film_path, cfg.input, *as_list(cfg.ckpt_path)])
        self.name = str(cfg.input)
        source = None if stored else VideoFile(self.name)
        self._slowed = source.slowed if source else 1.0
        film = Film(film_path, source.fps) if film_path and source else None
        self.checkpoints = checkpoint_paths(cfg.ckpt_path)
        self.conversation = build_conversation(cfg)
        self.recognizer = load_recognizer(self.checkpoints, cfg.shifts, trusted_packages(cfg.trusted))
        self.interpreter = Interpreter(self.conversation, build_stream(cfg, self.recognizer))
        self._viewer = Viewer(self.interpreter, film=film)
        stall = positive(cfg.stall, "stall")
        self.session: Session | StoredSession
        if source is None:
            self.session = StoredSession(path, self.interpreter, self.recognizer.aspect)
        else:
            self.session = Session(source, landmarker, self._viewer, stall)

    def recognise(self) -> None:
        """Reads the recording once."""
        print_recognizer(self.recognizer, self.checkpoints)
        self.conversation.writer.start()
        self.conversation.writer.wait()
        started = time.monotonic()
        try:
            with console.out.status("recognising"):
                self.session.run()
        except KeyboardInterrupt:
            self.show()  # the words so far
            raise
        console.out.print(f"{self.session.frames} frames in {time.monotonic() - started:.1f} s")
        for remark in self.session.remarks:
            console.print_remark(remark, self.name)

    def show(self) -> None:
        """Prints the words with their times, and the sentences."""
        print_events(self._events())

    def write(self) -> None:
        """Writes each file of ``output`` in the format of its suffix."""
        for path in self.outputs:
            write_text(path, FORMATS[path.suffix.lower()](self.name, self._events()))
        for path in (*self.outputs, *self.session.films):
            console.out.print(f"{path}", soft_wrap=True)
        for remark in self._viewer.remarks:
            console.print_remark(remark)

    def _events(self) -> list[Event]:
        """Returns the events at the times of a player, which shows slow motion slowly."""
        return [event.stretched(self._slowed) for event in self.interpreter.events]


def _check_outputs(output: Any, taken: Sequence[Any]) -> list[Path]:
    """Returns the paths of ``output=words.json`` or ``[words.json,words.vtt]``; InputError for one in ``taken``."""
    paths: list[Path] = []
    for name in as_list(output):
        paths.append(destination(name, "output", FORMATS, [*taken, *paths]))
        if paths[-1].suffix.lower() == ".eaf":
            elan.library()
    return paths
