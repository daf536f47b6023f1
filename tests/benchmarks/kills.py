"""Kills each training command at random moments, resumes it, and compares the result with an undisturbed one.

    python tests/benchmarks/kills.py --kills 30 --commands train refit adapt protocol sweep distill

A command is killed (SIGKILL) and started again with ``resume=true``, up to three times; then it finishes, its reports,
weights and files are compared with those of the undisturbed run, to the last digit, and it begins anew. The moments are
shares of the undisturbed run's processor time, spread evenly from the start to the end, so that they do not depend on
what else runs on the machine. Only kills that met a running command count. The exit code is 1 if anything differs. The
signs are generated; no data are needed.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import multiprocessing.process
import os
import shutil
import sys
import tempfile
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.kills import attend

SMALL = ("data.words=3", "data.signers=3", "data.clips=2", "callbacks.progress=null", "batch_size=8")
BRANCHES = ("features=body_hands", "model=conv_transformer", "augment=strong")


class Command(NamedTuple):
    """The options of a command, and Hydra's option for its folder."""

    options: tuple[str, ...]
    place: str = "hydra.run.dir"


MOST = 3  # kills of one run
PRELOADED = ["isl.training.run", "isl.training.refit", "isl.training.adaptation", "isl.training.distillation", "hydra"]
COMMANDS = {
    "train": Command((*SMALL, "trainer.max_epochs=8", "augment=noise")),  # default callbacks
    "refit": Command((*SMALL, *BRANCHES, "run=refit", "callbacks=last", "trainer.max_epochs=4")),
    "adapt": Command((*SMALL, "experiment=adapt", "split.column=group", "split.shots=1", "trainer.max_epochs=6")),
    "distill": Command((*SMALL, *BRANCHES, "run=distill", "trainer.max_epochs=5")),
    "protocol": Command((*SMALL, "protocol=kfold", "folds=2", "seed=0,1", "trainer.max_epochs=3"), "hydra.sweep.dir"),
    "sweep": Command(("-m", *SMALL, "optimizer.lr=1e-3,2e-3,3e-3", "trainer.max_epochs=3"), "hydra.sweep.dir"),
}
STARTS = {"adapt": "ckpt_path", "distill": "teacher"}  # commands that begin with a trained checkpoint


def work(folder: Path, command: Command, extra: tuple[str, ...]) -> None:
    """Run ``train.py`` in this process, with its results in ``folder`` and its output in ``folder.log``."""
    from isl.commands.train import main

    sys.argv = ["train.py", *command.options, *extra, f"{command.place}={folder}", "resume=true"]
    with folder.with_suffix(".log").open("a") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        main()


def start(folder: Path, command: Command, extra: tuple[str, ...]) -> BaseProcess:
    process = multiprocessing.get_context("forkserver").Process(target=work, args=(folder, command, extra))
    process.start()
    return process


def finish(folder: Path, command: Command, extra: tuple[str, ...]) -> float:
    """Run the command to its end; returns its seconds of processor time."""
    process = start(folder, command, extra)
    taken = attend(process)
    process.join()
    if process.exitcode:
        raise SystemExit(f"exit code {process.exitcode}: {folder.with_suffix('.log').read_text()[-3000:]}")
    return taken


def result(folder: Path) -> dict[str, object]:
    """Returns the reports, digests of the weights and the files of all runs under ``folder``, by their names."""
    from isl.recognition.archive import read_archive

    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_dir() or "tensorboard" in name:  # a file of curves for each start
            continue
        found[name] = None
        if path.name == "report.json":
            report = json.loads(path.read_text())
            found[name] = {key: value for key, value in report.items() if key not in ("command", "seconds_trained")}
        elif path.suffix == ".ckpt":
            digest = hashlib.sha256()
            for key, tensor in read_archive(path)["state_dict"].items():
                digest.update(key.encode() + tensor.numpy().tobytes())
            found[name] = digest.hexdigest()
        elif path.name in ("predictions.csv", "words.csv", "confusion.csv"):
            found[name] = path.read_text()
    return found


def differences(one: dict[str, object], other: dict[str, object]) -> list[str]:
    return [name for name in sorted({*one, *other}) if name not in one or name not in other or one[name] != other[name]]


def try_command(name: str, kills: int, place: Path, seed: int) -> tuple[int, int, float, list[str]]:
    """Returns the kills that met the command, the runs, processor seconds of an undisturbed one, and differences."""
    command = COMMANDS[name]
    extra: tuple[str, ...] = ()
    if name in STARTS:
        finish(place / "start", COMMANDS["train"], ())
        extra = (f"{STARTS[name]}={place / 'start' / 'checkpoints' / 'best.ckpt'}",)
    seconds = finish(place / "whole", command, extra)
    whole = result(place / "whole")
    rng, met, runs, wrong = np.random.default_rng(seed), 0, 0, []
    moments = list(rng.permutation((np.arange(kills) + rng.uniform(size=kills)) / kills))  # of runs from their start
    while met < kills:
        folder = place / f"killed{runs}"
        for resumed in range(MOST):
            process = start(folder, command, extra)
            attend(process, seconds * (rng.uniform() if resumed or not moments else moments.pop()))
            if not process.is_alive() or met == kills:
                break
            met += 1
            process.kill()
            process.join()
        else:
            process = start(folder, command, extra)
        process.join()
        if process.exitcode:
            wrong.append(f"run {runs}: exit code {process.exitcode}, {folder.with_suffix('.log').read_text()[-500:]}")
        wrong += [f"run {runs}: {path}" for path in differences(whole, result(folder))]
        runs += 1
        shutil.rmtree(folder)
    return met, runs, seconds, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--commands", nargs="+", choices=list(COMMANDS), default=list(COMMANDS))
    chosen = parser.parse_args()
    failed = False
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
    warm = multiprocessing.get_context("forkserver").Process(target=time.sleep, args=(0,))
    warm.start()  # the server imports torch, once for all runs
    warm.join()
    print("| command | kills | runs | processor seconds undisturbed | differences |\n|---|---|---|---|---|", flush=True)
    for name in chosen.commands:
        with tempfile.TemporaryDirectory() as place, contextlib.suppress(KeyboardInterrupt):
            met, runs, seconds, wrong = try_command(name, chosen.kills, Path(place), chosen.seed)
            print(f"| {name} | {met} | {runs} | {seconds:.1f} | {len(wrong)} |", flush=True)
            for line in wrong:
                print(line, flush=True)
            failed = failed or bool(wrong)
    sys.exit(failed)


if __name__ == "__main__":
    main()
