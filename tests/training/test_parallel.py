from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from support.runs import train
from torch.nn import functional as F

from isl.data.synthetic import SyntheticClips
from isl.errors import InputError
from isl.models import processes
from isl.training.parallel import Place, companions
from isl.training.rows import DRAWING, BatchRows, OwnNoise
from isl.training.task import SignRecognition

RECIPE = (
    "features=body_hands",
    "model=multi_branch",
    "model.network.dim=8",
    "augment=strong",
    "callbacks=[last,average]",
    "logger=csv",
    "trainer.max_epochs=5",
    "trainer.accelerator=cpu",
    "trainer.gradient_clip_val=1.0",
    "batch_size=15",  # not divisible by two, as the last batch
)


def losses(folder: Path) -> dict[str, list[float]]:
    """The logged losses of every epoch."""
    with next(folder.rglob("metrics.csv")).open() as file:
        rows = list(csv.DictReader(file))
    names = ("train/loss", "val/loss", "train/top1")
    return {name: [float(row[name]) for row in rows if row.get(name)] for name in names}


@pytest.mark.slow
def test_two_processes_have_the_losses_of_one_and_leave_one_report(tmp_path):
    one = train(tmp_path / "one", *RECIPE)
    two = train(tmp_path / "two", *RECIPE, "trainer.devices=2", "trainer.strategy=ddp")
    expected, got = losses(one.folder), losses(two.folder)
    assert len(expected["train/loss"]) == 5
    for name, values in expected.items():
        assert got[name] == pytest.approx(values, abs=1e-4), name
    assert sorted(path.name for path in two.checkpoints.iterdir()) == ["best.ckpt", "last.ckpt"]
    report = [json.loads((run.folder / "report.json").read_text()) for run in (one, two)]
    assert report[1]["clips"] == report[0]["clips"] and report[1]["test"]["top1"] == report[0]["test"]["top1"]
    assert len((two.folder / "predictions.csv").read_text().splitlines()) == len(two.data.split.test) + 1


@pytest.mark.slow
@pytest.mark.parametrize("model", [("tcn", "model.dim=8"), ("stgcn", "model.widths=[8,8]", "model.strides=[1,1]")])
def test_networks_that_drop_channels_have_the_losses_of_one_process(model, tmp_path):
    recipe = (*RECIPE[:1], f"model={model[0]}", *model[1:], *RECIPE[3:6], "trainer.max_epochs=3", *RECIPE[7:])
    recipe = (*recipe, "augment=noise", "model.dropout=0.3")
    expected = losses(train(tmp_path / "one", *recipe).folder)
    got = losses(train(tmp_path / "two", *recipe, "trainer.devices=2", "trainer.strategy=ddp").folder)
    for name, values in expected.items():
        assert got[name] == pytest.approx(values, abs=1e-4), name


@pytest.mark.slow
def test_a_process_that_fails_ends_the_training_in_one_line(tmp_path):
    with (
        pytest.raises(InputError, match=r"trainer\.devices=2: process 1 ended: .*NoSuchClass"),
        companions(Place(0, 2, 1), {"run_dir": str(tmp_path)}, "isl.training.run.NoSuchClass"),
    ):
        pytest.fail("the block must not begin")


@pytest.mark.slow
def test_ctrl_c_ends_all_processes(tmp_path):
    folder = tmp_path / "run"
    command = [sys.executable, "train.py", "trainer.devices=2", "trainer.strategy=ddp", "trainer.accelerator=cpu"]
    quick = ["data.clips=3", "trainer.max_epochs=500", "callbacks=last", f"hydra.run.dir={folder}"]
    process = subprocess.Popen(
        [*command, *quick], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not (folder / "checkpoints" / "last.ckpt").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.2)
    others = children_of(process.pid)
    assert others
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130 and "to go on" in err and "Traceback" not in err
    assert not [pid for pid in others if Path(f"/proc/{pid}").exists()]


def children_of(parent: int) -> list[int]:
    def parent_of(pid: str) -> int:
        try:
            return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return 0

    return [
        int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and parent_of(path.name) == parent
    ]


def test_rows_of_all_processes_are_the_batch_and_their_weights_its_mean():
    x = torch.arange(7.0)
    parts = [BatchRows(rank, 3) for rank in range(3)]
    assert sorted(torch.cat([rows.of(x) for rows in parts]).tolist()) == x.tolist()
    mean = sum(rows.of(x).mean() * rows.weight(7) for rows in parts) / 3
    assert float(mean) == pytest.approx(float(x.mean()))
    assert BatchRows(2, 3).of(x[:2]).tolist() == [0.0] and BatchRows(2, 3).weight(2) == 0


def test_noise_is_that_of_the_whole_batch():
    x = torch.ones(5, 4, 6)

    def noise(x: torch.Tensor) -> list[torch.Tensor]:
        torch.manual_seed(0)
        shape = (len(x), 4)
        return [F.dropout(x, 0.5), torch.rand(*shape), torch.randn(*shape), torch.empty(shape).uniform_(2, 3)]

    whole = noise(x)
    for rank in range(2):
        rows = BatchRows(rank, 2)
        with rows.noise(5):
            own = noise(rows.of(x))
        for drawn, expected in zip(own, whole, strict=True):
            torch.testing.assert_close(drawn, rows.of(expected))


def test_own_noise_leaves_the_common_random_numbers_alone():
    x = torch.ones(3, 2)

    def noise(seed: int) -> list[torch.Tensor]:
        with OwnNoise(torch.Generator().manual_seed(seed)):
            beta = torch.distributions.Beta(0.4, 0.4).sample((3, 1))
            return [torch.rand(3, 2), torch.randn_like(x), torch.empty(3).uniform_(2, 3), torch.randperm(9), beta]

    torch.manual_seed(0)
    before = torch.get_rng_state()
    one, again, other = noise(1), noise(1), noise(2)
    assert torch.equal(torch.get_rng_state(), before) and len(DRAWING) > 20
    for drawn, same, differs in zip(one, again, other, strict=True):
        assert torch.equal(drawn, same) and not torch.equal(drawn, differs)


@pytest.mark.parametrize("rank", [0, 1])
def test_a_process_distorts_its_own_clips_as_one_process_would(rank, monkeypatch):
    names = ("Mirror", "Tempo", "OtherBody", "HandTurn", "Approach", "Affine", "Jitter", "Missing")
    task = SignRecognition(
        words=["a", "b"],
        features={"_target_": "isl.features.BodyHands"},
        model={"_target_": "isl.models.gru_attn.GRUAttention", "hidden": 4},
        augment={"_target_": "isl.augment.Strong", "steps": {n: {"_target_": f"isl.augment.{n}"} for n in names}},
        optimizer={"_target_": "torch.optim.AdamW", "lr": 1e-3},
        scheduler={"_target_": "torch.optim.lr_scheduler.ConstantLR"},
    )
    clips = SyntheticClips(words=3, signers=2, clips=1).load()
    batch = clips.batch(range(5), face=False)
    batch = batch._replace(label=batch.label % 2)
    torch.manual_seed(0)
    whole = task.distort(batch, BatchRows(0, 1))[0]
    sent: list[torch.Tensor] = []
    monkeypatch.setattr(processes, "gather", lambda x: sent.append(x) or torch.stack([x, x]))
    torch.manual_seed(0)
    task.distort(batch, BatchRows(rank, 2))
    own = whole[rank::2]
    torch.testing.assert_close(sent[0][: len(own)], own)
