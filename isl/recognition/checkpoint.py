"""Loads and saves a checkpoint: words, features, network, weights, and facts about the training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isl.errors import InputError
from isl.recognition.archive import read_archive, write_archive
from isl.recognition.introduction import describe_training
from isl.recognition.printable import make_printable

if TYPE_CHECKING:
    from torch import Tensor  # torch takes seconds to load: a bad file is refused before

INSIGNIA_LAST_LAYER = ("head.3.weight", "head.3.bias")
INSIGNIA_FILE = "sign_recognizer_best.pth"  # the file name that Insignia's web app loads


@dataclass(frozen=True)
class Checkpoint:
    """A trained network as plain values and tensors: all that is needed to rebuild and to describe it."""

    words: list[str]
    features: dict[str, Any]  # `_target_` and its arguments
    model: dict[str, Any]
    state: dict[str, Tensor]  # of features and model, keys "features.*" and "model.*"
    about: dict[str, Any] = field(default_factory=dict)  # seconds, aspect, protocol, scores, versions, ...
    signs: list[str] = field(default_factory=list)  # of the background: outputs after those of the words; never answers

    def describe(self) -> str:
        """Returns one line with the number of words, the training data and the date."""
        return describe_training(self.words, self.about, "temperature" in self.about or "members" in self.model)


def load_checkpoint(path: str | Path, trusted: Sequence[str] = ()) -> Checkpoint:
    """Returns the checkpoint in a file of ``train.py`` or in one of Insignia's.

    Args:
        path: the file.
        trusted: packages, besides isl's own, whose networks, features and augmentations it may name.

    Raises:
        InputError: the file cannot be read, has no description, or has content that is not allowed in a checkpoint.
    """
    content = read_archive(path, trusted)
    if "classes" in content:
        return _from_insignia(content, path)
    described = content["hyper_parameters"]
    about = make_printable({**described.get("about", {}), **content.get("about", {})})
    words, features, model = described["words"], described["features"], described["model"]
    return Checkpoint(words, features, model, content["state_dict"], about, described.get("signs") or [])


def save_checkpoint(checkpoint: Checkpoint, path: str | Path) -> None:
    """Writes a file that ``load_checkpoint`` reads."""
    described = {name: getattr(checkpoint, name) for name in ("words", "features", "model", "about", "signs")}
    write_archive({"hyper_parameters": described, "state_dict": checkpoint.state}, path)


def update_checkpoint(path: str | Path, tensors: dict[str, Tensor] | None = None, **about: Any) -> None:
    """Adds to the file at ``path`` results from after the training: scores, a temperature, or other ``tensors``."""
    content = read_archive(path)
    content["state_dict"] = {**content["state_dict"], **(tensors or {})}
    content["about"] = {**content.get("about", {}), **about}
    write_archive(content, path)


def save_insignia_file(checkpoint: Checkpoint, path: str | Path) -> bool:
    """Writes ``{"state_dict", "classes"}`` for Insignia's web app; returns False if the network is not Insignia's.

    Insignia's app has no temperature: the last layer is divided by it, so that both show the same confidences.
    """
    insignias = ("isl.features.RawFeatures", "isl.models.bilstm_attn.BiLSTMAttention")
    if (checkpoint.features["_target_"], checkpoint.model["_target_"]) != insignias:
        return False
    state = {key.removeprefix("model."): value for key, value in checkpoint.state.items() if key.startswith("model.")}
    temperature = float(checkpoint.about.get("temperature", 1.0))
    state |= {key: state[key] / temperature for key in INSIGNIA_LAST_LAYER}
    write_archive({"state_dict": state, "classes": checkpoint.words}, path)
    return True


def _from_insignia(content: dict[str, Any], path: str | Path) -> Checkpoint:
    state = {f"model.{key}": value for key, value in content["state_dict"].items()}
    try:
        hidden = state["model.attn.weight"].shape[1] // 2
    except (KeyError, IndexError):
        raise InputError(f"{path}: has 'classes' but not Insignia's layers (lstm, attn, norm, head)") from None
    return Checkpoint(
        words=content["classes"],
        features={"_target_": "isl.features.RawFeatures"},
        model={"_target_": "isl.models.bilstm_attn.BiLSTMAttention", "hidden": hidden},
        state=state,
        about={"protocol": "unknown: a file in Insignia's format"},
    )
