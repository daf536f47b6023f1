"""Time and memory by the size of a dataset: 700, 4,000 and 40,000 generated clips of 60 frames.

python tests/benchmarks/growth.py FOLDER [SIZES...] [--frames 60] [--picture growth.png]

FOLDER gets the clips, 0.4 MB each, and their cache (for 40,000 clips 35 GB in all); both are deleted at the end. Each
size is measured in a process of its own: seconds to read the files once, to start for the first and the second time,
to split and to verify, by the clock and of processor time ("cpu"), which a busy machine hardly changes; clips a second
of a training loop, forty steps on the features and augmentation of `experiment=best`; and the peak of memory that is
not mapped from files.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

STEPS = 40
BATCH = 32
TIMES = ("read", "first start", "second start", "split", "verify")


def write(root: Path, clips: int, frames: int = 60) -> None:
    """Write ``clips`` clips of 24 words by 40 signers. Each differs from all others in place, size and tremble."""
    from isl.data.synthetic import SyntheticClips
    from isl.landmarks import PARTS, is_found, resample

    few = SyntheticClips(words=24, signers=4, clips=2).load()
    rng = np.random.default_rng(0)
    for i in range(clips):
        source = i % len(few)
        clip = resample(np.array(few.clip(source)), frames)
        size, place = rng.uniform(0.8, 1.2, 2), rng.uniform(-0.1, 0.1, 2)
        for part in PARTS:
            points = part.of(clip)  # a view
            moved = points[..., :2] * size + place
            moved += rng.normal(0, 0.01, moved.shape)
            points[..., :2] = moved * is_found(clip, part)[:, None, None]
        folder = root / few.words[few.label[source]]
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / f"signer{i % 40}_{i}.npy", clip)


class Peak(threading.Thread):
    """Watches the memory of this process that is not mapped from files, in bytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0

    def run(self) -> None:
        while True:
            status = Path("/proc/self/status").read_text()
            self.most = max(self.most, int(status.split("RssAnon:")[1].split()[0]) * 1024)
            time.sleep(0.02)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Returns the seconds that ``work`` takes: by the clock, and of processor time."""
    started, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - used


def measure(root: Path, cache: Path) -> dict[str, float]:
    """Measure the dataset in ``root``, whose cache is not there yet."""
    import scipy.spatial  # noqa: F401
    import torch

    from isl.augment import Strong
    from isl.data.examination import examine
    from isl.data.folder import FolderClips
    from isl.data.module import SignData
    from isl.data.splits.splitters import Grouped
    from isl.features import BodyHands
    from isl.models.gru_attn import GRUAttention

    def files() -> Iterator[str]:  # one by one: a list of them, which ``rglob`` keeps too, would count as memory
        return (f"{folder}/{name}" for folder, _, names in os.walk(root) for name in names)

    count = sum(1 for _ in files())
    for path in islice(files(), 200):  # numpy and the disk are warm
        np.load(path)
    peak = Peak()
    peak.start()

    def read_all() -> None:
        for path in files():
            np.load(path)

    read = timed(read_all)
    peak.most = 0
    source = FolderClips(str(root), group=r"^(signer\d+)_", cache=str(cache))
    first, second = timed(source.load), timed(source.load)
    data = SignData(source, Grouped(folds=5), batch_size=BATCH)
    data.setup()
    split = timed(lambda: data.splitter(data.clips))
    data.face = False
    steps = {"tempo": "Tempo", "other_body": "OtherBody", "affine": "Affine", "missing": "Missing"}
    augment = Strong({name: {"_target_": f"isl.augment.{step}"} for name, step in steps.items()})
    features = BodyHands()
    net = GRUAttention(features.size, 24, hidden=32)
    optimizer = torch.optim.AdamW(net.parameters(), fused=True)

    def train(count: int) -> None:
        done = 0
        while done < count:
            for batch in data.train_dataloader():
                changed = augment.landmarks(batch)
                loss = torch.nn.functional.cross_entropy(net(features(*changed[::2])), batch.label)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                done += 1
                if done == count:
                    break

    train(3)
    train_time = timed(lambda: train(STEPS))
    verify = timed(lambda: examine(root))
    row: dict[str, float] = {"clips": count}
    for name, (wall, used) in zip(TIMES, (read, first, second, split, verify), strict=True):
        row |= {f"{name} s": wall, f"{name} cpu s": used}
    wall, used = (STEPS * BATCH / seconds for seconds in train_time)
    return {**row, "clips/s": wall, "clips/cpu s": used, "memory MB": peak.most / 1e6}


def draw(rows: list[dict[str, float]], picture: Path) -> None:
    """Draw time, throughput and memory over the number of clips."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3), layout="constrained")
    panels = ([f"{name} cpu s" for name in TIMES], ["clips/cpu s"], ["memory MB"])
    for axes, names in zip(figure.subplots(1, 3), panels, strict=True):
        for name in names:
            axes.plot([row["clips"] for row in rows], [row[name] for row in rows], "o-", label=name)
        axes.set(xscale="log", xlabel="clips", ylim=0)
        axes.legend(frameon=False)
    figure.savefig(picture)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sizes", type=int, nargs="*", default=[700, 4000, 40000])
    parser.add_argument("--frames", type=int, default=60, help="frames of a clip")
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    root, cache = asked.folder / "clips", asked.folder / "cache"
    if asked.measure:
        print(json.dumps(measure(root, cache)))
        return
    rows = []
    for size in asked.sizes:
        try:
            print(f"writing {size} clips: {timed(partial(write, root, size, asked.frames))[0]:.0f} s", flush=True)
            again = [sys.executable, __file__, str(asked.folder), "--measure"]
            said = subprocess.run(again, check=True, stdout=subprocess.PIPE, text=True).stdout
            rows.append(json.loads(said.splitlines()[-1]))
            print("  ".join(f"{name} {value:.4g}" for name, value in rows[-1].items()), flush=True)
        finally:
            shutil.rmtree(root, ignore_errors=True)
            shutil.rmtree(cache, ignore_errors=True)
    if asked.picture:
        draw(rows, asked.picture)


if __name__ == "__main__":
    main()
