"""Builds the stream and the conversation of a configuration, for live recognition, files and the web page."""

from __future__ import annotations

import sys
from typing import Any

from omegaconf import DictConfig, ListConfig, OmegaConf

from isl.config.build import build
from isl.config.options import names
from isl.errors import InputError
from isl.recognition.conversation import Conversation
from isl.recognition.restricted import RestrictedRecognizer
from isl.recognition.stream import Recognizes, Stream


def build_stream(cfg: DictConfig, recognizer: Recognizes) -> Stream:
    """Returns the state machine of ``cfg.accept``, ``cfg.hands`` and ``cfg.window`` around a recogniser.

    Raises:
        InputError: one of these options has a wrong value.
    """
    if torch := sys.modules.get("torch"):  # absent where an ONNX file is served
        # One window is little work, and more torch threads would take the cores that MediaPipe needs
        torch.set_num_threads(1)
    return Stream(
        RestrictedRecognizer(recognizer, names(_as_list(cfg.words), "words") or None),
        rule=build(_as_dict(cfg.accept, "accept"), at="accept"),
        posture=build(_as_dict(cfg.hands, "hands"), at="hands"),
        seconds=cfg.window.seconds,
        frames=cfg.window.frames,
    )


def build_conversation(cfg: DictConfig) -> Conversation:
    """Returns the conversation of ``cfg.sentence``, ``cfg.context`` and ``cfg.pause``.

    Raises:
        InputError: one of these options has a wrong value.
    """
    writer = build(_as_dict(cfg.sentence, "sentence"), at="sentence")
    return Conversation(writer, context=names(_as_list(cfg.context), "context"), pause=cfg.pause)


def _as_list(value: Any) -> Any:
    return OmegaConf.to_container(value) if isinstance(value, ListConfig) else value


def _as_dict(cfg: Any, flag: str) -> dict[str, Any]:
    """Returns a group of the config as plain values; raises InputError for null or a number in its place."""
    if not isinstance(cfg, DictConfig):
        raise InputError(f"{flag}={cfg}: this is a group; --help lists what to choose from")
    return OmegaConf.to_container(cfg, resolve=True)  # type: ignore[return-value]
