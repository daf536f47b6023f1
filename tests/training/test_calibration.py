from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from scipy.special import softmax
from support.runs import train

from isl.augment import NoAugmentation
from isl.recognition.checkpoint import load_checkpoint
from isl.recognition.recognizer import Recognizer
from isl.training.calibration import calibrate, collect_answers, distort, fit_temperature, fit_weights


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two signers, so that validation clips are the training signer's; augmentation, so that they can be distorted."""
    data = ("data.words=4", "data.signers=2", "data.clips=4")
    return train(tmp_path_factory.mktemp("run"), "augment=strong", "unknown=fold", *data)


def test_the_checkpoint_keeps_what_was_fitted_and_the_recognizer_applies_it(run):
    about = load_checkpoint(run.best_path).about
    assert (about["temperature"], about["reject"]) == (run.calibration.temperature, run.calibration.reject)
    recognizer = Recognizer.load(run.best_path)
    batch = run.data.clips.batch(run.data.split.test)
    logits, _ = collect_answers(run.task, [batch])
    np.testing.assert_allclose(
        recognizer(batch.landmarks.numpy(), float(batch.aspect[0])),
        softmax(logits / about["temperature"], -1),
        atol=1e-5,
    )
    assert about["temperature"] != 1.0


def test_95_percent_of_right_answers_to_distorted_validation_clips_are_known(run):
    recognizer = Recognizer.load(run.best_path)
    branches, labels = distort(run.task, run.data.val_dataloader(), 10, run.seed)
    logits = branches[:, 0]
    probabilities = softmax(logits / recognizer.temperature, -1)
    right = probabilities.argmax(1) == labels
    assert recognizer.is_known(probabilities)[right].mean() >= 0.95
    assert (probabilities[right].max(1) > recognizer.reject).mean() < 0.95  # and no higher threshold lets as many pass
    assert fit_temperature(logits, labels) == pytest.approx(recognizer.temperature)


def test_calibration_depends_on_its_seed_and_not_on_the_global_generator(run):
    torch.manual_seed(3)
    first = calibrate(run.task, run.data.val_dataloader(), 2, seed=0)
    after = torch.rand(1)
    torch.manual_seed(3)
    assert torch.rand(1) == after
    assert calibrate(run.task, run.data.val_dataloader(), 2, seed=0) == first
    assert calibrate(run.task, run.data.val_dataloader(), 2, seed=1) != first


@pytest.mark.slow
def test_every_draw_distorts_clips_anew_and_without_distortion_there_is_one_draw(run, tmp_path):
    clips = len(run.data.split.val)
    branches, labels = distort(run.task, run.data.val_dataloader(), 3, seed=0)
    logits = branches[:, 0]
    assert len(logits) == 3 * clips and not np.allclose(logits[:clips], logits[clips : 2 * clips])
    np.testing.assert_array_equal(labels, np.tile(labels[:clips], 3))
    plain = train(tmp_path, "trainer.max_epochs=1")
    logits, _ = distort(plain.task, plain.data.val_dataloader(), 3, seed=0)
    assert len(logits) == len(plain.data.split.val)


def test_clips_are_distorted_twice_in_a_row(run, monkeypatch):
    class Later(NoAugmentation):
        """Every clip begins three frames later, and ends with those frames."""

        def landmarks(self, batch):
            return batch._replace(landmarks=batch.landmarks.roll(-3, 1))

    clips = run.data.val_dataloader()
    monkeypatch.setattr(run.task, "augment", Later())
    branches, _ = distort(run.task, clips, 1, seed=0)
    twice = [batch._replace(landmarks=batch.landmarks.roll(-6, 1)) for batch in clips]
    once = [batch._replace(landmarks=batch.landmarks.roll(-3, 1)) for batch in clips]
    expected, other = (collect_answers(run.task, batches, run.task.branch_logits)[0] for batches in (twice, once))
    np.testing.assert_allclose(branches, expected, atol=1e-6)
    assert np.abs(branches - other).max() > 1e-3


def test_left_out_words_are_reported_and_named_in_the_checkpoint(run):
    words, rejection = run.data.unknown_words, run.result["rejection"]
    assert load_checkpoint(run.best_path).about["left_out"] == words
    assert set(words).isdisjoint(run.result["words"])
    assert rejection["unknown"] == len(run.data.unknown) and rejection["known"] == len(run.data.split.test)
    sure = run.unknown.confidence
    assert rejection["accepted_unknown"] == pytest.approx((sure >= run.calibration.reject).mean())
    assert f"Left out of training: {words[0]}" in (run.folder / "report.md").read_text()
    clips = (run.folder / "predictions.csv").read_text()
    assert all(f"\n{run.data.clips.name[i]},{words[0]}," in clips for i in run.data.unknown)


def test_a_checkpoint_that_was_never_calibrated_takes_every_sign_for_known(run):
    trained = load_checkpoint(run.best_path)
    for name in ("temperature", "reject"):
        del trained.about[name]
    recognizer = Recognizer(trained)
    assert recognizer.temperature == 1.0
    assert recognizer.is_known(np.array([[0.5, 0.5], [0.9, 0.1]])).all()


@pytest.mark.slow
def test_branch_weights_are_fitted_and_kept_in_the_checkpoint(tmp_path):
    small = (
        "model=multi_branch",
        "model.network.dim=8",
        "features=body_hands",
        "augment=strong",
        "trainer.max_epochs=2",
    )
    run = train(tmp_path, *small)
    named = run.calibration.branch_weights
    weights = list(named.values())
    assert list(named) == ["whole", "handshape", "location", "movement"]
    assert min(weights) >= 0 and len(set(weights)) > 1
    torch.testing.assert_close(load_checkpoint(run.best_path).state["model.weights"], torch.tensor(weights))
    assert json.loads((run.folder / "report.json").read_text())["branch_weights"] == named
    recognizer, clips = Recognizer.load(run.best_path), run.data.clips.batch(run.data.split.test)
    branches = recognizer.model.branch_logits(recognizer.features(clips.landmarks, clips.aspect)).log_softmax(-1)
    product = (branches * torch.tensor(weights)[:, None]).sum(1) / run.calibration.temperature
    np.testing.assert_allclose(run.evaluation.probabilities, product.softmax(-1).detach(), atol=1e-5)


@pytest.mark.slow
def test_branch_weights_use_each_clip_once_without_distortion(tmp_path):
    run = train(tmp_path, "model=multi_branch", "model.network.dim=8", "features=body_hands", "trainer.max_epochs=1")
    branches, labels = distort(run.task, run.data.val_dataloader(), 10, 0)
    assert len(labels) == len(run.data.split.val)
    expected = fit_weights(branches, labels, len(labels))
    np.testing.assert_allclose(list(run.calibration.branch_weights.values()), expected)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A run with generated signs as its background."""
    data = ("data.words=3", "data.signers=2", "data.clips=4")
    background = ("background=synthetic", "background.sources.synthetic.signs=8", "background.held_out=0.3")
    return train(tmp_path_factory.mktemp("guarded"), "augment=strong", *background, *data)


@pytest.mark.slow
def test_a_background_is_in_the_checkpoint_and_never_an_answer(guarded):
    recognizer = Recognizer.load(guarded.best_path)
    signs = load_checkpoint(guarded.best_path).signs
    assert signs == guarded.data.signs and len(signs) > 0
    batch = guarded.data.clips.batch(guarded.data.split.test)
    probabilities = recognizer(batch.landmarks.numpy(), float(batch.aspect[0]))
    assert recognizer.words == guarded.data.words and probabilities.shape == (len(batch.label), 3)
    assert (probabilities.sum(1) <= 1 + 1e-6).all() and recognizer.decision.slope > 0  # the rest is "none of them"


@pytest.mark.slow
def test_a_share_of_right_answers_to_keep_becomes_a_threshold(guarded):
    recognizer = Recognizer.load(guarded.best_path)
    branches, labels = distort(guarded.task, guarded.data.val_dataloader(), 10, guarded.seed)
    probabilities = recognizer.decision(torch.from_numpy(branches[:, 0])).numpy()
    confidence = probabilities.max(1)[probabilities.argmax(1) == labels]
    assert recognizer.reject == recognizer.threshold(0.75)
    for keep in (0.5, 0.8, 0.95):
        recognizer.keep(keep)
        assert recognizer.reject == recognizer.threshold(keep)
        assert (confidence >= recognizer.reject).mean() >= keep
        assert (confidence > recognizer.reject).mean() <= keep
