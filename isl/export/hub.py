"""Shares a recogniser on the Hugging Face hub or in a folder: weights as safetensors, the rest as JSON, and ONNX.

    push("outputs/.../best.ckpt", "USER/NAME")     # or a folder, to look at it first
    recognizer = from_pretrained("USER/NAME")      # or the folder

A model's folder holds ``model.safetensors``, ``config.json`` (words, features, network, facts), ``model.onnx`` and a
card.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isl.errors import InputError
from isl.export.onnx_model import write_onnx
from isl.files import read_file
from isl.recognition.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from isl.recognition.manifest import MOST_BYTES, MOST_VALUES_BYTES
from isl.recognition.recognizer import Recognizer

WEIGHTS, CONFIG, ONNX, CARD = "model.safetensors", "config.json", "model.onnx", "README.md"
KEYS = ("words", "features", "model", "about", "signs")
NEEDED = "needs two more packages: pip install 'isl[hub]'"


def save_pretrained(path: str | Path, folder: str | Path, trusted: Sequence[str] = ()) -> None:
    """Write the checkpoint at ``path`` as a model's folder. The folder must be new or empty.

    Raises:
        InputError: safetensors is not installed, the checkpoint can't be read, or the folder has files in it.
    """
    try:
        from safetensors.torch import save_file
    except ImportError:
        raise InputError(f"push: {NEEDED}") from None
    checkpoint = load_checkpoint(path, trusted)
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"push={folder}: has files in it; name a new folder")
    target.mkdir(parents=True, exist_ok=True)
    write_onnx(Recognizer(checkpoint), target / ONNX)
    state = {name: value.contiguous().clone() for name, value in checkpoint.state.items()}
    save_file(state, target / WEIGHTS, metadata={"format": "pt"})
    described = {name: getattr(checkpoint, name) for name in KEYS}
    (target / CONFIG).write_text(json.dumps(described, indent=1, ensure_ascii=False, default=list), encoding="utf-8")
    (target / CARD).write_text(_card(checkpoint), encoding="utf-8")


def push(path: str | Path, name: str, private: bool = False, trusted: Sequence[str] = ()) -> str:
    """Upload the checkpoint at ``path`` to the hub as ``name``. Returns its address.

    Args:
        path: a checkpoint.
        name: ``USER/NAME`` on the hub. A path with a dot, a slash or ~ at its start is a folder, which is only written.
        private: True if only you may see a new model.
        trusted: packages, besides isl's own, whose networks the checkpoint may name.

    Raises:
        InputError: a package is missing, you are not logged in, or the hub refuses.
    """
    if _is_local(name):
        save_pretrained(path, Path(name).expanduser(), trusted)
        return str(Path(name).expanduser())
    try:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    except ImportError:
        raise InputError(f"push={name}: {NEEDED}") from None
    with tempfile.TemporaryDirectory() as place:
        save_pretrained(path, Path(place) / "model", trusted)
        try:
            HfApi().create_repo(name, private=private, exist_ok=True)
            HfApi().upload_folder(repo_id=name, folder_path=f"{place}/model", commit_message="A recogniser of isl")
        except (HfHubHTTPError, HFValidationError, OSError) as error:
            reason = str(error).strip().splitlines()[0]
            raise InputError(f"push={name}: the hub refuses: {reason}; log in with 'hf auth login'") from None
    return f"https://huggingface.co/{name}"


def from_pretrained(name: str | Path, trusted: Sequence[str] = ()) -> Recognizer:
    """Returns the recogniser of a model's folder, or of ``USER/NAME`` on the hub.

    All values are checked as those of a checkpoint are: a model from the hub runs no code.

    Raises:
        InputError: there is no such model, a package is missing, or the model has content that is not allowed.
    """
    folder = Path(name).expanduser()
    if not folder.is_dir():
        if _is_local(str(name)):
            raise InputError(f"{name}: no such folder; push= writes one")
        folder = _download(str(name))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "model.ckpt"
        save_checkpoint(_read(folder), path)
        try:
            return Recognizer.load(str(path), trusted=trusted)
        except InputError as error:
            raise InputError(str(error).replace(str(path), str(name))) from None


def _read(folder: Path) -> Checkpoint:
    """Returns the checkpoint of a model's folder, whose values are not yet checked."""
    try:
        from safetensors import SafetensorError
        from safetensors.torch import load
    except ImportError:
        raise InputError(f"{folder}: {NEEDED}") from None
    weights, config = read_file(folder / WEIGHTS, MOST_BYTES), read_file(folder / CONFIG, MOST_VALUES_BYTES)
    try:
        described: Any = json.loads(config)
        state = load(weights)
        return Checkpoint(state=state, **{name: described[name] for name in KEYS})
    except (ValueError, KeyError, TypeError, RecursionError, SafetensorError):
        raise InputError(f"{folder}: {CONFIG} or {WEIGHTS} is damaged, or not from isl; push it again") from None


def _download(name: str) -> Path:
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    except ImportError:
        raise InputError(f"{name}: {NEEDED}") from None
    try:
        return Path(snapshot_download(name, allow_patterns=[WEIGHTS, CONFIG]))
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        reason = str(error).strip().splitlines()[0][:160]
        raise InputError(f"{name}: no such folder, and the hub does not give it: {reason}") from None


def _is_local(name: str) -> bool:
    return name.startswith((".", "/", "~")) or name.count("/") != 1


def _card(checkpoint: Checkpoint) -> str:
    """Returns the model's card for the hub."""
    about = checkpoint.about
    facts = [f"- {name}: {about[name]}" for name in ("protocol", "data", "date", "seconds") if name in about]
    return "\n".join(
        [
            "---\nlibrary_name: isl\ntags: [sign-language, indian-sign-language, landmarks, onnx]\n---",
            "# A recogniser of Indian Sign Language\n",
            f"{checkpoint.describe()}\n",
            *facts,
            f"\nWords: {', '.join(checkpoint.words)}\n",
            "    from isl.export.hub import from_pretrained\n",
            '    recognizer = from_pretrained("USER/NAME")\n',
            f"`{ONNX}` is the same network for other runtimes: landmarks `(batch, 60, 1662)` and aspect in.\n",
        ]
    )
