"""Fixtures for all tests: real recordings if they are present, a separate cache, and small datasets on disk."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from support import quick
from support.people import random_clip

# No deadlines, because a busy machine is not a bug. In CI the examples are always the same, so that only a change of
# the code can make a test fail
derandomize = bool(os.environ.get("CI"))
settings.register_profile("project", deadline=None, derandomize=derandomize, max_examples=20)
settings.register_profile("thorough", deadline=None, derandomize=derandomize, max_examples=200)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "project"))

RECORDINGS = Path(os.environ.get("ISL_RECORDINGS") or Path(__file__).parents[2] / "shared" / "data")
LAYOUTS = ("files", "frame_i", "i")  # <clip>.npy, <clip>/frame_<i>.npy, <clip>/<i>.npy

MakeDataset = Callable[..., Path]


def pytest_configure(config: pytest.Config) -> None:
    """Gives a thread to each of several test processes (``-n``): more than one each would slow all of them down."""
    if getattr(config.option, "numprocesses", None):
        os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterable[None]:
    """Sets a temporary cache, so that no test reads or writes the user's cache of datasets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ISL_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True, scope="session")
def quick_tests() -> Iterable[None]:
    """Leaves out the pictures of reports, and makes equal generated datasets once."""
    with pytest.MonkeyPatch.context() as patch:
        quick.leave_out_pictures(patch)
        quick.generate_once(patch)
        yield


@pytest.fixture(autouse=True)
def own_logging() -> Iterable[None]:
    """Removes the handlers that Hydra gave to the log in this test: they write to an output that ends with it."""
    root = logging.getLogger()
    level, handlers = root.level, set(root.handlers)
    yield
    root.setLevel(level)
    for handler in set(root.handlers) - handlers:
        root.removeHandler(handler)


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports have their pictures in this test."""
    quick.draw_pictures(monkeypatch)


@pytest.fixture(scope="session")
def isl18() -> Path:
    """Landmarks of 18 words, 1,080 clips in two sessions."""
    return _recordings("isl18")


@pytest.fixture(scope="session")
def videos() -> Path:
    """Eight short videos, <word>/<clip>.avi."""
    return _recordings("videos")


SOME = 20  # frames of each recording whose landmarks the tests find; tests/benchmarks/extract.py uses all 60


@pytest.fixture(scope="session")
def landmarked(videos: Path) -> dict[Path, np.ndarray]:
    """The landmarks (20, 1662) of each of the eight videos. They are made once for all tests, as MediaPipe is slow."""
    from isl.vision.landmarking import landmark_video

    return {path: landmark_video(path, SOME)[0] for path in sorted(videos.glob("*/*.avi"))}


def _recordings(name: str) -> Path:
    if not (RECORDINGS / name).is_dir():
        pytest.skip(f"needs the recordings in {RECORDINGS / name}, which are not part of the project")
    return RECORDINGS / name


@pytest.fixture
def make_dataset(tmp_path: Path) -> MakeDataset:
    """Writes a dataset of random people; returns its root: ``make_dataset({"Doctor": ["a1", "a2"], ...}, layout=...)``.

    The same words, clips, frames and seed give the same numbers in every layout. ``layout`` may be a list; the clips
    use its layouts in turn. A clip has from ``frames[0]`` to ``frames[1]`` frames.
    """

    def make(
        clips: dict[str, list[str]] | None = None,
        layout: str | Iterable[str] = "files",
        frames: tuple[int, int] = (3, 12),
        seed: int = 0,
        root: Path | None = None,
    ) -> Path:
        clips = clips or {
            word: [f"{group}_{i}" for group in "ab" for i in range(4)] for word in ("Doctor", "Fever", "Pain")
        }
        root = root or tmp_path / "dataset"
        layouts = [layout] if isinstance(layout, str) else list(layout)
        rng = np.random.default_rng(seed)
        names = [(word, clip) for word in clips for clip in clips[word]]
        for i, (word, clip) in enumerate(names):
            data = random_clip(rng, int(rng.integers(frames[0], frames[1] + 1)))
            _write(root / word / clip, data, layouts[i % len(layouts)])
        return root

    return make


def _write(path: Path, data: np.ndarray, layout: str = "files") -> None:
    """Writes ``data`` (T, 1662) to ``path`` (without suffix) in one of the ``LAYOUTS``."""
    if layout == "files":
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path.with_name(f"{path.name}.npy"), data)
        return
    path.mkdir(parents=True)
    for i, frame in enumerate(data):
        np.save(path / (f"frame_{i}.npy" if layout == "frame_i" else f"{i}.npy"), frame)
