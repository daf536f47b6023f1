"""New words begin as the mean of their clips: the nearest one is the answer, in any network."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
import torch
from support.folders import save_clips
from support.runs import config, train
from torch.nn import functional as F

from isl.recognition.checkpoint import load_checkpoint, update_checkpoint
from isl.recognition.recognizer import Recognizer
from isl.training.adaptation import Adaptation
from isl.training.prototypes import WON, last_layers, output_tensors, raise_words
from isl.training.task import SignRecognition

BASE = ("features=body_hands", "callbacks=last", "batch_size=4")
QUIET = ("callbacks.progress=null", "+trainer.enable_progress_bar=false", "logger=none")
NEW = ("experiment=adapt", "split=all", "split.validate=false", "adapt.old_words=false", "data.seed=5")


@pytest.fixture(scope="module", params=["multi_branch", pytest.param("bilstm_attn", marks=pytest.mark.slow)])
def start(request, tmp_path_factory):
    few = ("model.network.dim=16",) if request.param == "multi_branch" else ("model.hidden=16",)
    background = (
        "background=synthetic",
        "background.sources.synthetic.signs=9",
        "background.sources.synthetic.takes=2",
    )
    return train(tmp_path_factory.mktemp("start"), *BASE, f"model={request.param}", *few, *background).best_path


@pytest.fixture
def adaptation(start, tmp_path):
    return Adaptation(config(tmp_path, *NEW, "data.words=4", "data.signers=2", f"ckpt_path={start}"))


def test_the_nearest_mean_is_the_answer_of_every_branch(adaptation):
    task, data = adaptation.task.eval(), adaptation.data
    batch = data.clips.batch(data.split.train)
    layers = last_layers(task, adaptation.output_tensors)
    seen: list[list] = [[] for _ in layers]
    hooks = [
        layer.register_forward_pre_hook(lambda _, x, s=s: s.append(x[0])) for layer, s in zip(layers, seen, strict=True)
    ]
    with torch.no_grad():
        logits = task.branch_logits(batch.landmarks, batch.aspect)[..., : len(data.words)]
    for hook in hooks:
        hook.remove()
    assert len(layers) == logits.shape[1]
    for branch, (x,) in enumerate(seen):
        means = torch.stack([x[batch.label == word].mean(0) for word in range(len(data.words))])
        nearest = torch.cdist(x, means).argmin(1)
        assert torch.equal(logits[:, branch].argmax(-1), nearest)


def test_without_old_words_they_are_other_signs_with_their_old_rows(start, adaptation):
    old, data = load_checkpoint(start), adaptation.data
    assert data.words == sorted(data.words) and len(data.words) == 4
    kept = [sign for sign in (*old.words, *old.signs) if sign not in data.words]
    assert adaptation.task.signs == kept
    rows = [[*old.words, *old.signs].index(sign) for sign in kept]
    state = adaptation.task.state_dict()
    for name in adaptation.output_tensors:
        assert torch.equal(state[name][4:], old.state[name][rows].to(state[name]))


def test_only_tensors_with_a_row_for_each_output_grow(tmp_path):
    """A hidden layer that has as many rows as there are outputs is no output."""
    cfg = config(tmp_path, "model=conv_transformer", "model.dim=12", "model.heads=2")
    parts: Any = {name: dict(cfg[name]) for name in ("features", "model", "augment", "optimizer", "scheduler")}
    task = SignRecognition(words=[f"w{i}" for i in range(12)], **parts)
    assert output_tensors(dict(cfg.model), task.features, 12) == {"model.head.weight", "model.head.bias"}


def test_new_rows_are_as_large_as_old_ones(adaptation):
    for layer in last_layers(adaptation.task, adaptation.output_tensors):
        new, old = layer.weight[:4].norm(dim=1).mean(), layer.weight[4:].norm(dim=1).mean()
        torch.testing.assert_close(new, old)
        assert not F.cosine_similarity(layer.weight[0], layer.weight[1], dim=0).isnan()


def test_new_words_are_raised_until_most_of_their_clips_are_theirs(adaptation):
    task, tensors = adaptation.task.eval(), adaptation.output_tensors
    new = torch.tensor([False, False, True, True])
    logits = torch.randn(40, len(last_layers(task, tensors)), len(task.words) + len(task.signs))
    logits[..., 0] += 6  # an old word that wins nearly all
    before = [layer.bias.detach().clone() for layer in last_layers(task, tensors)]
    raise_words(task, logits, new, tensors)
    raised = [layer.bias.detach() - bias for layer, bias in zip(last_layers(task, tensors), before, strict=True)]
    assert all((by[2:4] > 1).all() and by[:2].eq(0).all() and by[4:].eq(0).all() for by in raised)
    own = task.model.combine(logits + raised[0])[:, : len(new)]
    assert new[own.argmax(1)].float().mean() == pytest.approx(WON, abs=1.5 / len(own))
    after = [layer.bias.detach().clone() for layer in last_layers(task, tensors)]
    raise_words(task, logits + 2 * raised[0], new, tensors)  # high enough already
    assert all(torch.equal(layer.bias, bias) for layer, bias in zip(last_layers(task, tensors), after, strict=True))


def test_new_words_alone_need_no_training_and_are_answers_beside_surer_old_ones(start, adaptation, tmp_path):
    old, sure = load_checkpoint(start), tmp_path / "sure.ckpt"
    shutil.copyfile(start, sure)
    biases = {name: old.state[name].clone() for name in adaptation.output_tensors if name.endswith("bias")}
    for bias in biases.values():
        bias[: len(old.words)] += 5
    update_checkpoint(sure, biases)
    root = tmp_path / "clips"
    for folder in save_clips(tmp_path / "made", words=2, signers=1, clips=3, seed=77).iterdir():
        (root / f"New {folder.name}").parent.mkdir(exist_ok=True)
        folder.rename(root / f"New {folder.name}")
    options = ("experiment=adapt", "data=folder", f"data.root={root}", "split=all", "split.validate=false")
    run = train(tmp_path / "run", *options, f"ckpt_path={sure}", *QUIET, small=False)
    served, given = load_checkpoint(run.best_path), load_checkpoint(sure)
    assert run.result["epochs"] == 0 and served.words == [*old.words, *run.data.words[len(old.words) :]]
    for name, value in given.state.items():
        if name not in run.output_tensors:
            assert torch.equal(served.state[name], value)
    clips = run.data.clips.batch(run.data.split.train)
    answer = Recognizer.load(run.best_path)(clips.landmarks.numpy(), float(clips.aspect[0])).argmax(1)
    assert (answer == clips.label.numpy()).mean() > 0.6
