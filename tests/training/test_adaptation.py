from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pytest
import torch
from omegaconf import OmegaConf
from support.runs import config, train

from isl.errors import InputError
from isl.models.network import build_network
from isl.recognition.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from isl.recognition.ensembles import load_ensemble
from isl.recognition.recognizer import Recognizer
from isl.training.adaptation import Adaptation, grow, interpolate_weights, vocabulary

BASE = ("model=conv_transformer", "features=body_hands", "callbacks=last", "optimizer.lr=3e-3", "batch_size=4")
NEW = ("experiment=adapt", "split.column=group", "split.shots=1", "data.words=4", "trainer.max_epochs=2")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return train(tmp_path_factory.mktemp("trained"), *BASE, "trainer.max_epochs=10")


@pytest.fixture(scope="module")
def adapted(trained, tmp_path_factory):
    before = hashlib.sha256(trained.best_path.read_bytes()).digest()
    run = train(tmp_path_factory.mktemp("adapted"), *NEW, f"ckpt_path={trained.best_path}")
    assert hashlib.sha256(trained.best_path.read_bytes()).digest() == before
    return run


@pytest.mark.slow
def test_old_words_keep_their_places_and_new_ones_come_behind(trained, adapted):
    old, new = trained.data.words, adapted.data.words
    assert new[: len(old)] == old and len(new) == 4 and new != sorted(new)
    for name, label in zip(adapted.data.clips.name, adapted.data.clips.label, strict=True):
        assert name.split("/")[0] == new[label]
    assert load_checkpoint(adapted.best_path).words == new == Recognizer.load(adapted.best_path).words


def test_the_vocabulary_grows_by_words_of_another_spelling():
    assert vocabulary(["Zebra", "father"], ["Apple", "Father"]) == ["Zebra", "father", "Apple"]


def changed(small: torch.nn.Module, large: torch.nn.Module) -> set[str]:
    """The names of the tensors whose shapes differ."""
    other = large.state_dict()
    return {name for name, tensor in small.state_dict().items() if other[name].shape != tensor.shape}


@pytest.mark.parametrize("model", ["conv_transformer", "bilstm_attn", "lstm"])
def test_the_head_grows_and_old_columns_answer_as_before(model, tmp_path):
    cfg = config(tmp_path, f"model={model}").model
    small, large = (build_network(dict(cfg), inputs=7, words=words).eval() for words in (3, 5))
    start = Checkpoint(["a", "b", "c"], {}, {}, dict(small.state_dict()))
    large.load_state_dict(grow(start, large.state_dict(), [0, 1, 2, None, None], changed(small, large)))
    x = torch.randn(2, 60, 7)
    torch.testing.assert_close(large(x)[:, :3], small(x))


def test_the_head_of_every_branch_grows(tmp_path):
    cfg: Any = OmegaConf.to_container(config(tmp_path, "model=multi_branch").model)
    views = {"shape": 3, "arms": 2, "motion": 2}
    networks: list[Any] = [build_network(cfg, 7, words, views=views).eval() for words in (3, 5)]
    small, large = networks
    small.weights.copy_(torch.tensor([0.1, 0.2, 0.3, 0.4]))
    start = Checkpoint(["a", "b", "c"], {}, {}, dict(small.state_dict()))
    large.load_state_dict(grow(start, large.state_dict(), [0, 1, 2, None, None], changed(small, large)))
    x = torch.randn(2, 60, 7)
    torch.testing.assert_close(large.branch_logits(x)[..., :3], small.branch_logits(x))
    assert torch.equal(large.weights, small.weights)


def test_it_begins_where_the_checkpoint_ended(trained, tmp_path):
    run = Adaptation(config(tmp_path, *NEW[:3], f"ckpt_path={trained.best_path}"))  # no new words
    served = Recognizer.load(trained.best_path)
    batch = run.data.clips.batch(run.data.split.test)
    torch.testing.assert_close(
        run.task.eval()(batch.landmarks, batch.aspect), served.logits(batch.landmarks, batch.aspect)
    )
    assert run.task.hparams["features"] == load_checkpoint(trained.best_path).features


@pytest.mark.slow
def test_weights_learn_and_statistics_stay(trained, adapted):
    old, new = (load_checkpoint(run.best_path).state for run in (trained, adapted))
    assert adapted.trainer.current_epoch == 2  # not resumed behind the tenth epoch
    statistics = [name for name in old if "running" in name]
    assert statistics and all(torch.equal(old[name], new[name]) for name in statistics)
    assert not torch.equal(old["model.stem.weight"], new["model.stem.weight"])


def test_part_of_the_way_back_to_the_old_weights_new_words_excepted():
    old = {"body": torch.zeros(2, 2), "head": torch.zeros(3, 1), "scale": torch.zeros(()), "count": torch.tensor(5)}
    new = {"body": torch.ones(2, 2), "head": torch.ones(4, 1), "scale": torch.ones(()), "count": torch.tensor(9)}
    state = interpolate_weights(old, new, 0.25, [0, 1, 2, None], {"head"})
    assert state["body"].eq(0.75).all() and state["scale"] == 0.75 and state["count"] == 9
    assert state["head"].flatten().tolist() == [0.75, 0.75, 0.75, 1.0]
    assert new["head"].eq(1).all()


@pytest.mark.slow
def test_weights_are_pulled_back_by_the_share_of_old_words_without_clips(adapted, tmp_path):
    """Adapted to three of four words, a quarter of the way."""
    start = load_checkpoint(adapted.best_path)
    run = train(tmp_path, *NEW[:3], f"ckpt_path={adapted.best_path}", "trainer.max_epochs=2", "adapt.keep=1")
    trained = load_checkpoint(tmp_path / "checkpoints" / "last.ckpt")
    for name, value in load_checkpoint(run.best_path).state.items():
        if value.is_floating_point():
            torch.testing.assert_close(value, trained.state[name].lerp(start.state[name], 0.25))


@pytest.mark.slow
def test_weights_are_not_pulled_back_if_every_old_word_has_clips(trained, tmp_path):
    run = train(tmp_path, *NEW[:3], f"ckpt_path={trained.best_path}", "trainer.max_epochs=1", "adapt.keep=1")
    kept, last = (load_checkpoint(tmp_path / "checkpoints" / name).state for name in ("best.ckpt", "last.ckpt"))
    assert all(torch.equal(kept[name], last[name]) for name in last) and run.compared["kept"]["n"] > 0


@pytest.mark.slow
def test_gained_and_forgotten_accuracy_are_measured(trained, adapted):
    report = json.loads((adapted.folder / "report.json").read_text())
    old, new = Recognizer.load(trained.best_path), Recognizer.load(adapted.best_path)
    clips, split = adapted.data.clips, adapted.data.split

    def right(recognizer, indices):
        said = recognizer(clips.batch(indices).landmarks.numpy(), float(clips.aspect[indices[0]]))
        return float(np.mean(said.argmax(1) == clips.label[indices]))

    assert report["kept"]["n"] == len(split.val) > 0
    assert report["kept"]["top1"] == pytest.approx(right(new, split.val))
    assert report["kept_before"]["top1"] == pytest.approx(right(old, split.val))
    assert report["before"]["top1"] == pytest.approx(right(old, split.test))
    assert report["test"]["top1"] == pytest.approx(right(new, split.test))
    assert report["adapted_from"] == str(trained.best_path)


@pytest.mark.slow
def test_a_new_signer_s_few_clips_help_without_any_old_ones(trained, tmp_path):
    run = train(
        tmp_path,
        "experiment=adapt",
        f"ckpt_path={trained.best_path}",
        "trainer.max_epochs=10",
        "data.clips=3",
        "data.seed=5",
    )
    report = json.loads((run.folder / "report.json").read_text())
    assert "kept" not in report and report["clips"]["val"] == 0
    old, new = load_checkpoint(trained.best_path).about, load_checkpoint(run.best_path).about
    assert (new["temperature"], new["reject"]) == (old["temperature"], old["reject"])  # nothing to fit them on
    assert report["test"]["top1"] >= report["before"]["top1"]


@pytest.mark.slow
def test_one_new_word_can_be_learnt_alone(trained, make_dataset, tmp_path):
    """As live.py records it, with nothing beside it; without a checkpoint there is nothing to tell it from."""
    root = make_dataset({"Zebra": ["a", "b", "c"]})
    folder = ("data=folder", f"data.root={root}")
    run = train(
        tmp_path / "run",
        "experiment=adapt",
        f"ckpt_path={trained.best_path}",
        *folder,
        "trainer.max_epochs=1",
        small=False,
    )
    assert load_checkpoint(run.best_path).words == [*trained.data.words, "Zebra"]
    with pytest.raises(InputError, match=r"one word only, Zebra.*experiment=adapt"):
        train(tmp_path / "alone", *folder, "split=none", small=False)


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ((), "ckpt_path=null"),
        (("ckpt_path=nowhere.ckpt",), "nowhere.ckpt: no such"),
        (("ckpt_path={ensemble}",), "an ensemble"),
        (("ckpt_path={misfit}",), "do not fit"),
        (("ckpt_path={trained}", "split.shots=99"), "split.shots=99"),
        (("ckpt_path={trained}", "split.shots=none"), "split.shots=none"),
    ],
)
def test_a_checkpoint_that_cannot_be_adapted_is_refused_in_one_line(overrides, says, trained, tmp_path):
    known = load_checkpoint(trained.best_path)
    save_checkpoint(load_ensemble([trained.best_path] * 2), tmp_path / "ensemble.ckpt")
    other = {**known.model, "dim": 2 * known.model["dim"]}
    save_checkpoint(Checkpoint(known.words, known.features, other, known.state, known.about), tmp_path / "misfit.ckpt")
    places = {"trained": trained.best_path, "ensemble": tmp_path / "ensemble.ckpt", "misfit": tmp_path / "misfit.ckpt"}
    with pytest.raises(InputError, match=says) as caught:
        train(tmp_path / "run", "experiment=adapt", *(override.format(**places) for override in overrides))
    assert "\n" not in str(caught.value)


def test_the_protocol_starts_each_direction_from_its_own_checkpoint(tmp_path):
    for fold, start in enumerate(("first.ckpt", "second.ckpt")):
        cfg = config(tmp_path, "protocol=few", "starts=[first.ckpt,second.ckpt]", f"split.fold={fold}", "seed=3")
        assert (
            cfg.ckpt_path == start and cfg.run._target_ == "isl.training.adaptation.Adaptation" and cfg.split.seed == 3
        )


def test_new_words_come_between_the_old_ones_and_the_background():
    old = {"head": torch.arange(10.0).view(5, 2)}  # two words, three signs of the background
    start = Checkpoint(["a", "b"], {}, {}, old, {}, ["x", "y", "z"])
    fresh = {"head": torch.full((6, 2), -1.0)}
    rows: list[int | None] = [0, 1, None, 2, 3, 4]
    state = grow(start, fresh, rows, {"head"})["head"]
    assert state[:, 0].tolist() == [0, 2, -1, 4, 6, 8]
    back = interpolate_weights(old, {"head": torch.zeros(6, 2)}, 1.0, rows, {"head"})["head"]
    assert back[:, 0].tolist() == [0, 2, 0, 4, 6, 8]
