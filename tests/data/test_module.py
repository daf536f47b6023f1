from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightning as L
import numpy as np
import pytest
import torch
from omegaconf import OmegaConf
from support.configs import config

from isl.config.build import build
from isl.data.clips import Batch, Clips
from isl.data.elsewhere import own_options
from isl.data.folder import FolderClips
from isl.data.module import SignData
from isl.data.sampling import EpochOrder, repeats
from isl.data.splits.splitters import Stratified
from isl.data.synthetic import SyntheticClips
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE, resample, without_face

MakeDataset = Callable[..., Path]
CONF = Path(__file__).parents[2] / "conf"


@pytest.fixture
def data(make_dataset: MakeDataset) -> SignData:
    return SignData(FolderClips(str(make_dataset())), Stratified(), batch_size=4, seed=3)


def test_batches_are_the_clips_resampled(data: SignData) -> None:
    data.setup("fit")
    clips, left = data.clips, data.split.test.tolist()
    for batch in data.test_dataloader():
        assert isinstance(batch, Batch)
        assert batch.landmarks.dtype == torch.float32 and batch.label.dtype == torch.int64
        for landmarks, label, aspect in zip(*batch, strict=True):
            clip = left.pop(0)
            np.testing.assert_array_equal(landmarks.numpy(), resample(clips.clip(clip)))
            assert (int(label), float(aspect)) == (clips.label[clip], clips.aspect[clip])
    assert left == [] and len(clips) == 24


def test_each_loader_has_all_clips_of_its_side(data: SignData) -> None:
    for loader, side in (
        (data.train_dataloader(), data.split.train),
        (data.val_dataloader(), data.split.val),
        (data.test_dataloader(), data.split.test),
    ):
        labels = torch.cat([batch.label for batch in loader])
        assert sorted(labels.tolist()) == sorted(data.clips.label[side].tolist())
        assert len(loader) == -(-len(side) // 4)
    in_order = torch.cat([batch.landmarks for batch in data.test_dataloader()])
    assert torch.equal(in_order, data.clips.batch(data.split.test).landmarks)


def test_without_the_face_a_batch_has_the_other_numbers_alone(data: SignData) -> None:
    small = SignData(SyntheticClips(words=2, signers=2, clips=5), data.splitter)
    for source in (data, small):
        whole = [batch.landmarks.numpy() for batch in source.test_dataloader()]
        source.face = False
        short = [batch.landmarks.numpy() for batch in source.test_dataloader()]
        assert whole and all(batch.shape[-1] == 258 for batch in short)
        for one, other in zip(whole, short, strict=True):
            np.testing.assert_array_equal(without_face(one), other)


def test_setup_reads_and_splits_once(data: SignData, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Clips] = []
    load = data.source.load
    monkeypatch.setattr(data.source, "load", lambda: loads.append(load()) or loads[-1])
    for stage in ("fit", "validate", "test", "predict", None):
        data.setup(stage)
    assert len(loads) == 1 and data.words == ["Doctor", "Fever", "Pain"]


def test_warnings_of_the_split_are_printed_once(data: SignData, capsys: pytest.CaptureFixture[str]) -> None:
    source = data.source
    assert isinstance(source, FolderClips) and source.root
    np.save(source.root / "Pain" / "copy.npy", np.load(source.root / "Doctor" / "a_0.npy"))
    data.setup()
    data.setup()
    assert capsys.readouterr().err.count("split: 1 clips are copies of another word's clip") == 1


def test_loading_leaves_the_global_random_state_alone(data: SignData) -> None:
    data.setup()
    before = torch.get_rng_state()
    for loader in (data.train_dataloader(), data.val_dataloader()):
        for _ in loader:
            pass
    assert torch.equal(before, torch.get_rng_state())


def test_words_are_counted_as_an_epoch_has_them(data: SignData) -> None:
    data.setup()
    source, split = data.clips, data.split
    often = source.label == 0
    source.columns["times"] = ["3" if many else "" for many in often]  # as in clips.csv
    in_an_epoch = np.concatenate([batch.label.numpy() for batch in data.train_dataloader()])
    assert data.word_counts().tolist() == np.bincount(in_an_epoch, minlength=len(data.words)).tolist()
    assert data.word_counts()[0] == 3 * np.sum(often[split.train])


def test_order_is_a_permutation_that_depends_on_seed_and_epoch_alone() -> None:
    def order(seed: int, epoch: int) -> list[int]:
        sampler = EpochOrder(50, seed)
        sampler.set_epoch(epoch)
        return list(sampler)

    assert sorted(order(0, 0)) == list(range(50))
    assert order(0, 1) == order(0, 1)
    assert len({tuple(order(seed, epoch)) for seed in range(3) for epoch in range(3)}) == 9


@pytest.mark.parametrize("sessions", [1, 2])
def test_sources_keep_their_shares_of_an_epoch_whatever_the_number_of_clips(sessions: int) -> None:
    shares = ["isl18 0.52"] * 540 * sessions + ["greetings 0.42"] * 168 + ["rooms 0.06"] * 64
    counts = repeats(shares)
    total = [counts[np.array(shares) == name].sum() / counts.sum() for name in ("isl18 0.52", "greetings 0.42")]
    assert total == pytest.approx([0.52, 0.42], abs=0.05)
    assert counts[0] == 1 and counts[-1] == sessions  # the largest source once


@pytest.mark.parametrize("asked", [1, 20, 50, 1000])
def test_an_epoch_repeats_a_small_set_in_a_new_order_each_time(data: SignData, asked: int) -> None:
    few = SignData(data.source, data.splitter, batch_size=4, epoch_clips=asked)
    sampler = few.train_dataloader().sampler
    order, count = list(sampler), len(few.split.train)
    passes, rest = divmod(len(order), count)
    assert rest == 0 and len(sampler) == len(order)  # type: ignore[arg-type]
    assert passes == 1 or abs(len(order) - asked) <= count / 2
    rounds = [tuple(order[i * count : (i + 1) * count]) for i in range(passes)]
    assert all(sorted(one) == list(range(count)) for one in rounds) and len(set(rounds)) == passes


class Watching(L.LightningModule):
    """Learns nothing and remembers which clips it saw in which epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(()))
        self.seen: dict[int, list[float]] = {}

    def training_step(self, batch: Batch, _: int) -> torch.Tensor:
        self.seen.setdefault(self.current_epoch, []).extend(batch.landmarks[:, 0, 0].tolist())
        return self.weight * batch.landmarks.mean()

    def validation_step(self, batch: Batch, _: int) -> None:
        pass

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.1)


def trainer(epochs: int, folder: Path) -> L.Trainer:
    return L.Trainer(
        max_epochs=epochs, default_root_dir=folder, accelerator="cpu", logger=False, enable_progress_bar=False,
        enable_model_summary=False, enable_checkpointing=False,
    )  # fmt: skip


def test_resumed_training_meets_the_same_batches(data: SignData, tmp_path: Path) -> None:
    whole, first, rest = Watching(), Watching(), Watching()
    trainer(5, tmp_path).fit(whole, data)
    assert len({tuple(seen) for seen in whole.seen.values()}) == 5, "Lightning must set the epoch of the order"

    stopped = trainer(3, tmp_path)
    stopped.fit(first, SignData(data.source, Stratified(), batch_size=4, seed=3))
    stopped.save_checkpoint(tmp_path / "last.ckpt")
    torch.manual_seed(99)
    trainer(5, tmp_path).fit(
        rest,
        SignData(data.source, Stratified(), batch_size=4, seed=3),
        ckpt_path=tmp_path / "last.ckpt",
        weights_only=True,
    )
    assert first.seen | rest.seen == whole.seen
    assert sorted(rest.seen) == [3, 4]


@pytest.mark.parametrize("size", [0, -1, 2.5, "abc", True, None])
def test_batch_size_is_checked(data: SignData, size: object) -> None:
    with pytest.raises(InputError, match=r"batch_size=.*: give a whole number, 1 or more"):
        SignData(data.source, data.splitter, batch_size=size)  # type: ignore[arg-type]


def composed(*overrides: str) -> SignData:
    cfg = config("train", *overrides)
    chosen: Any = OmegaConf.to_container(OmegaConf.masked_copy(cfg, ["data", "split"]), resolve=True)
    return SignData(build(own_options(chosen["data"])), build(chosen["split"]))


@pytest.mark.parametrize("name", ["folder", "isl18", "include", "include24", "include50"])
def test_a_missing_dataset_is_refused_with_the_steps_to_get_it(name: str, tmp_path: Path) -> None:
    data = composed(f"data={name}", *([f"data.root={tmp_path}/absent"] if name.startswith("include") else []))
    with pytest.raises(InputError) as caught:
        data.setup()
    steps = {"folder": "isl-extract input=", "isl18": "git clone https://github.com/me-abhinav-1001"}
    assert steps.get(name, "https://zenodo.org/records/4010759") in str(caught.value)


def test_include_configs_find_words_as_include_spells_them(make_dataset: MakeDataset) -> None:
    fifty, medical = (composed(f"data={name}").source for name in ("include50", "include24"))
    assert isinstance(fifty, FolderClips) and isinstance(medical, FolderClips)
    assert fifty.words and medical.words and (len(fifty.words), len(medical.words)) == (50, 24)
    as_on_disk = {"biglarge": "83. big large", "youplural": "46. you (plural)", "tshirt": "42. T-Shirt"}
    root = make_dataset(
        {as_on_disk.get(word, word.title()): ["1", "2"] for word in [*fifty.words, "cold"]}, frames=(1, 1)
    )
    data = composed("data=include50", f"data.root={root}")
    assert len(data.source.load().words) == 50


@pytest.mark.parametrize(
    "split",
    [
        "auto",
        "stratified",
        "session data.group='^(s.)_'",
        "group split.column=take",
        "group split.pattern='^(s.)_' split.folds=2",
    ],
)
def test_split_configs_run_on_a_folder(make_dataset: MakeDataset, split: str) -> None:
    root = make_dataset({word: [f"s{s}_{i}" for s in (1, 2) for i in range(4)] for word in "ab"})
    rows = "".join(f"{word},s{s}_{i},{i}\n" for word in "ab" for s in (1, 2) for i in range(4))
    (root / "clips.csv").write_text("word,clip,take\n" + rows)
    data = composed("data=folder", f"data.root={root}", *f"split={split}".split())
    assert next(iter(data.train_dataloader())).landmarks.shape[1:] == (60, FRAME_SIZE)


def test_mp_data_of_the_public_repository_works_as_root(make_dataset: MakeDataset) -> None:
    root = make_dataset({word: [str(i) for i in range(60)] for word in ("Again", "How are you")}, "i", frames=(1, 2))
    data = composed("data=isl18", f"data.root={root}", "split=session", "split.fold=1")
    assert {data.clips.name[i].split("/")[1] for i in data.split.test} == {str(i) for i in range(30)}
    assert data.clips.aspect[0] == pytest.approx(4 / 3) and data.clips.seconds[0] == 3.0
    assert (
        composed("data=isl18", f"data.root={root}").split.protocol
        == composed("data=isl18", f"data.root={root}", "split=session").split.protocol
    )


@pytest.mark.slow
def test_isl18_is_divided_by_session(isl18: Path) -> None:
    data = composed("data=isl18", f"data.root={isl18}", "split=session")
    name = data.clips.name
    assert [len(side) for side in (data.split.train, data.split.val, data.split.test)] == [486, 54, 540]
    assert all(name[i].split("/")[1].startswith("s2_") for i in data.split.test)
    assert all(name[i].split("/")[1].startswith("s1_") for i in data.split.train)
    assert data.split.warnings == []
