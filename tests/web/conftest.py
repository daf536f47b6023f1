"""The real page: a trained network behind a real server, the eight recordings, Holistic's own files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.chromium import browser
from support.configs import config
from support.pages import served

from isl.data.cache import cache_folder
from isl.errors import InputError

WEIGHTS = Path(__file__).parents[2] / "isl" / "weights" / "isl18.ckpt"
USERS_CACHE = cache_folder(None)  # before the tests get one of their own


@pytest.fixture(scope="session")
def trained() -> Path:
    """A checkpoint that knows the eight recordings' words."""
    path = Path(os.environ.get("ISL_CHECKPOINT") or WEIGHTS)
    if not path.is_file():
        pytest.skip("needs a trained checkpoint: isl/weights/isl18.ckpt, or the one that ISL_CHECKPOINT names")
    return path


@pytest.fixture(scope="session")
def holistic() -> Path:
    """The folder of @mediapipe/holistic: the user's own, or fetched."""
    from isl.web.assets import holistic_folder

    try:
        found = holistic_folder("fetch", USERS_CACHE / "web")
    except InputError as error:
        pytest.skip(f"needs {error}")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def page(trained: Path, holistic: Path) -> Iterator[int]:
    """The port of the page as ``live.py display=web`` serves it."""
    from isl.web.web import Web

    web = Web(config("live", "display=web", "web.port=0", "web.holistic=off", f"ckpt_path={trained}"))
    web.socket.close()
    web.site.holistic = holistic
    with served(web.site) as port:
        yield port


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, which looks for what people with disabilities can't use."""
    import shutil
    import subprocess
    import tarfile

    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm, to fetch axe-core")
    place = tmp_path_factory.mktemp("axe")
    done = subprocess.run([npm, "pack", "axe-core@4.14.1", "--silent"], cwd=place, capture_output=True, text=True)
    packages = list(place.glob("*.tgz"))
    if done.returncode or not packages:
        pytest.skip(f"npm can't fetch axe-core: {done.stderr[-200:]}")
    with tarfile.open(packages[0]) as archive:
        file = archive.extractfile("package/axe.min.js")
        assert file is not None
        return file.read().decode()
