"""The time of a training compared with bare PyTorch, and the wait before the first step.

    python tests/benchmarks/training.py            # about three minutes on two cores that do nothing else

Prints three figures: the epoch of ``experiment=insignia`` over a bare loop of the same network and batches (the two
alternate in one run), the seconds from the end of imports to the first step on 700 cached clips, and the seconds that
``python train.py --cfg job`` takes.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from lightning.pytorch import Callback

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.runs import config  # noqa: E402

from isl.data.clips import Batch  # noqa: E402
from isl.landmarks import CLIP_FRAMES, FRAME_SIZE  # noqa: E402
from isl.models.bilstm_attn import BiLSTMAttention  # noqa: E402
from isl.training.run import Run  # noqa: E402

WORDS, CLIPS, EPOCHS = 24, 700, 7


def dataset(root: Path) -> Path:
    """As many clips as Insignia has, of random numbers: what is in them does not matter here."""
    rng = np.random.default_rng(0)
    for i in range(CLIPS):
        folder = root / f"word{i % WORDS:02d}"
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / f"{i:03d}.npy", rng.random((CLIP_FRAMES, FRAME_SIZE), np.float32))
    return root


class BareLoop(Callback):
    """Before each epoch of Lightning's, one of the same network and batches without it; both are timed."""

    def __init__(self, run: Run) -> None:
        self.data = run.data
        self.net = BiLSTMAttention(FRAME_SIZE, WORDS)
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=3e-4, weight_decay=2e-4)
        self.bare: list[float] = []
        self.ours: list[float] = []
        self.started = 0.0

    def epoch(self) -> None:
        clips, split = self.data.clips, self.data.split
        self.net.train()
        for some in np.array_split(np.random.permutation(split.train), len(self.data.train_dataloader())):
            batch: Batch = clips.batch(some)
            loss = F.cross_entropy(self.net(batch.landmarks + 0.01 * torch.randn_like(batch.landmarks)), batch.label)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        self.net.eval()
        with torch.no_grad():
            for some in np.array_split(split.val, len(self.data.val_dataloader())):
                batch = clips.batch(some)
                F.cross_entropy(self.net(batch.landmarks), batch.label)

    def on_train_epoch_start(self, *_: object) -> None:
        now = time.perf_counter()
        if self.started:
            self.ours.append(now - self.started)  # training, validation, both checkpoints
        self.epoch()
        self.started = time.perf_counter()
        self.bare.append(self.started - now)


class FirstStep(Callback):
    at = 0.0

    def on_train_batch_end(self, *_: object) -> None:
        self.at = self.at or time.perf_counter()


def epoch_ratio(root: Path, folder: Path) -> None:
    options = ("experiment=insignia", "data=folder", f"data.root={root}", f"trainer.max_epochs={EPOCHS}")
    run = Run(config(folder / "epochs", *options, "callbacks.patience=null", small=False))
    bare = BareLoop(run)
    run.trainer.callbacks.insert(0, bare)
    run.fit()
    ours, theirs = bare.ours[1:], bare.bare[1 : EPOCHS - 1]  # the first epoch warms up
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"epoch: {statistics.median(ours):.2f} s, bare loop {statistics.median(theirs):.2f} s, ratio {ratio:.3f}")


def start_up(root: Path, folder: Path) -> None:
    for attempt in ("first start (reads the files)", "second start (from the cache)"):
        began = time.perf_counter()
        options = ("data=folder", f"data.root={root}", "trainer.max_epochs=1", "callbacks=last")
        run = Run(config(folder / "start", *options, small=False))
        first = FirstStep()
        run.trainer.callbacks.append(first)
        run.trainer.limit_train_batches = 1
        run.trainer.limit_val_batches = 0
        run.fit()
        print(f"{attempt}: {first.at - began:.2f} s to the end of the first step on {CLIPS} clips")


def cfg_job() -> None:
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "train.py", "--cfg", "job"], cwd=ROOT, check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
    print(f"python train.py --cfg job: median {statistics.median(seconds):.2f} s of {len(seconds)}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        import os

        os.environ["ISL_CACHE"] = f"{place}/cache"
        clips = dataset(Path(place) / "clips")
        cfg_job()
        start_up(clips, Path(place))
        epoch_ratio(clips, Path(place))
