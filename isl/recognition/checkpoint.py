"""A checkpoint as plain values: written whole or not at all, read without trusting its writer."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from isl.errors import InputError
from isl.files import replacing
from isl.recognition.upgrade import upgraded

Chosen = str | Path | Sequence[str | Path]  # what ``ckpt_path=`` may be
INSIGNIA_FILE = "sign_recognizer_best.pth"  # the name that Insignia's web app looks for
HELD_OUT = "held_out"  # the folder in a run of its second training, see isl.training.refit


@dataclass(frozen=True)
class Trained:
    """What a checkpoint says: enough to rebuild the network and to know what it is."""

    words: list[str]
    features: dict[str, Any]  # `_target_` and its arguments
    model: dict[str, Any]
    state: dict[str, Tensor]  # of features and model, keys "features.*" and "model.*"
    about: dict[str, Any] = field(default_factory=dict)  # seconds, aspect, protocol, scores, versions, ...


def write(content: dict[str, Any], path: str | Path) -> None:
    """Save ``content`` so that ``path`` holds either the old file or the whole new one, whenever the power fails."""
    with replacing(Path(path)) as unfinished, unfinished.open("wb") as file:
        torch.save(content, file)  # given a name, it would store that in the file


def load(path: str | Path) -> dict[str, Any]:
    """The dict in the file, with nothing but plain values and tensors allowed in it.

    Raises:
        InputError: no such file, a truncated one, or one that holds anything else.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: no such checkpoint; train one with `python train.py` or give ckpt_path=")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise InputError(f"{path}: not a checkpoint of plain values (foreign, or damaged); it is not loaded") from None
    except (RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"{path}: cannot be read, probably cut off ({reason[:80]}); take another or train again"
        ) from None
    if not isinstance(content, dict) or not isinstance(content.get("state_dict"), dict):
        raise InputError(f"{path}: not a checkpoint of isl, nor Insignia's {{'state_dict', 'classes'}}; give another")
    return upgraded(content)


def read(path: str | Path) -> Trained:
    """A checkpoint of ``train.py``, or a file of Insignia's.

    Raises:
        InputError: it cannot be read, or does not say what it is.
    """
    content = load(path)
    if "classes" in content:
        return _from_insignia(content)
    known = content.get("hyper_parameters")
    if not isinstance(known, dict) or not {"words", "features", "model"} <= set(known):
        raise InputError(f"{path}: does not say its words, features and model; train again with this version")
    about = {**known.get("about", {}), **content.get("about", {})}
    return Trained(list(known["words"]), dict(known["features"]), dict(known["model"]), content["state_dict"], about)


def check_resumable(path: str | Path, words: list[str], state: dict[str, Tensor]) -> None:
    """See that a run over ``words`` whose task has this ``state`` can go on from the checkpoint at ``path``.

    Raises:
        InputError: it cannot be read, holds no training to go on with, or is of other words or another network.
    """
    trained = read(path)
    advice = "give the options of its run, as its config.yaml has them"
    if "optimizer_states" not in load(path):
        raise InputError(f"{path}: a network without its training; to go on, give a run's checkpoints/last.ckpt")
    if trained.words != words:
        raise InputError(f"{path}: trained on other words than these; {advice}, or teach it these: experiment=adapt")
    theirs, ours = (
        {name: tensor.shape for name, tensor in tensors.items() if name.startswith("model.")}
        for tensors in (trained.state, state)
    )
    if theirs != ours:
        raise InputError(f"{path}: another network than model= and features= make here; {advice}")


def save(trained: Trained, path: str | Path) -> None:
    """Write what ``read`` reads."""
    known = {"words": trained.words, "features": trained.features, "model": trained.model, "about": trained.about}
    write({"hyper_parameters": known, "state_dict": trained.state}, path)


def amend(path: str | Path, tensors: dict[str, Tensor] | None = None, **about: Any) -> None:
    """Write down in the checkpoint at ``path`` what was learnt about it since: scores, a temperature, ``tensors``."""
    content = load(path)
    content["state_dict"] = {**content["state_dict"], **(tensors or {})}
    content["about"] = {**content.get("about", {}), **about}
    write(content, path)


def write_insignia_file(trained: Trained, path: str | Path) -> bool:
    """Write ``{"state_dict", "classes"}`` as Insignia's web app loads it; False where the net is not Insignia's."""
    insignias = ("isl.features.RawFeatures", "isl.models.bilstm_attn.BiLSTMAttention")
    if (trained.features["_target_"], trained.model["_target_"]) != insignias:
        return False
    state = {key.removeprefix("model."): value for key, value in trained.state.items() if key.startswith("model.")}
    write({"state_dict": state, "classes": trained.words}, path)
    return True


def _from_insignia(content: dict[str, Any]) -> Trained:
    state = {f"model.{key}": value for key, value in content["state_dict"].items()}
    try:
        hidden = state["model.attn.weight"].shape[1] // 2
    except KeyError:
        raise InputError("a file with 'classes' but without Insignia's layers (lstm, attn, norm, head)") from None
    return Trained(
        words=[str(word) for word in content["classes"]],
        features={"_target_": "isl.features.RawFeatures"},
        model={"_target_": "isl.models.bilstm_attn.BiLSTMAttention", "hidden": hidden},
        state=state,
        about={"protocol": "unknown: a file in Insignia's format"},
    )


def below(folder: str | Path) -> list[Path]:
    """Every run's ``best.ckpt`` under ``folder``, in order; not the networks that only lent a run their confidence."""
    return sorted(path for path in Path(folder).glob("**/checkpoints/best.ckpt") if path.parts[-3] != HELD_OUT)


def newest(folder: str | Path = "outputs") -> Path:
    """The ``best.ckpt`` under ``folder`` that was written last.

    Raises:
        InputError: there is none.
    """
    found = sorted(below(folder), key=lambda path: path.stat().st_mtime)
    if not found:
        raise InputError(f"{folder}/: no checkpoint yet; train one with `python train.py`, or give ckpt_path=")
    return found[-1]


def paths_of(chosen: Chosen | None) -> list[Path]:
    """The checkpoints that ``ckpt_path=`` means: one, a list, every run's ``best.ckpt`` below a folder, or the newest.

    Raises:
        InputError: there is none, or these are no paths.
    """
    if chosen is None:
        return [newest()]
    listed = [chosen] if isinstance(chosen, (str, Path)) else chosen
    if not isinstance(listed, Sequence) or not listed or not all(isinstance(path, (str, Path)) for path in listed):
        raise InputError(f"ckpt_path={chosen}: give a checkpoint, a folder of runs, or a list of them")
    paths: list[Path] = []
    for path in listed:
        found = below(path) if Path(path).is_dir() else [Path(path)]
        if not found:
            raise InputError(
                f"{path}: no run's checkpoints/best.ckpt in this folder; give a checkpoint or another folder"
            )
        paths += found
    return paths
