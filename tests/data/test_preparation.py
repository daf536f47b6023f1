from __future__ import annotations

import threading

import pytest
import torch

from isl.data.module import SignData
from isl.data.preparation import Preparation, ahead
from isl.data.splits.splitters import Stratified
from isl.data.synthetic import SyntheticClips


def test_items_are_computed_in_order_and_one_ahead():
    computed: list[int] = []
    items = ahead(computed.append(i) or i for i in range(5))
    assert next(items) == 0 and next(items) == 1
    assert list(items) == [2, 3, 4] and computed == [0, 1, 2, 3, 4]


def test_an_error_is_raised_where_its_item_is_asked_for():
    items = ahead(1 // i for i in (1, 0, 1))
    assert next(items) == 1
    with pytest.raises(ZeroDivisionError):
        next(items)


@pytest.mark.parametrize("in_thread", [False, True])
def test_training_batches_are_prepared_anew_in_each_epoch_and_others_are_not(in_thread):
    data = SignData(SyntheticClips(words=3, signers=2, clips=4), Stratified(), batch_size=8)
    data.setup()
    expected = [batch.label for batch in data.train_dataloader()]
    epochs: list[int] = []
    threads = set()

    def start_epoch():
        epochs.append(len(epochs))

        def prepare(batch):
            threads.add(threading.current_thread())
            return epochs[-1], batch.label

        return prepare

    data.preparation = Preparation(start_epoch, ahead=in_thread)
    loader = data.train_dataloader()
    waiting = iter(loader)
    assert not epochs  # Lightning makes iterators before the epoch begins
    del waiting
    for epoch in range(2):
        prepared = list(loader)
        assert [number for number, _ in prepared] == [epoch] * len(expected)
        assert all(torch.equal(label, before) for (_, label), before in zip(prepared, expected, strict=True))
    assert (threading.current_thread() in threads) != in_thread
    assert len(next(iter(data.val_dataloader()))) == 3  # a plain batch
