"""Files that are none, in every place where a command takes a path: exit code, lines, seconds.

    python tests/benchmarks/files.py
    python tests/benchmarks/files.py --kinds pipe noise --places infer live

Beside each file of ``tests/support/strange_files.py`` lies a sound clip of the same word. A cell is right if the
command ends by itself, without a traceback, and refuses in one line of at most 1,000 letters that can be printed, or
goes on with the sound clip and names what it left out. Others are shown in full, and the exit code is then 1. The
commands run in processes that are forked from one with the heavy packages loaded; a training ends when it has read its
data, and a page when it would be served.
"""

from __future__ import annotations

import argparse
import ctypes
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.people import person_clip
from support.strange_files import KINDS, TRACE

ROOT = Path(__file__).parents[2]
SECONDS = 1200  # of a busy machine; all that waits for an endless file waits longer
LOADED = [
    *("hydra", "pydantic", "isl.training.run", "isl.recognition.inference", "isl.data.examination", "isl.live.sources"),
    *("isl.live.application", "isl.web.web", "isl.sentence", "isl.extract.command", "isl.training.adaptation"),
]
TRAIN = ["train", "data=folder", "trainer.max_epochs=1", "callbacks.progress=null", "logger=none", "split=none"]
OFFICIAL = [*TRAIN[:-1], "split=official"]
BACKGROUND = ["background=folder"]
LIVE = ["live", "display=none", "ckpt_path=isl18"]
PAGE = ["live", "display=web", "web.port=0"]
PLACES: dict[str, Callable[[str, Path], list[str]]] = {
    "infer": lambda path, _: ["infer", f"input={path}"],
    "infer folder": lambda _, root: ["infer", f"input={root}"],
    "live": lambda path, _: ["live", f"source={path}", "display=none"],
    "extract": lambda _, root: ["extract", f"input={root}", "output=out"],
    "verify": lambda _, root: ["verify", f"input={root}"],
    "convert": lambda path, _: ["convert", f"input={path}", "output=converted"],
    "train": lambda _, root: [*TRAIN, f"data.root={root}", "data.on_error=skip"],
    "checkpoint": lambda path, root: ["infer", f"input={root / 'Fever' / 'sound0.npy'}", f"ckpt_path={path}"],
    "resume": lambda path, _: ["train", f"ckpt_path={path}"],
    "teacher": lambda path, _: ["train", "experiment=distill", f"teacher={path}"],
    "table": lambda _, root: ["verify", f"input={root}"],
    "list": lambda path, _: ["extract", f"input={path}", "output=out"],
    "export": lambda path, _: ["export", "output=a.onnx", f"ckpt_path={path}"],
    "ensemble": lambda path, _: ["ensemble", f"members=[isl18,{path}]"],
    "page": lambda path, _: [*PAGE, f"ckpt_path={path}"],
    "adapt": lambda path, _: ["train", "experiment=adapt", f"ckpt_path={path}"],
    "info": lambda path, _: ["info", "camera=null", f"ckpt_path={path}"],
    "lists of a split": lambda path, root: [
        *TRAIN[:-1],
        f"data.root={sound(root)}",
        "split=official",
        f"split.train={path}",
    ],
    "words": lambda path, root: [*LIVE, f"source={clip(root)}", f"sentence.words={path}"],
    "words of a sentence": lambda path, _: ["sentence", "Mother, sick", f"--words={path}"],
    "language model": lambda path, root: [*LIVE, f"source={clip(root)}", "sentence=llama", f"sentence.model={path}"],
    "film": lambda path, root: [*LIVE, f"source={clip(root)}", f"film={path}"],
    "events": lambda path, root: [*LIVE, f"source={clip(root)}", f"events={path}"],
    "answers": lambda path, root: ["infer", f"input={clip(root)}", f"output={path}", "ckpt_path=isl18"],
    "exported": lambda path, _: ["export", f"output={path}", "ckpt_path=isl18"],
    "joined": lambda path, _: ["ensemble", "members=[isl18,isl18]", f"output={path}"],
    "certificate": lambda path, _: [*PAGE, "web.tls=true", f"web.cert={path}"],
    "package": lambda path, _: [*PAGE, f"web.holistic={path}"],
    "annotations": lambda path, _: ["extract", f"input={path}", "output=out"],
    # folders
    "root": lambda path, _: [*TRAIN, f"data.root={path}"],
    "test root": lambda path, root: [*TRAIN, f"data.root={sound(root)}", f"data.test_root={path}"],
    "background": lambda path, root: [
        *TRAIN,
        f"data.root={sound(root)}",
        "background=folder",
        f"background.root={path}",
    ],
    "cache": lambda path, root: [*TRAIN, f"data.root={sound(root)}", f"data.cache={path}"],
    "run directory": lambda path, root: [*TRAIN, f"data.root={sound(root)}", f"hydra.run.dir={path}"],
    "own configs": lambda path, _: ["train", f"--config-dir={path}", "--cfg=job"],
    "record": lambda path, root: [*LIVE, f"source={clip(root)}", "record.word=Fever", f"record.root={path}"],
    "record on a page": lambda path, _: [*PAGE, f"web.record={path}"],
    "extracted": lambda path, root: ["extract", f"input={root}", f"output={path}"],
    "converted": lambda path, root: ["convert", f"input={sound(root)}", f"output={path}"],
    "sheets": lambda path, root: ["verify", f"input={sound(root)}", "plot=true", f"sheets={path}"],
    "shared": lambda path, _: ["export", f"push={path}", "ckpt_path=isl18"],
    "clips of an export": lambda path, _: ["export", "output=a.onnx", f"clips={path}", "ckpt_path=isl18"],
}
FOLDERS = list(PLACES)[list(PLACES).index("root") :]
SUFFIX = {
    **dict.fromkeys(("live", "extract"), ".mp4"),
    **dict.fromkeys(("checkpoint", "ensemble", "resume", "teacher"), ".ckpt"),
    **{"export": ".pth", "page": ".onnx", "list": ".csv", "film": ".mp4", "events": ".jsonl", "answers": ".json"},
    **{"words": ".yaml", "words of a sentence": ".yaml", "language model": ".gguf", "lists of a split": ".txt"},
    **{"certificate": ".pem", "package": ".tgz", "exported": ".onnx", "joined": ".ckpt", "annotations": ".eaf"},
    **dict.fromkeys(("adapt", "info"), ".ckpt"),
}


def run(command: list[str], folder: Path) -> None:
    """Run a command in this process, in ``folder``, without root's rights over files, with its output in ``said``."""
    said = os.open(folder / "said", os.O_CREAT | os.O_WRONLY)
    for stream, place in (
        (0, os.open(os.devnull, os.O_RDONLY)),
        (1, os.open(folder / "shown", os.O_CREAT | os.O_WRONLY)),
    ):
        os.dup2(place, stream)
    os.dup2(said, 2)
    os.chdir(folder)
    os.environ["ISL_CACHE"] = str(folder / "cache")
    if os.getuid() == 0:  # no capability: version 3, this process, and three masks of zero, twice
        ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
    name, *arguments = command
    sys.argv = [f"isl-{name}", *arguments]
    if name == "train":
        from isl.training import rehearsal, run

        rehearsal.rehearse = lambda cfg: None
        run.Run.introduce = lambda self: sys.exit()
    elif "display=web" in arguments:
        from isl.web import web

        web.Web.run = lambda self: None
    sys.exit(import_module("isl.sentence.__main__" if name == "sentence" else f"isl.commands.{name}").main())


def sound(root: Path) -> Path:
    """Returns a folder with clips that are all sound, beside ``root``."""
    folder = root.with_name("sound")
    for word in ("Doctor", "Fever"):
        (folder / word).mkdir(parents=True, exist_ok=True)
        for i in range(2):
            np.save(folder / word / f"{i}.npy", person_clip(i)[:20])
    return folder


def clip(root: Path) -> Path:
    return root / "Fever" / "sound0.npy"


def attempt(place: str, kind: str, folder: Path) -> tuple[bool, str]:
    """Returns True if a command did well with a file of a kind, and what it said."""
    root = folder / "clips"
    for word in ("Doctor", "Fever"):
        (root / word).mkdir(parents=True)
        for i in range(2):
            np.save(root / word / f"sound{i}.npy", person_clip(i)[:20])
    path = root / ("clips.csv" if place == "table" else f"Doctor/theirs{SUFFIX.get(place, '.npy')}")
    if place in FOLDERS:
        path = folder / "theirs" / "here"
        path.parent.mkdir()
    before = set(path.parent.iterdir())
    KINDS[kind](path)
    made = [entry for entry in path.parent.iterdir() if entry not in before]
    path = made[0] if made and not os.path.lexists(path) else path
    process = multiprocessing.get_context("forkserver").Process(
        target=run, args=(PLACES[place](str(path), root), folder)
    )
    began = time.monotonic()
    process.start()
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
        return False, "HANGS"
    said = (folder / "said").read_bytes().decode(errors="backslashreplace")
    lines = [line for line in said.splitlines() if line.strip()]
    steps = lines and " are landmarks in " in "".join(lines[1:2])  # how to get the data, below the line
    refused = (
        process.exitcode == 2 and (len(lines) == 1 or steps) and len(said) < 1100 and all(map(str.isprintable, lines))
    )
    went_on = process.exitcode in (0, 1) and "Traceback" not in said and all(map(str.isprintable, lines))
    ran = TRACE.exists()
    TRACE.unlink(missing_ok=True)
    shown = f"{process.exitcode}, {len(lines)} lines, {time.monotonic() - began:.0f} s"
    if (refused or went_on) and not ran:
        return True, shown
    return False, f"{shown}{', RAN ITS CODE' if ran else ''}: {said[-600:]!r}"


def draw_cells(kinds: list[str], places: list[str], times: int, seed: int) -> list[tuple[str, str]]:
    """Returns ``times`` different places for each kind; every place comes about equally often."""
    draw, kinds, places = random.Random(seed), kinds[:], places[:]
    draw.shuffle(kinds)
    draw.shuffle(places)
    return [(kind, places[(i * times + j) % len(places)]) for i, kind in enumerate(kinds) for j in range(times)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--places", nargs="+", choices=list(PLACES), default=list(PLACES))
    parser.add_argument("--sample", type=int, default=0, metavar="PLACES", help="places drawn for each kind; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lines", action="store_true", help="show what every command said")
    chosen = parser.parse_args()
    multiprocessing.get_context("forkserver").set_forkserver_preload(LOADED)
    os.environ["OMP_NUM_THREADS"] = "1"
    cells = [(kind, place) for kind in chosen.kinds for place in chosen.places]
    if chosen.sample:
        cells = draw_cells(chosen.kinds, chosen.places, chosen.sample, chosen.seed)
    wrong = 0
    for kind, place in cells:
        folder = Path(tempfile.mkdtemp())
        right, shown = attempt(place, kind, folder)
        print(f"| {kind} | {place} | {shown if right else f'**{shown}**'} |", flush=True)
        if chosen.lines:
            print((folder / "said").read_bytes(), flush=True)
        for entry in folder.rglob("*"):
            if entry.is_dir() and not entry.is_symlink():
                entry.chmod(0o700)
        shutil.rmtree(folder)
        wrong += not right
    print(f"\n{len(chosen.kinds)} kinds, {len(chosen.places)} places, {len(cells)} cells, {wrong} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
