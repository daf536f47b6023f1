from __future__ import annotations

import json
import shutil
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import torch
from support.folders import save_clips
from support.runs import config, train

from isl.config.app import CONF
from isl.config.build import class_of
from isl.errors import InputError
from isl.recognition.archive import read_archive, write_archive
from isl.recognition.checkpoint import load_checkpoint, save_checkpoint
from isl.recognition.recognizer import Recognizer
from isl.training.calibration import Calibration
from isl.training.refit import Refit
from isl.training.run import CHANGED, Run

GROUPS = ("features", "augment", "model", "optimizer", "scheduler", "trainer", "callbacks", "logger")
DEFAULT = ("trainer=debug", "trainer.max_epochs=1")  # one batch of what runs where nothing is said


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(tmp_path_factory.mktemp("run"))


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
    "further",
    [
        (),
        ("callbacks=[default,average]", "optimizer.decay_norms=false"),
        ("scheduler=cosine_restarts", "scheduler.T_0=1"),
        (
            "scheduler=constant",
            "scheduler._target_=torch.optim.lr_scheduler.ReduceLROnPlateau",
            "+scheduler.patience=0",
            "+scheduler.threshold=1.0",
            "~scheduler.total_iters",
            "scheduler.factor=0.5",
        ),
    ],
    ids=["plain", "averaged", "restarts", "plateau"],
)
def test_stopped_after_any_epoch_and_resumed_equals_uninterrupted(further, tmp_path):
    overrides = ("trainer.max_epochs=4", "augment=noise", "callbacks.patience.patience=2", *further)
    whole = train(tmp_path / "whole", *overrides)

    class KilledError(Exception):
        pass

    for epoch in range(4):
        stopped = Run(config(tmp_path / f"at{epoch}", *overrides))

        def die(*_: object, at: int = epoch, task=stopped.task) -> None:
            if task.current_epoch == at:
                raise KilledError

        stopped.task.on_train_batch_end = die  # in the midst of an epoch, nothing of which may be left behind
        with pytest.raises(KilledError):
            stopped.fit()
        last = tmp_path / f"at{epoch}" / "checkpoints" / "last.ckpt"
        resumed = train(tmp_path / f"at{epoch}", *overrides, *([f"ckpt_path={last}"] if last.exists() else []))
        assert resumed.best_loss == whole.best_loss and resumed.calibration == whole.calibration
        assert resumed.trainer.current_epoch == whole.trainer.current_epoch
        np.testing.assert_array_equal(resumed.evaluation.probabilities, whole.evaluation.probabilities)


@pytest.mark.slow
def test_a_run_that_had_finished_trains_no_more_when_resumed(tmp_path):
    overrides = ("trainer.max_epochs=6", "callbacks.patience.patience=1", "optimizer.lr=1.0")
    whole = train(tmp_path, *overrides)
    assert whole.trainer.current_epoch < 6  # it stopped early
    resumed = train(tmp_path, *overrides, f"ckpt_path={tmp_path / 'checkpoints' / 'last.ckpt'}")
    assert resumed.trainer.current_epoch == whole.trainer.current_epoch
    np.testing.assert_array_equal(resumed.evaluation.probabilities, whole.evaluation.probabilities)


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


@pytest.mark.parametrize(
    ("overrides", "says"),
    [(("data.words=4",), "other words"), (("model=lstm",), "another network"), (("features=raw",), "another network")],
)
def test_a_checkpoint_of_another_run_is_not_resumed(run, tmp_path, overrides, says):
    with pytest.raises(InputError, match=f"last.ckpt: .*{says}.*config.yaml"):
        Run(config(tmp_path, *overrides, f"ckpt_path={run.folder / 'checkpoints' / 'last.ckpt'}"))


def test_a_network_alone_is_not_resumed(run, tmp_path):
    save_checkpoint(load_checkpoint(run.best_path), tmp_path / "alone.ckpt")
    with pytest.raises(InputError, match="without its training"):
        Run(config(tmp_path, f"ckpt_path={tmp_path / 'alone.ckpt'}"))


def test_best_is_kept_only_for_a_fall_of_more_than_min_delta(tmp_path):
    run = train(tmp_path, "trainer.max_epochs=3", "callbacks.best.min_delta=1000")
    first = torch.load(tmp_path / "checkpoints" / "best.ckpt", weights_only=True)
    assert first["epoch"] == 0 and run.trainer.current_epoch == 3


def test_a_dry_run_keeps_nothing_and_still_reports(tmp_path):
    run = train(tmp_path, "trainer=debug", "batch_size=2")  # fewer than there are test clips
    assert run.best_path is None and len(run.evaluation.labels) == 2
    assert (tmp_path / "report.json").exists()


BESIDE = {"callbacks=average"}  # choices that stand beside another one
OPTIONS = [
    *("", *(f"{group}={path.stem}" for group in GROUPS for path in sorted((CONF / group).glob("*.yaml")))),
    "callbacks=[default,average]",
    *(f"split={name}" for name in ("auto", "stratified", "group", "few", "none")),
    *("unknown=words unknown.words=[point-chin-tap]", "unknown=fold unknown.folds=3"),
]
LIGHT = ("", "optimizer=sgd", "callbacks=last", "logger=many", "augment=strong")  # in the fast suite


@pytest.mark.parametrize(
    "override",
    [pytest.param(o, marks=[] if o in LIGHT else [pytest.mark.slow]) for o in OPTIONS if o not in BESIDE],
)
def test_every_option_runs_one_batch(override, tmp_path):
    dry = () if override.startswith("trainer=") else ("trainer=debug",)
    overrides = (*dry, *override.split(), "trainer.max_epochs=1")
    if override and config(tmp_path, *overrides) == config(tmp_path, *DEFAULT):
        pytest.skip("is the default")
    train(tmp_path, *overrides)


EXPERIMENTS = sorted(path.stem for path in (CONF / "experiment").glob("*.yaml"))


@pytest.mark.parametrize("name", [name for name in EXPERIMENTS if name != "shipped"])
def test_every_experiment_runs_one_batch(name, run, tmp_path):
    needs = {"distill": [f"teacher={run.best_path}"], "adapt": [f"ckpt_path={run.best_path}"]}
    train(tmp_path, f"experiment={name}", "trainer.fast_dev_run=true", *needs.get(name, []))


@pytest.mark.slow
def test_the_shipped_recogniser_s_experiment_runs_one_batch(isl18, tmp_path):
    roots = (f"data.root={isl18}", f"data.rooms={isl18.parent / 'rooms'}")
    quiet = ("callbacks.progress=null", "trainer.fast_dev_run=true")
    run = train(tmp_path, "experiment=shipped", *roots, *quiet, small=False)
    assert len(run.data.words) == 18 and run.data.signs  # words, and other signs as classes of their own


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


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("optimizer.lr=abc", "optimizer.lr=abc"),
        ("optimizer.lr=-1e-3", "optimizer.lr=-0.001"),
        ("batch_size=0", "batch_size=0"),
        ("seed=-1", "seed=-1"),
        ("label_smoothing=2", "label_smoothing=2"),
        ("calibration_draws=0", "calibration_draws=0"),
        ("unknown=words", "unknown.words=None"),
        ("trainer.max_epochs=none", "trainer.max_epochs=none"),
        ("model.hidden=big", "model.hidden=big: give a whole number"),
        ("+model.layers=3", "layers"),
        ("augment=noise augment.std=-1", "augment.std=-1"),
        ("optimizer.weight_decay=-1", "torch.optim.AdamW"),
        ("optimizer.decay_norms=maybe", "optimizer.decay_norms=maybe"),
        ("callbacks=[default,average] callbacks.average.decay=2", "callbacks.average.decay=2"),
        ("ckpt_path=nowhere.ckpt", "nowhere.ckpt"),
        ("model._target_=os.system", "_target_=os.system"),
    ],
)
def test_bad_options_name_themselves(override, says, tmp_path):
    with pytest.raises(InputError) as caught:
        train(tmp_path, *override.split())
    assert says in str(caught.value) and "\n" not in str(caught.value)


def hostile(state: dict, victim: str) -> dict:
    """A callback's state that names ``victim`` wherever Lightning's own would take a path from it."""
    scores = {"best_model_score": torch.tensor(9.0), "kth_value": torch.tensor(9.0), "current_score": torch.tensor(9.0)}
    paths = dict.fromkeys(("best_model_path", "kth_best_model_path", "last_model_path"), victim)
    return {**state, **scores, **paths, "best_k_models": {victim: torch.tensor(9.0)}}


@pytest.mark.parametrize(
    ("callback", "form"),
    [
        ("ours", "{}"),
        ("lightning", "{run}/checkpoints/../../precious"),
        *(
            pytest.param(callback, form, marks=pytest.mark.slow)
            for callback in ("ours", "lightning")
            for form in ("local://{}", "{run}/checkpoints")
        ),
        pytest.param("ours", "{run}/checkpoints/../../precious", marks=pytest.mark.slow),
        pytest.param("lightning", "{}", marks=pytest.mark.slow),
    ],
)
def test_a_path_in_a_checkpoint_is_never_removed(form, callback, run, tmp_path):
    victim, folder = tmp_path / "precious", tmp_path / "run"
    victim.mkdir()
    (victim / "thesis.txt").write_text("years of work")
    content = read_archive(run.folder / "checkpoints" / "last.ckpt")
    named = hostile({"dirpath": str(folder / "checkpoints")}, form.format(victim, run=folder))
    content["callbacks"] = {key: {**state, **named} for key, state in content["callbacks"].items()}
    further: tuple[str, ...] = ()
    if callback == "lightning":  # a class of Lightning's own, which a user's config may name
        further = ("callbacks.best._target_=lightning.pytorch.callbacks.ModelCheckpoint", "~callbacks.best.min_delta")
        own = next(key for key in content["callbacks"] if "BestCheckpoint" in key)
        content["callbacks"][own.replace("BestCheckpoint", "ModelCheckpoint")] = content["callbacks"][own]
    (folder / "checkpoints").mkdir(parents=True)
    write_archive(content, tmp_path / "theirs.ckpt")
    write_archive(content, folder / "checkpoints" / "last.ckpt")
    resumed = train(folder, "trainer.max_epochs=4", f"ckpt_path={tmp_path / 'theirs.ckpt'}", *further)
    assert (victim / "thesis.txt").read_text() == "years of work"
    assert callback == "lightning" or resumed.best_path == folder / "checkpoints" / "best.ckpt"


def test_a_finished_run_resumed_elsewhere_ends_in_the_same_report_there(run, tmp_path):
    again = train(tmp_path, f"ckpt_path={run.folder / 'checkpoints' / 'last.ckpt'}")
    np.testing.assert_array_equal(again.evaluation.probabilities, run.evaluation.probabilities)
    assert again.best_loss == run.best_loss and again.val == run.val
    assert again.best_path == tmp_path / "checkpoints" / "best.ckpt" and again.best_path.is_file()


@pytest.mark.slow
def test_a_checkpoint_that_stands_alone_ends_in_a_report_too(run, tmp_path):
    shutil.copy(run.folder / "checkpoints" / "last.ckpt", tmp_path / "alone.ckpt")
    again = train(tmp_path / "run", f"ckpt_path={tmp_path / 'alone.ckpt'}")
    assert again.best_path.is_file() and again.val == run.val


def test_the_last_checkpoint_is_written_after_every_epoch(tmp_path):
    run = train(tmp_path, "trainer.max_epochs=3", "callbacks.best.min_delta=1000")  # only the first is the best
    assert read_archive(tmp_path / "checkpoints" / "last.ckpt")["epoch"] == 2
    assert read_archive(run.best_path)["epoch"] == 0


@pytest.mark.slow
def test_a_run_resumed_elsewhere_leaves_the_old_one_as_it_was(run, tmp_path):
    old = {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}
    train(tmp_path, "trainer.max_epochs=4", f"ckpt_path={run.folder / 'checkpoints' / 'last.ckpt'}")
    assert {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()} == old
    assert (tmp_path / "checkpoints" / "best.ckpt").is_file()


def test_a_report_says_that_the_dataset_was_changed_during_the_training(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("isl.data.synthetic.SyntheticClips.changed", lambda _: True, raising=False)
    train(tmp_path, "trainer.max_epochs=1")
    assert CHANGED in json.loads((tmp_path / "report.json").read_text())["warnings"]
    assert CHANGED in " ".join(capsys.readouterr().err.split())


def test_generated_signs_are_called_so_in_the_report_and_in_the_card(run):
    report, card = ((run.folder / name).read_text() for name in ("report.md", "model_card.md"))
    assert "generated signs, which no person makes" in report
    assert f"A recogniser of {len(run.data.words)} generated signs" in card and "Indian Sign Language" not in card
