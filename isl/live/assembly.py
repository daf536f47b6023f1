"""What ``live.py`` and ``infer.py segment=true`` are assembled from, as the configuration asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from omegaconf import DictConfig, ListConfig, OmegaConf

from isl import console
from isl.config.build import build
from isl.config.options import names
from isl.errors import InputError
from isl.files import destination
from isl.live.conversation import Conversation
from isl.recognition.events import Event
from isl.recognition.recognizer import Recognizer
from isl.recognition.stream import Stream


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


def conversation(cfg: DictConfig) -> Conversation:
    """Words to sentences, as the configuration asks for."""
    context = OmegaConf.to_container(cfg.context) if isinstance(cfg.context, ListConfig) else cfg.context
    return Conversation(build(_plain(cfg.sentence, "sentence")), context=names(context, "context"), pause=cfg.pause)


def show(events: list[Event]) -> None:
    """Words with their times, the sentences, and once each why a sentence was not the language model's."""
    for event in events:
        if event.kind == "word":
            facts = event.facts
            console.out.print(
                f"{facts['start']:7.1f} to {facts['end']:.1f} s  {facts['word']}  {facts['confidence']:.0%}"
            )
        elif event.kind == "sentence":
            glosses = " · ".join(event.facts["glosses"])
            console.out.print(f"{'':12}{glosses}: {event.facts['sentence']}", style="bold", soft_wrap=True)
    for note in dict.fromkeys(event.facts["note"] for event in events if event.facts.get("note")):
        console.out.print(note, style="yellow", markup=False, soft_wrap=True)
    if not any(event.kind == "word" for event in events):
        console.out.print("no word was recognised")


def _plain(cfg: Any, flag: str) -> dict[str, Any]:
    """A group of the config as plain values; null or a number in its place is an error."""
    if not isinstance(cfg, DictConfig):
        raise InputError(f"{flag}={cfg}: this is a group; --help lists what to choose from")
    return OmegaConf.to_container(cfg, resolve=True)  # type: ignore[return-value]
