"""Odd options for every command: each is refused in one line, a training's within two seconds of processor time.

    python tests/benchmarks/options.py               # some 500 odd arguments: Hydra's syntax, groups, letters, flags
    python tests/benchmarks/options.py --tree 4      # every option of the config tree with 4 odd values each

An argument is right if the command ends by itself without a traceback, and either refuses it in one line that can be
printed, with exit code 2, or ends with exit code 0, 1 or 130. Others are shown, and the exit code is then 1. Commands
run in forks of this process: first without the heavy packages, to see what is refused before these are loaded, then
with torch, then with all. The time of loading is added to theirs. A training ends when it would begin.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

from omegaconf import DictConfig

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.odd_options import FLAGS, FORMS, HYDRA, MANY, NAMES, OTHERS, TREE_VALUES, VALUES

SECONDS = 2.0  # of processor time, for a refusal
WORK = 60  # seconds of processor time, for a command that does its work
PATIENCE = 900.0  # seconds by the clock, of a busy machine
MEMORY = 12 * 2**30  # bytes of address space
BEYOND = 77  # exit code of a command that wants to load a heavy package
LATE = ["lightning", "cv2", "mediapipe", "onnxruntime", "matplotlib", "transformers"]
STAGES = {  # modules that are loaded before, and packages that end a command
    "light": (
        ["isl.training.option_checks", "isl.training.endings", "pydantic.deprecated.decorator"],
        ["torch", *LATE],
    ),
    "torch": (["isl.training.parts", "isl.recognition.serving", "isl.recognition.recognizer"], LATE),
    "all": (["isl.training.run", "isl.training.rehearsal", "isl.training.refit", "isl.training.adaptation"], []),
}
COMMANDS = ["train", "infer", "live", "extract", "verify", "convert", "export", "ensemble", "info"]
SMALL = [
    *("data.words=2", "data.clips=2", "data.signers=3", "trainer.max_epochs=1", "calibration_draws=1"),
    *("model.hidden=8", "features=body", "callbacks.progress=null"),
]
NEEDED = {  # what a command needs besides the odd argument
    "infer": ["input=clip.npy", "ckpt_path=isl18"],
    "live": ["source=clip.npy", "display=none", "ckpt_path=isl18"],
    "extract": ["input=clips", "output=out"],
    "verify": ["input=clips"],
    "convert": ["input=clips", "output=converted"],
    "export": ["output=a.onnx", "ckpt_path=isl18"],
    "ensemble": ["members=[isl18,isl18]", "output=e.ckpt"],
    "train": SMALL,
}

BASES = {
    "train": [
        *([], ["experiment=best"], ["model=transformer", "scheduler=cosine_restarts"]),
        *(["model=tcn", "optimizer=sgd"], ["model=stgcn", "augment=strong"], ["run=refit", "callbacks=last"]),
        *(["model=conv_transformer", "logger=csv"], ["background=synthetic"]),
        *(["experiment=adapt", "ckpt_path=isl18"], ["experiment=distill", "teacher=isl18"]),
        *(["callbacks=[default,average]", "model=cnn_bilstm_attn"], ["split=few", "unknown=fold"]),
        *(["split=stratified"],),
    ],
    **{name: [[]] for name in COMMANDS if name != "train"},
}


class Attempt(NamedTuple):
    """The end of a command: exit code (negative: killed by a signal), what it said, processor seconds, bytes."""

    code: int
    shown: str
    said: str
    seconds: float
    memory: int


class _Beyond:
    """Ends the process when it is about to load one of the ``packages``, of which it may look for the files."""

    def __init__(self, packages: list[str]) -> None:
        self.modules = tuple(f"{package}." for package in packages)

    def find_spec(self, name: str, *_: object) -> None:
        if name.startswith(self.modules):
            os._exit(BEYOND)


def attempt(command: list[str], beyond: list[str]) -> Attempt:
    folder = Path(tempfile.mkdtemp())
    (folder / "work").mkdir()
    shutil.copytree(SOUND, folder / "work", dirs_exist_ok=True)
    pid = os.fork()
    if not pid:
        for stream, place in ((0, "/dev/null"), (1, folder / "shown"), (2, folder / "said")):
            os.dup2(os.open(place, os.O_CREAT | os.O_RDWR), stream)
        os.setsid()
        os.chdir(folder / "work")
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (WORK, WORK))
        sys.meta_path.insert(0, _Beyond(beyond))
        sys.argv = [f"isl-{command[0]}", *command[1:]]
        code = 70
        try:
            MAINS[command[0]]()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except BaseException:
            import traceback

            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    began = time.monotonic()
    while True:
        done, status, used = os.wait4(pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() - began > PATIENCE:
            os.killpg(pid, 9)
        time.sleep(0.01)
    text = {name: (folder / name).read_bytes().decode(errors="backslashreplace") for name in ("shown", "said")}
    shutil.rmtree(folder, ignore_errors=True)
    return Attempt(
        os.waitstatus_to_exitcode(status), **text, seconds=used.ru_utime + used.ru_stime, memory=used.ru_maxrss << 10
    )


def fault(command: str, end: Attempt) -> str:
    """Returns the fault of a command's end, "" if it has none."""
    lines = [line for line in end.said.splitlines() if line.strip()]
    if end.code < 0:
        return f"HANGS or killed by signal {-end.code}"
    if "Traceback" in end.said or "Traceback" in end.shown or end.code == 70:
        return "TRACEBACK"
    if end.code == 2:
        if len(lines) != 1 and "To get it:" not in end.said:
            return f"{len(lines)} LINES"
        if len(lines[0]) > 1100 or not all(map(str.isprintable, lines)):
            return "A LINE that cannot be printed or is too long"
        return f"{end.seconds:.1f} SECONDS" if end.seconds > SECONDS and command == "train" else ""
    return "" if end.code in (0, 1, 130, BEYOND) else f"EXIT CODE {end.code}"


def end_where_a_training_begins() -> None:
    from isl.training import rehearsal

    rehearse = rehearsal.rehearse

    def rehearse_and_end(cfg: DictConfig) -> NoReturn:
        rehearse(cfg)
        os._exit(0)

    rehearsal.rehearse = rehearse_and_end


def odd_commands() -> Iterator[list[str]]:
    for name in NAMES:
        for value in VALUES if name in ("seed", "model") else VALUES[:: len(NAMES)]:
            yield ["train", *SMALL, f"{name}={value}"]
    for form in (*FORMS, *HYDRA):
        yield ["train", *SMALL, form]
    for form in MANY:
        yield ["train", "-m", *SMALL, form]
    for flag in FLAGS:
        yield ["train", *SMALL, flag]
        yield ["infer", *NEEDED["infer"], flag]
    place = 0
    for command, names in OTHERS.items():
        for name in names:
            for _ in range(6):
                place += 7
                needed = [word for word in NEEDED.get(command, []) if not word.startswith(f"{name}=")]
                yield [command, *needed, f"{name}={VALUES[place % len(VALUES)]}"]


def leaves(tree: object, path: str = "") -> list[str]:
    if not isinstance(tree, dict) or not tree:
        return [path]
    return [leaf for name in tree for leaf in leaves(tree[name], f"{path}.{name}".lstrip("."))]


def tree_commands(count: int, seed: int) -> Iterator[list[str]]:
    """Yields every option of every command, each once, with ``count`` of the odd values."""
    from hydra import compose, initialize_config_dir
    from omegaconf import OmegaConf

    from isl.config.app import CONF

    draw = random.Random(seed)
    for command, bases in BASES.items():
        known: set[str] = set()
        for base in bases:
            with initialize_config_dir(str(CONF), version_base="1.3"):
                cfg = compose(command, base)
            for leaf in leaves(OmegaConf.to_container(cfg, resolve=False)):
                if leaf not in known and not leaf.startswith("hydra"):
                    known.add(leaf)
                    small = [word for word in NEEDED.get(command, []) if not word.startswith(("model", "features"))]
                    needed = [word for word in small if word.partition("=")[0] != leaf and word[:4] != "data"]
                    data = [word for word in small if word[:4] == "data" and word.partition("=")[0] != leaf]
                    for value in draw.sample(TREE_VALUES, count):
                        yield [command, *base, *needed, *data, f"{leaf}={value}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tree", type=int, default=0, metavar="VALUES", help="values for each option of the tree")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--part", default="0/1", help="1/2: the second half of the arguments")
    parser.add_argument("--only", nargs="+", default=[""], help="arguments that contain one of these texts")
    parser.add_argument("--all", action="store_true", help="show every line that a command says")
    parser.add_argument("--light", action="store_true", help="only what is refused before heavy packages are loaded")
    chosen = parser.parse_args()
    commands = list(tree_commands(chosen.tree, chosen.seed) if chosen.tree else odd_commands())
    number, parts = map(int, chosen.part.split("/"))
    commands = [
        command for command in commands[number::parts] if any(text in " ".join(command) for text in chosen.only)
    ]
    began = time.process_time()
    MAINS.update({name: importlib.import_module(f"isl.commands.{name}").main for name in COMMANDS})
    from hydra.core.override_parser.overrides_parser import OverridesParser

    OverridesParser.create().parse_override("a=1")
    counts: Counter[str] = Counter()
    loading, slowest = [], 0.0
    for name, (modules, packages) in STAGES.items():
        for module in modules:
            importlib.import_module(module)
        loading.append(time.process_time() - began)
        if "isl.training.run" in modules:
            end_where_a_training_begins()
        beyond = []
        for command in commands:
            end = attempt(command, packages)
            end = end._replace(seconds=end.seconds + loading[-1])
            if end.code == BEYOND:
                beyond.append(command)
                continue
            wrong = fault(command[0], end)
            slowest = max(slowest, end.seconds if end.code == 2 and command[0] == "train" else 0)
            counts[wrong.split()[-1] if wrong else f"exit {end.code}"] += 1
            if wrong or chosen.all:
                words = " ".join(word if len(word) < 100 else f"{word[:60]}..." for word in command).encode(
                    "ascii", "backslashreplace"
                )
                print(f"{wrong or 'right'} | {words.decode()} | {end.code} | {end.said[-300:]!r}", flush=True)
        print(
            f"{name}: {len(commands) - len(beyond)} of {len(commands)} ended, {loading[-1]:.1f} s to load", flush=True
        )
        commands = beyond
        if chosen.light:
            break
    print(f"{dict(counts)}; {len(commands)} not tried to the end; slowest refusal of a training {slowest:.1f} s")
    sys.exit(any(not name.startswith("exit") for name in counts))


MAINS: dict[str, Callable[[], object]] = {}
SOUND = Path(tempfile.mkdtemp())  # copied into the working folder of every command

if __name__ == "__main__":
    import numpy as np

    for word in ("Doctor", "Fever"):
        (SOUND / "clips" / word).mkdir(parents=True)
        for i in range(2):
            np.save(SOUND / "clips" / word / f"{i}.npy", np.random.default_rng(i).random((20, 1662), np.float32))
    np.save(SOUND / "clip.npy", np.zeros((60, 1662), np.float32))
    try:
        main()
    finally:
        shutil.rmtree(SOUND, ignore_errors=True)
