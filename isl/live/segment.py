"""A long video to its words with times: ``infer.py segment=true``. The same threads and rules as ``live.py``."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, ListConfig

from isl import console
from isl.config.options import positive
from isl.errors import InputError
from isl.files import destination, write_text
from isl.live.assembly import checkpoints, conversation, make_stream, show, written
from isl.live.camera import Recorded
from isl.live.interpreter import Interpreter
from isl.live.output import VideoFile
from isl.live.session import Landmarks, Session
from isl.recognition.events import Event
from isl.recognition.locate import checkpoint_paths
from isl.recognition.recognizer import Recognizer
from isl.vision.landmarker import Landmarker


class Segmentation:
    """One call of ``infer.py segment=true``. Call ``recognise``, ``show`` and ``write`` in that order."""

    def __init__(self, cfg: DictConfig, landmarker: Callable[[], Landmarks] = Landmarker) -> None:
        if not Path(str(cfg.input)).is_file():
            problem = "takes one video file, and this is a folder" if Path(str(cfg.input)).is_dir() else "no such video"
            raise InputError(f"input={cfg.input}: {problem}")
        (record,) = written(cfg, record=[".mp4"])
        self.outputs = _outputs(cfg.output, [record, cfg.input, *checkpoints(cfg.ckpt_path)])
        self.source = Recorded(str(cfg.input))
        film = VideoFile(record, self.source.fps) if record else None
        self.checkpoints = checkpoint_paths(cfg.ckpt_path)
        self.conversation = conversation(cfg)
        self.interpreter = Interpreter(
            self.conversation, make_stream(cfg, Recognizer.load(self.checkpoints, cfg.shifts))
        )
        self.session = Session(self.source, landmarker, self.interpreter, film=film, stall=positive(cfg.stall, "stall"))

    def recognise(self) -> None:
        """Read the video once."""
        console.out.print(f"checkpoint: {', '.join(map(str, self.checkpoints))}", soft_wrap=True)
        self.conversation.writer.start()
        self.conversation.writer.wait()
        started = time.monotonic()
        try:
            with console.out.status("recognising"):
                self.session.run()
        except KeyboardInterrupt:
            self.show()  # what there is of it
            raise
        console.out.print(f"{self.session.frames} frames in {time.monotonic() - started:.1f} s")
        if self.source.remark:
            console.out.print(self.source.remark, style="yellow", soft_wrap=True)

    def show(self) -> None:
        """The words with their times, and the sentences."""
        show(list(self.interpreter.events))

    def write(self) -> None:
        """Each file of ``output``, in the format that its name asks for."""
        for path in self.outputs:
            write_text(path, FORMATS[path.suffix.lower()](self.source.name, list(self.interpreter.events)))
        for path in (*self.outputs, *self.session.films):
            console.out.print(f"{path}", soft_wrap=True)


def as_json(name: str, events: list[Event]) -> str:
    """Words with start, end (seconds), confidence and the five likeliest; sentences with their glosses."""
    words = [{**_plain(event), "accepted": event.time} for event in events if event.kind == "word"]
    sentences = [{**_plain(event), "time": event.time} for event in events if event.kind == "sentence"]
    return json.dumps({"input": name, "words": words, "sentences": sentences}, indent=2, ensure_ascii=False) + "\n"


def as_csv(name: str, events: list[Event]) -> str:
    """A row a word."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["input", "start", "end", "word", "confidence"])
    for event in events:
        if event.kind == "word":
            f = event.facts
            writer.writerow([name, f"{f['start']:.2f}", f"{f['end']:.2f}", f["word"], f"{f['confidence']:.4f}"])
    return text.getvalue()


def as_vtt(name: str, events: list[Event]) -> str:
    """WebVTT subtitles: each word while it is signed, each sentence from its last word's end on."""
    cues: list[tuple[float, float, str]] = []
    end = 0.0
    for event in events:
        if event.kind == "word":
            end = event.facts["end"]
            cues.append((event.facts["start"], end, event.facts["word"]))
        elif event.kind == "sentence":
            cues.append((end, max(event.time, end) + 3.0, event.facts["sentence"]))
    cues.sort()
    return "WEBVTT\n" + "".join(f"\n{_clock(a)} --> {_clock(b)}\n{_escaped(text)}\n" for a, b, text in cues)


FORMATS: dict[str, Callable[[str, list[Event]], str]] = {".json": as_json, ".csv": as_csv, ".vtt": as_vtt}


def _outputs(output: Any, taken: list[Any]) -> list[Path]:
    """The paths of ``output=words.json`` or ``output=[words.json,words.csv,words.vtt]``, none of them ``taken``."""
    names = [] if output is None else list(output) if isinstance(output, ListConfig) else [output]
    paths: list[Path] = []
    for name in names:
        paths.append(destination(name, "output", FORMATS, [*taken, *paths]))
    return paths


def _plain(event: Event) -> dict[str, Any]:
    return {key: value for key, value in json.loads(event.line()).items() if key not in ("time", "event")}


def _clock(seconds: float) -> str:
    """``00:01:02.345``"""
    milliseconds = round(1000 * max(seconds, 0))
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
