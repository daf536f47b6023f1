"""Loads and saves a checkpoint: words, features, network, weights, and what the training says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor

from isl.errors import InputError
from isl.recognition.archive import read_archive, write_archive

INSIGNIA_LAST_LAYER = ("head.3.weight", "head.3.bias")
INSIGNIA_FILE = "sign_recognizer_best.pth"  # the name that Insignia's web app looks for


@dataclass(frozen=True)
class Checkpoint:
    """A trained network as plain values: enough to rebuild it and to know what it is."""

    words: list[str]
    features: dict[str, Any]  # `_target_` and its arguments
    model: dict[str, Any]
    state: dict[str, Tensor]  # of features and model, keys "features.*" and "model.*"
    about: dict[str, Any] = field(default_factory=dict)  # seconds, aspect, protocol, scores, versions, ...
    signs: list[str] = field(default_factory=list)  # of the background: outputs behind the words', never answers


def load_checkpoint(path: str | Path) -> Checkpoint:
    """Returns the checkpoint in a file of ``train.py`` or in one of Insignia's.

    Raises:
        InputError: it cannot be read, or does not say what it is.
    """
    content = read_archive(path)
    if "classes" in content:
        return _from_insignia(content)
    described = content.get("hyper_parameters")
    if not isinstance(described, dict) or not {"words", "features", "model"} <= set(described):
        raise InputError(f"{path}: does not say its words, features and model; train again with this version")
    about = {**described.get("about", {}), **content.get("about", {})}
    words, features, model = list(described["words"]), dict(described["features"]), dict(described["model"])
    signs = [str(sign) for sign in described.get("signs") or []]
    return Checkpoint(words, features, model, content["state_dict"], about, signs)


def save_checkpoint(checkpoint: Checkpoint, path: str | Path) -> None:
    """Write the file that ``load_checkpoint`` reads."""
    described = {name: getattr(checkpoint, name) for name in ("words", "features", "model", "about", "signs")}
    write_archive({"hyper_parameters": described, "state_dict": checkpoint.state}, path)


def update_checkpoint(path: str | Path, tensors: dict[str, Tensor] | None = None, **about: Any) -> None:
    """Add to the file at ``path`` what was learnt after training: scores, a temperature, or other ``tensors``."""
    content = read_archive(path)
    content["state_dict"] = {**content["state_dict"], **(tensors or {})}
    content["about"] = {**content.get("about", {}), **about}
    write_archive(content, path)


def check_resumable(path: str | Path, words: list[str], state: dict[str, Tensor]) -> None:
    """Check that a run over ``words`` whose task has this ``state`` can go on from the checkpoint at ``path``.

    Raises:
        InputError: it cannot be read, holds no training to go on with, or is of other words or another network.
    """
    checkpoint = load_checkpoint(path)
    advice = "give the options of its run, as its config.yaml has them"
    if "optimizer_states" not in read_archive(path):
        raise InputError(f"{path}: a network without its training; to go on, give a run's checkpoints/last.ckpt")
    if checkpoint.words != words:
        raise InputError(f"{path}: trained on other words than these; {advice}, or teach it these: experiment=adapt")
    theirs, ours = (
        {name: tensor.shape for name, tensor in tensors.items() if name.startswith("model.")}
        for tensors in (checkpoint.state, state)
    )
    if theirs != ours:
        raise InputError(f"{path}: another network than model= and features= make here; {advice}")


def save_insignia_file(checkpoint: Checkpoint, path: str | Path) -> bool:
    """Write ``{"state_dict", "classes"}`` as Insignia's web app loads it; False where the net is not Insignia's.

    Insignia's app knows no temperature: the last layer is divided by it, so that both show the same confidences.
    """
    insignias = ("isl.features.RawFeatures", "isl.models.bilstm_attn.BiLSTMAttention")
    if (checkpoint.features["_target_"], checkpoint.model["_target_"]) != insignias:
        return False
    state = {key.removeprefix("model."): value for key, value in checkpoint.state.items() if key.startswith("model.")}
    temperature = float(checkpoint.about.get("temperature", 1.0))
    state |= {key: state[key] / temperature for key in INSIGNIA_LAST_LAYER}
    write_archive({"state_dict": state, "classes": checkpoint.words}, path)
    return True


def _from_insignia(content: dict[str, Any]) -> Checkpoint:
    state = {f"model.{key}": value for key, value in content["state_dict"].items()}
    try:
        hidden = state["model.attn.weight"].shape[1] // 2
    except KeyError:
        raise InputError("a file with 'classes' but without Insignia's layers (lstm, attn, norm, head)") from None
    return Checkpoint(
        words=[str(word) for word in content["classes"]],
        features={"_target_": "isl.features.RawFeatures"},
        model={"_target_": "isl.models.bilstm_attn.BiLSTMAttention", "hidden": hidden},
        state=state,
        about={"protocol": "unknown: a file in Insignia's format"},
    )
