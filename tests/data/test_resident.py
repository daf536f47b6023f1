from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from isl.data.folder import FolderClips
from isl.data.module import SignData
from isl.data.resident import ResidentClips, ResidentLoader, fits
from isl.data.splits.splitters import Stratified

MakeDataset = Callable[..., Path]


@pytest.fixture
def data(make_dataset: MakeDataset) -> SignData:
    return SignData(FolderClips(str(make_dataset())), Stratified(), batch_size=5, seed=3, epoch_clips=40)


def batches(data: SignData, epoch: int) -> list[list[np.ndarray]]:
    loaders = [data.train_dataloader(), data.val_dataloader(), data.test_dataloader()]
    loaders[0].sampler.set_epoch(epoch)  # type: ignore[union-attr]
    return [[np.asarray(value) for value in batch] for loader in loaders for batch in loader]


@pytest.mark.parametrize("face", [True, False])
def test_batches_on_a_device_equal_those_that_are_loaded(data: SignData, face: bool) -> None:
    data.face = face
    loaded = [batches(data, epoch) for epoch in range(2)]
    data.resident = ResidentClips(data.clips, face, torch.device("cpu"))
    assert isinstance(data.train_dataloader(), ResidentLoader)
    for epoch, expected in enumerate(loaded):
        for ours, theirs in zip(batches(data, epoch), expected, strict=True):
            for one, other in zip(ours, theirs, strict=True):
                np.testing.assert_array_equal(one, other)
    assert len(data.train_dataloader()) == sum(1 for _ in data.train_dataloader())


def test_clips_stay_in_the_computers_memory_without_a_gpu(data: SignData) -> None:
    data.place_on(torch.device("cpu"))
    assert data.resident is None


@pytest.mark.parametrize(("free", "room"), [(10, False), (10**9, True)])
def test_clips_go_to_a_gpu_with_room(data: SignData, monkeypatch: pytest.MonkeyPatch, free: int, room: bool) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (free, 10**10))
    assert fits(data.clips, True, torch.device("cuda")) is room
