"""The package as others meet it: an import, the built wheel, its commands in an empty folder."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import isl
from isl.config.app import CONF

ROOT = Path(__file__).parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^(isl-\w+) =", PYPROJECT, re.MULTILINE)


def test_importing_the_package_loads_nothing_heavy():
    code = "import isl, sys; from isl.config import app; print({'torch', 'cv2', 'mediapipe'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_the_recognizer_is_at_the_top():
    from isl import Recognizer
    from isl.recognition.recognizer import Recognizer as Same

    assert Recognizer is Same


@pytest.mark.parametrize("module", re.findall(r'^isl-\w+ = "([\w.]+):main"', PYPROJECT, re.MULTILINE))
def test_the_module_of_a_command_runs_it(module, monkeypatch, capsys):
    """An ending without a word would look like success."""
    monkeypatch.setattr(sys, "argv", [module, "--nothing-of-this-name"])
    monkeypatch.delitem(sys.modules, module, raising=False)  # ``python -m`` imports it afresh too
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(module, run_name="__main__")
    assert ended.value.code == 2 and "--nothing-of-this-name" in capsys.readouterr().err


def test_every_bound_has_its_reason_beside_it():
    lines = PYPROJECT.split("[project.scripts]")[0].split("dependencies = [", 1)[1].splitlines()
    bounds = [line for line in lines if re.search(r'"[\w.-]+[<>=]=?', line)]
    assert len(bounds) > 30
    assert [line for line in bounds if "#" not in line] == []


def locked() -> list[tuple[Requirement, int]]:
    """The requirements of .ci/constraints.txt, each with the number of its hashes."""
    text = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        requirement, *hashes = line.split("--hash=sha256:")
        found.append(
            (Requirement(requirement.strip()), len([h for h in hashes if re.fullmatch(r"[0-9a-f]{64}", h.strip())]))
        )
    return found


def test_the_locked_versions_are_within_the_bounds_and_have_hashes():
    versions: dict[str, list[str]] = {}
    for requirement, hashes in locked():
        (version,) = requirement.specifier
        assert version.operator == "==" and hashes, requirement
        versions.setdefault(canonicalize_name(requirement.name), []).append(version.version)
    bounds = PYPROJECT.split("[project.optional-dependencies]")[0].split("dependencies = [", 1)[1]
    for text in re.findall(r'^ {4}"([^"]+)"', bounds, re.MULTILINE):
        bound = Requirement(text)
        there = versions.get(canonicalize_name(bound.name), [])
        assert there and all(version in bound.specifier for version in there), text


def test_the_locked_versions_name_no_place():
    assert "://" not in (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with what the built wheel installs, without its dependencies."""
    place = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    built = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(place), str(ROOT)]
    subprocess.run([*pip, *built], check=True, timeout=300)
    (wheel,) = place.glob("isl-*.whl")
    site = place / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(site), str(wheel)], check=True, timeout=300)
    return site


def run(site: Path, folder: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(site), "OMP_NUM_THREADS": "1"}
    script = [sys.executable, str(site / "bin" / command), *arguments]
    return subprocess.run(script, cwd=folder, env=env, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_the_wheel_installs_every_command(installed, command, tmp_path):
    done = run(installed, tmp_path, command, "--help")
    assert done.returncode == 0 and command.removeprefix("isl-") in done.stdout, done.stderr
    assert not any(tmp_path.iterdir())


@pytest.mark.slow
def test_the_wheel_trains_and_answers_in_an_empty_folder_with_the_users_own_config(installed, tmp_path):
    (tmp_path / "mine" / "data").mkdir(parents=True)
    (tmp_path / "mine" / "data" / "few_signs.yaml").write_text(
        "defaults: [synthetic]\nwords: 3\nsigners: 3\nclips: 2\n", encoding="utf-8"
    )
    options = ["data=few_signs", "trainer.max_epochs=1", "callbacks.progress=null", "hydra.run.dir=run"]
    done = run(installed, tmp_path, "isl-train", "--config-dir", "mine", *options)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "report.json").is_file()
    assert str(installed) in run(installed, tmp_path, "isl-info", "--info", "config").stdout  # conf/ of the wheel
    said = run(installed, tmp_path, "isl-info", "camera=null", "ckpt_path=run/checkpoints/best.ckpt")
    assert "3 words" in said.stdout and isl.__version__ in said.stdout, said.stderr


def test_the_version_has_one_source():
    assert re.search(r'^dynamic = \["version"\]$', PYPROJECT, re.M)
    assert re.fullmatch(r"\d+\.\d+\.\d+", isl.__version__)


def test_every_command_has_its_config():
    assert len(COMMANDS) >= 7
    for command in set(COMMANDS) - {"isl-sentence"}:  # its argument is a sentence of glosses, not options
        assert (CONF / f"{command.removeprefix('isl-')}.yaml").is_file(), command
