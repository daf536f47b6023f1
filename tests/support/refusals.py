"""Every command that takes a checkpoint, on a file that it has to refuse, with its time and memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from support import hostile
from support.traced import environment

from isl.landmarks import FRAME_SIZE

ROOT = Path(__file__).parents[2]
COMMANDS = ("infer", "live", "page", "resume", "adapt", "teacher", "ensemble", "export")


class Refusal(NamedTuple):
    """The end of a command: exit code, standard error, seconds of processor time, and the largest memory in bytes.

    ``touched`` has a line for each deletion, connection, process, and file that was opened elsewhere.
    """

    code: int
    said: str
    seconds: float
    memory: int
    touched: list[str]


def prepare(folder: Path) -> None:
    """Writes what the commands need beside the checkpoint: a clip, and a sound checkpoint."""
    np.save(folder / "clip.npy", np.zeros((60, FRAME_SIZE), np.float32))
    torch.save(hostile.content(), folder / "sound.ckpt")


def refuse(command: str, path: Path) -> Refusal:
    """Run a command on the checkpoint at ``path``, in the folder of ``path``."""
    before = _files(path.parent)
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "touched.txt"
        traced = environment(Path(name) / "hook", log)
        env = {**os.environ, **traced, "OMP_NUM_THREADS": "1"}
        env["PYTHONPATH"] = os.pathsep.join([traced["PYTHONPATH"], str(ROOT)])
        measured = [sys.executable, "-S", "-c", MEASURE, *_arguments(command, path)]  # -S: itself not traced
        done = subprocess.run(measured, cwd=path.parent, env=env, capture_output=True, text=True, timeout=300)
        touched = log.read_text().splitlines() if log.is_file() else []
    touched += [f"gone or changed: {file}" for file in sorted(before - _files(path.parent))]
    seconds, peak = re.findall(r"measured ([0-9.]+) (\d+)", done.stdout)[-1]
    return Refusal(done.returncode, done.stderr, float(seconds), int(peak), touched)


def _files(folder: Path) -> set[tuple[str, float]]:
    """Returns the files and links in a folder with the times of their last changes."""
    return {(file.name, file.lstat().st_mtime) for file in folder.iterdir() if file.name != "outputs"}


def _arguments(command: str, path: Path) -> list[str]:
    train = ["-c", "from isl.commands.train import main; main()", "data.words=2", "data.clips=2", "data.signers=3"]
    return {
        "infer": [str(ROOT / "infer.py"), "input=clip.npy", f"ckpt_path={path}"],
        "live": [str(ROOT / "live.py"), "source=clip.npy", "display=none", f"ckpt_path={path}"],
        "page": [str(ROOT / "live.py"), "display=web", "web.port=0", f"ckpt_path={path}"],
        "resume": [*train, "model.hidden=4", "features=raw", f"ckpt_path={path}"],
        "adapt": [*train, "experiment=adapt", f"ckpt_path={path}"],
        "teacher": [*train, "experiment=distill", f"teacher={path}"],
        "ensemble": ["-c", "from isl.commands.ensemble import main; main()", f"members=[sound.ckpt,{path}]"],
        "export": ["-c", "from isl.commands.export import main; main()", "output=a.onnx", f"ckpt_path={path}"],
    }[command]


MEASURE = """
import resource, subprocess, sys
code = subprocess.run([sys.executable, *sys.argv[1:]]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("measured", used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
sys.exit(code)
"""
