"""A training run, from its config to a run directory that explains itself."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import torch
from support.folders import save_clips
from support.runs import config, train

from isl.config.build import class_of
from isl.recognition.archive import read_archive
from isl.recognition.checkpoint import load_checkpoint
from isl.recognition.recognizer import Recognizer
from isl.training.calibration import Calibration
from isl.training.outcome import DRY_RUN
from isl.training.refit import Refit
from isl.training.run import CHANGED, Run


def test_the_run_directory_can_be_understood_alone(run):
    there = {path.name for path in run.folder.iterdir()}
    assert {"report.json", "report.md", "model_card.md", "config.yaml", "predictions.csv"} <= there
    assert {"confusion.png", "reliability.png", "risk_coverage.png"} <= there
    assert {path.name for path in (run.folder / "checkpoints").iterdir()} == {"best.ckpt", "last.ckpt"}
    assert list((run.folder / "tensorboard").glob("bilstm_attn-BodyFeatures-seed0/events.*"))
    report = json.loads((run.folder / "report.json").read_text())
    assert set(report["test"]) >= {"top1", "top1_ci95", "top5", "macro_f1", "ece", "n"}
    assert report["words"] == run.data.words and report["seed"] == 0 and report["params"] > 0 and report["protocol"]


def test_the_report_equals_lightnings_metrics(run):
    measured = float(run.trainer.callback_metrics["test/top1"])
    assert json.loads((run.folder / "report.json").read_text())["test"]["top1"] == pytest.approx(measured)


def test_the_recognizer_gives_the_tested_predictions(run):
    np.testing.assert_allclose(run.evaluation.probabilities, served(run), atol=1e-5)


def served(run: Run) -> np.ndarray:
    """Returns the checkpoint's probabilities of each test clip."""
    assert run.best_path is not None
    recognizer, clips = Recognizer.load(run.best_path), run.data.clips
    return np.stack([recognizer(clips.clip(i), float(clips.aspect[i])) for i in run.data.split.test])


def test_the_checkpoint_describes_itself(run):
    trained = load_checkpoint(run.best_path)
    assert trained.words == run.data.words
    assert {"protocol", "seconds", "aspect", "scores", "isl", "seed"} <= set(trained.about)
    assert trained.about["scores"]["test"]["n"] == len(run.data.split.test)


@pytest.mark.slow
def test_numbers_depend_on_the_seed(run, tmp_path):
    again, other = train(tmp_path / "again"), train(tmp_path / "other", "seed=1")
    assert again.best_loss == run.best_loss != other.best_loss
    np.testing.assert_array_equal(again.evaluation.probabilities, run.evaluation.probabilities)


@pytest.mark.slow
@pytest.mark.parametrize(
    "recipe",
    [
        ("callbacks=default",),
        ("callbacks=last",),
        ("callbacks=last", "model=multi_branch", "model.network.dim=8", "features=body_hands"),
        ("background=synthetic", "background.sources.synthetic.signs=12", "background.sources.synthetic.takes=3"),
        ("callbacks=last", "run=refit", "elsewhere"),
        ("callbacks=last", "split=all", "elsewhere"),
    ],
    ids=["default", "last", "branches", "background", "elsewhere", "elsewhere alone"],
)
def test_nothing_is_chosen_on_test_clips(recipe, tmp_path):
    """Other test labels and landmarks, of the background and of another folder too, change nothing that is kept:

    no weight, epoch, temperature or threshold.
    """
    if "elsewhere" in recipe:
        recipe = (*recipe[:-1], f"data.test_root={save_clips(tmp_path / 'there')}")

    def outcome(folder, spoil):
        overrides = ("augment=strong", *recipe, "trainer.max_epochs=3", "callbacks.progress=null")
        unknown = () if "split=all" in recipe else ("unknown=words", "unknown.words=[point-chin-tap]")
        cfg = config(folder, *overrides, *unknown)
        run = class_of(cfg.run["_target_"])(cfg)
        if spoil:
            clips, background = run.data.clips, run.data.background.test
            there = np.concatenate([run.data.elsewhere, run.data.strange])
            assert len(there) or not run.config["data"]["test_root"]
            tested = np.concatenate([run.data.split.test, run.data.unknown, background, there]).astype(int)
            assert len(background) or not run.data.signs
            label, frames = clips.label.copy(), clips.frames.copy()
            for side in (run.data.split.test, run.data.elsewhere):
                label[side] = (label[side] + 1) % len(run.data.words)
            for i in tested:
                frames[clips.start[i] : clips.start[i + 1]] = np.random.default_rng(i).random((1, frames.shape[1]))
            run.data._clips = replace(clips, label=label, frames=frames)
            if isinstance(run, Refit):
                run.divided._clips = run.data._clips
        run.fit()
        run.calibrate()
        kept = torch.load(run.best_path, weights_only=True)
        chosen = {"epoch": kept["epoch"], "about": kept["about"], "loss": run.best_loss, "val": run.val}
        run.test()
        run.report()
        return kept["state_dict"], chosen, run.result["test"], run.result["rejection"]

    weights, chosen, scores, rejection = outcome(tmp_path / "a", spoil=False)
    same_weights, same_choice, other_scores, other_rejection = outcome(tmp_path / "b", spoil=True)
    assert same_choice == chosen and set(chosen["about"]) == {field.name for field in fields(Calibration)}
    assert all(torch.equal(value, same_weights[name]) for name, value in weights.items())
    assert other_scores != scores and other_rejection != rejection  # it was another test


def test_best_is_kept_only_for_a_fall_of_more_than_min_delta(tmp_path):
    run = train(tmp_path, "trainer.max_epochs=3", "callbacks.best.min_delta=1000")
    first = torch.load(tmp_path / "checkpoints" / "best.ckpt", weights_only=True)
    assert first["epoch"] == 0 and run.trainer.current_epoch == 3


def test_a_dry_run_keeps_nothing_and_reports_that_its_scores_mean_nothing(tmp_path, capsys):
    run = train(tmp_path, "trainer=debug", "batch_size=2")  # fewer than there are test clips
    assert run.best_path is None and len(run.evaluation.labels) == 2
    assert json.loads((tmp_path / "report.json").read_text())["warnings"] == [DRY_RUN]
    assert DRY_RUN in " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
def test_every_branch_has_its_own_loss(tmp_path):
    task = Run(config(tmp_path, "features=body_hands", "model=multi_branch", "model.network.dim=8")).task.eval()
    x = torch.randn(4, 60, task.features.size)
    target = torch.nn.functional.one_hot(torch.arange(4) % 2, len(task.words)).float()
    branches: Any = task.model.branches

    def gradients() -> list[torch.Tensor]:
        task.zero_grad()
        task.learn(x, target)[0].backward()
        return [parameter.grad.clone() for parameter in branches["handshape"].parameters()]

    loss, logits = task.learn(x, target)
    alone = [task.loss(each, target) for each in task.model.branch_logits(x).unbind(1)]
    torch.testing.assert_close(loss, sum(alone) / 4)
    torch.testing.assert_close(logits, task.model(x))
    before = gradients()
    with torch.no_grad():
        for parameter in branches["whole"].parameters():
            parameter.mul_(2)
    assert not torch.equal(task.learn(x, target)[0], loss)
    for gradient, again in zip(before, gradients(), strict=True):
        torch.testing.assert_close(again, gradient)


@pytest.mark.slow
def test_one_batch_can_be_overfitted(tmp_path):
    run = train(
        tmp_path, "trainer.max_epochs=40", "+trainer.overfit_batches=1", "optimizer.lr=3e-3", "callbacks.patience=null"
    )
    np.testing.assert_allclose(
        run.evaluation.probabilities, served(run), atol=1e-5
    )  # tested on test clips all the same
    batch = next(iter(run.data.train_dataloader()))
    logits = run.task.eval()(batch.landmarks, batch.aspect)
    assert (logits.argmax(-1) == batch.label).float().mean() > 0.95


def test_the_last_checkpoint_is_written_after_every_epoch(tmp_path):
    run = train(tmp_path, "trainer.max_epochs=3", "callbacks.best.min_delta=1000")  # only the first is the best
    assert read_archive(tmp_path / "checkpoints" / "last.ckpt")["epoch"] == 2
    assert read_archive(run.best_path)["epoch"] == 0


def test_a_report_says_that_the_dataset_was_changed_during_the_training(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("isl.data.synthetic.SyntheticClips.changed", lambda _: True, raising=False)
    train(tmp_path, "trainer.max_epochs=1")
    assert CHANGED in json.loads((tmp_path / "report.json").read_text())["warnings"]
    assert CHANGED in " ".join(capsys.readouterr().err.split())


def test_generated_signs_are_called_so_in_the_report_and_in_the_card(run):
    report, card = ((run.folder / name).read_text() for name in ("report.md", "model_card.md"))
    assert "generated signs, which no person makes" in report
    assert f"A recogniser of {len(run.data.words)} generated signs" in card and "Indian Sign Language" not in card
