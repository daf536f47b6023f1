"""Prints the facts for a bug report: versions, devices, the camera, the checkpoint."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from omegaconf import DictConfig

from isl import console
from isl.config.app import app
from isl.errors import InputError
from isl.version import __version__

LIBRARIES = ("torch", "lightning", "hydra-core", "mediapipe", "opencv-contrib-python", "numpy", "transformers")


@app("info")
def main(cfg: DictConfig) -> None:
    """Print one line for each fact. A missing library, camera or checkpoint is printed too and is not an error."""
    for name, value in _facts(cfg):
        console.out.print(f"{name:22} {value}", soft_wrap=True)


def _facts(cfg: DictConfig) -> Iterator[tuple[str, str]]:
    """Yields the facts as pairs of a name and a value."""
    yield "isl", __version__
    yield "Python", platform.python_version()
    yield "system", platform.platform()
    yield "cores", str(os.cpu_count())
    for library in LIBRARIES:
        yield library, _version(library)
    yield "devices", _devices()
    yield "camera", "not tried" if cfg.camera is None else _camera(cfg.camera)
    yield "checkpoint", _checkpoint(cfg.ckpt_path)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def _devices() -> str:
    import torch

    names = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        names.append("Apple GPU")
    threads = torch.get_num_threads()
    return ", ".join([*names, f"CPU with {threads} thread{'s' * (threads != 1)}"])


def _camera(number: int) -> str:
    """Returns the size of the camera's first picture, or the error message if there is none."""
    from isl.live.sources import Camera

    try:
        camera = Camera(number)
        _, picture = next(iter(camera))
        camera.close()
    except InputError as error:
        return str(error)
    return f"{number}: {picture.shape[1]} x {picture.shape[0]}"


def _checkpoint(chosen: str | None) -> str:
    """Returns the checkpoint that ``infer.py`` would use, its words and its test protocol; or the error message."""
    from isl.recognition.checkpoint import load_checkpoint
    from isl.recognition.locate import checkpoint_paths

    try:
        path = checkpoint_paths(chosen)[0]
        trained = load_checkpoint(path)
    except InputError as error:
        return str(error)
    return f"{path}: {len(trained.words)} words, {trained.about.get('protocol', 'not said how it was tested')}"


if __name__ == "__main__":
    main()
